//! The form that posts had in version 1, to be read in old journals and stores.

use crate::id::PostKey;
use crate::place::{Place, PlaceEvidence};
use crate::post::{Author, Millis, Post};
use crate::raw::{Counts, Event, Kind, Media};
use serde::{Deserialize, Serialize};

/// A post of version 1: it knew of places only the country that the platform attached. Becomes a [`Post`] by `into`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "as in `Post`")]
pub struct PostV1 {
    pub key: PostKey,
    pub platform: String,
    pub event: Event,
    pub kind: Kind,
    pub created_at: Millis,
    pub seen_at: Millis,
    pub edited_at: Option<Millis>,
    pub author: Option<Author>,
    pub title: Option<String>,
    pub text: String,
    pub content_warning: Option<String>,
    pub lang_claimed: Vec<String>,
    pub lang: Option<String>,
    pub community: Option<String>,
    pub reply_to: Option<PostKey>,
    pub thread_root: Option<PostKey>,
    pub repost_of: Option<PostKey>,
    pub quote_of: Option<PostKey>,
    pub hashtags: Vec<String>,
    pub mentions: Vec<String>,
    pub urls: Vec<String>,
    pub media: Vec<Media>,
    pub counts: Counts,
    pub country: Option<String>,
}

impl From<PostV1> for Post {
    fn from(old: PostV1) -> Self {
        Self {
            key: old.key,
            platform: old.platform,
            event: old.event,
            kind: old.kind,
            created_at: old.created_at,
            seen_at: old.seen_at,
            edited_at: old.edited_at,
            author: old.author,
            title: old.title,
            text: old.text,
            content_warning: old.content_warning,
            lang_claimed: old.lang_claimed,
            lang: old.lang,
            community: old.community,
            reply_to: old.reply_to,
            thread_root: old.thread_root,
            repost_of: old.repost_of,
            quote_of: old.quote_of,
            hashtags: old.hashtags,
            mentions: old.mentions,
            urls: old.urls,
            media: old.media,
            counts: old.counts,
            place: old.country.map(|country| Place {
                country,
                region: None,
                evidence: PlaceEvidence::Post,
                confidence: PlaceEvidence::Post.confidence(),
            }),
            utc_offset: None,
            quoted_text: None,
            sensitive: None,
            indexable: None,
        }
    }
}
