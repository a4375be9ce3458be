//! A practice's own database: the tables of the sample delivery as the vendor's software has them, with native types, names in mixed
//! case, primary keys, and every column of the files, also those that must never be read.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use tests::support::database::{Database, Kind};
use tests::support::sample::fixtures;

/// File, table, primary key.
const TABLES: [(&str, &str, &str); 15] = [
    ("users.csv", "Users", "UID"),
    ("patients.csv", "patients", "pid"),
    ("doctors.csv", "doctors", "doctorID"),
    ("edi_facilities.csv", "edi_Facilities", "Id"),
    ("enc.csv", "enc", "encounterID"),
    ("diagnosis.csv", "diagnosis", "SlNo"),
    ("problemlist.csv", "problemlist", "SlNo"),
    ("surgicalhistory.csv", "surgicalhistory", ""),
    ("billingdata.csv", "billingdata", "id"),
    ("labdata.csv", "labdata", "Reportid"),
    ("hospitalization.csv", "hospitalization", ""),
    ("items.csv", "items", "itemID"),
    ("itemdetail.csv", "itemdetail", ""),
    ("icd.csv", "icd", ""),
    ("edi_icdcodes.csv", "edi_icdcodes", ""),
];

/// Columns of numbers, in lower case. What looks like a number and is a name (ZIP, chart number, NPI, ethnicity) is text.
const INTEGERS: &[&str] = &[
    "uid",
    "usertype",
    "status",
    "delflag",
    "isresource",
    "primaryservicelocation",
    "pid",
    "doctorid",
    "attendingdoctorid",
    "rendprid",
    "refprid",
    "deceased",
    "pmcid",
    "insid",
    "grid",
    "id",
    "primaryfacility",
    "deleteflag",
    "encounterid",
    "patientid",
    "resourceid",
    "enctype",
    "facilityid",
    "deptid",
    "pos",
    "enclock",
    "newpt",
    "invoiceid",
    "slno",
    "itemid",
    "displayindex",
    "axis",
    "synonymid",
    "asmtid",
    "inactiveflag",
    "resolved",
    "userid",
    "propid",
    "icd10flag",
    "itemtype",
    "parentid",
    "reportid",
    "ordencounterid",
    "prevencounterid",
    "type",
    "received",
    "reviewedby",
    "ordphyid",
    "priority",
    "futureflag",
    "cancelled",
    "fasting",
    "occsurgflag",
    "vitalcpt",
    "icd1",
    "icd2",
    "icd3",
    "icd4",
];

/// Columns of dates with times.
const TIMES: &[&str] = &[
    "ptdob",
    "cdate",
    "mdate",
    "date",
    "starttime",
    "endtime",
    "arrivedtime",
    "timein",
    "timeout",
    "deptime",
    "time",
    "reminddate",
    "enddate",
    "resultdate",
    "specimendate",
    "colltime",
    "reviewddate",
    "futureorderdate",
];

/// Makes the tables; those in `without` are left out.
pub fn make(db: &Database, without: &[&str]) {
    let mut sql = String::new();
    for (file, table, key) in TABLES.into_iter().filter(|(_, table, _)| !without.contains(table)) {
        let (header, mut rows) = read(&fixtures().join("healow").join(file), ',');
        if file == "enc.csv" {
            let (late, more) = read(&fixtures().join("healow/late/enc.tsv"), '\t');
            assert_eq!(late, header);
            rows.extend(more);
        }
        table_of(&mut sql, db.kind, table, key, &header, rows);
    }
    db.execute(&sql);
}

fn table_of(sql: &mut String, kind: Kind, table: &str, key: &str, header: &[String], rows: Vec<Vec<String>>) {
    // Histories say when in words.
    let words = ["surgicalhistory", "hospitalization"].contains(&table);
    // Users and visits name different things `status`.
    let types: Vec<&str> = header
        .iter()
        .map(|name| match name.to_lowercase().as_str() {
            "date" if words => "varchar(60)",
            "status" if table == "enc" => "varchar(20)",
            name if INTEGERS.contains(&name) => "integer",
            name if TIMES.contains(&name) => match kind {
                Kind::Sqlite => "datetime",
                Kind::Postgres => "timestamp",
            },
            "units" | "billingfee" => "decimal(10, 2)",
            _ => "varchar(500)",
        })
        .collect();
    let columns: Vec<String> = header
        .iter()
        .zip(&types)
        .map(|(name, of)| format!("\"{name}\" {of}{}", if name == key { " PRIMARY KEY" } else { "" }))
        .collect();
    writeln!(sql, "CREATE TABLE \"{table}\" ({});", columns.join(", ")).unwrap();
    for row in unique(header, key, rows) {
        let cells: Vec<String> = row
            .iter()
            .zip(&types)
            .map(|(cell, of)| value(kind, cell.trim(), of))
            .collect();
        writeln!(sql, "INSERT INTO \"{table}\" VALUES ({});", cells.join(", ")).unwrap();
    }
}

fn value(kind: Kind, cell: &str, of: &str) -> String {
    let typed = !of.starts_with("varchar");
    // No such day fits a column of times; SQLite's have no check.
    let no_day = cell.starts_with("0000-") && kind == Kind::Postgres;
    if typed && (no_day || ["", "NULL", "\\N"].contains(&cell)) {
        return "NULL".to_owned();
    }
    let dummy = typed && cell.len() == 8 && cell.contains(':');
    format!(
        "'{}{}'",
        if dummy { "1900-01-01 " } else { "" },
        cell.replace('\'', "''")
    )
}

/// A database has a row per key: of two that were delivered the one that was changed last.
fn unique(header: &[String], key: &str, rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let Some(at) = header.iter().position(|name| name == key) else {
        return rows;
    };
    let changed = header.iter().position(|name| name == "mdate");
    let mut kept: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        let older = |other: &Vec<String>| changed.is_some_and(|at| row[at] < other[at]);
        if !kept.get(&row[at]).is_some_and(older) {
            kept.insert(row[at].clone(), row);
        }
    }
    kept.into_values().collect()
}

/// The names and the rows of a file.
fn read(file: &Path, separator: char) -> (Vec<String>, Vec<Vec<String>>) {
    let text = std::fs::read_to_string(file).unwrap();
    let mut rows: Vec<Vec<String>> = vec![vec![]];
    let (mut cell, mut quoted) = (String::new(), false);
    let mut rest = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if separator == '\t' => cell.push(c),
            '"' if quoted && rest.peek() == Some(&'"') => cell.extend(rest.next()),
            '"' => quoted = !quoted,
            '\r' if !quoted => {}
            '\n' if !quoted => {
                rows.last_mut().unwrap().push(std::mem::take(&mut cell));
                rows.push(vec![]);
            }
            c if c == separator && !quoted => rows.last_mut().unwrap().push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    rows.last_mut().unwrap().push(cell);
    rows.retain(|row| row.len() > 1);
    let header: Vec<String> = rows.remove(0).iter().map(|name| name.trim().to_owned()).collect();
    // Files may repeat their header.
    rows.retain(|row| row[0] != header[0]);
    (header, rows)
}
