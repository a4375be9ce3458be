//! The steps of an answer, and how they are told to people and to programs.

use std::fmt::Write;

use diesel::pg::Pg;
use diesel::query_builder::QueryFragment;
use diesel::sqlite::Sqlite;
use serde::Serialize;

use super::plan::{Access, How};
use crate::db::Dialect;

/// One step. As JSON it is an object whose `step` says which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "lowercase")]
pub enum Step {
    /// The request was read.
    Parse {
        /// Names and values given.
        parameters: usize,
        /// Microseconds, as in all steps.
        micros: u64,
    },
    /// A parameter became a condition of a mapping.
    Condition(Condition),
    /// A statement ran.
    Statement(Statement),
    /// Rows became resources.
    Translate {
        /// The source's name.
        source: String,
        /// The mapping's kind, as in ids.
        mapping: &'static str,
        /// How many.
        rows: usize,
        /// How long.
        micros: u64,
    },
    /// Resources became JSON.
    Encode {
        /// The source's name.
        source: String,
        /// The mapping's kind.
        mapping: &'static str,
        /// How much.
        bytes: usize,
        /// How long.
        micros: u64,
    },
    /// What the page's resources include was brought, with all statements for it.
    Includes {
        /// The source's name.
        source: String,
        /// How many were found.
        resources: usize,
        /// How long.
        micros: u64,
    },
}

/// What a parameter means for the rows of one mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// The source's name.
    pub source: String,
    /// The mapping's kind.
    pub mapping: &'static str,
    /// Its table.
    pub table: &'static str,
    /// The parameter with its chain and modifier, without values.
    pub parameter: String,
    /// The condition; absent when no row can match, for which no statement is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
}

/// A statement that ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The source's name.
    pub source: String,
    /// The mapping that it was for.
    pub mapping: &'static str,
    /// `match`, `include` or `count`.
    pub purpose: &'static str,
    /// Its text, with placeholders for values.
    pub sql: String,
    /// How the database says that it reaches the rows.
    pub plan: Vec<Access>,
    /// Rows that were looked at, where the database tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<u64>,
    /// Rows that came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<usize>,
    /// How long.
    pub micros: u64,
}

impl Step {
    /// The step as a JSON object.
    #[must_use]
    pub fn json(&self) -> String {
        // Strings and numbers only: it cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The step in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Parse { parameters, micros } => format!("{parameters} parameters read in {micros} µs"),
            Self::Condition(c) => {
                let sql = c.sql.as_deref().unwrap_or("no row can match: nothing is asked");
                format!("{} of {} {}: {sql}", c.parameter, c.source, c.mapping)
            }
            Self::Statement(s) => s.sentence(),
            Self::Translate {
                source,
                mapping,
                rows,
                micros,
            } => format!("{rows} rows of {source} {mapping} translated in {micros} µs"),
            Self::Encode {
                source,
                mapping,
                bytes,
                micros,
            } => format!("{bytes} bytes of JSON of {source} {mapping} written in {micros} µs"),
            Self::Includes {
                source,
                resources,
                micros,
            } => format!("{resources} resources of {source} to include, in {micros} µs"),
        }
    }
}

impl Statement {
    fn sentence(&self) -> String {
        let mut text = format!(
            "{} of {} {}, {} µs",
            self.purpose, self.source, self.mapping, self.micros
        );
        // Writing to a string cannot fail.
        if let Some(read) = self.read {
            let _ = write!(text, ", {read} rows read");
        }
        if let Some(returned) = self.returned {
            let _ = write!(text, ", {returned} returned");
        }
        for access in &self.plan {
            let (table, index) = (access.table.as_deref(), access.index.as_deref());
            let of = table.map(|t| format!(" {t}")).unwrap_or_default();
            let by = index.map(|i| format!(" by {i}")).unwrap_or_default();
            let what = match access.how {
                How::Search => "search of",
                How::Scan => "scan of",
                How::Sort => "sort",
            };
            let _ = write!(text, "; {what}{of}{by}");
        }
        text
    }
}

/// The text of a part of a statement in one dialect, without its values.
pub(crate) fn sql_of<F>(fragment: &F, dialect: Dialect) -> String
where
    F: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    match dialect {
        Dialect::Postgres => without_values(&diesel::debug_query::<Pg, _>(fragment).to_string()),
        Dialect::Sqlite => without_values(&diesel::debug_query::<Sqlite, _>(fragment).to_string()),
    }
}

/// Diesel shows a statement and behind it its binds, which are values. No text of ours holds the mark between them.
pub(super) fn without_values(shown: &str) -> String {
    let sql = shown.split_once(" -- binds: ").map_or("", |(sql, _values)| sql);
    // Sort values are selected with control characters between them, which no FHIR string may hold.
    sql.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_told_without_its_values() {
        use diesel::prelude::*;
        diesel::table! { t (id) { id -> Text, } }
        let query = t::table.filter(t::id.eq("secret -- binds: [\"x\"]")).select(t::id);
        for dialect in [Dialect::Postgres, Dialect::Sqlite] {
            let sql = sql_of(&query, dialect);
            assert!(
                sql.contains("WHERE") && !sql.contains("secret") && !sql.contains("binds"),
                "{sql}"
            );
        }
        // What is not shown as expected is not shown at all.
        assert_eq!(without_values("SELECT 'secret'"), "");
    }

    #[test]
    fn steps_are_objects_that_say_which_step_they_are() {
        let step = Step::Condition(Condition {
            source: "a".into(),
            mapping: "dx",
            table: "diagnosis",
            parameter: "code".into(),
            sql: None,
        });
        insta::assert_snapshot!(step.json(), @r#"{"step":"condition","source":"a","mapping":"dx","table":"diagnosis","parameter":"code"}"#);
        insta::assert_snapshot!(step.sentence(), @"code of a dx: no row can match: nothing is asked");
        let step = Step::Statement(Statement {
            source: "a".into(),
            mapping: "dx",
            purpose: "match",
            sql: "SELECT 1".into(),
            plan: vec![Access {
                how: How::Search,
                table: Some("diagnosis".into()),
                index: Some("diagnosis_code".into()),
                rows: None,
            }],
            read: Some(3),
            returned: Some(2),
            micros: 70,
        });
        insta::assert_snapshot!(step.json(), @r#"{"step":"statement","source":"a","mapping":"dx","purpose":"match","sql":"SELECT 1","plan":[{"how":"search","table":"diagnosis","index":"diagnosis_code"}],"read":3,"returned":2,"micros":70}"#);
        insta::assert_snapshot!(step.sentence(), @"match of a dx, 70 µs, 3 rows read, 2 returned; search of diagnosis by diagnosis_code");
    }
}
