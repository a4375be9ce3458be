//! Accounts of this server itself: for newcomers, and for organisations without an identity provider.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::web;
use smart::authority::{Role, Session};
use smart::password;
use smart::store::{Grant, Seconds};

use crate::config::Account;

/// The accounts, by what people sign in with.
#[derive(Default)]
pub(super) struct Accounts(BTreeMap<String, Arc<Known>>);

/// An account whose password everybody may know.
pub(crate) struct Demo<'a> {
    /// What to sign in with.
    pub login: &'a str,
    /// The password.
    pub password: &'a str,
    /// What they are.
    pub what: &'static str,
}

struct Known {
    hash: String,
    account: Account,
}

/// Before the login: a later provider's subjects cannot be taken for these.
const ACCOUNT: &str = "account:";

fn session(account: &Account, authenticated: Seconds) -> Session {
    Session {
        subject: format!("{ACCOUNT}{}", account.login),
        name: account.name.clone(),
        person: account.person.clone(),
        role: account.role,
        patients: account.patients.clone(),
        sees: account.sees.clone(),
        authenticated,
    }
}

impl Accounts {
    /// The accounts of the configuration.
    ///
    /// # Errors
    /// When no random bytes can be had for the hashes of demo passwords.
    pub fn new(accounts: &[Account]) -> Result<Self, smart::Error> {
        let mut all = BTreeMap::new();
        for account in accounts {
            let hash = match (&account.password_hash, &account.demo_password) {
                (Some(hash), _) => hash.clone(),
                (None, demo) => password::hash(demo.as_deref().unwrap_or_default())?,
            };
            let account = account.clone();
            all.insert(account.login.clone(), Arc::new(Known { hash, account }));
        }
        Ok(Self(all))
    }

    /// Whether anybody can sign in here.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The accounts of people who do not exist.
    pub fn demo(&self) -> impl Iterator<Item = Demo<'_>> {
        self.0.values().filter_map(|known| {
            let account = &known.account;
            Some(Demo {
                login: &account.login,
                password: account.demo_password.as_deref()?,
                what: match (account.role, account.patients.len()) {
                    (Role::Patient, 0 | 1) => "a patient",
                    (Role::Patient, _) => "acts for several patients",
                    (Role::Practitioner, _) => "a clinician",
                    (Role::Administrator, _) => "runs the server",
                },
            })
        })
    }

    /// What clinicians see: the searches of patients, by login.
    pub fn searches(&self) -> impl Iterator<Item = (&str, &str)> {
        let accounts = self.0.values().map(|known| &known.account);
        accounts.filter_map(|account| Some((account.login.as_str(), account.sees.as_deref()?)))
    }

    /// Somebody who knows the password of an account. It takes the same time whether there is such an account.
    pub async fn sign_in(&self, login: &str, typed: String, now: Seconds) -> Option<Session> {
        let known = self.0.get(login).cloned();
        let checked = web::block(move || match known {
            Some(known) => password::verify(&typed, &known.hash).then_some(known),
            None => {
                password::pretend(&typed);
                None
            }
        });
        let known = checked.await.ok().flatten()?;
        Some(session(&known.account, now))
    }

    /// A sign-in as its account is now, which may have changed since or be gone; one at a provider as it was.
    pub fn present(&self, known: Session) -> Option<Session> {
        match known.subject.strip_prefix(ACCOUNT) {
            Some(login) => Some(session(&self.0.get(login)?.account, known.authenticated)),
            None => Some(known),
        }
    }

    /// What somebody allowed, with what they may see themselves by now.
    pub fn still(&self, mut grant: Grant) -> Option<Grant> {
        if let Some(login) = grant
            .subject
            .as_deref()
            .and_then(|subject| subject.strip_prefix(ACCOUNT))
        {
            let now = session(&self.0.get(login)?.account, grant.created);
            grant.reach = now.reach();
            grant.role = Some(now.role);
        }
        Some(grant)
    }
}
