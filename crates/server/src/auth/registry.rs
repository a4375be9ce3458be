//! The clients of the configuration, made ready: addresses of this server completed, mistakes told.

use smart::client::address::{is_safe, may_take_codes};
use smart::client::{Client, Proof};
use url::Url;

/// The clients, each checked. An address that begins with `/` is one of this server, which is at `base_url`.
pub(super) fn clients(configured: &[Client], base_url: &str) -> Result<Vec<Client>, String> {
    configured
        .iter()
        .map(|client| ready(client.clone(), base_url))
        .collect()
}

fn ready(mut client: Client, base_url: &str) -> Result<Client, String> {
    let id = client.id.clone();
    let wrong = |what: &str| format!("client `{id}`: {what}");
    for uri in client.redirect_uris.iter_mut().chain(&mut client.launch_uri) {
        if uri.starts_with('/') {
            *uri = format!("{base_url}{uri}");
        }
    }
    if client.id.is_empty() || client.name.is_empty() {
        return Err(wrong("id and name must not be empty"));
    }
    if client.scopes.is_empty() {
        return Err(wrong("scopes has nothing that this server knows"));
    }
    if let Some(bad) = client.redirect_uris.iter().find(|uri| !may_take_codes(uri)) {
        return Err(wrong(&format!(
            "{bad} is no address that codes may be sent to: https, this machine, or an app's own scheme, without `#`"
        )));
    }
    if client.patients.is_some() && !client.is_confidential() {
        return Err(wrong("a public client cannot have tokens for itself"));
    }
    match &client.proof {
        Proof::JwksUri(uri) if !is_safe(uri) => Err(wrong("jwks_uri must be https, or on this machine")),
        Proof::SecretHash(hash) if !smart::password::is_hash(hash) => Err(wrong(
            "secret_hash is not an argon2id hash; `chartgate password` makes one",
        )),
        Proof::Public | Proof::SecretHash(_) | Proof::Jwks(_) | Proof::JwksUri(_) => Ok(client),
    }
}

/// The origins of a client's own addresses in the web.
pub(super) fn origins(client: &Client) -> impl Iterator<Item = String> {
    let urls = client.redirect_uris.iter().chain(&client.launch_uri);
    let urls = urls.filter_map(|uri| Url::parse(uri).ok());
    urls.filter(|url| matches!(url.scheme(), "http" | "https"))
        .map(|url| url.origin().ascii_serialization())
}
