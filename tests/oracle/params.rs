//! The search parameters of the served types and where they look, after the SearchParameter resources of R4
//! (<http://hl7.org/fhir/R4/searchparameter-registry.html>).

use serde_json::Value;

/// What kind of value a parameter looks at, and so how it is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// CodeableConcept, Coding or Identifier.
    Token,
    /// A `code`, whose system is that of its value set.
    Code(&'static str),
    /// A boolean.
    Flag,
    /// A URI.
    Uri,
    /// The logical id.
    Id,
    /// A string, or a name with its parts.
    Text,
    /// A Reference.
    Reference,
    /// A dateTime or Period.
    Date,
    /// A `date`, which has no zone.
    Day,
    /// An instant.
    Instant,
}

/// A search parameter of a type.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
    /// Alternatives, between `|`. `[Type]` behind the last element stands for `where(resolve() is Type)`.
    path: &'static str,
}

const GENDER: Kind = Kind::Code("http://hl7.org/fhir/administrative-gender");
const VISIT_STATUS: Kind = Kind::Code("http://hl7.org/fhir/encounter-status");
const EVENT_STATUS: Kind = Kind::Code("http://hl7.org/fhir/event-status");

/// The system of codes that say why there is no value.
pub const ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";

const COMMON: &[(&str, Kind, &str)] = &[
    ("_id", Kind::Id, "id"),
    ("_lastUpdated", Kind::Instant, "meta.lastUpdated"),
    ("_profile", Kind::Uri, "meta.profile"),
    ("identifier", Kind::Token, "identifier"),
];

const PATIENT: &[(&str, Kind, &str)] = &[
    ("name", Kind::Text, "name"),
    ("family", Kind::Text, "name.family"),
    ("given", Kind::Text, "name.given"),
    ("birthdate", Kind::Day, "birthDate"),
    ("gender", GENDER, "gender"),
    ("language", Kind::Token, "communication.language"),
    ("death-date", Kind::Date, "deceasedDateTime"),
    ("organization", Kind::Reference, "managingOrganization"),
    ("general-practitioner", Kind::Reference, "generalPractitioner"),
];

const ENCOUNTER: &[(&str, Kind, &str)] = &[
    ("patient", Kind::Reference, "subject[Patient]"),
    ("subject", Kind::Reference, "subject"),
    ("date", Kind::Date, "period"),
    ("status", VISIT_STATUS, "status"),
    ("class", Kind::Token, "class"),
    ("type", Kind::Token, "type"),
    ("reason-code", Kind::Token, "reasonCode"),
    ("participant-type", Kind::Token, "participant.type"),
    ("location", Kind::Reference, "location.location"),
    ("participant", Kind::Reference, "participant.individual"),
    ("practitioner", Kind::Reference, "participant.individual[Practitioner]"),
    ("service-provider", Kind::Reference, "serviceProvider"),
    ("part-of", Kind::Reference, "partOf"),
];

const CONDITION: &[(&str, Kind, &str)] = &[
    ("patient", Kind::Reference, "subject[Patient]"),
    ("subject", Kind::Reference, "subject"),
    ("encounter", Kind::Reference, "encounter"),
    ("category", Kind::Token, "category"),
    ("clinical-status", Kind::Token, "clinicalStatus"),
    ("verification-status", Kind::Token, "verificationStatus"),
    ("code", Kind::Token, "code"),
    ("severity", Kind::Token, "severity"),
    ("body-site", Kind::Token, "bodySite"),
    ("asserter", Kind::Reference, "asserter"),
    ("onset-date", Kind::Date, "onsetDateTime|onsetPeriod"),
    ("abatement-date", Kind::Date, "abatementDateTime|abatementPeriod"),
    ("recorded-date", Kind::Date, "recordedDate"),
];

