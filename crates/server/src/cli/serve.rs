//! `chartgate serve`

use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpServer, web};
use tracing::Level;

use super::{ConfigFile, Failed, print};
use crate::app::{self, Guards, State};
use crate::audit::Audit;
use crate::auth::Auth;
use crate::config::{Config, listen_address};
use crate::tls::Identity;
use crate::{clock, log, private};

mod greeting;

/// Serve FHIR over HTTP
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    config: ConfigFile,
    /// Where to listen, instead of the configured address
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = listen_address)]
    listen: Option<SocketAddr>,
    /// Ask nobody who they are, whatever [smart] says; for this machine alone
    #[arg(long)]
    no_auth: bool,
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
    if args.no_auth {
        config.smart = None;
    }
    let access = access(&config, args.insecure_no_auth)?;
    log::start(args.log_format, args.log_level);
    actix_web::rt::System::new().block_on(serve(&config, listen, access))?;
    Ok(ExitCode::SUCCESS)
}

/// Who can reach this server, in a sentence; an error when those are too many.
fn access(config: &Config, insecure: bool) -> Result<&'static str, String> {
    let listen = config.server.listen;
    let here = listen.ip().to_canonical().is_loopback();
    let address = config.server.base_url.as_deref();
    if config.server.tls.is_some() && address.is_some_and(|address| address.starts_with("http:")) {
        return Err("with tls, base_url under [server] must begin with https".to_owned());
    }
    match &config.smart {
        Some(_) if here => Ok("Apps get access by SMART App Launch; only programs on this machine can connect."),
        Some(_) if config.server.tls.is_some() => Ok("Apps get access by SMART App Launch, over TLS."),
        Some(_) if config.server.behind_proxy => match address {
            Some(address) if address.starts_with("https:") => {
                Ok("Apps get access by SMART App Launch, through the proxy in front of this server.")
            }
            _ => Err(
                "behind a proxy that speaks TLS, base_url under [server] must be the https address that clients use"
                    .to_owned(),
            ),
        },
        Some(_) => Err(format!(
            "plain HTTP on {listen} is refused: passwords and tokens could be read on their way. Listen on 127.0.0.1, or under \
             [server] set tls = {{ certificate, key }}, or behind_proxy = true when a proxy in front speaks TLS"
        )),
        None if here => Ok("There is no authentication; only programs on this machine can connect."),
        None if insecure => {
            Ok("WARNING: there is no authentication, and OTHER MACHINES CAN CONNECT AND READ EVERYTHING.")
        }
        None => Err(format!(
            "there is no authentication, so {listen} is refused: other machines could read everything. \
             Listen on 127.0.0.1, configure [smart], or say --insecure-no-auth"
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
        .unwrap_or_else(|| format!("{}://{listen}", config.server.scheme()));
    let secret = config.secret()?;
    let of_smart = config.smart.as_ref().map(|smart| &smart.smart.database);
    for database in of_smart.into_iter().chain(&config.audit.database) {
        private::prepare(database)?;
    }
    let auth = match &config.smart {
        Some(smart) => Some(Arc::new(
            Auth::open(config, smart, &base_url, &secret, clock::now).await?,
        )),
        None => None,
    };
    if let Some(auth) = &auth {
        actix_web::rt::spawn(Arc::clone(auth).sweep());
    }
    let audit = Audit::open(config, &secret)
        .await
        .map_err(|error| format!("[audit] database: {error}"))?;
    let guards = Guards { auth, audit };
    let state = web::Data::new(State::new(config, &base_url, &secret, clock::now, guards)?);
    let shared = state.clone();
    let away = web::block(move || shared.verify()).await??;
    let served = state.clone();
    let workers = config.server.workers.map(std::num::NonZeroUsize::get);
    let server = HttpServer::new(move || app::app(served.clone()))
        .workers(workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)))
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(LAST_ORDERS)
        .disable_signals();
    let identity = config.tls().map(Identity::read).transpose()?;
    let server = match (bound, &identity) {
        (Some(listener), None) => server.listen(listener)?,
        (Some(listener), Some(identity)) => server.listen_rustls_0_23(listener, identity.config()?)?,
        (None, None) => server.bind(listen).map_err(taken)?,
        (None, Some(identity)) => server.bind_rustls_0_23(listen, identity.config()?).map_err(taken)?,
    };
    if let Some(identity) = identity {
        actix_web::rt::spawn(identity.follow());
    }
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        stopped().await;
        handle.stop(true).await;
    });
    for source in away {
        tracing::warn!(target: "chartgate", source, "the database is not available yet");
    }
    print(&format!("{access}\n{}", greeting::greeting(&state, &base_url).await));
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
    use std::path::Path;

    use super::*;

    const SOURCE: &str = "[[source]]\nname = \"a\"\nvendor = \"healthjump\"\nurl = \"sqlite://a.db\"\nzone = \"UTC\"\n";

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
            let mut config = Config::parse(SOURCE, Path::new("x.toml")).unwrap();
            config.server.listen = address.parse().unwrap();
            assert_eq!(access(&config, insecure).is_ok(), allowed, "{address}");
        }
    }
}
