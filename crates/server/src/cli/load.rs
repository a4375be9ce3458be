//! `chartgate load`

mod progress;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use mapper::db::{Access, Manager};
use mapper::load::load;

use super::{ConfigFile, Failed, print};
use crate::config::Source;
use crate::{clock, private};

/// Bring deliveries into a source's database
///
/// A delivery is a folder of files as the vendor sends them, or single files. It is loaded whole or not at all, and
/// loading it again changes nothing.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    config: ConfigFile,
    /// The source, as the configuration names it
    #[arg(long, value_name = "NAME")]
    source: String,
    /// Folders or files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Failed> {
    let config = args.config.read()?;
    let source = config.source(&args.source)?;
    if source.live {
        let text = format!(
            "source `{}` is live: its database is only read, nothing is loaded into it",
            args.source
        );
        return Err(text.into());
    }
    private::prepare(&source.url)?;
    let manager = Manager::new(source.url.clone(), Access::Load, Duration::ZERO);
    let mut conn = manager.open().map_err(|_may_name_users| away(source))?;
    let begun = Instant::now();
    let mut progress = progress::progress();
    let loaded = load(
        &mut conn,
        source.vendor.schema,
        &source.site,
        &args.paths,
        clock::now(),
        progress.as_mut(),
    );
    drop(progress);
    let report = loaded?;
    let took = begun.elapsed().as_secs_f64();
    let rows = report.totals().read;
    // Good enough for a rate that is read by people.
    let rate = if took > 0.0 { rows as f64 / took } else { 0.0 };
    print(&format!(
        "{report}delivery {}: {rows} rows in {took:.1} s ({rate:.0} rows/s)\n",
        report.delivery
    ));
    Ok(ExitCode::SUCCESS)
}

fn away(source: &Source) -> String {
    format!("the database of source `{}` cannot be opened", source.site.name())
}
