//! The whole mention as bytes.
//!
//! Postcard, then one byte with the version of the post's form. Version 1 had no such byte: its last one is a letter of
//! a model's name, or the 0 of "no score", so it is never taken for a version.

use crate::mention::{Mention, Sentiment};
use post::{MentionId, POST_VERSION, PostV1};
use serde::Deserialize;

const VERSION: u8 = POST_VERSION as u8;

pub(super) fn write(mention: &Mention) -> Result<Vec<u8>, postcard::Error> {
    let mut bytes = postcard::to_stdvec(mention)?;
    bytes.push(VERSION);
    Ok(bytes)
}

pub(super) fn read(bytes: &[u8]) -> Result<Mention, postcard::Error> {
    match bytes {
        [mention @ .., VERSION] => postcard::from_bytes(mention),
        _ => postcard::from_bytes::<MentionV1>(bytes).map(Mention::from),
    }
}

/// A mention with a post of version 1.
#[derive(Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
struct MentionV1 {
    id: MentionId,
    project: String,
    monitor: String,
    monitor_version: u32,
    primary: bool,
    post: PostV1,
    lang: String,
    sentiment: Option<Sentiment>,
}

impl From<MentionV1> for Mention {
    fn from(old: MentionV1) -> Self {
        Self {
            id: old.id,
            project: old.project,
            monitor: old.monitor,
            monitor_version: old.monitor_version,
            primary: old.primary,
            post: old.post.into(),
            lang: old.lang,
            sentiment: old.sentiment,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use post::{Counts, Event, Kind, PostKey};

    fn old(country: Option<&str>, score: bool) -> MentionV1 {
        MentionV1 {
            id: MentionId([2; 16]),
            project: "p".to_owned(),
            monitor: "m".to_owned(),
            monitor_version: 2,
            primary: true,
            post: PostV1 {
                key: PostKey([2; 16]),
                platform: "x".to_owned(),
                event: Event::Create,
                kind: Kind::Post,
                created_at: 2,
                seen_at: 2,
                edited_at: None,
                author: None,
                title: None,
                text: "tea".to_owned(),
                content_warning: None,
                lang_claimed: Vec::new(),
                lang: None,
                community: None,
                reply_to: None,
                thread_root: None,
                repost_of: None,
                quote_of: None,
                hashtags: Vec::new(),
                mentions: Vec::new(),
                urls: Vec::new(),
                media: Vec::new(),
                counts: Counts::default(),
                country: country.map(str::to_owned),
            },
            lang: "en".to_owned(),
            sentiment: score.then(|| Sentiment {
                probabilities: [0.5, 0.25, 0.25],
                model: "sentiment@1".to_owned(),
            }),
        }
    }

    #[test]
    fn mentions_with_posts_of_version_1_are_read_and_written_anew() {
        for (country, score) in [
            (None, false),
            (None, true),
            (Some("DE"), false),
            (Some("FR"), true),
        ] {
            let bytes = postcard::to_stdvec(&old(country, score)).unwrap();
            let mention = read(&bytes).unwrap();
            assert_eq!(mention, Mention::from(old(country, score)));
            assert_eq!(mention.post.country(), country);
            assert_eq!(read(&write(&mention).unwrap()).unwrap(), mention);
        }
    }
}