const PROCEDURE: &[(&str, Kind, &str)] = &[
    ("patient", Kind::Reference, "subject[Patient]"),
    ("subject", Kind::Reference, "subject"),
    ("encounter", Kind::Reference, "encounter"),
    ("date", Kind::Date, "performedDateTime|performedPeriod"),
    ("status", EVENT_STATUS, "status"),
    ("code", Kind::Token, "code"),
    ("category", Kind::Token, "category"),
    ("reason-code", Kind::Token, "reasonCode"),
    ("location", Kind::Reference, "location"),
    ("performer", Kind::Reference, "performer.actor"),
];

const PRACTITIONER: &[(&str, Kind, &str)] = &[
    ("name", Kind::Text, "name"),
    ("family", Kind::Text, "name.family"),
    ("given", Kind::Text, "name.given"),
    ("gender", GENDER, "gender"),
];

const LOCATION: &[(&str, Kind, &str)] = &[
    ("name", Kind::Text, "name|alias"),
    ("type", Kind::Token, "type"),
    ("organization", Kind::Reference, "managingOrganization"),
    ("partof", Kind::Reference, "partOf"),
];

const ORGANIZATION: &[(&str, Kind, &str)] = &[
    ("name", Kind::Text, "name|alias"),
    ("type", Kind::Token, "type"),
    ("partof", Kind::Reference, "partOf"),
];

/// The parameters of a type; more than any one vendor has.
///
/// # Panics
/// For a type that is not served.
#[must_use]
pub fn of(ty: &str) -> Vec<Parameter> {
    let own = match ty {
        "Patient" => PATIENT,
        "Encounter" => ENCOUNTER,
        "Condition" => CONDITION,
        "Procedure" => PROCEDURE,
        "Practitioner" => PRACTITIONER,
        "Location" => LOCATION,
        "Organization" => ORGANIZATION,
        other => panic!("{other} is not served"),
    };
    COMMON
        .iter()
        .chain(own)
        .map(|(name, kind, path)| Parameter {
            name,
            kind: *kind,
            path,
        })
        .collect()
}

/// The parameter of this name.
///
/// # Panics
/// When the type has none.
#[must_use]
pub fn find(ty: &str, name: &str) -> Parameter {
    of(ty)
        .into_iter()
        .find(|p| p.name == name)
        .unwrap_or_else(|| panic!("{ty} has no parameter {name}"))
}

impl Parameter {
    #[must_use]
    pub fn is_uri(&self) -> bool {
        self.kind == Kind::Uri
    }

    /// The elements that the parameter looks at. A name counts as its parts.
    #[must_use]
    pub fn elements<'a>(&self, resource: &'a Value) -> Vec<&'a Value> {
        let mut found = vec![];
        for path in self.path.split('|') {
            let (path, target) = path
                .trim_end_matches(']')
                .split_once('[')
                .map_or((path, None), |(p, t)| (p, Some(t)));
            let mut here = vec![resource];
            for step in path.split('.') {
                here = here.into_iter().flat_map(|element| children(element, step)).collect();
            }
            // What cannot be resolved is of no type.
            let is = |element: &&Value| {
                let to = element["reference"].as_str().and_then(|r| r.split('/').next());
                target.is_none_or(|ty| to == Some(ty))
            };
            found.extend(here.into_iter().filter(is));
        }
        if self.kind == Kind::Text {
            found.into_iter().flat_map(parts).collect()
        } else {
            found
        }
    }

    /// Whether an element counts for `:missing`: one that only says why there is no value does not.
    #[must_use]
    pub fn has_value(&self, element: &Value) -> bool {
        match element {
            Value::Object(fields) => fields.keys().any(|k| k != "extension" && k != "id"),
            Value::Null => false,
            _ => true,
        }
    }
}

fn children<'a>(element: &'a Value, step: &str) -> Vec<&'a Value> {
    match element.get(step) {
        None => vec![],
        Some(Value::Array(items)) => items.iter().collect(),
        Some(item) => vec![item],
    }
}

/// The strings of a HumanName, or the string itself.
fn parts(element: &Value) -> Vec<&Value> {
    if element.is_string() {
        return vec![element];
    }
    ["family", "given", "prefix", "suffix", "text"]
        .iter()
        .flat_map(|part| children(element, part))
        .collect()
}
