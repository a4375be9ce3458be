//! Parts between commas to values of the type that the parameter and its modifier want.

use std::borrow::Cow;

use crate::r4::ResourceType;
use crate::terminology;

use super::date::Date;
use super::escape::{Bad, unescape};
use super::modifier::Modifier;
use super::reference::Reference;
use super::request::Values;
use super::value::{Number, OfType, Quantity, Token};
use super::vocabulary::ParamType;

/// What is wrong with a value. It may name what would be right, never the value.
type Wrong = Cow<'static, str>;

/// A list, each part of which is read alike.
fn each<T>(parts: &[&str], parse: impl Fn(&str) -> Result<T, Bad>) -> Result<Vec<T>, Wrong> {
    let parsed: Result<_, Bad> = parts.iter().map(|part| parse(part)).collect();
    parsed.map_err(Wrong::from)
}

/// The values under a modifier, which may want others than the parameter's type.
pub(super) fn values(ty: ParamType, modifier: Option<Modifier>, parts: &[&str]) -> Result<Values, Wrong> {
    match modifier {
        Some(Modifier::In | Modifier::NotIn) => value_sets(parts).map(Values::Uri),
        Some(Modifier::Text) => each(parts, unescape).map(Values::String),
        Some(Modifier::OfType) => each(parts, OfType::parse).map(Values::OfType),
        Some(Modifier::Identifier) => each(parts, Token::parse).map(Values::Token),
        Some(Modifier::Below | Modifier::Above) if ty == ParamType::Token => {
            each(parts, Token::parse_in_hierarchy).map(Values::Token)
        }
        _ => typed(ty, parts, None),
    }
}

/// Canonical URLs of value sets that this software has.
fn value_sets(parts: &[&str]) -> Result<Vec<String>, Wrong> {
    let urls = each(parts, unescape)?;
    if urls.iter().all(|url| terminology::value_set(url).is_some()) {
        return Ok(urls);
    }
    let known: Vec<&str> = terminology::value_sets().map(|set| set.url).collect();
    Err(format!("it is no value set that is known here: {}", known.join(", ")).into())
}

/// The values of a parameter's own type; `within` is the type of a `:[type]` modifier.
pub(super) fn typed(ty: ParamType, parts: &[&str], within: Option<ResourceType>) -> Result<Values, Wrong> {
    match ty {
        ParamType::Token => each(parts, Token::parse).map(Values::Token),
        ParamType::Reference => each(parts, |part| Reference::parse(part, within)).map(Values::Reference),
        ParamType::Date => each(parts, Date::parse).map(Values::Date),
        ParamType::String => each(parts, unescape).map(Values::String),
        ParamType::Uri => each(parts, unescape).map(Values::Uri),
        ParamType::Number => each(parts, Number::parse).map(Values::Number),
        ParamType::Quantity => each(parts, Quantity::parse).map(Values::Quantity),
        ParamType::Special => each(parts, unescape).map(Values::Special),
    }
}
