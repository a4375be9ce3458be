//! Values of tokens, numbers and quantities.

use std::fmt;

use super::escape::{Bad, escape, split, unescape};
use crate::terminology;

/// How a date, number or quantity compares with the value (<http://hl7.org/fhir/R4/search.html#prefix>). With `V` the value's interval and `E` the element's:
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Prefix {
    /// `V` contains all of `E`. Also meant when there is no prefix.
    #[default]
    Eq,
    /// `V` does not contain all of `E`.
    Ne,
    /// Something of `E` is above `V`.
    Gt,
    /// Something of `E` is below `V`.
    Lt,
    /// [`Prefix::Gt`] or [`Prefix::Eq`].
    Ge,
    /// [`Prefix::Lt`] or [`Prefix::Eq`].
    Le,
    /// `E` starts after `V`.
    Sa,
    /// `E` ends before `V`.
    Eb,
    /// About the same.
    Ap,
}

impl Prefix {
    /// The prefix's two letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Lt => "lt",
            Self::Ge => "ge",
            Self::Le => "le",
            Self::Sa => "sa",
            Self::Eb => "eb",
            Self::Ap => "ap",
        }
    }

    /// What a canonical value starts with: nothing for `eq`.
    pub(super) fn lead(self) -> &'static str {
        if self == Self::Eq { "" } else { self.code() }
    }

    /// Takes the prefix off a value.
    pub(super) fn take(text: &str) -> Result<(Self, &str), Bad> {
        const ALL: [Prefix; 9] = [
            Prefix::Eq,
            Prefix::Ne,
            Prefix::Gt,
            Prefix::Lt,
            Prefix::Ge,
            Prefix::Le,
            Prefix::Sa,
            Prefix::Eb,
            Prefix::Ap,
        ];
        if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Ok((Self::Eq, text));
        }
        ALL.into_iter()
            .find_map(|prefix| Some((prefix, text.strip_prefix(prefix.code())?)))
            .ok_or("it starts with a prefix that is none of eq, ne, gt, lt, ge, le, sa, eb, ap")
    }
}

/// A token, in its four forms (<http://hl7.org/fhir/R4/search.html#token>).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Token {
    /// `code`: that code, of whatever system.
    Code(String),
    /// `system|code`: that code of that system.
    Coded {
        /// The system's URI.
        system: String,
        /// The code.
        code: String,
    },
    /// `|code`: that code where it has no system.
    NoSystem(String),
    /// `system|`: any code of that system.
    System(String),
}

impl Token {
    pub(super) fn parse(text: &str) -> Result<Self, Bad> {
        match split(text, '|').as_slice() {
            [code] if !code.is_empty() => Ok(Self::Code(unescape(code)?)),
            ["", code] if !code.is_empty() => Ok(Self::NoSystem(unescape(code)?)),
            [system, ""] if !system.is_empty() => Ok(Self::System(unescape(system)?)),
            ["", ""] => Err("it has neither a system nor a code"),
            [system, code] => Ok(Self::Coded {
                system: unescape(system)?,
                code: unescape(code)?,
            }),
            _ => Err("it must be a code, system|code, |code or system|"),
        }
    }

    /// A code of a system whose codes say what is below them.
    pub(super) fn parse_in_hierarchy(text: &str) -> Result<Self, Bad> {
        let token = Self::parse(text)?;
        let Self::Coded { system, .. } = &token else {
            return Err("it must be system|code");
        };
        if terminology::HIERARCHIES.contains(&system.as_str()) {
            Ok(token)
        } else {
            Err("only the hierarchies of ICD-10-CM and ICD-9-CM are known here")
        }
    }
}

impl fmt::Display for Token {
    /// The canonical, escaped form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => f.write_str(&escape(code)),
            Self::Coded { system, code } => write!(f, "{}|{}", escape(system), escape(code)),
            Self::NoSystem(code) => write!(f, "|{}", escape(code)),
            Self::System(system) => write!(f, "{}|", escape(system)),
        }
    }
}

/// What an identifier must have under `:of-type`: a type and a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OfType {
    /// The system of the type's code, such as HL7 v2 table 0203.
    pub system: String,
    /// The type's code, such as `MR`.
    pub code: String,
    /// The identifier's value.
    pub value: String,
}

impl OfType {
    pub(super) fn parse(text: &str) -> Result<Self, Bad> {
        match split(text, '|').as_slice() {
            [system, code, value] if [system, code, value].iter().all(|part| !part.is_empty()) => Ok(Self {
                system: unescape(system)?,
                code: unescape(code)?,
                value: unescape(value)?,
            }),
            _ => Err("it must be system|code|value, of the identifier's type and the identifier"),
        }
    }
}

impl fmt::Display for OfType {
    /// The canonical, escaped form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}|{}|{}",
            escape(&self.system),
            escape(&self.code),
            escape(&self.value)
        )
    }
}

/// A number (<http://hl7.org/fhir/R4/search.html#number>).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number {
    /// How it compares.
    pub prefix: Prefix,
    /// The decimal as written, since `100` and `100.00` mean intervals of different width.
    pub value: String,
}

impl Number {
    pub(super) fn parse(text: &str) -> Result<Self, Bad> {
        let (prefix, value) = Prefix::take(text)?;
        if !is_decimal(value) {
            return Err("it is not a number");
        }
        let value = value.to_owned();
        Ok(Self { prefix, value })
    }
}

/// A decimal of FHIR, with or without an exponent.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = text
        .split_once(['e', 'E'])
        .map_or((text, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = mantissa
        .split_once('.')
        .map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
    let exponent = exponent.map(|part| part.strip_prefix(['+', '-']).unwrap_or(part));
    digits(whole) && fraction.is_none_or(digits) && exponent.is_none_or(digits)
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.prefix.lead(), self.value)
    }
}

/// A number with a unit (<http://hl7.org/fhir/R4/search.html#quantity>).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// The number.
    pub number: Number,
    /// `number|system|code`; a unit without system (`number||code`) may match the unit's text, too. Absent: any unit.
    pub unit: Option<Token>,
}

impl Quantity {
    pub(super) fn parse(text: &str) -> Result<Self, Bad> {
        let (number, unit) = match split(text, '|').as_slice() {
            [number] => (*number, None),
            [number, "", code] if !code.is_empty() => (*number, Some(Token::NoSystem(unescape(code)?))),
            [number, system, code] if !system.is_empty() && !code.is_empty() => {
                let (system, code) = (unescape(system)?, unescape(code)?);
                (*number, Some(Token::Coded { system, code }))
            }
            _ => return Err("it must be a number, number|system|code or number||code"),
        };
        let number = Number::parse(number)?;
        Ok(Self { number, unit })
    }
}

impl fmt::Display for Quantity {
    /// The canonical, escaped form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.unit {
            Some(unit) => write!(f, "{}|{unit}", self.number),
            None => write!(f, "{}", self.number),
        }
    }
}
