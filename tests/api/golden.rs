//! The SQL of every declared search parameter in both dialects, and the declarations against R4.

mod searches;

use std::fmt::Write;
use std::sync::Arc;

use chrono::NaiveDateTime;
use fhir::definitions;
use fhir::search::{Handling, Limits, ParamType, Vocabulary, parse, parse_query_string};
use mapper::db::{Access, Manager, Url};
use mapper::param::Context;
use mapper::sql::Keyset;
use mapper::{Dictionary, Plan, Profile, Provider, Site, Source};
use searches::{made, names, searches};
use tests::support::sample::{Sample, samples};

/// The source of a sample, without profile, whose database nobody asks.
pub fn source(sample: &Sample) -> Arc<Source> {
    let url = Url::parse("sqlite://nowhere/rows.db").unwrap();
    let limits = mapper::Limits::default();
    let manager = Manager::new(url, Access::ReadOnly, limits.statement);
    Arc::new(Source::open(sample.vendor, site(sample), manager, limits).unwrap())
}

fn site(sample: &Sample) -> Site {
    let zone = sample.site.zone();
    sample.vendor.site(sample.name(), zone, Profile::default()).unwrap()
}

/// Healthjump's, for what is looked at once.
fn healthjump() -> &'static Sample {
    let named = |s: &&Sample| s.vendor.name == "healthjump";
    samples().iter().find(named).expect("Healthjump's sample")
}

struct Renderer {
    source: Arc<Source>,
    site: Site,
    dictionary: Dictionary,
    bases: Vec<String>,
}

impl Renderer {
    fn new(sample: &Sample) -> Self {
        let source = source(sample);
        Self {
            dictionary: Dictionary::of(&[Arc::clone(&source)]),
            source,
            site: site(sample),
            bases: vec!["http://localhost:8080/fhir".to_owned()],
        }
    }

    fn provider(&self, kind: &str) -> &dyn Provider {
        let found = self.source.providers().iter().find(|p| p.target().kind == kind);
        found.unwrap_or_else(|| panic!("no kind {kind}")).as_ref()
    }

    fn render(&self, provider: &dyn Provider, query: &str, place: Option<&Keyset>) -> String {
        let ty = provider.target().ty;
        let pairs = parse_query_string(query).unwrap();
        let request = parse(ty, &pairs, Handling::Strict, &self.dictionary, &Limits::default());
        let request = request.unwrap_or_else(|problems| panic!("{ty}?{query}: {problems:?}"));
        let now: NaiveDateTime = "2025-05-05T00:00:00".parse().unwrap();
        let context = Context {
            access: None,
            follow: &mapper::param::Alone,
            site: &self.site,
            now,
            bases: &self.bases,
        };
        let plan = Plan {
            criteria: &request.criteria,
            confined: &request.confined,
            sort: &request.sort,
            place,
            limit: 51,
        };
        let mut text = format!("{ty}?{query}{}\n", if place.is_some() { " (next page)" } else { "" });
        for (postgres, sqlite) in provider.sql(plan, context) {
            write!(text, "  postgres {postgres}\n  sqlite   {sqlite}\n").unwrap();
        }
        text
    }

    /// The searches of a mapping, and two of its next pages.
    fn all(&self, provider: &dyn Provider, searches: &[String]) -> String {
        let mut text = String::new();
        let mut add = |query: &str, place: Option<&Keyset>| {
            writeln!(text, "{}", self.render(provider, query, place)).unwrap();
        };
        for query in searches {
            add(query, None);
        }
        let behind = Keyset::After(vec![], "7".to_owned());
        add(&format!("_id={}.x.1", self.site.name()), Some(&behind));
        let behind = Keyset::After(vec![Some("2024-05-05 10:00:00".to_owned())], "7".to_owned());
        add("_sort=-_lastUpdated", Some(&behind));
        text
    }
}

#[test]
fn the_sql_of_every_parameter() {
    for sample in samples() {
        let (renderer, vendor) = (Renderer::new(sample), sample.vendor.name);
        for provider in renderer.source.providers() {
            let kind = provider.target().kind;
            // The provenance of one mapping shows what that of all is like.
            if provider.provenance().is_none() && (vendor, kind) != ("healthjump", "p-pt") {
                continue;
            }
            let searches = searches(sample, provider.as_ref());
            let text = renderer.all(provider.as_ref(), &searches);
            insta::assert_snapshot!(format!("{vendor}__{kind}"), text);
            for declared in provider.declared() {
                let asked = searches
                    .iter()
                    .any(|query| names(query).any(|name| name == declared.name));
                assert!(asked, "no search of {vendor}'s {kind} by {}", declared.name);
            }
        }
    }
}

/// A vendor without a list of its own gets searches that are answered.
#[test]
fn searches_can_be_made_of_what_is_declared() {
    for sample in samples() {
        let renderer = Renderer::new(sample);
        for provider in renderer.source.providers() {
            for query in made(sample, provider.as_ref()) {
                assert!(renderer.render(provider.as_ref(), &query, None).contains("postgres"));
            }
        }
    }
}

