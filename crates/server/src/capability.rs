//! The CapabilityStatement of a view, from the declarations that also build its SQL.

use chrono::NaiveDateTime;
use fhir::capability::{
    Capability, Interaction, MODIFIER, Operation, ParamCapability, ResourceCapability, SORTABLE, Security,
    SystemInteraction,
};
use fhir::r4::ResourceType;
use fhir::search::{self, ParamType};
use fhir::{definitions, us_core};
use mapper::{Declared, View};

use crate::audit::events;
use crate::auth::Auth;
use crate::endpoint::Serves;
use crate::routes::ENDPOINTS;

/// What a statement says beside what its view can.
pub(crate) struct About<'a> {
    /// The address of the base.
    pub base: &'a str,
    /// Whether web pages of other origins may ask.
    pub cors: bool,
    /// When the server started.
    pub now: NaiveDateTime,
    /// Who is asked for access.
    pub auth: Option<&'a Auth>,
    /// Whether records of accesses are served.
    pub accesses: bool,
}

/// What the server can do, as JSON.
pub(crate) fn metadata(view: &View, about: &About<'_>) -> Vec<u8> {
    let sources: Vec<&str> = view.sources().iter().map(|s| s.name()).collect();
    let capability = Capability {
        software_version: env!("CARGO_PKG_VERSION").to_owned(),
        base_url: about.base.to_owned(),
        description: format!("Rows of {}, read-only", sources.join(", ")),
        date: about.now,
        documentation: documentation(),
        security: security(about.auth),
        cors: about.cors,
        interactions: system_interactions(),
        operations: operations(),
        compartments: compartments(),
        resources: view
            .dictionary()
            .types()
            .map(|(ty, params)| resource(view, ty, params))
            .chain(about.accesses.then(events::capability))
            .collect(),
    };
    capability.to_json()
}

/// How to get access.
fn security(auth: Option<&Auth>) -> Security {
    match auth {
        Some(auth) => Security {
            description: "Apps get access by SMART App Launch 2.2: patients and clinicians decide what they share"
                .to_owned(),
            oauth: auth.addresses(),
        },
        None => Security {
            description: "There is no authentication; the server is to be reached from its own machine only".to_owned(),
            oauth: vec![],
        },
    }
}

fn resource<'a>(view: &View, ty: ResourceType, params: impl Iterator<Item = &'a Declared>) -> ResourceCapability {
    let params: Vec<&Declared> = params.collect();
    let includes = params
        .iter()
        .filter(|p| !p.targets.is_empty())
        .map(|p| format!("{ty}:{}", p.name))
        .collect();
    ResourceCapability {
        ty,
        profiles: us_core::profiles(ty).iter().map(|p| (*p).to_owned()).collect(),
        interactions: interactions(),
        params: params.into_iter().map(|p| param(ty, p)).collect(),
        includes,
        rev_includes: rev_includes(view, ty),
    }
}

/// What all endpoints serve, once each, in their order.
fn served<T: PartialEq>(pick: impl Fn(Serves) -> Option<T>) -> Vec<T> {
    let mut all = vec![];
    for each in ENDPOINTS.iter().filter_map(|endpoint| pick(endpoint.serves)) {
        if !all.contains(&each) {
            all.push(each);
        }
    }
    all
}

fn interactions() -> Vec<Interaction> {
    let mut interactions = served(|serves| match serves {
        Serves::Type(interaction) => Some(interaction),
        Serves::Description(_) | Serves::System(_) | Serves::Compartments(_) | Serves::Operation(_) => None,
    });
    interactions.sort_unstable();
    interactions
}

fn system_interactions() -> Vec<SystemInteraction> {
    served(|serves| match serves {
        Serves::System(interaction) => Some(interaction),
        Serves::Description(_) | Serves::Type(_) | Serves::Compartments(_) | Serves::Operation(_) => None,
    })
}

fn compartments() -> Vec<&'static str> {
    let lists = served(|serves| match serves {
        Serves::Compartments(definitions) => Some(definitions),
        Serves::Description(_) | Serves::Type(_) | Serves::System(_) | Serves::Operation(_) => None,
    });
    lists.concat()
}

pub(crate) fn operations() -> Vec<&'static Operation> {
    served(|serves| match serves {
        Serves::Operation(operation) => Some(operation),
        Serves::Description(_) | Serves::Type(_) | Serves::System(_) | Serves::Compartments(_) => None,
    })
}

/// Every reference of a served type that leads to this one.
fn rev_includes(view: &View, ty: ResourceType) -> Vec<String> {
    let mut all = vec![];
    for (source, params) in view.dictionary().types() {
        let leading = params.filter(|p| p.targets.contains(&ty));
        all.extend(leading.map(|p| format!("{source}:{}", p.name)));
    }
    all
}

fn param(ty: ResourceType, declared: &Declared) -> ParamCapability {
    // A test holds that every declared parameter is one of the specification.
    let definition = definitions::find(ty, declared.name)
        .map(definitions::Definition::url)
        .unwrap_or_default();
    let mut notes = vec![];
    if declared.kind == ParamType::Date {
        notes.push("Prefixes: eq, ne, gt, lt, ge, le, sa, eb, ap.");
    }
    if declared.sortable {
        notes.push("Can be sorted by.");
    }
    ParamCapability {
        name: declared.name.to_owned(),
        ty: declared.kind,
        definition,
        documentation: (!notes.is_empty()).then(|| notes.join(" ")),
        modifiers: declared.modifiers.iter().map(|m| (*m).to_owned()).collect(),
        sortable: declared.sortable,
    }
}

/// What all types have in common, and no element of the statement tells.
fn documentation() -> String {
    let descriptions = served(|serves| match serves {
        Serves::Description(text) => Some(text),
        Serves::Type(_) | Serves::System(_) | Serves::Compartments(_) | Serves::Operation(_) => None,
    });
    format!(
        "Searches by GET and by POST to _search. References can be followed by chains and by _has. Every search takes {}. \
         A search parameter's modifiers are told by extensions `{MODIFIER}`, and whether _sort takes it by `{SORTABLE}`. \
         An unknown parameter is refused under `Prefer: handling=strict`, and otherwise left out and reported. Beside resources: {}.",
        search::CONTROLS.join(", "),
        descriptions.join("; ")
    )
}
