//! `chartgate keys`

use std::fmt::Write;
use std::process::ExitCode;

use clap::Subcommand;
use smart::keys::Keys;
use smart::seal::Seal;

use super::{ConfigFile, Failed, print};
use crate::clock;
use crate::config::Config;

/// Look after the keys that sign id tokens
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Rotate(Rotate),
}

/// Make a new key, which signs from now on
///
/// The key before stays published for a week, so that what it signed is believed as long as it is good; older ones are forgotten. Servers
/// that run take the new key within ten minutes.
#[derive(clap::Args)]
struct Rotate {
    #[command(flatten)]
    config: ConfigFile,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Failed> {
    match &args.command {
        Command::Rotate(rotate) => {
            let config = rotate.config.read()?;
            let keys = super::wait_for(rotated(&config))?;
            let mut text = format!("signs: {}\n", keys.kid());
            for kid in keys.published_kids().filter(|kid| *kid != keys.kid()) {
                // Writing to a String cannot fail.
                let _ = writeln!(text, "still published: {kid}");
            }
            print(&text);
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn rotated(config: &Config) -> Result<Keys, Failed> {
    let store = super::state(config).await?;
    let seal = Seal::derive(&config.secret()?);
    let now = clock::now().and_utc().timestamp();
    // With another secret than the keys were sealed with, nothing must change.
    Keys::open(&store, &seal, now).await?;
    Ok(Keys::rotate(&store, &seal, now).await?)
}
