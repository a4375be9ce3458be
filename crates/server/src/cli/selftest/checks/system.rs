//! Interactions with the whole server, and searches of compartments.

use serde_json::{Value, json};

use super::super::client::{encoded, reference};
use super::super::report::{Area, Fault, Outcome, Report};
use super::{NOTHING, Run, ensure, id};

/// The code of an interaction, and how it is tried.
type Try = (&'static str, fn(&Run<'_>) -> Outcome);

pub(super) fn check(run: &Run<'_>, report: &mut Report) {
    run.check(report, Area::Interaction, ("", "capabilities", ""), capabilities);
    let tries: [Try; 3] = [("batch", batch), ("search-system", search), ("history-system", history)];
    for (code, work) in tries {
        if run.statement.has(code) {
            run.check(report, Area::Interaction, ("", code, ""), work);
        }
    }
    for operation in &run.statement.operations {
        let name = format!("${}", operation.name);
        run.check(report, Area::Operation, ("", &name, ""), |run| {
            run.client.get(&format!("/{name}"))?.expect(200).map(|_| ())
        });
    }
    for definition in &run.statement.compartments {
        let name = definition.rsplit('/').next().unwrap_or_default();
        let name = format!("compartment {name}");
        run.check(report, Area::Interaction, ("", &name, ""), compartment);
    }
    run.check(report, Area::Interaction, ("", "what is not there", ""), elsewhere);
}

fn capabilities(run: &Run<'_>) -> Outcome {
    for format in &run.statement.formats {
        run.client
            .get(&format!("/metadata?_format={}", encoded(format)))?
            .expect(200)?;
    }
    let summary = run.client.get("/metadata?_summary=true")?.resource()?;
    ensure(
        summary.pointer("/meta/tag/0/code").and_then(Value::as_str) == Some("SUBSETTED"),
        "a summary is not tagged",
        "/metadata",
    )
}

/// Each request of a batch is answered as it would be alone; one that fails does not keep the others from being answered.
fn batch(run: &Run<'_>) -> Outcome {
    let (ty, resource) = any(run)?;
    let read = reference(resource).unwrap_or_default();
    let entry = |url: &str| json!({"request": {"method": "GET", "url": url}});
    let entries = [
        entry(&read),
        entry(&format!("{ty}/{NOTHING}")),
        entry(&format!("{ty}?_id={}", encoded(id(resource)?))),
    ];
    let body = json!({"resourceType": "Bundle", "type": "batch", "entry": entries}).to_string();
    let answer = run
        .client
        .ask("POST", "", &[("content-type", fhir::r4::JSON)], &body)?
        .page()?;
    ensure(
        answer.bundle.get("type").and_then(Value::as_str) == Some("batch-response"),
        "no batch-response",
        "a batch",
    )?;
    let status = |entry: &Value| {
        entry
            .pointer("/response/status")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .get(..3)
            .map(str::to_owned)
    };
    let statuses: Vec<String> = answer.entries().iter().filter_map(status).collect();
    ensure(
        statuses == ["200", "404", "200"],
        "the entries of a batch have other statuses",
        "a batch",
    )?;
    let first = answer.entries().first().and_then(|entry| entry.get("resource"));
    ensure(
        first == Some(resource),
        "a batch shows something else than a read",
        "a batch",
    )
}

/// A search of two types finds resources of both and of no other.
fn search(run: &Run<'_>) -> Outcome {
    let mut found = run
        .statement
        .types
        .iter()
        .filter_map(|ty| Some((ty.name.as_str(), run.samples.of(&ty.name).first()?)));
    let (Some((one, first)), Some((two, second))) = (found.next(), found.next()) else {
        return Err(Fault::skipped("there are no resources of two types"));
    };
    let ids = format!("{},{}", encoded(id(first)?), encoded(id(second)?));
    let page = run.client.page(&format!("/?_type={one},{two}&_id={ids}"))?;
    let wanted = [reference(first), reference(second)];
    let right = page.ids("match").len() == 2 && wanted.into_iter().flatten().all(|id| page.ids("match").contains(&id));
    ensure(right, "a search of two types does not find one of each", &page.address)
}

fn history(run: &Run<'_>) -> Outcome {
    super::interactions::history(run, "/_history?_count=5", None)
}

/// What a patient's compartment has of a type is what refers to the patient.
fn compartment(run: &Run<'_>) -> Outcome {
    let patient = run.samples.find("Patient", |patient| {
        let own = reference(patient)?;
        let of =
            |resource: &&Value| resource.pointer("/subject/reference").and_then(Value::as_str) == Some(own.as_str());
        run.samples.of("Condition").iter().find(of).map(|_| ())
    });
    let (patient, ()) = patient.ok_or_else(|| Fault::skipped("no patient that was read has a condition"))?;
    let within = run
        .client
        .page(&format!("/Patient/{}/Condition?_count=50", encoded(id(patient)?)))?;
    let by_parameter = run
        .client
        .page(&format!("/Condition?patient={}&_count=50", encoded(id(patient)?)))?;
    let same = within.ids("match") == by_parameter.ids("match") && !within.ids("match").is_empty();
    ensure(
        same,
        "a compartment is something else than what refers to the patient",
        &within.address,
    )
}

/// What is not served is refused with a reason, and so is writing.
fn elsewhere(run: &Run<'_>) -> Outcome {
    run.client.get(&format!("/{NOTHING}"))?.refuses(404)?;
    let (ty, _) = any(run)?;
    let put = run.client.ask(
        "PUT",
        &format!("/{ty}/{NOTHING}"),
        &[("content-type", fhir::r4::JSON)],
        "{}",
    )?;
    ensure(
        put.status() == 405 && !put.header("allow").is_empty(),
        "writing is not refused with 405 and Allow",
        &put.address,
    )?;
    let turtle = run
        .client
        .ask("GET", &format!("/{ty}"), &[("accept", "text/turtle")], "")?;
    ensure(
        turtle.status() == 406,
        "a format that is not listed is not refused with 406",
        &turtle.address,
    )
}

/// Some resource, and its type.
fn any<'a>(run: &'a Run<'_>) -> Result<(&'a str, &'a Value), Fault> {
    let mut types = run.statement.types.iter();
    let found = types.find_map(|ty| Some((ty.name.as_str(), run.samples.of(&ty.name).first()?)));
    found.ok_or_else(|| Fault::skipped("the server has no resources"))
}
