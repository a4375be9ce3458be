use super::*;
use crate::outcome::{IssueCode, Severity};
use ResourceType::{Condition, Encounter, Patient};

fn only(request: &Request) -> &Criterion {
    assert_eq!(request.criteria.len(), 1);
    &request.criteria[0]
}

fn tokens(query: &str) -> Vec<Token> {
    let request = strict(Condition, query);
    let Values::Token(tokens) = &only(&request).values else {
        panic!("{request:?}");
    };
    tokens.clone()
}

fn references(query: &str) -> Vec<Reference> {
    let request = strict(Condition, query);
    let Values::Reference(references) = &only(&request).values else {
        panic!("{request:?}");
    };
    references.clone()
}

#[test]
fn a_token_has_four_forms() {
    let (system, code) = ("http://loinc.org".to_owned(), "1-8".to_owned());
    assert_eq!(
        tokens("code=1-8,http://loinc.org|1-8,%7C1-8,http://loinc.org%7C"),
        [
            Token::Code(code.clone()),
            Token::Coded {
                system: system.clone(),
                code: code.clone()
            },
            Token::NoSystem(code),
            Token::System(system),
        ]
    );
    for value in ["%7C", "a%7Cb%7Cc", "a,,b", ",", "a,", "a%5Cb", "a%5C"] {
        let problems = refused(Condition, &format!("code={value}"), Handling::Lenient);
        assert_eq!(problems[0].kind, ProblemKind::Value, "{value}");
    }
}

#[test]
fn escapes_keep_separators_in_values() {
    let expected = Token::Coded {
        system: "a|b".to_owned(),
        code: r"c,d\$".to_owned(),
    };
    assert_eq!(tokens(r"code=a\|b|c\,d\\\$"), [expected]);
    let request = strict(Patient, r"name=van \, der,O'Neil");
    let names = vec!["van , der".to_owned(), "O'Neil".to_owned()];
    assert_eq!(only(&request).values, Values::String(names));
}

#[test]
fn a_reference_has_three_forms_and_loses_its_version() {
    let typed = |ty, id: &str| Reference::Typed { ty, id: id.to_owned() };
    let url = |url: &str| Reference::Absolute { url: url.to_owned() };
    assert_eq!(
        references("subject=hj.pt.1,Patient/2,Group/3/_history/4,http://h/fhir/Patient/5/_history/6,urn:uuid:7"),
        [
            Reference::Id("hj.pt.1".to_owned()),
            typed(Patient, "2"),
            typed(ResourceType::Group, "3"),
            url("http://h/fhir/Patient/5"),
            url("urn:uuid:7"),
        ]
    );
    let long = "x".repeat(65);
    for value in [
        "Pacient/1",
        "Patient/",
        "/1",
        "Patient/1/2",
        "Patient/1/_history/",
        "a_b",
        "%231",
        "http://",
        "urn:",
        "http://h/a b",
        &long,
    ] {
        let problems = refused(Condition, &format!("subject={value}"), Handling::Lenient);
        assert_eq!(problems[0].kind, ProblemKind::Value, "{value}");
    }
}

#[test]
fn a_type_modifier_is_folded_into_the_values() {
    let request = strict(Condition, "subject:Patient=1,Patient/2,http://h/fhir/Patient/3");
    assert_eq!(only(&request).modifier, None);
    assert_eq!(request.query(), "subject=Patient/1,Patient/2,http://h/fhir/Patient/3");
    for value in ["Group/1", "http://h/fhir/Group/1", "urn:uuid:7"] {
        refused(Condition, &format!("subject:Patient={value}"), Handling::Lenient);
    }
}

#[test]
fn supported_modifiers() {
    assert_eq!(only(&strict(Patient, "name:exact=Ng")).modifier, Some(Modifier::Exact));
    assert_eq!(only(&strict(Condition, "code:not=I10")).modifier, Some(Modifier::Not));
    let request = strict(Condition, "onset-date:missing=false");
    assert_eq!(only(&request).modifier, Some(Modifier::Missing(false)));
    assert_eq!(only(&request).values, Values::None);
    assert_eq!(request.query(), "onset-date:missing=false");
    for value in ["", "TRUE", "1", "true,false"] {
        refused(Condition, &format!("code:missing={value}"), Handling::Lenient);
    }
}

#[test]
fn modifiers_change_what_a_value_is() {
    let values = |ty, query: &str| only(&strict(ty, query)).values.clone();
    let text = |text: &str| vec![text.to_owned()];
    assert_eq!(values(Patient, "name:contains=ng"), Values::String(text("ng")));
    assert_eq!(
        values(Condition, "code:text=head,ache"),
        Values::String(vec!["head".into(), "ache".into()])
    );
    let set = "http://hl7.org/fhir/ValueSet/administrative-gender";
    assert_eq!(values(Patient, &format!("gender:in={set}")), Values::Uri(text(set)));
    assert_eq!(
        strict(Patient, &format!("gender:not-in={set}"))
            .query()
            .split('=')
            .next(),
        Some("gender:not-in")
    );
    let of_type = OfType {
        system: "http://t".to_owned(),
        code: "MR".to_owned(),
        value: "a|b".to_owned(),
    };
    let request = strict(Patient, r"identifier:of-type=http://t|MR|a\|b");
    assert_eq!(only(&request).values, Values::OfType(vec![of_type]));
    assert_eq!(strict(Patient, &request.query()), request);
    let below = Token::Coded {
        system: crate::system::ICD10CM.to_owned(),
        code: "E11".to_owned(),
    };
    let query = format!("code:below={}|E11", crate::system::ICD10CM);
    assert_eq!(values(Condition, &query), Values::Token(vec![below]));
    let number = Token::Coded {
        system: "urn:n".to_owned(),
        code: "7".to_owned(),
    };
    assert_eq!(
        values(Condition, "subject:identifier=urn:n|7"),
        Values::Token(vec![number])
    );
}

