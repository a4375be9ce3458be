//! A record as an AuditEvent of the Basic Audit Log Patterns (<https://profiles.ihe.net/ITI/BALP/>).

use chrono::DateTime;
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::{Entry, Interaction, Record};

const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const EVENT_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const ENTITY_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const SOURCE_TYPE: &str = "http://terminology.hl7.org/CodeSystem/security-source-type";
const BASIC_ENTITY: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";
const PROFILE: &str = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";

fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({ "system": system, "code": code, "display": display })
}

impl Entry {
    /// The AuditEvent, with an id that is the record's number.
    #[must_use]
    pub fn event(&self) -> Value {
        let record = &self.record;
        let recorded = DateTime::from_timestamp(record.at, 0).unwrap_or_default();
        let subtype = json!({
            "system": "http://hl7.org/fhir/restful-interaction", "code": record.interaction.code()
        });
        json!({
            "resourceType": "AuditEvent",
            "id": self.seq.to_string(),
            "meta": { "profile": [format!("{PROFILE}{}", profile(record))] },
            "type": coding(EVENT_TYPE, "rest", "RESTful Operation"),
            "subtype": [subtype],
            "action": action(record.interaction),
            "recorded": recorded.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "outcome": record.outcome.code(),
            "outcomeDesc": format!("HTTP {}", record.status),
            "agent": agents(record),
            "source": {
                "observer": { "display": "Chartgate" },
                "type": [coding(SOURCE_TYPE, "4", "Application Server")]
            },
            "entity": entities(record),
        })
    }
}

fn profile(record: &Record) -> &'static str {
    match (record.interaction, record.patients.is_empty()) {
        (Interaction::Read | Interaction::Vread, true) => "Read",
        (Interaction::Read | Interaction::Vread, false) => "PatientRead",
        (_, true) => "Query",
        (_, false) => "PatientQuery",
    }
}

fn action(interaction: Interaction) -> &'static str {
    match interaction {
        Interaction::Read | Interaction::Vread | Interaction::HistoryInstance => "R",
        Interaction::Search | Interaction::Batch | Interaction::Operation => "E",
    }
}

fn agents(record: &Record) -> Vec<Value> {
    let role = |code, display| json!({ "coding": [coding(DICOM, code, display)] });
    let mut client = json!({
        "type": role("110153", "Source Role ID"),
        "who": { "display": record.client.as_deref().unwrap_or("unknown") },
        "requestor": record.subject.is_none(),
    });
    if let (Some(address), Some(client)) = (&record.address, client.as_object_mut()) {
        client.insert("network".to_owned(), json!({ "address": address, "type": "2" }));
    }
    let server = json!({
        "type": role("110152", "Destination Role ID"), "who": { "display": "Chartgate" }, "requestor": false
    });
    let mut agents = vec![client, server];
    if let Some(subject) = &record.subject {
        let mut who = json!({ "identifier": { "value": subject } });
        if let (Some(person), Some(who)) = (&record.person, who.as_object_mut()) {
            who.insert("reference".to_owned(), json!(person));
        }
        let mut user = json!({
            "type": { "coding": [coding("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP", "information recipient")] },
            "who": who,
            "requestor": true,
        });
        if let (Some(grant), Some(user)) = (&record.grant, user.as_object_mut()) {
            user.insert("policy".to_owned(), json!([format!("urn:chartgate:grant:{grant}")]));
        }
        agents.push(user);
    }
    agents
}

fn entities(record: &Record) -> Vec<Value> {
    let request = json!({
        "what": { "identifier": { "value": record.request } },
        "type": { "system": BASIC_ENTITY, "code": "XrequestId" }
    });
    let patients = record.patients.iter().map(|patient| {
        json!({
            "what": { "reference": patient },
            "type": coding(ENTITY_TYPE, "1", "Person"),
            "role": coding(ENTITY_ROLE, "1", "Patient")
        })
    });
    let resources = record.resources.iter().map(|resource| {
        json!({
            "what": { "reference": resource },
            "type": coding(ENTITY_TYPE, "2", "System Object"),
            "role": coding(ENTITY_ROLE, "4", "Domain Resource")
        })
    });
    let address = match &record.query {
        Some(query) => format!("{}?{query}", record.path),
        None => record.path.clone(),
    };
    let query = json!({
        "type": coding(ENTITY_TYPE, "2", "System Object"),
        "role": coding(ENTITY_ROLE, "24", "Query"),
        "query": BASE64.encode(address.as_bytes())
    });
    std::iter::once(request)
        .chain(patients)
        .chain(resources)
        .chain([query])
        .collect()
}
