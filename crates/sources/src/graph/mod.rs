//! What Meta's platforms (Facebook, Instagram, Threads) share: the Graph API.
//!
//! `client` asks and reads its errors, `token` renews long-lived tokens, `listing` pages, `shape` reads its polymorphic
//! JSON, `webhook` answers its calls.

mod client;
mod error;
mod listing;
pub(crate) mod shape;
mod token;
pub(crate) mod webhook;

pub(crate) use client::{Call, Graph};
pub(crate) use listing::Listing;
pub(crate) use token::{LongLived, Renewal};

use crate::time;
use post::RawPost;

/// The version of the Graph API asked for. Each lives about two years.
pub(crate) const VERSION: &str = "v24.0";

/// A fault where an id cannot stand in a path.
pub(crate) fn not_an_id(key: &str, id: &str) -> Option<String> {
    let good = !id.is_empty()
        && id.len() <= 128
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    (!good).then(|| format!("{key}: {id:?} is no id"))
}

/// `2021-07-09T19:09:52+0000`, or seconds since 1970.
pub(crate) fn when(written: &str) -> String {
    let seconds = written.trim().parse::<i64>().ok();
    // Some webhooks tell milliseconds.
    let number = seconds.and_then(|s| {
        if s > 100_000_000_000 {
            time::from_millis(s)
        } else {
            time::from_seconds(s)
        }
    });
    number.unwrap_or_else(|| time::in_utc(written))
}

/// Adds the hashtags and links of the text, for platforms that state none.
pub(crate) fn read_text(post: &mut RawPost) {
    for entity in text::entities(&post.text) {
        let list = match entity.kind {
            text::EntityKind::Hashtag => &mut post.hashtags,
            text::EntityKind::Url => &mut post.urls,
            _ => continue,
        };
        if !list.contains(&entity.value) {
            list.push(entity.value);
        }
    }
}

/// Adds the accounts named in the text, for platforms where `@name` is a handle and nothing else says so.
pub(crate) fn read_mentions(post: &mut RawPost) {
    for entity in text::entities(&post.text) {
        let named = |m: &post::RawMention| m.handle.as_deref() == Some(&entity.value);
        if entity.kind == text::EntityKind::Handle && !post.mentions.iter().any(named) {
            post.mentions.push(post::RawMention {
                id: None,
                handle: Some(entity.value),
            });
        }
    }
}
