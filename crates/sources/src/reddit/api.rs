//! Asking Reddit.

use super::config::Config;
use super::wire::{self, Found};
use crate::budget::Budget;
use crate::http::{Dialect, Http, Reply, Request, Trouble, TroubleKind};
use crate::keep::Keep;
use crate::oauth::{ClientAuth, Endpoint, Grant, REFRESH, Tokens};
use crate::secret::Secret;
use crate::source::Context;

/// The most things a listing shows at once.
pub(super) const PAGE: u64 = 100;

/// A client with its token.
pub(super) struct Api {
    http: Http,
    tokens: Tokens,
    base: String,
}

impl Api {
    pub(super) fn new(config: &Config, context: &Context) -> Result<Self, Trouble> {
        let endpoint = Endpoint {
            url: config.token_url.clone(),
            client_id: config.client_id.clone(),
            // Installed apps name themselves with an empty secret.
            client_secret: config.client_secret.clone(),
            auth: ClientAuth::Basic,
            grant: grant(config, context.keep.as_ref()),
        };
        Ok(Self {
            http: Http::with(Dialect::SecondsLeft, &context.health, &config.user_agent(), 0)?,
            tokens: Tokens::new(endpoint, context.keep.clone()),
            base: config.api_url.clone(),
        })
    }

    /// A request of the API. The label must name no post.
    pub(super) fn get(&self, path: &str, label: &str) -> Request {
        // Without `raw_json`, texts come with `&`, `<` and `>` escaped.
        Request::get(&self.base, path).label(label).query("raw_json", "1")
    }

    /// Asks and reads what is found.
    pub(super) async fn ask(&self, request: Request) -> Result<Found, Trouble> {
        let reply = self.send(request).await?;
        // JSON of any form first: it knows HTML and nothing from an answer that is cut.
        let _: serde::de::IgnoredAny = reply.json()?;
        let text = String::from_utf8_lossy(&reply.body);
        let found = wire::read(&text).map_err(|e| Trouble::new(TroubleKind::Malformed, e))?;
        if found.failed {
            let message = "Reddit answers with success that it failed";
            return Err(Trouble::new(TroubleKind::Server, message));
        }
        Ok(found)
    }

    /// Sends with a token, and once more with a new one if it is refused.
    async fn send(&self, request: Request) -> Result<Reply, Trouble> {
        let token = self.tokens.access(&self.http).await?;
        let reply = self.http.send(request.clone().bearer(&token)).await?;
        if reply.status != 401 {
            return succeeded(reply);
        }
        self.tokens.rejected();
        let token = self.tokens.access(&self.http).await?;
        succeeded(self.http.send(request.bearer(&token)).await?)
    }
}

/// As an account, where one gave its consent (by configuration or by signing in), else as the app.
fn grant(config: &Config, keep: &dyn Keep) -> Grant {
    let configured = config.refresh_token.clone();
    match configured.or_else(|| keep.get(REFRESH).map(Secret::new)) {
        Some(token) => Grant::Refresh(token),
        None => Grant::ClientCredentials,
    }
}

/// Why a subreddit cannot be read, in Reddit's words, which may be told.
const REASONS: [&str; 4] = ["private", "quarantined", "banned", "gold_only"];

fn succeeded(reply: Reply) -> Result<Reply, Trouble> {
    #[derive(serde::Deserialize)]
    struct Reason {
        reason: String,
    }
    let reason = reply.json::<Reason>().ok();
    let reason = reason.and_then(|r| REASONS.into_iter().find(|known| *known == r.reason));
    reply.success().map_err(|mut trouble| {
        if let Some(reason) = reason {
            trouble.message.push_str(&format!(": {reason}"));
        }
        trouble
    })
}

/// Takes the right to read up to `most` posts; as many as the budget still allows.
pub(super) fn take(budget: &Budget, most: u64) -> Result<u64, Trouble> {
    let limit = most.min(budget.posts_left()).max(1);
    budget.take_posts(limit)?;
    Ok(limit)
}
