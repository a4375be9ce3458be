//! `chartgate serve`

use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::time::Duration;

use actix_web::{HttpServer, web};
use tracing::Level;

use super::{ConfigFile, Failed, print};
use crate::app::{self, State};
use crate::config::{Config, listen_address};
use crate::{clock, log};

mod greeting;

/// Serve FHIR over HTTP
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    config: ConfigFile,
    /// Where to listen, instead of the configured address
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = listen_address)]
    listen: Option<SocketAddr>,
    /// Listen on addresses that other machines can reach, although nobody is asked who they are
    #[arg(long)]
    insecure_no_auth: bool,
    /// How log lines are written
    #[arg(long, value_enum, default_value_t)]
    log_format: log::Format,
    /// The least severe log lines that are written: error, warn, info or debug
    #[arg(long, default_value = "info", value_name = "LEVEL")]
    log_level: Level,
}

/// How long running requests may take after the server was told to stop, in seconds.
const LAST_ORDERS: u64 = 5;
/// How long a connection without requests is kept; longer than the usual 60 seconds of proxies.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

pub(super) fn run(args: &Args) -> Result<ExitCode, Failed> {
    let mut config = args.config.read()?;
    let listen = args.listen.unwrap_or(config.server.listen);
    config.server.listen = listen;
    let access = access(listen, args.insecure_no_auth)?;
    log::start(args.log_format, args.log_level);
    actix_web::rt::System::new().block_on(serve(&config, listen, access))?;
    Ok(ExitCode::SUCCESS)
}

/// Who can reach this address, in a sentence; an error when those are too many.
fn access(listen: SocketAddr, insecure: bool) -> Result<&'static str, String> {
    match (listen.ip().to_canonical().is_loopback(), insecure) {
        (true, _) => Ok("There is no authentication; only programs on this machine can connect."),
        (false, true) => Ok("WARNING: there is no authentication, and OTHER MACHINES CAN CONNECT AND READ EVERYTHING."),
        (false, false) => Err(format!(
            "there is no authentication yet, so {listen} is refused: other machines could read everything. \
             Listen on 127.0.0.1, or say --insecure-no-auth"
        )),
    }
}

async fn serve(config: &Config, listen: SocketAddr, access: &str) -> Result<(), Failed> {
    let taken = |error| format!("cannot listen on {listen}: {error}");
    // Port 0 is whichever is free, and links have to name it.
    let bound = if listen.port() == 0 {
        Some(TcpListener::bind(listen).map_err(taken)?)
    } else {
        None
    };
    let listen = bound.as_ref().map_or(Ok(listen), TcpListener::local_addr)?;
    let base_url = config
        .server
        .base_url
        .clone()
        .unwrap_or_else(|| format!("http://{listen}"));
    let state = web::Data::new(State::new(config, &base_url, &config.secret()?, clock::now)?);
    let shared = state.clone();
    let away = web::block(move || shared.verify()).await??;
    let served = state.clone();
    let workers = config.server.workers.map(std::num::NonZeroUsize::get);
    let server = HttpServer::new(move || app::app(served.clone()))
        .workers(workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)))
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(LAST_ORDERS)
        .disable_signals();
    let server = match bound {
        Some(listener) => server.listen(listener)?,
        None => server.bind(listen).map_err(taken)?,
    };
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        stopped().await;
        handle.stop(true).await;
    });
    for source in away {
        tracing::warn!(target: "chartgate", source, "the database is not available yet");
    }
    print(&format!("{access}\n{}", greeting::greeting(&state).await));
    server.await?;
    Ok(())
}

/// Waits for Ctrl-C, or on Unix for the signal that service managers send.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    // Without signals the server runs until it is killed.
    if interrupt.await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_machines_are_let_in_only_when_it_is_said() {
        for (address, insecure, allowed) in [
            ("127.0.0.1:8080", false, true),
            ("127.9.9.9:1", false, true),
            ("[::1]:8080", false, true),
            ("[::ffff:127.0.0.1]:8080", false, true),
            ("0.0.0.0:8080", false, false),
            ("[::]:8080", false, false),
            ("192.168.1.2:8080", false, false),
            ("0.0.0.0:8080", true, true),
        ] {
            assert_eq!(access(address.parse().unwrap(), insecure).is_ok(), allowed, "{address}");
        }
    }
}
