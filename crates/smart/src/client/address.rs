//! Which addresses of clients are good for what.

use url::Url;

/// Whether codes may be sent there (RFC 8252, section 7): https, the loopback interface, or a scheme of the app's own, which has a dot.
#[must_use]
pub fn may_take_codes(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| url.fragment().is_none() && (is_safe(uri) || url.scheme().contains('.')))
}

/// Whether nobody between can read or change what is sent there.
#[must_use]
pub fn is_safe(uri: &str) -> bool {
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
            assert_eq!(may_take_codes(uri), allowed, "{uri}");
        }
    }
}
