//! The counts of an account: statements over tables that are only known by their declarations.

use diesel::QueryResult;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::{Codes, Delivery, References};
use crate::codes::System;
use crate::db::{AnyConnection, Dialect};
use crate::load::statement::{Statement, quoted};
use crate::load::{Entity, Schema};

/// Every entity that rows are kept for, delivered or made.
fn entities(schema: &Schema) -> impl Iterator<Item = &'static Entity> + use<> {
    schema.entities.iter().chain(schema.syntheses.iter().map(|s| s.entity))
}

/// Every table, once, in the order of the declarations.
pub(super) fn tables(schema: &Schema) -> Vec<&'static str> {
    let mut tables = vec![];
    for entity in entities(schema) {
        if !tables.contains(&entity.table) {
            tables.push(entity.table);
        }
    }
    tables
}

pub(super) fn rows(conn: &mut AnyConnection, table: &str) -> QueryResult<u64> {
    let counted = Statement::new(format!("SELECT COUNT(*) FROM {}", quoted(table))).rows::<BigInt, i64>(conn)?;
    Ok(counted.into_iter().map(natural).sum())
}

pub(super) fn holds(conn: &mut AnyConnection, table: &str) -> QueryResult<Vec<(Option<String>, u64)>> {
    let sql = format!("SELECT cg_hold, COUNT(*) FROM {} GROUP BY cg_hold", quoted(table));
    let rows = Statement::new(sql).rows::<(Nullable<Text>, BigInt), (Option<String>, i64)>(conn)?;
    Ok(rows.into_iter().map(|(reason, n)| (reason, natural(n))).collect())
}

pub(super) fn references(conn: &mut AnyConnection, schema: &Schema) -> QueryResult<Vec<References>> {
    let mut all = vec![];
    for link in schema.links {
        let raw: Vec<String> = link.raw.iter().map(|r| format!("{} IS NOT NULL", quoted(r))).collect();
        let sql = format!(
            "SELECT COUNT(*), COUNT({}) FROM {} WHERE cg_hold IS NULL AND ({})",
            quoted(link.resolved),
            quoted(link.table),
            raw.join(" OR ")
        );
        for (rows, resolved) in Statement::new(sql).rows::<(BigInt, BigInt), (i64, i64)>(conn)? {
            all.push(References {
                table: link.table,
                columns: link.raw,
                target: link.target_table,
                rows: natural(rows),
                unresolved: natural(rows - resolved),
            });
        }
    }
    Ok(all)
}

/// Tables that keep a code and its system, by the names that these columns have in every vendor's tables.
pub(super) fn codes(conn: &mut AnyConnection, schema: &Schema) -> QueryResult<Vec<Codes>> {
    let coded = |e: &&Entity| e.computed.contains(&"cg_system") && e.computed.contains(&"cg_code");
    let mut all = vec![];
    for entity in entities(schema).filter(coded) {
        let sql = format!(
            "SELECT cg_system, COUNT(*), COUNT(DISTINCT cg_code) FROM {} WHERE cg_hold IS NULL \
             GROUP BY cg_system ORDER BY COUNT(*) DESC, cg_system",
            quoted(entity.table)
        );
        type Row = (Option<String>, i64, i64);
        for (tag, rows, codes) in Statement::new(sql).rows::<(Nullable<Text>, BigInt, BigInt), Row>(conn)? {
            let system = tag.map(|tag| System::from_tag(&tag).map_or(tag, |s| s.uri().to_owned()));
            all.push(Codes {
                table: entity.table,
                system,
                rows: natural(rows),
                codes: natural(codes),
            });
        }
    }
    Ok(all)
}

/// None of a live source, whose rows nobody loaded.
pub(super) fn deliveries(conn: &mut AnyConnection) -> QueryResult<Vec<Delivery>> {
    let there = match conn.dialect() {
        Dialect::Postgres => {
            "SELECT COUNT(*) FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = 'cg_delivery'"
        }
        Dialect::Sqlite => "SELECT COUNT(*) FROM main.sqlite_master WHERE name = 'cg_delivery'",
    };
    if Statement::new(there).rows::<BigInt, i64>(conn)? == [0] {
        return Ok(vec![]);
    }
    type Sql = (BigInt, BigInt, BigInt, BigInt, BigInt, BigInt);
    type Row = (i64, i64, i64, i64, i64, i64);
    let sql =
        "SELECT id, read_rows, new_rows, updated_rows, unchanged_rows, superseded_rows FROM cg_delivery ORDER BY id";
    let delivery = |(delivery, read, new, updated, unchanged, superseded): Row| Delivery {
        delivery,
        read: natural(read),
        new: natural(new),
        updated: natural(updated),
        unchanged: natural(unchanged),
        superseded: natural(superseded),
    };
    Ok(Statement::new(sql)
        .rows::<Sql, Row>(conn)?
        .into_iter()
        .map(delivery)
        .collect())
}

fn natural(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
