//! Rows for what a vendor only refers to.

use std::collections::BTreeMap;

use diesel::sql_types::{Nullable, Text};

use super::entity::Row;
use super::prepare::{Prepared, prepare};
use super::statement::{Statement, drop_temporary, quoted, temporary};
use super::writer::Writer;
use super::{LoadError, Synthesis};
use crate::Site;

/// Distinct references of this delivery's rows, numbered.
const MADE: &str = "cg_made";
/// References per step.
const STEP: i64 = 1024;

type Reference = (Option<String>, Option<String>, Option<String>, Option<String>);

/// Makes the rows that the delivery's rows refer to and that are not there yet.
pub(super) fn make(writer: &mut Writer<'_>, synthesis: &Synthesis, site: &Site) -> Result<(), LoadError> {
    let file = writer.begin_file();
    let always = (synthesis.always)(site)
        .into_iter()
        .map(|id| (Some(id), None, None, None));
    let rows = prepared(synthesis, site, always.collect())?;
    let mut new = writer.write_made(synthesis.entity, file, &rows)?;

    temporary(writer.conn, MADE, &references(synthesis, writer.first_file()))?;
    Statement::new(format!("CREATE INDEX cg_made_n ON {MADE} (n)")).run(writer.conn)?;
    let mut from = 0;
    loop {
        let found = Statement::new(format!("SELECT id, s1, s2, s3 FROM {MADE} WHERE n > "))
            .bind(from)
            .sql(" AND n <= ")
            .bind(from + STEP)
            .sql(" ORDER BY n")
            .rows::<(Nullable<Text>, Nullable<Text>, Nullable<Text>, Nullable<Text>), Reference>(writer.conn)?;
        if found.is_empty() {
            break;
        }
        let rows = prepared(synthesis, site, found)?;
        new += writer.write_made(synthesis.entity, file, &rows)?;
        from += STEP;
    }
    drop_temporary(writer.conn, MADE)?;
    if new > 0 {
        writer.end_file(file, synthesis.entity, None, new)?;
    }
    Ok(())
}

/// The distinct references of rows that this delivery wrote, those without scope last.
fn references(synthesis: &Synthesis, first_file: i64) -> String {
    let selects = synthesis.from.iter().map(|(table, column)| {
        let scope = |at: usize| match synthesis.scope.get(at) {
            Some(column) => quoted(column),
            None => "CAST(NULL AS text)".to_owned(),
        };
        let (table, column) = (quoted(table), quoted(column));
        format!(
            "SELECT {column} AS id, {} AS s1, {} AS s2, {} AS s3 FROM {table} \
             WHERE {column} IS NOT NULL AND cg_file >= {first_file}",
            scope(0),
            scope(1),
            scope(2)
        )
    });
    let all: Vec<_> = selects.collect();
    format!(
        "AS SELECT row_number() OVER (ORDER BY id, s1 IS NULL, s1, s2 IS NULL, s2, s3 IS NULL, s3) AS n, \
         id, s1, s2, s3 FROM ({}) AS r",
        all.join(" UNION ")
    )
}

fn prepared(synthesis: &Synthesis, site: &Site, references: Vec<Reference>) -> Result<Vec<Prepared>, LoadError> {
    let names = synthesis
        .name
        .and_then(|(column, kind)| Some((column, site.profile().names.get(kind)?)));
    let mut rows = vec![];
    for (id, s1, s2, s3) in references {
        let Some(id) = id else { continue };
        let mut cells = vec![(synthesis.id, id.as_str())];
        for (column, scope) in synthesis.scope.iter().zip([&s1, &s2, &s3]) {
            cells.extend(scope.as_deref().map(|s| (*column, s)));
        }
        // `[names.location]` may name `SBX01/12` where the number 12 is not one place only.
        let scopes = [&s1, &s2, &s3].into_iter().flatten().map(String::as_str);
        let full = scopes.chain([id.as_str()]).collect::<Vec<_>>().join("/");
        let named = |(column, names): (_, &'_ BTreeMap<String, String>)| {
            Some((column, names.get(&full).or_else(|| names.get(&id))?.clone()))
        };
        let name = names.and_then(named);
        cells.extend(name.iter().map(|(column, name)| (*column, name.as_str())));
        rows.push(prepare(
            synthesis.entity,
            site,
            Row::of(synthesis.entity, &cells).into_values(),
        )?);
    }
    Ok(rows)
}