#[test]
fn what_a_modifier_cannot_do_with_a_value_is_said() {
    for (query, reason) in [
        ("code:below=E11", "it must be system|code"),
        (
            "code:above=http://hl7.org/fhir/sid/icd-10-cm|",
            "it must be system|code",
        ),
        (
            "code:below=http://snomed.info/sct|404684003",
            "only the hierarchies of ICD-10-CM and ICD-9-CM",
        ),
        ("identifier:of-type=MR|7", "it must be system|code|value"),
        ("identifier:of-type=http://t||7", "it must be system|code|value"),
        (
            "code:in=http://example.org/vs",
            "it is no value set that is known here: http://hl7.org/fhir/ValueSet/address-use, ",
        ),
    ] {
        let problems = refused(Condition, query, Handling::Lenient);
        assert_eq!(problems[0].kind, ProblemKind::Value, "{query}");
        assert!(problems[0].message.contains(reason), "{query}: {}", problems[0].message);
        assert!(!problems[0].message.contains("example.org"));
    }
}

#[test]
fn other_modifiers_are_reported_or_refused() {
    for (name, hint) in [
        (
            "name:not",
            "name:not is not supported: name takes :missing, :exact, :contains here",
        ),
        ("gender:exact", "here"),
        ("gender:", "here"),
        ("birthdate:Patient", "birthdate takes :missing here"),
        ("name:foo", "here"),
        ("name:contain", "; did you mean :contains?"),
        ("identifier:of_type", "; did you mean :of-type?"),
        (
            "organization:in",
            "organization takes :missing, :[type], :identifier here",
        ),
    ] {
        let query = format!("{name}=x");
        let problems = refused(Patient, &query, Handling::Strict);
        assert_eq!(problems[0].kind, ProblemKind::UnsupportedModifier, "{name}");
        assert!(problems[0].message.ends_with(hint), "{}", problems[0].message);
        let request = run(Patient, &query, Handling::Lenient).unwrap();
        assert_eq!((request.criteria.len(), request.query().as_str()), (0, ""));
        assert_eq!(request.ignored, problems);
    }
}

#[test]
fn unknown_parameters_are_reported_with_the_nearest_name() {
    let request = run(
        Patient,
        "birthDate=1970&name=Ng&_has:Condition:code:code=I10",
        Handling::Lenient,
    )
    .unwrap();
    assert_eq!(request.query(), "name=Ng");
    let messages: Vec<&str> = request.ignored.iter().map(|each| each.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "Patient cannot be searched by birthDate; did you mean birthdate?",
            "_has:Condition:code:code does not follow a reference that Patient has here"
        ]
    );
    let issue = request.ignored[0].issue(Severity::Warning);
    assert_eq!(
        (issue.code, issue.location.as_deref()),
        (IssueCode::NotSupported, Some("http.birthDate"))
    );
    assert_eq!(refused(Patient, "subject.name=x&_count=x", Handling::Strict).len(), 2);
}

#[test]
fn problems_never_repeat_values() {
    let secret = "Xq9";
    for query in [
        "birthdate=Xq9",
        "name=Xq9,",
        "organization=Xq9/Xq9",
        "_count=Xq9",
        "_sort=Xq9",
        "_include=Xq9",
        "_total=Xq9",
        "name=a%00Xq9",
        "name:missing=Xq9",
        "a Xq9=1",
        "_include=Patient:Xq9",
    ] {
        for problem in refused(Patient, query, Handling::Strict) {
            assert!(
                !problem.message.contains(secret) && !problem.parameter.contains(secret),
                "{problem:?}"
            );
        }
    }
}

#[test]
fn a_comma_is_or_and_a_repetition_is_and() {
    let request = strict(Encounter, "date=ge2020&date=lt2021&status=planned,finished");
    assert_eq!(request.criteria.len(), 3);
    assert_eq!(request.query(), "date=ge2020&date=lt2021&status=planned,finished");
}

#[test]
fn empty_values_and_control_characters_are_refused() {
    for query in ["name=", "name", "name=%20", "name=a%00", "name=%1b", "_id=,"] {
        assert_eq!(
            refused(Patient, query, Handling::Lenient)[0].kind,
            ProblemKind::Value,
            "{query}"
        );
    }
}

#[test]
fn quantities_and_uris() {
    let number = |text: &str| Number {
        prefix: Prefix::Gt,
        value: text.to_owned(),
    };
    let request = strict(Encounter, "length=gt1.50e2|http://unitsofmeasure.org|min,gt5||h,gt-7");
    let unit = Token::Coded {
        system: "http://unitsofmeasure.org".to_owned(),
        code: "min".to_owned(),
    };
    let expected = vec![
        Quantity {
            number: number("1.50e2"),
            unit: Some(unit),
        },
        Quantity {
            number: number("5"),
            unit: Some(Token::NoSystem("h".to_owned())),
        },
        Quantity {
            number: number("-7"),
            unit: None,
        },
    ];
    assert_eq!(only(&request).values, Values::Quantity(expected));
    for value in ["x", "1|", "1|a", "1|a|", "1.", ".5", "1e", "--1", "1|a|b|c"] {
        refused(Encounter, &format!("length={value}"), Handling::Lenient);
    }
    assert_eq!(
        strict(Patient, "_profile=http://a/b%7C1").query(),
        "_profile=http://a/b%5C%7C1"
    );
}
