//! Operations: each answers with what its definition says, and refuses what is not there.

use serde_json::Value;

use super::super::client::encoded;
use super::super::report::{Area, Fault, Outcome, Report};
use super::super::statement::{Operation, Type};
use super::{NOTHING, Run, ensure, id};

pub(super) fn check(run: &Run<'_>, ty: &Type, report: &mut Report) {
    for operation in &ty.operations {
        let name = format!("${}", operation.name);
        run.check(report, Area::Operation, (&ty.name, &name, ""), |run| {
            called(run, ty, operation)
        });
    }
}

fn called(run: &Run<'_>, ty: &Type, operation: &Operation) -> Outcome {
    let resource = run
        .samples
        .of(&ty.name)
        .first()
        .ok_or_else(|| Fault::skipped("the type has no resources"))?;
    let address = format!("/{}/{}/${}", ty.name, encoded(id(resource)?), operation.name);
    let answer = run.client.get(&address)?.resource()?;
    let answered = answer.get("resourceType").and_then(Value::as_str).unwrap_or_default();
    ensure(
        !answered.is_empty() && answered != "OperationOutcome",
        "no answer to an operation",
        &address,
    )?;
    if operation.definition.starts_with(&run.client.own_name()) {
        let definition = run.client.get(&operation.definition)?.resource()?;
        let of = |name: &str| {
            definition
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        ensure(
            of("code") == operation.name,
            "the definition is of another operation",
            &operation.definition,
        )?;
        let parameters = definition.get("parameter").and_then(Value::as_array);
        let out = parameters
            .into_iter()
            .flatten()
            .find(|parameter| parameter.get("use").and_then(Value::as_str) == Some("out"));
        let ty = out.and_then(|parameter| parameter.get("type")).and_then(Value::as_str);
        ensure(
            ty == Some(answered),
            "the answer is not of the type that the definition says",
            &address,
        )?;
    }
    run.client
        .get(&format!("/{}/{NOTHING}/${}", ty.name, operation.name))?
        .refuses(404)
}
