//! `[smart]`: who is asked who they are, and what they may see.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use mapper::db::Url;
use serde::{Deserialize, Deserializer};
use smart::authority::Role;
use smart::client::Client;
use smart::scope::Scopes;
use smart::store::Seconds;

use super::{ConfigError, file, read, toml_files};

/// `[smart]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smart {
    /// The database of its state.
    #[serde(deserialize_with = "file::database")]
    pub database: Url,
    /// How long access tokens are good for.
    #[serde(default = "defaults::access")]
    pub access_seconds: NonZeroU32,
    /// How long those of backend services are.
    #[serde(default = "defaults::service")]
    pub service_seconds: NonZeroU32,
    /// How long a refresh token is good for.
    #[serde(default = "defaults::refresh")]
    pub refresh_days: NonZeroU32,
    /// How long somebody stays signed in.
    #[serde(default = "defaults::session")]
    pub session_minutes: NonZeroU32,
    /// A folder of TOML files with `[[client]]` tables.
    pub clients: Option<PathBuf>,
    /// A TOML file with `[[account]]` tables.
    pub accounts: Option<PathBuf>,
    /// Whether these accounts are taken although other machines can connect.
    #[serde(default)]
    pub accounts_for_others: bool,
    /// The organisation's own identity provider.
    pub upstream: Option<Upstream>,
    /// Whether tokens can be looked at without proof of who asks: for test kits.
    #[serde(default)]
    pub open_introspection: bool,
    /// Whether clients may register themselves.
    pub registration: Option<Registration>,
}

/// `[smart.upstream]`: an OpenID Connect provider that people sign in with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// Its issuer.
    pub issuer: String,
    /// The id that it knows this server by.
    pub client_id: String,
    /// The environment's variable that holds the secret; none for a public client.
    pub client_secret_env: Option<String>,
    /// What people are shown.
    #[serde(default = "defaults::provider")]
    pub name: String,
    /// Scopes beside `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// What its claims mean.
    #[serde(default)]
    pub claims: Claims,
    /// By role: how they must have signed in.
    #[serde(default)]
    pub require: BTreeMap<Role, Requirement>,
}

/// `[smart.registration]`: clients register themselves (RFC 7591).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The most that they may be granted.
    #[serde(default = "defaults::registered", deserialize_with = "scopes")]
    pub scopes: Scopes,
    /// The environment's variable with the token that a registration has to bring; without, everybody may register.
    pub token_env: Option<String>,
}

fn scopes<'de, D: Deserializer<'de>>(from: D) -> Result<Scopes, D::Error> {
    Ok(Scopes::parse(&String::deserialize(from)?))
}

/// `[smart.upstream.claims]`: the claims that tell what somebody is here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Claims {
    /// Their FHIR resource, `Practitioner/…`.
    pub fhir_user: String,
    /// Their role: `patient`, `practitioner` or `administrator`; with `roles`, what these are called there.
    pub role: String,
    /// What the provider calls the roles.
    pub roles: BTreeMap<String, Role>,
    /// The ids of the patients that they are or act for.
    pub patients: String,
    /// The search of patients whose records a clinician may see.
    pub sees: String,
}

impl Default for Claims {
    fn default() -> Self {
        Self {
            fhir_user: "fhirUser".to_owned(),
            role: "role".to_owned(),
            roles: BTreeMap::new(),
            patients: "patients".to_owned(),
            sees: "sees".to_owned(),
        }
    }
}

/// How somebody must have signed in; one of each list that is not empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Requirement {
    /// Authentication context classes (`acr`).
    pub acr: Vec<String>,
    /// Methods (`amr`), `mfa`.
    pub amr: Vec<String>,
}

