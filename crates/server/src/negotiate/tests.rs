use actix_web::http::header::HeaderValue;

use super::*;

fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers
}

/// What is asked in the address goes before the header.
fn format(value: &str) -> Option<Format> {
    let turtle = headers(&[("accept", "text/turtle")]);
    let wanted = wanted(&turtle, &[("_format".to_owned(), value.to_owned())]).ok()?;
    assert!(wanted.said);
    Some(wanted.format)
}

#[test]
fn formats_by_any_of_their_names() {
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
        assert_eq!(format(value), Some(Format::Json), "{value}");
    }
    for value in [
        "xml",
        "XML",
        "text/xml",
        "application/xml",
        "application/fhir+xml",
        "application/fhir xml",
    ] {
        assert_eq!(format(value), Some(Format::Xml), "{value}");
    }
    for value in [
        "ttl",
        "html",
        "",
        "*/*",
        "application/fhir+json; fhirVersion=3.0",
        "application/fhir+xml; fhirVersion=5.0",
    ] {
        assert_eq!(format(value), None, "{value}");
    }
}

#[test]
fn accept_is_read_with_its_qualities() {
    let accepts = |value: &'static str| wanted(&headers(&[("accept", value)]), &[]).ok().map(|w| w.format);
    for value in [
        "",
        "*/*",
        "application/*",
        "application/json",
        "text/json",
        "application/fhir+json",
        "APPLICATION/FHIR+JSON",
        "application/fhir+xml, application/fhir+json",
        "application/fhir+xml;q=0.5, application/fhir+json;q=0.50",
        "application/xml;q=0, */*",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/fhir+json; fhirVersion=4.0",
        "application/fhir+json; fhirVersion=\"4.0\"",
        "application/fhir+json;fhirVersion=3.0, application/fhir+json;fhirVersion=4.0",
        "application/*;q=0, application/json",
    ] {
        assert_eq!(accepts(value), Some(Format::Json), "{value}");
    }
    for value in [
        "application/fhir+xml",
        "text/xml",
        "application/xml",
        "application/fhir+xml;q=1.0, application/fhir+json;q=0.1",
        "application/fhir+xml, */*;q=0.9",
        "application/fhir+json;q=0, */*",
        "application/fhir+json;fhirVersion=3.0, application/fhir+xml;q=0.1",
        "text/html, application/xml, application/json;q=0",
    ] {
        assert_eq!(accepts(value), Some(Format::Xml), "{value}");
    }
    for value in [
        "text/turtle",
        "text/html",
        "text/*",
        "application/fhir+json;q=0",
        "application/fhir+json;q=x",
        "application/*;q=0.000, */*",
        "*/*;q=0",
        "application/fhir+json; fhirVersion=3.0",
    ] {
        assert_eq!(accepts(value), None, "{value}");
    }
    assert_eq!(wanted(&headers(&[]), &[]).unwrap(), Wanted::default());
    let several = headers(&[("accept", "text/html"), ("accept", "application/json")]);
    assert_eq!(wanted(&several, &[]).unwrap().format, Format::Json);
}

#[test]
fn links_repeat_what_was_said_in_the_address() {
    let said = |pairs: &[(&str, &str)]| {
        let pairs: Vec<(String, String)> = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let wanted = wanted(&headers(&[("accept", "application/fhir+xml")]), &pairs).unwrap();
        wanted.parameters().collect::<Vec<_>>().join("&")
    };
    assert_eq!(said(&[]), "");
    assert_eq!(
        said(&[("_format", "text/xml"), ("_pretty", "true")]),
        "_format=xml&_pretty=true"
    );
    assert_eq!(said(&[("_format", "json")]), "_format=json");
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
    let has = |lines: &[(&'static str, &'static str)]| has_already(&headers(lines), "00ff", None);
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

#[test]
fn a_date_counts_where_the_time_of_change_is_known_and_no_tag_is_given() {
    let modified = "2024-05-06T10:00:00.5".parse().ok();
    let has = |lines: &[(&'static str, &'static str)]| has_already(&headers(lines), "00ff", modified);
    let since = |date| has(&[("if-modified-since", date)]);
    assert!(since("Mon, 06 May 2024 10:00:00 GMT"));
    assert!(since("Tue, 07 May 2024 10:00:00 GMT"));
    assert!(!since("Mon, 06 May 2024 09:59:59 GMT"));
    for other in ["2024-05-06", "Tue, 06 May 2124 10:00:00 GMT", ""] {
        assert!(!since(other), "{other}");
    }
    let date = ("if-modified-since", "Tue, 07 May 2024 10:00:00 GMT");
    assert!(!has(&[date, ("if-none-match", "\"a\"")]));
}
