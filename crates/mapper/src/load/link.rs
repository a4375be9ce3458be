//! References between tables, resolved by set-based updates that touch exceptional rows only.

use std::collections::BTreeSet;

use super::statement::{Statement, quoted};
use super::{Agreement, Link, LoadError, Schema};
use crate::db::AnyConnection;

/// Resolves references, in the order of the declarations. Only those can have changed whose table or target is among
/// the tables `written` by this load; `first_file` tells its rows.
pub(super) fn resolve(
    conn: &mut AnyConnection,
    vendor: &Schema,
    first_file: i64,
    written: &BTreeSet<&str>,
) -> Result<(), LoadError> {
    // Where rows hold others back, any delivery may put any row on hold or release it.
    let any = !vendor.holds.is_empty();
    for link in vendor.links {
        let own = any || written.contains(link.table);
        let target = any || written.contains(link.target_table);
        if own {
            clear_new(link, first_file).run(conn)?;
        }
        if target {
            clear_old(link, if any { 0 } else { first_file }).run(conn)?;
        }
        if own || target {
            fill(link).run(conn)?;
        }
    }
    Ok(())
}

/// Resolves one reference of every row, as a load into an empty database does.
pub(super) fn resolve_all(conn: &mut AnyConnection, link: &Link) -> Result<(), LoadError> {
    clear_new(link, 0).run(conn)?;
    fill(link).run(conn)?;
    Ok(())
}

/// Rows written by this load hold what the target's key would be: cleared where there is no such target, or where it
/// is another's (a practice's visit number that happens to be the key of another patient's visit).
fn clear_new(link: &Link, first_file: i64) -> Statement {
    let (table, resolved, target) = (quoted(link.table), quoted(link.resolved), quoted(link.target_table));
    Statement::new(format!("UPDATE {table} SET {resolved} = NULL WHERE cg_file >= "))
        .bind(first_file)
        .sql(format!(
            " AND {resolved} IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM {target} AS t WHERE t.key = {table}.{resolved} AND t.cg_hold IS NULL{})",
            agrees(link, "key")
        ))
}

/// Rows written earlier lose their target only when this load put it on hold.
fn clear_old(link: &Link, first_file: i64) -> Statement {
    let (table, resolved, target) = (quoted(link.table), quoted(link.resolved), quoted(link.target_table));
    Statement::new(format!(
        "UPDATE {table} SET {resolved} = NULL WHERE {resolved} IN \
         (SELECT key FROM {target} AS t WHERE t.cg_hold IS NOT NULL AND t.cg_file >= "
    ))
    .bind(first_file)
    .sql(")")
}

/// Looks for the target of unresolved references: each raw reference against each id of the target, in order. More
/// than one target for the same id is none.
fn fill(link: &Link) -> Statement {
    let (table, resolved, target) = (quoted(link.table), quoted(link.resolved), quoted(link.target_table));
    let mut found = vec![];
    for raw in link.raw.iter().map(|r| quoted(r)) {
        for id in link.target_ids {
            let same = agrees(link, id);
            let id = quoted(id);
            found.push(format!(
                "(SELECT MIN(t.key) FROM {target} AS t WHERE t.{id} = {table}.{raw} AND t.cg_hold IS NULL{same} \
                 HAVING MIN(t.key) = MAX(t.key))"
            ));
        }
    }
    // COALESCE needs two arguments on SQLite.
    let found = format!("COALESCE({}, NULL)", found.join(", "));
    let has_raw: Vec<_> = link.raw.iter().map(|r| format!("{} IS NOT NULL", quoted(r))).collect();
    Statement::new(format!(
        "UPDATE {table} SET {resolved} = {found} \
         WHERE {resolved} IS NULL AND ({}) AND {found} IS NOT NULL",
        has_raw.join(" OR ")
    ))
}

/// The condition that a row and its target agree as [`Link::agreement`] says.
fn agrees(link: &Link, id: &str) -> String {
    let (own, theirs) = match link.agreement {
        Agreement::Nothing => return String::new(),
        Agreement::ForOtherIds(..) if id == "key" => return String::new(),
        Agreement::ForOtherIds(own, theirs) | Agreement::Always(own, theirs) => (own, theirs),
    };
    let (own, theirs) = (
        format!("{}.{}", quoted(link.table), quoted(own)),
        format!("t.{}", quoted(theirs)),
    );
    let unknown = if id == "key" {
        format!(" OR {theirs} IS NULL")
    } else {
        String::new()
    };
    format!(" AND ({theirs} = {own} OR {own} IS NULL{unknown})")
}
