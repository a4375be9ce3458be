//! `chartgate password`

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use super::{Failed, print};

/// Hash a password for accounts.toml, or a client's secret
///
/// Reads one line from the standard input and prints its argon2id hash: the `password_hash` of an account, or the `secret_hash` of a client.
/// The same password gives another hash each time.
#[derive(clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args) -> Result<ExitCode, Failed> {
    let input = std::io::stdin();
    if input.is_terminal() {
        eprint!("Password (it is shown while you type): ");
    }
    let mut line = String::new();
    input
        .lock()
        .read_line(&mut line)
        .map_err(|_no_text| "the standard input is not text in UTF-8")?;
    let password = line.strip_suffix('\n').unwrap_or(&line);
    let password = password.strip_suffix('\r').unwrap_or(password);
    if password.is_empty() {
        return Err("there is no password on the standard input".into());
    }
    print(&format!("{}\n", smart::password::hash(password)?));
    Ok(ExitCode::SUCCESS)
}
