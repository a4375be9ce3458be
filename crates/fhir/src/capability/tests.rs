use super::*;
use crate::{definitions, us_core};

fn param(ty: ResourceType, name: &str, modifiers: &[&str]) -> ParamCapability {
    let definition = definitions::find(ty, name).unwrap();
    ParamCapability {
        name: name.to_owned(),
        ty: definition.ty,
        definition: definition.url(),
        documentation: (name == "code").then(|| "ICD-10-CM or SNOMED CT.".to_owned()),
        sortable: name == "code",
        modifiers: modifiers.iter().map(|name| (*name).to_owned()).collect(),
    }
}

static LINEAGE: Operation = Operation {
    name: "lineage",
    canonical: None,
    documentation: "Where it came from.",
    on: On::EveryInstance,
    parameters: &[Parameter {
        name: "element",
        ty: "string",
        many: true,
        documentation: "Which.",
    }],
    answer: "Parameters",
};

#[test]
fn an_operation_of_our_own_is_defined() {
    let types = [ResourceType::Patient, ResourceType::Condition];
    let value: serde_json::Value = serde_json::from_slice(&LINEAGE.to_json("http://h/fhir", &types)).unwrap();
    insta::assert_json_snapshot!("definition", value);
    assert_eq!(
        LINEAGE.definition("http://h/fhir"),
        "http://h/fhir/OperationDefinition/lineage"
    );
    let guided = Operation {
        name: "everything",
        canonical: Some("http://x"),
        documentation: "All.",
        on: On::Instance(ResourceType::Patient),
        parameters: &[],
        answer: "Bundle",
    };
    assert_eq!(guided.definition("http://h"), "http://x");
    assert!(guided.is_on(ResourceType::Patient) && !guided.is_on(ResourceType::Condition));
    assert_eq!(super::operation::computable("a-bc"), "ABc");
}

#[test]
fn a_statement_holds_what_was_declared() {
    let ty = ResourceType::Condition;
    let capability = Capability {
        software_version: "0.1.0".to_owned(),
        base_url: "http://h/fhir".to_owned(),
        description: "All sources".to_owned(),
        documentation: "Read-only.".to_owned(),
        date: NaiveDateTime::parse_from_str("2024-05-05 10:00:00", "%F %T").unwrap(),
        security: Security {
            description: "Ask first.".to_owned(),
            oauth: vec![
                ("authorize", "http://h/auth/authorize".to_owned()),
                ("token", "http://h/auth/token".to_owned()),
            ],
        },
        cors: true,
        interactions: vec![SystemInteraction::Batch],
        operations: vec![&LINEAGE],
        compartments: vec![],
        resources: vec![ResourceCapability {
            ty,
            profiles: us_core::profiles(ty).iter().map(|url| (*url).to_owned()).collect(),
            interactions: vec![Interaction::Read, Interaction::SearchType],
            params: vec![
                param(ty, "code", &["missing", "not"]),
                param(ty, "patient", &[]),
                param(ty, "onset-date", &[]),
            ],
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
        documentation: "Nothing.".to_owned(),
        date: NaiveDateTime::default(),
        security: Security {
            description: "None".to_owned(),
            oauth: vec![],
        },
        cors: false,
        interactions: vec![],
        operations: vec![],
        compartments: vec![],
        resources: Vec::new(),
    };
    let text = String::from_utf8(capability.to_json()).unwrap();
    assert!(!text.contains("[]"), "{text}");
}
