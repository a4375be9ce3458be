//! What a server says that it can be asked: its CapabilityStatement.

use std::collections::BTreeMap;

use serde_json::Value;

use super::text;

/// By type: what can be asked of it.
#[derive(Debug, Default)]
pub struct Claims(BTreeMap<String, Type>);

#[derive(Debug, Default)]
struct Type {
    params: BTreeMap<String, Claim>,
    includes: Vec<String>,
    rev_includes: Vec<String>,
}

/// What can be done with one parameter.
#[derive(Debug, Default)]
pub struct Claim {
    /// Whether `_sort` takes it.
    pub sortable: bool,
    /// Its modifiers, `[type]` among them for every type.
    pub modifiers: Vec<String>,
}

impl Claims {
    /// Reads a CapabilityStatement.
    #[must_use]
    pub fn read(statement: &Value) -> Self {
        let of = |resource: &Value| {
            let params = list(&resource["searchParam"]).iter().map(|param| {
                let told = text(&param["documentation"]);
                let modifiers = told
                    .split_once("Modifiers: ")
                    .and_then(|(_, rest)| rest.split('.').next());
                let claim = Claim {
                    sortable: told.contains("Can be sorted by."),
                    modifiers: modifiers.unwrap_or_default().split(", ").map(str::to_owned).collect(),
                };
                (text(&param["name"]).to_owned(), claim)
            });
            let texts = |field: &str| list(&resource[field]).iter().map(|i| text(i).to_owned()).collect();
            let ty = Type {
                params: params.collect(),
                includes: texts("searchInclude"),
                rev_includes: texts("searchRevInclude"),
            };
            (text(&resource["type"]).to_owned(), ty)
        };
        Self(list(&statement["rest"][0]["resource"]).iter().map(of).collect())
    }

    /// The types.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The parameters of a type.
    pub fn params(&self, ty: &str) -> impl Iterator<Item = &str> {
        self.claims(ty).map(|(name, _)| name)
    }

    /// The parameters of a type that it can be sorted by.
    #[must_use]
    pub fn sortable(&self, ty: &str) -> Vec<&str> {
        let sortable = self.claims(ty).filter(|(_, claim)| claim.sortable);
        sortable.map(|(name, _)| name).collect()
    }

    /// The modifiers of a parameter.
    #[must_use]
    pub fn modifiers(&self, ty: &str, param: &str) -> &[String] {
        let claim = self.0.get(ty).and_then(|ty| ty.params.get(param));
        claim.map(|claim| claim.modifiers.as_slice()).unwrap_or_default()
    }

    /// Values of `_include`.
    #[must_use]
    pub fn includes(&self, ty: &str) -> Vec<String> {
        self.0.get(ty).map(|ty| ty.includes.clone()).unwrap_or_default()
    }

    /// Values of `_revinclude`.
    #[must_use]
    pub fn rev_includes(&self, ty: &str) -> Vec<String> {
        self.0.get(ty).map(|ty| ty.rev_includes.clone()).unwrap_or_default()
    }

    fn claims(&self, ty: &str) -> impl Iterator<Item = (&str, &Claim)> {
        let params = self.0.get(ty).into_iter().flat_map(|ty| &ty.params);
        params.map(|(name, claim)| (name.as_str(), claim))
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
