//! `chartgate config`

use std::process::ExitCode;

use super::{ConfigFile, Failed, print};
use crate::config::DEFAULT;

/// Print the documented default configuration, or check yours
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    config: ConfigFile,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Failed> {
    match &args.config.file {
        None => print(DEFAULT),
        Some(file) => {
            let names: Vec<String> = args
                .config
                .read()?
                .sources
                .iter()
                .map(|s| s.site.name().to_owned())
                .collect();
            print(&format!(
                "{} can be used; its sources: {}\n",
                file.display(),
                names.join(", ")
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}
