//! The CapabilityStatement of a view, from the declarations that also build its SQL.

use chrono::NaiveDateTime;
use fhir::capability::{Capability, Interaction, ParamCapability, ResourceCapability};
use fhir::r4::ResourceType;
use fhir::search::{ParamType, modifiers};
use fhir::{definitions, us_core};
use mapper::{Declared, View};

/// What the server can do at `base`, as JSON.
pub(crate) fn metadata(view: &View, base: &str, cors: bool, now: NaiveDateTime) -> Vec<u8> {
    let sources: Vec<&str> = view.sources().iter().map(|s| s.name()).collect();
    let capability = Capability {
        software_version: env!("CARGO_PKG_VERSION").to_owned(),
        base_url: base.to_owned(),
        description: format!("Rows of {}, read-only", sources.join(", ")),
        date: now,
        security: "There is no authentication; the server is to be reached from its own machine only".to_owned(),
        cors,
        resources: view
            .dictionary()
            .types()
            .map(|(ty, params)| resource(view, ty, params))
            .collect(),
    };
    capability.to_json()
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
        interactions: vec![Interaction::Read, Interaction::SearchType],
        params: params.into_iter().map(|p| param(ty, p)).collect(),
        includes,
        rev_includes: rev_includes(view, ty),
    }
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
        modifiers: modifiers(declared.kind).iter().map(|m| (*m).to_owned()).collect(),
    }
}
