//! Names and values to a request.

use crate::r4::ResourceType;
use crate::subset::Subset;

use super::control;
use super::escape::split;
use super::limits::{Limits, MAX_CHAIN, MAX_VALUES_IN_ALL};
use super::modifier::{Modifier, NAMES};
use super::problem::{Problem, ProblemKind, shown};
use super::request::{Criterion, Request, Step, Values};
use super::suggest::nearest;
use super::values::{typed, values};
use super::vocabulary::{ParamType, Vocabulary};

/// What to do with parameters the server does not have (<http://hl7.org/fhir/R4/search.html#errors>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Handling {
    /// `Prefer: handling=strict`: refuse the request.
    Strict,
    /// Drop them and say so.
    #[default]
    Lenient,
}

/// A request of a type's names and values.
///
/// # Errors
/// All that is wrong, at least one problem: always values and limits; under strict handling also what the server does not have.
pub fn parse(
    ty: ResourceType,
    pairs: &[(String, String)],
    handling: Handling,
    vocabulary: &dyn Vocabulary,
    limits: &Limits,
) -> Result<Request, Vec<Problem>> {
    if pairs.len() > limits.parameters {
        let message = format!("A request may have {} parameters", limits.parameters);
        return Err(vec![Problem::new(ProblemKind::Limit, "", message)]);
    }
    let mut parser = Parser {
        request: Request::new(ty),
        errors: Vec::new(),
        seen: Vec::new(),
        handling,
        vocabulary,
        limits,
    };
    for (name, value) in pairs {
        parser.pair(name, value);
    }
    if parser.errors.is_empty() {
        parser.settle();
    }
    if parser.errors.is_empty() {
        Ok(parser.request)
    } else {
        Err(parser.errors)
    }
}

/// A condition as it was given, and the references of it that are read so far.
struct Chain<'a> {
    full: &'a str,
    path: Vec<Step>,
}

/// The request so far, and what it is judged by.
pub(super) struct Parser<'a> {
    pub(super) request: Request,
    pub(super) errors: Vec<Problem>,
    /// Control parameters that were given.
    pub(super) seen: Vec<&'a str>,
    pub(super) handling: Handling,
    pub(super) vocabulary: &'a dyn Vocabulary,
    pub(super) limits: &'a Limits,
}

impl<'a> Parser<'a> {
    /// What only the request as a whole can tell: summaries of text and counts bring nothing along.
    fn settle(&mut self) {
        let values: usize = self.request.criteria.iter().map(|c| c.values.len()).sum();
        if values > MAX_VALUES_IN_ALL {
            let message = format!("A request may have {MAX_VALUES_IN_ALL} values in all");
            self.errors.push(Problem::new(ProblemKind::Limit, "", message));
        }
        let alone = self.request.count_only || self.request.subset == Some(Subset::Text);
        if alone && !self.request.includes.is_empty() {
            self.request.includes.clear();
            let message = "Nothing is included with this _summary".to_owned();
            self.unknown(ProblemKind::UnsupportedInclude, "_summary", message);
        }
    }

