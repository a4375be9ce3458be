//! Where search parameters look: elements of resources, after the SearchParameter resources of R4 and US Core.
//!
//! This is not how the server finds resources. It is here so that the self-test can take values from answers and judge what comes back.

use fhir::system;
use serde_json::Value;

/// Parameters with the elements that they look at. A name that means different things in different types stands with its type.
///
/// `[x]` behind an element keeps the items whose system is x, whose URL ends with x, or whose reference is to the type x.
const ELEMENTS: &[(&str, &[&str])] = &[
    // of every type
    ("_id", &["id"]),
    ("_lastUpdated", &["meta.lastUpdated"]),
    ("_profile", &["meta.profile"]),
    ("_security", &["meta.security"]),
    ("_source", &["meta.source"]),
    ("_tag", &["meta.tag"]),
    // of several types
    ("active", &["active"]),
    ("address", &["address"]),
    ("address-city", &["address.city"]),
    ("address-country", &["address.country"]),
    ("address-postalcode", &["address.postalCode"]),
    ("address-state", &["address.state"]),
    ("address-use", &["address.use"]),
    ("based-on", &["basedOn"]),
    ("category", &["category"]),
    ("code", &["code"]),
    ("email", &["telecom[email]"]),
    ("encounter", &["encounter"]),
    ("endpoint", &["endpoint"]),
    ("family", &["name.family"]),
    ("gender", &["gender"]),
    ("given", &["name.given"]),
    ("identifier", &["identifier"]),
    ("location", &["location"]),
    ("name", &["name", "alias"]),
    ("organization", &["managingOrganization"]),
    ("part-of", &["partOf"]),
    ("partof", &["partOf"]),
    ("patient", &["subject[Patient]", "patient[Patient]", "target[Patient]"]),
    ("phone", &["telecom[phone]"]),
    ("phonetic", &["name"]),
    ("reason-code", &["reasonCode"]),
    ("reason-reference", &["reasonReference"]),
    ("status", &["status"]),
    ("subject", &["subject"]),
    ("telecom", &["telecom"]),
    ("type", &["type"]),
    // Patient
    ("birthdate", &["birthDate"]),
    ("death-date", &["deceasedDateTime"]),
    ("ethnicity", &["extension[us-core-ethnicity].extension.valueCoding"]),
    (
        "gender-identity",
        &["extension[us-core-genderIdentity].valueCodeableConcept"],
    ),
    ("general-practitioner", &["generalPractitioner"]),
    ("language", &["communication.language"]),
    ("link", &["link.other"]),
    ("race", &["extension[us-core-race].extension.valueCoding"]),
    // Practitioner and Location
    ("communication", &["communication"]),
    ("operational-status", &["operationalStatus"]),
    // Encounter
    ("account", &["account"]),
    ("appointment", &["appointment"]),
    ("class", &["class"]),
    ("Encounter.date", &["period"]),
    ("diagnosis", &["diagnosis.condition"]),
    ("discharge-disposition", &["hospitalization.dischargeDisposition"]),
    ("episode-of-care", &["episodeOfCare"]),
    ("Encounter.location", &["location.location"]),
    ("location-period", &["location.period"]),
    ("participant", &["participant.individual"]),
    ("participant-type", &["participant.type"]),
    ("practitioner", &["participant.individual[Practitioner]"]),
    ("service-provider", &["serviceProvider"]),
    ("special-arrangement", &["hospitalization.specialArrangement"]),
    // Condition
    ("abatement-date", &["abatementDateTime", "abatementPeriod"]),
    ("abatement-string", &["abatementString"]),
    ("asserted-date", &["extension[condition-assertedDate].valueDateTime"]),
    ("asserter", &["asserter"]),
    ("body-site", &["bodySite"]),
    ("clinical-status", &["clinicalStatus"]),
    ("evidence", &["evidence.code"]),
    ("evidence-detail", &["evidence.detail"]),
    ("onset-date", &["onsetDateTime", "onsetPeriod"]),
    ("onset-info", &["onsetString"]),
    ("recorded-date", &["recordedDate"]),
    ("severity", &["severity"]),
    ("stage", &["stage.summary"]),
    ("verification-status", &["verificationStatus"]),
    // Procedure
    ("Procedure.date", &["performedDateTime", "performedPeriod"]),
    ("instantiates-canonical", &["instantiatesCanonical"]),
    ("instantiates-uri", &["instantiatesUri"]),
    ("performer", &["performer.actor"]),
    // Provenance
    ("agent", &["agent.who"]),
    ("agent-role", &["agent.role"]),
    ("agent-type", &["agent.type"]),
    ("entity", &["entity.what"]),
    ("recorded", &["recorded"]),
    ("signature-type", &["signature.type"]),
    ("target", &["target"]),
    ("when", &["occurredDateTime", "occurredPeriod"]),
];

