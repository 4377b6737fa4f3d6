//! Which column of a file means which field of a post.

use std::collections::BTreeMap;
use thiserror::Error;

/// A field of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Uid,
    Platform,
    Event,
    Kind,
    IsRepost,
    CreatedAt,
    SeenAt,
    EditedAt,
    Author,
    AuthorId,
    AuthorHandle,
    AuthorName,
    AuthorFollowers,
    AuthorVerified,
    AuthorBot,
    Title,
    Text,
    ContentWarning,
    LangClaimed,
    Lang,
    Community,
    ReplyTo,
    ThreadRoot,
    RepostOf,
    QuoteOf,
    EditOf,
    Hashtags,
    Mentions,
    Urls,
    Media,
    Counts,
    Likes,
    Reposts,
    Replies,
    Quotes,
    Views,
    Country,
    Permalink,
    Visibility,
}

/// Every field: its name in the interchange form, then names that other files use. The first name is what
/// `--map field=column` takes.
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::Uid,
        &["uid", "id", "id_str", "post_id", "tweet_id", "status_id"],
    ),
    (Field::Platform, &["platform", "source"]),
    (Field::Event, &["event"]),
    (Field::Kind, &["kind"]),
    (
        Field::IsRepost,
        &["is_repost", "is_retweet", "isretweet", "retweeted"],
    ),
    (
        Field::CreatedAt,
        &[
            "created_at",
            "created",
            "created_utc",
            "createdat",
            "date",
            "datetime",
            "timestamp",
            "time",
            "published",
            "published_at",
            "publishedat",
            "postedtime",
            "timestamp_ms",
        ],
    ),
    (Field::SeenAt, &["seen_at"]),
    (Field::EditedAt, &["edited_at"]),
    (Field::Author, &["author", "user"]),
    (Field::AuthorId, &["author.id", "author_id", "user_id"]),
    (
        Field::AuthorHandle,
        &[
            "author.handle",
            "handle",
            "username",
            "user_name",
            "screen_name",
            "author_handle",
        ],
    ),
    (
        Field::AuthorName,
        &["author.name", "author_name", "display_name", "displayname"],
    ),
    (
        Field::AuthorFollowers,
        &[
            "author.followers",
            "followers",
            "followers_count",
            "user_followers",
        ],
    ),
    (
        Field::AuthorVerified,
        &["author.verified", "verified", "user_verified"],
    ),
    (Field::AuthorBot, &["author.bot", "bot", "is_bot"]),
    (Field::Title, &["title", "headline"]),
    (
        Field::Text,
        &[
            "text",
            "full_text",
            "body",
            "content",
            "message",
            "tweet",
            "selftext",
        ],
    ),
    (Field::ContentWarning, &["content_warning", "spoiler_text"]),
    (Field::LangClaimed, &["lang_claimed", "langs"]),
    (Field::Lang, &["lang", "language"]),
    (Field::Community, &["community", "channel", "subreddit"]),
    (
        Field::ReplyTo,
        &[
            "reply_to",
            "in_reply_to",
            "in_reply_to_status_id",
            "in_reply_to_status_id_str",
            "parent_id",
        ],
    ),
    (Field::ThreadRoot, &["thread_root", "conversation_id"]),
    (Field::RepostOf, &["repost_of", "retweet_of"]),
    (
        Field::QuoteOf,
        &["quote_of", "quoted_status_id", "quoted_status_id_str"],
    ),
    (Field::EditOf, &["edit_of"]),
    (Field::Hashtags, &["hashtags"]),
    (Field::Mentions, &["mentions"]),
    (Field::Urls, &["urls", "url", "links"]),
    (Field::Media, &["media"]),
    (Field::Counts, &["counts"]),
    (
        Field::Likes,
        &[
            "counts.likes",
            "likes",
            "like_count",
            "favorite_count",
            "favorites",
            "score",
            "upvotes",
        ],
    ),
    (
        Field::Reposts,
        &[
            "counts.reposts",
            "reposts",
            "retweets",
            "retweet_count",
            "shares",
            "share_count",
        ],
    ),
    (
        Field::Replies,
        &[
            "counts.replies",
            "replies",
            "reply_count",
            "comments",
            "comment_count",
            "num_comments",
        ],
    ),
    (Field::Quotes, &["counts.quotes", "quotes", "quote_count"]),
    (
        Field::Views,
        &["counts.views", "views", "view_count", "impressions"],
    ),
    (Field::Country, &["country", "country_code"]),
    (Field::Permalink, &["permalink", "link"]),
    (Field::Visibility, &["visibility"]),
];

impl Field {
    /// The field's name in the interchange form.
    pub(crate) fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(field, _)| *field == self)
            .map_or("", |(_, names)| names[0])
    }

    /// The field a column of this name holds, and how well the name fits: 0 is the field's own name.
    pub(crate) fn of_column(column: &str) -> Option<(Field, usize)> {
        let lower = column.trim().to_ascii_lowercase();
        NAMES
            .iter()
            .find_map(|(field, names)| Some((*field, names.iter().position(|n| *n == lower)?)))
    }

    fn of_target(name: &str) -> Option<Field> {
        let (field, rank) = Field::of_column(name)?;
        // `--map likes=x` reads better than `--map counts.likes=x`; both are meant.
        (rank == 0 || field.name().ends_with(&format!(".{name}"))).then_some(field)
    }
}

/// A `--map` entry that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MapError {
    /// Not of the form `field=column`.
    #[error("{0:?} is not of the form field=column")]
    Form(String),
    /// No such field.
    #[error("{0:?} is no field of a post")]
    Field(String),
}

/// Columns named by hand: `--map field=column`. A column may be a path into nested objects, such as
/// `user.screen_name` or `users.0`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMap {
    pub(crate) entries: Vec<(Field, String)>,
}

impl ColumnMap {
    /// From `field=column` entries; the error names every one that cannot be used.
    pub fn from_entries<S: AsRef<str>>(entries: &[S]) -> Result<Self, Vec<MapError>> {
        let split = |entry: &S| match entry.as_ref().split_once('=') {
            Some((field, column)) if !column.is_empty() => Ok((field.to_owned(), column.to_owned())),
            _ => Err(MapError::Form(entry.as_ref().to_owned())),
        };
        Self::collect(entries.iter().map(split))
    }

    /// From a table of field to column, as in a configuration.
    pub fn from_table(table: &BTreeMap<String, String>) -> Result<Self, Vec<MapError>> {
        Self::collect(table.iter().map(|(f, c)| Ok((f.clone(), c.clone()))))
    }

    fn collect(
        pairs: impl Iterator<Item = Result<(String, String), MapError>>,
    ) -> Result<Self, Vec<MapError>> {
        let (mut map, mut errors) = (Self::default(), Vec::new());
        for pair in pairs {
            match pair.and_then(|(f, c)| Ok((Field::of_target(f.trim()).ok_or(MapError::Field(f))?, c))) {
                Ok((field, column)) => map.entries.push((field, column.trim().to_owned())),
                Err(e) => errors.push(e),
            }
        }
        if errors.is_empty() { Ok(map) } else { Err(errors) }
    }
}
