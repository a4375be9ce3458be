//! TLS: versions 1.2 and 1.3, with a certificate that can be replaced while the server runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, version};

/// Where certificate and key are, in PEM.
#[derive(Debug, Clone)]
pub struct Files {
    /// The certificate, and behind it those that lead to one that clients know.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// How often the files are looked at.
const EACH: Duration = Duration::from_secs(5);

/// What clients are shown.
#[derive(Debug)]
pub(crate) struct Identity {
    files: Files,
    provider: Arc<CryptoProvider>,
    shown: RwLock<Arc<CertifiedKey>>,
}

impl Identity {
    /// Reads the files.
    ///
    /// # Errors
    /// A sentence about the file that cannot be used.
    pub fn read(files: Files) -> Result<Arc<Self>, String> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let shown = RwLock::new(Arc::new(certified(&files, &provider)?));
        Ok(Arc::new(Self { files, provider, shown }))
    }

    /// How the server speaks TLS.
    ///
    /// # Errors
    /// When the provider has no cipher for a version, which it has.
    pub fn config(self: &Arc<Self>) -> Result<ServerConfig, rustls::Error> {
        let versions = [&version::TLS13, &version::TLS12];
        let builder =
            ServerConfig::builder_with_provider(Arc::clone(&self.provider)).with_protocol_versions(&versions)?;
        let resolver = Arc::clone(self) as Arc<dyn ResolvesServerCert>;
        Ok(builder.with_no_client_auth().with_cert_resolver(resolver))
    }

    /// Shows new files from the next connection on, for as long as the server runs. Files that cannot be used are told, and nothing changes.
    pub async fn follow(self: Arc<Self>) {
        let mut known = self.files.changed();
        loop {
            tokio::time::sleep(EACH).await;
            let now = self.files.changed();
            if now == known {
                continue;
            }
            known = now;
            match certified(&self.files, &self.provider) {
                Ok(fresh) => {
                    *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
                    tracing::info!(target: "chartgate", "a new certificate is shown");
                }
                Err(error) => tracing::error!(target: "chartgate", error, "the new certificate cannot be used"),
            }
        }
    }
}

impl ResolvesServerCert for Identity {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Files {
    /// When they were last written.
    fn changed(&self) -> [Option<SystemTime>; 2] {
        [&self.certificate, &self.key].map(|file| std::fs::metadata(file).and_then(|data| data.modified()).ok())
    }
}

fn certified(files: &Files, provider: &CryptoProvider) -> Result<CertifiedKey, String> {
    let wrong = |file: &Path, what: String| format!("{}: {what}", file.display());
    let read = CertificateDer::pem_file_iter(&files.certificate).and_then(Iterator::collect);
    let chain: Vec<CertificateDer<'static>> = read.map_err(|error| wrong(&files.certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(wrong(&files.certificate, "there is no certificate in it".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| wrong(&files.key, error.to_string()))?;
    CertifiedKey::from_der(chain, key, provider).map_err(|error| {
        wrong(
            &files.key,
            format!("it does not belong to the certificate, or cannot be used: {error}"),
        )
    })
}
