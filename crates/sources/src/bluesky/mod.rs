//! Bluesky: the public stream (Jetstream) over a WebSocket, without a key; the past and look-ups by the search API.
//!
//! `client` follows the stream, `frame` reads one message of it, `record` maps a post record, `documents` finds
//! posts in other recorded forms, `search` asks the AppView.

mod client;
mod config;
mod documents;
mod embed;
mod frame;
mod record;
mod search;

pub use config::{Api, Config};
pub use documents::parse;
pub use frame::{Collection, Decoded, Item, decode};

use crate::error::SourceError;
use crate::http::{Dialect, Http};
use crate::registry::{Doc, Registration};
use crate::source::{Ability, Context, RunFuture, Source, Task};
use crate::{poll, stream};
use search::Views;

/// The platform's name in uids and posts.
pub const PLATFORM: &str = "bluesky";

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: PLATFORM,
    title: "Bluesky",
    doc: Doc {
        reads: "The public stream of posts (Jetstream). Edits, deletes and account removals arrive as they happen. The \
                past is searched, and posts are looked up again.",
        needs: "No key. Where a server answers searches only to people who are logged in: a handle and an app password.",
        limits: "After an interruption it resumes where it stopped, up to about 36 hours back; what is older is a gap, \
                 which is searched for. A server allows 3,000 requests in 5 minutes and 300 logins a day.",
        keys_from: "Only where a server wants it: an app password, https://bsky.app/settings/app-passwords.",
        costs: "Nothing.",
        unseen: "Direct messages, and what was missed in more than 36 hours without a connection and the search does \
                 not find any more.",
        terms: "Posts that their authors delete must be deleted, and those of accounts that are gone.",
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
    Ok(Box::new(Bluesky {
        config: Config::from_table(table)?,
    }))
}

/// The Bluesky source.
struct Bluesky {
    config: Config,
}

impl Source for Bluesky {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        Box::pin(async move {
            let http = Http::new(Dialect::Ietf, &context.health)?;
            if task == Task::Follow {
                let stream = client::Jetstream::new(self.config, http, &context);
                return stream::follow(stream, context).await;
            }
            let views = Views::new(&self.config, http, &context);
            match task {
                Task::Past(asked) => poll::complete(search::Search::new(views, asked), context).await,
                Task::Recheck(uids) => poll::complete(search::Recheck::new(views, uids), context).await,
                Task::Test | Task::Follow => {
                    client::test(&self.config, &context).await?;
                    search::test(&views, &context).await
                }
            }
        })
    }
}
