//! GDELT: the world's online news in 65 languages, by the DOC 2.0 API. Headlines and links. No key.

mod client;
mod config;
mod map;
mod names;
mod query;
mod walk;

pub use config::Config;
pub use map::{Article, Articles, map};

use crate::error::{Refused, SourceError};
use crate::http::{Dialect, Http};
use crate::poll;
use crate::recorded::{self, Recorded};
use crate::registry::{Doc, Each, ParseInput, Registration};
use crate::source::{Ability, Context, RunFuture, Source, SourceEvent, Task};
use serde_json::Value;
use std::io::{self, Cursor, Read};

/// The platform's name in uids and posts.
pub const PLATFORM: &str = "gdelt";

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: PLATFORM,
    title: "GDELT",
    doc: Doc {
        reads: "Headlines and links of the world's online news that match the monitors, every quarter of an hour, with the \
                language and the site's country. The past is searched back to three months.",
        needs: "No key. A query, or monitors that can be asked for: GDELT searches the English translation of the whole \
                article; the monitors then see its headline alone.",
        limits: "One request in about five seconds and 250 articles an answer; a time with more is asked in slices. \
                 Words of fewer than three letters and prefixes cannot be asked for.",
        keys_from: "No key is needed.",
        costs: "Nothing.",
        unseen: "The articles' texts and authors, how many read them, sites that GDELT does not read, and what is \
                 older than three months.",
        terms: "GDELT and the publisher are to be named, with the link.",
    },
    keys: config::KEYS,
    abilities: &[Ability::Follow, Ability::Past, Ability::Test],
    price: 0,
    quotas: &[],
    flow: None,
    configure,
    hook: None,
    parse,
};

/// The most bytes of one recording.
const MAX_DOCUMENT: u64 = 256 << 20;

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(Gdelt {
        config: Config::from_table(table)?,
    }))
}

/// The source.
struct Gdelt {
    config: Config,
}

impl Source for Gdelt {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        Box::pin(async move {
            let http = Http::new(Dialect::Silent, &context.health)?;
            match task {
                Task::Follow => poll::follow(walk::Follow::new(self.config, http, &context), context).await,
                Task::Past(asked) => {
                    poll::complete(walk::Search::new(self.config, http, asked, &context), context).await
                }
                Task::Test => walk::test(&self.config, &http, &context).await,
                Task::Recheck(_) => Err(SourceError::Unable("ask about posts again")),
            }
        })
    }
}

/// Reads recorded lists of articles, recorded exchanges, or a mentions table (GDELT 2.0) with its header.
pub fn parse(mut input: ParseInput, each: Each<'_>) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.reader.by_ref().take(MAX_DOCUMENT).read_to_end(&mut bytes)?;
    if !bytes.trim_ascii_start().starts_with(b"{") && !bytes.is_empty() {
        return table(&bytes, each);
    }
    let input = ParseInput {
        reader: Box::new(Cursor::new(bytes)),
        ..input
    };
    let mut refused: Vec<Refused> = Vec::new();
    recorded::read(
        input,
        &mut |place, recorded| {
            let value = match recorded {
                Recorded::Json(value) => Ok(value),
                Recorded::Exchange { body, .. } => {
                    crate::json::parse::<Value>(&body).map_err(|e| e.to_string())
                }
                Recorded::Text(_) => Err("no JSON".to_owned()),
            };
            match value.and_then(|v| serde_json::from_value::<Articles>(v).map_err(|e| e.to_string())) {
                Ok(found) => {
                    for post in found.articles.into_iter().filter_map(map) {
                        each(Ok(SourceEvent::Post(Box::new(post))));
                    }
                }
                Err(message) => each(Err(Refused::new("malformed", place, message))),
            }
        },
        &mut |r| refused.push(r),
    )?;
    refused.into_iter().for_each(|r| each(Err(r)));
    Ok(())
}

fn table(bytes: &[u8], each: Each<'_>) -> io::Result<()> {
    let header = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let delimiter = if header.contains(&b'\t') { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(bytes);
    let header = reader.headers().map_err(io::Error::other)?;
    let header: csv::StringRecord = header.iter().map(|h| h.trim().to_ascii_lowercase()).collect();
    reader.set_headers(header);
    for row in reader.deserialize::<map::Mention>() {
        match row {
            Ok(row) => {
                if let Some(post) = map::mention(row) {
                    each(Ok(SourceEvent::Post(Box::new(post))));
                }
            }
            Err(e) => {
                let place = e
                    .position()
                    .map_or_else(String::new, |p| format!("line {}", p.line()));
                each(Err(Refused::new(
                    "malformed",
                    place,
                    "no row of a mentions table",
                )));
            }
        }
    }
    Ok(())
}
