//! Asking for updates (long poll), setting the webhook, testing.

use super::batch;
use super::config::Config;
use crate::error::SourceError;
use crate::health::Gap;
use crate::http::{Http, Request, Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round, now_ms};
use crate::source::{Context, Delivery};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::time::Duration;

/// The kinds of updates that can be posts.
const KINDS: &str = r#"["message","edited_message","channel_post","edited_channel_post"]"#;
/// Updates asked for at once, the most there are.
const LIMIT: usize = 100;
/// Updates are kept this long.
const KEPT_MS: i64 = 86_400_000;
/// After so long without updates the next one has any number.
const RENUMBERED_MS: i64 = 7 * 86_400_000;

/// An answer's envelope.
#[derive(Deserialize)]
struct Envelope<T> {
    ok: bool,
    result: Option<T>,
    #[serde(default)]
    error_code: u16,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
}

/// A method of the Bot API, behind the token.
pub(super) struct Bot {
    pub(super) config: Config,
    pub(super) http: Http,
}

impl Bot {
    fn request(&self, method: &str) -> Request {
        let path = format!("/bot{}/{method}", self.config.token.expose());
        Request::post(&self.config.api_url, &path).label(&format!("/{method}"))
    }

    async fn call<T: DeserializeOwned>(&self, method: &str, fields: &[(&str, &str)]) -> Result<T, Trouble> {
        let reply = self.http.send(self.request(method).form(fields)).await?;
        // Errors come in the same envelope; what is none of the API's is told by its status.
        let envelope: Envelope<T> = match reply.json() {
            Ok(envelope) => envelope,
            Err(malformed) => return Err(reply.success().err().unwrap_or(malformed)),
        };
        match (envelope.ok, envelope.result) {
            (true, Some(result)) => Ok(result),
            _ => Err(trouble(method, envelope.error_code, &envelope.parameters)),
        }
    }

    /// Tells Telegram where to send updates.
    pub(super) async fn set_webhook(&self, url: &str, secret: &str) -> Result<(), Trouble> {
        let fields = [("url", url), ("secret_token", secret), ("allowed_updates", KINDS)];
        self.call::<bool>("setWebhook", &fields).await.map(|_| ())
    }
}

fn trouble(method: &str, code: u16, parameters: &Parameters) -> Trouble {
    let (kind, why) = match code {
        401 | 404 => (TroubleKind::Unauthorized, "the token is not known"),
        403 => (TroubleKind::Forbidden, "the bot may not do this"),
        409 => (
            TroubleKind::Rejected,
            "a webhook is set for this bot, or another program asks for its updates",
        ),
        429 => (TroubleKind::Limited, "too many requests"),
        500.. => (TroubleKind::Server, "the server failed"),
        _ => (TroubleKind::Rejected, "the request was refused"),
    };
    Trouble::new(kind, format!("/{method}: {why} ({code})"))
        .after(parameters.retry_after.map(Duration::from_secs))
}

/// The long poll. Its cursor is `<next update>@<when the last one came>`.
pub(super) struct Updates {
    bot: Bot,
    next: Option<i64>,
    /// Milliseconds since 1970.
    last_at: i64,
}

impl Updates {
    pub(super) fn new(bot: Bot, context: &Context) -> Self {
        let cursor = context.cursor.as_deref().and_then(read_cursor);
        if cursor.is_none() && context.cursor.is_some() {
            tracing::warn!("telegram: the stored cursor is none, taking what is still kept");
        }
        let now = now_ms();
        let (next, last_at) = cursor.map_or((None, now), |(next, at)| (Some(next), at));
        if now - last_at > KEPT_MS {
            context.health.gap(Gap {
                from: last_at,
                until: now - KEPT_MS,
                reason: "the source did not run for more than a day, and updates are kept no longer"
                    .to_owned(),
                repaired: false,
            });
        }
        Self { bot, next, last_at }
    }
}

