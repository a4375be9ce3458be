//! What a token lets see, route by route, and what is said to who may not.

use actix_web::http::Method;
use serde_json::{Value, json};
use tests::on_both;
use tests::support::server::{Server, link, request, resources};
use tests::support::setup::Setup;
use tests::support::smart::browser::Browser;
use tests::support::smart::flow::{Ask, Tokens, launch};
use tests::support::smart::page::form_to;
use tests::support::smart::{CHILDREN, PATIENT, SECRET, SEEN_BY_SAM, STRANGER, Smart, site};

const DIAGNOSES: &str = "category=http://terminology.hl7.org/CodeSystem/condition-category|encounter-diagnosis";
const PROBLEMS: &str = "category=http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item";

/// The first id of a search that must have one.
async fn first(server: &Server, address: &str) -> String {
    server
        .ids(address)
        .await
        .first()
        .unwrap_or_else(|| panic!("{address} finds nothing"))
        .clone()
}

/// Launches with some boxes ticked only.
async fn narrowed(server: &Server, scope: &str, ticked: &[&str]) -> Tokens {
    let browser = Browser::new(server);
    let page = browser.consent(&Ask::of("app", scope), "pat", None).await;
    let sent = browser.allow(&page, |form| form.ticking(ticked)).await;
    Tokens::of(&server.redeem("app", &sent["code"]).await)
}

