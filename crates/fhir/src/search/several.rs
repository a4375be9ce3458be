//! A search of several types at once (<http://hl7.org/fhir/R4/search.html#system>): one request for each, of the same names and values.

use crate::r4::ResourceType;

use super::control::is_include;
use super::limits::Limits;
use super::parse::{Handling, parse};
use super::problem::{Problem, ProblemKind};
use super::request::Request;
use super::vocabulary::Vocabulary;

/// The requests of names and values for each of `types`, in their order.
///
/// Only what all of the types have can be asked: a parameter that one of them does not have is treated as one that no type has. An include is
/// about the types that it names, and only these take it.
///
/// # Errors
/// As [`parse`].
pub fn parse_several(
    types: &[ResourceType],
    pairs: &[(String, String)],
    handling: Handling,
    vocabulary: &dyn Vocabulary,
    limits: &Limits,
) -> Result<Vec<Request>, Vec<Problem>> {
    if pairs.len() > limits.parameters {
        let message = format!("A request may have {} parameters", limits.parameters);
        return Err(vec![Problem::new(ProblemKind::Limit, "", message)]);
    }
    let mut taken: Vec<Vec<(String, String)>> = types.iter().map(|_| vec![]).collect();
    let (mut ignored, mut told) = (vec![], vec![]);
    for pair in pairs {
        let alone = std::slice::from_ref(pair);
        let said = types
            .iter()
            .map(|ty| parse(*ty, alone, Handling::Lenient, vocabulary, limits));
        let said: Vec<Request> = said.collect::<Result<_, _>>()?;
        let refused = |request: &Request| !request.ignored.is_empty();
        let some_is_enough = is_include(&pair.0);
        let takes = if some_is_enough {
            !said.iter().all(refused)
        } else {
            !said.iter().any(refused)
        };
        if !takes {
            ignored.extend(said.into_iter().find(refused).into_iter().flat_map(|r| r.ignored));
            continue;
        }
        let each = taken.iter_mut().zip(&said).filter(|(_, request)| !refused(request));
        each.for_each(|(pairs, _)| pairs.push(pair.clone()));
    }
    if handling == Handling::Strict && !ignored.is_empty() {
        return Err(ignored);
    }
    let each = types.iter().zip(&taken);
    let requests = each.map(|(ty, pairs)| parse(*ty, pairs, handling, vocabulary, limits));
    let mut requests: Vec<Request> = requests.collect::<Result<_, _>>()?;
    // What is ignored is told once, with the first.
    let all = requests
        .iter_mut()
        .flat_map(|request| std::mem::take(&mut request.ignored));
    for problem in all.chain(ignored) {
        if !told.contains(&problem) {
            told.push(problem);
        }
    }
    if let Some(first) = requests.first_mut() {
        first.ignored = told;
    }
    Ok(requests)
}
