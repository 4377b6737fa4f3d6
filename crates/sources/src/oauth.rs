//! OAuth 2.0 (RFC 6749, 7636): access tokens that are fetched, renewed and kept.

use crate::http::{Http, Request, Trouble, TroubleKind, percent};
use crate::keep::Keep;
use crate::poll::now_ms;
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Where a token is kept, and what renews it.
pub const ACCESS: &str = "oauth.access";
/// The refresh token.
pub const REFRESH: &str = "oauth.refresh";
/// When the access token expires, milliseconds since 1970.
pub const EXPIRES: &str = "oauth.expires";

/// How a platform lets an operator sign in and hand over a token: what the app needs for the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// Where the operator's browser goes. Connectors whose hosts are configurable put `{host}` there.
    pub authorize: &'static str,
    /// Where a code becomes a token.
    pub token: &'static str,
    /// What is asked for.
    pub scopes: &'static [&'static str],
    /// How the client names itself.
    pub client: ClientAuth,
    /// Whether PKCE (RFC 7636, S256) is used.
    pub pkce: bool,
}

/// How the client names itself at the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuth {
    /// HTTP Basic.
    Basic,
    /// `client_id` and `client_secret` in the body.
    Body,
}

/// How tokens are got.
#[derive(Debug, Clone)]
pub enum Grant {
    /// For the application itself.
    ClientCredentials,
    /// With a refresh token: the configured one, until the platform gives a newer one.
    Refresh(Secret),
}

/// A token endpoint and the right to ask it.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Its address.
    pub url: String,
    /// The application's id.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: Option<Secret>,
    /// How the client names itself.
    pub auth: ClientAuth,
    /// How tokens are got.
    pub grant: Grant,
}

/// An access token that is renewed when it must be.
pub struct Tokens {
    endpoint: Endpoint,
    keep: Arc<dyn Keep>,
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    expires_in: Option<f64>,
}

/// A token is renewed this long before it expires.
const EARLY_MS: i64 = 60_000;

impl Tokens {
    /// Tokens from an endpoint, kept between runs.
    pub fn new(endpoint: Endpoint, keep: Arc<dyn Keep>) -> Self {
        Self { endpoint, keep }
    }

    /// A token that has not expired, as far as is known.
    pub async fn access(&self, http: &Http) -> Result<Secret, Trouble> {
        let expires: Option<i64> = self.keep.get(EXPIRES).and_then(|t| t.parse().ok());
        match self.keep.get(ACCESS) {
            Some(token) if expires.is_none_or(|at| now_ms() < at - EARLY_MS) && !token.is_empty() => {
                Ok(Secret::new(token))
            }
            _ => self.renew(http).await,
        }
    }

    /// The platform refused the token: the next one is fetched.
    pub fn rejected(&self) {
        // Where it cannot be kept, the same token is refused again and said so.
        let _ = self.keep.put(ACCESS, "");
    }

    async fn renew(&self, http: &Http) -> Result<Secret, Trouble> {
        let e = &self.endpoint;
        let newest = self.keep.get(REFRESH);
        let mut fields = match &e.grant {
            Grant::ClientCredentials => vec![("grant_type", "client_credentials")],
            Grant::Refresh(first) => vec![
                ("grant_type", "refresh_token"),
                ("refresh_token", newest.as_deref().unwrap_or(first.expose())),
            ],
        };
        let request = Request::post(&e.url, "").label("token endpoint");
        let secret = e.client_secret.as_ref().map_or("", Secret::expose);
        let request = match e.auth {
            ClientAuth::Basic => request
                .form(&fields)
                .authorization("Basic", &basic(&e.client_id, secret)),
            ClientAuth::Body => {
                fields.push(("client_id", &e.client_id));
                if !secret.is_empty() {
                    fields.push(("client_secret", secret));
                }
                request.form(&fields)
            }
        };
        let reply = http.send(request).await?;
        if matches!(reply.status, 400 | 401) {
            let message = "the platform gives no token: check client id, secret and refresh token";
            return Err(Trouble::new(TroubleKind::Unauthorized, message));
        }
        let answer: Answer = reply.success()?.json()?;
        keep_answer(self.keep.as_ref(), &answer)
            .map_err(|e| Trouble::new(TroubleKind::Server, format!("the new token {e}")))?;
        Ok(Secret::new(answer.access_token))
    }
}

