//! `chartgate check`

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use mapper::CodeMap;
use mapper::check::{Account, Cells, Table, account};
use serde::Serialize;

use super::{ConfigFile, Failed, print};
use crate::config::Source;
use crate::gate::{Gate, Refusal};

/// Prove that every row is served, withheld or rejected
///
/// Translates every row and compares what comes of it with an independent count, per table. Also told: cells that
/// gave no element, words without code, codes, and references that lead nowhere. Ends with status 1 when a count does
/// not come out even.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    config: ConfigFile,
    /// Only this source
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The accounts, for programs.
#[derive(Serialize)]
struct Accounts {
    balanced: bool,
    sources: Vec<Account>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Failed> {
    let config = args.config.read()?;
    let chosen: Vec<&Source> = match &args.source {
        Some(name) => vec![config.source(name)?],
        None => config.sources.iter().collect(),
    };
    let sources = chosen.into_iter().map(of_source).collect::<Result<Vec<_>, _>>()?;
    let accounts = Accounts {
        balanced: sources.iter().all(Account::balances),
        sources,
    };
    if args.json {
        print(&format!("{}\n", serde_json::to_string_pretty(&accounts)?));
    } else {
        let mut text = String::new();
        for account in &accounts.sources {
            write(&mut text, account)?;
            let vendor = config.source(&account.source)?.vendor;
            fragment(&mut text, account, vendor.code_maps)?;
        }
        print(&text);
    }
    Ok(if accounts.balanced {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn of_source(source: &Source) -> Result<Account, Failed> {
    let name = source.site.name();
    match Gate::new(source, mapper::Limits::default()).check() {
        Ok(()) => {}
        Err(Refusal::Rules(text)) => return Err(text.into()),
        Err(Refusal::Away) => return Err(format!("the database of source `{name}` cannot be opened").into()),
    }
    // Nobody waits for the answer of a statement here, so there is no time limit.
    let mut conn = source
        .manager(Duration::ZERO)
        .open()
        .map_err(|_may_name_users| format!("the database of source `{name}` cannot be opened"))?;
    account(&mut conn, source.vendor, &source.site).map_err(|error| {
        // To the terminal of whoever may read the database anyway, so with the cause.
        let cause = std::error::Error::source(&error)
            .map(|c| format!(": {c}"))
            .unwrap_or_default();
        format!("{error}{cause}").into()
    })
}

fn write(out: &mut String, account: &Account) -> fmt::Result {
    writeln!(out, "source {}", account.source)?;
    let head = ("table", "as", "rows", "served", "withheld", "rejected");
    let resources = |table: &Table| match table.resources.as_slice() {
        [] => "(in others)".to_owned(),
        all => all.join(", "),
    };
    let names = account.tables.iter().map(|t| t.table.len()).max().unwrap_or(0).max(12) + 2;
    let types = account
        .tables
        .iter()
        .map(|t| resources(t).len())
        .max()
        .unwrap_or(0)
        .max(12)
        + 2;
    writeln!(
        out,
        "  {:<names$}{:<types$}{:>10} = {:>10} + {:>10} + {:>10}",
        head.0, head.1, head.2, head.3, head.4, head.5
    )?;
    for table in &account.tables {
        let resource = resources(table);
        let (served, even) = (
            table.served + table.part,
            if table.balances() { "" } else { "  DOES NOT BALANCE" },
        );
        let (rows, withheld, rejected) = (table.rows, table.withheld(), table.rejected());
        writeln!(
            out,
            "  {:<names$}{resource:<types$}{rows:>10} = {served:>10} + {withheld:>10} + {rejected:>10}{even}",
            table.table
        )?;
    }
    for table in &account.tables {
        write_details(out, table)?;
    }
    write_rest(out, account)
}

fn write_details(out: &mut String, table: &Table) -> fmt::Result {
    let name = table.table;
    for (kind, reasons) in [("withheld", &table.withheld), ("rejected", &table.rejected)] {
        for (reason, rows) in reasons {
            writeln!(out, "  {name}: {rows} rows {kind}: {reason}")?;
        }
    }
    for (kind, cells) in [("lost", &table.lost), ("adjusted", &table.adjusted)] {
        for Cells {
            element,
            column,
            why,
            cells,
        } in cells
        {
            writeln!(out, "  {name}: {cells} cells {kind}: {column} -> {element}: {why}")?;
        }
    }
    for word in &table.unmapped {
        writeln!(
            out,
            "  {name}: {} cells with a word that `{}` does not know: {:?}",
            word.cells, word.map, word.word
        )?;
    }
    Ok(())
}

/// The words without code as lines that can be pasted into the profile. Each has the code that it goes out with now;
/// where that is none, the line is a comment until somebody chooses one.
fn fragment(out: &mut String, account: &Account, maps: &[&'static CodeMap]) -> fmt::Result {
    let words = account.tables.iter().flat_map(|t| &t.unmapped);
    // Letter case does not matter in a profile.
    let mut by_map: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for word in words {
        by_map.entry(word.map).or_default().insert(word.word.to_lowercase());
    }
    if by_map.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n# For the profile of `{}`; choose codes:", account.source)?;
    for (name, words) in by_map {
        let Some(map) = maps.iter().find(|m| m.name == name) else {
            continue;
        };
        let codes: BTreeSet<&str> = map.targets().collect();
        let codes = codes.into_iter().collect::<Vec<_>>().join(", ");
        writeln!(out, "\n[codes.{name}]  # {codes}")?;
        let comment = if map.fallback.is_some() { "" } else { "# " };
        for word in words {
            let entry = BTreeMap::from([(word, map.fallback.unwrap_or_default())]);
            // A map of texts can always be written.
            let line = toml::to_string(&entry).unwrap_or_default();
            write!(out, "{comment}{line}")?;
        }
    }
    writeln!(out)
}

fn write_rest(out: &mut String, account: &Account) -> fmt::Result {
    for codes in &account.codes {
        let system = codes.system.as_deref().unwrap_or("no certain system (text only)");
        writeln!(
            out,
            "  {}: {} rows with {} codes of {system}",
            codes.table, codes.rows, codes.codes
        )?;
    }
    for references in account.references.iter().filter(|r| r.unresolved > 0) {
        writeln!(
            out,
            "  {}: {} of {} references by {} to {} do not resolve",
            references.table,
            references.unresolved,
            references.rows,
            references.columns.join(" or "),
            references.target
        )?;
    }
    for d in &account.deliveries {
        let (read, new, updated, unchanged, superseded) = (d.read, d.new, d.updated, d.unchanged, d.superseded);
        let even = if d.balances() { "" } else { "  DOES NOT BALANCE" };
        writeln!(
            out,
            "  delivery {}: {read} rows read = {new} new + {updated} updated + {unchanged} unchanged + {superseded} superseded{even}",
            d.delivery
        )?;
    }
    let verdict = if account.balances() {
        "every row is accounted for"
    } else {
        "ROWS ARE NOT ACCOUNTED FOR"
    };
    writeln!(out, "  {verdict}")
}

#[cfg(test)]
mod tests {
    use mapper::check::Word;
    use mapper::words::{GENDER, LANGUAGE};

    use super::*;

    #[test]
    fn words_without_code_come_out_as_lines_for_the_profile() {
        let word = |map: &'static CodeMap, word: &str| Word {
            map: map.name,
            word: word.to_owned(),
            cells: 1,
        };
        let words = [
            word(&GENDER, "Fem. \"x\""),
            word(&GENDER, "Frau"),
            word(&GENDER, "frau"),
            word(&LANGUAGE, "Klingon"),
        ];
        let account = Account {
            source: "hj".to_owned(),
            tables: vec![Table {
                unmapped: words.to_vec(),
                ..Table::default()
            }],
            ..Account::default()
        };
        let mut text = String::new();
        fragment(&mut text, &account, &[&GENDER, &LANGUAGE]).unwrap();
        let profile = mapper::Profile::parse(&text).unwrap();
        assert_eq!(profile.codes["gender"]["fem. \"x\""], "unknown");
        assert_eq!(profile.codes["gender"].len(), 2);
        assert!(
            text.contains("[codes.gender]  # female, male, other, unknown\n"),
            "{text}"
        );
        assert!(text.contains("\n# klingon = \"\"\n"), "{text}");
    }
}
