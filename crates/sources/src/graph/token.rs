//! Long-lived tokens: renewed before they end, kept between runs.

use super::client::{Call, Graph};
use crate::http::{Http, Request, Trouble, TroubleKind};
use crate::keep::Keep;
use crate::oauth;
use crate::poll::now_ms;
use crate::secret::Secret;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// How a host renews tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Renewal {
    /// Facebook: any token is exchanged for one of sixty days, with the app's id and secret.
    Facebook,
    /// Instagram (`ig_…`).
    Instagram,
    /// Threads (`th_…`).
    Threads,
}

/// The token of a source: the configured one or the one from signing in, and whatever it was renewed to.
pub(crate) struct LongLived {
    pub(crate) configured: Option<Secret>,
    pub(crate) renewal: Renewal,
    /// The host's address, without version.
    pub(crate) base: String,
    pub(crate) app_id: Option<String>,
    pub(crate) app_secret: Option<Secret>,
    pub(crate) keep: Arc<dyn Keep>,
}

/// Of which configured token the kept one is the offspring.
const FROM: &str = "graph.from";
/// When to try to renew next, milliseconds since 1970.
const NEXT: &str = "graph.renew";
const DAY_MS: i64 = 86_400_000;
/// A token of sixty days is renewed when so much of it is left.
const EARLY_MS: i64 = 10 * DAY_MS;

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    #[serde(default)]
    expires_in: Option<f64>,
}

impl LongLived {
    /// A token to ask with; renewed where that is due. A renewal that fails is tried again a day later: the present
    /// token may still be good.
    pub(crate) async fn access(&self, http: &Http) -> Result<Secret, Trouble> {
        let token = self.present()?;
        let now = now_ms();
        let number = |key| self.keep.get(key).and_then(|t| t.parse::<i64>().ok());
        let expires = number(oauth::EXPIRES);
        let due = expires.is_none_or(|at| at - now < EARLY_MS) && number(NEXT).is_none_or(|at| at <= now);
        let Some(request) = self.renewal_of(&token, expires.is_some_and(|at| at - now < DAY_MS)) else {
            return Ok(token);
        };
        if !due {
            return Ok(token);
        }
        self.put(NEXT, &(now + DAY_MS).to_string())?;
        let answer = match http.json::<Answer>(request).await {
            Ok(answer) if !answer.access_token.is_empty() => answer,
            _ => return Ok(token),
        };
        let expires = answer.expires_in.map_or(String::new(), |s| {
            now.saturating_add((s * 1000.0) as i64).to_string()
        });
        self.put(oauth::EXPIRES, &expires)?;
        self.put(oauth::ACCESS, &answer.access_token)?;
        Ok(Secret::new(answer.access_token))
    }

    /// The kept token, unless another one was configured since.
    fn present(&self) -> Result<Secret, Trouble> {
        let kept = self.keep.get(oauth::ACCESS).filter(|t| !t.is_empty());
        let Some(configured) = &self.configured else {
            return kept.map(Secret::new).ok_or_else(|| {
                Trouble::new(
                    TroubleKind::Unauthorized,
                    "there is no token: sign in, or set `token`",
                )
            });
        };
        let digest = Sha256::digest(configured.expose().as_bytes());
        let from = super::shape::hex(&digest[..8]);
        match kept {
            Some(kept) if self.keep.get(FROM).as_deref() == Some(&from) => Ok(Secret::new(kept)),
            _ => {
                self.put(oauth::EXPIRES, "")?;
                self.put(NEXT, "")?;
                self.put(oauth::ACCESS, configured.expose())?;
                self.put(FROM, &from)?;
                Ok(configured.clone())
            }
        }
    }

    fn put(&self, key: &str, value: &str) -> Result<(), Trouble> {
        self.keep
            .put(key, value)
            .map_err(|e| Trouble::new(TroubleKind::Server, format!("the token {e}")))
    }

    /// The request that renews; `None` where what it takes is not configured. A short-lived token is exchanged first.
    fn renewal_of(&self, token: &Secret, short: bool) -> Option<Request> {
        let prefix = match self.renewal {
            Renewal::Facebook => {
                let (id, secret) = (self.app_id.as_ref()?, self.app_secret.as_ref()?);
                let request = Request::get(&self.base, "/oauth/access_token").label("token exchange");
                return Some(
                    request
                        .query("grant_type", "fb_exchange_token")
                        .query("client_id", id)
                        .query("client_secret", secret.expose())
                        .query("fb_exchange_token", token.expose()),
                );
            }
            Renewal::Instagram => "ig",
            Renewal::Threads => "th",
        };
        Some(match (&self.app_secret, short) {
            (Some(secret), true) => Request::get(&self.base, "/access_token")
                .label("token exchange")
                .query("grant_type", format!("{prefix}_exchange_token"))
                .query("client_secret", secret.expose())
                .query("access_token", token.expose()),
            _ => Request::get(&self.base, "/refresh_access_token")
                .label("token renewal")
                .query("grant_type", format!("{prefix}_refresh_token"))
                .query("access_token", token.expose()),
        })
    }
}

/// A question about oneself, which shows whether a token is good.
#[derive(Deserialize)]
pub(crate) struct Me {
    #[serde(default)]
    pub(crate) username: Option<String>,
}

impl Graph {
    /// Who an id is.
    pub(crate) async fn who(&self, id: &str, fields: &str, token: &Secret) -> Result<Me, Trouble> {
        let call = Call::new("account", format!("/{id}")).with("fields", fields);
        self.ask(call, token).await
    }
}
