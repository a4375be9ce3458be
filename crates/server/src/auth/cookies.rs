//! The two cookies there are, and the tokens that forms carry so that no other page can send them.
//!
//! One cookie tells browsers apart, the other is a sign-in. Neither can be read by scripts, and neither is sent with what other sites
//! load or post.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use data_encoding::BASE64URL_NOPAD;
use smart::secret::Secret;
use smart::store::Seconds;
use subtle::ConstantTimeEq;

/// How cookies and forms are made.
pub(super) struct Cookies {
    key: [u8; 32],
    secure: bool,
}

/// A browser, by its cookie.
pub(super) struct Browser {
    secret: Secret,
    is_new: bool,
}

impl Cookies {
    /// By the server's secret; `secure` where browsers reach the server by https.
    pub fn new(secret: &[u8], secure: bool) -> Self {
        Self {
            key: blake3::derive_key("chartgate 2026-11 tokens of forms", secret),
            secure,
        }
    }

    /// Who asks, as far as a cookie tells; a new one when there is none.
    ///
    /// # Errors
    /// When no random bytes can be had.
    pub fn browser(&self, request: &HttpRequest) -> Result<Browser, smart::Error> {
        Ok(match request.cookie(self.browser_name()) {
            Some(cookie) => Browser {
                secret: Secret::sent(cookie.value()),
                is_new: false,
            },
            None => Browser {
                secret: Secret::new()?,
                is_new: true,
            },
        })
    }

    /// The cookie for a browser that has none.
    pub fn for_browser(&self, browser: &Browser) -> Option<Cookie<'static>> {
        let cookie = || self.cookie(self.browser_name(), browser.secret.expose(), None);
        browser.is_new.then(cookie)
    }

    /// What a form of this browser carries.
    pub fn token(&self, browser: &Browser) -> String {
        let hash = blake3::keyed_hash(&self.key, browser.secret.expose().as_bytes());
        BASE64URL_NOPAD.encode(hash.as_bytes())
    }

    /// Whether a form comes from a page that this browser got from here.
    pub fn is_ours(&self, browser: &Browser, sent: &str) -> bool {
        !browser.is_new && bool::from(self.token(browser).as_bytes().ct_eq(sent.as_bytes()))
    }

    /// The sign-in that comes with a request.
    pub fn session(&self, request: &HttpRequest) -> Option<Secret> {
        request
            .cookie(self.session_name())
            .map(|cookie| Secret::sent(cookie.value()))
    }

    /// The cookie of a sign-in.
    pub fn for_session(&self, secret: &Secret, lifetime: Seconds) -> Cookie<'static> {
        self.cookie(self.session_name(), secret.expose(), Some(lifetime))
    }

    /// What makes a browser forget its sign-in.
    pub fn without_session(&self) -> Cookie<'static> {
        self.cookie(self.session_name(), "", Some(0))
    }

    fn cookie(&self, name: &'static str, value: &str, lifetime: Option<Seconds>) -> Cookie<'static> {
        let mut cookie = Cookie::build(name, value.to_owned())
            .path("/")
            .http_only(true)
            // Other sites send people here by links, and these must find them signed in.
            .same_site(SameSite::Lax)
            .secure(self.secure);
        if let Some(seconds) = lifetime {
            cookie = cookie.max_age(Duration::seconds(seconds));
        }
        cookie.finish()
    }

    /// With the prefix browsers take such a cookie over https from this host only.
    fn session_name(&self) -> &'static str {
        if self.secure {
            "__Host-chartgate-session"
        } else {
            "chartgate-session"
        }
    }

    fn browser_name(&self) -> &'static str {
        if self.secure {
            "__Host-chartgate-browser"
        } else {
            "chartgate-browser"
        }
    }
}
