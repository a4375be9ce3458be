//! Passwords of people and secrets of clients, as argon2id keeps them (RFC 9106).

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use crate::Error;

/// The hash to store, in PHC string format: `$argon2id$v=19$…`.
///
/// # Errors
/// [`Error::Randomness`] when there is none for the salt.
pub fn hash(password: &str) -> Result<String, Error> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|_no_salt| Error::Randomness)
}

/// Whether a text is a hash that [`verify`] can compare with.
#[must_use]
pub fn is_hash(text: &str) -> bool {
    PasswordHash::new(text).is_ok_and(|hash| hash.algorithm.as_str() == "argon2id")
}

/// Whether the password is the one that was hashed. It takes tens of milliseconds by design: not for a thread that has others
/// to serve.
#[must_use]
pub fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Takes as long as [`verify`]: for names that nobody has, so that time does not tell which exist.
pub fn pretend(password: &str) {
    let _ = verify(password, NOBODY);
}

/// Nobody's hash.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IG9mIG91cnM$uwmUz8UKPXbU0oqkMuCHAD7P/Q7sjT5GRZq7ZCXk3Ag";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_and_no_other_is_verified() {
        let stored = hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$") && is_hash(&stored));
        assert_ne!(stored, hash("correct horse").unwrap());
        assert!(verify("correct horse", &stored));
        for wrong in ["", "correct hors", "Correct horse"] {
            assert!(!verify(wrong, &stored));
        }
        assert!(!verify("x", "x") && !is_hash("x"));
    }

    #[test]
    fn nobody_takes_as_long_as_somebody() {
        // The same parameters: the time follows from them.
        let parameters = |hash: &str| hash.split('$').nth(3).map(str::to_owned);
        let stored = hash("x").unwrap();
        assert!(is_hash(NOBODY));
        assert_eq!(parameters(&stored), parameters(NOBODY));
        pretend("x");
    }
}
