//! Asking the Data API, within its quotas.

use super::config::Config;
use super::wire::{self, Found};
use crate::budget::Budget;
use crate::http::{Dialect, Http, Reply, Request, Trouble, TroubleKind};
use crate::keep::Keep;
use crate::oauth::{ClientAuth, Endpoint, Grant, REFRESH, Tokens};
use crate::secret::Secret;
use crate::source::Context;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// The bucket of `search.list`: 100 calls a Pacific day.
pub(super) const SEARCH: &str = "search";
/// Everything else: 10,000 units a Pacific day. A list costs one, whatever it shows.
pub(super) const UNITS: &str = "units";
/// The most ids or items at once; comments come 100 at once.
pub(super) const PAGE: usize = 50;

/// A client with its key or token.
pub(super) struct Api {
    http: Http,
    key: Option<Secret>,
    tokens: Option<Tokens>,
    base: String,
    budget: Arc<Budget>,
}

impl Api {
    pub(super) fn new(config: &Config, context: &Context) -> Result<Self, Trouble> {
        Ok(Self {
            http: Http::new(Dialect::Silent, &context.health)?,
            key: config.api_key.clone(),
            tokens: tokens(config, &context.keep),
            base: config.api_url.clone(),
            budget: context.budget.clone(),
        })
    }

    /// A list of these parts of resources.
    pub(super) fn list(&self, resources: &str, parts: &str) -> Request {
        Request::get(&self.base, &format!("/youtube/v3/{resources}")).query("part", parts)
    }

    /// Asks, at the cost of one of the bucket. What is asked costs, whether it succeeds or not.
    pub(super) async fn ask(&self, request: Request, bucket: &str) -> Result<Found, Trouble> {
        let mut reply = self.send(request.clone(), bucket).await?;
        if reply.status == 401
            && let Some(tokens) = &self.tokens
        {
            tokens.rejected();
            reply = self.send(request, bucket).await?;
        }
        let reply = succeeded(reply)?;
        let _: serde::de::IgnoredAny = reply.json()?;
        let text = String::from_utf8_lossy(&reply.body);
        wire::read(&text).map_err(|e| Trouble::new(TroubleKind::Malformed, e))
    }

    /// Like [`Api::ask`], for up to `most` posts.
    pub(super) async fn posts(&self, request: Request, most: usize) -> Result<Found, Trouble> {
        let most = most as u64;
        self.budget.take_posts(most)?;
        let found = self.ask(request, UNITS).await;
        let came = found.as_ref().map_or(0, |f| f.posts.len() as u64);
        self.budget.give_back_posts(most.saturating_sub(came));
        found
    }

    async fn send(&self, request: Request, bucket: &str) -> Result<Reply, Trouble> {
        let request = self.signed(request).await?;
        self.budget.take(&[(bucket, 1)])?;
        self.http.send(request).await
    }

    async fn signed(&self, request: Request) -> Result<Request, Trouble> {
        Ok(match (&self.tokens, &self.key) {
            (Some(tokens), _) => request.bearer(&tokens.access(&self.http).await?),
            // In a header, so that no address holds it.
            (None, Some(key)) => request.header("x-goog-api-key", key.expose()),
            (None, None) => request,
        })
    }
}

/// As an account, where one gave its consent (by configuration or by signing in).
fn tokens(config: &Config, keep: &Arc<dyn Keep>) -> Option<Tokens> {
    let refresh = config
        .refresh_token
        .clone()
        .or_else(|| keep.get(REFRESH).map(Secret::new))?;
    let endpoint = Endpoint {
        url: config.token_url.clone(),
        client_id: config.client_id.clone(),
        client_secret: config.client_secret.clone(),
        auth: ClientAuth::Body,
        grant: Grant::Refresh(refresh),
    };
    Some(Tokens::new(endpoint, keep.clone()))
}

#[derive(Deserialize)]
struct Failure {
    error: Fault,
}

/// What went wrong; some gateways say it in one sentence.
#[derive(Deserialize)]
#[serde(untagged)]
enum Fault {
    Said(Said),
    #[allow(dead_code, reason = "a sentence is not told on: it may hold anything")]
    Sentence(String),
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    errors: Vec<Reason>,
    #[serde(default)]
    details: Vec<Reason>,
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

/// The reasons that say more than the status, and what they mean.
const REASONS: [(&str, TroubleKind); 14] = [
    ("quotaExceeded", TroubleKind::Exhausted),
    ("dailyLimitExceeded", TroubleKind::Exhausted),
    ("rateLimitExceeded", TroubleKind::Limited),
    ("userRateLimitExceeded", TroubleKind::Limited),
    ("keyInvalid", TroubleKind::Unauthorized),
    ("API_KEY_INVALID", TroubleKind::Unauthorized),
    ("accessNotConfigured", TroubleKind::Unauthorized),
    ("SERVICE_DISABLED", TroubleKind::Unauthorized),
    ("SERVICE_UNAVAILABLE", TroubleKind::Forbidden),
    ("processingFailure", TroubleKind::Server),
    ("commentsDisabled", TroubleKind::Forbidden),
    ("videoNotFound", TroubleKind::Missing),
    ("channelNotFound", TroubleKind::Missing),
    ("playlistNotFound", TroubleKind::Missing),
];

/// Our count of a quota is off (somebody else uses the key too): it is asked again after this long.
const QUOTA_PAUSE: Duration = Duration::from_secs(3600);

fn succeeded(reply: Reply) -> Result<Reply, Trouble> {
    let reasons = match reply.json::<Failure>().map(|f| f.error) {
        Ok(Fault::Said(said)) if reply.status >= 400 => said.errors.into_iter().chain(said.details).collect(),
        _ => Vec::new(),
    };
    let known = reasons
        .iter()
        .find_map(|r: &Reason| REASONS.iter().find(|(name, _)| *name == r.reason));
    reply.success().map_err(|mut trouble| {
        if let Some((reason, kind)) = known {
            trouble.kind = *kind;
            trouble.message.push_str(&format!(": {reason}"));
        }
        match trouble.kind {
            TroubleKind::Exhausted => trouble.after(QUOTA_PAUSE),
            _ => trouble,
        }
    })
}
