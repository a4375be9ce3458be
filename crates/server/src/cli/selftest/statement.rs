//! What the server says it can do.

use fhir::capability::{MODIFIER, SORTABLE};
use serde_json::Value;

/// A CapabilityStatement, as far as it can be tried.
pub(super) struct Statement {
    /// What the server calls its base.
    pub url: String,
    pub formats: Vec<String>,
    pub interactions: Vec<String>,
    pub operations: Vec<Operation>,
    pub compartments: Vec<String>,
    pub types: Vec<Type>,
}

pub(super) struct Type {
    pub name: String,
    pub interactions: Vec<String>,
    pub params: Vec<Param>,
    pub includes: Vec<String>,
    pub rev_includes: Vec<String>,
    pub operations: Vec<Operation>,
    /// Parameters that a guide wants to be usable together.
    pub combinations: Vec<Vec<String>>,
}

pub(super) struct Param {
    pub name: String,
    /// Its type, `token`.
    pub kind: String,
    pub modifiers: Vec<String>,
    pub sortable: bool,
}

pub(super) struct Operation {
    pub name: String,
    pub definition: String,
}

impl Statement {
    pub(super) fn read(statement: &Value) -> Option<Self> {
        let rest = statement.get("rest")?.as_array()?;
        let rest = rest.iter().find(|rest| text(rest, "mode") == "server")?;
        Some(Self {
            url: statement
                .get("implementation")
                .map(|i| text(i, "url"))
                .unwrap_or_default(),
            formats: strings(statement, "format"),
            interactions: codes(rest),
            operations: operations(rest),
            compartments: strings(rest, "compartment"),
            types: list(rest, "resource").iter().map(Type::read).collect(),
        })
    }

    pub(super) fn has(&self, interaction: &str) -> bool {
        self.interactions.iter().any(|code| code == interaction)
    }
}

impl Type {
    fn read(resource: &Value) -> Self {
        Self {
            name: text(resource, "type"),
            interactions: codes(resource),
            params: list(resource, "searchParam").iter().map(Param::read).collect(),
            includes: strings(resource, "searchInclude"),
            rev_includes: strings(resource, "searchRevInclude"),
            operations: operations(resource),
            combinations: list(resource, "extension").iter().filter_map(combination).collect(),
        }
    }

    pub(super) fn has(&self, interaction: &str) -> bool {
        self.interactions.iter().any(|code| code == interaction)
    }

    pub(super) fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name)
    }
}

impl Param {
    fn read(param: &Value) -> Self {
        let extensions = list(param, "extension");
        let told = |url: &'static str| extensions.iter().filter(move |extension| text(extension, "url") == url);
        Self {
            name: text(param, "name"),
            kind: text(param, "type"),
            modifiers: told(MODIFIER).map(|extension| text(extension, "valueCode")).collect(),
            sortable: told(SORTABLE).any(|extension| extension.get("valueBoolean") == Some(&Value::Bool(true))),
        }
    }
}

fn operations(of: &Value) -> Vec<Operation> {
    let read = |operation: &Value| Operation {
        name: text(operation, "name"),
        definition: text(operation, "definition"),
    };
    list(of, "operation").iter().map(read).collect()
}

fn combination(extension: &Value) -> Option<Vec<String>> {
    if !text(extension, "url").ends_with("capabilitystatement-search-parameter-combination") {
        return None;
    }
    let parts = list(extension, "extension").iter();
    let required = parts.filter(|part| text(part, "url") == "required");
    Some(required.map(|part| text(part, "valueString")).collect())
}

fn codes(of: &Value) -> Vec<String> {
    list(of, "interaction")
        .iter()
        .map(|interaction| text(interaction, "code"))
        .collect()
}

fn strings(of: &Value, name: &str) -> Vec<String> {
    let items = list(of, name).iter();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of.get(name)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn text(of: &Value, name: &str) -> String {
    of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
