//! Requests that Chartgate makes itself: of the self-test, for clients' keys, to an identity provider.

use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// A connection to other servers, each of whose answers may take this long. It follows no redirects, and believes the certificates that
/// the machine believes.
#[must_use]
pub(crate) fn agent(patience: Duration) -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(patience))
        .build()
        .into()
}
