//! Modifiers, each by what it means for a value that some resource has.

use fhir::search::escape;
use fhir::terminology;
use serde_json::Value;

use super::super::element::{children, elements};
use super::super::report::{Area, Fault, Outcome, Report};
use super::super::statement::{Param, Type};
use super::super::value::{Token, displays, strings, target, tokens, values};
use super::{NOTHING, Run, criterion, ensure};

pub(super) fn check(run: &Run<'_>, ty: &Type, param: &Param, report: &mut Report) {
    for modifier in &param.modifiers {
        let part = format!(":{modifier}");
        let about = (ty.name.as_str(), param.name.as_str(), part.as_str());
        run.check(report, Area::Modifier, about, |run| modified(run, ty, param, modifier));
    }
}

fn modified(run: &Run<'_>, ty: &Type, param: &Param, modifier: &str) -> Outcome {
    match modifier {
        "missing" => missing(run, ty, param),
        "not" => not(run, ty, param),
        "exact" => exact(run, ty, param),
        "contains" => contains(run, ty, param),
        "text" => text(run, ty, param),
        "[type]" => of_a_type(run, ty, param),
        "identifier" => identifier(run, ty, param),
        "of-type" => of_type(run, ty, param),
        "above" | "below" => subsumed(run, ty, param, modifier),
        "in" | "not-in" => value_set(run, ty, param, modifier),
        _ => Err(Fault::failed("the self-test does not know this modifier")),
    }
}

/// What has the element and what has it not are all there is.
fn missing(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    let total = |value| run.client.total(&ty.name, &format!("{}:missing={value}", param.name));
    let (without, with, all) = (total(true)?, total(false)?, run.client.total(&ty.name, "")?);
    let address = format!("/{}?{}:missing=true", ty.name, param.name);
    ensure(without + with == all, "missing and not missing are not all", &address)?;
    let pick = |element| values(&param.kind, element).into_iter().next();
    match run.sample(ty, param, pick) {
        Ok((id, _)) => run.expect(&ty.name, &format!("{}:missing=true", param.name), id, false),
        Err(Fault::Skipped(_)) => Ok(()),
        Err(failed) => Err(failed),
    }
}

/// What has the value and what has not are all there is.
fn not(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    let (id, token) = run.token(ty, param, |_| true)?;
    let negated = criterion(&format!("{}:not", param.name), &token.bare());
    run.expect(&ty.name, &negated, id, false)?;
    let with = run.client.total(&ty.name, &criterion(&param.name, &token.bare()))?;
    let (without, all) = (run.client.total(&ty.name, &negated)?, run.client.total(&ty.name, "")?);
    ensure(
        with + without == all,
        "matches of a value and of its :not are not all",
        &format!("/{}?{negated}", ty.name),
    )
}

fn exact(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    let (id, whole) = run.sample(ty, param, |element| {
        strings(element)
            .into_iter()
            .find(|s| s.chars().any(char::is_alphabetic))
    })?;
    let name = format!("{}:exact", param.name);
    run.expect(&ty.name, &criterion(&name, &escape(&whole)), id, true)?;
    let other: String = if whole == whole.to_uppercase() {
        whole.to_lowercase()
    } else {
        whole.to_uppercase()
    };
    run.expect(&ty.name, &criterion(&name, &escape(&other)), id, false)?;
    let part: String = whole.chars().take(whole.chars().count().saturating_sub(1)).collect();
    if part.is_empty() {
        return Ok(());
    }
    run.expect_none_but_whole(ty, &name, &part, id)
}

fn contains(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    let (id, whole) = run.sample(ty, param, |element| {
        strings(element)
            .into_iter()
            .find(|s| s.chars().filter(|c| c.is_alphanumeric()).count() > 3)
    })?;
    let name = format!("{}:contains", param.name);
    let inner: String = whole.chars().skip(1).collect();
    run.expect(&ty.name, &criterion(&name, &escape(inner.trim())), id, true)?;
    run.expect(
        &ty.name,
        &criterion(&name, &escape(&inner.trim().to_uppercase())),
        id,
        true,
    )?;
    run.expect_none(&ty.name, &criterion(&name, NOTHING))
}

fn text(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    let word = |element| {
        let texts = displays(element).into_iter();
        let words = texts.filter_map(|text| text.split_whitespace().next().map(str::to_owned));
        words.into_iter().find(|word| word.chars().all(char::is_alphanumeric))
    };
    let (id, word) = run.sample(ty, param, word)?;
    let name = format!("{}:text", param.name);
    run.expect(&ty.name, &criterion(&name, &word), id, true)?;
    run.expect_none(&ty.name, &criterion(&name, NOTHING))
}

