//! What an entry expects of a load as a whole.

use mapper::check::Account;
use mapper::load::Report;
use serde_json::Value;

use super::expect::contains;

/// What the account of the database, or the report of its load, says.
pub fn balance(check: &Value, account: &Account, report: &Report) -> Result<(), String> {
    let same = |what: &str, found: u64| match check[what].as_u64() {
        Some(wanted) if wanted != found => Err(format!("{what}: {found} for {wanted}")),
        _ => Ok(()),
    };
    if let Some(not_read) = check["not_read"].as_array() {
        let mut found: Vec<String> = report.not_read.iter().map(|f| f.path.display().to_string()).collect();
        found.sort();
        let all = found.len() == not_read.len();
        let each = found
            .iter()
            .zip(not_read)
            .all(|(f, wanted)| f.ends_with(wanted.as_str().unwrap()));
        return if all && each {
            Ok(())
        } else {
            Err(format!("not read: {found:?}"))
        };
    }
    if let Some(file) = check["file"].as_str() {
        let read = report.files.iter().find(|f| f.path.ends_with(file)).ok_or("not read")?;
        return same("rows", read.rows);
    }
    if let Some(entity) = check["entity"].as_str() {
        let counts = report.entities.get(entity).ok_or("no such entity")?;
        let found = serde_json::to_value(&counts.columns_not_read).unwrap();
        return if contains(&found, &check["columns_not_read"]) {
            Ok(())
        } else {
            Err(format!("columns not read: {found}"))
        };
    }
    let name = check["table"].as_str().unwrap();
    let table = account.tables.iter().find(|t| t.table == name).ok_or("no such table")?;
    if let Some(held) = check["held"].as_str() {
        let (which, reason) = held.split_once(':').unwrap();
        let reasons = if which == "withheld" {
            &table.withheld
        } else {
            &table.rejected
        };
        return same(
            "rows",
            reasons
                .iter()
                .filter(|(r, _)| r.starts_with(reason))
                .map(|(_, n)| n)
                .sum(),
        );
    }
    same("rows", table.rows)?;
    same("served", table.served)?;
    same("withheld", table.withheld())?;
    same("rejected", table.rejected())
}
