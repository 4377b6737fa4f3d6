//! Reddit: subreddits, searches and threads through the Data API, and asking again about what was deleted.

mod api;
mod config;
mod follow;
mod listing;
mod map;
mod past;
mod query;
mod tree;
mod wire;

pub use config::Config;

use crate::error::SourceError;
use crate::oauth::{ClientAuth, Flow};
use crate::poll;
use crate::recorded;
use crate::registry::{Doc, Each, ParseInput, Registration};
use crate::source::{Ability, Context, RunFuture, Source, Task};
use std::io;

/// The platform's name in uids and posts.
pub const PLATFORM: &str = "reddit";

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: PLATFORM,
    title: "Reddit",
    doc: Doc {
        reads: "Posts and comments of the subreddits you name, posts found by searches of your own and by what the monitors \
                look for, and whole threads. Crossposts come with the text of what they repeat. The past is searched by \
                words.",
        needs: "An app registered at Reddit (its id and secret), and the name of the account behind it; a refresh token of an \
                account reads as that account. Commercial use needs a contract with Reddit.",
        limits: "100 requests a minute, averaged over ten minutes: the connector keeps to what Reddit says is left. Lists end \
                 near 1,000 items; what lies behind is reported as a gap. Searches find posts, not comments.",
        keys_from: "An app of the kind script: https://www.reddit.com/prefs/apps.",
        costs: "Nothing for non-commercial use; commercial use needs a contract with Reddit.",
        unseen: "Private subreddits, comments outside the subreddits and threads that are followed, and what lies \
                 behind a list's last 1,000 items.",
        terms: "What is deleted at Reddit must go, and the ids of authors whose account is deleted: every post is asked about \
                again within 48 hours. No export in bulk.",
    },
    keys: config::KEYS,
    abilities: &[Ability::Follow, Ability::Past, Ability::Recheck, Ability::Test],
    price: 0,
    quotas: &[],
    flow: Some(Flow {
        authorize: "https://www.reddit.com/api/v1/authorize?duration=permanent",
        token: "https://www.reddit.com/api/v1/access_token",
        scopes: &["read"],
        client: ClientAuth::Basic,
        pkce: false,
    }),
    configure,
    hook: None,
    parse,
};

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(Reddit {
        config: Config::from_table(table)?,
    }))
}

/// The Reddit source.
struct Reddit {
    config: Config,
}

impl Source for Reddit {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        Box::pin(async move {
            let api = api::Api::new(&self.config, &context)?;
            match task {
                Task::Follow => poll::follow(follow::Follow::new(self.config, api, &context), context).await,
                Task::Past(asked) => poll::complete(past::Search::new(api, asked, &context), context).await,
                Task::Recheck(uids) => poll::complete(past::Recheck::new(api, &uids), context).await,
                Task::Test => past::test(&api, &self.config.subreddits, &context).await,
            }
        })
    }
}

/// Reads recorded answers: documents, one a line, or recorded exchanges.
pub fn parse(input: ParseInput, each: Each<'_>) -> io::Result<()> {
    recorded::answers(input, each, |text| {
        wire::read(text).map(|found| (found.posts, found.refused))
    })
}