#[test]
fn paging_over_dates_that_may_be_missing() {
    let renderer = Renderer::new(healthjump());
    let conditions = renderer.provider("dx");
    let mut text = String::new();
    for (sort, key) in [
        ("_sort=onset-date", vec![Some("2024-05-05 10:00:00".to_owned())]),
        ("_sort=-onset-date", vec![Some("2024-05-05 10:00:00".to_owned())]),
        ("_sort=onset-date", vec![None]),
        (
            "_sort=-onset-date,recorded-date",
            vec![Some("2024-05-05 10:00:00".to_owned()), None],
        ),
    ] {
        for place in [
            Keyset::After(key.clone(), "7".into()),
            Keyset::AfterTies(key.clone()),
            Keyset::WithTies(key),
        ] {
            writeln!(text, "{}", renderer.render(conditions, sort, Some(&place))).unwrap();
        }
    }
    insta::assert_snapshot!(text);
}

/// A search that cannot match anything of a mapping must not reach its table.
#[test]
fn what_can_never_match_is_seen_before_the_database_is_asked() {
    let never = |renderer: &Renderer, provider: &dyn Provider, query: &str| {
        let sql = renderer.render(provider, query, None);
        assert!(sql.contains("1 = 0"), "{sql}");
    };
    let renderer = Renderer::new(healthjump());
    for (kind, query) in [
        ("enc", "_id=healthjump.appt.7"),
        ("enc", "patient=Practitioner/healthjump.prov.1"),
        ("pt", "gender=http://example.org|female"),
        ("pt", "gender=|female"),
        ("dx", "category=health-concern"),
        ("px", "patient=other.pt.7"),
    ] {
        never(&renderer, renderer.provider(kind), query);
    }
    for sample in samples() {
        let renderer = Renderer::new(sample);
        for provider in renderer.source.providers() {
            never(&renderer, provider.as_ref(), &format!("_id={}.none.7", sample.name()));
            // Another source's rows may have the same keys.
            let own = provider.target().kind;
            never(&renderer, provider.as_ref(), &format!("_id=other.{own}.7"));
            let references = provider.declared().into_iter();
            for declared in references.filter(|d| d.kind == ParamType::Reference) {
                for target in renderer.source.providers() {
                    let id = format!("other.{}.7", target.target().kind);
                    never(&renderer, provider.as_ref(), &format!("{}={id}", declared.name));
                }
            }
        }
    }
}

/// Every parameter is one of R4 (or US Core) for its type, of the same type, and leads only to types it may lead to.
#[test]
fn every_parameter_is_defined_by_r4() {
    for sample in samples() {
        let vendor = sample.vendor.name;
        for provider in source(sample).providers() {
            let ty = provider.target().ty;
            for declared in provider.declared() {
                let name = declared.name;
                let defined = definitions::find(ty, name).unwrap_or_else(|| panic!("{vendor}: {ty} has no {name}"));
                assert_eq!(defined.ty, declared.kind, "{vendor}: {ty} {name}");
                for target in &declared.targets {
                    let allowed = defined.targets.is_empty() || defined.targets.contains(target);
                    assert!(allowed, "{vendor}: {ty} {name} does not lead to {target}");
                }
            }
        }
    }
}

/// Each sample's dictionary, and that of all together.
fn dictionaries() -> Vec<(String, Dictionary)> {
    let sources: Vec<Arc<Source>> = samples().iter().map(source).collect();
    let alone = sources
        .iter()
        .map(|s| (s.name().to_owned(), Dictionary::of(&[Arc::clone(s)])));
    alone.chain([("all".to_owned(), Dictionary::of(&sources))]).collect()
}

/// What a reference leads to is served, so that no include comes back empty for that reason.
#[test]
fn every_include_target_is_served() {
    for (of, dictionary) in dictionaries() {
        for (ty, params) in dictionary.types() {
            for declared in params {
                for target in &declared.targets {
                    let served = dictionary.served(target.as_str());
                    assert_eq!(served, Some(*target), "{of}: {ty} {}", declared.name);
                    assert!(dictionary.has_include(ty, declared.name, Some(*target)));
                }
            }
        }
    }
}

/// What every source and all together can be asked, as the README promises. The last member: what it can be sorted by.
#[test]
fn the_promised_parameters_are_there() {
    let mut missing = vec![];
    for (of, dictionary) in dictionaries() {
        for (ty, names, sorts) in [
            (
                "Patient",
                "identifier name family given birthdate gender general-practitioner organization",
                "family birthdate",
            ),
            (
                "Encounter",
                "identifier patient subject date status class type location participant practitioner service-provider",
                "date",
            ),
            (
                "Condition",
                "identifier patient subject encounter category clinical-status code onset-date \
                 abatement-date recorded-date",
                "onset-date abatement-date recorded-date",
            ),
            (
                "Procedure",
                "identifier patient subject encounter date status code performer",
                "date",
            ),
            ("Practitioner", "identifier name", ""),
            ("Location", "identifier name", "name"),
            ("Organization", "identifier name", "name"),
        ] {
            let served = dictionary.served(ty).unwrap();
            for name in names.split_whitespace().chain(["_id", "_lastUpdated"]) {
                if dictionary.param_type(served, name).is_none() {
                    missing.push(format!("{of}: {ty} {name}"));
                }
            }
            for name in sorts.split_whitespace().chain(["_lastUpdated"]) {
                if !dictionary.is_sortable(served, name) {
                    missing.push(format!("{of}: {ty} by {name}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
