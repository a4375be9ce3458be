//! Parameters that say how to answer: `_include`, `_sort` and `_total`.

use std::collections::BTreeSet;

use super::Generator;
use crate::oracle::Oracle;
use crate::oracle::params::{Kind, Parameter};

/// A reference parameter, and a type that it leads to.
#[derive(Debug, Clone)]
pub(super) struct Arrow {
    pub from: String,
    pub param: &'static str,
    pub to: String,
}

impl Generator<'_> {
    pub(super) fn controls(&mut self, ty: &str, pairs: &mut Vec<(String, String)>) {
        let parameters = self.oracle.parameters(ty);
        let references: Vec<&Parameter> = parameters.iter().filter(|p| p.kind == Kind::Reference).collect();
        while !references.is_empty() && self.random.once_in(3) {
            let parameter = *self.random.pick(&references);
            let target = self.target(ty, parameter);
            pairs.push(("_include".to_owned(), format!("{ty}:{}{target}", parameter.name)));
        }
        if self.random.once_in(4) {
            self.other_includes(ty, pairs);
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

    /// Includes of everything, the other way, and step by step.
    fn other_includes(&mut self, ty: &str, pairs: &mut Vec<(String, String)>) {
        let all = self.arrows.clone();
        let here: Vec<&Arrow> = all.iter().filter(|a| a.to == ty).collect();
        let mut add = |name: &str, value: String| pairs.push((name.to_owned(), value));
        if !here.is_empty() && self.random.once_in(2) {
            let arrow = (*self.random.pick(&here)).clone();
            let target = if self.random.once_in(3) {
                format!(":{ty}")
            } else {
                String::new()
            };
            add("_revinclude", format!("{}:{}{target}", arrow.from, arrow.param));
        }
        match self.random.below(6) {
            0 if all.iter().any(|a| a.from == ty) => add("_include", "*".to_owned()),
            1 if all.iter().any(|a| a.from == ty) => add("_include", format!("{ty}:*")),
            2 if !here.is_empty() => add("_revinclude", "*".to_owned()),
            3 if !all.is_empty() => {
                let arrow = self.random.pick(&all).clone();
                let way = ["_include:iterate", "_revinclude:iterate"][self.random.below(2)];
                add(way, format!("{}:{}", arrow.from, arrow.param));
            }
            _ => {}
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

/// Every reference parameter with a type that it leads to somewhere.
pub(super) fn arrows(oracle: &Oracle) -> Vec<Arrow> {
    let mut all = vec![];
    for ty in oracle.claims.types() {
        for parameter in oracle.parameters(ty).iter().filter(|p| p.kind == Kind::Reference) {
            let targets = oracle.targets(ty, parameter.name);
            all.extend(targets.into_iter().map(|to| Arrow {
                from: ty.to_owned(),
                param: parameter.name,
                to,
            }));
        }
    }
    all
}
