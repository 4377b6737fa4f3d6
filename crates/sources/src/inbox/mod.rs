//! Posts that any system pushes to a webhook, signed. It follows nothing: what is pushed is admitted and journaled
//! within the call.

mod config;

pub use config::{Config, Scheme};

use crate::error::SourceError;
use crate::file::{ColumnMap, FileOptions};
use crate::health::State;
use crate::push::{PushError, parse_push_as};
use crate::registry::{Doc, Each, ParseInput, Registration};
use crate::source::{Ability, Context, Delivery, RunFuture, Source, SourceEvent, Task};
use crate::webhook::{Hook, HookAnswer, HookRequest, same_secret, signed};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use foldhash::HashSet;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

/// This connector's name.
pub const CONNECTOR: &str = "webhook";
/// Calls remembered; of more within the tolerance the oldest could be played again.
const MAX_CALLS: usize = 100_000;
/// A longer id of a call is none.
const MAX_ID: usize = 256;

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: CONNECTOR,
    title: "Webhook",
    doc: Doc {
        reads: "Posts in the interchange form, pushed by any system: one object, an array, or one a line; fields of other \
                names by `map`.",
        needs: "A secret shared with the sender, which signs by Standard Webhooks, signs the body (X-Hub-Signature-256) \
                or shows it as a bearer token.",
        limits: "32 MiB and 10,000 posts a call. A call older than five minutes, or played again, is not taken.",
        keys_from: "A secret of your own choice, told to the sender as well.",
        costs: "Nothing.",
        unseen: "What the sender does not send.",
        terms: "Those of whoever the posts come from.",
    },
    keys: config::KEYS,
    abilities: &[Ability::Follow, Ability::Test],
    price: 0,
    quotas: &[],
    flow: None,
    configure,
    hook: Some(hook),
    parse,
};

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Config::from_table(table)?;
    Ok(Box::new(Waiting))
}

fn hook(table: toml::Table) -> Result<Box<dyn Hook>, SourceError> {
    Ok(Box::new(Inbox::new(Config::from_table(table)?)))
}

/// Nothing to do: posts come by the hook.
struct Waiting;

impl Source for Waiting {
    fn run(self: Box<Self>, task: Task, mut context: Context) -> RunFuture {
        Box::pin(async move {
            match task {
                Task::Follow => {
                    context.health.set_state(State::Live);
                    context.stopped().await;
                    context.health.set_state(State::Done);
                    Ok(())
                }
                Task::Test => {
                    context
                        .report
                        .say("it waits to be called; there is nothing to connect to");
                    Ok(())
                }
                Task::Past(_) => Err(SourceError::Unable("search the past")),
                Task::Recheck(_) => Err(SourceError::Unable("ask about posts again")),
            }
        })
    }
}

/// What answers.
struct Inbox {
    config: Config,
    options: FileOptions,
    calls: Mutex<Calls>,
}

/// Calls taken within the tolerance: when, which.
#[derive(Default)]
struct Calls {
    order: VecDeque<(i64, String)>,
    known: HashSet<String>,
}

/// Why a call is not taken.
enum Refusal {
    Unsigned,
    Repeated,
}

impl Inbox {
    fn new(config: Config) -> Self {
        let map = ColumnMap::from_table(&config.map).unwrap_or_default();
        let options = FileOptions {
            map,
            platform: config.platform.clone(),
            keep_ids: config.keep_ids,
            ..FileOptions::default()
        };
        Self {
            options,
            config,
            calls: Mutex::default(),
        }
    }

    fn check(&self, request: &HookRequest<'_>) -> Result<(), Refusal> {
        let secret = self.config.secret.expose();
        let header = |name| request.header(name).unwrap_or_default();
        let good = match self.config.scheme {
            Scheme::Standard => return self.standard(request),
            Scheme::Sha256 => signed(secret.as_bytes(), request.body, header("x-hub-signature-256")),
            Scheme::Bearer => {
                let (scheme, shown) = header("authorization").split_once(' ').unwrap_or_default();
                scheme.eq_ignore_ascii_case("bearer") && same_secret(shown.trim(), secret)
            }
        };
        if good { Ok(()) } else { Err(Refusal::Unsigned) }
    }

