//! What a request says about its client: in the `Authorization` header, in the form, or both.

use data_encoding::BASE64;
use percent_encoding::percent_decode_str;

use super::{ASSERTION_TYPE, Assertion, Client, Proof};
use crate::password;
use crate::refusal::{Code, Refusal};

/// A client's claim to be who it says.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// Only its id.
    Id(String),
    /// Its id and secret.
    Secret {
        /// The id.
        id: String,
        /// The secret as it may be meant: as sent, and percent-decoded where that differs (RFC 6749 has it encoded in the
        /// header, and most clients do not).
        secrets: Vec<String>,
    },
    /// A signed assertion.
    Assertion {
        /// The id in it, not yet verified.
        id: String,
        /// The token.
        jwt: String,
    },
}

impl Credentials {
    /// The fields of a form that tell of a client.
    pub const FIELDS: [&'static str; 3] = ["client_id", "client_secret", "client_assertion"];

    /// Reads header and form. The same id twice is fine, two ids are not.
    ///
    /// # Errors
    /// [`Refusal`] when there is no claim, or more than one.
    pub fn read(authorization: Option<&str>, form: &[(String, String)]) -> Result<Self, Refusal> {
        let field = |name: &str| form.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
        let named = field("client_id").filter(|id| !id.is_empty());
        let basic = authorization.map(basic).transpose()?;
        let secret = field("client_secret");
        let assertion = field("client_assertion");
        let claimed = match (basic, secret, assertion) {
            (Some(basic), None, None) => basic,
            (None, Some(secret), None) => Self::Secret {
                id: named.ok_or(MISSING)?.to_owned(),
                secrets: vec![secret.to_owned()],
            },
            (None, None, Some(jwt)) => {
                if field("client_assertion_type") != Some(ASSERTION_TYPE) {
                    let wrong = "client_assertion_type is not jwt-bearer";
                    return Err(Refusal::new(Code::InvalidClient, wrong));
                }
                Self::Assertion {
                    id: Assertion::claimed_id(jwt).ok_or(UNREADABLE)?,
                    jwt: jwt.to_owned(),
                }
            }
            (None, None, None) => Self::Id(named.ok_or(MISSING)?.to_owned()),
            // Some clients send their secret both ways.
            (Some(basic), Some(_), None) => basic,
            (Some(_), _, Some(_)) | (None, Some(_), Some(_)) => return Err(TWICE),
        };
        if named.is_some_and(|named| named != claimed.id()) {
            return Err(TWICE);
        }
        Ok(claimed)
    }

    /// The id that is claimed.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Id(id) | Self::Secret { id, .. } | Self::Assertion { id, .. } => id,
        }
    }

    /// Whether a client that has no keys is who it says: by its secret, or because it has none. It takes as long as
    /// [`password::verify`]. An assertion is not for this function to verify.
    #[must_use]
    pub fn fit(&self, client: &Client) -> bool {
        match (self, &client.proof) {
            (Self::Id(_), Proof::Public) => true,
            (Self::Secret { secrets, .. }, Proof::SecretHash(hash)) => {
                secrets.iter().any(|secret| password::verify(secret, hash))
            }
            _ => false,
        }
    }
}

/// `Basic base64(id:secret)` (RFC 7617).
fn basic(header: &str) -> Result<Credentials, Refusal> {
    let (scheme, encoded) = header.split_once(' ').ok_or(UNREADABLE)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(UNREADABLE);
    }
    let decoded = BASE64.decode(encoded.trim().as_bytes()).map_err(|_base64| UNREADABLE)?;
    let text = String::from_utf8(decoded).map_err(|_utf8| UNREADABLE)?;
    let (id, secret) = text.split_once(':').ok_or(UNREADABLE)?;
    let mut secrets = vec![secret.to_owned()];
    let plus = secret.replace('+', " ");
    let meant = percent_decode_str(&plus).decode_utf8_lossy().into_owned();
    if meant != secret {
        secrets.push(meant);
    }
    let id = percent_decode_str(id).decode_utf8_lossy().into_owned();
    Ok(Credentials::Secret { id, secrets })
}

const MISSING: Refusal = Refusal::new(Code::InvalidClient, "there is no client_id");
const TWICE: Refusal = Refusal::new(Code::InvalidRequest, "the client is named in two ways");
const UNREADABLE: Refusal = Refusal::new(Code::InvalidClient, "the client's proof cannot be read");
