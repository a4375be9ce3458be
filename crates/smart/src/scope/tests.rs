use proptest::prelude::*;

use super::*;

fn scopes(text: &str) -> Scopes {
    Scopes::parse(text)
}

#[test]
fn scopes_are_echoed_as_they_were_asked_for() {
    for text in [
        "openid fhirUser launch/patient offline_access patient/Patient.rs",
        "patient/*.read user/Practitioner.r system/Condition.cruds",
        "patient/Condition.rs?category=http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item",
        "patient/Observation.write patient/*.* launch/encounter online_access launch",
    ] {
        assert_eq!(scopes(text).to_string(), text);
    }
}

#[test]
fn what_is_not_a_scope_is_left_out_and_nothing_comes_twice() {
    for text in [
        "profile",
        "patient/Condition",
        "patient/Condition.",
        "patient/Condition.sr",
        "patient/Condition.rr",
        "patient/Condition.rx",
        "patient/Condition.rs?",
        "patient/Condition.rs?category",
        "patient/Condition.rs?=x",
        "patient/Condition.read?category=x",
        "patient/Nothing.rs",
        "Patient/Condition.rs",
        "practitioner/Condition.rs",
        "patient/condition.rs",
    ] {
        assert!(scopes(text).is_empty(), "{text}");
    }
    assert_eq!(scopes(" openid  openid\tlaunch ").to_string(), "openid launch");
}

#[test]
fn a_server_that_is_read_grants_no_writing() {
    let asked = scopes("patient/Patient.cruds patient/*.* patient/Condition.write patient/Condition.cud openid");
    assert_eq!(asked.readable().to_string(), "patient/Patient.rs patient/*.read openid");
}

#[test]
fn a_scope_covers_less_and_never_more() {
    let covers = |mine: &str, theirs: &str| Scope::parse(mine).unwrap().covers(&Scope::parse(theirs).unwrap());
    for (mine, theirs) in [
        ("patient/*.rs", "patient/Condition.rs"),
        ("patient/Condition.rs", "patient/Condition.r"),
        ("patient/*.read", "patient/Condition.rs"),
        ("patient/Condition.rs", "patient/Condition.rs?category=x"),
        ("patient/*.rs?category=x", "patient/Condition.rs?category=x&status=y"),
        ("offline_access", "online_access"),
        ("openid", "openid"),
    ] {
        assert!(covers(mine, theirs), "{mine} {theirs}");
        assert!(mine == theirs || !covers(theirs, mine), "{theirs} {mine}");
    }
    for (mine, theirs) in [
        ("patient/*.rs", "user/Condition.rs"),
        ("user/*.rs", "system/Condition.rs"),
        ("patient/Condition.rs?category=x", "patient/Condition.rs?category=y"),
        ("patient/Condition.rs?category=x", "patient/Condition.rs"),
        ("online_access", "offline_access"),
        ("launch", "launch/patient"),
    ] {
        assert!(!covers(mine, theirs), "{mine} {theirs}");
    }
}

#[test]
fn a_limit_keeps_what_is_covered() {
    let granted = scopes("openid patient/Condition.rs?category=x patient/Patient.rs offline_access");
    let asked = scopes("openid patient/Condition.rs patient/Condition.r?category=x patient/Patient.r user/Patient.r");
    assert_eq!(
        granted.limit(&asked).to_string(),
        "openid patient/Condition.r?category=x patient/Patient.r"
    );
}

#[test]
fn criteria_are_decoded() {
    let scope = ResourceScope::parse("patient/Condition.rs?category=a%7Cb,c&code:in=http://h/v").unwrap();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        scope.criteria(),
        [pair("category", "a|b,c"), pair("code:in", "http://h/v")]
    );
    assert_eq!(
        scope.to_string(),
        "patient/Condition.rs?category=a%7Cb,c&code:in=http://h/v"
    );
}

#[test]
fn allowing_looks_at_level_type_and_permission() {
    let all = scopes("patient/*.r patient/Condition.s?category=x user/Condition.rs");
    let found = |level, permission| {
        let found = all.allowing(level, ResourceType::Condition, permission);
        found.map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(found(Level::Patient, Permissions::READ), ["patient/*.r"]);
    assert_eq!(
        found(Level::Patient, Permissions::SEARCH),
        ["patient/Condition.s?category=x"]
    );
    assert_eq!(found(Level::System, Permissions::READ), Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_read_without_harm_and_comes_back_the_same(text in "[ -~]{0,80}") {
        let once = scopes(&text);
        prop_assert_eq!(scopes(&once.to_string()), once);
    }

    #[test]
    fn nothing_is_widened(
        mine in "(patient|user|system)/(Condition|Patient|\\*)\\.c?r?u?d?s?(\\?category=[xy])?",
        theirs in "(patient|user|system)/(Condition|Patient|\\*)\\.c?r?u?d?s?(\\?category=[xy])?",
    ) {
        let (granted, asked) = (scopes(&mine), scopes(&theirs));
        for scope in granted.limit(&asked).iter() {
            prop_assert!(asked.has(scope));
            prop_assert!(granted.iter().any(|g| g.covers(scope)));
        }
        for (left, whole) in granted.readable().iter().zip(granted.iter()) {
            prop_assert!(whole.covers(left));
        }
    }
}
