//! The log: one line per request, and what goes wrong.
//!
//! No line holds an address, a query, a value, an id or a cell. A request is told by its method, the template of its
//! route, the type and the source that it asked, and an id that its client was given, too.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage, HttpRequest};
use fhir::r4::ResourceType;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// Starts logging to the standard error. Libraries are heard from warnings on only: at finer levels the HTTP library
/// logs addresses.
pub fn start(format: Format, level: Level) {
    let own = ["chartgate", "server", "mapper"].map(|target| (target, level));
    let targets = Targets::new().with_targets(own).with_default(Level::WARN);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_target(false);
    let lines = match format {
        Format::Text => {
            let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
            lines.compact().with_ansi(colours).boxed()
        }
        Format::Json => lines.json().flatten_event(true).boxed(),
    };
    // A second start, as in tests, keeps the first.
    let _ = tracing_subscriber::registry().with(lines).with(targets).try_init();
    std::panic::set_hook(Box::new(|panic| {
        // The message may hold data; the place does not.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(target: "chartgate", place, "a thread panicked");
    }));
}

/// What a handler tells about its request for the log.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    /// The base's name.
    source: Option<String>,
    /// The type, when it is one that is served.
    ty: Option<ResourceType>,
    rows: usize,
}

impl Told {
    /// Notes who is asked for what.
    pub fn asked(request: &HttpRequest, source: &str, ty: Option<ResourceType>) {
        let mut extensions = request.extensions_mut();
        extensions.insert(Self {
            source: Some(source.to_owned()),
            ty,
            rows: 0,
        });
    }

    /// Notes the resources in the answer.
    pub fn rows(request: &HttpRequest, rows: usize) {
        if let Some(told) = request.extensions_mut().get_mut::<Self>() {
            told.rows = rows;
        }
    }
}

/// Writes the line of a request.
pub(crate) fn line(request: &HttpRequest, status: StatusCode, took: Duration, id: &str) {
    let told = request.extensions().get::<Told>().cloned().unwrap_or_default();
    let route = request.match_pattern();
    tracing::info!(
        target: "chartgate",
        method = method(request.method()),
        route = route.as_deref().unwrap_or("-"),
        "type" = told.ty.map_or("-", |ty| ty.as_str()),
        source = told.source.as_deref().unwrap_or("-"),
        status = status.as_u16(),
        ms = u64::try_from(took.as_micros()).unwrap_or(u64::MAX) as f64 / 1000.0,
        rows = told.rows,
        request_id = id,
        "request"
    );
}

/// A method by its name. HTTP lets clients make up others, which are not repeated.
fn method(method: &Method) -> &'static str {
    const KNOWN: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
    KNOWN
        .into_iter()
        .find(|known| *known == method.as_str())
        .unwrap_or("other")
}
