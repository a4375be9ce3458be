//! References: includes both ways, chains and `_has`.

use serde_json::Value;

use super::super::client::{Page, encoded, reference};
use super::super::element::elements;
use super::super::report::{Area, Fault, Outcome, Report};
use super::super::statement::{Param, Type};
use super::super::value::target;
use super::{Run, ensure, id};

const UNUSED: &str = "no resource that was read has such a reference to another";

pub(super) fn check(run: &Run<'_>, ty: &Type, report: &mut Report) {
    for include in &ty.includes {
        run.check(report, Area::Include, (&ty.name, include, ""), |run| {
            included(run, ty, include, "_include")
        });
    }
    if let Some(first) = ty.includes.first() {
        run.check(report, Area::Include, (&ty.name, first, "`:iterate`"), |run| {
            included(run, ty, first, "_include:iterate")
        });
        let every = format!("{}:*", ty.name);
        run.check(report, Area::Include, (&ty.name, &every, " of `*`"), |run| {
            every_include(run, ty)
        });
    }
    for include in &ty.rev_includes {
        run.check(report, Area::RevInclude, (&ty.name, include, ""), |run| {
            rev_included(run, ty, include)
        });
    }
    for param in ty.params.iter().filter(|param| param.kind == "reference") {
        run.check(report, Area::Chain, (&ty.name, &param.name, "parameter.other"), |run| {
            chained(run, ty, param)
        });
        run.check(report, Area::Chain, (&ty.name, &param.name, "_has"), |run| {
            has(run, ty, param)
        });
    }
}

/// A resource of a type, and what it refers to by a parameter, when that was read too.
fn pair<'a>(run: &'a Run<'_>, ty: &str, param: &str) -> Result<(&'a Value, String), Fault> {
    let found = run.samples.find(ty, |resource| {
        let here = elements(resource, ty, param)?;
        here.into_iter()
            .filter_map(target)
            .find(|target| run.samples.has(target))
    });
    found.ok_or_else(|| Fault::skipped(UNUSED))
}

fn parts(include: &str) -> Result<(&str, &str), Fault> {
    let mut parts = include.split(':');
    match (parts.next(), parts.next()) {
        (Some(ty), Some(param)) => Ok((ty, param)),
        _ => Err(Fault::failed("an include is not written Type:parameter")),
    }
}

fn included(run: &Run<'_>, ty: &Type, include: &str, name: &str) -> Outcome {
    let (source, param) = parts(include)?;
    if param == "*" {
        return every_include(run, ty);
    }
    let (resource, target) = pair(run, source, param)?;
    let address = format!("/{source}?_id={}&{name}={include}", encoded(id(resource)?));
    let page = run.client.page(&address)?;
    ensure(
        page.ids("include").contains(&target),
        "what the match refers to is not included",
        &address,
    )?;
    only_referred(&page, &address)
}

fn every_include(run: &Run<'_>, ty: &Type) -> Outcome {
    let pairs = ty
        .includes
        .iter()
        .filter_map(|include| pair(run, &ty.name, include.split(':').nth(1)?).ok());
    let (resource, target) = pairs.into_iter().next().ok_or_else(|| Fault::skipped(UNUSED))?;
    let address = format!("/{0}?_id={1}&_include={0}:*", ty.name, encoded(id(resource)?));
    let page = run.client.page(&address)?;
    ensure(
        page.ids("include").contains(&target),
        "what the match refers to is not included",
        &address,
    )?;
    only_referred(&page, &address)
}

/// Nothing is included that no resource of the page refers to.
fn only_referred(page: &Page, address: &str) -> Outcome {
    let mut references = vec![];
    for mode in ["match", "include"] {
        for resource in page.resources(mode) {
            collect(resource, &mut references);
        }
    }
    let referred = page.ids("include").iter().all(|id| references.contains(id));
    ensure(referred, "something is included that nothing refers to", address)
}

fn rev_included(run: &Run<'_>, ty: &Type, include: &str) -> Outcome {
    let (source, param) = parts(include)?;
    let found = run.samples.find(source, |resource| {
        let here = elements(resource, source, param)?;
        let targets = here.into_iter().filter_map(target);
        targets
            .into_iter()
            .find(|target| target.split('/').next() == Some(&ty.name) && run.samples.has(target))
    });
    let (resource, target) = found.ok_or_else(|| Fault::skipped(UNUSED))?;
    let target_id = target.split('/').next_back().unwrap_or_default();
    let address = format!("/{}?_id={}&_revinclude={include}", ty.name, encoded(target_id));
    let page = run.client.page(&address)?;
    let wanted = reference(resource).unwrap_or_default();
    ensure(
        page.ids("include").contains(&wanted),
        "what refers to the match is not included",
        &address,
    )?;
    let refers = |included: &&Value| {
        let mut references = vec![];
        collect(included, &mut references);
        references.contains(&target)
    };
    ensure(
        page.resources("include").iter().all(refers),
        "something is included that does not refer to the match",
        &address,
    )
}

/// `param:Type._id=…` finds what refers to that resource, and nothing else.
fn chained(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    let (resource, target) = pair(run, &ty.name, &param.name)?;
    let (to, to_id) = target.split_once('/').ok_or_else(|| Fault::skipped(UNUSED))?;
    let asked = format!("{}:{to}._id={}", param.name, encoded(to_id));
    run.expect(&ty.name, &asked, id(resource)?, true)?;
    let address = format!("/{}?{asked}", ty.name);
    for found in run.client.page(&address)?.resources("match") {
        let here = elements(found, &ty.name, &param.name).unwrap_or_default();
        let right = here
            .into_iter()
            .filter_map(super::super::value::target)
            .any(|to| to == target);
        ensure(right, "a resource matches whose reference leads elsewhere", &address)?;
    }
    run.expect_none(&ty.name, &format!("{}:{to}._id={}", param.name, super::NOTHING))
}

/// `_has:Type:param:_id=…` finds what that resource refers to.
fn has(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    let (resource, target) = pair(run, &ty.name, &param.name)?;
    let (to, to_id) = target.split_once('/').ok_or_else(|| Fault::skipped(UNUSED))?;
    let asked = format!("_has:{}:{}:_id", ty.name, param.name);
    run.expect(to, &format!("{asked}={}", encoded(id(resource)?)), to_id, true)?;
    run.expect_none(to, &format!("{asked}={}", super::NOTHING))
}

/// Every `Type/id` that a resource refers to.
fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            references.extend(target(value));
            fields.values().for_each(|field| collect(field, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
