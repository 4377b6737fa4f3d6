//! YouTube: channels, their videos and comments, and searches, through the Data API v3.

mod api;
mod ask;
mod config;
mod follow;
mod map;
mod past;
mod query;
mod wire;

pub use config::Config;

use crate::budget::{Limit, Period};
use crate::error::SourceError;
use crate::oauth::{ClientAuth, Flow};
use crate::poll;
use crate::recorded;
use crate::registry::{Doc, Each, ParseInput, Registration};
use crate::source::{Ability, Context, RunFuture, Source, Task};
use std::io;

/// The platform's name in uids and posts.
pub const PLATFORM: &str = "youtube";

/// The quotas a project has until it asks for more.
const QUOTAS: &[Limit] = &[
    Limit {
        unit: api::SEARCH,
        period: Period::PacificDay,
        most: 100,
    },
    Limit {
        unit: api::UNITS,
        period: Period::PacificDay,
        most: 10_000,
    },
];

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: PLATFORM,
    title: "YouTube",
    doc: Doc {
        reads: "Videos of the channels you name with all comments and replies that concern them, videos found by searches of \
                your own and by what the monitors look for, and the comments of the latest of those. Counts are read again \
                with each list; what is hidden is not known. The past is searched by words.",
        needs: "A key of the YouTube Data API v3, or an OAuth client and an account that signs in.",
        limits: "100 searches a day and 10,000 units a day for everything else, from midnight to midnight in Los Angeles; a list \
                 costs one unit. Searches are spread over the day and stop before the bucket is empty, channels go on. A search \
                 shows about 500 videos. Edits of videos are seen among the latest 50 of a channel.",
        keys_from: "A project with the YouTube Data API v3: https://console.cloud.google.com/apis/credentials.",
        costs: "Nothing within the day's quota.",
        unseen: "Private and unlisted videos, comments where they are switched off, and what the day's 100 searches \
                 do not reach.",
        terms: "What is stored must be refreshed or deleted within 30 days. Scores derived from it, sentiment among them, are \
                allowed only to who has accepted the derived-metrics amendment, and must be labelled as not YouTube's. What \
                is gone at YouTube must go.",
    },
    keys: config::KEYS,
    abilities: &[Ability::Follow, Ability::Past, Ability::Recheck, Ability::Test],
    price: 0,
    quotas: QUOTAS,
    flow: Some(Flow {
        authorize: "https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent",
        token: "https://oauth2.googleapis.com/token",
        scopes: &["https://www.googleapis.com/auth/youtube.force-ssl"],
        client: ClientAuth::Body,
        pkce: true,
    }),
    configure,
    hook: None,
    parse,
};

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(YouTube {
        config: Config::from_table(table)?,
    }))
}

/// The YouTube source.
struct YouTube {
    config: Config,
}

impl Source for YouTube {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        Box::pin(async move {
            let api = api::Api::new(&self.config, &context)?;
            match task {
                Task::Follow => poll::follow(follow::Follow::new(self.config, api, &context), context).await,
                Task::Past(asked) => poll::complete(past::Search::new(api, asked, &context), context).await,
                Task::Recheck(uids) => poll::complete(past::Recheck::new(api, &uids), context).await,
                Task::Test => past::test(&api, &self.config, &context).await,
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
