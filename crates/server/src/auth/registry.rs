//! The clients of the configuration, made ready: addresses of this server completed, mistakes told.

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
    if let Some(bad) = client.redirect_uris.iter().find(|uri| !may_be_redirected_to(uri)) {
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

/// RFC 8252 section 7: https, the loopback interface, or a scheme of the app's own, which has a dot.
fn may_be_redirected_to(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| url.fragment().is_none() && (is_safe(uri) || url.scheme().contains('.')))
}

/// An address that nobody between can read or change.
pub(super) fn is_safe(uri: &str) -> bool {
    let Ok(url) = Url::parse(uri) else { return false };
    let here = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.username().is_empty() && (url.scheme() == "https" || (url.scheme() == "http" && here))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_where_nobody_else_can_read_them() {
        for (uri, allowed) in [
            ("https://app.example.org/back", true),
            ("https://app.example.org/back?x=1", true),
            ("http://127.0.0.1:9000/back", true),
            ("http://localhost/back", true),
            ("http://[::1]:1/", true),
            ("org.example.app:/back", true),
            ("http://app.example.org/back", false),
            ("https://app.example.org/back#x", false),
            ("https://user@app.example.org/", false),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("back", false),
        ] {
            assert_eq!(may_be_redirected_to(uri), allowed, "{uri}");
        }
    }
}
