//! Parameters that say how to answer: `_include`, `_sort` and `_total`.

use std::collections::BTreeSet;

use super::Generator;
use crate::oracle::params::{Kind, Parameter};

impl Generator<'_> {
    pub(super) fn controls(&mut self, ty: &str, pairs: &mut Vec<(String, String)>) {
        let parameters = self.oracle.parameters(ty);
        let references: Vec<&Parameter> = parameters.iter().filter(|p| p.kind == Kind::Reference).collect();
        while !references.is_empty() && self.random.once_in(3) {
            let parameter = *self.random.pick(&references);
            let target = self.target(ty, parameter);
            pairs.push(("_include".to_owned(), format!("{ty}:{}{target}", parameter.name)));
        }
        let sortable = self.oracle.claims.sortable(ty);
        if !sortable.is_empty() && self.random.once_in(3) {
            let mut keys: Vec<String> = vec![];
            for _ in 0..1 + self.random.below(2) {
                let key = *self.random.pick(&sortable);
                if !keys.iter().any(|k| k.trim_start_matches('-') == key) {
                    keys.push(format!("{}{key}", ["", "-"][self.random.below(2)]));
                }
            }
            pairs.push(("_sort".to_owned(), keys.join(",")));
        }
        if self.random.once_in(5) {
            pairs.push(("_total".to_owned(), "accurate".to_owned()));
        }
    }

    /// Nothing, or one of the types that the parameter leads to somewhere: the server refuses others.
    fn target(&mut self, ty: &str, parameter: &Parameter) -> String {
        let elements = self.oracle.of(ty).iter().flat_map(|r| parameter.elements(r));
        let types = elements.filter_map(|e| e["reference"].as_str()?.split('/').next());
        let types: Vec<&str> = types.collect::<BTreeSet<_>>().into_iter().collect();
        if types.is_empty() || self.random.once_in(2) {
            return String::new();
        }
        format!(":{}", self.random.pick(&types))
    }
}
