//! How often passwords and secrets may be tried.
//!
//! Nobody can be locked out by others: a password may be tried a few times for one account *from one address*, and from one address a
//! number of times in all, whichever accounts it tries.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// The limits of this process.
pub(super) struct Throttle {
    account: DefaultKeyedRateLimiter<(IpAddr, String)>,
    sign_in: DefaultKeyedRateLimiter<IpAddr>,
    token: DefaultKeyedRateLimiter<IpAddr>,
}

/// Too many tries: how long to wait, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wait(pub u64);

/// Tries of one account from one address at once, and after how many seconds there is one more.
const ACCOUNT: (u32, u64) = (5, 30);
/// Tries from one address.
const SIGN_IN: (u32, u64) = (30, 2);
/// Token requests and introspections from one address: a server that looks at each token of its clients comes through.
const TOKEN: (u32, u64) = (300, 0);

impl Throttle {
    pub fn new() -> Self {
        Self {
            account: RateLimiter::keyed(quota(ACCOUNT)),
            sign_in: RateLimiter::keyed(quota(SIGN_IN)),
            token: RateLimiter::keyed(quota(TOKEN)),
        }
    }

    /// A password is tried.
    pub fn sign_in(&self, from: IpAddr, login: &str) -> Result<(), Wait> {
        // What is typed may be long; the account's own name never is.
        let login: String = login.chars().take(128).collect();
        checked(&self.sign_in, &from)?;
        checked(&self.account, &(from, login))
    }

    /// A client asks for or about a token.
    pub fn token(&self, from: IpAddr) -> Result<(), Wait> {
        checked(&self.token, &from)
    }

    /// Forgets who has not come for a while.
    pub fn sweep(&self) {
        self.account.retain_recent();
        self.sign_in.retain_recent();
        self.token.retain_recent();
    }
}

fn quota((burst, seconds): (u32, u64)) -> Quota {
    let period = if seconds == 0 {
        Duration::from_millis(10)
    } else {
        Duration::from_secs(seconds)
    };
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(period).map_or_else(|| Quota::per_second(burst), |quota| quota.allow_burst(burst))
}

fn checked<K: Clone + Eq + std::hash::Hash>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Wait> {
    let until = limiter.check_key(key);
    until.map_err(|not_until| Wait(not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_guesses_waits_and_others_do_not() {
        let throttle = Throttle::new();
        let (guesser, other): (IpAddr, IpAddr) = ("127.0.0.2".parse().unwrap(), "127.0.0.3".parse().unwrap());
        for _ in 0..ACCOUNT.0 {
            assert_eq!(throttle.sign_in(guesser, "ada"), Ok(()));
        }
        let Err(Wait(seconds)) = throttle.sign_in(guesser, "ada") else {
            panic!("no limit")
        };
        assert!((1..=ACCOUNT.1 + 1).contains(&seconds));
        assert_eq!(throttle.sign_in(other, "ada"), Ok(()));
        assert_eq!(throttle.sign_in(guesser, "ben"), Ok(()));
        // Many accounts from one address meet the address's own limit.
        let tried = (0..100)
            .take_while(|n| throttle.sign_in(guesser, &format!("guess {n}")).is_ok())
            .count();
        assert!(tried < 30, "{tried}");
        assert_eq!(throttle.sign_in(other, "ben"), Ok(()));
    }
}
