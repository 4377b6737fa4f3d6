//! Bluesky: the public stream (Jetstream) over a WebSocket, without a key.
//!
//! `client` follows the stream, `frame` reads one message of it, `record` maps a post record, `documents` finds
//! posts in other recorded forms.

mod client;
mod config;
mod documents;
mod embed;
mod frame;
mod record;

pub use client::Bluesky;
pub use config::Config;
pub use documents::parse;
pub use frame::{Collection, Decoded, Item, decode};

use crate::error::SourceError;
use crate::registry::{Doc, Registration};
use crate::source::{Ability, Source};

/// The platform's name in uids and posts.
pub const PLATFORM: &str = "bluesky";

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: PLATFORM,
    title: "Bluesky",
    doc: Doc {
        reads: "The public stream of posts (Jetstream). Edits, deletes and account removals arrive as they happen.",
        needs: "No key.",
        limits: "After an interruption it resumes where it stopped, up to about 36 hours back.",
        terms: "Posts that their authors delete must be deleted, and those of accounts that are gone.",
    },
    keys: config::KEYS,
    abilities: &[Ability::Follow],
    price: 0,
    quotas: &[],
    flow: None,
    configure,
    hook: None,
    parse,
};

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(Bluesky::new(Config::from_table(table)?)))
}