/// `subject:Patient=id` is `subject=Patient/id`.
fn of_a_type(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    let (id, reference) = run.sample(ty, param, target)?;
    let Some((to, to_id)) = reference.split_once('/') else {
        return Err(Fault::skipped("no reference with a type"));
    };
    run.expect(&ty.name, &criterion(&format!("{}:{to}", param.name), to_id), id, true)
}

fn identifier(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    let (id, token) = run.sample(ty, param, |element| token(element.get("identifier")?))?;
    let name = format!("{}:identifier", param.name);
    run.expect(&ty.name, &criterion(&name, &token.whole()), id, true)?;
    run.expect_none(&ty.name, &criterion(&name, NOTHING))
}

/// `system|code|value` of an identifier with a type.
fn of_type(run: &Run<'_>, ty: &Type, param: &Param) -> Outcome {
    let typed = |element: &Value| {
        let kind = token(element.get("type")?).filter(|token| token.system.is_some())?;
        let value = element.get("value")?.as_str()?;
        Some((kind, escape(value)))
    };
    let (id, (kind, value)) = run.sample(ty, param, typed)?;
    let name = format!("{}:of-type", param.name);
    run.expect(
        &ty.name,
        &criterion(&name, &format!("{}|{value}", kind.whole())),
        id,
        true,
    )?;
    run.expect(
        &ty.name,
        &criterion(&name, &format!("{}|{NOTHING}", kind.whole())),
        id,
        false,
    )
}

/// A code is above and below itself, and nothing else is.
fn subsumed(run: &Run<'_>, ty: &Type, param: &Param, modifier: &str) -> Outcome {
    let name = format!("{}:{modifier}", param.name);
    let (id, value, nothing) = if param.kind == "token" {
        let known = |token: &Token| {
            token
                .system
                .as_deref()
                .is_some_and(|system| terminology::HIERARCHIES.contains(&system))
        };
        let (id, token) = run.token(ty, param, known)?;
        let code = NOTHING.to_owned();
        (id, token.whole(), Token { code, ..token }.whole())
    } else {
        let (id, value) = run.sample(ty, param, |element| values(&param.kind, element).into_iter().next())?;
        (id, value, NOTHING.to_owned())
    };
    run.expect(&ty.name, &criterion(&name, &value), id, true)?;
    run.expect_none(&ty.name, &criterion(&name, &nothing))
}

/// A code is in a value set that holds it; inside and outside of the set are all there is.
fn value_set(run: &Run<'_>, ty: &Type, param: &Param, modifier: &str) -> Outcome {
    let holding = |token: &Token| {
        let system = token.system.as_deref()?;
        terminology::value_sets().find(|set| {
            let listed = set
                .codes
                .iter()
                .any(|(of, codes)| *of == system && codes.contains(&token.code.as_str()));
            listed || set.systems.contains(&system)
        })
    };
    let (id, token) = run.token(ty, param, |token| holding(token).is_some())?;
    let set = holding(&token).map(|set| set.url).unwrap_or_default();
    let asked = |modifier: &str| criterion(&format!("{}:{modifier}", param.name), set);
    run.expect(&ty.name, &asked(modifier), id, modifier == "in")?;
    let total = |criteria: &str| run.client.total(&ty.name, criteria);
    let (inside, outside, all) = (total(&asked("in"))?, total(&asked("not-in"))?, total("")?);
    let address = format!("/{}?{}", ty.name, asked(modifier));
    ensure(
        inside + outside == all,
        "inside and outside of a value set are not all",
        &address,
    )?;
    let unknown = criterion(&format!("{}:{modifier}", param.name), &format!("http://{NOTHING}"));
    run.client.get(&format!("/{}?{unknown}", ty.name))?.refuses(400)
}

fn token(element: &Value) -> Option<Token> {
    children(element, "coding")
        .into_iter()
        .chain(std::iter::once(element))
        .flat_map(tokens)
        .next()
}

impl Run<'_> {
    /// The beginning of a string is not the whole of it, unless it is another one's.
    fn expect_none_but_whole(&self, ty: &Type, name: &str, part: &str, id: &str) -> Outcome {
        let own = name.split(':').next().unwrap_or_default();
        let has = |resource: &Value| {
            let here = elements(resource, &ty.name, own).unwrap_or_default();
            here.into_iter()
                .any(|element| strings(element).iter().any(|text| text == part))
        };
        let resource = self
            .samples
            .of(&ty.name)
            .iter()
            .find(|resource| super::id(resource).is_ok_and(|known| known == id));
        let wanted = resource.is_some_and(has);
        self.expect(&ty.name, &criterion(name, &escape(part)), id, wanted)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_token_of_a_concept() {
        let concept = json!({"coding": [{"system": "s", "code": "c"}], "text": "t"});
        assert_eq!(token(&concept).map(|t| t.whole()).as_deref(), Some("s|c"));
    }
}
