//! Which columns tie rows of tables together: as declared ([`Link`](crate::load::Link), [`Exploded`](crate::load::Exploded)), and as the vendor's own statements
//! compare them.
//!
//! Statements are read word by word, and rather too many ties are found than too few: what a tie brings in vain changes nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::load::settle::Settling;

/// A table and its column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub table: String,
    pub column: String,
}

impl Place {
    pub fn new(table: &str, column: &str) -> Self {
        Self {
            table: table.to_owned(),
            column: column.to_owned(),
        }
    }
}

/// Two columns that are compared: rows where both say the same belong together.
pub(super) type Tie = (Place, Place);

/// What a statement reads.
#[derive(Debug)]
pub(super) struct Reading {
    /// The table that it changes.
    pub table: String,
    pub ties: BTreeSet<Tie>,
    /// Every table that it names.
    pub tables: BTreeSet<String>,
}

/// The columns of each table.
pub(super) type Columns = HashMap<String, BTreeSet<String>>;

/// Reads a statement.
pub(super) fn reading(statement: &Settling, columns: &Columns) -> Reading {
    let words = words(&statement.sql);
    let scope = Scope::of(&words, columns);
    let mut ties = BTreeSet::new();
    for (left, right) in comparisons(&words) {
        for a in scope.places(&left) {
            for b in scope.places(&right) {
                if a != b || left.0 != right.0 {
                    ties.insert((a.clone(), b));
                }
            }
        }
    }
    for column in partitions(&words) {
        ties.extend(scope.places(&column).into_iter().map(|place| (place.clone(), place)));
    }
    Reading {
        table: statement.table.clone(),
        ties,
        tables: scope.tables,
    }
}

/// A column as it is written: `alias.column`, or without alias.
type Written = (Option<String>, String);

/// What the aliases of a statement stand for.
struct Scope<'c> {
    aliases: BTreeMap<String, BTreeSet<String>>,
    tables: BTreeSet<String>,
    columns: &'c Columns,
}

impl<'c> Scope<'c> {
    fn of(words: &[String], columns: &'c Columns) -> Self {
        let mut scope = Self {
            aliases: BTreeMap::new(),
            tables: BTreeSet::new(),
            columns,
        };
        for (at, word) in words.iter().enumerate() {
            let names = ["from", "join", "update"].contains(&word.as_str());
            let Some(table) = words.get(at + 1).filter(|t| names && columns.contains_key(*t)) else {
                continue;
            };
            let alias = match words.get(at + 2).map(String::as_str) {
                Some("as") => words.get(at + 3),
                _ => None,
            };
            for name in [Some(table), alias].into_iter().flatten() {
                scope.aliases.entry(name.clone()).or_default().insert(table.clone());
            }
            scope.tables.insert(table.clone());
        }
        scope
    }

    /// The columns of tables that may be meant. An alias of a sub-query may stand for any of the statement's tables; a key that it
    /// passes on is the changed row's own.
    fn places(&self, (alias, column): &Written) -> Vec<Place> {
        let all = || self.tables.iter();
        let tables: Vec<&String> = match alias.as_ref().map(|alias| self.aliases.get(alias)) {
            Some(Some(tables)) => tables.iter().collect(),
            Some(None) if ["key", "owner"].contains(&column.as_str()) => vec![],
            Some(None) | None => all().collect(),
        };
        let has = |table: &&&String| self.columns.get(**table).is_some_and(|c| c.contains(column));
        tables
            .iter()
            .filter(has)
            .map(|table| Place::new(table, column))
            .collect()
    }
}

/// Words in lower case, texts as `'`, and signs one by one.
fn words(sql: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![];
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\'' {
            while rest.next().is_some_and(|c| c != '\'') {}
            words.push("'".to_owned());
        } else if c.is_alphanumeric() || c == '_' {
            let mut word = c.to_ascii_lowercase().to_string();
            while let Some(c) = rest.next_if(|c| c.is_alphanumeric() || *c == '_') {
                word.push(c.to_ascii_lowercase());
            }
            words.push(word);
        } else if !c.is_whitespace() && c != '"' {
            words.push(c.to_string());
        }
    }
    words
}

