//! Databases, deliveries, and servers over them.

pub mod changes;
pub mod clinic;
pub mod database;
pub mod delivery;
pub mod dump;
pub mod listen;
pub mod multiplied;
pub mod program;
pub mod recorded;
pub mod sample;
pub mod server;
pub mod setup;
pub mod shared;
pub mod smart;
pub mod source;
pub mod xml;

use std::future::Future;
use std::io::Write;

use database::Kind;

/// Says something that is seen although the test passes: the test harness holds back only what is printed by macros.
pub fn say(text: &str) {
    // Nobody listening is no reason to fail.
    let _ = std::io::stderr().write_all(format!("{text}\n").as_bytes());
}

/// Runs the body of a test on one database system, unless that is not there.
pub fn run<F: Future<Output = ()>>(kind: Kind, body: impl FnOnce(Kind) -> F) {
    if kind.is_available() {
        actix_web::rt::System::new().block_on(body(kind));
    }
}

/// Two tests of one body: `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$about:meta])* async fn $name:ident($kind:ident) $body:block)+) => {$(
        $(#[$about])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn body($kind: $crate::support::database::Kind) $body

            #[test]
            fn sqlite() {
                $crate::support::run($crate::support::database::Kind::Sqlite, body);
            }

            #[test]
            fn postgres() {
                $crate::support::run($crate::support::database::Kind::Postgres, body);
            }
        }
    )+};
}
