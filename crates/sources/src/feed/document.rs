//! What a feed says, whatever its form.

use super::{encoding, jsonfeed, tree, xml};
use thiserror::Error;
use url::Url;

/// Entries of one document that are read.
pub(super) const MAX_ENTRIES: usize = 2_000;
/// Links, categories and enclosures of one entry that are read.
pub(super) const MAX_PARTS: usize = 50;

/// A feed as read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Feed {
    /// Its form and version: `rss20`, `rss10`, `atom10`, `json11`, …
    pub version: String,
    /// Its title, plain.
    pub title: Option<String>,
    /// Its language, BCP 47.
    pub lang: Option<String>,
    /// The site it belongs to.
    pub site: Option<String>,
    /// Minutes that it may be kept before it is asked for again (`ttl`).
    pub ttl: Option<u64>,
    /// Hours of the day (UTC) at which it does not change (`skipHours`).
    pub skip_hours: Vec<u8>,
    /// The document with older entries (RFC 5005).
    pub older: Option<String>,
    /// Its entries in the document's order.
    pub entries: Vec<Entry>,
    /// Whether the document ended before its end: what was read until then is here.
    pub cut: bool,
}

/// Text in one of two forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Plain text.
    Plain(String),
    /// HTML.
    Html(String),
}

/// An entry, an item.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// Its id (`guid`, `id`).
    pub id: Option<String>,
    /// Its address, whole.
    pub link: Option<String>,
    /// Its title.
    pub title: Option<Content>,
    /// Its text: the content, else the summary.
    pub text: Option<Content>,
    /// The names of its authors.
    pub authors: Vec<String>,
    /// When it was published, as written.
    pub published: Option<String>,
    /// When it was changed, as written.
    pub updated: Option<String>,
    /// Its language, where it is not the feed's.
    pub lang: Option<String>,
    /// Its categories.
    pub categories: Vec<String>,
    /// Pictures, sounds and films: type, address, description.
    pub media: Vec<post::Media>,
    /// The id of what it answers (RFC 4685).
    pub answers: Option<String>,
    /// How many comments it has.
    pub comments: Option<u64>,
    /// The address that its relative links start from.
    pub base: Option<String>,
}

/// Why a document is no feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FeedError {
    /// Nothing in it.
    #[error("the document is empty")]
    Empty,
    /// A page for people.
    #[error("a page for people, not a feed")]
    Page,
    /// Something else.
    #[error("the document is no feed")]
    NotAFeed,
}

/// Reads a feed of any form. `content_type` is HTTP's, `base` the address it was fetched from.
pub fn read(bytes: &[u8], content_type: Option<&str>, base: Option<&str>) -> Result<Feed, FeedError> {
    let text = encoding::decode(bytes, content_type);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(FeedError::Empty);
    }
    let base = base.and_then(|b| Url::parse(b).ok());
    if text.starts_with('{') {
        return jsonfeed::read(text, base.as_ref()).ok_or(FeedError::NotAFeed);
    }
    let (root, whole) = tree::read(text).ok_or(FeedError::NotAFeed)?;
    if root.name == "html" {
        return Err(FeedError::Page);
    }
    let mut feed = xml::read(&root, base.as_ref()).ok_or(FeedError::NotAFeed)?;
    feed.cut = !whole;
    Ok(feed)
}

/// An address, made whole by the one it stands under.
pub(super) fn resolve(base: Option<&Url>, link: &str) -> String {
    let link = link.trim();
    match base {
        Some(base) if Url::parse(link).is_err() => {
            base.join(link).map_or_else(|_| link.to_owned(), Into::into)
        }
        _ => link.to_owned(),
    }
}

/// A language tag as BCP 47 writes it.
pub(super) fn language(tag: &str) -> Option<String> {
    let tag = tag.trim().replace('_', "-");
    let good = (2..=35).contains(&tag.len()) && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    good.then_some(tag)
}
