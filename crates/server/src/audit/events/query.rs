//! Searches of records (<http://hl7.org/fhir/R4/auditevent.html#search>).

use chrono::{NaiveDateTime, TimeDelta, Timelike};
use fhir::capability::ParamCapability;
use fhir::r4::ResourceType;
use fhir::search::{self, Criterion, Date, ParamType, Prefix, Reference, Request, Token, Values};
use smart::audit::{Interaction, Outcome, Wanted};
use smart::store::Seconds;

use crate::error::Failure;

use super::TYPE;

const ACTION: &str = "http://hl7.org/fhir/audit-event-action";
const OUTCOME: &str = "http://hl7.org/fhir/audit-event-outcome";

/// The parameters: name, type, and the part of the canonical URL that differs.
const PARAMS: [(&str, ParamType, &str); 9] = [
    ("_id", ParamType::Token, "Resource-id"),
    ("action", ParamType::Token, "AuditEvent-action"),
    ("agent", ParamType::Reference, "AuditEvent-agent"),
    ("date", ParamType::Date, "AuditEvent-date"),
    ("entity", ParamType::Reference, "AuditEvent-entity"),
    ("outcome", ParamType::Token, "AuditEvent-outcome"),
    ("patient", ParamType::Reference, "AuditEvent-patient"),
    ("subtype", ParamType::Token, "AuditEvent-subtype"),
    ("type", ParamType::Token, "AuditEvent-type"),
];

/// Types of people.
const PEOPLE: [ResourceType; 4] = [
    ResourceType::Patient,
    ResourceType::Practitioner,
    ResourceType::RelatedPerson,
    ResourceType::Person,
];

/// For the CapabilityStatement.
pub(super) fn capability() -> Vec<ParamCapability> {
    let param = |(name, ty, id): &(&str, ParamType, &str)| ParamCapability {
        name: (*name).to_owned(),
        ty: *ty,
        definition: format!("http://hl7.org/fhir/SearchParameter/{id}"),
        documentation: (*ty == ParamType::Date).then(|| "Prefixes: eq, ne, gt, lt, ge, le, sa, eb, ap.".to_owned()),
        modifiers: vec![],
        sortable: false,
    };
    PARAMS.iter().map(param).collect()
}

/// The parameters, to the grammar.
pub(super) struct Vocabulary {
    /// The types that records are about.
    types: Vec<ResourceType>,
}

impl Vocabulary {
    /// With the types of served resources.
    pub fn of(served: &impl search::Vocabulary) -> Self {
        let mut types = served.types();
        types.push(TYPE);
        Self { types }
    }
}

impl search::Vocabulary for Vocabulary {
    fn param_type(&self, ty: ResourceType, name: &str) -> Option<ParamType> {
        let known = PARAMS.iter().find(|(known, ..)| ty == TYPE && *known == name);
        known.map(|(_, ty, _)| *ty)
    }

    fn modifiers(&self, _: ResourceType, _: &str) -> Vec<&'static str> {
        vec![]
    }

    fn names(&self, _: ResourceType) -> Vec<String> {
        PARAMS.iter().map(|(name, ..)| (*name).to_owned()).collect()
    }

    fn targets(&self, _: ResourceType, param: &str) -> Vec<ResourceType> {
        match param {
            "patient" => vec![ResourceType::Patient],
            "agent" => PEOPLE.to_vec(),
            "entity" => self.types.clone(),
            _ => vec![],
        }
    }

    fn has_include(&self, _: ResourceType, _: &str, _: Option<ResourceType>) -> bool {
        false
    }

    fn types(&self) -> Vec<ResourceType> {
        vec![TYPE]
    }

    fn is_sortable(&self, _: ResourceType, _: &str) -> bool {
        false
    }
}

/// A record's number.
pub(super) fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number| *number > 0)
}

/// What a request wants. `bases` are this server's addresses, under which references may be absolute.
pub(super) fn wanted(request: &Request, bases: &[String], now: NaiveDateTime) -> Result<Wanted, Failure> {
    let mut wanted = Wanted::default();
    if let Some(cursor) = &request.cursor {
        wanted.before = Some(number(cursor).ok_or_else(|| Failure::from(mapper::Error::Cursor))?);
    }
    for criterion in &request.criteria {
        add(&mut wanted, criterion, bases, now);
    }
    Ok(wanted)
}

