//! The searches whose SQL is kept: those that `golden/V.json` lists for vendor V, by kind; and of every declared parameter and
//! modifier that it does not ask for, some that are made.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fhir::r4::ResourceType;
use fhir::search::ParamType;
use mapper::{Declared, Provider};
use tests::support::sample::Sample;

/// The searches of one mapping.
pub fn searches(sample: &Sample, provider: &dyn Provider) -> Vec<String> {
    let Some(mut all) = listed(sample.vendor.name, provider.target().kind) else {
        return made(sample, provider);
    };
    let key = |query: &str| query.split('=').next().unwrap_or_default().to_owned();
    let asked: BTreeSet<String> = all.iter().flat_map(|query| query.split('&')).map(key).collect();
    let others = made(sample, provider).into_iter();
    all.extend(others.filter(|query| !query.starts_with("_sort=") && !asked.contains(&key(query))));
    all
}

/// The parameters that a query asks for, without modifiers.
pub fn names(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter_map(|pair| pair.split(['=', ':']).next())
}

fn listed(vendor: &str, kind: &str) -> Option<Vec<String>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("api/golden/{vendor}.json"));
    let text = std::fs::read_to_string(file).ok()?;
    let mut all: BTreeMap<String, Vec<String>> = serde_json::from_str(&text).unwrap();
    all.remove(kind)
}

/// Every parameter with a value, every modifier that its type has, and the order by what can be sorted by.
pub fn made(sample: &Sample, provider: &dyn Provider) -> Vec<String> {
    let (ty, source) = (provider.target().ty, sample.name());
    let own = provider.target().kind;
    let declared = provider.declared();
    // A request may only ask for what every mapping of the type has.
    let providers = sample.vendor.served();
    let everywhere = |name: &str, has: &dyn Fn(&Declared) -> bool| {
        let alike = providers.iter().filter(|p| p.target().ty == ty);
        let mut declared = alike.map(|p| p.declared().into_iter().find(|d| d.name == name));
        declared.all(|d| d.is_some_and(|d| has(&d)))
    };
    let mut all = vec![
        format!("_id={source}.{own}.7,{source}.none.7"),
        "_lastUpdated=ge2024-05-05".to_owned(),
    ];
    for param in declared.iter().filter(|d| !["_id", "_lastUpdated"].contains(&d.name)) {
        let name = param.name;
        match param.kind {
            ParamType::Reference => all.extend(references(sample, param)),
            ParamType::Date => all.extend([format!("{name}=2024-05-05"), format!("{name}=ap2024-05-05T10:00:00Z")]),
            ParamType::Uri => all.push(format!("{name}=http://example.org/profile")),
            ParamType::String => all.extend([format!("{name}=jos%C3%A9"), format!("{name}:exact=O%27Hara")]),
            _ => {
                let value = code(ty, name);
                all.extend([format!("{name}={value},unknown"), format!("{name}:not={value}")]);
                all.push(format!("{name}=http://example.org|{value}"));
            }
        }
        all.push(format!("{name}:missing=true"));
        let modifiers = param
            .modifiers
            .iter()
            .filter(|m| everywhere(name, &|d| d.modifiers.contains(m)));
        all.extend(modifiers.filter_map(|modifier| Some(format!("{name}:{modifier}={}", example(name, modifier)?))));
    }
    let sortable = declared
        .iter()
        .map(|d| d.name)
        .filter(|name| everywhere(name, &|d| d.sortable));
    all.push(format!("_sort={}", sortable.collect::<Vec<_>>().join(",-")));
    all
}

/// A value for a modifier that wants one of its own.
fn example(name: &str, modifier: &str) -> Option<String> {
    let set = match name {
        "gender" => "administrative-gender",
        "category" => "condition-category",
        _ => "condition-clinical",
    };
    let text = match modifier {
        "contains" => "an%25".to_owned(),
        "text" => "dia".to_owned(),
        "in" => format!("http://hl7.org/fhir/ValueSet/{set}"),
        "below" if name == "_profile" => "http://hl7.org/fhir/us".to_owned(),
        "below" | "above" if name != "_profile" => "http://hl7.org/fhir/sid/icd-10-cm|E11.6".to_owned(),
        "of-type" => "http://terminology.hl7.org/CodeSystem/v2-0203|MR|7".to_owned(),
        "identifier" => "7".to_owned(),
        _ => return None,
    };
    Some(text)
}

/// A reference to every kind of row that the parameter leads to.
fn references(sample: &Sample, param: &Declared) -> Vec<String> {
    let targets = sample.vendor.served().into_iter().map(|p| p.target());
    targets
        .filter(|target| param.targets.contains(&target.ty))
        .map(|target| format!("{}={}/{}.{}.7", param.name, target.ty, sample.name(), target.kind))
        .collect()
}

/// A code that the parameter of this name may find: those of R4's own value sets are known to the mappings.
fn code(ty: ResourceType, name: &str) -> &'static str {
    match (ty.as_str(), name) {
        (_, "gender") => "female",
        ("Encounter", "status") => "finished",
        (_, "status") => "completed",
        (_, "class") => "AMB",
        (_, "category") => "problem-list-item",
        (_, "clinical-status") => "active",
        (_, "verification-status") => "confirmed",
        ("Procedure", "code") => "99213",
        (_, "code") => "I10",
        _ => "7",
    }
}
