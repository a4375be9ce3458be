//! What a server says that it can be asked: its CapabilityStatement.

use std::collections::BTreeMap;

use serde_json::Value;

use super::text;

/// By type and parameter: whether `_sort` takes it.
#[derive(Debug, Default)]
pub struct Claims(BTreeMap<String, BTreeMap<String, bool>>);

impl Claims {
    /// Reads a CapabilityStatement.
    #[must_use]
    pub fn read(statement: &Value) -> Self {
        let of = |resource: &Value| {
            let params = list(&resource["searchParam"]).iter().map(|param| {
                let sortable = text(&param["documentation"]).contains("Can be sorted by.");
                (text(&param["name"]).to_owned(), sortable)
            });
            (text(&resource["type"]).to_owned(), params.collect())
        };
        Self(list(&statement["rest"][0]["resource"]).iter().map(of).collect())
    }

    /// The types.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The parameters of a type.
    pub fn params(&self, ty: &str) -> impl Iterator<Item = &str> {
        self.0.get(ty).into_iter().flatten().map(|(name, _)| name.as_str())
    }

    /// The parameters of a type that it can be sorted by.
    #[must_use]
    pub fn sortable(&self, ty: &str) -> Vec<&str> {
        let params = self.0.get(ty).into_iter().flatten();
        params
            .filter(|(_, sortable)| **sortable)
            .map(|(name, _)| name.as_str())
            .collect()
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
