use actix_web::http::header::HeaderValue;

use super::*;

fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers
}

fn format(value: &str) -> bool {
    // What is asked in the address goes before the header.
    let xml = headers(&[("accept", "application/fhir+xml")]);
    wanted(&xml, &[("_format".to_owned(), value.to_owned())]).is_ok()
}

#[test]
fn json_by_any_of_its_names() {
    for value in [
        "json",
        "JSON",
        "application/json",
        "application/fhir+json",
        "application/fhir json",
        "Application/FHIR+JSON; fhirVersion=4.0",
        "text/json",
        "application/fhir+json;charset=utf-8",
    ] {
        assert!(format(value), "{value}");
    }
    for value in [
        "xml",
        "application/fhir+xml",
        "ttl",
        "html",
        "",
        "*/*",
        "application/fhir+json; fhirVersion=3.0",
    ] {
        assert!(!format(value), "{value}");
    }
}

#[test]
fn accept_is_read_with_its_qualities() {
    let accepts = |value: &'static str| wanted(&headers(&[("accept", value)]), &[]).is_ok();
    for value in [
        "",
        "*/*",
        "application/*",
        "application/json",
        "text/json",
        "application/fhir+json",
        "APPLICATION/FHIR+JSON",
        "application/fhir+xml;q=1.0, application/fhir+json;q=0.1",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/fhir+json; fhirVersion=4.0",
        "application/fhir+json; fhirVersion=\"4.0\"",
        "application/fhir+json;fhirVersion=3.0, application/fhir+json;fhirVersion=4.0",
        "application/*;q=0, application/json",
    ] {
        assert!(accepts(value), "{value}");
    }
    for value in [
        "application/fhir+xml",
        "text/html",
        "text/*",
        "application/fhir+json;q=0",
        "application/fhir+json;q=x",
        "application/fhir+json;q=0, */*",
        "application/*;q=0.000, */*",
        "*/*;q=0",
        "application/fhir+json; fhirVersion=3.0",
    ] {
        assert!(!accepts(value), "{value}");
    }
    assert!(wanted(&headers(&[]), &[]).is_ok());
    assert!(
        wanted(
            &headers(&[("accept", "text/html"), ("accept", "application/json")]),
            &[]
        )
        .is_ok()
    );
}

#[test]
fn pretty_is_asked_for_by_true() {
    let pretty = |value: &str| {
        wanted(&headers(&[]), &[("_pretty".to_owned(), value.to_owned())])
            .unwrap()
            .pretty
    };
    assert!(pretty("true"));
    assert!(!pretty("false"));
    assert!(!pretty("yes"));
}

#[test]
fn strict_only_when_it_is_said() {
    let strict = |lines: &[(&'static str, &'static str)]| handling(&headers(lines)) == Handling::Strict;
    assert!(strict(&[("prefer", "handling=strict")]));
    assert!(strict(&[("prefer", "return=minimal, Handling = \"Strict\"")]));
    assert!(strict(&[("prefer", "respond-async"), ("prefer", "handling=strict")]));
    assert!(!strict(&[("prefer", "handling=lenient")]));
    assert!(!strict(&[("prefer", "strict")]));
    assert!(!strict(&[]));
}

#[test]
fn versions_that_a_client_has() {
    let has = |lines: &[(&'static str, &'static str)]| has_already(&headers(lines), "00ff");
    for tag in [
        "W/\"00ff\"",
        "\"00ff\"",
        "*",
        "\"a\", W/\"00ff\"",
        "\"a\",\"00ff\"",
        " * ",
    ] {
        assert!(has(&[("if-none-match", tag)]), "{tag}");
    }
    for tag in ["W/\"00fe\"", "00ff", "\"00ff", "", "w/\"00ff\""] {
        assert!(!has(&[("if-none-match", tag)]), "{tag}");
    }
    assert!(has(&[("if-none-match", "\"a\""), ("if-none-match", "\"00ff\"")]));
    assert!(!has(&[("if-modified-since", "Mon, 06 May 2124 00:00:00 GMT")]));
    assert!(!has(&[]));
}
