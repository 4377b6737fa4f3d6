//! OpenID Connect: people sign in at an identity provider, whose groups say which roles they have.
//!
//! The authorization code flow with PKCE, `state` and `nonce` (OpenID Connect Core 1.0, section 3.1; RFC 7636). What the
//! provider says of somebody is believed only as a token it signed for us (module `token`).

mod claims;
mod token;

pub use claims::{Person, grants};
pub use token::Fault as TokenFault;

use crate::config::Secret;
use crate::control::AccessRole;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use sources::Health;
use sources::http::{Dialect, Http, Request, Trouble, percent};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use thiserror::Error;
use token::Keys;

/// A sign-in must come back within this time.
const VALID: Duration = Duration::from_secs(600);
/// Sign-ins under way.
const MOST: usize = 1_000;
/// How long what the provider says of itself is believed.
const FRESH: Duration = Duration::from_secs(3_600);
/// Keys are asked for anew at most this often, where a token names one that is not known.
const KEYS_EVERY: Duration = Duration::from_secs(60);

/// `[access.oidc]`
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the sign-in page calls it.
    pub name: String,
    /// The issuer, exactly as its tokens name it.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: Secret,
    /// The claim with the groups: a name, or a JSON pointer such as `/realm_access/roles`.
    pub groups_claim: String,
    /// Scopes asked for, besides `openid email profile`.
    pub scopes: Vec<String>,
    /// What each group may do.
    pub groups: Vec<GroupGrant>,
}

/// What a group may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupGrant {
    /// The group, as the provider names it.
    pub group: String,
    /// The one project; everywhere where `None`.
    pub project: Option<String>,
    /// The role there.
    pub role: AccessRole,
}

/// Why a sign-in cannot be begun or ended.
#[derive(Debug, Error)]
pub enum Fault {
    /// Nobody began it in this browser, or too long ago.
    #[error("this sign-in was not begun in this browser, or too long ago")]
    State,
    /// The provider cannot be reached, or answers what it should not.
    #[error("the identity provider: {0}")]
    Provider(String),
    /// The provider's token does not hold.
    #[error("the identity provider's token: {0}")]
    Token(#[from] token::Fault),
    /// Too many are under way.
    #[error("too many sign-ins are under way")]
    Busy,
}

impl From<Trouble> for Fault {
    fn from(trouble: Trouble) -> Self {
        Fault::Provider(trouble.to_string())
    }
}

/// Where a browser goes to sign in, and what must come back with it.
#[derive(Debug)]
pub struct Begun {
    /// The provider's page.
    pub url: String,
    /// What the browser keeps in a cookie, so that nobody can finish a sign-in that another browser began.
    pub state: String,
}

/// An identity provider, and the sign-ins there that have not come back.
pub struct Provider {
    settings: Settings,
    http: Http,
    about: tokio::sync::Mutex<Option<About>>,
    under_way: Mutex<HashMap<String, UnderWay>>,
}

struct UnderWay {
    nonce: String,
    verifier: String,
    redirect: String,
    at: Instant,
}

/// What the provider says of itself (OpenID Connect Discovery 1.0, section 3).
#[derive(Debug, Clone, Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

#[derive(Clone)]
struct About {
    discovery: Discovery,
    keys: Arc<Keys>,
    at: Instant,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: String,
}

impl Provider {
    /// A provider that was not asked anything yet.
    pub fn new(settings: Settings) -> Result<Self, Fault> {
        Ok(Self {
            settings,
            http: Http::new(Dialect::Silent, &Arc::new(Health::default()))?,
            about: tokio::sync::Mutex::new(None),
            under_way: Mutex::default(),
        })
    }

    /// What the sign-in page calls it.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// What its groups may do.
    pub fn groups(&self) -> &[GroupGrant] {
        &self.settings.groups
    }

    /// Begins a sign-in that comes back to `redirect`.
    pub async fn begin(&self, redirect: &str) -> Result<Begun, Fault> {
        let about = self.about(FRESH).await?;
        let [state, nonce, verifier] = [random()?, random()?, random()?];
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let mut scopes = vec!["openid", "email", "profile"];
        scopes.extend(self.settings.scopes.iter().map(String::as_str));
        let url = address(
            &about.discovery.authorization_endpoint,
            &[
                ("response_type", "code"),
                ("client_id", &self.settings.client_id),
                ("redirect_uri", redirect),
                ("scope", &scopes.join(" ")),
                ("state", &state),
                ("nonce", &nonce),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ],
        );
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.retain(|_, b| b.at.elapsed() < VALID);
        if under_way.len() >= MOST {
            return Err(Fault::Busy);
        }
        let begun = UnderWay {
            nonce,
            verifier,
            redirect: redirect.to_owned(),
            at: Instant::now(),
        };
        under_way.insert(state.clone(), begun);
        Ok(Begun { url, state })
    }

