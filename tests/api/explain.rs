//! `_explain=true`: how an answer came about, and that the indexes of `schema/` carry every search.

mod indexes;
mod values;

use actix_web::http::Method;
use serde_json::Value;
use tests::on_both;
use tests::support::database::Kind;
use tests::support::sample::samples;
use tests::support::server::{Response, Setup, ids, link, resources};
use tests::support::shared::clinic;

/// The steps of an explained answer.
pub fn steps(bundle: &Value) -> Vec<Value> {
    let outcomes = resources(bundle, "outcome");
    let issues = outcomes.iter().flat_map(|o| o["issue"].as_array().unwrap());
    let told = issues.filter(|issue| issue["severity"] == "information");
    told.map(|issue| {
        assert_eq!(issue["code"], "informational");
        assert!(!issue["details"]["text"].as_str().unwrap().is_empty());
        let step: Value = serde_json::from_str(issue["diagnostics"].as_str().unwrap()).unwrap();
        assert!(step["step"].is_string(), "{step}");
        step
    })
    .collect()
}

fn of<'a>(steps: &'a [Value], what: &str) -> Vec<&'a Value> {
    steps.iter().filter(|step| step["step"] == what).collect()
}

on_both! {
    async fn every_step_is_told(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let asked = "patient=Patient/healthjump.pt.1&status=finished&_include=Encounter:patient&_total=accurate";
        let page = server.ok(&format!("/fhir/Encounter?{asked}&_explain=true")).await;
        assert_eq!(ids(&page).len(), 2);
        let steps = steps(&page);
        assert_eq!(of(&steps, "parse")[0]["parameters"], 5);
        let conditions: Vec<String> = of(&steps, "condition").iter().map(|c| {
            format!("{} {} {}: {}", c["mapping"].as_str().unwrap(), c["table"].as_str().unwrap(), c["parameter"].as_str().unwrap(), c["sql"].as_str().unwrap_or("never"))
        }).collect();
        let (column, one, two) = match kind {
            Kind::Sqlite => ("`encounter`.`cg_patient`", "?", "LOWER(`encounter`.`status`) IN (?, ?"),
            Kind::Postgres => ("\"encounter\".\"cg_patient\"", "$1", "LOWER(\"encounter\".\"status\") IN ($1, $2"),
        };
        assert!(conditions.contains(&format!("enc encounter patient: {column} = {one}")), "{conditions:?}");
        assert!(conditions.iter().any(|c| c.starts_with("enc encounter status: ") && c.contains(two)), "{conditions:?}");
        // Counting and loading do not say it twice.
        let told = conditions.iter().filter(|c| c.starts_with("enc encounter patient")).count();
        assert_eq!(told, 1, "{conditions:?}");
        let statements = of(&steps, "statement");
        let of_visits = |purpose: &str, mapping: &str| {
            let found = statements.iter().find(|s| s["purpose"] == purpose && s["mapping"] == mapping);
            (*found.unwrap_or_else(|| panic!("no {purpose} of {mapping}"))).clone()
        };
        for (purpose, mapping, table) in [("match", "enc", "encounter"), ("count", "enc", "encounter"), ("include", "pt", "demographic")] {
            let statement = of_visits(purpose, mapping);
            assert!(statement["sql"].as_str().unwrap().starts_with("SELECT "), "{statement}");
            assert!(statement["micros"].as_u64().unwrap() > 0, "{statement}");
            assert!(statement["plan"].as_array().unwrap().iter().any(|a| a["table"] == table), "{statement}");
        }
        let visits = of_visits("match", "enc");
        assert_eq!(visits["returned"], 2, "{visits}");
        assert!(visits["read"].as_u64().unwrap() >= 2, "{visits}");
        let translated = of(&steps, "translate").into_iter().find(|s| s["mapping"] == "enc").unwrap();
        assert_eq!(translated["rows"], 2);
        assert!(of(&steps, "encode").iter().any(|s| s["mapping"] == "enc" && s["bytes"].as_u64().unwrap() > 1000));
        assert_eq!(of(&steps, "includes")[0]["resources"], 1);
    }

    async fn every_base_and_both_methods_explain(kind) {
        let server = Setup::all(kind).start().await;
        let alone = samples().iter().map(|s| format!("/{}/fhir", s.name()));
        for base in alone.chain(["/fhir".to_owned()]) {
            let got = server.ok(&format!("{base}/Condition?code=I10&_explain=true")).await;
            let posted = server.post(&format!("{base}/Condition/_search"), "code=I10&_explain=true").await;
            for page in [got, posted.json()] {
                let asked: Vec<Value> = of(&steps(&page), "statement").into_iter().cloned().collect();
                assert!(!asked.is_empty(), "{base}: {page}");
                let sources = if base == "/fhir" { samples().len() } else { 1 };
                let mut told: Vec<&str> = asked.iter().map(|s| s["source"].as_str().unwrap()).collect();
                told.dedup();
                assert_eq!(told.len(), sources, "{base}");
                // The matches come first, as without.
                assert_eq!(page["entry"].as_array().unwrap().last().unwrap()["search"]["mode"], "outcome");
            }
        }
        let counted = server.ok("/fhir/Condition?code=I10&_summary=count&_explain=true").await;
        assert!(of(&steps(&counted), "statement").iter().all(|s| s["purpose"] == "count"));
    }

    /// A plan is asked with the request's values, and a database shows them in it.
    async fn no_value_is_told(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        for (asked, values) in [
            ("Patient?family=nunez&birthdate=1980-03-05&gender=male", &["nunez", "Núñez", "1980", "male", "healthjump.pt"][..]),
            ("Patient?_id=healthjump.pt.1&_revinclude=Encounter:patient", &["'1'", "\\\"1", "2024-03"]),
            ("Condition?patient.given=jose&_sort=-recorded-date", &["jose", "2024"]),
            ("Patient?_has:Condition:patient:code=E11.9&name=zzyzx", &["E11", "zzyzx"]),
        ] {
            let page = server.ok(&format!("/fhir/{asked}&_explain=true")).await;
            let text = resources(&page, "outcome")[0].to_string();
            assert!(text.contains("SELECT"), "{text}");
            for value in values {
                assert!(!text.contains(value), "{asked}: {value} in {text}");
            }
        }
    }

    async fn who_does_not_ask_is_not_told(kind) {
        let server = Setup::over(clinic(kind)).start().await;
        let plain = server.ok("/fhir/Patient?gender=male,female&_count=1").await;
        let not = server.ok("/fhir/Patient?gender=male,female&_count=1&_explain=false").await;
        let told = server.ok("/fhir/Patient?gender=male,female&_count=1&_explain=true").await;
        assert!(resources(&plain, "outcome").is_empty() && resources(&not, "outcome").is_empty());
        assert_eq!(ids(&plain), ids(&told));
        // What was applied is in the links, and a page link is good with it and without.
        assert!(link(&told, "self").unwrap().contains("_explain=true"));
        assert!(!link(&not, "self").unwrap().contains("_explain"));
        let next = link(&told, "next").unwrap();
        assert!(!steps(&server.ok(&next).await).is_empty());
        let without = server.ok(&next.replace("&_explain=true", "")).await;
        assert_eq!((ids(&without).len(), resources(&without, "outcome").len()), (1, 0));
    }

    async fn it_is_for_those_who_may(kind) {
        let off = |settings: &str| Setup::over(clinic(kind)).with(settings).start();
        for settings in ["[server]\nexplain = false\n", "[server]\nlisten = \"192.0.2.1:80\"\n"] {
            let server = off(settings).await;
            let strict = server.ask(Method::GET, "/fhir/Patient?_explain=true", &[("prefer", "handling=strict")]).await;
            assert_eq!(strict.error(), "400 error not-supported: _explain is switched off on this server at http._explain");
            let page = server.ok("/fhir/Patient?_explain=true").await;
            let issue = resources(&page, "outcome")[0]["issue"][0].clone();
            assert_eq!(issue["severity"], "warning", "{issue}");
            assert!(steps(&page).is_empty());
            assert!(!link(&page, "self").unwrap().contains("_explain"));
        }
        let server = off("[server]\nlisten = \"192.0.2.1:80\"\nexplain = true\n").await;
        assert!(!steps(&server.ok("/fhir/Patient?_explain=true").await).is_empty());
        let refused = |response: Response| response.error();
        assert_eq!(
            refused(server.get("/fhir/Patient?_explain=yes").await),
            "400 error value: A value of _explain is not valid: it must be true or false at http._explain"
        );
        assert_eq!(
            refused(server.get("/fhir/Patient?_explain=true&_explain=true").await),
            "400 error invalid: _explain may be given once at http._explain"
        );
    }
}