/// `column` or `alias.column` at a place, and how many words it takes; no function, no text, no number.
fn column_at(words: &[String], at: usize) -> Option<(Written, usize)> {
    let name = |at: usize| {
        words
            .get(at)
            .filter(|w| w.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    let is = |at: usize, sign: &str| words.get(at).is_some_and(|w| w == sign);
    let first = name(at)?;
    let (written, taken) = if is(at + 1, ".") {
        ((Some(first.clone()), name(at + 2)?.clone()), 3)
    } else {
        ((None, first.clone()), 1)
    };
    (!is(at + taken, "(")).then_some((written, taken))
}

/// The columns that stand on both sides of `=`, or before `in` and within its list or sub-query. What `set` sets is not compared.
fn comparisons(words: &[String]) -> Vec<(Written, Written)> {
    let mut found = vec![];
    let (mut depth, mut setting) = (0_i32, false);
    let mut at = 0;
    while let Some(word) = words.get(at) {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            "set" if depth == 0 => setting = true,
            "from" | "where" if depth == 0 => setting = false,
            _ => {}
        }
        let Some((left, taken)) = column_at(words, at).filter(|_| depth > 0 || !setting) else {
            at += 1;
            continue;
        };
        let next = words.get(at + taken).map(String::as_str);
        let right: Vec<Written> = match next {
            Some("=") => column_at(words, at + taken + 1)
                .map(|(right, _)| right)
                .into_iter()
                .collect(),
            Some("in") => listed(words.get(at + taken + 1..).unwrap_or_default()),
            _ => vec![],
        };
        found.extend(right.into_iter().map(|right| (left.clone(), right)));
        at += taken;
    }
    found
}

/// The columns in `(a, b)`, or those that `(select a from …)` selects.
fn listed(words: &[String]) -> Vec<Written> {
    let mut found = vec![];
    let (mut depth, mut at) = (0, 0);
    while let Some(word) = words.get(at) {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        let begins = ["(", ",", "select"].contains(&word.as_str()) && depth == 1;
        if let Some((mut column, taken)) = column_at(words, at + 1).filter(|(c, _)| begins && c.1 != "select") {
            // `select column from table`: of that table.
            if word == "select" && words.get(at + taken + 1).is_some_and(|w| w == "from") && column.0.is_none() {
                column.0 = words.get(at + taken + 2).cloned();
            }
            found.push(column);
        }
        at += 1;
    }
    found
}

/// The columns behind `partition by`: rows that say the same there are counted together.
fn partitions(words: &[String]) -> Vec<Written> {
    let mut found = vec![];
    for (at, pair) in words.windows(2).enumerate() {
        if pair != ["partition", "by"] {
            continue;
        }
        let mut at = at + 2;
        while let Some((column, taken)) = column_at(words, at) {
            found.push(column);
            at += taken;
            if words.get(at).is_none_or(|w| w != ",") {
                break;
            }
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::settle::statements;

    fn ties(sql: &str) -> Vec<String> {
        let columns = [
            ("visit", "key number person cg_class cg_patient same"),
            ("stay", "key class visit"),
            ("person", "key doctor nurse cg_patient"),
        ];
        let columns: Columns = columns
            .iter()
            .map(|(t, c)| ((*t).to_owned(), c.split(' ').map(str::to_owned).collect()))
            .collect();
        let found: Vec<Settling> = statements(sql);
        let reading = reading(&found[0], &columns);
        let tie = |(a, b): &Tie| format!("{}.{}={}.{}", a.table, a.column, b.table, b.column);
        reading.ties.iter().map(tie).collect()
    }

    #[test]
    fn what_is_compared_ties() {
        let sql = "update visit set cg_class = n.class, cg_patient = p.cg_patient from (\n\
                   select v.key, s.class from visit as v left join stay as s on s.visit = v.number and s.class = 'x'\n\
                   ) as n where n.key = visit.key and n.class is distinct from visit.cg_class;";
        assert_eq!(ties(sql), ["stay.visit=visit.number"]);
    }

    #[test]
    fn lists_and_sub_queries_tie() {
        let sql = "update visit set x = 1 where number in (select doctor from person where a is null union select nurse from person);";
        assert_eq!(ties(sql), ["visit.number=person.doctor", "visit.number=person.nurse"]);
        let sql =
            "UPDATE visit SET x = 1 WHERE EXISTS (SELECT 1 FROM stay WHERE stay.visit IN (visit.number, visit.key));";
        assert_eq!(ties(sql), ["stay.visit=visit.key", "stay.visit=visit.number"]);
    }

    #[test]
    fn what_is_counted_together_ties() {
        let sql =
            "update visit set x = 1 from (select count(*) over (partition by v.person, v.same) from visit as v) as n;";
        assert_eq!(ties(sql), ["visit.person=visit.person", "visit.same=visit.same"]);
    }
}
