//! XML: the same resources in the other format.

use actix_web::http::Method;
use roxmltree::Document;
use tests::on_both;
use tests::oracle::claims::Claims;
use tests::support::server::{Response, Setup, link, request};
use tests::support::shared::clinic;
use tests::support::xml::same;

const XML: [(&str, &str); 1] = [("accept", "application/fhir+xml")];
const MEDIA: &str = "application/fhir+xml; charset=utf-8";

on_both! {
    /// Every resource of every vendor's sample, as searches show it. The order of elements is compared with that of the JSON, whose types
    /// come from another generator than the tables that sort the XML.
    async fn every_resource_says_the_same(kind) {
        let server = Setup::all(kind).start().await;
        let mut count = 0;
        for ty in Claims::read(&server.ok("/fhir/metadata").await).types() {
            let mut next = Some(format!("/fhir/{ty}?_count=50"));
            while let Some(address) = next {
                let json = server.get(&address).await;
                let xml = server.ask(Method::GET, &address, &XML).await;
                compare(&address, &json, &xml);
                count += json.json()["entry"].as_array().map_or(0, Vec::len);
                next = link(&json.json(), "next");
            }
        }
        assert!(count > 200, "{count}");
    }

    async fn reads_statements_and_refusals_say_the_same(kind) {
        let server = Setup::all(kind).start().await;
        for address in [
            "/fhir/metadata",
            "/healow/fhir/metadata",
            "/fhir/Patient/healthjump.pt.700101",
            "/fhir/Patient/healthjump.pt.700101?_summary=true",
            "/fhir/Patient/none",
            "/fhir/Nothing/1",
            "/nowhere",
            "/fhir/Patient?birthdate=x",
            "/fhir/Patient?unknown=1",
            "/fhir/Condition?patient=healthjump.pt.700101&_include=Condition:patient&_revinclude:iterate=Procedure:encounter",
            "/fhir/Patient?_summary=count",
            "/fhir/Patient?_elements=name&_count=2",
        ] {
            let json = server.get(address).await;
            compare(address, &json, &server.ask(Method::GET, address, &XML).await);
        }
        let put = server.ask(Method::PUT, "/fhir/Patient/1", &XML).await;
        assert_eq!((put.status, put.header("content-type")), (405, MEDIA));
        assert!(put.text().contains("<severity value=\"error\"/>"), "{}", put.text());
    }

    async fn by_every_name_that_clients_have_for_it(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let address = "/fhir/Patient/healthjump.pt.1";
        let plain = server.ask(Method::GET, address, &XML).await;
        assert_eq!((plain.status, plain.header("content-type")), (200, MEDIA));
        for accept in ["application/xml", "text/xml", "application/fhir+xml;fhirVersion=4.0", "application/fhir+xml, application/fhir+json;q=0.9"] {
            let response = server.ask(Method::GET, address, &[("accept", accept)]).await;
            assert_eq!(response.body, plain.body, "{accept}");
        }
        for format in ["xml", "text/xml", "application/xml", "application/fhir%2Bxml", "application/fhir+xml"] {
            let response = server.ask(Method::GET, &format!("{address}?_format={format}"), &[("accept", "application/json")]).await;
            assert_eq!(response.body, plain.body, "{format}");
        }
        let both = server.ask(Method::GET, address, &[("accept", "application/fhir+xml, application/fhir+json")]).await;
        assert!(both.header("content-type").starts_with("application/fhir+json"));
        let body = server.ask(Method::POST, "/fhir/Patient/_search", &[("content-type", "application/fhir+xml")]).await;
        assert_eq!(body.status, 415);
    }

    async fn the_version_and_caches_know_both(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let address = "/fhir/Patient/healthjump.pt.1";
        let (json, xml) = (server.get(address).await, server.ask(Method::GET, address, &XML).await);
        for name in ["etag", "last-modified"] {
            assert_eq!(xml.header(name), json.header(name));
        }
        for response in [&json, &xml] {
            assert!(response.headers.get_all("vary").any(|v| v == "accept"), "{:?}", response.headers);
        }
        let known = [("accept", "application/fhir+xml"), ("if-none-match", json.header("etag"))];
        let again = server.ask(Method::GET, address, &known).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
        let head = server.ask(Method::HEAD, address, &XML).await;
        assert_eq!((head.header("content-type"), head.body.len()), (MEDIA, 0));
    }

    async fn links_go_on_in_the_format_of_the_address(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let mut next = Some("/fhir/Patient?_count=1&_format=xml&_pretty=true".to_owned());
        let mut pages = 0;
        while let Some(address) = next {
            let page = server.get(&address).await;
            assert_eq!((page.status, page.header("content-type")), (200, MEDIA), "{address}");
            assert!(page.text().lines().count() > 10);
            next = linked(&page, "next");
            pages += 1;
        }
        assert!(pages > 1);
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        let post = request(Method::POST, "/fhir/Patient/_search", &kind).set_payload("_count=1&_format=xml");
        let first = server.send(post).await;
        assert_eq!(first.header("content-type"), MEDIA);
        let second = server.get(&linked(&first, "next").unwrap()).await;
        assert_eq!((second.status, second.header("content-type")), (200, MEDIA));
    }

    async fn pretty_means_the_same(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let json = server.get("/fhir/Patient/healthjump.pt.1").await;
        let pretty = server.ask(Method::GET, "/fhir/Patient/healthjump.pt.1?_pretty=true", &XML).await;
        compare("pretty", &json, &pretty);
        assert!(pretty.text().lines().count() > 10);
    }
}

fn compare(address: &str, json: &Response, xml: &Response) {
    assert_eq!(json.status, xml.status, "{address}");
    assert_eq!(xml.header("content-type"), MEDIA, "{address}");
    if let Err(error) = same(&without_cursors(&json.text()), &without_cursors(&xml.text())) {
        panic!("{address}: {error}\n{}\n{}", json.text(), xml.text());
    }
}

/// Cursors are sealed with a number used once, so that no two are alike.
fn without_cursors(text: &str) -> String {
    let mut parts = text.split("_cursor=");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_-".contains(c)));
    }
    out
}

/// The address of a bundle's link.
fn linked(page: &Response, relation: &str) -> Option<String> {
    let text = page.text();
    let document = Document::parse(&text).unwrap();
    let told = |node: roxmltree::Node<'_, '_>, name: &str| {
        let child = node
            .children()
            .find(|child| child.has_tag_name(("http://hl7.org/fhir", name)));
        child.and_then(|child| child.attribute("value")).map(str::to_owned)
    };
    let links = document
        .root_element()
        .children()
        .filter(|node| node.tag_name().name() == "link");
    let link = links
        .into_iter()
        .find(|link| told(*link, "relation").as_deref() == Some(relation))?;
    told(link, "url")
}
