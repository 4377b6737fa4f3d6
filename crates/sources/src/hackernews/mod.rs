//! Hacker News: every item in the order of its number (Firebase), and the past by search (Algolia). No key.

mod config;
mod map;
mod past;
mod walk;

pub use config::Config;
pub use map::{Item, map};

use crate::error::{Refused, SourceError};
use crate::http::{Dialect, Http};
use crate::poll;
use crate::recorded::{self, Recorded};
use crate::registry::{Doc, Each, ParseInput, Registration};
use crate::source::{Ability, Context, RunFuture, Source, SourceEvent, Task};
use serde_json::Value;
use std::io;

/// The platform's name in uids and posts.
pub const PLATFORM: &str = "hackernews";

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: PLATFORM,
    title: "Hacker News",
    doc: Doc {
        reads: "Every story, comment, poll and job, in the order of its number, and what was changed or deleted since. \
                The past is searched by words, back to 2007.",
        needs: "No key.",
        limits: "None is stated for reading items; searching allows about 10,000 requests an hour and shows at most 1,000 \
                 hits a question, so that the past is asked slice by slice.",
        keys_from: "No key is needed.",
        costs: "Nothing.",
        unseen: "Points of comments, and who voted.",
        terms: "Items that are deleted or dead must go.",
    },
    keys: config::KEYS,
    abilities: &[Ability::Follow, Ability::Past, Ability::Recheck, Ability::Test],
    price: 0,
    quotas: &[],
    flow: None,
    configure,
    hook: None,
    parse,
};

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(HackerNews {
        config: Config::from_table(table)?,
    }))
}

/// The Hacker News source.
struct HackerNews {
    config: Config,
}

impl Source for HackerNews {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        Box::pin(async move {
            let http = Http::new(Dialect::Silent, &context.health)?;
            match task {
                Task::Follow => poll::follow(walk::Walk::new(self.config, http, &context), context).await,
                Task::Past(asked) => {
                    poll::complete(past::Search::new(self.config, http, asked, &context), context).await
                }
                Task::Recheck(uids) => {
                    poll::complete(walk::Recheck::new(self.config, http, uids), context).await
                }
                Task::Test => walk::test(&self.config, &http, &context).await,
            }
        })
    }
}

/// Reads recorded items: one a line, an array, or recorded exchanges.
pub fn parse(input: ParseInput, each: Each<'_>) -> io::Result<()> {
    let mut refused: Vec<Refused> = Vec::new();
    recorded::read(
        input,
        &mut |place, recorded| {
            let value = match recorded {
                Recorded::Json(value) => value,
                Recorded::Exchange { body, .. } => match crate::json::parse(&body) {
                    Ok(value) => value,
                    Err(e) => return each(Err(Refused::new("malformed", place, e.to_string()))),
                },
                Recorded::Text(_) => return each(Err(Refused::new("malformed", place, "no JSON"))),
            };
            items(value, &mut |item| match map::read(item) {
                Ok(post) => {
                    if let Some(post) = post {
                        each(Ok(SourceEvent::Post(Box::new(post))));
                    }
                }
                Err(message) => each(Err(Refused::new("malformed", place, message))),
            });
        },
        &mut |r| refused.push(r),
    )?;
    refused.into_iter().for_each(|r| each(Err(r)));
    Ok(())
}

fn items(value: Value, each: &mut dyn FnMut(Value)) {
    match value {
        Value::Array(all) => all.into_iter().for_each(|v| items(v, each)),
        Value::Object(_) => each(value),
        _ => {}
    }
}