    /// Standard Webhooks: one of the signatures is over id, time and body; the time is near. A sender that tries again
    /// signs the same id with a new time: such a call is taken, since the first may not have come through, and its posts
    /// are known by their uids. The same id with the same time is the same call played again.
    fn standard(&self, request: &HookRequest<'_>) -> Result<(), Refusal> {
        let header = |name| request.header(name).unwrap_or_default();
        let (id, time) = (header("webhook-id"), header("webhook-timestamp"));
        let seconds: i64 = time.parse().map_err(|_| Refusal::Unsigned)?;
        let tolerance = i64::from(self.config.tolerance_seconds) * 1000;
        let age = request.now.saturating_sub(seconds.saturating_mul(1000));
        if id.is_empty() || id.len() > MAX_ID || age.abs() > tolerance {
            return Err(Refusal::Unsigned);
        }
        let key = self.config.key().unwrap_or_default();
        let matches = |signature: &str| {
            let wanted = signature
                .strip_prefix("v1,")
                .and_then(|s| BASE64_STANDARD.decode(s).ok());
            let (Some(wanted), Ok(mut mac)) = (wanted, Hmac::<Sha256>::new_from_slice(&key)) else {
                return false;
            };
            mac.update(format!("{id}.{time}.").as_bytes());
            mac.update(request.body);
            mac.verify_slice(&wanted).is_ok()
        };
        if !header("webhook-signature").split(' ').take(16).any(matches) {
            return Err(Refusal::Unsigned);
        }
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.note(format!("{time}.{id}"), request.now, tolerance) {
            Ok(())
        } else {
            Err(Refusal::Repeated)
        }
    }
}

impl Calls {
    /// Notes a call; `false` where it is known. Those too old to be taken anyway are forgotten.
    fn note(&mut self, call: String, now: i64, tolerance: i64) -> bool {
        while self.order.len() >= MAX_CALLS
            || self.order.front().is_some_and(|(at, _)| now - at > 2 * tolerance)
        {
            if let Some((_, old)) = self.order.pop_front() {
                self.known.remove(&old);
            }
        }
        let new = self.known.insert(call.clone());
        if new {
            self.order.push_back((now, call));
        }
        new
    }
}

impl Hook for Inbox {
    fn answer(&self, request: &HookRequest<'_>) -> HookAnswer {
        if request.method != "POST" {
            return HookAnswer::text(405, "POST only");
        }
        match self.check(request) {
            Ok(()) => {}
            Err(Refusal::Unsigned) => return HookAnswer::text(401, "not signed as it must be"),
            Err(Refusal::Repeated) => return counts(Delivery::default()),
        }
        match parse_push_as(request.body, &self.options) {
            Ok(items) => {
                let mut delivery = Delivery::default();
                for item in items {
                    match item {
                        Ok(post) => delivery.events.push(SourceEvent::Post(Box::new(post))),
                        Err(refused) => delivery.refused.push(refused),
                    }
                }
                counts(delivery)
            }
            Err(e @ (PushError::TooLong(_) | PushError::TooMany(_))) => HookAnswer::text(413, e.to_string()),
            Err(PushError::NotUtf8(_)) => HookAnswer::text(400, "not UTF-8"),
            Err(PushError::Empty) => HookAnswer::text(400, "the body is empty"),
            Err(PushError::Malformed(_)) => HookAnswer::text(400, "neither JSON nor JSON Lines"),
        }
    }
}

fn counts(delivery: Delivery) -> HookAnswer {
    HookAnswer {
        body: format!(
            "{{\"accepted\":{},\"refused\":{}}}",
            delivery.events.len(),
            delivery.refused.len()
        ),
        content_type: "application/json",
        ..HookAnswer::taken(delivery)
    }
}

/// Reads recorded bodies.
fn parse(mut input: ParseInput, each: Each<'_>) -> io::Result<()> {
    let mut body = Vec::new();
    let bound = crate::push::MAX_PUSH_BYTES as u64 + 1;
    input.reader.by_ref().take(bound).read_to_end(&mut body)?;
    match parse_push_as(&body, &input.file) {
        Ok(items) => items
            .into_iter()
            .for_each(|i| each(i.map(|post| SourceEvent::Post(Box::new(post))))),
        Err(PushError::Empty) => {}
        Err(e) => each(Err(crate::error::Refused::new("malformed", "", e.to_string()))),
    }
    Ok(())
}
