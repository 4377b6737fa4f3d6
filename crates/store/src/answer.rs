//! What the store answers.

use crate::{Cursor, Mention};
use post::Millis;

/// Sums over mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Mentions (posts, where each post counts once).
    pub mentions: u64,
    /// Distinct authors, exact where this was counted for itself.
    pub authors: u64,
    /// Their relative standard error in millionths, where they are an estimate (see [`crate::Errors`]); else 0.
    pub authors_error: u32,
    /// Likes, reposts, replies and quotes, where known.
    pub engagement: u64,
    /// Scored negative, neutral, positive.
    pub sentiment: [u64; 3],
}

/// Mentions over time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Series {
    /// Length of a bucket in milliseconds.
    pub interval_ms: i64,
    /// Starts of the buckets (UTC), ascending, without holes.
    pub times: Vec<Millis>,
    /// The lines, largest first; one, with an empty key, where nothing was asked to be split.
    pub lines: Vec<SeriesLine>,
}

/// One line of a series.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SeriesLine {
    /// The value of the dimension.
    pub key: String,
    /// All of it.
    pub total: u64,
    /// Mentions per bucket.
    pub counts: Vec<u64>,
}

/// Mentions counted by one dimension.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Breakdown {
    /// The values, most mentions first, then in the order of the key.
    pub items: Vec<BreakdownItem>,
    /// Mentions that have a value, but none of those listed.
    pub other: u64,
    /// All mentions under the filter, those without a value included.
    pub total: u64,
}

/// One value and its counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BreakdownItem {
    /// The value.
    pub key: String,
    /// Mentions.
    pub mentions: u64,
    /// Distinct authors, exact.
    pub authors: u64,
    /// Of the mentions, scored negative, neutral, positive.
    pub sentiment: [u64; 3],
}

/// A page of mentions, newest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// The mentions.
    pub items: Vec<Mention>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
    /// All mentions under the filter, on every page.
    pub total: u64,
}

/// What to split or count by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// The monitor.
    Monitor,
    /// Negative, neutral, positive.
    Sentiment,
    /// The platform.
    Source,
    /// The language.
    Lang,
    /// The kind of post.
    Kind,
    /// Hashtags, folded.
    Hashtag,
    /// Significant words, folded.
    Term,
    /// Authors, as 32 hexadecimal digits.
    Author,
    /// Sites linked to and communities.
    Site,
    /// Emotions.
    Emotion,
    /// Intents.
    Intent,
    /// Labels of other tasks, as `task:label`.
    Class,
    /// Names in the text, folded.
    Entity,
    /// What is judged in the text, folded.
    Aspect,
    /// Countries, by evidence.
    Country,
    /// What is shown beside the text.
    Media,
    /// Links.
    Link,
    /// Models of the sentiment.
    Model,
    /// Topics, by their numbers.
    Topic,
    /// Groups of copies, by 16 hexadecimal digits: what each has besides its first post.
    Copies,
    /// Tags.
    Tag,
    /// Categories, as `parent/child`.
    Category,
    /// Where the answering stands.
    Status,
    /// Who answers.
    Assignee,
}

impl Dimension {
    /// The names in the API, in the order of the values.
    pub const NAMES: [&'static str; 24] = [
        "monitor",
        "sentiment",
        "source",
        "lang",
        "kind",
        "hashtag",
        "term",
        "author",
        "site",
        "emotion",
        "intent",
        "class",
        "entity",
        "aspect",
        "country",
        "media",
        "link",
        "model",
        "topic",
        "copies",
        "tag",
        "category",
        "status",
        "assignee",
    ];

    /// Every dimension, in the order of [`Dimension::NAMES`].
    pub const ALL: [Self; 24] = [
        Self::Monitor,
        Self::Sentiment,
        Self::Source,
        Self::Lang,
        Self::Kind,
        Self::Hashtag,
        Self::Term,
        Self::Author,
        Self::Site,
        Self::Emotion,
        Self::Intent,
        Self::Class,
        Self::Entity,
        Self::Aspect,
        Self::Country,
        Self::Media,
        Self::Link,
        Self::Model,
        Self::Topic,
        Self::Copies,
        Self::Tag,
        Self::Category,
        Self::Status,
        Self::Assignee,
    ];

    /// Whether one text commonly has several values: what has none of the most frequent ones then says little.
    pub fn has_several(self) -> bool {
        matches!(
            self,
            Self::Hashtag | Self::Term | Self::Site | Self::Link | Self::Entity | Self::Aspect | Self::Media
        )
    }

    /// The dimension of this name in the API, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        let place = Self::NAMES.iter().position(|n| *n == name)?;
        Self::ALL.get(place).copied()
    }
}
