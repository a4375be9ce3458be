use super::*;
use crate::build;
use crate::r4::{Date, DateTime, Patient, PatientDeceased, Resource};

fn patient(id: &str) -> Resource {
    let mut patient = Patient::builder().id(id.to_owned()).build().unwrap();
    patient.birth_date_ext = Some(build::absent("unknown"));
    patient.name = vec![Some(build::human_name(
        Some("\"versionId\":\"0000000000000000\""),
        &["é\n"],
    ))];
    patient.into()
}

#[test]
fn the_version_is_in_the_bytes_and_nothing_else_changes() {
    let mut resource = patient("a");
    let encoded = encode(&mut resource).unwrap();
    assert_eq!(encoded.version.len(), 16);
    let value: serde_json::Value = serde_json::from_slice(&encoded.json).unwrap();
    assert_eq!(value["meta"]["versionId"], encoded.version);
    assert_eq!(value["name"][0]["family"], "\"versionId\":\"0000000000000000\"");
    // otherwise the bytes are what serde writes
    let plain = String::from_utf8(serde_json::to_vec(&resource).unwrap()).unwrap();
    let versioned = plain.replacen("0000000000000000", &encoded.version, 1);
    assert_eq!(versioned.as_bytes(), encoded.json);
}

#[test]
fn equal_resources_give_equal_bytes_and_others_do_not() {
    let mut first = patient("a");
    let encoded = encode(&mut first).unwrap();
    assert_eq!(encode(&mut first).unwrap(), encoded);
    assert_eq!(encode(&mut patient("a")).unwrap(), encoded);
    assert_ne!(encode(&mut patient("b")).unwrap().version, encoded.version);
}

#[test]
fn the_bytes_are_fhir_json() {
    let text = String::from_utf8(encode(&mut patient("a")).unwrap().json.to_vec()).unwrap();
    insta::assert_snapshot!(text, @r#"{"resourceType":"Patient","id":"a","meta":{"versionId":"e04a8071048cfae7"},"name":[{"family":"\"versionId\":\"0000000000000000\"","given":["é\n"]}],"_birthDate":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}}"#);
}

#[test]
fn a_value_that_cannot_be_written_is_an_error() {
    let mut patient = Patient::builder().build().unwrap();
    patient.deceased = Some(PatientDeceased::DateTime(DateTime::Date(Date::Year(12))));
    assert!(matches!(encode(&mut patient.into()), Err(Error::Serialise(_))));
}

#[test]
fn control_characters_go_and_other_escapes_stay() {
    let mut json = serde_json::to_vec("a\u{7}b\u{1b}[0m\u{8}\u{c}\t\n\\u0041\\b\"é\u{80}").unwrap();
    super::drop_controls(&mut json, 0);
    let text: String = serde_json::from_slice(&json).unwrap();
    assert_eq!(text, "ab[0m\t\n\\u0041\\b\"é\u{80}");
}
