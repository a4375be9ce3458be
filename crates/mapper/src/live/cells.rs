//! The vendor's tables as they are found, and the views `live_TABLE` over them.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::QueryResult;
use diesel::sql_types::Text;

use super::{Views, wrong};
use crate::Site;
use crate::db::{AnyConnection, Dialect};
use crate::load::statement::{Statement, quoted};
use crate::load::{Entity, Schema};
use crate::sql::Value;

/// The vendor's tables by the entity's name.
pub(super) type Tables = BTreeMap<&'static str, Table>;

/// A table of the vendor that may be read.
pub(super) struct Table {
    /// Its name as SQL, with that of its schema.
    name: String,
    /// Its columns by name, in lower case and without blanks: the name as it is, and the type.
    columns: HashMap<String, (String, Kind)>,
}

/// What must be done to read a column's cells as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Plain,
    /// What is done to the cells of a file.
    Text,
    /// `true` and `false` are 1 and 0.
    Flag,
    /// The wall clock of the source's zone.
    Zoned,
}

impl Kind {
    fn of(dialect: Dialect, name: &str) -> Self {
        if dialect == Dialect::Sqlite {
            let number = name.to_ascii_uppercase().contains("INT");
            return if number { Self::Plain } else { Self::Text };
        }
        match name {
            "int2" | "int4" | "int8" | "numeric" | "timestamp" | "date" | "time" | "uuid" | "bit" => Self::Plain,
            "bool" => Self::Flag,
            "timestamptz" => Self::Zoned,
            _ => Self::Text,
        }
    }
}

/// Columns that this connection may read: schema, table, column, type.
const POSTGRES: &str = "\
    SELECT n.nspname::text, c.relname::text, a.attname::text, COALESCE(b.typname, t.typname)::text \
    FROM pg_catalog.pg_class AS c \
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid \
    LEFT JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype \
    WHERE n.nspname = ANY (current_schemas(false)) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
        AND has_column_privilege(c.oid, a.attnum, 'SELECT') AND lower(c.relname) IN (";
const POSTGRES_ORDER: &str =
    ") ORDER BY array_position(current_schemas(false), n.nspname), c.relname <> lower(c.relname), c.relname, a.attnum";

const SQLITE: &str = "\
    SELECT 'main', m.name, p.name, p.type FROM main.sqlite_master AS m, pragma_table_info(m.name, 'main') AS p \
    WHERE m.type IN ('table', 'view') AND LOWER(m.name) IN (";
const SQLITE_ORDER: &str = ") ORDER BY m.name, p.cid";

/// Looks for every entity's table in the schemas of the search path.
pub(super) fn find(conn: &mut AnyConnection, schema: &Schema) -> QueryResult<Tables> {
    let dialect = conn.dialect();
    let (head, tail) = match dialect {
        Dialect::Postgres => (POSTGRES, POSTGRES_ORDER),
        Dialect::Sqlite => (SQLITE, SQLITE_ORDER),
    };
    let all = schema.entities.iter().flat_map(names).map(Value::from);
    let rows = Statement::new(head)
        .binds(all)
        .sql(tail)
        .rows::<(Text, Text, Text, Text), (String, String, String, String)>(conn)?;
    let mut found: Vec<((String, String), Table)> = vec![];
    for (schema, table, column, kind) in rows {
        let place = (schema, table);
        if found.last().is_none_or(|(last, _)| *last != place) {
            let name = format!("{}.{}", quoted(&place.0), quoted(&place.1));
            let columns = HashMap::new();
            found.push((place, Table { name, columns }));
        }
        if let Some((_, table)) = found.last_mut() {
            let told = (quoted(&column), Kind::of(dialect, &kind));
            table.columns.entry(plain(&column)).or_insert(told);
        }
    }
    let mut tables = Tables::new();
    for entity in schema.entities {
        let at = names(entity).find_map(|name| found.iter().position(|((_, t), _)| t.to_lowercase() == name));
        if let Some(at) = at {
            tables.insert(entity.name, found.swap_remove(at).1);
        }
    }
    Ok(tables)
}

fn names(entity: &Entity) -> impl Iterator<Item = &'static str> + use<> {
    std::iter::once(entity.name).chain(entity.aliases.iter().copied())
}

/// A name as the headers of files are compared.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

