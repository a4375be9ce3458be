//! What one request may ask for, and that each limit is told by name: `docs/limits.md` lists them.

use std::path::Path;

use actix_web::http::Method;
use tests::on_both;
use tests::support::server::{Server, Setup, ids, link, now, request, tomorrow};
use tests::support::shared::clinic;

/// A search by form, for which no address is too long.
async fn form(server: &Server, ty: &str, body: &str) -> (u16, String) {
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let asked = request(Method::POST, &format!("/fhir/{ty}/_search"), &kind).set_payload(body.to_owned());
    let answer = server.send(asked).await;
    let said = if answer.status == 200 {
        String::new()
    } else {
        answer.error()
    };
    (answer.status, said)
}

on_both! {
    async fn more_than_a_limit_is_refused_by_its_name(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let times = |n: usize, text: &str, by: &str| vec![text; n].join(by);
        let values = times(10_000, "a", ",");
        let parameters = times(2_000, "name=a", "&");
        let in_all = times(5, &format!("name={}", times(250, "a", ",")), "&");
        let long = "a".repeat(1025);
        let reverse = format!("{}identifier=1", "_has:Encounter:patient:_has:Condition:encounter:encounter.patient.".repeat(2));
        let sort = times(9, "family", ",");
        for (ty, body, said) in [
            ("Patient", format!("name={values}"), "name may have 256 values at http.name"),
            ("Patient", parameters, "A request may have 64 parameters"),
            ("Patient", in_all, "A request may have 1024 values in all"),
            ("Patient", format!("name={long}"), "A value of name may have 1024 bytes at http.name"),
            ("Patient", reverse, "(unreadable name) follows more than 4 references at http.(unreadable name)"),
            ("Patient", format!("_sort={sort}"), "_sort may have 8 keys at http._sort"),
        ] {
            let shown: String = body.chars().take(60).collect();
            assert_eq!(form(&server, ty, &body).await, (400, format!("400 error too-costly: {said}")), "{shown}");
        }
        let cursor = "A".repeat(5_000);
        let refused = "400 error value: A value of _cursor is not valid: it is not one of this server's at http._cursor";
        assert_eq!(form(&server, "Patient", &format!("_cursor={cursor}")).await.1, refused);
        let refused = "400 error value: the page link is not valid for this search";
        assert_eq!(form(&server, "Patient", &format!("_cursor={}", &cursor[..4_000])).await.1, refused);
        let (status, said) = form(&server, "Patient", &format!("name={}", "a".repeat(70_000))).await;
        assert_eq!((status, said.as_str()), (413, "413 error too-long: The body of a request may have 65536 bytes"));
        let address = format!("/fhir/Patient/{}", "a".repeat(40_000));
        let long = "414 error too-long: An address may have 32768 bytes; a search can be sent by POST to _search instead";
        assert_eq!(server.get(&address).await.error(), long);
        assert_eq!(server.get(&format!("/fhir/Patient/{}", "a".repeat(65))).await.status, 404);
    }

    /// As much as is allowed is answered: no database says no before the limits do.
    async fn as_much_as_is_allowed_is_answered(kind) {
        let server = Setup::all(kind).start().await;
        let many = |n: usize, one: &dyn Fn(usize) -> String| (0..n).map(one).collect::<Vec<_>>().join(",");
        let texts = many(256, &|n| format!("x{n}"));
        for (ty, name) in [("Patient", "name"), ("Patient", "name:exact"), ("Patient", "identifier"), ("Practitioner", "name"), ("Condition", "code"), ("Procedure", "code")] {
            assert_eq!(form(&server, ty, &format!("{name}={texts}")).await, (200, String::new()), "{ty} {name}");
            let four = format!("{name}={texts}&{name}={texts}&{name}={texts}&{name}={texts}");
            let (status, said) = form(&server, ty, &four).await;
            assert!(status == 200 || said.contains("comparisons in one table"), "{ty} {name}: {said}");
        }
        let dates = many(256, &|n| format!("ne2024-01-{:02}T00:{:02}", 1 + n % 28, n % 60));
        assert_eq!(form(&server, "Encounter", &format!("date={dates}")).await, (200, String::new()));
        let nested = format!("_has:Encounter:patient:_has:Condition:encounter:code={texts}");
        assert_eq!(form(&server, "Patient", &nested).await, (200, String::new()));
        let deep = format!("_has:Encounter:patient:_has:Condition:encounter:patient.name={texts}");
        let (status, said) = form(&server, "Patient", &deep).await;
        assert!(status == 200 || said.contains("comparisons in one table"), "{said}");
        let words = ["_lastUpdated"; 8].join(",");
        assert_eq!(form(&server, "Patient", &format!("_sort={words}&_count=1")).await.0, 200);
        let page = server.ok(&format!("/fhir/Patient?_sort={words}&_count=1")).await;
        let next = link(&page, "next").unwrap();
        assert_eq!(server.get(&next).await.status, 200);
    }

    async fn a_page_link_grows_old(kind) {
        let at = async |clock| Setup::over(clinic(kind)).clock(clock).start().await;
        let next = link(&at(now).await.ok("/fhir/Patient?_count=1").await, "next").unwrap();
        let refused = at(tomorrow).await.get(&next).await;
        assert_eq!(refused.error(), "400 error value: the page link is older than 24 hours; search again");
    }

    async fn what_cannot_be_read_is_refused(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for (query, said) in [
            ("name=%", "invalid: A % in the query must be followed by two hexadecimal digits at http.name"),
            ("name=%4", "invalid: A % in the query must be followed by two hexadecimal digits at http.name"),
            ("name=%zz", "invalid: A % in the query must be followed by two hexadecimal digits at http.name"),
            ("name=%FF", "invalid: The query is not UTF-8 at http.name"),
            ("name=%C0%AF", "invalid: The query is not UTF-8 at http.name"),
            ("name=%ED%A0%80", "invalid: The query is not UTF-8 at http.name"),
            ("%FF=x", "invalid: The query is not UTF-8"),
            ("name=a%00b", "value: A value of name is not valid: it has control characters at http.name"),
            ("name=%1f", "value: A value of name is not valid: it has control characters at http.name"),
            ("name=", "value: A value of name is empty at http.name"),
            ("name=a,,b", "value: A value of name is empty at http.name"),
            ("_count=1&_count=1", "invalid: _count may be given once at http._count"),
            ("_sort=family&_sort=family", "invalid: _sort may be given once at http._sort"),
            ("_summary=true&_summary=text", "invalid: _summary may be given once at http._summary"),
            ("_total=none&_total=none", "invalid: _total may be given once at http._total"),
            ("_cursor=a&_cursor=a", "invalid: _cursor may be given once at http._cursor"),
        ] {
            let said = format!("400 error {said}");
            let got = server.get(&format!("/fhir/Patient?{query}")).await.error();
            assert!(got.starts_with(&said), "{query}: {got}");
            let got = form(&server, "Patient", query).await.1;
            assert!(got.starts_with(&said), "{query} as form: {got}");
        }
        for path in ["/fhir/Patient/%FF", "/fhir/Patient/%00", "/fhir/%FF", "/fhir/Patient/a%2Fb", "/fhir/Patient/..%2f", "/fhir//Patient", "/fhir/Patient/a/b/c"] {
            let got = server.get(path).await;
            assert_eq!((got.status, &got.json()["resourceType"]), (404, &"OperationOutcome".into()), "{path}");
        }
    }

    /// What is special to SQL, or to patterns of it, is a letter like any other.
    async fn no_letter_is_special(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for value in ["%25", "_", "%25%25", "_%25", "'", "''", "%27%20OR%20%271%27%3D%271", "%22%3B%20DROP%20TABLE%20demographic%3B--", "%5C%5C", "*", "J%25", "N_%C3%B1ez"] {
            for name in ["name", "family", "name:exact", "name:contains", "identifier"] {
                let page = server.ok(&format!("/fhir/Patient?{name}={value}")).await;
                // Letters are what names are compared by: `O'Hara` has a quote, and the others nothing that is asked for.
                let known = ids(&page).iter().all(|id| id == "healthjump.pt.2");
                assert!(known, "{name}={value}: {:?}", ids(&page));
            }
        }
        assert_eq!(ids(&server.ok("/fhir/Patient?family:exact=O%27Hara").await), ["healthjump.pt.2"]);
        assert_eq!(server.ok("/fhir/Patient?_summary=count").await["total"], 3);
    }
}

