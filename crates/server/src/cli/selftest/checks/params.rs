//! Parameters by a value: what has it is found, what has another is not.

use super::super::element::elements;
use super::super::report::{Area, Fault, Outcome, Report};
use super::super::statement::{Param, Type};
use super::super::value::{holds, target, values};
use super::{NOTHING, Run, criterion, ensure};

pub(super) fn check(run: &Run<'_>, ty: &Type, param: &Param, report: &mut Report) {
    let about = |part| (ty.name.as_str(), param.name.as_str(), part);
    run.check(report, Area::Parameter, about(""), |run| found(run, ty, param));
    if param.kind != "date" {
        run.check(report, Area::Parameter, about("nothing"), |run| unfound(run, ty, param));
    }
    match param.kind.as_str() {
        "token" if param.name != "_id" => {
            run.check(report, Area::Parameter, about("system|code"), |run| {
                with_system(run, ty, param)
            });
        }
        "reference" => {
            run.check(report, Area::Parameter, about("address"), |run| {
                by_address(run, ty, param)
            });
        }
        _ => {}
    }
}

/// What has the value is found; and the first page has nothing else.
fn found(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    let pick = |element| values(&param.kind, element).into_iter().next();
    let (id, value) = run.sample(ty, param, pick)?;
    let asked = criterion(&param.name, &value);
    run.expect(&ty.name, &asked, id, true)?;
    let page = run.client.page(&format!("/{}?{asked}", ty.name))?;
    for resource in page.resources("match") {
        let here = elements(resource, &ty.name, &param.name).unwrap_or_default();
        let right = here.into_iter().any(|element| holds(&param.kind, element, &value));
        ensure(right, "a resource without the value matches", &page.address)?;
    }
    Ok(())
}

/// A value that nothing has finds nothing; an empty value is refused.
fn unfound(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    if matches!(param.kind.as_str(), "number" | "quantity" | "special") {
        return Err(Fault::skipped("the self-test makes no values of this type"));
    }
    run.expect_none(&ty.name, &criterion(&param.name, NOTHING))
}

fn with_system(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    let (id, token) = run.token(ty, param, |token| token.system.is_some())?;
    run.expect(&ty.name, &criterion(&param.name, &token.whole()), id, true)?;
    let elsewhere = format!("urn:{NOTHING}|{}", token.bare());
    run.expect(&ty.name, &criterion(&param.name, &elsewhere), id, false)
}

/// The bare id and the whole address mean the same as `Type/id`.
fn by_address(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    let (id, reference) = run.sample(ty, param, target)?;
    let bare = reference.split('/').next_back().unwrap_or_default();
    let whole = format!("{}/{reference}", run.client.own_name());
    for value in [bare, whole.as_str()] {
        run.expect(&ty.name, &criterion(&param.name, value), id, true)?;
    }
    Ok(())
}

/// Parameters that are to be used together find what has a value of each.
pub(super) fn combinations(run: &Run<'_>, ty: &Type, report: &mut Report) {
    for names in &ty.combinations {
        let title = names.join("+");
        run.check(report, Area::Combination, (&ty.name, &title, ""), |run| {
            together(run, ty, names)
        });
    }
}

fn together(run: &Run<'_>, ty: &Type, names: &[String]) -> Outcome {
    let params: Vec<&Param> = names.iter().filter_map(|name| ty.param(name)).collect();
    ensure(
        params.len() == names.len(),
        "a combination has a parameter that the type has not",
        "/metadata",
    )?;
    let asked = run.samples.find(&ty.name, |resource| {
        let value = |param: &&Param| {
            let here = elements(resource, &ty.name, &param.name)?;
            let value = here
                .into_iter()
                .flat_map(|element| values(&param.kind, element))
                .next()?;
            Some(criterion(&param.name, &value))
        };
        params.iter().map(value).collect::<Option<Vec<String>>>()
    });
    let (resource, asked) = asked.ok_or_else(|| Fault::skipped("no resource that was read has a value of each"))?;
    run.expect(&ty.name, &asked.join("&"), super::id(resource)?, true)
}
