//! LinkedIn: the posts of one's own organisations and the comments under them (REST API). There is no public search.

mod client;
mod config;
mod exports;
mod little;
mod map;
mod organisations;

pub use config::Config;

use crate::error::{Refused, SourceError};
use crate::oauth::{ClientAuth, Flow};
use crate::recorded::{self, Recorded};
use crate::registry::{Doc, Each, ParseInput, Registration};
use crate::source::{Ability, Context, RunFuture, Source, SourceEvent, Task};
use crate::sweep::{self, Pace};
use serde_json::Value;
use serde_json::value::RawValue;
use std::io;

/// The platform's name in uids and posts.
pub const PLATFORM: &str = "linkedin";

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: PLATFORM,
    title: "LinkedIn",
    doc: Doc {
        reads: "The posts of organisations whose administrator the token's owner is, the comments and replies under recent \
                ones, and the number of reactions. The past of the organisations is read back.",
        needs: "A token with `r_organization_social` (and `r_organization_social_feed` for reactions), or a refresh token \
                with the application's id and secret. The Community Management API needs LinkedIn's approval.",
        limits: "There is no search of public posts and no list of mentions. Limits are per day and end at midnight UTC. Each \
                 version of the API is served for about a year: `version` must move on. Members have no name here, only a \
                 number. Media have no address.",
        keys_from: "An application with the Community Management API: https://www.linkedin.com/developers/apps; its \
                    token by signing in here.",
        costs: "Nothing; LinkedIn approves the application.",
        unseen: "All but the pages you administer: posts of others, mentions elsewhere, names of members.",
        terms: "Members' posts and comments may be kept for 48 hours, profiles for 24; an organisation's own posts longer. \
                Members' data may not be exported, nor used for advertising, sales or recruiting.",
    },
    keys: config::KEYS,
    abilities: &[Ability::Follow, Ability::Past, Ability::Recheck, Ability::Test],
    price: 0,
    quotas: &[],
    flow: Some(Flow {
        authorize: "https://www.linkedin.com/oauth/v2/authorization",
        token: "https://www.linkedin.com/oauth/v2/accessToken",
        scopes: &["r_organization_social", "r_organization_social_feed"],
        client: ClientAuth::Body,
        pkce: false,
    }),
    configure,
    hook: None,
    parse,
};

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(LinkedIn {
        config: Config::from_table(table)?,
    }))
}

/// The LinkedIn source.
struct LinkedIn {
    config: Config,
}

impl Source for LinkedIn {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        Box::pin(async move {
            let pace = Pace::new(self.config.poll_seconds, self.config.comment_days);
            let reader = organisations::Organisations::new(self.config, &context)?;
            sweep::run(reader, pace, task, context).await
        })
    }
}

/// Reads recorded answers of the REST API, and exported tables (CSV).
pub fn parse(input: ParseInput, each: Each<'_>) -> io::Result<()> {
    recorded::documents(input, each, &mut |recorded, each| match recorded {
        Recorded::Text(table) => exports::read(table, each),
        Recorded::Json(value) => find(value, each),
        Recorded::Exchange { .. } => {}
    })
}

/// Posts and comments at any depth.
fn find(value: &Value, each: Each<'_>) {
    match value {
        Value::Array(all) => all.iter().for_each(|v| find(v, each)),
        Value::Object(fields) => {
            let named = ["commentary", "message", "content"]
                .iter()
                .any(|k| fields.contains_key(*k));
            if let Some(raw) = named
                .then(|| RawValue::from_string(value.to_string()).ok())
                .flatten()
            {
                match map::item(&raw, map::Place::default()) {
                    Ok(Some(read)) => return each(Ok(SourceEvent::Post(Box::new(read.post)))),
                    Ok(None) => {}
                    Err(message) => each(Err(Refused::new("malformed", "", message))),
                }
            }
            fields.values().for_each(|v| find(v, each));
        }
        _ => {}
    }
}
