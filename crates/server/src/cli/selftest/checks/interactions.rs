//! Interactions with a type and with its resources.

use serde_json::Value;

use super::super::client::{encoded, reference};
use super::super::report::{Area, Fault, Outcome, Report};
use super::super::statement::Type;
use super::{NOTHING, Run, ensure, id};

pub(super) fn check(run: &Run<'_>, ty: &Type, report: &mut Report) {
    for interaction in &ty.interactions {
        run.check(report, Area::Interaction, (&ty.name, interaction, ""), |run| {
            tried(run, ty, interaction)
        });
    }
}

fn tried(run: &Run<'_>, ty: &Type, interaction: &str) -> Outcome {
    if interaction == "search-type" {
        return search(run, ty);
    }
    let resource = run
        .samples
        .of(&ty.name)
        .first()
        .ok_or_else(|| Fault::skipped("the type has no resources"))?;
    let address = format!("/{}/{}", ty.name, encoded(id(resource)?));
    match interaction {
        "read" => read(run, ty, resource, &address),
        "vread" => vread(run, resource, &address),
        "history-instance" => history(run, &format!("{address}/_history"), reference(resource)),
        "history-type" => history(run, &format!("/{}/_history?_count=5", ty.name), None),
        _ => Err(Fault::failed("the self-test does not know this interaction")),
    }
}

fn search(run: &Run<'_>, ty: &Type) -> Outcome {
    let page = run.client.page(&format!("/{}", ty.name))?;
    ensure(
        page.bundle.get("type").and_then(Value::as_str) == Some("searchset"),
        "no searchset",
        &page.address,
    )?;
    ensure(page.link("self").is_some(), "a page without self link", &page.address)?;
    let own = page
        .ids("match")
        .iter()
        .all(|id| id.starts_with(&format!("{}/", ty.name)));
    ensure(own, "resources of another type match", &page.address)?;
    let full = page
        .entries()
        .iter()
        .filter(|entry| entry.pointer("/search/mode").and_then(Value::as_str) == Some("match"));
    let told = full
        .map(|entry| entry.get("fullUrl").and_then(Value::as_str))
        .all(|url| url.is_some_and(|url| url.starts_with("http")));
    ensure(told, "an entry without fullUrl", &page.address)
}

/// A read shows what the search showed, with its version; HEAD has no body; an unknown id is 404.
fn read(run: &Run<'_>, ty: &Type, resource: &Value, address: &str) -> Outcome {
    let answer = run.client.get(address)?.expect(200)?;
    let version = resource
        .pointer("/meta/versionId")
        .and_then(Value::as_str)
        .unwrap_or_default();
    ensure(
        answer.header("etag") == format!("W/\"{version}\""),
        "the ETag is not the version",
        address,
    )?;
    ensure(!answer.header("last-modified").is_empty(), "no Last-Modified", address)?;
    ensure(
        answer.json()? == *resource,
        "a read shows something else than the search",
        address,
    )?;
    let head = run.client.ask("HEAD", address, &[], "")?.expect(200)?;
    ensure(
        head.body.is_empty() && head.header("etag") == answer.header("etag"),
        "HEAD is not GET without body",
        address,
    )?;
    run.client.get(&format!("/{}/{NOTHING}", ty.name))?.refuses(404)
}

fn vread(run: &Run<'_>, resource: &Value, address: &str) -> Outcome {
    let version = resource
        .pointer("/meta/versionId")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let address = format!("{address}/_history/{}", encoded(version));
    let same = run.client.get(&address)?.resource()? == *resource;
    ensure(same, "the current version is not what the read shows", &address)?;
    run.client.get(&format!("{address}-none"))?.refuses(404)
}

/// A history is a Bundle of its type whose entries say what was done; that of a resource has the resource.
pub(super) fn history(run: &Run<'_>, address: &str, of: Option<String>) -> Outcome {
    let page = run.client.page(address)?;
    ensure(
        page.bundle.get("type").and_then(Value::as_str) == Some("history"),
        "no history",
        address,
    )?;
    let told = page
        .entries()
        .iter()
        .all(|entry| entry.get("request").is_some() && entry.get("response").is_some());
    ensure(told, "an entry does not say what was done", address)?;
    let Some(of) = of else { return Ok(()) };
    let resources = page.entries().iter().filter_map(|entry| entry.get("resource"));
    let all: Vec<String> = resources.filter_map(reference).collect();
    ensure(
        !all.is_empty() && all.iter().all(|one| *one == of),
        "the history of a resource is not of it",
        address,
    )
}
