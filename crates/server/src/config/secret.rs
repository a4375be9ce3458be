//! The server's secret: 32 random bytes in a file that only the server's user can read.

use std::io::Write;
use std::path::Path;

use super::ConfigError;

/// The fewest bytes that a secret has.
const ENOUGH: usize = 32;

/// The secret from the environment, else from the file, which is made when it is not there.
pub(super) fn secret(path: &Path, environment: Option<String>) -> Result<Vec<u8>, ConfigError> {
    let (secret, from) = match environment {
        Some(text) => (text.into_bytes(), "CHARTGATE_SECRET".to_owned()),
        None => (from_file(path)?, path.display().to_string()),
    };
    if secret.len() < ENOUGH {
        return Err(ConfigError::Other(format!(
            "{from}: a secret has {ENOUGH} bytes or more"
        )));
    }
    Ok(secret)
}

fn from_file(path: &Path) -> Result<Vec<u8>, ConfigError> {
    let failed = |source| ConfigError::Io {
        path: path.to_owned(),
        source,
    };
    match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(path),
        read => read.map_err(failed),
    }
}

fn make(path: &Path) -> Result<Vec<u8>, ConfigError> {
    let failed = |source| ConfigError::Io {
        path: path.to_owned(),
        source,
    };
    let mut secret = vec![0; ENOUGH];
    getrandom::fill(&mut secret).map_err(|e| ConfigError::Other(format!("no random bytes for the secret: {e}")))?;
    let mut options = std::fs::OpenOptions::new();
    // Another server that starts at the same time may have made it meanwhile: then this start fails and the next is fine.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(&secret).and_then(|()| file.sync_all()).map_err(failed)?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chartgate.secret");
        let first = secret(&path, None).unwrap();
        assert_eq!(first.len(), ENOUGH);
        assert_eq!(secret(&path, None).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn the_environment_goes_first_and_short_secrets_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chartgate.secret");
        let given = "0123456789abcdef0123456789abcdef";
        assert_eq!(secret(&path, Some(given.to_owned())).unwrap(), given.as_bytes());
        assert!(!path.exists());
        let error = secret(&path, Some("short".to_owned())).unwrap_err().to_string();
        assert_eq!(error, "CHARTGATE_SECRET: a secret has 32 bytes or more");
        std::fs::write(&path, "short").unwrap();
        assert!(secret(&path, None).is_err());
    }
}
