//! Walking from the last item seen to the newest, and asking again about those that changed.

use super::config::Config;
use super::{PLATFORM, map};
use crate::error::{Refused, SourceError};
use crate::http::{Http, Request, Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round, now_ms};
use crate::source::{Context, Delivery, SourceEvent};
use futures_util::future::join_all;
use post::{Event, RawPost};
use serde::Deserialize;
use serde_json::Value;
use std::collections::VecDeque;
use std::time::Duration;

/// Items asked for at once.
const TOGETHER: usize = 20;
/// Items that are not visible yet and are asked for again; of more, the oldest are given up.
const MAX_HIDDEN: usize = 64;
/// How often an item that is not visible yet is asked for again.
const TRIES: u8 = 20;

/// The state of the walk. Its cursor is `<next item>;<hidden item>,…`.
pub(super) struct Walk {
    config: Config,
    http: Http,
    /// The first item not asked for; `None` before the first answer.
    next: Option<u64>,
    newest: u64,
    hidden: Vec<(u64, u8)>,
    changed: VecDeque<u64>,
    /// What the next round is for.
    turn: Turn,
}

#[derive(Clone, Copy, PartialEq)]
enum Turn {
    Newest,
    Updates,
    Items,
}

#[derive(Deserialize)]
struct Updates {
    #[serde(default)]
    items: Vec<u64>,
}

impl Walk {
    pub(super) fn new(config: Config, http: Http, context: &Context) -> Self {
        let cursor = context.cursor.as_deref().and_then(read_cursor);
        if cursor.is_none() && context.cursor.is_some() {
            tracing::warn!("hackernews: the stored cursor is none, starting now");
        }
        let (next, hidden) = cursor.unzip();
        Self {
            config,
            http,
            next,
            newest: 0,
            hidden: hidden
                .unwrap_or_default()
                .into_iter()
                .map(|id| (id, TRIES))
                .collect(),
            changed: VecDeque::new(),
            turn: Turn::Newest,
        }
    }

    fn cursor(&self) -> Option<String> {
        let hidden: Vec<String> = self.hidden.iter().map(|(id, _)| id.to_string()).collect();
        Some(format!("{};{}", self.next?, hidden.join(",")))
    }

    /// The items of the next request: new ones, then hidden ones, then changed ones.
    fn choose(&self) -> Vec<(u64, Why)> {
        let next = self.next.unwrap_or(u64::MAX);
        let new = (next..=self.newest).map(|id| (id, Why::New));
        let hidden = self.hidden.iter().map(|(id, _)| (*id, Why::Hidden));
        let changed = self.changed.iter().map(|id| (*id, Why::Changed));
        if next <= self.newest {
            return new.take(TOGETHER).collect();
        }
        hidden.chain(changed).take(TOGETHER).collect()
    }

    async fn items(&mut self, context: &Context) -> Result<Round, Trouble> {
        let chosen = self.choose();
        let asked = join_all(chosen.iter().map(|(id, _)| item(&self.http, &self.config, *id))).await;
        // All or nothing: what failed is asked for again with the others.
        let answers: Vec<Value> = asked.into_iter().collect::<Result<_, _>>()?;
        let mut delivery = Delivery::default();
        for ((id, why), answer) in chosen.into_iter().zip(answers) {
            self.settle(id, why, &answer);
            match map::read(answer) {
                Ok(Some(mut post)) => {
                    if why == Why::Changed && post.event == Event::Create {
                        post.event = Event::Edit;
                    }
                    context.health.arrived(now_ms(), lag(&post, why));
                    delivery.events.push(SourceEvent::Post(Box::new(post)));
                }
                Ok(None) => context.health.ignored(),
                Err(message) => delivery
                    .refused
                    .push(Refused::new("malformed", id.to_string(), message)),
            }
        }
        delivery.cursor = self.cursor();
        let more = !self.choose().is_empty() && self.choose().iter().any(|(_, why)| *why != Why::Hidden);
        let next = if more {
            Next::Now
        } else {
            self.turn = Turn::Newest;
            Next::After(Duration::from_secs_f64(self.config.poll_seconds))
        };
        Ok(Round { delivery, next })
    }

