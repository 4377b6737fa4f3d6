//! X (Twitter): the filtered stream with rules made from what is wanted, the past by search, deletions by compliance
//! jobs or streams; and archives in every form the platform has had.

mod api;
mod compliance;
mod config;
mod documents;
mod fields;
mod frame;
mod gnip;
mod live;
mod map;
mod recheck;
mod rules;
mod search;
mod sync;
mod v1;
mod v2;

pub use config::{Config, Which};
pub use documents::read;
pub use frame::{Item, decode};

use crate::error::{Refused, SourceError};
use crate::poll;
use crate::recorded::{self, Recorded};
use crate::registry::{Doc, Each, ParseInput, Registration};
use crate::source::{Ability, Context, RunFuture, Source, SourceEvent, Task};
use crate::stream;
use api::Api;
use serde_json::Value;
use std::io;

/// The platform's name in uids and posts.
pub const PLATFORM: &str = "x";

/// Half a cent a post read, in millionths of a dollar (docs.x.com, "Pricing", 2026).
const PRICE: u64 = 5_000;

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: PLATFORM,
    title: "X",
    doc: Doc {
        reads: "Posts, replies, reposts and quotes that match rules made from the monitors, as they are published; their \
                edits; the last seven days by search (with access to it, the whole archive); with Enterprise access, \
                deletions, withholdings and accounts that are gone. Recorded archives in the API's second and first \
                version and in Gnip's form.",
        needs: "An app's bearer token, and credits: X bills each post read. Whole-archive search, the repetition of what \
                was missed and the compliance streams need further access.",
        limits: "One connection, 1,000 rules of 1,024 characters and three million posts a month without Enterprise \
                 access. Posts are paid for from the budget a hundred ahead, and the stream is closed before it is used \
                 up. What a cut connection missed is searched for. Words without accents find only words without \
                 accents there, and beginnings of words cannot be asked for.",
        keys_from: "The developer portal: https://developer.x.com; the project's app, under Keys and tokens.",
        costs: "Half a US cent for each post read, from credits bought beforehand; a budget stops the source before \
                they are used up.",
        unseen: "Protected accounts, direct messages, posts that no monitor asks for and, without further access, \
                 posts older than seven days and deletions as they happen.",
        terms: "What is deleted, edited, protected or withheld on X must be so here within 24 hours: posts are asked \
                about again by compliance jobs, which cost nothing. Health, politics, religion, ethnicity, sex life, \
                union membership or crime of a person must never be derived. Only ids may be handed on in bulk, and at \
                most 500 whole posts a person and day. Places are kept as country and region, never as points.",
    },
    keys: config::KEYS,
    abilities: &[Ability::Follow, Ability::Past, Ability::Recheck, Ability::Test],
    price: PRICE,
    quotas: &[],
    flow: None,
    configure,
    hook: None,
    parse,
};

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(X {
        config: Config::from_table(table)?,
    }))
}

/// The X source.
struct X {
    config: Config,
}

impl Source for X {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        Box::pin(async move {
            let api = Api::new(self.config, &context.health)?;
            match task {
                Task::Follow => stream::follow(live::Live::new(api, &context), context).await,
                Task::Past(asked) => {
                    poll::complete(search::PastSearch::new(api, asked, &context), context).await
                }
                Task::Recheck(uids) => poll::complete(recheck::Recheck::new(api, &uids), context).await,
                Task::Test => test(&api, &context).await,
            }
        })
    }
}

/// Looks at the rules, which costs nothing.
async fn test(api: &Api, context: &Context) -> Result<(), SourceError> {
    let standing = sync::standing(api, &sync::list(api).await?);
    let report = &context.report;
    report.say("the bearer token is accepted");
    report.say(format!(
        "the app has {} rules of ours and {} of others",
        standing.ours, standing.others
    ));
    if standing.others > 0 {
        report.say("rules of others on the same app deliver, and cost, here as well");
    }
    let wanted = context.wanted.borrow().clone();
    let made = |wish: &crate::wanted::Wanted| rules::rules(&wish.sought, api.config.rule_chars);
    let (can, cannot): (Vec<_>, Vec<_>) = wanted.iter().map(made).partition(Option::is_some);
    let rules: usize = can.iter().flatten().map(Vec::len).sum();
    report.say(format!(
        "what is wanted makes {rules} rules; {} monitors cannot be asked for",
        cannot.len()
    ));
    Ok(())
}

/// Reads recorded input in any form X has had.
pub fn parse(input: ParseInput, each: Each<'_>) -> io::Result<()> {
    let mut refused: Vec<Refused> = Vec::new();
    recorded::read(
        input,
        &mut |place, recorded| {
            let value = match recorded {
                Recorded::Json(value) => Ok(value),
                Recorded::Exchange { body, .. } if body.trim().is_empty() => return,
                Recorded::Exchange { body, .. } => {
                    crate::json::parse::<Value>(&body).map_err(|e| frame::malformed(place, &e))
                }
                Recorded::Text(_) => Err(Refused::new("malformed", place, "no JSON")),
            };
            match value {
                Ok(value) => read(&value, place, &mut |item| hand_on(item, each)),
                Err(refused) => each(Err(refused)),
            }
        },
        &mut |r| refused.push(r),
    )?;
    refused.into_iter().for_each(|r| each(Err(r)));
    Ok(())
}

fn hand_on(item: Result<Item, Refused>, each: &mut dyn FnMut(Result<SourceEvent, Refused>)) {
    match item {
        Ok(Item::Post(post)) => each(Ok(SourceEvent::Post(post))),
        Ok(Item::AuthorGone(author_id)) => each(Ok(SourceEvent::AuthorGone {
            platform: PLATFORM,
            author_id,
        })),
        Ok(Item::End(_) | Item::Ignored) => {}
        Err(refused) => each(Err(refused)),
    }
}