    fn pair(&mut self, name: &'a str, value: &'a str) {
        // A tab or line break may be in a text; no database takes the other control characters.
        if value.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            return self.bad(name, "it has control characters");
        }
        if control::apply(self, name, value) {
            return;
        }
        let ty = self.request.resource_type;
        self.condition(
            Chain {
                full: name,
                path: vec![],
            },
            ty,
            name,
            value,
        );
    }

    /// A condition, or what remains of it behind the references already followed to `ty`.
    fn condition(&mut self, chain: Chain<'a>, ty: ResourceType, rest: &'a str, value: &'a str) {
        if chain.path.len() > MAX_CHAIN {
            let message = format!("{} follows more than {MAX_CHAIN} references", shown(chain.full));
            self.errors.push(Problem::new(ProblemKind::Limit, chain.full, message));
            return;
        }
        if let Some(rest) = rest.strip_prefix("_has:") {
            return self.reverse(chain, ty, rest, value);
        }
        if let Some((head, tail)) = rest.split_once('.') {
            return self.forward(chain, ty, (head, tail), value);
        }
        let (base, modifier) = rest
            .split_once(':')
            .map_or((rest, None), |(base, modifier)| (base, Some(modifier)));
        match self.vocabulary.param_type(ty, base) {
            Some(param_type) => self.criterion(chain, ty, (base, modifier), param_type, value),
            None => self.no_such_parameter(chain.full, ty, base),
        }
    }

    /// `param.rest` or `param:Type.rest`.
    fn forward(&mut self, mut chain: Chain<'a>, ty: ResourceType, (head, tail): (&'a str, &'a str), value: &'a str) {
        let (param, named) = match head.split_once(':') {
            None => (head, None),
            Some((param, name)) => match name.parse() {
                Ok(named) => (param, Some(named)),
                Err(_) => return self.no_such_chain(chain.full, ty),
            },
        };
        if self.vocabulary.param_type(ty, param).is_none() {
            return self.no_such_parameter(chain.full, ty, param);
        }
        let next = tail.split([':', '.']).next().unwrap_or_default();
        let can = |target: &ResourceType| {
            named.is_none_or(|named| named == *target)
                && (next == "_has" || self.vocabulary.param_type(*target, next).is_some())
        };
        let targets: Vec<ResourceType> = self.vocabulary.targets(ty, param).into_iter().filter(can).collect();
        let Some(first) = targets.first().copied() else {
            return self.no_such_chain(chain.full, ty);
        };
        // Without a type the rest must mean the same whatever the reference leads to.
        let modifier = tail.split_once(':').and_then(|(_, text)| Modifier::named(text));
        let meaning = |target: &ResourceType| {
            let taken = self.vocabulary.modifiers(*target, next);
            let takes = modifier.is_some_and(|modifier| taken.contains(&modifier.name()));
            (self.vocabulary.param_type(*target, next), takes)
        };
        if targets.iter().any(|target| meaning(target) != meaning(&first)) {
            let message = format!("{} needs a type: subject:Patient.name", shown(chain.full));
            return self.unknown(ProblemKind::UnsupportedParameter, chain.full, message);
        }
        chain.path.push(Step::To {
            param: param.to_owned(),
            named,
            targets,
        });
        self.condition(chain, first, tail, value);
    }

    /// `_has:` and then `Type:param:rest`.
    fn reverse(&mut self, mut chain: Chain<'a>, ty: ResourceType, rest: &'a str, value: &'a str) {
        let mut parts = rest.splitn(3, ':');
        let (Some(source), Some(param), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return self.bad(chain.full, "it must be _has:Type:reference:parameter");
        };
        let source = source.parse().ok();
        let Some(source) = source.filter(|source| self.vocabulary.targets(*source, param).contains(&ty)) else {
            return self.no_such_chain(chain.full, ty);
        };
        chain.path.push(Step::From {
            source,
            param: param.to_owned(),
        });
        self.condition(chain, source, rest, value);
    }

    fn no_such_chain(&mut self, full: &str, ty: ResourceType) {
        let message = format!("{} does not follow a reference that {ty} has here", shown(full));
        self.unknown(ProblemKind::UnsupportedParameter, full, message);
    }

    fn criterion(
        &mut self,
        chain: Chain<'a>,
        owner: ResourceType,
        (name, modifier): (&str, Option<&str>),
        ty: ParamType,
        value: &'a str,
    ) {
        let Chain { full, path } = chain;
        let modifier = match modifier {
            None => None,
            Some(text) => match self.modifier(owner, name, text) {
                Ok(modifier) => Some(modifier),
                Err(message) => return self.unknown(ProblemKind::UnsupportedModifier, full, message),
            },
        };
        let Some(parts) = self.parts(full, value) else {
            return;
        };
        let criterion = |modifier, values| Criterion {
            path,
            name: name.to_owned(),
            modifier,
            values,
        };
        let parsed = match modifier {
            Some(Modifier::Missing(_)) => match value {
                "true" => Ok(criterion(Some(Modifier::Missing(true)), Values::None)),
                "false" => Ok(criterion(Some(Modifier::Missing(false)), Values::None)),
                _ => Err("it must be true or false".into()),
            },
            Some(Modifier::Type(within)) => typed(ty, &parts, Some(within)).map(|values| criterion(None, values)),
            modifier => values(ty, modifier, &parts).map(|values| criterion(modifier, values)),
        };
        match parsed {
            Ok(criterion) => self.request.criteria.push(criterion),
            Err(reason) => self.bad(full, &reason),
        }
    }

    /// The modifier of this name, when the parameter takes it; else what to say.
    fn modifier(&self, owner: ResourceType, name: &str, text: &str) -> Result<Modifier, String> {
        let taken = self.vocabulary.modifiers(owner, name);
        let modifier = Modifier::named(text);
        if let Some(modifier) = modifier.filter(|modifier| taken.contains(&modifier.name())) {
            return Ok(modifier);
        }
        let known = taken
            .iter()
            .map(|name| format!(":{name}"))
            .collect::<Vec<_>>()
            .join(", ");
        // A modifier of R4 is not misspelt.
        let meant = nearest(text, NAMES.into_iter().filter(|each| taken.contains(each)));
        let hint = match (modifier, meant) {
            (None, Some(meant)) => format!("; did you mean :{meant}?"),
            _ => String::new(),
        };
        let what = shown(&format!("{name}:{text}"));
        Err(match known.as_str() {
            "" => format!("{what} is not supported: {name} takes no modifier here{hint}"),
            known => format!("{what} is not supported: {name} takes {known} here{hint}"),
        })
    }

    /// The values between commas, or `None` when there are too many, or one is empty or too long.
    pub(super) fn parts(&mut self, name: &str, value: &'a str) -> Option<Vec<&'a str>> {
        let parts = split(value, ',');
        let problem = if parts.len() > self.limits.values {
            (
                ProblemKind::Limit,
                format!("{} may have {} values", shown(name), self.limits.values),
            )
        } else if parts.iter().any(|part| part.len() > self.limits.value_length) {
            let longest = self.limits.value_length;
            (
                ProblemKind::Limit,
                format!("A value of {} may have {longest} bytes", shown(name)),
            )
        } else if parts.iter().any(|part| part.trim().is_empty()) {
            (ProblemKind::Value, format!("A value of {} is empty", shown(name)))
        } else {
            return Some(parts);
        };
        self.errors.push(Problem::new(problem.0, name, problem.1));
        None
    }

    /// A malformed value: an error under any handling.
    pub(super) fn bad(&mut self, name: &str, reason: &str) {
        let message = format!("A value of {} is not valid: {reason}", shown(name));
        self.errors.push(Problem::new(ProblemKind::Value, name, message));
    }

    /// Something the server does not have: an error, or dropped and reported.
    pub(super) fn unknown(&mut self, kind: ProblemKind, name: &str, message: String) {
        let problem = Problem::new(kind, name, message);
        match self.handling {
            Handling::Strict => self.errors.push(problem),
            Handling::Lenient => self.request.ignored.push(problem),
        }
    }

    fn no_such_parameter(&mut self, full: &str, ty: ResourceType, name: &str) {
        let known = self.vocabulary.names(ty);
        let suggestion = nearest(name, known.iter().map(String::as_str).chain(control::NAMES));
        let hint = suggestion.map_or_else(String::new, |name| format!("; did you mean {name}?"));
        let message = format!("{ty} cannot be searched by {}{hint}", shown(full));
        self.unknown(ProblemKind::UnknownParameter, full, message);
    }
}
