//! Parameters that shape the answer, and what is refused.

use serde_json::Value;

use super::super::client::encoded;
use super::super::report::{Area, Fault, Outcome, Report};
use super::super::statement::Type;
use super::{NOTHING, Run, ensure, id};

pub(super) fn check(run: &Run<'_>, ty: &Type, report: &mut Report) {
    let mut control = |name: &str, work: fn(&Run<'_>, &Type) -> Outcome| {
        run.check(report, Area::Control, (&ty.name, name, ""), |run| work(run, ty));
    };
    control("_count", count);
    control("_total", total);
    control("_summary", summary);
    control("_elements", parts);
    control("_pretty", pretty);
    control("Prefer: handling", handling);
    control("POST _search", post);
    control("if-none-match", not_modified);
}

/// A page after the other, none twice; none has more than was asked for.
fn count(run: &Run<'_>, ty: &Type) -> Outcome {
    let address = format!("/{}?_count=2", ty.name);
    let first = run.client.page(&address)?;
    ensure(
        first.ids("match").len() <= 2,
        "a page is larger than asked for",
        &address,
    )?;
    let Some(next) = first.link("next") else {
        return Err(Fault::skipped("there is only one page of the type"));
    };
    let second = run.client.page(next)?;
    let again = second.ids("match").iter().any(|id| first.ids("match").contains(id));
    ensure(
        !again && !second.ids("match").is_empty(),
        "the second page repeats the first, or is empty",
        &address,
    )?;
    let none = run.client.page(&format!("/{}?_count=0", ty.name))?;
    ensure(none.entries().is_empty(), "a page of none has entries", &none.address)
}

fn total(run: &Run<'_>, ty: &Type) -> Outcome {
    let counted = run.client.total(&ty.name, "")?;
    let page = run.client.page(&format!("/{}?_total=accurate&_count=1", ty.name))?;
    let told = page.bundle.get("total").and_then(Value::as_u64);
    ensure(
        told == Some(counted),
        "the accurate total is not what _summary=count says",
        &page.address,
    )?;
    let none = run
        .client
        .page(&format!("/{}?_total=accurate&_id={NOTHING}", ty.name))?;
    ensure(
        none.bundle.get("total").and_then(Value::as_u64) == Some(0),
        "nothing has a total above zero",
        &none.address,
    )
}

fn summary(run: &Run<'_>, ty: &Type) -> Outcome {
    for form in ["true", "text", "data", "false", "count"] {
        let page = run.client.page(&format!("/{}?_summary={form}&_count=3", ty.name))?;
        let tagged = page.resources("match").into_iter().all(is_subset);
        let right = match form {
            "count" => page.entries().is_empty() && page.bundle.get("total").is_some(),
            "false" => page.entries().is_empty() || !tagged,
            _ => tagged,
        };
        ensure(
            right,
            "a part of a resource is not tagged as one, or a whole is",
            &page.address,
        )?;
    }
    run.client
        .get(&format!("/{}?_summary={NOTHING}", ty.name))?
        .refuses(400)
}

fn parts(run: &Run<'_>, ty: &Type) -> Outcome {
    let page = run.client.page(&format!("/{}?_elements=id&_count=3", ty.name))?;
    let whole = run.client.page(&format!("/{}?_count=3", ty.name))?;
    ensure(
        page.ids("match") == whole.ids("match"),
        "with _elements other resources match",
        &page.address,
    )?;
    let smaller = page
        .resources("match")
        .into_iter()
        .zip(whole.resources("match"))
        .all(|(part, whole)| {
            let fields = |resource: &Value| resource.as_object().map_or(0, serde_json::Map::len);
            is_subset(part) && fields(part) <= fields(whole)
        });
    ensure(smaller, "a part of a resource is not tagged as one", &page.address)
}

fn is_subset(resource: &Value) -> bool {
    let tags = resource.pointer("/meta/tag").and_then(Value::as_array);
    tags.is_some_and(|tags| {
        tags.iter()
            .any(|tag| tag.get("code").and_then(Value::as_str) == Some("SUBSETTED"))
    })
}

fn pretty(run: &Run<'_>, ty: &Type) -> Outcome {
    let address = format!("/{}?_count=1&_summary=data", ty.name);
    let (flat, pretty) = (
        run.client.page(&address)?,
        run.client.get(&format!("{address}&_pretty=true"))?,
    );
    let lines = pretty.body.iter().filter(|byte| **byte == b'\n').count();
    ensure(lines > 3, "an indented answer has few lines", &pretty.address)?;
    ensure(
        pretty.page()?.ids("match") == flat.ids("match"),
        "an indented answer says something else",
        &address,
    )
}

/// An unknown parameter is refused when that is wished; else it is left out of the `self` link and reported.
fn handling(run: &Run<'_>, ty: &Type) -> Outcome {
    let address = format!("/{}?{NOTHING}=1&_count=1", ty.name);
    run.client.get(&address)?.refuses(400)?;
    let lenient = run
        .client
        .ask("GET", &address, &[("prefer", "handling=lenient")], "")?
        .page()?;
    let applied = lenient.link("self").is_some_and(|link| !link.contains(NOTHING));
    ensure(applied, "the self link has a parameter that was not applied", &address)?;
    ensure(
        !lenient.resources("outcome").is_empty(),
        "nobody is told that a parameter was left out",
        &address,
    )?;
    let modifier = ty
        .params
        .first()
        .map(|param| format!("/{}?{}:{NOTHING}=1", ty.name, param.name));
    modifier.map_or(Ok(()), |address| run.client.get(&address)?.refuses(400))
}

fn post(run: &Run<'_>, ty: &Type) -> Outcome {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let address = format!("/{}/_search", ty.name);
    let posted = run.client.ask("POST", &address, &form, "_count=5")?.page()?;
    let got = run.client.page(&format!("/{}?_count=5", ty.name))?;
    ensure(
        posted.ids("match") == got.ids("match"),
        "a search by POST finds something else",
        &address,
    )?;
    match posted.link("next") {
        Some(next) => run.client.page(next).map(|_| ()),
        None => Ok(()),
    }
}

/// A page that is unchanged is told to be, where the server gives pages an ETag; a resource always.
fn not_modified(run: &Run<'_>, ty: &Type) -> Outcome {
    let resource = run
        .samples
        .of(&ty.name)
        .first()
        .ok_or_else(|| Fault::skipped("the type has no resources"))?;
    let read = format!("/{}/{}", ty.name, encoded(id(resource)?));
    for (address, wanted) in [(read, true), (format!("/{}?_count=3", ty.name), false)] {
        let first = run.client.get(&address)?.expect(200)?;
        let tag = first.header("etag").to_owned();
        if tag.is_empty() && !wanted {
            continue;
        }
        ensure(!tag.is_empty(), "a resource has no ETag", &address)?;
        run.client
            .ask("GET", &address, &[("if-none-match", &tag)], "")?
            .expect(304)?;
        run.client
            .ask("GET", &address, &[("if-none-match", "W/\"another\"")], "")?
            .expect(200)?;
    }
    Ok(())
}
