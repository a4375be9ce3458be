//! A sample's rows many times over: a database as large as a real one, in seconds.
//!
//! Every served table and those that belong to its rows are multiplied within the database. A copy gets other keys, the same in
//! every column that holds or refers to one, so that copies hang together as the sample's rows do; its times lie some days
//! earlier, and its folded texts begin with other letters, so that both are spread as those of a population are.

use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::database::{Database, Kind};
use super::dump;
use super::sample::{Sample, samples};

/// Rows that a multiplied database has, about.
pub const ROWS: i64 = 100_000;

/// Columns that only tell copies apart.
const KEYS: [&str; 2] = ["key", "owner"];

/// What a dictionary's entries give, as many codes as a large dictionary has; and keys of rows that no link declares.
const CODES: [&str; 2] = ["coding", "cg_diagnosis"];

/// How the names of columns with numbers end that identify something.
const NUMBERS: [&str; 7] = ["id", "no", "npi", "ssn", "guid", "number", "csn"];

/// Parts of the names of columns with folded names of people and places.
const NAMES: [&str; 9] = [
    "family",
    "given",
    "middle",
    "maiden",
    "preferred",
    "folded",
    "prefix",
    "suffix",
    "name",
];

type Slot = OnceLock<Database>;

/// A sample's database with about [`ROWS`] rows, made once per run.
pub fn multiplied(kind: Kind, sample: &'static Sample) -> &'static Database {
    static ALL: OnceLock<Vec<[Slot; 2]>> = OnceLock::new();
    // One after the other: they are large, and tests run side by side.
    static TURN: Mutex<()> = Mutex::new(());
    let all = ALL.get_or_init(|| samples().iter().map(|_| [Slot::new(), Slot::new()]).collect());
    let at = samples()
        .iter()
        .position(|s| s.vendor.name == sample.vendor.name)
        .unwrap();
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    all[at][usize::from(kind == Kind::Postgres)].get_or_init(|| {
        let db = Database::new(kind);
        sample.load_into(&db);
        multiply(&db, sample);
        db
    })
}

fn multiply(db: &Database, sample: &Sample) {
    let ids = id_columns(sample);
    let served: BTreeSet<&str> = (sample.vendor.providers)().iter().map(|p| p.table()).collect();
    let of_served: BTreeSet<&str> = (sample.vendor.schema.exploded.iter())
        .filter(|e| served.contains(e.entity))
        .map(|e| e.table)
        .collect();
    let mut tables = vec![];
    for table in dump::row_tables(db)
        .iter()
        .map(String::as_str)
        .chain(of_served.iter().copied())
    {
        let columns = dump::columns_of(db, table);
        let refers = columns
            .iter()
            .any(|c| is_id(&c.name, &ids) && !KEYS.contains(&c.name.as_str()));
        if served.contains(table) || of_served.contains(table) || refers {
            tables.push((table.to_owned(), columns));
        }
    }
    let rows: i64 = tables
        .iter()
        .map(|(table, _)| dump::number(db, &format!("SELECT COUNT(*) FROM \"{table}\"")))
        .sum();
    let copies = ROWS / rows.max(1);
    let statements: Vec<String> = tables
        .iter()
        .map(|(table, columns)| copy(db.kind, table, columns, &ids, copies))
        .collect();
    db.execute(&format!("BEGIN; {}; COMMIT; ANALYZE", statements.join("; ")));
}

/// Columns that hold keys, and ids by which rows refer to each other.
fn id_columns(sample: &Sample) -> BTreeSet<&'static str> {
    let links = sample.vendor.schema.links.iter();
    let named = links.flat_map(|l| l.raw.iter().chain(l.target_ids).copied().chain([l.resolved]));
    named.chain(KEYS).chain(CODES).collect()
}

fn is_id(column: &str, ids: &BTreeSet<&str>) -> bool {
    ids.contains(column) || NUMBERS.iter().any(|end| column.ends_with(end))
}

fn copy(kind: Kind, table: &str, columns: &[dump::Column], ids: &BTreeSet<&str>, copies: i64) -> String {
    let value = |column: &dump::Column| {
        let (name, cell) = (column.name.as_str(), format!("t.\"{}\"", column.name));
        if column.timestamp {
            let days = "(n.i % 3650)";
            return match kind {
                Kind::Sqlite => format!("strftime('%Y-%m-%d %H:%M:%S', {cell}, '-' || {days} || ' days')"),
                Kind::Postgres => format!("{cell} - {days} * interval '1 day'"),
            };
        }
        if is_id(name, ids) {
            // In front, so that in the order of keys copies follow one another and not rows of one kind.
            return format!("'c' || n.i || '-' || {cell}");
        }
        if name == "folded" || name.starts_with("cg_") && NAMES.iter().any(|part| name.contains(part)) {
            let letter = |of: &str| format!("substr('abcdefghijklmnopqrstuvwxyz', 1 + {of} % 26, 1)");
            return format!("{} || {} || {cell}", letter("n.i"), letter("(n.i / 26)"));
        }
        cell
    };
    let names: Vec<String> = columns.iter().map(|c| format!("\"{}\"", c.name)).collect();
    let values: Vec<String> = columns.iter().map(value).collect();
    format!(
        "INSERT INTO \"{table}\" ({}) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {copies}) \
         SELECT {} FROM \"{table}\" AS t, n",
        names.join(", "),
        values.join(", ")
    )
}
