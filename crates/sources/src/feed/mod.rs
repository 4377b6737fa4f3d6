//! RSS of every version, Atom and JSON Feed, many feeds in one source.
//!
//! `encoding` makes text of bytes, `tree` markup of text, `xml` and `jsonfeed` a [`Feed`] of either, `map` posts of a
//! feed; `fetch` asks one feed, `follow` all of them, each at its own pace, `seen` remembers what they showed.

mod config;
mod dates;
mod discover;
mod document;
mod encoding;
mod fetch;
mod follow;
mod jsonfeed;
mod map;
mod past;
mod seen;
mod tree;
mod xml;

pub use config::Config;
pub use document::{Content, Entry, Feed, FeedError, read};
pub use map::posts;

use crate::error::{Refused, SourceError};
use crate::http::{Dialect, Http};
use crate::poll;
use crate::recorded::{self, Recorded};
use crate::registry::{Doc, Each, ParseInput, Registration};
use crate::source::{Ability, Context, RunFuture, Source, SourceEvent, Task};
use std::io::{self, Cursor, Read};

/// This connector's name.
pub const CONNECTOR: &str = "feed";
/// The platform's name in uids and posts.
pub const PLATFORM: &str = "news";
/// The most bytes of one recording.
const MAX_DOCUMENT: u64 = 256 << 20;

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: CONNECTOR,
    title: "RSS, Atom and JSON Feed",
    doc: Doc {
        reads: "The entries of feeds as articles: RSS 0.9 to 2.0, Atom, JSON Feed, up to 200 feeds in one source. A page \
                that names its feed will do. Entries whose words change are edits. The first run delivers what the feeds \
                show; older documents are read back where a feed names them.",
        needs: "No key. The addresses, or an OPML file.",
        limits: "Each feed is asked every ten minutes at most, less often where it or its server asks for that, and only \
                 for what has changed. One that fails is asked ever less often; one that is gone (410) no more.",
        keys_from: "No key is needed.",
        costs: "Nothing.",
        unseen: "What publishers leave out of their feeds: often the whole article, its comments and how many read \
                 it.",
        terms: "Those of each publisher: keep links and excerpts rather than whole articles where they ask for it.",
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

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(Feeds {
        config: Config::from_table(table)?,
    }))
}

/// The source.
struct Feeds {
    config: Config,
}

impl Source for Feeds {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        Box::pin(async move {
            let http = Http::new(Dialect::Silent, &context.health)?;
            match task {
                Task::Follow => poll::follow(follow::Follow::new(self.config, http, &context), context).await,
                Task::Past(asked) => {
                    poll::complete(past::Search::new(self.config, http, asked), context).await
                }
                Task::Test => past::test(self.config, &http, &context).await,
                Task::Recheck(_) => Err(SourceError::Unable("ask about posts again")),
            }
        })
    }
}

/// Reads a recorded feed of any form and encoding, or recorded exchanges.
pub fn parse(mut input: ParseInput, each: Each<'_>) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.reader.by_ref().take(MAX_DOCUMENT).read_to_end(&mut bytes)?;
    let mut one = |place: &str, found: Result<Feed, FeedError>| match found {
        Ok(feed) => {
            for post in posts(&feed).into_iter().filter(|p| !follow::says_nothing(p)) {
                each(Ok(SourceEvent::Post(Box::new(post))));
            }
            if feed.cut {
                each(Err(Refused::new(
                    "malformed",
                    place,
                    "the document is broken; read as far as it goes",
                )));
            }
        }
        Err(e) => each(Err(Refused::new("malformed", place, e.to_string()))),
    };
    match read(&bytes, None, None) {
        Err(FeedError::Empty) => {}
        // Exchanges are objects without items.
        Err(FeedError::NotAFeed) if bytes.trim_ascii_start().starts_with(b"{") => {
            let input = ParseInput {
                reader: Box::new(Cursor::new(bytes)),
                ..input
            };
            let mut refused = Vec::new();
            let mut exchange = |place: &str, recorded| match recorded {
                Recorded::Exchange {
                    url,
                    status: 200,
                    body,
                } => one(place, read(body.as_bytes(), None, Some(&url))),
                Recorded::Exchange { .. } => {}
                Recorded::Json(value) => one(place, read(value.to_string().as_bytes(), None, None)),
                Recorded::Text(_) => one(place, Err(FeedError::NotAFeed)),
            };
            recorded::read(input, &mut exchange, &mut |r| refused.push(r))?;
            refused.into_iter().for_each(|r| each(Err(r)));
        }
        found => one("", found),
    }
    Ok(())
}
