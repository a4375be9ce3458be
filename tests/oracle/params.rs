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
    /// Alternatives, between `|`. `[Type]` behind the last element stands for `where(resolve() is Type)`, `(member=value)` behind a
    /// step for `where(member = 'value')`, and [`DECEASED`] for an expression of its own.
    path: &'static str,
}

const GENDER: Kind = Kind::Code("http://hl7.org/fhir/administrative-gender");
const VISIT_STATUS: Kind = Kind::Code("http://hl7.org/fhir/encounter-status");
const EVENT_STATUS: Kind = Kind::Code("http://hl7.org/fhir/event-status");

/// The system of codes that say why there is no value.
pub const ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";

const ADDRESS_USE: Kind = Kind::Code("http://hl7.org/fhir/address-use");
const LOCATION_STATUS: Kind = Kind::Code("http://hl7.org/fhir/location-status");

/// `deceased.exists() and deceased != false`
const DECEASED: &str = "deceased?";
const ALIVE: Value = Value::Bool(false);
const DEAD: Value = Value::Bool(true);

const ADDRESS: &[(&str, Kind, &str)] = &[
    ("address", Kind::Text, "address"),
    ("address-city", Kind::Text, "address.city"),
    ("address-state", Kind::Text, "address.state"),
    ("address-postalcode", Kind::Text, "address.postalCode"),
    ("address-country", Kind::Text, "address.country"),
    ("address-use", ADDRESS_USE, "address.use"),
];

const TELECOM: &[(&str, Kind, &str)] = &[
    ("phone", Kind::Token, "telecom(system=phone)"),
    ("email", Kind::Token, "telecom(system=email)"),
    ("telecom", Kind::Token, "telecom"),
];

const COMMON: &[(&str, Kind, &str)] = &[
    ("_id", Kind::Id, "id"),
    ("_lastUpdated", Kind::Instant, "meta.lastUpdated"),
    ("_profile", Kind::Uri, "meta.profile"),
    ("_security", Kind::Token, "meta.security"),
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
    ("deceased", Kind::Flag, DECEASED),
    ("active", Kind::Flag, "active"),
    (
        "race",
        Kind::Token,
        "extension(url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-race).extension.valueCoding",
    ),
    (
        "ethnicity",
        Kind::Token,
        "extension(url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity).extension.valueCoding",
    ),
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
    (
        "discharge-disposition",
        Kind::Token,
        "hospitalization.dischargeDisposition",
    ),
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
    (
        "asserted-date",
        Kind::Date,
        "extension(url=http://hl7.org/fhir/StructureDefinition/condition-assertedDate).valueDateTime",
    ),
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
    ("active", Kind::Flag, "active"),
    ("name", Kind::Text, "name"),
    ("family", Kind::Text, "name.family"),
    ("given", Kind::Text, "name.given"),
    ("gender", GENDER, "gender"),
];

const LOCATION: &[(&str, Kind, &str)] = &[
    ("status", LOCATION_STATUS, "status"),
    ("name", Kind::Text, "name|alias"),
    ("type", Kind::Token, "type"),
    ("organization", Kind::Reference, "managingOrganization"),
    ("partof", Kind::Reference, "partOf"),
];

const ORGANIZATION: &[(&str, Kind, &str)] = &[
    ("active", Kind::Flag, "active"),
    ("name", Kind::Text, "name|alias"),
    ("type", Kind::Token, "type"),
    ("partof", Kind::Reference, "partOf"),
];

const PROVENANCE: &[(&str, Kind, &str)] = &[
    ("target", Kind::Reference, "target"),
    ("patient", Kind::Reference, "target[Patient]"),
    ("recorded", Kind::Instant, "recorded"),
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
        "Provenance" => PROVENANCE,
        other => panic!("{other} is not served"),
    };
    let reached: &[&[_]] = match ty {
        "Patient" => &[ADDRESS, TELECOM],
        "Practitioner" => &[TELECOM],
        "Location" | "Organization" => &[ADDRESS],
        _ => &[],
    };
    COMMON
        .iter()
        .chain(own)
        .chain(reached.iter().copied().flatten())
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
        if self.path == DECEASED {
            let dead = resource.get("deceasedDateTime").is_some() || resource["deceasedBoolean"] == true;
            return vec![if dead { &DEAD } else { &ALIVE }];
        }
        let mut found = vec![];
        for path in self.path.split('|') {
            let (path, target) = path
                .trim_end_matches(']')
                .split_once('[')
                .map_or((path, None), |(p, t)| (p, Some(t)));
            let mut here = vec![resource];
            for step in steps(path) {
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

/// The steps of a path, between dots that are in no condition.
fn steps(path: &str) -> Vec<&str> {
    let mut within = false;
    path.split(|c: char| {
        within = c == '(' || (within && c != ')');
        c == '.' && !within
    })
    .collect()
}

fn children<'a>(element: &'a Value, step: &str) -> Vec<&'a Value> {
    let (step, wanted) = match step.trim_end_matches(')').split_once('(') {
        Some((step, wanted)) => (step, Some(wanted.split_once('=').expect("member=value"))),
        None => (step, None),
    };
    let all = match element.get(step) {
        None => vec![],
        Some(Value::Array(items)) => items.iter().collect(),
        Some(item) => vec![item],
    };
    let fits = |item: &&Value| wanted.is_none_or(|(member, value)| item[member] == value);
    all.into_iter().filter(fits).collect()
}

/// The strings of a HumanName or an Address, or the string itself.
fn parts(element: &Value) -> Vec<&Value> {
    if element.is_string() {
        return vec![element];
    }
    [
        "family",
        "given",
        "prefix",
        "suffix",
        "text",
        "line",
        "city",
        "district",
        "state",
        "postalCode",
        "country",
    ]
    .iter()
    .flat_map(|part| children(element, part))
    .collect()
}