on_both! {
    /// Every route that names a resource: what is not to be seen is not there.
    async fn what_is_hidden_is_not_there(kind) {
        let site = site(kind).await;
        let ada = site.by(&launch(&site, "ada", "user/*.rs").await);
        let pat = site.by(&launch(&site, "pat", "launch/patient patient/*.rs").await);
        for (ty, query) in [("Patient", format!("_id={STRANGER}")), ("Encounter", format!("patient={STRANGER}")), ("Condition", format!("patient={STRANGER}")), ("Procedure", format!("patient={STRANGER}")), ("Provenance", format!("patient={STRANGER}"))] {
            let hidden = first(&ada, &format!("/fhir/{ty}?{query}&_count=3")).await;
            let version = ada.ok(&format!("/fhir/{ty}/{hidden}")).await["meta"]["versionId"].as_str().unwrap().to_owned();
            for rest in ["", "/_history", &format!("/_history/{version}"), "/$lineage"] {
                let address = format!("/fhir/{ty}/{hidden}{rest}");
                assert_eq!(ada.get(&address).await.status, 200, "{address}");
                let (there, nowhere) = (pat.get(&address).await, pat.get(&format!("/fhir/{ty}/healthjump.pt.1{rest}")).await);
                assert_eq!((there.status, there.text()), (404, nowhere.text()), "{address}");
            }
            assert_eq!(pat.ids(&format!("/fhir/{ty}?_id={hidden}")).await, Vec::<String>::new());
            assert_eq!(pat.ids(&format!("/fhir?_id={hidden}")).await, Vec::<String>::new());
        }
        assert_eq!(pat.get(&format!("/fhir/Patient/{STRANGER}/$everything")).await.status, 404);
        for inner in ["*", "Condition", "Encounter"] {
            let there = pat.ok(&format!("/fhir/Patient/{STRANGER}/{inner}?_total=accurate")).await;
            assert_eq!((&there["total"], there.get("entry")), (&json!(0), None));
        }
        // Of the same patient all of it is.
        let all = pat.pages(&format!("/fhir/Patient/{PATIENT}/$everything")).await;
        assert!(all.iter().flat_map(|page| resources(page, "match")).count() >= 21);
        assert_eq!(pat.ids(&format!("/fhir/Patient/{PATIENT}/Condition?_count=100")).await.len(), 8);
    }

    /// Clinicians and places are told of by rows of many patients; the cells of others are not shown.
    async fn lineage_shows_no_rows_of_others(kind) {
        let site = site(kind).await;
        let kinds = [("demographic", "pt", "Patient"), ("encounter", "enc", "Encounter"), ("diagnosis", "dx", "Condition"), ("procedure", "px", "Procedure")];
        for (login, scope) in [("pat", "launch/patient patient/*.rs"), ("sam", "user/*.rs"), ("mother", "user/*.rs")] {
            let server = site.by(&launch(&site, login, scope).await);
            let mut seen = vec![];
            for (_, _, ty) in kinds {
                seen.extend(server.ids(&format!("/fhir/{ty}?_count=200")).await);
            }
            let mut cells = 0;
            for ty in ["Practitioner", "Location", "Organization", "Patient", "Encounter", "Condition", "Procedure"] {
                for id in server.ids(&format!("/healthjump/fhir/{ty}?_count=3")).await.iter().take(3) {
                    let lineage = server.ok(&format!("/fhir/{ty}/{id}/$lineage")).await;
                    for element in lineage["parameter"].as_array().unwrap() {
                        let part = |name: &str| {
                            let parts = element["part"].as_array().unwrap();
                            parts.iter().find(|part| part["name"] == name).and_then(|part| part["valueString"].as_str())
                        };
                        let (Some(table), Some(key)) = (part("table"), part("key")) else { continue };
                        if let Some((_, kind, _)) = kinds.iter().find(|(name, ..)| *name == table) {
                            let row = mapper::id::encode("healthjump", kind, key);
                            assert!(seen.contains(&row), "{login}: {ty}/{id} shows {table} {key}");
                            cells += 1;
                        }
                    }
                }
            }
            assert!(cells > 0, "{login}");
        }
    }

    async fn what_no_scope_allows_is_forbidden(kind) {
        let site = site(kind).await;
        let pat = site.by(&launch(&site, "pat", "launch/patient patient/Condition.rs patient/Patient.rs").await);
        for address in ["/fhir/Encounter", "/fhir/Encounter?patient=x", "/fhir/Encounter/healthjump.enc.1", "/fhir/Encounter/healthjump.enc.1/_history", "/fhir/Encounter/healthjump.enc.1/$lineage", "/fhir/Practitioner", "/fhir/Provenance", "/fhir?_type=Encounter,Procedure"] {
            assert_eq!(pat.get(address).await.error(), "403 error forbidden: The access token has no scope for this", "{address}");
        }
        assert_eq!(pat.post("/fhir/Encounter/_search", "").await.status, 403);
        assert_eq!(pat.get(&format!("/fhir/Patient/{PATIENT}/Encounter")).await.status, 403);
        // What is sent along is what might be asked for as well.
        let page = pat.ok("/fhir/Condition?_include=*&_revinclude=*&_include:iterate=*&_count=100").await;
        let along: Vec<&Value> = resources(&page, "include").into_iter().map(|resource| &resource["resourceType"]).collect();
        assert_eq!(along, ["Patient"]);
        // A chain leads nowhere through what may not be searched.
        let condition = resources(&page, "match").into_iter().find(|c| c["encounter"]["reference"].is_string()).unwrap();
        let encounter = condition["encounter"]["reference"].as_str().unwrap().split('/').next_back().unwrap();
        assert!(!pat.ids(&format!("/fhir/Condition?encounter={encounter}")).await.is_empty());
        assert!(pat.ids(&format!("/fhir/Condition?encounter._id={encounter}")).await.is_empty());
        assert!(pat.ids("/fhir/Patient?_has:Encounter:patient:_id:missing=false").await.is_empty());
        // A search of all types says which it leaves out.
        let page = pat.ok("/fhir?_count=1000").await;
        let said: Vec<String> = resources(&page, "outcome")[0]["issue"].as_array().unwrap().iter().map(|i| i["diagnostics"].as_str().unwrap().to_owned()).collect();
        assert!(said.contains(&"Encounter is left out: the token has no scope to search it".to_owned()), "{said:?}");
        assert_eq!(said.len(), 6);
    }

    async fn reading_and_searching_are_allowed_apart(kind) {
        let site = site(kind).await;
        let all = site.by(&launch(&site, "pat", "launch/patient patient/*.rs").await);
        let (condition, encounter) = (first(&all, "/fhir/Condition").await, first(&all, "/fhir/Encounter").await);
        let apart = site.by(&launch(&site, "pat", "launch/patient patient/Condition.r patient/Encounter.s").await);
        let status = async |address: &str| apart.get(address).await.status;
        assert_eq!((status(&format!("/fhir/Condition/{condition}")).await, status("/fhir/Condition").await), (200, 403));
        assert_eq!((status(&format!("/fhir/Encounter/{encounter}")).await, status("/fhir/Encounter").await), (403, 200));
        assert_eq!(status(&format!("/fhir/Condition/{condition}/_history")).await, 200);
        // What may only be read comes with no search.
        let page = apart.ok("/fhir/Encounter?_revinclude=Condition:encounter&_count=100").await;
        assert!(resources(&page, "include").is_empty());
        // Two scopes of a type do not lend each other their permissions.
        let scope = format!("launch/patient patient/Condition.r?{DIAGNOSES} patient/Condition.s?{PROBLEMS}");
        let lent = site.by(&launch(&site, "pat", &scope).await);
        let (diagnosis, problem) = (first(&all, &format!("/fhir/Condition?{DIAGNOSES}")).await, first(&all, &format!("/fhir/Condition?{PROBLEMS}")).await);
        assert_eq!((lent.get(&format!("/fhir/Condition/{diagnosis}")).await.status, lent.get(&format!("/fhir/Condition/{problem}")).await.status), (200, 404));
        assert_eq!(lent.ids("/fhir/Condition?_count=100").await, all.ids(&format!("/fhir/Condition?{PROBLEMS}&_count=100")).await);
    }

    /// Conformance, section 2.5: granular scopes filter silently, and what they do not show cannot be read.
    async fn granular_scopes_filter(kind) {
        let site = site(kind).await;
        let all = site.by(&launch(&site, "pat", "launch/patient patient/*.rs").await);
        let of = async |query: &str| {
            let mut ids = all.ids(&format!("/fhir/Condition?{query}&_count=100")).await;
            ids.sort();
            ids
        };
        let (diagnoses, problems, every) = (of(DIAGNOSES).await, of(PROBLEMS).await, of("").await);
        assert!(!diagnoses.is_empty() && !problems.is_empty() && diagnoses.len() + problems.len() == every.len());
        let scope = format!("launch/patient patient/Condition.rs?{DIAGNOSES} patient/Patient.rs");
        let tokens = launch(&site, "pat", &scope).await;
        assert_eq!(tokens.scope(), scope);
        let pat = site.by(&tokens);
        for query in ["", &format!("patient={PATIENT}"), DIAGNOSES, "_sort=-recorded-date", "category:missing=false"] {
            let mut found = pat.ids(&format!("/fhir/Condition?{query}&_count=100")).await;
            found.sort();
            assert_eq!(found, diagnoses, "{query}");
            let posted = pat.post("/fhir/Condition/_search", &format!("{query}&_count=100")).await.json();
            assert_eq!(resources(&posted, "match").len(), diagnoses.len(), "{query}");
        }
        assert_eq!(pat.ids(&format!("/fhir/Condition?{PROBLEMS}")).await, Vec::<String>::new());
        assert_eq!((pat.get(&format!("/fhir/Condition/{}", diagnoses[0])).await.status, pat.get(&format!("/fhir/Condition/{}", problems[0])).await.status), (200, 404));
        // Several are alternatives; any parameter that the server knows can limit.
        let both = format!("launch/patient patient/Condition.rs?{DIAGNOSES} patient/Condition.rs?{PROBLEMS}");
        let mut found = site.by(&launch(&site, "pat", &both).await).ids("/fhir/Condition?_count=100").await;
        found.sort();
        assert_eq!(found, every);
        for (scope, query) in [
            (format!("patient/Condition.rs?{PROBLEMS}&clinical-status=active"), format!("{PROBLEMS}&clinical-status=active")),
            ("patient/Condition.rs?recorded-date=ge2020".to_owned(), "recorded-date=ge2020".to_owned()),
            ("patient/Condition.rs?code:missing=true".to_owned(), "code:missing=true".to_owned()),
        ] {
            let tokens = launch(&site, "pat", &format!("launch/patient {scope}")).await;
            let mut found = site.by(&tokens).ids("/fhir/Condition?_count=100").await;
            found.sort();
            assert_eq!(found, of(&query).await, "{scope}");
        }
        // One that cannot be understood is not granted.
        for query in ["nonsense=x", "category", "_count=1", "_sort=code", "recorded-date=yesterday"] {
            let browser = Browser::new(&site);
            let ask = Ask::of("app", &format!("launch/patient patient/Patient.rs patient/Condition.rs?{query}"));
            let tokens = browser.launch(&ask, "pat", None).await;
            assert_eq!(tokens.scope(), "launch/patient patient/Patient.rs", "{query}");
            assert_eq!(site.by(&tokens).get("/fhir/Condition?_total=accurate").await.status, 403, "{query}");
        }
    }

    /// Conformance, section 2.5: the limited app, and the choice of categories.
    async fn people_share_less_than_was_asked_for(kind) {
        let site = site(kind).await;
        let scope = "openid launch/patient offline_access patient/*.rs";
        let browser = Browser::new(&site);
        let page = browser.consent(&Ask::of("app", scope), "pat", None).await;
        let boxes = form_to(&page.text(), "/auth/consent").boxes;
        for ty in ["Condition", "Encounter", "Location", "Organization", "Patient", "Practitioner", "Procedure", "Provenance"] {
            assert!(boxes.contains(&format!("patient/{ty}.rs")), "{ty}: {boxes:?}");
        }
        let limited = narrowed(&site, scope, &["openid", "launch/patient", "patient/Patient.rs", "patient/Condition.rs"]).await;
        assert_eq!(limited.scope(), "openid launch/patient patient/Condition.rs patient/Patient.rs");
        assert_eq!((limited.0.get("refresh_token"), limited.0["patient"].as_str()), (None, Some(PATIENT)));
        let pat = site.by(&limited);
        for (ty, status) in [("Patient", 200), ("Condition", 200), ("Encounter", 403), ("Procedure", 403), ("Provenance", 403)] {
            assert_eq!(pat.get(&format!("/fhir/{ty}")).await.status, status, "{ty}");
        }
        // Parts of a type, of one that was asked for and of all.
        let part = format!("patient/Condition.rs?{PROBLEMS}");
        for (scope, granted) in [
            ("patient/Condition.rs patient/Patient.rs", format!("{part} patient/Patient.rs")),
            ("patient/*.rs", format!("{part} patient/Patient.rs")),
        ] {
            let tokens = narrowed(&site, scope, &["patient/Patient.rs", &part]).await;
            assert_eq!(tokens.scope(), granted);
            let found = site.by(&tokens).ids("/fhir/Condition?_count=100").await.len();
            assert_eq!(found, site.by(&tokens).ids(&format!("/fhir/Condition?{PROBLEMS}&_count=100")).await.len());
            assert!(found > 0);
        }
    }

    /// A form that was made up gets nothing that was not asked for.
    async fn no_scope_is_ever_widened(kind) {
        let site = site(kind).await;
        let browser = Browser::new(&site);
        let page = browser.consent(&Ask::of("small", "openid patient/Condition.rs patient/Patient.rs patient/*.rs user/*.rs offline_access"), "pat", None).await;
        // A client gets what it is registered for.
        assert_eq!(form_to(&page.text(), "/auth/consent").boxes.iter().filter(|scope| !scope.contains('?')).collect::<Vec<_>>(), ["openid", "patient/Condition.rs"]);
        let sent = browser.allow(&page, |form| form.with("scope", "user/*.rs").with("scope", "patient/*.rs").with("scope", "offline_access").with("scope", "patient/Patient.r")).await;
        assert_eq!(Tokens::of(&site.redeem("small", &sent["code"]).await).scope(), "openid patient/Condition.rs");
    }

    /// The words of version 1 are echoed and hold; `write` is not granted.
    async fn scopes_of_version_1_are_echoed(kind) {
        let site = site(kind).await;
        for (asked, granted) in [
            ("launch/patient patient/*.read", "launch/patient patient/*.read"),
            ("launch/patient patient/Patient.read patient/Condition.*", "launch/patient patient/Patient.read patient/Condition.read"),
            ("launch/patient patient/Patient.read patient/Condition.write", "launch/patient patient/Patient.read"),
            ("launch/patient patient/Patient.cruds patient/Observation.rs", "launch/patient patient/Patient.rs patient/Observation.rs"),
        ] {
            let tokens = launch(&site, "pat", asked).await;
            assert_eq!(tokens.scope(), granted);
            assert_eq!(site.by(&tokens).ids("/fhir/Patient").await, [PATIENT]);
        }
    }

    async fn each_entry_of_a_batch_is_judged(kind) {
        let site = site(kind).await;
        let pat = site.by(&launch(&site, "pat", "launch/patient patient/Patient.rs patient/Condition.rs").await);
        let asked = ["Patient", &format!("Patient/{PATIENT}"), &format!("Patient/{STRANGER}"), "Encounter", "metadata", &format!("Condition?patient={STRANGER}&_total=accurate")];
        let entries: Vec<Value> = asked.iter().map(|url| json!({ "request": { "method": "GET", "url": url } })).collect();
        let body = json!({ "resourceType": "Bundle", "type": "batch", "entry": entries }).to_string();
        let send = async |server: &Server| {
            let asked = request(Method::POST, "/fhir", &[("content-type", "application/fhir+json")]);
            server.send(asked.set_payload(body.clone())).await
        };
        let answer = send(&pat).await.json();
        let statuses: Vec<&str> = answer["entry"].as_array().unwrap().iter().map(|entry| &entry["response"]["status"].as_str().unwrap()[..3]).collect();
        assert_eq!(statuses, ["200", "200", "404", "403", "200", "200"]);
        assert_eq!(answer["entry"][0]["resource"]["entry"].as_array().unwrap().len(), 1);
        assert_eq!(answer["entry"][5]["resource"]["total"], 0);
        assert_eq!(send(&site).await.status, 401);
    }

    /// A link to the next page is good for who got it.
    async fn links_to_the_next_page_are_bound(kind) {
        let site = site(kind).await;
        let (mine, other) = (launch(&site, "pat", "launch/patient patient/*.rs").await, launch(&site, "ada", "user/*.rs").await);
        let page = site.by(&mine).ok("/fhir/Condition?_count=2").await;
        let next = link(&page, "next").unwrap();
        assert_eq!(site.by(&mine).get(&next).await.status, 200);
        let refused = site.by(&other).get(&next).await;
        assert_eq!(refused.status, 400, "{}", refused.text());
        assert_eq!(site.get(&next).await.status, 401);
        let all = site.by(&other).ok("/fhir/Condition?_count=2").await;
        assert_eq!(site.by(&mine).get(&link(&all, "next").unwrap()).await.status, 400);
        let history = format!("/fhir/Patient/{PATIENT}/$everything?_count=2");
        let next = link(&site.by(&mine).ok(&history).await, "next").unwrap();
        assert_eq!((site.by(&mine).get(&next).await.status, site.by(&other).get(&next).await.status), (200, 400));
        // A refresh is the same grant, so pages go on.
        let offline = launch(&site, "pat", "launch/patient offline_access patient/*.rs").await;
        let next = link(&site.by(&offline).ok("/fhir/Condition?_count=2").await, "next").unwrap();
        let refreshed = Tokens::of(&site.refresh("app", offline.refresh()).await);
        assert_eq!(site.by(&refreshed).get(&next).await.status, 200);
    }

    async fn an_explanation_tells_of_what_is_seen(kind) {
        let site = site(kind).await;
        let pat = site.by(&launch(&site, "pat", "launch/patient patient/*.rs").await);
        let page = pat.ok(&format!("/fhir/Condition?patient.birthdate=gt1900&_explain=true&patient={STRANGER}")).await;
        assert_eq!(resources(&page, "match").len(), 0);
        let text = page.to_string();
        assert!(text.contains("SELECT") && !text.contains(PATIENT) && text.matches(STRANGER).count() == 1, "{text}");
    }

    /// Who may act for a patient no more sees nothing of them from then on, whatever tokens there are; nor does who is gone.
    async fn what_somebody_may_see_changes(kind) {
        let smart = Smart::new(kind);
        let before = smart.serve(Setup::all(kind)).await;
        let user = launch(&before, "mother", "offline_access user/*.rs").await;
        let browser = Browser::new(&before);
        let ask = Ask::of("app", "launch/patient patient/*.rs");
        let (one, other) = (browser.launch(&ask, "mother", Some(CHILDREN[0])).await, browser.launch(&ask, "mother", Some(CHILDREN[1])).await);
        let (pat, sam) = (launch(&before, "pat", "user/*.rs").await, launch(&before, "sam", "user/*.rs").await);
        let file = smart.folder().join("accounts.toml");
        let accounts = std::fs::read_to_string(&file).unwrap();
        let accounts = accounts.replace(&format!("[{:?}, {:?}]", CHILDREN[0], CHILDREN[1]), &format!("[{:?}]", CHILDREN[1]));
        let accounts = accounts.replace("login = \"pat\"", "login = \"patricia\"").replace(SEEN_BY_SAM, &format!("_id={PATIENT}"));
        std::fs::write(&file, accounts).unwrap();
        let after = smart.serve(Setup::all(kind)).await;
        assert_eq!(after.by(&user).ids("/fhir/Patient").await, [CHILDREN[1]]);
        assert_eq!(after.by(&one).ids("/fhir/Patient").await, Vec::<String>::new());
        assert_eq!(after.by(&one).get(&format!("/fhir/Patient/{}", CHILDREN[0])).await.status, 404);
        assert_eq!(after.by(&other).ids("/fhir/Patient").await, [CHILDREN[1]]);
        assert_eq!(after.by(&sam).ids("/fhir/Patient").await, [PATIENT]);
        assert_eq!(after.by(&pat).get("/fhir/Patient").await.status, 401);
        for (tokens, active) in [(&pat, false), (&sam, true)] {
            let told = after.form("/auth/introspect", &[], &[("token", tokens.access()), ("client_id", "looker"), ("client_secret", SECRET)]).await;
            assert_eq!(told.json()["active"], active, "{}", told.text());
        }
        let refreshed = Tokens::of(&after.refresh("app", user.refresh()).await);
        assert_eq!(after.by(&refreshed).ids("/fhir/Patient").await, [CHILDREN[1]]);
        // The sign-in of before is one of now, too.
        let page = browser.moved_to(&after).consent(&ask, "mother", None).await;
        assert!(page.text().contains("asks to see records"), "one child is left, so there is nobody to pick: {}", page.text());
    }

    /// Each sees whom they may: a parent the children, a clinician the patients of their visits, an administrator all.
    async fn roles_see_their_patients(kind) {
        let site = site(kind).await;
        let seen = async |login: &str| site.by(&launch(&site, login, "user/*.rs").await).ids("/fhir/Patient?_count=200").await;
        let mut children = seen("mother").await;
        children.sort();
        assert_eq!(children, [CHILDREN[1], CHILDREN[0]]);
        assert_eq!(seen("pat").await, [PATIENT]);
        assert_eq!(seen("nobody").await, Vec::<String>::new());
        let (sam, ada) = (seen("sam").await, seen("ada").await);
        assert!(sam.len() == 13 && sam.iter().all(|id| id.starts_with("healthjump.")), "{sam:?}");
        assert!(ada.len() > 50);
        // Who has an app about a patient has it about that patient only.
        let ask = Ask::of("app", "launch/patient patient/*.rs");
        let picked = Browser::new(&site).launch(&ask, "sam", Some(&sam[3])).await;
        assert_eq!(site.by(&picked).ids("/fhir/Patient").await, [sam[3].as_str()]);
    }
}