/// `docs/limits.md` says of each limit where it is: a constant in a file, or a setting with its default.
#[test]
fn the_documentation_says_what_the_code_does() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let doc = read("docs/limits.md");
    let settings = read("crates/server/src/config/default.toml");
    let rows: Vec<Vec<&str>> = doc
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    for row in &rows {
        let (what, limit, place) = (row[0], row[1].replace(',', ""), row[3]);
        let names: Vec<&str> = place.split('`').skip(1).step_by(2).collect();
        let found = match names[..] {
            [setting] => value(&settings, &format!("# {} =", setting.rsplit(' ').next().unwrap())),
            [constant, file] => value(&read(file), &format!("const {constant}:")),
            _ => panic!("{what}: where is it?"),
        };
        let number = limit.split(' ').next().unwrap().replace("none", "0");
        assert_eq!(number.parse(), Ok(found), "{what}: {place}");
    }
    let constants = read("crates/fhir/src/search/limits.rs");
    for name in constants
        .lines()
        .filter_map(|line| line.strip_prefix("pub const ")?.split(':').next())
    {
        assert!(
            doc.contains(&format!("`{name}`")) || name == "MAX_COUNT",
            "{name} is not in docs/limits.md"
        );
    }
}

/// The number behind the `=` of the line that has `name`: a product, or what a duration is made of.
fn value(text: &str, name: &str) -> u64 {
    let line = text
        .lines()
        .find(|line| line.contains(name))
        .unwrap_or_else(|| panic!("no {name}"));
    let written = line.split_once('=').unwrap().1.trim_end_matches(';').replace('_', "");
    let inner = written
        .split_once('(')
        .map_or(written.as_str(), |(_, rest)| rest.trim_end_matches(')'));
    inner
        .split('*')
        .map(|factor| factor.trim().parse::<u64>().unwrap())
        .product()
}
