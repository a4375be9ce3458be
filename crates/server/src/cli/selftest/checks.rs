//! The checks. Each compares answers with each other; none knows the rows.

mod controls;
mod dates;
mod formats;
mod interactions;
mod links;
mod modifiers;
mod operations;
mod params;
mod sort;
mod system;

use serde_json::Value;

use super::client::{Client, encoded};
use super::element::implicit_system;
use super::report::{Area, Fault, Outcome, Report};
use super::sample::Samples;
use super::statement::{Param, Statement, Type};
use super::value::{Token, tokens};

/// What no server has.
const NOTHING: &str = "chartgate-selftest-nothing";

/// What checks need, and where they tell.
struct Run<'a> {
    client: &'a Client,
    statement: &'a Statement,
    samples: &'a Samples,
}

/// Tries everything that the statement lists.
pub(super) fn run(client: &Client, statement: &Statement, samples: &Samples, report: &mut Report) {
    let run = Run {
        client,
        statement,
        samples,
    };
    system::check(&run, report);
    for ty in &statement.types {
        interactions::check(&run, ty, report);
        operations::check(&run, ty, report);
        if !ty.has("search-type") {
            continue;
        }
        for param in &ty.params {
            params::check(&run, ty, param, report);
            modifiers::check(&run, ty, param, report);
            if param.kind == "date" {
                dates::check(&run, ty, param, report);
            }
            if param.sortable {
                sort::check(&run, ty, param, report);
            }
        }
        params::combinations(&run, ty, report);
        links::check(&run, ty, report);
        controls::check(&run, ty, report);
        formats::check(&run, ty, report);
    }
}

impl Run<'_> {
    /// Makes one check and notes what came of it.
    fn check(&self, report: &mut Report, area: Area, about: (&str, &str, &str), work: impl FnOnce(&Self) -> Outcome) {
        let before = self.client.requests();
        let outcome = work(self);
        report.add(area, about, self.client.requests() - before, outcome);
    }

    /// Whether a resource is among those that match. Asked for by its id too, so that the number of matches does not matter.
    fn finds(&self, ty: &str, criterion: &str, id: &str) -> Result<bool, Fault> {
        let page = self.client.page(&format!("/{ty}?{criterion}&_id={}", encoded(id)))?;
        match page.matches().as_slice() {
            [] => Ok(false),
            [one] if *one == id => Ok(true),
            _ => Err(Fault::failed("other resources than the one with this id match").at(&page.address)),
        }
    }

    /// The resource has to match, or must not.
    fn expect(&self, ty: &str, criterion: &str, id: &str, wanted: bool) -> Outcome {
        if self.finds(ty, criterion, id)? == wanted {
            return Ok(());
        }
        let why = if wanted {
            "the resource that has the value is not found"
        } else {
            "a resource is found that must not match"
        };
        Err(Fault::failed(why).at(&format!("/{ty}?{criterion}")))
    }

    /// Nothing may match.
    fn expect_none(&self, ty: &str, criterion: &str) -> Outcome {
        let page = self.client.page(&format!("/{ty}?{criterion}"))?;
        if page.matches().is_empty() {
            return Ok(());
        }
        Err(Fault::failed("something matches a value that nothing has").at(&page.address))
    }

    /// The first resource with a token of the parameter that is wanted: its id and the token, with its system.
    fn token(&self, ty: &Type, param: &Param, wanted: impl Fn(&Token) -> bool) -> Result<(&str, Token), Fault> {
        self.sample(ty, param, |element| {
            let mut all = tokens(element).into_iter().map(|token| Token {
                system: token
                    .system
                    .or_else(|| implicit_system(&ty.name, &param.name).map(str::to_owned)),
                ..token
            });
            all.find(&wanted)
        })
    }

    /// The first resource with a value of the parameter: its id and the value.
    fn sample<'a, T>(
        &'a self,
        ty: &Type,
        param: &Param,
        pick: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<(&'a str, T), Fault> {
        let found = self.samples.with(&ty.name, param, pick);
        let (resource, value) = found.ok_or_else(|| Fault::skipped("no resource that was read has such a value"))?;
        Ok((id(resource)?, value))
    }
}

/// The resource's id.
fn id(resource: &Value) -> Result<&str, Fault> {
    let id = resource.get("id").and_then(Value::as_str);
    id.ok_or_else(|| Fault::failed("a resource has no id"))
}

/// `name=value`, as it stands in an address.
fn criterion(name: &str, value: &str) -> String {
    format!("{name}={}", encoded(value))
}

/// Holds, or fails with this.
fn ensure(holds: bool, why: &str, address: &str) -> Outcome {
    if holds {
        Ok(())
    } else {
        Err(Fault::failed(why).at(address))
    }
}
