//! The command line.

mod audit;
mod check;
mod config;
mod grants;
mod keys;
mod load;
mod password;
mod selftest;
mod serve;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use smart::store::Store;

use crate::config::{Config, ConfigError};
use crate::{auth, private};

/// A FHIR R4 facade over the clinical rows that you already have.
#[derive(Parser)]
#[command(name = "chartgate", version, about, long_about = None, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Load(load::Args),
    Check(check::Args),
    Serve(serve::Args),
    Selftest(selftest::Args),
    Config(config::Args),
    Audit(audit::Args),
    Grants(grants::Args),
    Keys(keys::Args),
    Password(password::Args),
}

/// Where the configuration is.
#[derive(Args)]
struct ConfigFile {
    /// The configuration; `chartgate.toml` in the working directory unless given
    #[arg(long = "config", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl ConfigFile {
    fn read(&self) -> Result<Config, ConfigError> {
        Config::read(self.file.as_deref())
    }
}

/// Why a command failed, for the one line that says so.
type Failed = Box<dyn std::error::Error>;

/// Runs the command that the arguments name.
#[must_use]
pub fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Load(args) => load::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Selftest(args) => selftest::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Audit(args) => audit::run(&args),
        Command::Grants(args) => grants::run(&args),
        Command::Keys(args) => keys::run(&args),
        Command::Password(args) => password::run(&args),
    };
    done.unwrap_or_else(|error| {
        eprintln!("chartgate: {error}");
        ExitCode::FAILURE
    })
}

/// The state of the authorization server that is configured.
async fn state(config: &Config) -> Result<Store, Failed> {
    let smart = config.smart.as_ref();
    let smart = smart.ok_or("there is no [smart] in the configuration")?;
    private::prepare(&smart.smart.database)?;
    Ok(auth::state(config, smart).await?)
}

/// Runs work that waits for databases to its end.
fn wait_for<T>(work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    actix_web::rt::System::new().block_on(work)
}

/// Writes to the standard output. Nobody listening, as with `| head`, is no failure.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_declared_without_contradiction() {
        super::Cli::command().debug_assert();
    }
}
