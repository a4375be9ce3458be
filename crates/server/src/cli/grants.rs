//! `chartgate grants`

use std::fmt::Write;
use std::process::ExitCode;

use chrono::DateTime;
use clap::{ArgGroup, Subcommand};
use smart::audit::{Interaction, Outcome, Record};
use smart::authority::Session;
use smart::store::{Grant, Seconds};

use super::{ConfigFile, Failed, print};
use crate::audit::Audit;
use crate::clock;
use crate::config::Config;

/// Look after what people have allowed apps
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(List),
    End(End),
}

/// List the grants that have not ended
#[derive(clap::Args)]
struct List {
    #[command(flatten)]
    config: ConfigFile,
    #[command(flatten)]
    whose: Whose,
}

/// End grants: their tokens are good for nothing from the next request on
///
/// For people whom the identity provider has let go, and for apps that turned out to be bad. A user who is named is signed out, too. What is
/// ended is in the record of accesses. Backend services have no grants of people: take their client out of the configuration.
#[derive(clap::Args)]
// Nothing ends because somebody forgot to say what.
#[command(group(ArgGroup::new("which").args(["user", "client", "all"]).required(true).multiple(true)))]
struct End {
    #[command(flatten)]
    config: ConfigFile,
    #[command(flatten)]
    whose: Whose,
    /// Of all people and apps
    #[arg(long, conflicts_with_all = ["user", "client"])]
    all: bool,
}

#[derive(clap::Args)]
struct Whose {
    /// Of this user: `sub`, as `chartgate grants list` shows it
    #[arg(long, value_name = "SUBJECT")]
    user: Option<String>,
    /// Of this app
    #[arg(long, value_name = "CLIENT_ID")]
    client: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Failed> {
    let text = match &args.command {
        Command::List(List { config, whose }) => super::wait_for(listed(&config.read()?, whose))?,
        Command::End(End { config, whose, .. }) => super::wait_for(ended(&config.read()?, whose))?,
    };
    print(&text);
    Ok(ExitCode::SUCCESS)
}

async fn listed(config: &Config, whose: &Whose) -> Result<String, Failed> {
    let store = super::state(config).await?;
    let grants = store
        .open_grants(whose.user.as_deref(), whose.client.as_deref())
        .await?;
    Ok(table(&grants))
}

async fn ended(config: &Config, whose: &Whose) -> Result<String, Failed> {
    let store = super::state(config).await?;
    let audit = Audit::open(config, &config.secret()?).await?;
    let now = clock::now().and_utc().timestamp();
    if let (Some(user), None) = (whose.user.clone(), &whose.client) {
        store.forget(move |session: &Session| session.subject == user).await?;
    }
    let mut over = vec![];
    for grant in store
        .open_grants(whose.user.as_deref(), whose.client.as_deref())
        .await?
    {
        if store.end_grant(&grant.id, now).await? {
            if let Some(audit) = &audit {
                audit.trail.write(&record(&grant, now)).await?;
            }
            over.push(grant);
        }
    }
    Ok(format!("{}ended: {}\n", table(&over), over.len()))
}

/// A line for each: since when, user, app, patient, scopes.
fn table(grants: &[Grant]) -> String {
    let mut text = String::new();
    for grant in grants {
        let since = DateTime::from_timestamp(grant.created, 0).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{}  {}  {}  {}  {}",
            since.format("%Y-%m-%dT%H:%M:%SZ"),
            grant.subject.as_deref().unwrap_or("-"),
            grant.client,
            grant.context.patient.as_deref().unwrap_or("-"),
            grant.scopes,
        );
    }
    text
}

fn record(grant: &Grant, now: Seconds) -> Record {
    let patient = grant.context.patient.iter();
    Record {
        at: now,
        interaction: Interaction::Revoke,
        outcome: Outcome::Success,
        status: 200,
        request: String::new(),
        path: "chartgate grants end".to_owned(),
        query: None,
        entries: vec![],
        address: None,
        client: Some(grant.client.clone()),
        grant: Some(grant.id.clone()),
        subject: grant.subject.clone(),
        person: grant.person.clone(),
        patients: patient.map(|patient| format!("Patient/{patient}")).collect(),
        resources: vec![],
    }
}
