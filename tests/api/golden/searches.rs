//! The searches whose SQL is kept: those that `golden/V.json` lists for vendor V, by kind; without such a file, or for a kind
//! that is not in it, some of every declared parameter.

use std::collections::BTreeMap;
use std::path::Path;

use fhir::r4::ResourceType;
use fhir::search::ParamType;
use mapper::{Declared, Provider};
use tests::support::sample::Sample;

/// The searches of one mapping.
pub fn searches(sample: &Sample, provider: &dyn Provider) -> Vec<String> {
    listed(sample.vendor.name, provider.target().kind).unwrap_or_else(|| made(sample, provider))
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
    let mut all = vec![
        format!("_id={source}.{own}.7,{source}.none.7"),
        "_lastUpdated=ge2024-05-05".to_owned(),
    ];
    for param in declared.iter().filter(|d| !d.name.starts_with('_')) {
        let name = param.name;
        match param.kind {
            ParamType::Reference => all.extend(references(sample, param)),
            ParamType::Date => all.extend([format!("{name}=2024-05-05"), format!("{name}=ap2024-05-05T10:00:00Z")]),
            ParamType::String => all.extend([format!("{name}=jos%C3%A9"), format!("{name}:exact=O%27Hara")]),
            _ => {
                let value = code(ty, name);
                all.extend([format!("{name}={value},unknown"), format!("{name}:not={value}")]);
                all.push(format!("{name}=http://example.org|{value}"));
            }
        }
        all.push(format!("{name}:missing=true"));
    }
    let sortable = declared.iter().filter(|d| d.sortable).map(|d| d.name);
    all.push(format!("_sort={}", sortable.collect::<Vec<_>>().join(",-")));
    all
}

/// A reference to every kind of row that the parameter leads to.
fn references(sample: &Sample, param: &Declared) -> Vec<String> {
    let targets = (sample.vendor.providers)().into_iter().map(|p| p.target());
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