/// The address an operator's browser goes to. `challenge` is the SHA-256 of the verifier, where the flow uses PKCE.
pub fn authorize_url(
    flow: &Flow,
    host: &str,
    client_id: &str,
    redirect: &str,
    state: &str,
    verifier: Option<&str>,
) -> String {
    let mut url = flow.authorize.replace("{host}", host.trim_end_matches('/'));
    url.push(if url.contains('?') { '&' } else { '?' });
    let scopes = flow.scopes.join(" ");
    let mut fields = vec![
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", redirect),
        ("scope", &scopes),
        ("state", state),
    ];
    let challenge = verifier.map(|v| URL_SAFE_NO_PAD.encode(Sha256::digest(v)));
    if let Some(challenge) = &challenge {
        fields.extend([
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ]);
    }
    let pairs: Vec<String> = fields
        .iter()
        .map(|(k, v)| format!("{k}={}", percent(v)))
        .collect();
    url + &pairs.join("&")
}

/// A sign-in that came back with a code.
#[derive(Debug, Clone)]
pub struct Returned<'r> {
    /// The flow.
    pub flow: &'r Flow,
    /// What stands for `{host}` in its addresses.
    pub host: &'r str,
    /// The application's id.
    pub client_id: &'r str,
    /// The application's secret.
    pub client_secret: Option<&'r Secret>,
    /// The same redirect address as before.
    pub redirect: &'r str,
    /// The code.
    pub code: &'r str,
    /// The PKCE verifier.
    pub verifier: Option<&'r str>,
}

/// Exchanges the code for tokens and keeps them.
pub async fn exchange(http: &Http, returned: &Returned<'_>, keep: &dyn Keep) -> Result<(), Trouble> {
    let r = returned;
    let secret = r.client_secret.map_or("", Secret::expose);
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", r.code),
        ("redirect_uri", r.redirect),
    ];
    fields.extend(r.verifier.map(|v| ("code_verifier", v)));
    let url = r.flow.token.replace("{host}", r.host.trim_end_matches('/'));
    let request = Request::post(&url, "").label("token endpoint");
    let request = match r.flow.client {
        ClientAuth::Basic => request
            .form(&fields)
            .authorization("Basic", &basic(r.client_id, secret)),
        ClientAuth::Body => {
            fields.push(("client_id", r.client_id));
            if !secret.is_empty() {
                fields.push(("client_secret", secret));
            }
            request.form(&fields)
        }
    };
    let answer: Answer = http.json(request).await?;
    keep_answer(keep, &answer).map_err(|e| Trouble::new(TroubleKind::Server, format!("the token {e}")))
}

fn keep_answer(keep: &dyn Keep, answer: &Answer) -> Result<(), crate::keep::KeepError> {
    // The refresh token first: losing it would lock the source out.
    if let Some(refresh) = &answer.refresh_token {
        keep.put(REFRESH, refresh)?;
    }
    let expires = answer.expires_in.map_or(String::new(), |seconds| {
        now_ms().saturating_add((seconds * 1000.0) as i64).to_string()
    });
    keep.put(EXPIRES, &expires)?;
    keep.put(ACCESS, &answer.access_token)
}

/// The credentials of HTTP Basic (RFC 7617).
pub fn basic(user: &str, password: &str) -> Secret {
    Secret::new(STANDARD.encode(format!("{user}:{password}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_the_rfc_s() {
        assert_eq!(
            basic("Aladdin", "open sesame").expose(),
            "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
    }
}
