//! Storing what single cells hold several of.

use super::prepare::Prepared;
use super::statement::{Statement, quoted, quoted_list};
use super::{Exploded, LoadError};
use crate::db::AnyConnection;
use crate::sql::Value;

/// Rows or keys per statement.
const STEP: usize = 200;

/// Replaces the rows of our table for rows that were stored; `known` says which of these were there before.
pub(super) fn replace(
    conn: &mut AnyConnection,
    to: &Exploded,
    rows: &[&Prepared],
    known: impl Fn(&str) -> bool,
    load: i64,
) -> Result<(), LoadError> {
    let old: Vec<&Prepared> = rows.iter().copied().filter(|row| known(&row.key)).collect();
    for rows in old.chunks(STEP) {
        let keys = rows.iter().map(|r| Value::from(r.key.clone()));
        Statement::new(format!(
            "DELETE FROM {} WHERE {} IN (",
            quoted(to.table),
            quoted(to.owner)
        ))
        .binds(keys)
        .sql(")")
        .run(conn)?;
    }
    let all: Vec<(&str, &Vec<Value>)> = rows
        .iter()
        .flat_map(|row| row.exploded.iter().map(|values| (row.key.as_str(), values)))
        .collect();
    for rows in all.chunks(STEP) {
        let columns = [to.owner, "cg_load"].into_iter().chain(to.columns.iter().copied());
        let mut insert = Statement::new(format!(
            "INSERT INTO {} ({}) VALUES ",
            quoted(to.table),
            quoted_list(columns)
        ));
        for (i, (key, values)) in rows.iter().enumerate() {
            if values.len() != to.columns.len() {
                return Err(LoadError::Schema(format!(
                    "`{}` explodes into another number of columns",
                    to.entity
                )));
            }
            let own = [Value::from((*key).to_owned()), Value::Int(load)];
            let values = own.into_iter().chain(values.iter().cloned());
            insert = insert.sql(if i == 0 { "(" } else { ", (" }).binds(values).sql(")");
        }
        insert.run(conn)?;
    }
    Ok(())
}