impl Poll for Updates {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        // The question confirms all updates before `next`: it waits until the app has taken them.
        let most = context.out.max_capacity();
        if context.out.reserve_many(most).await.is_err() {
            return Ok(Round {
                next: Next::Done,
                ..Round::default()
            });
        }
        if now_ms() - self.last_at > RENUMBERED_MS {
            self.next = None;
        }
        let offset = self.next.map(|n| n.to_string());
        let (limit, wait) = (LIMIT.to_string(), self.bot.config.wait_seconds.to_string());
        let mut fields = vec![
            ("limit", &*limit),
            ("timeout", &*wait),
            ("allowed_updates", KINDS),
        ];
        fields.extend(offset.as_deref().map(|o| ("offset", o)));
        let updates: Vec<Box<RawValue>> = self.bot.call("getUpdates", &fields).await?;
        let mut delivery = Delivery::default();
        let newest = updates
            .iter()
            .filter_map(|update| batch(update.get(), &mut delivery, &context.health))
            .max();
        if let Some(newest) = newest {
            self.next = Some(newest.saturating_add(1));
            self.last_at = now_ms();
            delivery.cursor = self.next.map(|next| format!("{next}@{}", self.last_at));
        }
        // An empty answer came after the wait. Where none was asked for, not at once again.
        let next = match (updates.is_empty(), self.bot.config.wait_seconds) {
            (true, 0) => Next::After(Duration::from_secs(1)),
            _ => Next::Now,
        };
        Ok(Round { delivery, next })
    }

    fn backoff(&self, trouble: &Trouble) -> (Duration, Duration) {
        match trouble.kind {
            // Two that ask each end the other's question: no haste.
            TroubleKind::Rejected => (Duration::from_secs(30), Duration::from_secs(600)),
            TroubleKind::Limited => (Duration::from_secs(1), Duration::from_secs(600)),
            _ => crate::poll::default_backoff(trouble),
        }
    }
}

fn read_cursor(cursor: &str) -> Option<(i64, i64)> {
    let (next, at) = cursor.split_once('@')?;
    Some((next.parse().ok()?, at.parse().ok()?))
}

/// Sets the webhook, and then waits: what comes, comes by it.
pub(super) struct Webhook {
    pub(super) bot: Bot,
    pub(super) url: String,
    pub(super) secret: crate::Secret,
}

impl Poll for Webhook {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        self.bot.set_webhook(&self.url, self.secret.expose()).await?;
        context.health.connected();
        context.stopped().await;
        Ok(Round {
            next: Next::Done,
            ..Round::default()
        })
    }
}

#[derive(Deserialize)]
struct Me {
    #[serde(default)]
    can_read_all_group_messages: bool,
}

#[derive(Deserialize)]
struct WebhookInfo {
    #[serde(default)]
    url: String,
    #[serde(default)]
    pending_update_count: u64,
}

/// Says whether the bot is known and what it may read.
pub(super) async fn test(bot: &Bot, context: &Context) -> Result<(), SourceError> {
    let me: Me = bot.call("getMe", &[]).await?;
    let info: WebhookInfo = bot.call("getWebhookInfo", &[]).await?;
    let report = &context.report;
    report.say("the bot's token is good");
    report.say(if me.can_read_all_group_messages {
        "it reads every message of its groups, and the posts of channels that it administers"
    } else {
        "it reads the posts of channels that it administers, but of groups only what is addressed to it: its privacy mode is on"
    });
    report.say(match (info.url.is_empty(), &bot.config.webhook_url) {
        (true, None) => "updates are asked for",
        (true, Some(_)) => "no webhook is set yet: it will be when the source starts",
        (false, Some(_)) => "a webhook is set",
        (false, None) => "a webhook is set for this bot: updates cannot be asked for until it is removed",
    });
    report.say(format!("{} updates wait", info.pending_update_count));
    Ok(())
}
