use proptest::prelude::*;

use super::*;

const TYPES: [ResourceType; 4] = [
    ResourceType::Patient,
    ResourceType::Encounter,
    ResourceType::Condition,
    ResourceType::Location,
];

/// Values that look like something: dates, references, tokens, with escapes and strange letters in them.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        r"(eq|ne|gt|lt|ge|le|sa|eb|ap)?[0-9]{4}(-(0[1-9]|1[0-2])(-[0-3][0-9])?)?",
        r"[0-9]{4}-0[1-9]-[12][0-9]T[0-2][0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,8})?)?(Z|[ +-][01][0-9]:[0-5][0-9])?",
        r"(Patient|Group|Encounter)/[a-z0-9.-]{1,8}(/_history/[0-9])?",
        r"https?://[a-z/]{1,9}(\\\|[a-z]{1,3})?",
        r"([a-z:/]{1,9}\|)?([A-Z0-9.]{1,6})",
        r"\|?[a-z]{1,4}\|?",
        r"([a-zé\PC]|\\,|\\\||\\\$|\\\\){1,6}",
        r"[0-9]{1,3}(\.[0-9]{1,3})?(\|[a-z]{0,3}\|[a-z]{1,3})?",
        r"http://hl7.org/fhir/(ValueSet/languages|sid/icd-10-cm\|[A-Z][0-9]{2}(\.[0-9]{1,2})?)",
        r"[a-z:]{1,4}\|[A-Z]{2}\|[0-9a-z\\|]{1,4}",
        Just("true".to_owned()),
        any::<String>(),
    ]
}

fn name() -> impl Strategy<Value = String> {
    let known: Vec<String> = TYPES
        .iter()
        .flat_map(|ty| R4.names(*ty))
        .chain(["_count", "_sort", "_total", "_include", "_cursor", "_format"].map(str::to_owned))
        .collect();
    let base = prop_oneof![6 => prop::sample::select(known), 1 => any::<String>()];
    let modifier = prop_oneof![
        6 => Just(""), 1 => Just(":missing"), 1 => Just(":exact"), 1 => Just(":not"), 1 => Just(":Patient"), 1 => Just(":x.y"),
        1 => Just(":contains"), 1 => Just(":text"), 1 => Just(":in"), 1 => Just(":below"), 1 => Just(":of-type"), 1 => Just(":identifier"),
    ];
    (base, modifier).prop_map(|(base, modifier)| base + modifier)
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let values = prop::collection::vec(value(), 1..3).prop_map(|values| values.join(","));
    prop::collection::vec((name(), values), 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn no_input_panics(query in any::<String>(), bytes in "[a-z=&%+:|,\\\\$0-9A-F_-]{0,60}", ty in prop::sample::select(&TYPES[..])) {
        for text in [query, bytes] {
            let _ = run(ty, &text, Handling::Strict);
            let _ = run(ty, &text, Handling::Lenient);
        }
    }

    #[test]
    fn the_canonical_query_is_the_same_request(pairs in pairs(), ty in prop::sample::select(&TYPES[..])) {
        if let Ok(mut request) = parse(ty, &pairs, Handling::Lenient, &R4, &Limits::default()) {
            request.ignored.clear();
            let query = request.query();
            let again = run(ty, &query, Handling::Strict);
            prop_assert_eq!(again.as_ref(), Ok(&request), "{}", query);
            prop_assert_eq!(request.fingerprint(), again.unwrap().fingerprint());
        }
    }

    #[test]
    fn any_text_survives_as_a_string(text in r"[^\p{C}]{1,40}") {
        prop_assume!(!text.trim().is_empty());
        let mut request = Request::new(ResourceType::Patient);
        request.criteria.push(Criterion { path: vec![], name: "name".to_owned(), modifier: None, values: Values::String(vec![text]) });
        prop_assert_eq!(run(ResourceType::Patient, &request.query(), Handling::Strict), Ok(request));
    }

    #[test]
    fn strict_refuses_what_lenient_ignores(pairs in pairs(), ty in prop::sample::select(&TYPES[..])) {
        let lenient = parse(ty, &pairs, Handling::Lenient, &R4, &Limits::default());
        let strict = parse(ty, &pairs, Handling::Strict, &R4, &Limits::default());
        match (lenient, strict) {
            (Ok(lenient), Ok(strict)) => { prop_assert!(lenient.ignored.is_empty()); prop_assert_eq!(lenient, strict); }
            (Ok(lenient), Err(problems)) => prop_assert_eq!(lenient.ignored, problems),
            (Err(_), strict) => prop_assert!(strict.is_err()),
        }
    }
}
