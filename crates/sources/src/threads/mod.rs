//! Threads: an account's threads, replies and mentions, keyword search (Graph API), and webhooks.

mod account;
mod config;
mod map;
mod search;

pub use config::Config;

use crate::budget::{Limit, Period};
use crate::error::SourceError;
use crate::graph::webhook::MetaHook;
use crate::oauth::{ClientAuth, Flow};
use crate::recorded;
use crate::registry::{Doc, Each, ParseInput, Registration};
use crate::source::{Ability, Context, RunFuture, Source, Task};
use crate::sweep::{self, Pace};
use crate::webhook::Hook;
use std::io;

/// The platform's name in uids and posts.
pub const PLATFORM: &str = "threads";
/// The platform's quota of searches.
pub const SEARCHES: &str = "searches";
const SEARCHES_A_DAY: u64 = 2200;

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: PLATFORM,
    title: "Threads",
    doc: Doc {
        reads: "An account's own threads and the conversations under recent ones, threads that mention it, and public \
                threads found by keyword or topic tag, now and in the past. Through its webhook, replies and mentions as \
                they happen.",
        needs: "A token of the account with `threads_basic`, and `threads_read_replies`, `threads_manage_mentions`, \
                `threads_keyword_search` for what each is named after. Without approval a search finds the account's own \
                threads only.",
        limits: "2,200 searches a day that find something; the connector spreads them over the day. Searches by words the \
                 platform holds for sensitive find nothing. Authors have a name, no id. Threads tells no number of likes. \
                 Threads found by searching may not be readable again: they go when they expire.",
        keys_from: "A Meta app with Threads: https://developers.facebook.com/apps; the account's token by signing in \
                    here.",
        costs: "Nothing; Meta reviews the app before it may search.",
        unseen: "Numbers of likes, private profiles, authors' ids and, without approval, threads of others that a \
                 search would find.",
        terms: "Everything of a person who asks Meta for it must go: the webhook's address is also the data-deletion \
                callback. Keep data only as long as it is needed.",
    },
    keys: config::KEYS,
    abilities: &[Ability::Follow, Ability::Past, Ability::Recheck, Ability::Test],
    price: 0,
    quotas: &[Limit {
        unit: SEARCHES,
        period: Period::Day,
        most: SEARCHES_A_DAY,
    }],
    flow: Some(Flow {
        authorize: "https://threads.net/oauth/authorize",
        token: "https://graph.threads.net/oauth/access_token",
        scopes: &[
            "threads_basic",
            "threads_read_replies",
            "threads_manage_mentions",
            "threads_keyword_search",
        ],
        client: ClientAuth::Body,
        pkce: false,
    }),
    configure,
    hook: Some(hook),
    parse,
};

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(Threads {
        config: Config::from_table(table)?,
    }))
}

fn hook(table: toml::Table) -> Result<Box<dyn Hook>, SourceError> {
    let keys = Config::from_table(table)?.hook_keys();
    MetaHook::make(PLATFORM, keys, map::change)
}

/// The Threads source.
struct Threads {
    config: Config,
}

impl Source for Threads {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        Box::pin(async move {
            let pace = Pace::new(self.config.poll_seconds, self.config.reply_days);
            let reader = account::Account::new(self.config, &context)?;
            sweep::run(reader, pace, task, context).await
        })
    }
}

/// Reads recorded answers of the Threads API and webhook bodies.
pub fn parse(input: ParseInput, each: Each<'_>) -> io::Result<()> {
    recorded::posts(input, each, map::recorded)
}
