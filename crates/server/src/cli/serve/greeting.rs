//! What a server says when it is up: its address, and three requests to try.

use std::fmt::Write;
use std::sync::Arc;

use fhir::r4::ResourceType;
use fhir::search::{Request, Vocabulary};
use mapper::Ask;

use crate::app::{Served, State};
use crate::auth::Auth;

/// The greeting, with an id that the database has.
pub(super) async fn greeting(state: &State, base_url: &str) -> String {
    let mut text = String::new();
    let Some(all) = state.served.first() else { return text };
    if let Some(auth) = &state.auth {
        return with_auth(auth, all, base_url);
    }
    let mut lines = vec![format!("curl {}/metadata", all.base)];
    match first(state, all, ResourceType::Patient).await {
        Some(id) => {
            lines.push(format!("curl '{}/Patient/{id}?_pretty=true'", all.base));
            lines.push(search(all, &id));
        }
        None => {
            let types = all.view.dictionary().types().map(|(ty, _)| ty).take(2);
            lines.extend(types.map(|ty| format!("curl '{}/{ty}?_count=5&_pretty=true'", all.base)));
        }
    }
    // Writing to a String cannot fail.
    let _ = writeln!(text, "FHIR R4 at {}\nTry:", all.base);
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
    text
}

/// With SMART, nothing can be tried without signing in.
fn with_auth(auth: &Auth, all: &Served, base_url: &str) -> String {
    let mut text = format!("FHIR R4 at {}\nTry:\n  curl {}/metadata\n", all.base, all.base);
    // Writing to a String cannot fail.
    if auth.has_demo() {
        let _ = writeln!(
            text,
            "  {base_url}/app/ in a browser: an app that lists a patient's conditions"
        );
    }
    let _ = writeln!(
        text,
        "  {base_url}/auth/launcher in a browser: launch an app as an EHR does"
    );
    let demo: Vec<_> = auth.demo_accounts().collect();
    if !demo.is_empty() {
        let _ = writeln!(text, "Sign in as one of these, none of whom exists:");
    }
    for account in demo {
        let _ = writeln!(
            text,
            "  {:<10} password {:<15} {}",
            account.login, account.password, account.what
        );
    }
    text
}

async fn first(state: &State, all: &Served, ty: ResourceType) -> Option<String> {
    all.view.dictionary().served(ty.as_str())?;
    for gate in &all.gates {
        gate.pass().await.ok()?;
    }
    let ask = Ask::new(Request::new(ty), (state.clock)(), Arc::clone(&state.bases));
    Some(
        all.view
            .search(&ask, 1, &mut mapper::Partial::default())
            .await
            .ok()?
            .hits
            .first()?
            .id
            .clone(),
    )
}

/// A search for something of this patient, with what it refers to where that can be included.
fn search(all: &Served, patient: &str) -> String {
    let dictionary = all.view.dictionary();
    let of_patient = |ty: &ResourceType| dictionary.param_type(*ty, "patient").is_some();
    match [ResourceType::Condition, ResourceType::Encounter]
        .into_iter()
        .find(of_patient)
    {
        Some(ty) if dictionary.has_include(ty, "encounter", None) => {
            format!(
                "curl '{}/{ty}?patient={patient}&_include={ty}:encounter&_pretty=true'",
                all.base
            )
        }
        Some(ty) => format!("curl '{}/{ty}?patient={patient}&_pretty=true'", all.base),
        None => format!("curl '{}/Patient?_id={patient}&_pretty=true'", all.base),
    }
}