fn add(wanted: &mut Wanted, criterion: &Criterion, bases: &[String], now: NaiveDateTime) {
    match (criterion.name.as_str(), &criterion.values) {
        ("_id", Values::Token(tokens)) => {
            let code = |token: &Token| match token {
                Token::Code(code) => number(code),
                Token::Coded { .. } | Token::NoSystem(_) | Token::System(_) => None,
            };
            wanted.seqs.push(tokens.iter().filter_map(code).collect());
        }
        ("date", Values::Date(dates)) => {
            let times = dates.iter().flat_map(|date| times(date, now));
            wanted.times.push(times.collect());
        }
        ("agent", Values::Reference(references)) => wanted.agents.push(names(references, &PEOPLE, bases, true)),
        ("patient", Values::Reference(references)) => {
            let patients = names(references, &[ResourceType::Patient], bases, false);
            wanted.entities.push(patients);
        }
        ("entity", Values::Reference(references)) => {
            wanted.entities.push(names(references, &ENTITIES, bases, false));
        }
        ("outcome", Values::Token(tokens)) => {
            let fits = |outcome: &Outcome| says(tokens, OUTCOME, outcome.code());
            wanted.outcomes.push(Outcome::ALL.into_iter().filter(fits).collect());
        }
        (name, Values::Token(tokens)) => {
            let fits = |interaction: &Interaction| match name {
                "action" => says(tokens, ACTION, interaction.action()),
                "type" => says(tokens, interaction.event_type().0, interaction.event_type().1),
                _ => says(tokens, interaction.event_subtype().0, interaction.event_subtype().1),
            };
            wanted
                .interactions
                .push(Interaction::ALL.into_iter().filter(fits).collect());
        }
        // The grammar gives each parameter values of its type.
        _ => wanted.seqs.push(vec![]),
    }
}

/// Types that an id alone may be of.
const ENTITIES: [ResourceType; 9] = [
    ResourceType::Patient,
    ResourceType::Condition,
    ResourceType::Encounter,
    ResourceType::Procedure,
    ResourceType::Practitioner,
    ResourceType::Organization,
    ResourceType::Location,
    ResourceType::Provenance,
    TYPE,
];

/// What references name: `Type/id`, of whatever type where none is said; with `plain`, the id itself, too, by which clients and users go.
fn names(references: &[Reference], types: &[ResourceType], bases: &[String], plain: bool) -> Vec<String> {
    let mut names = vec![];
    for reference in references {
        match reference {
            Reference::Id(id) => {
                names.extend(types.iter().map(|ty| format!("{ty}/{id}")));
                names.extend(plain.then(|| id.clone()));
            }
            Reference::Typed { ty, id } => names.push(format!("{ty}/{id}")),
            Reference::Absolute { url } => {
                let own = bases
                    .iter()
                    .find_map(|base| url.strip_prefix(base.as_str())?.strip_prefix('/'));
                names.extend(own.map(str::to_owned));
            }
        }
    }
    names
}

/// Whether a code is one of those that are wanted.
fn says(tokens: &[Token], system: &str, code: &str) -> bool {
    tokens.iter().any(|token| match token {
        Token::Code(wanted) => wanted == code,
        Token::Coded {
            system: of,
            code: wanted,
        } => of == system && wanted == code,
        Token::System(of) => of == system,
        Token::NoSystem(_) => false,
    })
}

/// The ranges of moments that a date means. Records have whole seconds.
fn times(date: &Date, now: NaiveDateTime) -> Vec<(Seconds, Seconds)> {
    let (lo, hi) = date.to_utc(&|time| time);
    let (from, until) = (second(lo), second(hi));
    let (first, last) = (Seconds::MIN, Seconds::MAX);
    match date.prefix {
        Prefix::Eq => vec![(from, until)],
        Prefix::Ne => vec![(first, from), (until, last)],
        Prefix::Gt | Prefix::Sa => vec![(until, last)],
        Prefix::Lt | Prefix::Eb => vec![(first, from)],
        Prefix::Ge => vec![(from, last)],
        Prefix::Le => vec![(first, until)],
        Prefix::Ap => {
            // A tenth of the time since then, as the specification proposes.
            let margin = (now - lo).abs().num_seconds() / 10;
            vec![(from.saturating_sub(margin), until.saturating_add(margin))]
        }
    }
}

/// The first whole second at or after a moment.
fn second(at: NaiveDateTime) -> Seconds {
    let up = if at.nanosecond() > 0 {
        TimeDelta::seconds(1)
    } else {
        TimeDelta::zero()
    };
    (at + up).and_utc().timestamp()
}
