//! Who is at the other end: the client's address, which a proxy in front tells.
//!
//! Anybody can send such a header, so it is believed of declared proxies only, and each of them for the address that it saw itself.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::web::Data;
use serde::Deserialize;

use crate::app::State;

/// The proxies that are believed.
#[derive(Debug, Clone)]
pub struct Proxies {
    /// Their addresses.
    pub networks: Vec<Network>,
    /// The header that they write. Another one may come from the client.
    pub header: ProxyHeader,
}

/// The header in which a proxy tells whom it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// `X-Forwarded-For`
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239)
    Forwarded,
}

/// Addresses: one, or those with the same first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    bits: u128,
    length: u32,
}

/// The client's address; `None` where there is no connection.
pub(crate) fn address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let proxies = request
        .app_data::<Data<State>>()
        .and_then(|state| state.proxies.as_ref());
    Some(proxies.map_or(peer, |proxies| proxies.client(peer, request.headers())))
}

/// The same before the request is routed.
pub(crate) fn address_of(request: &ServiceRequest) -> Option<IpAddr> {
    address(request.request())
}

impl Proxies {
    /// The first one, from here on outwards, that is no proxy.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        for before in self.told(headers).into_iter().rev() {
            if !self.networks.iter().any(|network| network.contains(client)) {
                break;
            }
            match before {
                Some(address) => client = address,
                // What the proxy tells cannot be read: it is the last one known.
                None => break,
            }
        }
        client
    }

    /// The addresses of the headers, in their order.
    fn told(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let name: HeaderName = match self.header {
            ProxyHeader::XForwardedFor => header::X_FORWARDED_FOR,
            ProxyHeader::Forwarded => header::FORWARDED,
        };
        let lines = headers.get_all(name).map(|value| value.to_str().unwrap_or_default());
        let elements = lines.flat_map(|line| line.split(','));
        elements
            .map(|element| match self.header {
                ProxyHeader::XForwardedFor => read(element),
                ProxyHeader::Forwarded => element.split(';').find_map(node),
            })
            .collect()
    }
}

/// The node of `for=…`.
fn node(pair: &str) -> Option<IpAddr> {
    let (name, value) = pair.trim().split_once('=')?;
    name.eq_ignore_ascii_case("for")
        .then(|| read(value.trim_matches('"')))?
}

/// An address with or without port, `[…]` around one of IPv6.
fn read(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let address = bare.parse::<IpAddr>().ok();
    let address = address.or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    address.map(|address| address.to_canonical())
}

impl Network {
    /// This machine.
    #[must_use]
    pub fn loopback() -> Vec<Self> {
        ["127.0.0.0/8", "::1"]
            .iter()
            .filter_map(|text| text.parse().ok())
            .collect()
    }

    fn contains(&self, address: IpAddr) -> bool {
        let differing = bits(address) ^ self.bits;
        differing.checked_shr(128 - self.length).unwrap_or_default() == 0
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no address such as 10.0.0.7, and no network such as 10.0.0.0/8");
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().map_err(|_number| wrong())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_address| wrong())?;
        let own = if address.is_ipv4() { 32 } else { 128 };
        let length = length.unwrap_or(own);
        if length > own {
            return Err(wrong());
        }
        Ok(Self {
            bits: bits(address),
            length: length + 128 - own,
        })
    }
}

/// An address of IPv4 as IPv6 maps it.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn client(header: ProxyHeader, peer: &str, told: &[&'static str]) -> String {
        let networks = ["10.0.0.0/8", "2001:db8::7"].map(|text| text.parse().unwrap()).to_vec();
        let mut headers = HeaderMap::new();
        for line in told {
            let name = match header {
                ProxyHeader::XForwardedFor => header::X_FORWARDED_FOR,
                ProxyHeader::Forwarded => header::FORWARDED,
            };
            headers.append(name, HeaderValue::from_static(line));
        }
        // The other header may be anybody's.
        let other = HeaderValue::from_static("6.6.6.6");
        match header {
            ProxyHeader::XForwardedFor => headers.append(header::FORWARDED, other),
            ProxyHeader::Forwarded => headers.append(header::X_FORWARDED_FOR, other),
        }
        let proxies = Proxies { networks, header };
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_proxies_are_believed_and_only_for_what_they_saw() {
        let client = |peer, told: &[&'static str]| client(ProxyHeader::XForwardedFor, peer, told);
        assert_eq!(client("1.1.1.1", &["2.2.2.2"]), "1.1.1.1");
        assert_eq!(client("10.0.0.1", &["2.2.2.2"]), "2.2.2.2");
        assert_eq!(client("10.0.0.1", &["9.9.9.9, 2.2.2.2"]), "2.2.2.2");
        assert_eq!(client("10.0.0.1", &["9.9.9.9", "2.2.2.2, 10.0.0.2"]), "2.2.2.2");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["10.0.0.2"]), "10.0.0.2");
        assert_eq!(client("10.0.0.1", &["2.2.2.2, unknown"]), "10.0.0.1");
        assert_eq!(client("2001:db8::7", &["2001:db8::9"]), "2001:db8::9");
        assert_eq!(client("2001:db8::8", &["2001:db8::9"]), "2001:db8::8");
    }

    #[test]
    fn the_standard_header_is_read() {
        let client = |told: &[&'static str]| client(ProxyHeader::Forwarded, "10.0.0.1", told);
        assert_eq!(client(&["for=2.2.2.2;proto=https"]), "2.2.2.2");
        assert_eq!(client(&["proto=https; For=\"2.2.2.2:4711\""]), "2.2.2.2");
        assert_eq!(client(&["for=9.9.9.9, for=\"[2001:db8::1]:80\""]), "2001:db8::1");
        assert_eq!(client(&["for=_hidden"]), "10.0.0.1");
    }

    #[test]
    fn networks_have_the_length_of_their_addresses() {
        for (text, good) in [
            ("10.0.0.1", true),
            ("10.0.0.0/0", true),
            ("::/0", true),
            ("10.0.0.0/33", false),
            ("::1/129", false),
            ("10.0.0", false),
            ("host", false),
            ("10.0.0.0/", false),
        ] {
            assert_eq!(text.parse::<Network>().is_ok(), good, "{text}");
        }
        let all: Network = "::/0".parse().unwrap();
        assert!(all.contains("2001:db8::1".parse().unwrap()));
    }
}
