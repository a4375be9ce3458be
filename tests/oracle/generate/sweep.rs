//! Each thing that a server declares, asked for at least once.

use std::collections::BTreeSet;

use serde_json::Value;

use super::dates::PREFIXES;
use super::{Arrow, Case, Generator};
use crate::oracle::params::{Kind, Parameter};

/// Matches of a search for includes.
const INCLUDING: usize = 6;

impl Generator<'_> {
    /// Of every type: every parameter, with every modifier and prefix; every order; every include, both ways and step by step;
    /// every reference that leads to something, followed both ways.
    ///
    /// # Panics
    /// When the server declares a parameter that the oracle does not know.
    pub fn sweep(&mut self) -> Vec<Case> {
        let types: Vec<String> = self.oracle.types().map(str::to_owned).collect();
        let mut cases = vec![];
        for ty in &types {
            let parameters = self.oracle.parameters(ty);
            let known: BTreeSet<&str> = parameters.iter().map(|p| p.name).collect();
            assert_eq!(known, self.oracle.claims.params(ty).collect(), "{ty}");
            let mut add =
                |pairs: Vec<(String, String)>| cases.extend(pairs.into_iter().map(|pair| case(ty, vec![pair])));
            for parameter in &parameters {
                add(self.every_form(ty, parameter));
            }
            add(self.every_order(ty));
            cases.extend(self.every_include(ty));
        }
        for way in self.arrows.clone() {
            cases.extend(self.both_ways(&way));
        }
        cases
    }

    /// A parameter with a value, with each modifier, and each prefix.
    fn every_form(&mut self, ty: &str, parameter: &Parameter) -> Vec<(String, String)> {
        let pivot = self.bearing(ty, parameter);
        let name = parameter.name;
        let mut pairs = vec![(name.to_owned(), self.value(ty, parameter, &pivot))];
        for modifier in self.oracle.claims.modifiers(ty, name).to_vec() {
            match modifier.as_str() {
                "" => {}
                "missing" => {
                    pairs.extend(["true", "false"].map(|is| (format!("{name}:missing"), is.to_owned())));
                }
                modifier => pairs.push(self.modified(ty, parameter, modifier, &pivot)),
            }
        }
        if matches!(parameter.kind, Kind::Date | Kind::Day | Kind::Instant) {
            let element = self.element(ty, parameter, &pivot).unwrap_or(Value::Null);
            for prefix in PREFIXES {
                let date = self.bare_date(parameter.kind, &element);
                pairs.push((name.to_owned(), format!("{prefix}{date}")));
            }
        }
        pairs
    }

    /// A resource with a value of the parameter, where there is one.
    fn bearing(&mut self, ty: &str, parameter: &Parameter) -> Value {
        let all = self.oracle.of(ty);
        let has = |r: &&Value| parameter.elements(r).into_iter().any(|e| parameter.has_value(e));
        let bearing: Vec<&Value> = all.iter().filter(has).collect();
        if bearing.is_empty() {
            return self.random.pick(all).clone();
        }
        (*self.random.pick(&bearing)).clone()
    }

    fn every_order(&self, ty: &str) -> Vec<(String, String)> {
        let keys = self.oracle.claims.sortable(ty);
        let both = keys.iter().flat_map(|key| [(*key).to_owned(), format!("-{key}")]);
        both.map(|key| ("_sort".to_owned(), key)).collect()
    }

    fn every_include(&mut self, ty: &str) -> Vec<Case> {
        let claims = &self.oracle.claims;
        let ways = [
            ("_include", claims.includes(ty)),
            ("_revinclude", claims.rev_includes(ty)),
        ];
        let mut cases = vec![];
        for (name, values) in ways {
            for value in values {
                for form in [name.to_owned(), format!("{name}:iterate")] {
                    let some: Vec<&str> = (0..INCLUDING)
                        .filter_map(|_| self.random.pick(self.oracle.of(ty))["id"].as_str())
                        .collect();
                    let some = ("_id".to_owned(), some.join(","));
                    cases.push(case(ty, vec![some, (form, value.clone())]));
                }
            }
        }
        cases
    }

    /// A reference followed, and the other way; with its type, and without where it leads to one only.
    fn both_ways(&mut self, way: &Arrow) -> Vec<Case> {
        let only = self.oracle.targets(&way.from, way.param).len() == 1;
        let named = [Some(true), only.then_some(false)].into_iter().flatten();
        let mut cases: Vec<Case> = named
            .map(|named| {
                let pivot = self.random.pick(self.oracle.of(&way.from)).clone();
                case(&way.from, vec![self.through(way, false, named, &pivot, 0)])
            })
            .collect();
        let pivot = self.random.pick(self.oracle.of(&way.to)).clone();
        cases.push(case(&way.to, vec![self.through(way, true, false, &pivot, 0)]));
        cases
    }
}

fn case(ty: &str, pairs: Vec<(String, String)>) -> Case {
    Case {
        ty: ty.to_owned(),
        pairs,
    }
}
