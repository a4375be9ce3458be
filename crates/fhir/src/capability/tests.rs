use super::*;
use crate::{definitions, us_core};

fn param(ty: ResourceType, name: &str, modifiers: &[&str]) -> ParamCapability {
    let definition = definitions::find(ty, name).unwrap();
    ParamCapability {
        name: name.to_owned(),
        ty: definition.ty,
        definition: definition.url(),
        documentation: (name == "code").then(|| "ICD-10-CM or SNOMED CT.".to_owned()),
        modifiers: modifiers.iter().map(|name| (*name).to_owned()).collect(),
    }
}

static LINEAGE: Operation = Operation {
    name: "lineage",
    canonical: None,
    documentation: "Where it came from.",
    on: On::EveryInstance,
    parameters: &[],
    answer: "Parameters",
};

#[test]
fn a_statement_holds_what_was_declared() {
    let ty = ResourceType::Condition;
    let capability = Capability {
        software_version: "0.1.0".to_owned(),
        base_url: "http://h/fhir".to_owned(),
        description: "All sources".to_owned(),
        date: NaiveDateTime::parse_from_str("2024-05-05 10:00:00", "%F %T").unwrap(),
        security: "Open on this machine only.".to_owned(),
        cors: true,
        interactions: vec![SystemInteraction::Batch],
        operations: vec![&LINEAGE],
        compartments: vec![],
        resources: vec![ResourceCapability {
            ty,
            profiles: us_core::profiles(ty).iter().map(|url| (*url).to_owned()).collect(),
            interactions: vec![Interaction::Read, Interaction::SearchType],
            params: vec![param(ty, "code", &["missing", "not"]), param(ty, "patient", &[])],
            includes: vec!["Condition:encounter".to_owned()],
            rev_includes: Vec::new(),
        }],
    };
    let value: serde_json::Value = serde_json::from_slice(&capability.to_json()).unwrap();
    insta::assert_json_snapshot!(value);
}

#[test]
fn a_server_without_types_has_no_empty_arrays() {
    let capability = Capability {
        software_version: "0".to_owned(),
        base_url: "http://h".to_owned(),
        description: "Nothing".to_owned(),
        date: NaiveDateTime::default(),
        security: "None".to_owned(),
        cors: false,
        interactions: vec![],
        operations: vec![],
        compartments: vec![],
        resources: Vec::new(),
    };
    let text = String::from_utf8(capability.to_json()).unwrap();
    assert!(!text.contains("[]"), "{text}");
}
