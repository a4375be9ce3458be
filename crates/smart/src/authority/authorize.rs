//! Authorization requests (RFC 6749 section 4.1.1, SMART App Launch 2.2 section 2.0.9) and what becomes of them.

use serde::{Deserialize, Serialize};
use url::Url;

use fhir::r4::ResourceType;

use super::{Authority, Role, Session};
use crate::Error;
use crate::pkce::Challenge;
use crate::refusal::{Code as ErrorCode, Refusal};
use crate::scope::{Level, ResourceScope, Scope, Scopes, Types};
use crate::secret::Secret;
use crate::store::{Code, Context, Grant, Pending, Seconds};

/// An authorization request that is sound; it waits while the user signs in, picks and decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// The client's id.
    pub client: String,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// `state`, which the answer repeats.
    pub state: Option<String>,
    /// What may be granted of what was asked for.
    #[serde(with = "crate::client::as_text")]
    pub scopes: Scopes,
    challenge: Option<String>,
    nonce: Option<String>,
    /// The launch of an EHR, by its secret.
    launch: Option<String>,
    /// `prompt`: whether the user must, or must not, be asked again.
    pub prompt: Option<String>,
    /// When it was made.
    pub since: Seconds,
}

impl Pending for Authorization {
    const KIND: &'static str = "authorization";
}

/// What an EHR has chosen before it launches an app; its secret is the `launch` parameter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Launch {
    /// Who launches: only they can use it.
    pub subject: String,
    /// The app that is launched.
    pub client: String,
    /// What it is about.
    pub context: Context,
}

impl Pending for Launch {
    const KIND: &'static str = "launch";
}

/// A request that cannot be answered as asked.
#[derive(Debug)]
pub enum Unanswered {
    /// The client or where to answer is not known: the user is told, and nobody is sent anywhere.
    ToUser(Refusal),
    /// The client is told, at this address.
    ToClient(String),
    /// The server failed.
    Broken(Error),
}

impl From<Error> for Unanswered {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

/// How long a launch waits for its app.
pub const LAUNCH_LIFETIME: Seconds = 300;

impl Authority {
    /// Judges an authorization request.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn judge(&self, pairs: &[(String, String)], now: Seconds) -> Result<Authorization, Unanswered> {
        let asked = Asked(pairs);
        let to_user = |why| Unanswered::ToUser(Refusal::new(ErrorCode::InvalidRequest, why));
        let id = asked
            .one("client_id")
            .map_err(Unanswered::ToUser)?
            .ok_or_else(|| to_user("there is no client_id"))?;
        let client = self
            .known(id)
            .await?
            .ok_or_else(|| to_user("no such client is registered"))?;
        let uri = asked.one("redirect_uri").map_err(Unanswered::ToUser)?;
        let uri = uri.ok_or_else(|| to_user("there is no redirect_uri"))?;
        if !client.may_redirect(uri) {
            return Err(to_user("the redirect_uri is not one that the client has registered"));
        }
        // From here on the client can be told what is wrong.
        let state = asked.one("state").ok().flatten().map(str::to_owned);
        let judged = self.judge_rest(&asked, &client);
        let told =
            |refusal: Refusal| Unanswered::ToClient(answer(uri, &refusal_pairs(&refusal, state.as_deref(), self)));
        let (scopes, challenge) = judged.map_err(told)?;
        let launch = asked.one("launch").map_err(told)?.map(str::to_owned);
        if let Some(launch) = &launch {
            let known: Option<Launch> = self.store.look(&Secret::sent(launch), now).await?;
            if known.is_none_or(|known| known.client != client.id) {
                return Err(told(Refusal::new(
                    ErrorCode::InvalidRequest,
                    "the launch is not known, or is over",
                )));
            }
        }
        Ok(Authorization {
            client: client.id.clone(),
            redirect_uri: uri.to_owned(),
            scopes,
            challenge: challenge.map(|c| c.as_str().to_owned()),
            nonce: asked.one("nonce").map_err(told)?.map(str::to_owned),
            prompt: asked.one("prompt").map_err(told)?.map(str::to_owned),
            since: now,
            launch,
            state,
        })
    }

    fn judge_rest(
        &self,
        asked: &Asked<'_>,
        client: &crate::client::Client,
    ) -> Result<(Scopes, Option<Challenge>), Refusal> {
        let invalid = |why| Refusal::new(ErrorCode::InvalidRequest, why);
        asked.one("state")?;
        match asked.one("response_type")? {
            Some("code") => {}
            Some(_) => {
                let why = "response_type must be code";
                return Err(Refusal::new(ErrorCode::UnsupportedResponseType, why));
            }
            None => return Err(invalid("there is no response_type")),
        }
        let aud = asked.one("aud")?.ok_or(invalid("there is no aud"))?;
        let base = aud.strip_suffix('/').unwrap_or(aud);
        if !self.settings.audiences.iter().any(|known| known == base) {
            return Err(invalid("aud is not the address of this FHIR server"));
        }
        let challenge = match (asked.one("code_challenge")?, asked.one("code_challenge_method")?) {
            (None, None) => None,
            (None, Some(_)) => return Err(invalid("there is no code_challenge")),
            (Some(text), method) => {
                Some(Challenge::parse(text, method).ok_or(invalid("code_challenge_method must be S256"))?)
            }
        };
        if challenge.is_none() && !(client.is_confidential() && client.without_pkce) {
            return Err(invalid("there is no code_challenge"));
        }
        let wanted = self.grantable(asked.one("scope")?.unwrap_or_default());
        let scopes = client.scopes.limit(&wanted);
        if scopes.is_empty() {
            return Err(Refusal::new(
                ErrorCode::InvalidScope,
                "nothing that was asked for can be granted",
            ));
        }
        Ok((scopes, challenge))
    }

