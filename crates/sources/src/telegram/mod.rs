//! Telegram: the posts of channels and groups that a bot can read (Bot API), asked for or sent to a webhook.

mod client;
mod config;
mod hook;
mod map;

pub use config::Config;
pub use map::{Message, Update};

use crate::error::{Refused, SourceError};
use crate::health::Health;
use crate::http::{Dialect, Http};
use crate::poll::{self, now_ms};
use crate::recorded::{self, Recorded};
use crate::registry::{Doc, Each, ParseInput, Registration};
use crate::source::{Ability, Context, Delivery, RunFuture, Source, SourceEvent, Task};
use client::Bot;
use post::Event;
use serde_json::Value;
use std::io;

/// The platform's name in uids and posts.
pub const PLATFORM: &str = "telegram";

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: PLATFORM,
    title: "Telegram",
    doc: Doc {
        reads: "Posts, edits and forwards of channels that the bot administers, and messages of groups that it is in. \
                Private chats are never delivered; chats without a public name are marked as not public.",
        needs: "A bot and its token. In groups the bot sees everything only with its privacy mode off. For a webhook, \
                an address that Telegram can reach.",
        limits: "Updates are kept for a day: a longer interruption is a gap. There is no search and no look-up, so no past \
                 and no re-check. One program at a time may ask for a bot's updates. Telegram tells bots nothing of deletions.",
        keys_from: "The bot that makes bots: https://t.me/BotFather.",
        costs: "Nothing.",
        unseen: "Channels that the bot does not administer, private chats, deletions, and what was written before the \
                 bot came.",
        terms: "Since deletions are never signalled, posts must expire: keep texts no longer than needed (90 days by \
                default) and delete on request.",
    },
    keys: config::KEYS,
    abilities: &[Ability::Follow, Ability::Test],
    price: 0,
    quotas: &[],
    flow: None,
    configure,
    hook: Some(hook::hook),
    parse,
};

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(Telegram {
        config: Config::from_table(table)?,
    }))
}

struct Telegram {
    config: Config,
}

impl Source for Telegram {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        Box::pin(async move {
            let http = Http::new(Dialect::Silent, &context.health)?;
            let webhook = self
                .config
                .webhook_url
                .clone()
                .zip(self.config.webhook_secret.clone());
            let bot = Bot {
                config: self.config,
                http,
            };
            match (task, webhook) {
                (Task::Follow, None) => poll::follow(client::Updates::new(bot, &context), context).await,
                (Task::Follow, Some((url, secret))) => {
                    poll::follow(client::Webhook { bot, url, secret }, context).await
                }
                (Task::Test, _) => client::test(&bot, &context).await,
                (Task::Past(_), _) => Err(SourceError::Unable("search the past")),
                (Task::Recheck(_), _) => Err(SourceError::Unable("look a post up")),
            }
        })
    }
}

/// Takes one update into a delivery; its number, where it has one.
fn batch(update: &str, delivery: &mut Delivery, health: &Health) -> Option<i64> {
    match crate::json::parse::<Update>(update) {
        Ok(update) => {
            let (number, before) = (update.update_id, delivery.events.len());
            for post in update.posts() {
                let at = post.edited_at.as_ref().or(post.created_at.as_ref());
                let lag = at.and_then(|t| crate::time::millis(t)).map(|t| now_ms() - t);
                health.arrived(now_ms(), lag);
                delivery.events.push(SourceEvent::Post(Box::new(post)));
            }
            if delivery.events.len() == before {
                health.ignored();
            }
            number
        }
        Err(e) => {
            let place = format!("line {}, column {}", e.line(), e.column());
            delivery
                .refused
                .push(Refused::new("malformed", place, "no such update"));
            number_of(update)
        }
    }
}

/// The number of an update that is malformed otherwise: without it the same update would come for ever.
fn number_of(update: &str) -> Option<i64> {
    crate::json::parse::<Value>(update)
        .ok()?
        .get("update_id")?
        .as_i64()
}

/// Reads recorded updates, messages, answers of `getUpdates`, and exchanges.
pub fn parse(input: ParseInput, each: Each<'_>) -> io::Result<()> {
    let mut refused: Vec<Refused> = Vec::new();
    recorded::read(
        input,
        &mut |place, recorded| {
            let value = match recorded {
                Recorded::Json(value) => Ok(value),
                Recorded::Exchange { body, .. } => crate::json::parse(&body).map_err(|e| e.to_string()),
                Recorded::Text(_) => Err("no JSON".to_owned()),
            };
            match value {
                Ok(value) => walk(value, place, each),
                Err(message) => each(Err(Refused::new("malformed", place, message))),
            }
        },
        &mut |r| refused.push(r),
    )?;
    refused.into_iter().for_each(|r| each(Err(r)));
    Ok(())
}

fn walk(value: Value, place: &str, each: Each<'_>) {
    let posts = match value {
        Value::Array(items) => return items.into_iter().for_each(|v| walk(v, place, each)),
        Value::Object(mut fields) if fields.contains_key("ok") => {
            return fields
                .remove("result")
                .into_iter()
                .for_each(|v| walk(v, place, each));
        }
        Value::Object(fields) if fields.contains_key("message_id") => {
            let event = if fields.contains_key("edit_date") {
                Event::Edit
            } else {
                Event::Create
            };
            serde_json::from_value::<Message>(Value::Object(fields))
                .map(|m| m.post(event).into_iter().collect())
        }
        value => serde_json::from_value::<Update>(value).map(|u| u.posts().collect::<Vec<_>>()),
    };
    match posts {
        Ok(posts) => posts
            .into_iter()
            .for_each(|post| each(Ok(SourceEvent::Post(Box::new(post))))),
        Err(e) => each(Err(Refused::new("malformed", place, e.to_string()))),
    }
}
