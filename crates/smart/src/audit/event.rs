//! A record as an AuditEvent of the Basic Audit Log Patterns (<https://profiles.ihe.net/ITI/BALP/>).

use chrono::DateTime;
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::{Entry, Interaction, Record};

const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const EVENT_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const RESTFUL: &str = "http://hl7.org/fhir/restful-interaction";
/// The steps towards access that no code system has.
const STEP: &str = "urn:chartgate:audit-step";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const ENTITY_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const SOURCE_TYPE: &str = "http://terminology.hl7.org/CodeSystem/security-source-type";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const BASIC_ENTITY: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";
const PROFILE: &str = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";

fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({ "system": system, "code": code, "display": display })
}

impl Interaction {
    /// `AuditEvent.type`: system, code, display.
    #[must_use]
    pub fn event_type(self) -> (&'static str, &'static str, &'static str) {
        match self.is_request() {
            true => (EVENT_TYPE, "rest", "RESTful Operation"),
            false => (DICOM, "110114", "User Authentication"),
        }
    }

    /// `AuditEvent.action`.
    #[must_use]
    pub fn action(self) -> &'static str {
        match self {
            Self::Read | Self::Vread | Self::HistoryInstance | Self::Introspect | Self::UserInfo => "R",
            Self::Search | Self::Batch | Self::Operation | Self::SignIn | Self::SignOut => "E",
            Self::Consent | Self::Token => "C",
            Self::Refresh => "U",
            Self::Revoke => "D",
        }
    }

    /// `AuditEvent.subtype`: system and code.
    #[must_use]
    pub fn event_subtype(self) -> (&'static str, &'static str) {
        match self {
            Self::SignIn => (DICOM, "110122"),
            Self::SignOut => (DICOM, "110123"),
            Self::Consent | Self::Token | Self::Refresh | Self::Revoke | Self::Introspect | Self::UserInfo => {
                (STEP, self.code())
            }
            Self::Read | Self::Vread | Self::HistoryInstance | Self::Search | Self::Batch | Self::Operation => {
                (RESTFUL, self.code())
            }
        }
    }
}

impl Entry {
    /// The AuditEvent, with an id that is the record's number.
    #[must_use]
    pub fn json(&self) -> String {
        // By hand, so that the type comes first, as readers expect.
        let elements = self.elements().to_string();
        format!(
            r#"{{"resourceType":"AuditEvent",{}"#,
            elements.strip_prefix('{').unwrap_or_default()
        )
    }

    fn elements(&self) -> Value {
        let record = &self.record;
        let recorded = DateTime::from_timestamp(record.at, 0).unwrap_or_default();
        let (system, code, display) = record.interaction.event_type();
        let (subsystem, subcode) = record.interaction.event_subtype();
        let mut event = json!({
            "id": self.seq.to_string(),
            "type": coding(system, code, display),
            "subtype": [{ "system": subsystem, "code": subcode }],
            "action": record.interaction.action(),
            "recorded": recorded.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "outcome": record.outcome.code(),
            "outcomeDesc": format!("HTTP {}", record.status),
            "agent": agents(record),
            "source": {
                "observer": { "display": "Chartgate" },
                "type": [coding(SOURCE_TYPE, "4", "Application Server")]
            },
            "entity": entities(record),
        });
        if let (Some(profile), Some(event)) = (profile(record), event.as_object_mut()) {
            event.insert("meta".to_owned(), json!({ "profile": [format!("{PROFILE}{profile}")] }));
        }
        event
    }

    /// What a patient may know of it: who did what and when, and nothing of anybody else whom it was about, too.
    #[must_use]
    pub fn about(&self, patient: &str) -> Self {
        let record = Record {
            path: String::new(),
            query: None,
            entries: vec![],
            address: None,
            grant: None,
            patients: vec![patient.to_owned()],
            resources: vec![],
            ..self.record.clone()
        };
        Self { seq: self.seq, record }
    }
}

/// The pattern that it follows.
fn profile(record: &Record) -> Option<&'static str> {
    Some(match (record.interaction, record.patients.is_empty()) {
        (Interaction::Read | Interaction::Vread, true) => "Read",
        (Interaction::Read | Interaction::Vread, false) => "PatientRead",
        // What patients are shown has no query.
        _ if record.path.is_empty() || !record.interaction.is_request() => return None,
        (_, true) => "Query",
        (_, false) => "PatientQuery",
    })
}

fn agents(record: &Record) -> Vec<Value> {
    let role = |code, display| json!({ "coding": [coding(DICOM, code, display)] });
    let mut client = json!({
        "type": role("110153", "Source Role ID"),
        "who": { "display": record.client.as_deref().unwrap_or("unknown") },
        "requestor": record.subject.is_none(),
    });
    if let Some(agent) = client.as_object_mut() {
        if let Some(id) = &record.client {
            agent.insert("who".to_owned(), json!({ "identifier": { "value": id } }));
            agent.insert("altId".to_owned(), json!(id));
        }
        if let Some(address) = &record.address {
            agent.insert("network".to_owned(), json!({ "address": address, "type": "2" }));
        }
    }
    let server = json!({
        "type": role("110152", "Destination Role ID"), "who": { "display": "Chartgate" }, "requestor": false
    });
    let mut agents = vec![client, server];
    agents.extend(user(record));
    agents
}

fn user(record: &Record) -> Option<Value> {
    let subject = record.subject.as_ref()?;
    let mut who = json!({ "identifier": { "value": subject } });
    if let (Some(person), Some(who)) = (&record.person, who.as_object_mut()) {
        who.insert("reference".to_owned(), json!(person));
    }
    let mut user = json!({
        "type": { "coding": [coding(PARTICIPATION, "IRCP", "information recipient")] },
        "who": who,
        "altId": subject,
        "requestor": true,
    });
    if let (Some(grant), Some(user)) = (&record.grant, user.as_object_mut()) {
        user.insert("policy".to_owned(), json!([format!("urn:chartgate:grant:{grant}")]));
    }
    Some(user)
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
    let query = |address: String| {
        json!({
            "type": coding(ENTITY_TYPE, "2", "System Object"),
            "role": coding(ENTITY_ROLE, "24", "Query"),
            "query": BASE64.encode(address.as_bytes())
        })
    };
    let address = match &record.query {
        Some(query) => format!("{}?{query}", record.path),
        None => record.path.clone(),
    };
    let asked = std::iter::once(address).chain(record.entries.iter().cloned());
    let asked = asked.filter(|address| !address.is_empty()).map(query);
    std::iter::once(request)
        .chain(patients)
        .chain(resources)
        .chain(asked)
        .collect()
}
