//! Formats: each that is listed, by `_format` and by `Accept`, says the same.

use fhir::xml;

use super::super::client::{Answer, encoded};
use super::super::report::{Area, Fault, Outcome, Report};
use super::super::statement::Type;
use super::{Run, ensure, id};

pub(super) fn check(run: &Run<'_>, ty: &Type, report: &mut Report) {
    for format in &run.statement.formats {
        run.check(report, Area::Format, (&ty.name, format, ""), |run| {
            formatted(run, ty, format)
        });
    }
}

fn formatted(run: &Run<'_>, ty: &Type, format: &str) -> Outcome {
    let resource = run
        .samples
        .of(&ty.name)
        .first()
        .ok_or_else(|| Fault::skipped("the type has no resources"))?;
    let address = format!("/{}/{}", ty.name, encoded(id(resource)?));
    let plain = run.client.get(&address)?.expect(200)?;
    let named = run
        .client
        .get(&format!("{address}?_format={}", encoded(format)))?
        .expect(200)?;
    same(&plain, &named, format)?;
    if format.contains('/') {
        let accepted = run
            .client
            .ask("GET", &address, &[("accept", format)], "")?
            .expect(200)?;
        same(&plain, &accepted, format)?;
    }
    let refused = run
        .client
        .get(&format!("{address}-none?_format={}", encoded(format)))?
        .expect(404)?;
    ensure(
        media(&refused).ends_with(short(format)),
        "a refusal is in another format",
        &refused.address,
    )
}

fn short(format: &str) -> &str {
    format.rsplit(['/', '+']).next().unwrap_or(format)
}

fn media(answer: &Answer) -> &str {
    answer.header("content-type").split(';').next().unwrap_or_default()
}

fn same(plain: &Answer, other: &Answer, format: &str) -> Outcome {
    ensure(
        media(other).ends_with(short(format)),
        "the answer is in another format",
        &other.address,
    )?;
    if short(format) != "xml" {
        return ensure(
            plain.json()? == other.json()?,
            "the same resource says something else",
            &other.address,
        );
    }
    let expected =
        xml::from_json(&plain.body, false).map_err(|error| Fault::failed(error.to_string()).at(&plain.address))?;
    ensure(
        expected == other.body,
        "XML says something else than JSON",
        &other.address,
    )
}
