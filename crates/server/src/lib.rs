//! Chartgate as a program: configuration, command line, and FHIR's HTTP interface over the mappers.
//!
//! * [`config`] and [`vendors`]: what is served
//! * [`app`]: the routes and what they share; `routes`, [`negotiate`], [`respond`] and [`edge`] answer requests
//! * [`error`]: the only place that knows HTTP statuses of failures
//! * [`cli`]: `chartgate load`, `check`, `serve` and `config`
//!
//! It is a library so that tests can run the app in process, see [`app::app`].

pub mod app;
pub mod audit;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod edge;
pub mod error;
pub mod log;
pub mod negotiate;
mod openapi;
mod outward;
pub mod peer;
mod private;
pub mod respond;
pub mod tls;
pub mod vendors;

mod capability;
mod crowd;
mod endpoint;
mod explain;
mod gate;
mod results;
mod routes;