impl Table {
    /// For each declared column the table's columns that feed it, best first: by the names of a delivery's columns.
    fn feeding(&self, entity: &Entity, site: &Site) -> Vec<Vec<&(String, Kind)>> {
        let renamed = site.profile().columns.get(entity.name);
        let renamed = |column: &str| renamed.and_then(|r| r.get(column)).map(|name| plain(name));
        let read: Vec<bool> = entity
            .columns
            .iter()
            .map(|c| !c.private || site.profile().ssn)
            .collect();
        // A private column must not come in under another's name.
        let kept = entity.columns.iter().zip(&read).filter(|(_, read)| !**read);
        let mut taken: HashSet<String> = kept.map(|(c, _)| c.name.to_owned()).collect();
        let mut all = vec![vec![]; entity.columns.len()];
        let mut feed = |names: Vec<Option<String>>| {
            for (columns, name) in all.iter_mut().zip(names) {
                if let Some(name) = name.filter(|name| taken.insert(name.clone())) {
                    columns.extend(self.columns.get(&name));
                }
            }
        };
        let columns = || entity.columns.iter().zip(&read).map(|(c, read)| read.then_some(c));
        feed(columns().map(|c| renamed(c?.name)).collect());
        feed(columns().map(|c| Some(c?.name.to_owned())).collect());
        let most = entity.columns.iter().map(|c| c.aliases.len()).max().unwrap_or(0);
        for at in 0..most {
            feed(columns().map(|c| c?.aliases.get(at).map(|a| plain(a))).collect());
        }
        all
    }
}

/// Whether ids of this column are always short enough to be keys.
pub(super) fn is_short(tables: &Tables, site: &Site, entity: &Entity, column: &str) -> bool {
    let Some(table) = tables.get(entity.name) else {
        return true;
    };
    let feeding = table.feeding(entity, site);
    let named = entity.columns.iter().zip(&feeding).find(|(c, _)| c.name == column);
    named.is_none_or(|(_, columns)| columns.iter().all(|(_, kind)| *kind == Kind::Plain))
}

/// `CREATE TEMP VIEW live_TABLE` for every entity.
pub(super) fn views(views: &Views, tables: &Tables, dialect: Dialect) -> QueryResult<String> {
    let mut sql = String::new();
    for entity in views.schema.entities {
        let table = tables.get(entity.name);
        let feeding = table.map(|t| t.feeding(entity, &views.site)).unwrap_or_default();
        let readable = feeding.iter().any(|columns| !columns.is_empty());
        if !readable && views.live.required.contains(&entity.name) {
            return Err(wrong(match table {
                Some(_) => format!("table `{}` has none of the vendor's columns", entity.name),
                None => format!("there is no table `{}` that may be read", entity.name),
            }));
        }
        let cells = entity.columns.iter().enumerate().map(|(at, column)| {
            let columns = feeding.get(at).map(Vec::as_slice).unwrap_or_default();
            let mut cells: Vec<String> = columns.iter().map(|c| cell(c, dialect, &views.site)).collect();
            for (cell, (_, kind)) in cells.iter_mut().zip(columns) {
                *cell = column
                    .absent
                    .iter()
                    .fold(cell.clone(), |cell, token| match (dialect, kind, *token) {
                        // A function that gives nothing for nothing: outer joins keep it in sight of indexes, and NULLIF not.
                        (Dialect::Postgres, Kind::Plain, "0") => format!("substring({cell}, '[^0].*')"),
                        _ => format!("NULLIF({cell}, {})", literal(token)),
                    });
            }
            let cell = match cells.as_slice() {
                [] => text("NULL", dialect),
                [only] => only.clone(),
                several => format!("COALESCE({})", several.join(", ")),
            };
            format!("{cell} AS {}", quoted(column.name))
        });
        let from = match table.filter(|_| readable) {
            Some(table) => format!("FROM {}", table.name),
            None => "WHERE 1 = 0".to_owned(),
        };
        let cells: Vec<String> = cells.collect();
        sql.push_str(&format!(
            "CREATE TEMP VIEW live_{} AS SELECT {} {from};\n",
            entity.name,
            cells.join(", ")
        ));
    }
    Ok(sql)
}

/// A cell of a column as text.
fn cell((name, kind): &(String, Kind), dialect: Dialect, site: &Site) -> String {
    match kind {
        Kind::Plain => text(name, dialect),
        Kind::Text => format!("live_cell({})", text(name, dialect)),
        Kind::Flag => text(&format!("CAST({name} AS integer)"), dialect),
        Kind::Zoned => text(
            &format!("({name} AT TIME ZONE {})", literal(site.zone().name())),
            dialect,
        ),
    }
}

/// An expression as text that is compared by code point.
pub(super) fn text(expression: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres => format!("CAST({expression} AS text) COLLATE \"C\""),
        Dialect::Sqlite => format!("CAST({expression} AS text)"),
    }
}

/// A text as SQL.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
