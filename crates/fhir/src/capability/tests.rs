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
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap(), @r#"
    {
      "date": "2024-05-05T10:00:00Z",
      "fhirVersion": "4.0.1",
      "format": [
        "application/fhir+json",
        "json"
      ],
      "implementation": {
        "description": "All sources",
        "url": "http://h/fhir"
      },
      "instantiates": [
        "http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server",
        "http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server|6.1.0",
        "http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server|7.0.0"
      ],
      "kind": "instance",
      "name": "ChartgateCapabilityStatement",
      "resourceType": "CapabilityStatement",
      "rest": [
        {
          "mode": "server",
          "resource": [
            {
              "conditionalRead": "not-match",
              "interaction": [
                {
                  "code": "read"
                },
                {
                  "code": "search-type"
                }
              ],
              "readHistory": false,
              "referencePolicy": [
                "literal",
                "logical"
              ],
              "searchInclude": [
                "Condition:encounter"
              ],
              "searchParam": [
                {
                  "definition": "http://hl7.org/fhir/SearchParameter/clinical-code",
                  "documentation": "ICD-10-CM or SNOMED CT. Modifiers: missing, not.",
                  "name": "code",
                  "type": "token"
                },
                {
                  "definition": "http://hl7.org/fhir/SearchParameter/clinical-patient",
                  "name": "patient",
                  "type": "reference"
                }
              ],
              "supportedProfile": [
                "http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-encounter-diagnosis",
                "http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns"
              ],
              "type": "Condition",
              "versioning": "versioned"
            }
          ],
          "security": {
            "cors": true,
            "description": "Open on this machine only."
          }
        }
      ],
      "software": {
        "name": "Chartgate",
        "version": "0.1.0"
      },
      "status": "active",
      "title": "Chartgate",
      "url": "http://h/fhir/metadata",
      "version": "0.1.0"
    }
    "#);
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
        resources: Vec::new(),
    };
    let text = String::from_utf8(capability.to_json()).unwrap();
    assert!(!text.contains("[]"), "{text}");
}