/// An account of this server itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// What they sign in with.
    pub login: String,
    /// The argon2id hash of their password, as `chartgate password` makes it.
    pub password_hash: Option<String>,
    /// The password itself, for people who do not exist; it is printed at the start.
    pub demo_password: Option<String>,
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// Their FHIR resource.
    pub person: Option<String>,
    /// The patients that they are or act for.
    #[serde(default)]
    pub patients: Vec<String>,
    /// The search of patients whose records they may see.
    pub sees: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clients {
    #[serde(rename = "client")]
    clients: Vec<Client>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accounts {
    #[serde(rename = "account")]
    accounts: Vec<Account>,
}

/// What `[smart]` and its files say.
#[derive(Debug, Clone)]
pub struct SmartConfig {
    /// The table itself.
    pub smart: Smart,
    /// Every client.
    pub clients: Vec<Client>,
    /// Every account.
    pub accounts: Vec<Account>,
}

impl SmartConfig {
    /// Reads the files that the table names, relative to a folder.
    pub(super) fn read(smart: Smart, folder: &Path) -> Result<Self, ConfigError> {
        let mut clients: Vec<Client> = vec![];
        if let Some(more) = &smart.clients {
            for path in toml_files(&folder.join(more))? {
                let all: Clients = file::read(&read(&path)?, &path)?;
                for client in all.clients {
                    if clients.iter().any(|known| known.id == client.id) {
                        let text = format!("{}: two clients have the id `{}`", path.display(), client.id);
                        return Err(ConfigError::Other(text));
                    }
                    clients.push(client);
                }
            }
        }
        let accounts = match &smart.accounts {
            Some(name) => {
                let path = folder.join(name);
                let all: Accounts = file::read(&read(&path)?, &path)?;
                all.accounts
                    .iter()
                    .try_for_each(Account::check)
                    .map_err(|why| ConfigError::Other(format!("{}: {why}", path.display())))?;
                all.accounts
            }
            None => vec![],
        };
        if accounts.is_empty() && smart.upstream.is_none() {
            let text = "[smart] names neither accounts nor an upstream provider, so nobody could sign in";
            return Err(ConfigError::Other(text.to_owned()));
        }
        Ok(Self {
            smart,
            clients,
            accounts,
        })
    }

    /// Whether passwords are asked for here: on this machine alone, or where the configuration says so.
    #[must_use]
    pub fn takes_accounts(&self, listen: IpAddr) -> bool {
        !self.accounts.is_empty() && (self.smart.accounts_for_others || listen.to_canonical().is_loopback())
    }
}

impl Account {
    fn check(&self) -> Result<(), String> {
        let login = &self.login;
        match (&self.password_hash, &self.demo_password) {
            (Some(hash), None) if smart::password::is_hash(hash) => Ok(()),
            (Some(_), None) => Err(format!("account `{login}`: password_hash is not an argon2id hash")),
            (None, Some(_)) => Ok(()),
            _ => Err(format!("account `{login}` has either password_hash or demo_password")),
        }
    }
}

impl Smart {
    /// Days as seconds.
    #[must_use]
    pub fn refresh_lifetime(&self) -> Seconds {
        Seconds::from(self.refresh_days.get()) * 24 * 60 * 60
    }

    /// Minutes as seconds.
    #[must_use]
    pub fn session_lifetime(&self) -> Seconds {
        Seconds::from(self.session_minutes.get()) * 60
    }
}

mod defaults {
    use std::num::NonZeroU32;

    use smart::scope::Scopes;

    const fn number(value: u32) -> NonZeroU32 {
        match NonZeroU32::new(value) {
            Some(number) => number,
            None => NonZeroU32::MIN,
        }
    }

    pub(super) const fn access() -> NonZeroU32 {
        number(3600)
    }

    pub(super) const fn service() -> NonZeroU32 {
        number(300)
    }

    pub(super) const fn refresh() -> NonZeroU32 {
        number(180)
    }

    pub(super) const fn session() -> NonZeroU32 {
        number(480)
    }

    pub(super) fn registered() -> Scopes {
        Scopes::parse(
            "openid fhirUser launch launch/patient launch/encounter online_access offline_access patient/*.rs user/*.rs",
        )
    }

    pub(super) fn provider() -> String {
        "your organisation".to_owned()
    }
}
