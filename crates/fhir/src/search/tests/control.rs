use super::*;
use ResourceType::{Condition, Patient};

#[test]
fn count_is_lowered_but_must_be_a_number() {
    for (value, count) in [
        ("0", 0),
        ("20", 20),
        ("1000", 1000),
        ("1001", 1000),
        ("99999999999999999999", 1000),
    ] {
        let request = strict(Patient, &format!("_count={value}"));
        assert_eq!(request.count, Some(count));
        assert_eq!(request.query(), format!("_count={count}"));
    }
    for value in ["", "-1", "1.0", "abc", "+5", "%D9%A3"] {
        assert_eq!(
            refused(Patient, &format!("_count={value}"), Handling::Lenient)[0].kind,
            ProblemKind::Value
        );
    }
    assert_eq!(
        refused(Patient, "_count=1&_count=2", Handling::Lenient)[0].kind,
        ProblemKind::Syntax
    );
}

#[test]
fn sort_takes_known_keys() {
    let request = strict(Condition, "_sort=-onset-date,_lastUpdated");
    let key = |name: &str, descending| Sort {
        name: name.to_owned(),
        descending,
    };
    assert_eq!(request.sort, [key("onset-date", true), key("_lastUpdated", false)]);
    let request = run(Condition, "_sort=code,-onset-date,--onset-date", Handling::Lenient).unwrap();
    assert_eq!(
        (request.query().as_str(), request.ignored.len()),
        ("_sort=-onset-date", 2)
    );
    assert_eq!(
        refused(Condition, "_sort=code", Handling::Strict)[0].kind,
        ProblemKind::UnsupportedSort
    );
    assert_eq!(
        refused(Condition, "_sort=", Handling::Lenient)[0].kind,
        ProblemKind::Value
    );
    assert_eq!(
        refused(Condition, "_sort:desc=code", Handling::Strict)[0].kind,
        ProblemKind::UnsupportedModifier
    );
}

#[test]
fn includes_of_the_searched_type() {
    let request = strict(
        Condition,
        "_include=Condition:encounter&_include=Condition:subject:Patient&_include=Condition:encounter",
    );
    assert_eq!(request.includes.len(), 2);
    assert_eq!(
        request.query(),
        "_include=Condition:encounter&_include=Condition:subject:Patient"
    );
    assert_eq!(strict(Condition, "_include=*").query(), "_include=Condition:%2A");
    for value in [
        "Condition:code",
        "Condition:subject:Practitioner",
        "Encounter:subject",
        "Foo:bar",
        "Condition:subject:Foo",
    ] {
        let problems = refused(Condition, &format!("_include={value}"), Handling::Strict);
        assert_eq!(problems[0].kind, ProblemKind::UnsupportedInclude, "{value}");
    }
    for value in ["", "Condition", "Condition:", "Condition:a:b:c", ":encounter"] {
        let problems = refused(Condition, &format!("_include={value}"), Handling::Lenient);
        assert_eq!(problems[0].kind, ProblemKind::Value, "{value}");
    }
}

#[test]
fn includes_the_other_way_and_step_by_step() {
    let same = |ty, query: &str| assert_eq!(strict(ty, query).query(), query);
    same(Patient, "_revinclude=Condition:subject");
    same(
        Patient,
        "_revinclude=Condition:subject:Patient&_include:iterate=Condition:encounter",
    );
    same(Patient, "_revinclude=Condition:%2A");
    same(
        Condition,
        "_include=Condition:subject&_include:iterate=Patient:organization",
    );
    assert_eq!(
        strict(ResourceType::Encounter, "_revinclude=*").query(),
        "_revinclude=Condition:%2A&_revinclude=Encounter:%2A"
    );
    for value in [
        "Encounter:location",
        "Condition:subject:Group",
        "Condition:code",
        "Foo:bar",
    ] {
        let problems = refused(Patient, &format!("_revinclude={value}"), Handling::Strict);
        assert_eq!(problems[0].kind, ProblemKind::UnsupportedInclude, "{value}");
    }
    assert_eq!(
        refused(Patient, "_revinclude:deep=Condition:subject", Handling::Strict)[0].kind,
        ProblemKind::UnsupportedModifier
    );
}

#[test]
fn total_and_what_belongs_to_http() {
    assert_eq!(
        strict(Patient, "_total=accurate&_format=json&_pretty=").query(),
        "_total=accurate"
    );
    assert_eq!(strict(Patient, "_total=none"), Request::new(Patient));
    assert_eq!(
        refused(Patient, "_total=some", Handling::Lenient)[0].kind,
        ProblemKind::Value
    );
}

