//! The SQL of every declared search parameter in both dialects, and the declarations against R4.

mod searches;

use std::fmt::Write;
use std::sync::Arc;

use chrono::NaiveDateTime;
use fhir::definitions;
use fhir::search::{Handling, Limits, Vocabulary, parse, parse_query_string};
use mapper::db::Url;
use mapper::param::Context;
use mapper::sql::Keyset;
use mapper::{Dictionary, Plan, Provider, Source};
use mapper_healthjump::VENDOR;
use searches::SEARCHES;
use tests::support::source::{SOURCE, site};

/// A source whose database nobody asks.
fn source() -> Arc<Source> {
    let url = Url::parse("sqlite://nowhere/rows.db").unwrap();
    Arc::new(Source::open(&VENDOR, site(SOURCE, ""), url, mapper::Limits::default()).unwrap())
}

struct Renderer {
    dictionary: Dictionary,
    bases: Vec<String>,
}

impl Renderer {
    fn render(&self, provider: &dyn Provider, query: &str, place: Option<&Keyset>) -> String {
        let ty = provider.target().ty;
        let pairs = parse_query_string(query).unwrap();
        let request = parse(ty, &pairs, Handling::Strict, &self.dictionary, &Limits::default());
        let request = request.unwrap_or_else(|problems| panic!("{ty}?{query}: {problems:?}"));
        let site = site(SOURCE, "");
        let now: NaiveDateTime = "2025-05-05T00:00:00".parse().unwrap();
        let context = Context {
            site: &site,
            now,
            bases: &self.bases,
        };
        let plan = Plan {
            criteria: &request.criteria,
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
}

#[test]
fn the_sql_of_every_parameter() {
    let source = source();
    let renderer = Renderer {
        dictionary: Dictionary::of(&[Arc::clone(&source)]),
        bases: vec!["http://localhost:8080/fhir".to_owned()],
    };
    for provider in source.providers() {
        let kind = provider.target().kind;
        let (_, searches) = SEARCHES
            .iter()
            .find(|(k, _)| *k == kind)
            .unwrap_or_else(|| panic!("no searches of {kind}"));
        let mut text = String::new();
        for query in *searches {
            writeln!(text, "{}", renderer.render(provider.as_ref(), query, None)).unwrap();
        }
        let behind = Keyset::After(vec![], "7".to_owned());
        writeln!(
            text,
            "{}",
            renderer.render(provider.as_ref(), "_id=healthjump.x.1", Some(&behind))
        )
        .unwrap();
        let behind = Keyset::After(vec![Some("2024-05-05 10:00:00".to_owned())], "7".to_owned());
        writeln!(
            text,
            "{}",
            renderer.render(provider.as_ref(), "_sort=-_lastUpdated", Some(&behind))
        )
        .unwrap();
        insta::assert_snapshot!(kind, text);
        for declared in provider.declared() {
            let asks = |query: &&str| {
                query
                    .split('&')
                    .any(|pair| pair.split(['=', ':']).next() == Some(declared.name))
            };
            assert!(searches.iter().any(asks), "no search of {kind} by {}", declared.name);
        }
    }
}

#[test]
fn paging_over_dates_that_may_be_missing() {
    let source = source();
    let renderer = Renderer {
        dictionary: Dictionary::of(&[Arc::clone(&source)]),
        bases: vec![],
    };
    let conditions = source.providers().iter().find(|p| p.target().kind == "dx").unwrap();
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
            writeln!(text, "{}", renderer.render(conditions.as_ref(), sort, Some(&place))).unwrap();
        }
    }
    insta::assert_snapshot!(text);
}

/// A search that cannot match anything of a mapping must not reach its table.
#[test]
fn what_can_never_match_is_seen_before_the_database_is_asked() {
    let source = source();
    let renderer = Renderer {
        dictionary: Dictionary::of(&[Arc::clone(&source)]),
        bases: vec![],
    };
    for (kind, query) in [
        ("enc", "_id=healthjump.appt.7"),
        ("enc", "patient=Practitioner/healthjump.prov.1"),
        ("pt", "gender=http://example.org|female"),
        ("pt", "gender=|female"),
        ("dx", "category=health-concern"),
        ("px", "patient=other.pt.7"),
    ] {
        let provider = source.providers().iter().find(|p| p.target().kind == kind).unwrap();
        let sql = renderer.render(provider.as_ref(), query, None);
        assert!(sql.contains("1 = 0"), "{sql}");
    }
}

/// Every parameter is one of R4 (or US Core) for its type, of the same type, and leads only to types it may lead to.
#[test]
fn every_parameter_is_defined_by_r4() {
    let source = source();
    for provider in source.providers() {
        let ty = provider.target().ty;
        for declared in provider.declared() {
            let defined =
                definitions::find(ty, declared.name).unwrap_or_else(|| panic!("{ty} has no {}", declared.name));
            assert_eq!(defined.ty, declared.kind, "{ty} {}", declared.name);
            for target in &declared.targets {
                let allowed = defined.targets.is_empty() || defined.targets.contains(target);
                assert!(allowed, "{ty} {} does not lead to {target}", declared.name);
            }
        }
    }
}

/// What a reference leads to is served, so that no include comes back empty for that reason.
#[test]
fn every_include_target_is_served() {
    let source = source();
    let dictionary = Dictionary::of(&[Arc::clone(&source)]);
    for (ty, params) in dictionary.types() {
        for declared in params {
            for target in &declared.targets {
                assert_eq!(
                    dictionary.served(target.as_str()),
                    Some(*target),
                    "{ty} {}",
                    declared.name
                );
                assert!(dictionary.has_include(ty, declared.name, Some(*target)));
            }
        }
    }
}

/// What can be searched, as it was promised.
#[test]
fn the_promised_parameters_are_there() {
    let source = source();
    let dictionary = Dictionary::of(&[Arc::clone(&source)]);
    for (ty, names) in [
        ("Patient", "_id identifier name family given birthdate gender"),
        (
            "Encounter",
            "_id identifier patient subject date status class type location participant",
        ),
        (
            "Condition",
            "_id identifier patient subject encounter category clinical-status verification-status code onset-date \
             abatement-date recorded-date",
        ),
        (
            "Procedure",
            "_id identifier patient subject encounter date status code performer",
        ),
        ("Practitioner", "_id identifier name"),
        ("Location", "_id identifier name"),
        ("Organization", "_id identifier name"),
    ] {
        let served = dictionary.served(ty).unwrap();
        for name in names.split_whitespace().chain(["_lastUpdated"]) {
            assert!(dictionary.param_type(served, name).is_some(), "{ty} {name}");
        }
    }
}
