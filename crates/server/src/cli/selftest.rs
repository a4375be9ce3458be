//! `chartgate selftest`

mod checks;
mod client;
mod element;
mod report;
mod sample;
mod statement;
mod value;

use std::process::ExitCode;

use self::client::Client;
use self::report::Report;
use self::sample::Samples;
use self::statement::Statement;
use super::{Failed, print};

/// Exercise everything that a running server says it can do
///
/// Reads the CapabilityStatement of a FHIR server and tries each parameter, modifier, sort order, include, interaction,
/// operation and format that it lists, with values of the resources that the server has. No answer is compared with
/// rows: answers have to agree with each other. Ends with status 1 when one does not.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The base of the server, such as http://127.0.0.1:8080/fhir
    #[arg(value_name = "URL")]
    base: String,
    /// A header of every request, such as 'Authorization: Bearer …'; may be given several times
    #[arg(long, value_name = "HEADER", value_parser = client::header)]
    header: Vec<(String, String)>,
    /// Print the tables of the README
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Print JSON, one object per check
    #[arg(long)]
    json: bool,
    /// Show the values of requests that failed: they may be somebody's name or birth date
    #[arg(long)]
    verbose: bool,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Failed> {
    let client = Client::new(&args.base, args.header.clone());
    let metadata = client.get("/metadata")?;
    let statement = Statement::read(&metadata.resource()?).ok_or("this is no CapabilityStatement of a server")?;
    client.known_as(&statement.url);
    let samples = Samples::take(&client, &statement);
    let mut report = Report::new(args.verbose);
    checks::run(&client, &statement, &samples, &mut report);
    print(&if args.json {
        report.json()?
    } else if args.markdown {
        report.markdown(&statement)
    } else {
        report.table()
    });
    Ok(if report.failed() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
