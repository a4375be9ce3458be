//! `chartgate audit`

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use smart::audit::{Head, Verdict};

use super::{ConfigFile, Failed, print};
use crate::audit::Audit;
use crate::config::Config;

/// Look at the record of accesses
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Verify(Verify),
}

/// Prove that no record was removed or altered
///
/// Reads every record and names the first that is missing or not as it was written, with status 1. What is cut off at the end can only
/// be told from what is noted elsewhere: keep the head that is printed and give it to the next run. The server may go on meanwhile.
#[derive(clap::Args)]
struct Verify {
    #[command(flatten)]
    config: ConfigFile,
    /// The head of an earlier run, which the record must still have
    #[arg(long, value_name = "NUMBER:HASH", value_parser = head)]
    expect: Option<Head>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Failed> {
    match &args.command {
        Command::Verify(verify) => {
            let config = verify.config.read()?;
            let verdict = super::wait_for(verdict(&config, verify.expect.clone()))?;
            let (text, code) = told(&verdict);
            print(&format!("{text}\n"));
            Ok(code)
        }
    }
}

async fn verdict(config: &Config, expect: Option<Head>) -> Result<Verdict, Failed> {
    let recording = config.recording();
    let recording =
        recording.ok_or("no record is kept: the configuration has neither [smart] nor [audit] with a database")?;
    // Opening would make an empty one.
    if let Some(file) = recording.database.sqlite_path().filter(|file| !Path::exists(file)) {
        return Err(format!("there is no {}: nothing has been recorded yet", file.display()).into());
    }
    let audit = Audit::open(config, &config.secret()?).await?;
    let audit = audit.ok_or("no record is kept")?;
    Ok(audit.trail.verify(expect).await?)
}

fn told(verdict: &Verdict) -> (String, ExitCode) {
    let text = match verdict {
        Verdict::Whole(Head { seq: 0, .. }) => "whole: there are no records yet".to_owned(),
        Verdict::Whole(Head { seq, hash }) => format!("whole: {seq} records; head {seq}:{hash}"),
        Verdict::Missing(seq) => format!("BROKEN: record {seq} is missing"),
        Verdict::Altered(seq) => format!("BROKEN: record {seq} is not as it was written, or not where it was"),
        Verdict::Cut => {
            "BROKEN: the expected head is not there; records were cut off at the end, or written anew".to_owned()
        }
        Verdict::Hidden(Head { seq, .. }) => {
            format!("BROKEN: the {seq} records are whole, but what searches find them by was altered")
        }
    };
    let code = match verdict {
        Verdict::Whole(_) => ExitCode::SUCCESS,
        Verdict::Missing(_) | Verdict::Altered(_) | Verdict::Cut | Verdict::Hidden(_) => ExitCode::FAILURE,
    };
    (text, code)
}

fn head(text: &str) -> Result<Head, String> {
    let parts = text
        .split_once(':')
        .and_then(|(seq, hash)| Some((seq.parse().ok()?, hash)));
    let (seq, hash) = parts.ok_or("expected a number, a colon and a hash, as an earlier run printed them")?;
    Ok(Head {
        seq,
        hash: hash.to_owned(),
    })
}
