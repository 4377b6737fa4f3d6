//! The raw post: what a source maps a platform's wire form to, and what files carry.
//!
//! This is the interchange form of the command line (one JSON object a line). Only `text` is required when it
//! comes from a file. `null` or absence means "not known", never zero.

use serde::{Deserialize, Serialize};

/// What a raw post says happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// Something was published.
    #[default]
    Create,
    /// Something published earlier changed; the post carries the new state whole.
    Edit,
    /// Something published earlier is gone; only `uid` is meaningful.
    Delete,
    /// Only `counts` are new.
    Engagement,
    /// The platform withholds it; treated like a delete.
    Withhold,
}

/// What sort of thing was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    #[default]
    Post,
    Reply,
    Repost,
    Quote,
    Comment,
    Article,
    Video,
    Review,
}

impl Kind {
    /// Every kind, in the order of their numbers in stored forms.
    pub const ALL: [Kind; 8] = [
        Kind::Post,
        Kind::Reply,
        Kind::Repost,
        Kind::Quote,
        Kind::Comment,
        Kind::Article,
        Kind::Video,
        Kind::Review,
    ];

    /// The name used in queries, the API and files.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Post => "post",
            Kind::Reply => "reply",
            Kind::Repost => "repost",
            Kind::Quote => "quote",
            Kind::Comment => "comment",
            Kind::Article => "article",
            Kind::Video => "video",
            Kind::Review => "review",
        }
    }

    /// The kind of this name, if there is one.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.name() == name)
    }
}

/// The author as the platform names them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RawAuthor {
    /// The platform's stable id, where it has one.
    #[serde(deserialize_with = "crate::lenient::optional_string")]
    pub id: Option<String>,
    /// The name after the `@`, without it.
    pub handle: Option<String>,
    /// The display name.
    pub name: Option<String>,
    /// Followers at the time of the post.
    pub followers: Option<u64>,
    /// Whether the platform marks the account as verified.
    pub verified: Option<bool>,
    /// Whether the platform or the account itself says it is automated.
    pub bot: Option<bool>,
    /// Whether the platform marks the account as an organisation, a medium or a public body.
    pub organisation: Option<bool>,
    /// Where the account says it is, in its own words.
    pub location: Option<String>,
}

/// An account named in a post.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RawMention {
    /// The platform's stable id.
    #[serde(deserialize_with = "crate::lenient::optional_string")]
    pub id: Option<String>,
    /// The name after the `@`, without it.
    pub handle: Option<String>,
}

/// Something shown with the text.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Media {
    /// `image`, `video`, `audio`, `gif` or what the platform says.
    #[serde(deserialize_with = "crate::lenient::or_default")]
    pub kind: String,
    /// Where it is.
    pub url: Option<String>,
    /// Its description for those who cannot see it.
    pub alt: Option<String>,
}

/// Engagement as the platform counted it, a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Likes, favourites, upvotes, reactions.
    pub likes: Option<u64>,
    /// Reposts, shares, boosts.
    pub reposts: Option<u64>,
    /// Replies or comments.
    pub replies: Option<u64>,
    /// Quotes.
    pub quotes: Option<u64>,
    /// Views or impressions.
    pub views: Option<u64>,
}

/// One post as a source delivers it, before admission. Times are RFC 3339 text here: bad ones are admission's to judge.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RawPost {
    /// `<platform>:<native id>`; made from the content where a file has none.
    #[serde(alias = "id", deserialize_with = "crate::lenient::optional_string")]
    pub uid: Option<String>,
    /// The platform's name, such as `bluesky`.
    #[serde(alias = "source")]
    pub platform: Option<String>,
    /// What happened.
    #[serde(deserialize_with = "crate::lenient::or_default")]
    pub event: Event,
    /// What was published.
    #[serde(deserialize_with = "crate::lenient::or_default")]
    pub kind: Kind,
    /// When it was published, by the platform or the author's client.
    #[serde(alias = "created", deserialize_with = "crate::lenient::optional_string")]
    pub created_at: Option<String>,
    /// When this installation saw it; admission fills it.
    #[serde(deserialize_with = "crate::lenient::optional_string")]
    pub seen_at: Option<String>,
    /// When it was last edited.
    #[serde(deserialize_with = "crate::lenient::optional_string")]
    pub edited_at: Option<String>,
    /// Who published it. A bare string is read as the handle.
    #[serde(deserialize_with = "crate::lenient::author")]
    pub author: Option<RawAuthor>,
    /// A headline, for articles, videos and forum posts.
    pub title: Option<String>,
    /// The text, plain.
    #[serde(deserialize_with = "crate::lenient::or_default")]
    pub text: String,
    /// The warning the author put before it.
    pub content_warning: Option<String>,
    /// Languages the author or platform claims, BCP 47.
    #[serde(deserialize_with = "crate::lenient::or_default")]
    pub lang_claimed: Vec<String>,
    /// The language, where somebody already decided it.
    pub lang: Option<String>,
    /// Subreddit, channel, instance host, site.
    pub community: Option<String>,
    /// The uid of the post this one answers.
    #[serde(deserialize_with = "crate::lenient::optional_string")]
    pub reply_to: Option<String>,
    /// The uid of the first post of the thread.
    #[serde(deserialize_with = "crate::lenient::optional_string")]
    pub thread_root: Option<String>,
    /// The uid of the post this one repeats.
    #[serde(deserialize_with = "crate::lenient::optional_string")]
    pub repost_of: Option<String>,
    /// The uid of the post this one quotes.
    #[serde(deserialize_with = "crate::lenient::optional_string")]
    pub quote_of: Option<String>,
    /// The uids of earlier versions, oldest first.
    #[serde(deserialize_with = "crate::lenient::or_default")]
    pub edit_of: Vec<String>,
    /// Hashtags without `#`.
    #[serde(deserialize_with = "crate::lenient::or_default")]
    pub hashtags: Vec<String>,
    /// Accounts named.
    #[serde(deserialize_with = "crate::lenient::or_default")]
    pub mentions: Vec<RawMention>,
    /// Links, expanded where the platform does it.
    #[serde(deserialize_with = "crate::lenient::or_default")]
    pub urls: Vec<String>,
    /// Pictures, videos, sounds.
    #[serde(deserialize_with = "crate::lenient::or_default")]
    pub media: Vec<Media>,
    /// Engagement.
    #[serde(deserialize_with = "crate::lenient::or_default")]
    pub counts: Counts,
    /// ISO 3166-1 alpha-2 of the place the platform attached to the post.
    pub country: Option<String>,
    /// The region of that place, as the platform names it.
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2 of the community, instance or site, where it has one.
    pub site_country: Option<String>,
    /// Minutes by which the author's clock was ahead of UTC, where the platform says.
    pub utc_offset: Option<i32>,
    /// The text of the post that this one quotes, where the platform hands it along.
    pub quoted_text: Option<String>,
    /// Where a person can read it.
    pub permalink: Option<String>,
    /// `public`, or what the platform says.
    pub visibility: Option<String>,
    /// Whether the author lets it be searched and indexed, where the platform asks authors that.
    pub indexable: Option<bool>,
    /// Whether author or platform marked it as sensitive.
    pub sensitive: Option<bool>,
}
