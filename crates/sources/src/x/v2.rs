//! The objects of the API's second version, as they come: a frame of the stream or a page, with what it refers to
//! beside it in `includes`. Both names of each field are read: those with `tweet`, and the newer ones with `post`.

use serde::Deserialize;
use std::borrow::Cow;
use std::ops::Deref;

/// A string that is borrowed where it holds no escape.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(super) struct Str<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

impl Deref for Str<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// One post and what it refers to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Frame<'a> {
    #[serde(borrow)]
    pub(super) data: Option<Tweet<'a>>,
    #[serde(borrow)]
    pub(super) includes: Includes<'a>,
    #[serde(borrow)]
    pub(super) errors: Option<Vec<Problem<'a>>>,
}

/// Several posts and what they refer to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Page<'a> {
    #[serde(borrow)]
    pub(super) data: Option<Vec<Tweet<'a>>>,
    #[serde(borrow)]
    pub(super) includes: Includes<'a>,
    #[serde(borrow)]
    pub(super) errors: Option<Vec<Problem<'a>>>,
    #[serde(borrow)]
    pub(super) meta: Meta<'a>,
}

/// Where a page stands.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Meta<'a> {
    #[serde(borrow)]
    pub(super) next_token: Option<Str<'a>>,
}

/// Why something could not be given, or why the stream ends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Problem<'a> {
    #[serde(borrow)]
    pub(super) title: Option<Str<'a>>,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) parameter: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) resource_id: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) connection_issue: Option<Str<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Includes<'a> {
    #[serde(borrow)]
    pub(super) users: Option<Vec<User<'a>>>,
    #[serde(borrow, alias = "posts")]
    pub(super) tweets: Option<Vec<Tweet<'a>>>,
    #[serde(borrow)]
    pub(super) media: Option<Vec<MediaItem<'a>>>,
    #[serde(borrow)]
    pub(super) places: Option<Vec<Place<'a>>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tweet<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) text: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) author_id: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) created_at: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) lang: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) conversation_id: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) in_reply_to_user_id: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) community_id: Option<Str<'a>>,
    pub(super) possibly_sensitive: Option<bool>,
    #[serde(borrow, alias = "referenced_posts")]
    pub(super) referenced_tweets: Option<Vec<Reference<'a>>>,
    #[serde(borrow, alias = "edit_history_post_ids")]
    pub(super) edit_history_tweet_ids: Option<Vec<Str<'a>>>,
    #[serde(borrow)]
    pub(super) entities: Option<Entities<'a>>,
    #[serde(borrow, alias = "note_post")]
    pub(super) note_tweet: Option<Note<'a>>,
    #[serde(borrow)]
    pub(super) attachments: Option<Attachments<'a>>,
    #[serde(borrow)]
    pub(super) geo: Option<Geo<'a>>,
    pub(super) public_metrics: Option<Metrics>,
    #[serde(borrow)]
    pub(super) withheld: Option<Withheld<'a>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reference<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Str<'a>,
    #[serde(borrow)]
    pub(super) id: Str<'a>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Entities<'a> {
    #[serde(borrow)]
    pub(super) hashtags: Option<Vec<Tag<'a>>>,
    #[serde(borrow)]
    pub(super) mentions: Option<Vec<Mention<'a>>>,
    #[serde(borrow)]
    pub(super) urls: Option<Vec<Link<'a>>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tag<'a> {
    #[serde(borrow)]
    pub(super) tag: Option<Str<'a>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Mention<'a> {
    #[serde(borrow)]
    pub(super) username: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) id: Option<Str<'a>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Link<'a> {
    #[serde(borrow)]
    pub(super) url: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) expanded_url: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) unwound_url: Option<Str<'a>>,
}

/// The whole text of a post of more than 280 characters.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Note<'a> {
    #[serde(borrow)]
    pub(super) text: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) entities: Option<Entities<'a>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Attachments<'a> {
    #[serde(borrow)]
    pub(super) media_keys: Option<Vec<Str<'a>>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Geo<'a> {
    #[serde(borrow)]
    pub(super) place_id: Option<Str<'a>>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metrics {
    pub(super) like_count: Option<u64>,
    pub(super) retweet_count: Option<u64>,
    pub(super) reply_count: Option<u64>,
    pub(super) quote_count: Option<u64>,
    pub(super) impression_count: Option<u64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Withheld<'a> {
    #[serde(borrow)]
    pub(super) country_codes: Option<Vec<Str<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct User<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) username: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) location: Option<Str<'a>>,
    pub(super) verified: Option<bool>,
    #[serde(borrow)]
    pub(super) verified_type: Option<Str<'a>>,
    pub(super) protected: Option<bool>,
    pub(super) public_metrics: Option<Followers>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Followers {
    pub(super) followers_count: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MediaItem<'a> {
    #[serde(borrow)]
    pub(super) media_key: Option<Str<'a>>,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) url: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) preview_image_url: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) alt_text: Option<Str<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Place<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) country: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) country_code: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) place_type: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) full_name: Option<Str<'a>>,
}

impl Includes<'_> {
    /// Whether an item of this list reads as what it should be.
    pub(super) fn reads(list: &str, item: &serde_json::Value) -> bool {
        match list {
            "users" => User::deserialize(item).is_ok(),
            "tweets" | "posts" => Tweet::deserialize(item).is_ok(),
            "media" => MediaItem::deserialize(item).is_ok(),
            "places" => Place::deserialize(item).is_ok(),
            _ => true,
        }
    }
}