#[test]
fn unsupported_control_parameters_are_told() {
    for name in ["_contained", "_text", "_filter"] {
        let problems = refused(Patient, &format!("{name}=x"), Handling::Strict);
        assert_eq!(problems[0].kind, ProblemKind::UnsupportedParameter, "{name}");
        assert_eq!(
            run(Patient, &format!("{name}=x"), Handling::Lenient).unwrap().ignored,
            problems
        );
    }
}

#[test]
fn the_fingerprint_is_of_selection_and_order() {
    let print = |query: &str| strict(Condition, query).fingerprint();
    let base = print("code=I10&_sort=onset-date");
    assert_eq!(
        base,
        print("code=I10&_sort=onset-date&_count=5&_cursor=abc&_format=json")
    );
    assert_eq!(base, print("_sort=onset-date&code=I10"));
    for other in [
        "code=I11&_sort=onset-date",
        "code=I10",
        "code=I10&_sort=-onset-date",
        "code:not=I10&_sort=onset-date",
        "code=I10&_sort=onset-date&_include=Condition:encounter",
    ] {
        assert_ne!(base, print(other), "{other}");
    }
    assert_ne!(
        Request::new(Patient).fingerprint(),
        Request::new(Condition).fingerprint()
    );
}

#[test]
fn limits() {
    let many = |n: usize, item: &str, separator: &str| vec![item; n].join(separator);
    strict(Patient, &many(MAX_PARAMETERS, "name=a", "&"));
    assert_eq!(
        refused(Patient, &many(MAX_PARAMETERS + 1, "name=a", "&"), Handling::Lenient)[0].kind,
        ProblemKind::Limit
    );
    strict(Patient, &format!("name={}", many(MAX_VALUES, "a", ",")));
    assert_eq!(
        refused(
            Patient,
            &format!("name={}", many(MAX_VALUES + 1, "a", ",")),
            Handling::Lenient
        )[0]
        .kind,
        ProblemKind::Limit
    );
    strict(Patient, &format!("name={}", "a".repeat(MAX_VALUE_LENGTH)));
    assert_eq!(
        refused(
            Patient,
            &format!("name={}", "a".repeat(MAX_VALUE_LENGTH + 1)),
            Handling::Lenient
        )[0]
        .kind,
        ProblemKind::Limit
    );
}

#[test]
fn a_cursor_is_kept_as_it_is() {
    let request = strict(Patient, "_cursor=a-b_c%2B%3D,x");
    assert_eq!(request.cursor.as_deref(), Some("a-b_c+=,x"));
    assert_eq!(request.query(), "_cursor=a-b_c%2B%3D,x");
    refused(Patient, "_cursor=", Handling::Lenient);
    refused(
        Patient,
        &format!("_cursor={}", "a".repeat(MAX_CURSOR_LENGTH + 1)),
        Handling::Lenient,
    );
}

#[test]
fn parts_of_resources() {
    for query in [
        "_summary=true",
        "_summary=text",
        "_summary=data",
        "_summary=count",
        "_elements=name,birthDate",
    ] {
        assert_eq!(strict(Patient, query).query().replace("%2C", ","), query);
    }
    assert_eq!(strict(Patient, "_summary=false"), Request::new(Patient));
    assert_eq!(
        strict(Patient, "_elements=Patient.name.family").query(),
        "_elements=name"
    );
    for query in [
        "_summary=some",
        "_summary=true&_elements=name",
        "_elements=name&_summary=count",
        "_elements=",
        "_elements=na%20me",
        "_summary=true&_summary=true",
    ] {
        refused(Patient, query, Handling::Lenient);
    }
    let text = run(Condition, "_summary=text&_include=Condition:subject", Handling::Lenient).unwrap();
    assert_eq!((text.includes.len(), text.ignored.len()), (0, 1));
    refused(Condition, "_include=Condition:subject&_summary=count", Handling::Strict);
}

#[test]
fn explaining_has_to_be_allowed() {
    let allowed = Limits {
        explain: true,
        ..Limits::default()
    };
    let pairs = parse_query_string("_explain=true&_count=2").unwrap();
    let request = parse(Patient, &pairs, Handling::Strict, &R4, &allowed).unwrap();
    assert!(request.explain);
    assert_eq!(request.query(), "_count=2&_explain=true");
    // The same search, so that page links are good with it and without.
    assert_eq!(request.fingerprint(), strict(Patient, "_count=2").fingerprint());
    let request = run(Patient, "_explain=true", Handling::Lenient).unwrap();
    assert!(!request.explain && request.ignored.len() == 1);
    assert_eq!(
        refused(Patient, "_explain=true", Handling::Strict)[0].kind,
        ProblemKind::UnsupportedParameter
    );
    assert_eq!(
        refused(Patient, "_explain=1", Handling::Lenient)[0].kind,
        ProblemKind::Value
    );
}