const DEAD: Value = Value::Bool(true);
const ALIVE: Value = Value::Bool(false);

/// The elements of a resource that a parameter looks at; `None` for a parameter that is not known here.
pub(super) fn elements<'a>(resource: &'a Value, ty: &str, param: &str) -> Option<Vec<&'a Value>> {
    if param == "deceased" {
        // Who is not told to be dead counts as alive.
        let dead = resource.get("deceasedDateTime").is_some() || resource.get("deceasedBoolean") == Some(&DEAD);
        return Some(vec![if dead { &DEAD } else { &ALIVE }]);
    }
    let named = |name: &str| ELEMENTS.iter().find(|(known, _)| *known == name);
    let (_, paths) = named(&format!("{ty}.{param}")).or_else(|| named(param))?;
    Some(paths.iter().flat_map(|path| along(resource, path)).collect())
}

/// The system of what is a `code`, which stands nowhere in the resource.
pub(super) fn implicit_system(ty: &str, param: &str) -> Option<&'static str> {
    match (ty, param) {
        ("Encounter", "status") => Some(system::ENCOUNTER_STATUS),
        ("Procedure", "status") => Some(system::EVENT_STATUS),
        ("Location", "status") => Some(system::LOCATION_STATUS),
        (_, "gender") => Some(system::ADMINISTRATIVE_GENDER),
        (_, "active" | "deceased") => Some(system::SPECIAL_VALUES),
        (_, "address-use") => Some(system::ADDRESS_USE),
        _ => None,
    }
}

fn along<'a>(resource: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut here = vec![resource];
    for step in path.split('.') {
        let (name, filter) = match step.trim_end_matches(']').split_once('[') {
            Some((name, filter)) => (name, Some(filter)),
            None => (step, None),
        };
        here = here.into_iter().flat_map(|element| children(element, name)).collect();
        if let Some(filter) = filter {
            here.retain(|element| is(element, filter));
        }
    }
    here
}

/// What an element has under a name: the items of a list, or the one there is.
pub(super) fn children<'a>(element: &'a Value, name: &str) -> Vec<&'a Value> {
    match element.get(name) {
        None | Some(Value::Null) => vec![],
        Some(Value::Array(items)) => items.iter().filter(|item| !item.is_null()).collect(),
        Some(item) => vec![item],
    }
}

fn is(element: &Value, filter: &str) -> bool {
    let text = |name: &str| element.get(name).and_then(Value::as_str).unwrap_or_default();
    text("system") == filter || text("url").ends_with(filter) || text("reference").split('/').next() == Some(filter)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::vendors::VENDORS;

    /// What a vendor declares can be tried by the self-test.
    #[test]
    fn every_declared_parameter_is_known() {
        for provider in VENDORS.iter().flat_map(|vendor| vendor.served()) {
            let ty = provider.target().ty.to_string();
            for declared in provider.declared() {
                assert!(
                    elements(&json!({}), &ty, declared.name).is_some(),
                    "{ty} {}",
                    declared.name
                );
            }
        }
    }

    #[test]
    fn elements_are_found_along_their_path() {
        let visit = json!({"location": [{"location": {"reference": "Location/1"}}], "telecom": [{"system": "phone"}, {"system": "email"}],
            "participant": [{"individual": {"reference": "Practitioner/1"}}, {"individual": {"reference": "RelatedPerson/1"}}]});
        let count = |ty, name| elements(&visit, ty, name).map(|found| found.len());
        assert_eq!(count("Encounter", "location"), Some(1));
        assert_eq!(count("Encounter", "participant"), Some(2));
        assert_eq!(count("Encounter", "practitioner"), Some(1));
        assert_eq!(count("Patient", "email"), Some(1));
        assert_eq!(count("Patient", "nothing"), None);
    }
}
