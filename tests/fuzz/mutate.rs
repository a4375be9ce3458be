//! Changes that know the grammar: other names, modifiers, prefixes and chains, odd values and odd encodings.

use proptest::prelude::*;

use super::Case;
use super::words::{
    BODIES, CONTROLS, DATES, LETTERS, MODIFIERS, NASTY, PATHS, PREFIXES, SETTINGS, SPOILERS, Words, pick,
};

/// A change: which, where, and two choices that it makes.
#[derive(Debug, Clone, Copy)]
pub struct Op {
    what: u8,
    at: u16,
    one: u16,
    two: u16,
}

/// Any change.
pub fn op() -> impl Strategy<Value = Op> {
    (0..KINDS, any::<u16>(), any::<u16>(), any::<u16>()).prop_map(|(what, at, one, two)| Op { what, at, one, two })
}

const KINDS: u8 = 25;

impl Op {
    /// Changes a case.
    pub fn apply(self, case: &mut Case, words: &Words) {
        let Self { what, at, one, two } = self;
        match what {
            20 => case.body = Some(*pick::<&str>(&BODIES, one)),
            21 => case.strict = true,
            22 => case.spoilt.push((usize::from(at), (*pick(&SPOILERS, one)).to_owned())),
            23 if one % 4 == 0 => case.path = (*pick(&PATHS, two)).to_owned(),
            23 => case.path = words.ty(two).to_owned(),
            0 | 1 => case.pairs.push((words.param(case.ty(), one).to_owned(), odd(two))),
            2 => case
                .pairs
                .push(((*pick(&CONTROLS, one)).to_owned(), (*pick(&SETTINGS, two)).to_owned())),
            _ => self.change(case, words),
        }
    }

    /// Changes one of its parameters.
    fn change(self, case: &mut Case, words: &Words) {
        let Self { what, at, one, two } = self;
        let ty = case.ty().to_owned();
        if case.pairs.is_empty() {
            case.pairs.push((words.param(&ty, one).to_owned(), odd(two)));
        }
        let at = usize::from(at) % case.pairs.len();
        if what == 18 {
            case.pairs.remove(at);
            return;
        }
        if what == 17 {
            // So long a request is tried, and not often.
            let times = if one % 64 == 0 { many(two) } else { 1 };
            let pair = case.pairs[at].clone();
            case.pairs.extend(vec![pair; times]);
            return;
        }
        let (name, value) = &mut case.pairs[at];
        match what {
            3 => words.param(&ty, one).clone_into(name),
            4 => *name = format!("{name}:{}", pick(&MODIFIERS, one)),
            5 => *name = name.split(':').next().unwrap_or_default().to_owned(),
            6 => *value = format!("{}{value}", pick(&PREFIXES, one)),
            7 => *value = odd(one),
            24 => *value = altered(value, two, one),
            8 => *value = (*pick(&DATES, one)).to_owned(),
            9 => *value = format!("{}{}", pick(&PREFIXES, one), pick(&DATES, two)),
            10 => *value = format!("{value}{}", odd(one)),
            11 => *value = format!("{value},{}", odd(one)),
            12 => *value = vec![value.as_str(); many(one)].join(","),
            13 => *value = value.repeat(many(one)),
            14 => *name = format!("{}.{name}", words.param(&ty, one)),
            15 => *name = format!("{}:{}.{name}", words.param(&ty, one), words.ty(two)),
            16 => {
                let source = words.ty(one);
                *name = format!("_has:{source}:{}:{name}", words.param(source, two));
            }
            _ => *value = value.chars().rev().collect(),
        }
        // What is longer than any limit by far tells nothing more.
        name.truncate_to(40_000);
        value.truncate_to(40_000);
    }
}

/// Some number of repetitions, mostly small.
fn many(n: u16) -> usize {
    [2, 2, 2, 3, 3, 5, 9, 65, 257, 1025][usize::from(n) % 10]
}

/// A value with one character replaced.
fn altered(value: &str, at: u16, by: u16) -> String {
    let at = usize::from(at) % value.chars().count().max(1);
    let other = *pick(&LETTERS, by);
    value
        .chars()
        .enumerate()
        .map(|(i, c)| if i == at { other } else { c })
        .collect()
}

/// A value that something might choke on.
fn odd(n: u16) -> String {
    (*pick(&NASTY, n)).to_owned()
}

trait Truncate {
    fn truncate_to(&mut self, bytes: usize);
}

impl Truncate for String {
    fn truncate_to(&mut self, bytes: usize) {
        if let Some((at, _)) = self.char_indices().find(|(at, _)| *at >= bytes) {
            self.truncate(at);
        }
    }
}
