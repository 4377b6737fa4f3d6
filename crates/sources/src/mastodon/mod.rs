//! Mastodon and servers with its API: any number of instances, streamed with a token, asked without one.
//!
//! A post is named by its `uri`, which is the same from every instance. `map` makes posts of statuses, `ask` and `live`
//! follow one instance, `lines` brings instances together, `past` searches, `recheck` looks posts up again.

mod ask;
mod config;
mod instance;
mod lines;
mod live;
mod map;
mod past;
mod recheck;
mod recorded;
mod status;
mod timeline;

pub use config::{Config, Feed, Transport};
pub use map::{Known, map, read_post};
pub use recorded::parse;
pub use status::Status;

use crate::error::SourceError;
use crate::http::{Dialect, Http, Trouble};
use crate::poll;
use crate::registry::{Doc, Registration};
use crate::source::{Ability, Context, RunFuture, Source, Task};

/// The platform's name in uids and posts.
pub const PLATFORM: &str = "mastodon";

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: PLATFORM,
    title: "Mastodon",
    doc: Doc {
        reads: "Public posts that the named instances see: all, their own, those of others, or those with hashtags. Edits \
                and deletes arrive by the stream. A post that several instances show is one post.",
        needs: "The instances' names. For the stream and the search a user token with `read:statuses` of each; without \
                one the public timeline is asked for, where the instance shows it to everybody.",
        limits: "300 requests in 5 minutes, for each account and address. A stream cannot be resumed: what was missed is \
                 fetched from the timelines. A delete names a post by the instance's own number: of posts older than \
                 its latest 10,000 it is found by looking them up again. Servers other than Mastodon may want \
                 signed requests for that; of those posts nothing is known.",
        keys_from: "On each instance, in Preferences under Development: an application with the scope read:statuses, \
                    and its access token.",
        costs: "Nothing.",
        unseen: "What the named instances never received, posts that are not public, and the text of accounts that \
                 did not opt in to being searched.",
        terms: "Each instance has its own terms. Deletes must be honoured. Only accounts that opted in to being searched \
                (`indexable`) keep their text; the others are counted only.",
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
    Ok(Box::new(Mastodon {
        config: Config::from_table(table)?,
    }))
}

struct Mastodon {
    config: Config,
}

impl Source for Mastodon {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        Box::pin(async move {
            let http = || Http::new(Dialect::IsoTime, &context.health);
            let instances = || -> Result<Vec<_>, Trouble> {
                let all = self.config.each_instance().into_iter();
                all.map(|i| Ok((i, http()?))).collect()
            };
            match task {
                Task::Follow => lines::follow(self.config, context).await,
                Task::Past(asked) => {
                    let search = past::Search::new(instances()?, asked, &context);
                    poll::complete(search, context).await
                }
                Task::Recheck(uids) => {
                    let objects_url = self.config.objects_url.clone();
                    // Other servers' headers say nothing of these instances' limits.
                    let others = Http::new(Dialect::Silent, &context.health)?;
                    let recheck = recheck::Recheck::new(instances()?, others, objects_url, uids);
                    poll::complete(recheck, context).await
                }
                Task::Test => recheck::test(&instances()?, &context).await,
            }
        })
    }
}