    /// Ends a sign-in: takes the code to the provider, and gives whom its token names. A sign-in ends once.
    pub async fn finish(&self, state: &str, code: &str) -> Result<Person, Fault> {
        let begun = {
            let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
            under_way.remove(state).filter(|b| b.at.elapsed() < VALID)
        };
        let begun = begun.ok_or(Fault::State)?;
        let about = self.about(FRESH).await?;
        let answer: TokenAnswer = self.http.json(self.exchange(&about, &begun, code)).await?;
        let now = crate::clock::now() / 1_000;
        let id_token = &answer.id_token;
        let claims = match about.keys.verify(id_token) {
            // The provider may have changed its keys since.
            Err(token::Fault::Key) => self.about(KEYS_EVERY).await?.keys.verify(id_token)?,
            verified => verified?,
        };
        claims::check(&claims, &self.settings, &begun.nonce, now)?;
        Ok(claims::person(&claims, &self.settings)?)
    }

    fn exchange(&self, about: &About, begun: &UnderWay, code: &str) -> Request {
        let (id, secret) = (&self.settings.client_id, &self.settings.client_secret.0);
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &begun.redirect),
            ("client_id", id),
            ("code_verifier", &begun.verifier),
        ];
        let methods = &about.discovery.token_endpoint_auth_methods_supported;
        let by_post = !methods.is_empty() && !methods.iter().any(|m| m == "client_secret_basic");
        if by_post {
            fields.push(("client_secret", secret));
        }
        let request = Request::post(&about.discovery.token_endpoint, "")
            .label("token endpoint")
            .header("accept", "application/json")
            .form(&fields);
        match by_post {
            true => request,
            false => request.authorization("Basic", &sources::oauth::basic(id, secret)),
        }
    }

    /// What the provider says of itself, no older than this.
    async fn about(&self, fresh: Duration) -> Result<About, Fault> {
        let mut kept = self.about.lock().await;
        if let Some(about) = kept.as_ref().filter(|a| a.at.elapsed() < fresh) {
            return Ok(about.clone());
        }
        let issuer = &self.settings.issuer;
        let path = "/.well-known/openid-configuration";
        let discovery: Discovery = self.http.json(Request::get(issuer, path)).await?;
        if discovery.issuer != *issuer {
            return Err(Fault::Provider("it calls itself by another name".to_owned()));
        }
        let addresses = [
            &discovery.authorization_endpoint,
            &discovery.token_endpoint,
            &discovery.jwks_uri,
        ];
        if !addresses.into_iter().all(|a| is_safe(a)) {
            return Err(Fault::Provider("one of its addresses is not https://".to_owned()));
        }
        let keys = Request::get(&discovery.jwks_uri, "").label("keys");
        let about = About {
            keys: Arc::new(self.http.json(keys).await?),
            discovery,
            at: Instant::now(),
        };
        *kept = Some(about.clone());
        Ok(about)
    }
}

/// Whether nobody on the way can read or change what is sent there: TLS, or this machine.
pub fn is_safe(address: &str) -> bool {
    let local = |rest: &str| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        host == "localhost" || host == "127.0.0.1" || host == "[::1]"
    };
    match address.split_once("://") {
        Some(("https", rest)) => !rest.is_empty(),
        Some(("http", rest)) => local(rest),
        _ => false,
    }
}

fn address(base: &str, fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", percent(value)))
        .collect();
    let separator = if base.contains('?') { '&' } else { '?' };
    format!("{base}{separator}{}", pairs.join("&"))
}

fn random() -> Result<String, Fault> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes)
        .map_err(|e| Fault::Provider(format!("no randomness from the system: {e}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn only_tls_and_this_machine_are_safe() {
        for safe in [
            "https://id.example/realm",
            "http://127.0.0.1:9000",
            "http://localhost/a",
        ] {
            assert!(is_safe(safe), "{safe}");
        }
        for not in [
            "http://id.example",
            "http://127.0.0.1.example",
            "ftp://x",
            "id.example",
            "http://127.0.0.1@evil.example/",
        ] {
            assert!(!is_safe(not), "{not}");
        }
    }
}
