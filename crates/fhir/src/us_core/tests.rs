use super::*;
use crate::build;

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

#[test]
fn race_has_categories_details_and_text() {
    let asian = category("2028-9").unwrap();
    let filipino = build::coding(crate::system::RACE_AND_ETHNICITY, "2036-2", Some("Filipino"));
    insta::assert_snapshot!(json(&race(&[asian, asian, UNKNOWN], vec![filipino], "Mixed")), @r#"
    {
      "extension": [
        {
          "url": "ombCategory",
          "valueCoding": {
            "system": "urn:oid:2.16.840.1.113883.6.238",
            "code": "2028-9",
            "display": "Asian"
          }
        },
        {
          "url": "detailed",
          "valueCoding": {
            "system": "urn:oid:2.16.840.1.113883.6.238",
            "code": "2036-2",
            "display": "Filipino"
          }
        },
        {
          "url": "text",
          "valueString": "Mixed"
        }
      ],
      "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"
    }
    "#);
}

#[test]
fn an_unknown_race_is_one_code() {
    insta::assert_snapshot!(json(&race(&[UNKNOWN, ASKED], Vec::new(), "?")), @r#"
    {
      "extension": [
        {
          "url": "ombCategory",
          "valueCoding": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor",
            "code": "UNK",
            "display": "Unknown"
          }
        },
        {
          "url": "text",
          "valueString": "?"
        }
      ],
      "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"
    }
    "#);
}

#[test]
fn ethnicity_needs_only_text() {
    insta::assert_snapshot!(json(&ethnicity(None, Vec::new(), "other")), @r#"
    {
      "extension": [
        {
          "url": "text",
          "valueString": "other"
        }
      ],
      "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity"
    }
    "#);
}

#[test]
fn sexes() {
    insta::assert_snapshot!(json(&[birth_sex(BirthSex::Unknown), sex(Sex::Female)]), @r#"
    [
      {
        "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex",
        "valueCode": "UNK"
      },
      {
        "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex",
        "valueCode": "248152002"
      }
    ]
    "#);
}

#[test]
fn categories_are_found_by_code() {
    assert_eq!(category("unk"), Some(UNKNOWN));
    assert_eq!(category("2186-5"), Some(ETHNICITIES[1]));
    assert_eq!(category("White"), None);
}

#[test]
fn condition_has_two_profiles() {
    use crate::r4::ResourceType;
    assert_eq!(profiles(ResourceType::Condition).len(), 2);
    assert!(profiles(ResourceType::Observation).is_empty());
}

#[test]
fn states_have_their_codes() {
    assert_eq!(state("Illinois"), Some("IL"));
    assert_eq!(state(" va "), Some("VA"));
    assert_eq!(state("new YORK"), Some("NY"));
    assert_eq!(state("Ontario"), None);
    assert_eq!(state(""), None);
}
