//! Facebook pages: posts, what tags them, comments (Graph API), and webhooks.

mod change;
mod config;
mod map;
mod pages;

pub use config::Config;

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
pub const PLATFORM: &str = "facebook";

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: PLATFORM,
    title: "Facebook Pages",
    doc: Doc {
        reads: "The posts on pages, public posts by others that tag them, and the comments and replies under recent posts. \
                Through its webhook, comments, edits, removals and hidden posts as they happen. The past of the pages is \
                read back.",
        needs: "A token with `pages_read_engagement` and `pages_read_user_content`: of a page, or of a user or system user \
                who manages the pages. Pages of others need the Page Public Content Access of an App Review. The webhook \
                needs `app_secret` and `verify_token`, and a subscription to `feed` and `mention`.",
        limits: "The platform tells the share of its limit that is used (`X-App-Usage`, `X-Business-Use-Case-Usage`); the \
                 connector stops at 95 % until the platform lets it in again. There is no search of public posts. Reactions \
                 are counted, never told one by one.",
        keys_from: "A Meta app: https://developers.facebook.com/apps; a page's token from its Graph API Explorer or \
                    from signing in here.",
        costs: "Nothing; Meta reviews the app before it may read pages of others.",
        unseen: "What people write on their own profiles and in groups, posts that do not tag the page, and who \
                 reacted.",
        terms: "Posts that are removed must go, and everything of a person who asks Meta for it: the webhook's address is \
                also the data-deletion callback. Keep data only as long as it is needed.",
    },
    keys: config::KEYS,
    abilities: &[Ability::Follow, Ability::Past, Ability::Recheck, Ability::Test],
    price: 0,
    quotas: &[],
    flow: Some(Flow {
        authorize: "https://www.facebook.com/v24.0/dialog/oauth",
        token: "https://graph.facebook.com/v24.0/oauth/access_token",
        scopes: &[
            "pages_show_list",
            "pages_read_engagement",
            "pages_read_user_content",
        ],
        client: ClientAuth::Body,
        pkce: false,
    }),
    configure,
    hook: Some(hook),
    parse,
};

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(Facebook {
        config: Config::from_table(table)?,
    }))
}

fn hook(table: toml::Table) -> Result<Box<dyn Hook>, SourceError> {
    let keys = Config::from_table(table)?.hook_keys();
    MetaHook::make(PLATFORM, keys, change::change)
}

/// The Facebook source.
struct Facebook {
    config: Config,
}

impl Source for Facebook {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        Box::pin(async move {
            let pace = Pace::new(self.config.poll_seconds, self.config.comment_days);
            let reader = pages::Pages::new(self.config, &context)?;
            sweep::run(reader, pace, task, context).await
        })
    }
}

/// Reads recorded answers of the Graph API and webhook bodies.
pub fn parse(input: ParseInput, each: Each<'_>) -> io::Result<()> {
    recorded::posts(input, each, |value, each| change::recorded(value, None, each))
}