    /// What the launch of a request is about; nothing for one that was not launched by an EHR.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn launch_of(&self, asked: &Authorization, now: Seconds) -> Result<Option<Launch>, Error> {
        match &asked.launch {
            Some(launch) => self.store.look(&Secret::sent(launch), now).await,
            None => Ok(None),
        }
    }

    /// The user allows `scopes` (at most what was judged), about what was picked. The answer is where to go.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Randomness`].
    pub async fn allow(
        &self,
        asked: &Authorization,
        by: (&Session, &Secret),
        scopes: Scopes,
        context: Context,
        now: Seconds,
    ) -> Result<String, Error> {
        let (user, session) = by;
        let scopes = as_may(&asked.scopes.limit(&scopes), user.role);
        if let Some(launch) = &asked.launch {
            let launched: Option<Launch> = self.store.take(&Secret::sent(launch), now).await?;
            if launched.is_none_or(|launched| launched.subject != user.subject) {
                let refusal = Refusal::new(ErrorCode::AccessDenied, "the launch is over, or is somebody else's");
                return Ok(self.refused(asked, &refusal));
            }
        }
        if scopes.is_empty() {
            let refusal = Refusal::new(ErrorCode::AccessDenied, "the user cannot allow any of it");
            return Ok(self.refused(asked, &refusal));
        }
        let lives_with_session = scopes.has(&Scope::OnlineAccess) && !scopes.has(&Scope::OfflineAccess);
        let grant = Grant {
            id: Secret::new()?.hash(),
            client: asked.client.clone(),
            subject: Some(user.subject.clone()),
            person: user.person.clone(),
            role: Some(user.role),
            reach: user.reach(),
            scopes,
            context,
            session: lives_with_session.then(|| session.hash()),
            created: now,
            ended: None,
        };
        self.store.grant(&grant).await?;
        let code = Code {
            grant: grant.id,
            redirect_uri: asked.redirect_uri.clone(),
            challenge: asked.challenge.clone().map(Challenge::stored),
            nonce: asked.nonce.clone(),
        };
        let code = self.store.give_code(&code, now).await?;
        let mut pairs = vec![("code", code.expose())];
        pairs.extend(asked.state.as_deref().map(|state| ("state", state)));
        pairs.push(("iss", &self.settings.issuer));
        Ok(answer(&asked.redirect_uri, &pairs))
    }

    /// Where to go with a refusal.
    #[must_use]
    pub fn refused(&self, asked: &Authorization, refusal: &Refusal) -> String {
        answer(
            &asked.redirect_uri,
            &refusal_pairs(refusal, asked.state.as_deref(), self),
        )
    }
}

/// The scopes that somebody of a role can give: records of accesses are for those who run the server.
fn as_may(scopes: &Scopes, role: Role) -> Scopes {
    let trail =
        |scope: &ResourceScope| scope.level == Level::User && scope.types == Types::One(ResourceType::AuditEvent);
    let may = |scope: &&Scope| role == Role::Administrator || !scope.resource().is_some_and(trail);
    scopes.iter().filter(may).cloned().collect()
}

/// The parameters of a request.
struct Asked<'a>(&'a [(String, String)]);

impl Asked<'_> {
    /// The value of a parameter that may be there once; an empty one is none (RFC 6749, section 3.1).
    fn one(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut found = self
            .0
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, value)| value.as_str());
        let first = found.next();
        if found.next().is_some() {
            return Err(Refusal::new(ErrorCode::InvalidRequest, "a parameter is there twice"));
        }
        Ok(first.filter(|value| !value.is_empty()))
    }
}

fn refusal_pairs<'a>(
    refusal: &'a Refusal,
    state: Option<&'a str>,
    authority: &'a Authority,
) -> Vec<(&'static str, &'a str)> {
    let mut pairs = vec![
        ("error", refusal.code.as_str()),
        ("error_description", refusal.description),
    ];
    pairs.extend(state.map(|state| ("state", state)));
    // RFC 9207: the client sees whose answer it is.
    pairs.push(("iss", &authority.settings.issuer));
    pairs
}

/// An address with further parameters. It was registered, so it is one; if it were not, it would stay as it is.
fn answer(uri: &str, pairs: &[(&str, &str)]) -> String {
    match Url::parse(uri) {
        Ok(mut url) => {
            url.query_pairs_mut().extend_pairs(pairs);
            url.into()
        }
        Err(_) => uri.to_owned(),
    }
}