    /// Notes that an item was answered.
    fn settle(&mut self, id: u64, why: Why, answer: &Value) {
        let visible = !answer.is_null();
        match why {
            Why::New => {
                self.next = Some(id + 1);
                if !visible {
                    self.hidden.push((id, TRIES));
                    let extra = self.hidden.len().saturating_sub(MAX_HIDDEN);
                    self.hidden.drain(..extra);
                }
            }
            Why::Hidden => {
                for (_, tries) in self.hidden.iter_mut().filter(|(i, _)| *i == id) {
                    *tries = if visible { 0 } else { *tries - 1 };
                }
                self.hidden.retain(|(_, tries)| *tries > 0);
            }
            Why::Changed => self.changed.retain(|i| *i != id),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Why {
    New,
    Hidden,
    Changed,
}

impl Poll for Walk {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        match self.turn {
            Turn::Newest => {
                self.newest = newest(&self.http, &self.config).await?;
                // The first run starts with what comes next.
                self.next.get_or_insert(self.newest + 1);
                self.turn = Turn::Updates;
                Ok(Round {
                    delivery: Delivery {
                        cursor: self.cursor(),
                        ..Delivery::default()
                    },
                    next: Next::Now,
                })
            }
            Turn::Updates => {
                let request = Request::get(&self.config.items_url, "/v0/updates.json");
                let updates: Updates = self.http.json(request).await?;
                let next = self.next.unwrap_or(0);
                self.changed = updates.items.into_iter().filter(|id| *id < next).collect();
                self.turn = Turn::Items;
                Ok(Round::default())
            }
            Turn::Items => self.items(context).await,
        }
    }
}

/// Asking whether items are still there.
pub(super) struct Recheck {
    config: Config,
    http: Http,
    ids: VecDeque<u64>,
}

impl Recheck {
    pub(super) fn new(config: Config, http: Http, uids: Vec<String>) -> Self {
        let id = |uid: &String| uid.strip_prefix(PLATFORM)?.strip_prefix(':')?.parse().ok();
        Self {
            config,
            http,
            ids: uids.iter().filter_map(id).collect(),
        }
    }
}

impl Poll for Recheck {
    async fn round(&mut self, _: &mut Context) -> Result<Round, Trouble> {
        let ids: Vec<u64> = self.ids.iter().take(TOGETHER).copied().collect();
        let asked = join_all(ids.iter().map(|id| item(&self.http, &self.config, *id))).await;
        let answers: Vec<Value> = asked.into_iter().collect::<Result<_, _>>()?;
        self.ids.drain(..ids.len());
        let mut delivery = Delivery::default();
        for answer in answers {
            if let Ok(Some(mut post)) = map::read(answer) {
                if post.event == Event::Create {
                    post.event = Event::Edit;
                }
                delivery.events.push(SourceEvent::Post(Box::new(post)));
            }
        }
        let next = if self.ids.is_empty() {
            Next::Done
        } else {
            Next::Now
        };
        Ok(Round { delivery, next })
    }
}

/// Says what the API shows now.
pub(super) async fn test(config: &Config, http: &Http, context: &Context) -> Result<(), SourceError> {
    let newest = newest(http, config).await?;
    context.report.say(format!("the newest item is number {newest}"));
    let answer = item(http, config, newest).await?;
    context.report.say(match map::read(answer) {
        Ok(Some(_)) => "it reads as a post",
        Ok(None) => "it is not visible yet, or no post",
        Err(_) => "it does not read as an item",
    });
    Ok(())
}

async fn newest(http: &Http, config: &Config) -> Result<u64, Trouble> {
    http.json(Request::get(&config.items_url, "/v0/maxitem.json"))
        .await
}

/// An item, `null` where it is not visible yet.
async fn item(http: &Http, config: &Config, id: u64) -> Result<Value, Trouble> {
    let request = Request::get(&config.items_url, &format!("/v0/item/{id}.json")).label("/v0/item");
    match http.json(request).await {
        Err(trouble) if trouble.kind == TroubleKind::Missing => Ok(Value::Null),
        other => other,
    }
}

fn lag(post: &RawPost, why: Why) -> Option<i64> {
    let created = post.created_at.as_deref().and_then(crate::time::millis)?;
    (why == Why::New).then_some(now_ms() - created)
}

fn read_cursor(cursor: &str) -> Option<(u64, Vec<u64>)> {
    let (next, hidden) = cursor.split_once(';')?;
    let hidden = hidden
        .split(',')
        .filter_map(|id| id.parse().ok())
        .take(MAX_HIDDEN);
    Some((next.parse().ok()?, hidden.collect()))
}
