//! Instagram: a professional account's media, comments, tags and mentions, hashtags (Graph API), and webhooks.

mod account;
mod config;
mod hashtags;
mod map;
mod mentions;

pub use config::{Config, Login};

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
pub const PLATFORM: &str = "instagram";

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: PLATFORM,
    title: "Instagram",
    doc: Doc {
        reads: "A professional account's own posts, the comments and replies under recent ones, media that tag it, captions \
                and comments that mention it, and public posts with hashtags. Through its webhook, comments and mentions as \
                they happen. The past of the account is read back.",
        needs: "A token of the account: by Instagram's login (`instagram_business_basic`, \
                `instagram_business_manage_comments`), or by Facebook's (`instagram_basic`, `instagram_manage_comments`) for \
                tags, mentions and hashtags; hashtags need Instagram Public Content Access (App Review).",
        limits: "30 different hashtags in any 7 days: the connector keeps the book. A hashtag shows the last 24 hours, without \
                 authors. Stories are not read. The platform tells the share of its limit that is used; the connector stops \
                 at 95 %. Posts found by hashtags or tags cannot be asked about again: they go when they expire.",
        keys_from: "A Meta app: https://developers.facebook.com/apps; the account's token by signing in here.",
        costs: "Nothing; Meta reviews the app before it may read hashtags.",
        unseen: "Stories, private and personal accounts, who wrote what a hashtag finds, and what under a hashtag is \
                 older than a day.",
        terms: "Everything of a person who asks Meta for it must go: the webhook's address is also the data-deletion \
                callback. No person may be identified by hashtag search. Keep data only as long as it is needed.",
    },
    keys: config::KEYS,
    abilities: &[Ability::Follow, Ability::Past, Ability::Recheck, Ability::Test],
    price: 0,
    quotas: &[],
    flow: Some(Flow {
        authorize: "https://www.instagram.com/oauth/authorize",
        token: "https://api.instagram.com/oauth/access_token",
        scopes: &["instagram_business_basic", "instagram_business_manage_comments"],
        client: ClientAuth::Body,
        pkce: false,
    }),
    configure,
    hook: Some(hook),
    parse,
};

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(Instagram {
        config: Config::from_table(table)?,
    }))
}

fn hook(table: toml::Table) -> Result<Box<dyn Hook>, SourceError> {
    let keys = Config::from_table(table)?.hook_keys();
    MetaHook::make(PLATFORM, keys, map::change)
}

/// The Instagram source.
struct Instagram {
    config: Config,
}

impl Source for Instagram {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        Box::pin(async move {
            let pace = Pace::new(self.config.poll_seconds, self.config.comment_days);
            let reader = account::Account::new(self.config, &context)?;
            sweep::run(reader, pace, task, context).await
        })
    }
}

/// Reads recorded answers of the Graph API and webhook bodies.
pub fn parse(input: ParseInput, each: Each<'_>) -> io::Result<()> {
    recorded::posts(input, each, map::recorded)
}
