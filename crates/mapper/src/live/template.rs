//! SQL with placeholders for what the profile says: see [`Live::views`](super::Live::views).

use std::collections::BTreeMap;

use diesel::QueryResult;
use fhir::us_core;

use super::cells::{self, Tables, literal, text};
use super::{Views, unicode, wrong};
use crate::db::Dialect;
use crate::id;

/// What placeholders stand for on one connection.
pub(super) struct Text<'a> {
    pub views: &'a Views,
    pub dialect: Dialect,
    pub tables: &'a Tables,
}

impl Text<'_> {
    /// The text with its placeholders filled in. A brace before anything but a lower-case letter is none (`[0-9]{4}`).
    pub fn expand(&self, sql: &str) -> QueryResult<String> {
        let mut out = String::with_capacity(2 * sql.len());
        let mut rest = sql;
        while let Some(at) = rest.find('{') {
            let (before, behind) = rest.split_at(at);
            let behind = behind.get(1..).unwrap_or_default();
            out.push_str(before);
            if !behind.starts_with(|c: char| c.is_ascii_lowercase()) {
                out.push('{');
                rest = behind;
                continue;
            }
            let (inner, after) = closed(behind).ok_or_else(|| wrong("a placeholder is not closed".to_owned()))?;
            let (head, cell) = inner.split_once(':').unwrap_or((inner, ""));
            out.push_str(&self.placeholder(head.trim(), &self.expand(cell.trim())?)?);
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }

    /// The text with its calls of functions as this database has them.
    pub fn calls(&self, sql: &str) -> String {
        if self.dialect == Dialect::Sqlite {
            return sql.to_owned();
        }
        let mut out = String::with_capacity(2 * sql.len());
        let mut rest = sql;
        while let Some(at) = rest.find("live_") {
            let (before, behind) = rest.split_at(at);
            let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let end = behind.find(|c| !part(c)).unwrap_or(behind.len());
            let (name, after) = behind.split_at(end);
            out.push_str(before);
            if after.starts_with('(') && !before.ends_with(part) && !before.ends_with('.') {
                out.push_str("pg_temp.");
            }
            out.push_str(name);
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn placeholder(&self, head: &str, cell: &str) -> QueryResult<String> {
        let site = &self.views.site;
        let profile = site.profile();
        let (word, argument) = head.split_once(' ').unwrap_or((head, ""));
        Ok(match (word, argument) {
            ("zone", "") => literal(site.zone().name()),
            ("client", "") => match &profile.client_id {
                Some(id) => text(&literal(&id::row_key(id)), self.dialect),
                None => text("NULL", self.dialect),
            },
            ("client", "id") => match &profile.client_id {
                Some(id) => text(&literal(id), self.dialect),
                None => text("NULL", self.dialect),
            },
            ("zones", "") => {
                let zones = profile.zones.iter().map(|(place, zone)| (place.as_str(), zone.name()));
                self.choice(cell, zones, None)
            }
            ("name", kind) => {
                let names = profile.names.get(kind).into_iter().flat_map(BTreeMap::iter);
                self.choice(cell, names.map(|(place, name)| (place.as_str(), name.as_str())), None)
            }
            ("code", name) => self.code(name, cell)?,
            ("key", column) => self.key(column, cell)?,
            ("absent", "") => {
                let tokens = std::iter::once("").chain(self.views.live.absent.iter().copied());
                tokens.fold(cell.to_owned(), |cell, token| {
                    format!("NULLIF({cell}, {})", literal(token))
                })
            }
            ("state", "") => {
                let names = us_core::states().flat_map(|(code, name)| [code, name].map(|word| (word, code)));
                let words: Vec<(String, &str)> = names.map(|(word, code)| (word.to_ascii_lowercase(), code)).collect();
                let words = words.iter().map(|(word, code)| (word.as_str(), *code));
                format!("COALESCE({}, {cell})", self.choice(&self.lower(cell), words, None))
            }
            (set, "") => unicode::set(set).ok_or_else(|| wrong(format!("no placeholder is named `{set}`")))?,
            _ => return Err(wrong(format!("no placeholder is named `{head}`"))),
        })
    }

    /// The code of a cell, as [`Site::code`](crate::Site::code) has it.
    fn code(&self, name: &str, cell: &str) -> QueryResult<String> {
        let map = self.views.maps.iter().find(|m| m.name == name);
        let map = map.ok_or_else(|| wrong(format!("no code map is named `{name}`")))?;
        let words = self.views.site.all_texts(map);
        let words = words.iter().map(|(word, code)| (word.as_str(), *code));
        Ok(self.choice(&self.lower(cell), words, self.views.site.fallback(map)))
    }

    /// A cell with the letters of ASCII in lower case.
    fn lower(&self, cell: &str) -> String {
        match self.dialect {
            Dialect::Postgres => format!("LOWER(({cell}) COLLATE \"C\")"),
            Dialect::Sqlite => format!("LOWER({cell})"),
        }
    }

    fn key(&self, column: &str, cell: &str) -> QueryResult<String> {
        let entities = self.views.schema.entities;
        let named = column.split_once('.').and_then(|(entity, column)| {
            let entity = entities.iter().find(|e| e.name == entity)?;
            entity
                .columns
                .iter()
                .any(|c| c.name == column)
                .then_some((entity, column))
        });
        let (entity, column) = named.ok_or_else(|| wrong(format!("no column is named `{column}`")))?;
        let short = cells::is_short(self.tables, &self.views.site, entity, column);
        Ok(if short {
            cell.to_owned()
        } else {
            format!("live_key({cell})")
        })
    }

    /// `CASE cell WHEN … THEN … ELSE … END`
    fn choice<'t>(
        &self,
        cell: &str,
        texts: impl Iterator<Item = (&'t str, &'t str)>,
        otherwise: Option<&str>,
    ) -> String {
        let cases: Vec<String> = texts
            .map(|(word, to)| format!(" WHEN {} THEN {}", literal(word), literal(to)))
            .collect();
        let otherwise = otherwise.map_or("NULL".to_owned(), literal);
        if cases.is_empty() {
            return text(&otherwise, self.dialect);
        }
        text(
            &format!("CASE {cell}{} ELSE {otherwise} END", cases.concat()),
            self.dialect,
        )
    }
}

/// The text without its comments, which have lines of their own.
pub(super) fn bare(sql: &str) -> String {
    let lines = sql.lines().filter(|line| !line.trim_start().starts_with("--"));
    lines.collect::<Vec<_>>().join("\n")
}

/// What is before the brace that closes, and what is behind it.
fn closed(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some((text.get(..at)?, text.get(at + 1..)?)),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}
