//! Asking LinkedIn's versioned REST API.

use super::config::Config;
use crate::http::{Dialect, Http, Reply, Request, Trouble, TroubleKind};
use crate::oauth::{self, ClientAuth, Endpoint, Grant, Tokens};
use crate::secret::Secret;
use crate::source::Context;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

pub(super) struct Client {
    http: Http,
    api_url: String,
    version: String,
    fixed: Option<Secret>,
    tokens: Option<Tokens>,
}

/// A list. What its `paging` says of more is not relied on: a full page has another behind it.
#[derive(Deserialize)]
pub(super) struct Listing {
    pub(super) elements: Vec<Box<RawValue>>,
    #[serde(default)]
    pub(super) paging: Option<Paging>,
}

#[derive(Deserialize)]
pub(super) struct Paging {
    #[serde(default)]
    pub(super) total: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Told {
    code: Option<String>,
    message: Option<String>,
}

impl Client {
    pub(super) fn new(config: &Config, context: &Context) -> Result<Self, Trouble> {
        let signed_in = context.keep.get(oauth::REFRESH);
        let refresh = config
            .refresh_token
            .clone()
            .or_else(|| signed_in.map(Secret::new));
        let tokens = match (refresh, &config.client_id, &config.client_secret) {
            (Some(refresh), Some(id), Some(secret)) => Some(Tokens::new(
                Endpoint {
                    url: format!("{}/oauth/v2/accessToken", config.token_url.trim_end_matches('/')),
                    client_id: id.clone(),
                    client_secret: Some(secret.clone()),
                    auth: ClientAuth::Body,
                    grant: Grant::Refresh(refresh),
                },
                context.keep.clone(),
            )),
            _ => None,
        };
        let signed_in = context.keep.get(oauth::ACCESS).filter(|t| !t.is_empty());
        Ok(Self {
            http: Http::new(Dialect::Silent, &context.health)?,
            api_url: config.api_url.clone(),
            version: config.version.clone(),
            fixed: config.token.clone().or_else(|| signed_in.map(Secret::new)),
            tokens,
        })
    }

    async fn token(&self) -> Result<Secret, Trouble> {
        match (&self.tokens, &self.fixed) {
            (Some(tokens), _) => tokens.access(&self.http).await,
            (None, Some(token)) => Ok(token.clone()),
            (None, None) => Err(Trouble::new(
                TroubleKind::Unauthorized,
                "there is no token: sign in, or set `token` or `refresh_token`",
            )),
        }
    }

    /// Asks; `path` is written as Rest.li wants it, its URNs encoded and its lists not.
    pub(super) async fn ask<T: DeserializeOwned>(&self, label: &str, path: &str) -> Result<T, Trouble> {
        let request = Request::get(&self.api_url, path)
            .label(label)
            .bearer(&self.token().await?)
            .header("linkedin-version", &self.version)
            .header("x-restli-protocol-version", "2.0.0");
        let reply = self.http.send(request).await?;
        let answer = checked(reply, label);
        if matches!(&answer, Err(t) if t.kind == TroubleKind::Unauthorized)
            && let Some(tokens) = &self.tokens
        {
            tokens.rejected();
            return Err(Trouble::new(
                TroubleKind::Server,
                format!("{label}: the token has expired, it is renewed"),
            ));
        }
        answer?.json()
    }
}

/// The answer, unless it is an error. LinkedIn's own words may name people: ours are told instead.
fn checked(reply: Reply, label: &str) -> Result<Reply, Trouble> {
    let status = reply.status;
    let told: Told = serde_json::from_slice(&reply.body).unwrap_or_default();
    let trouble = match reply.success() {
        Ok(reply) => return Ok(reply),
        Err(trouble) => trouble,
    };
    let throttled = told
        .message
        .is_some_and(|m| m.to_ascii_lowercase().contains("throttle limit"));
    Err(match (status, told.code.as_deref()) {
        (403, _) if throttled => Trouble::new(
            TroubleKind::Limited,
            format!("{label}: the day's limit of calls is used up"),
        )
        .after(trouble.retry_after),
        (426, _) | (_, Some("NONEXISTENT_VERSION" | "VERSION_MISSING")) => Trouble::new(
            TroubleKind::Rejected,
            format!("{label}: this LinkedIn-Version is not served any more: set `version`"),
        ),
        _ => trouble,
    })
}
