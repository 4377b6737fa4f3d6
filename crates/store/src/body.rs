//! The whole mention as bytes.
//!
//! Postcard, then one byte with the version of the form: 2 are mentions with a post of version 2 and a sentiment alone,
//! 3 those with [`crate::Scores`], 4 those with a group of copies and a topic. Version 1 had no such byte: its last one is a letter of a model's name, or the 0 of
//! "no score", so it is never taken for a version.

use crate::mention::{Mention, Scores, Sentiment};
use post::{MentionId, Post, PostV1};
use serde::Deserialize;

const VERSION: u8 = 4;
const BEFORE_GROUPS: u8 = 3;
const BEFORE_SCORES: u8 = 2;

pub(crate) fn write(mention: &Mention) -> Result<Vec<u8>, postcard::Error> {
    let mut bytes = postcard::to_stdvec(mention)?;
    bytes.push(VERSION);
    Ok(bytes)
}

pub(crate) fn read(bytes: &[u8]) -> Result<Mention, postcard::Error> {
    match bytes {
        [mention @ .., VERSION] => postcard::from_bytes(mention),
        [mention @ .., BEFORE_GROUPS] => {
            // They stand at the end, and nothing is one byte of 0.
            let mention = [mention, &[0, 0]].concat();
            postcard::from_bytes(&mention)
        }
        [mention @ .., BEFORE_SCORES] => postcard::from_bytes::<Old<Post>>(mention).map(Mention::from),
        _ => postcard::from_bytes::<Old<PostV1>>(bytes).map(Mention::from),
    }
}

/// A mention before there were scores besides sentiment.
#[derive(Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
struct Old<P> {
    id: MentionId,
    project: String,
    monitor: String,
    monitor_version: u32,
    primary: bool,
    post: P,
    lang: String,
    sentiment: Option<OldSentiment>,
}

/// Always of the whole post.
#[derive(Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
struct OldSentiment {
    probabilities: [f32; 3],
    model: String,
}

impl<P: Into<Post>> From<Old<P>> for Mention {
    fn from(old: Old<P>) -> Self {
        Self {
            id: old.id,
            project: old.project,
            monitor: old.monitor,
            monitor_version: old.monitor_version,
            primary: old.primary,
            post: old.post.into(),
            lang: old.lang,
            sentiment: old.sentiment.map(|s| Sentiment {
                probabilities: s.probabilities,
                model: s.model,
                is_toward: false,
            }),
            scores: Scores::default(),
            group: None,
            topic: None,
        }
    }
}

/// A made-up mention for the tests of this crate.
#[cfg(test)]
pub(crate) fn example() -> Mention {
    Mention::from(tests::old(Some("DE"), true))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{Aspect, Class, Entity, Label};
    use post::{Counts, Event, Kind, PostKey};

    pub(super) fn old(country: Option<&str>, score: bool) -> Old<PostV1> {
        Old {
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
            sentiment: score.then(|| OldSentiment {
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

    #[test]
    fn mentions_of_version_3_are_in_no_group() {
        let mention = example();
        let mut bytes = write(&mention).unwrap();
        // As that version wrote it: without the two last fields.
        let end = bytes.len();
        assert_eq!(bytes.drain(end - 3..).collect::<Vec<_>>(), [0, 0, VERSION]);
        bytes.push(BEFORE_GROUPS);
        assert_eq!(read(&bytes).unwrap(), mention);
        let placed = Mention {
            group: Some(u64::MAX),
            topic: Some(7),
            ..mention
        };
        assert_eq!(read(&write(&placed).unwrap()).unwrap(), placed);
    }

    #[test]
    fn mentions_without_scores_are_read_and_those_with_come_back() {
        let old = old(Some("DE"), true);
        let before = Old {
            id: old.id,
            project: old.project.clone(),
            monitor: old.monitor.clone(),
            monitor_version: 2,
            primary: true,
            post: Post::from(old.post),
            lang: "en".to_owned(),
            sentiment: old.sentiment,
        };
        let mut bytes = postcard::to_stdvec(&before).unwrap();
        bytes.push(BEFORE_SCORES);
        let mut mention = read(&bytes).unwrap();
        assert_eq!(mention, Mention::from(before));
        mention.scores = Scores {
            post: mention.sentiment.clone(),
            classes: vec![Class {
                task: "emotion".to_owned(),
                label: "joy".to_owned(),
                probability: 0.75,
                model: "panel@1".to_owned(),
            }],
            entities: vec![Entity {
                name: "Leaf".to_owned(),
                kind: "product".to_owned(),
            }],
            aspects: vec![Aspect {
                term: "taste".to_owned(),
                sentiment: Some(Label::Positive),
            }],
        };
        assert_eq!(read(&write(&mention).unwrap()).unwrap(), mention);
    }
}
