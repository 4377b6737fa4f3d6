//! The query lab: what queries come to on labelled posts and on the past. Pure: posts are passed in, nothing is printed.

pub(crate) mod clauses;
pub(crate) mod counter;
pub(crate) mod diff;
pub(crate) mod expectations;
pub(crate) mod expected;
pub(crate) mod labelled;
pub(crate) mod rate;

#[cfg(test)]
mod tests;

use foldhash::HashSet;
use post::{Millis, RawPost};
use query::{Document, MonitorSet, Pseudonyms, Query, Scratch};

/// A post as the lab sees it.
pub(crate) struct Seen<'a> {
    /// What the platform or the file calls it; empty where nobody says. A post is counted once.
    pub(crate) id: &'a str,
    /// When it arrived, or was published where only that is known.
    pub(crate) at: Option<Millis>,
    /// What queries test.
    pub(crate) document: Document<'a>,
}

/// A few queries, matched against one post after the other.
pub(crate) struct Probe {
    set: MonitorSet,
    scratch: Scratch,
    found: Vec<u32>,
}

impl Probe {
    /// Queries by their numbers, from 0.
    pub(crate) fn new<'q>(queries: impl Iterator<Item = &'q Query>, pseudonyms: Pseudonyms<'_>) -> Self {
        let numbered = queries.enumerate().map(|(i, q)| (i as u32, q));
        Self {
            set: MonitorSet::new(0, numbered, pseudonyms),
            scratch: Scratch::new(),
            found: Vec::new(),
        }
    }

    /// The numbers of the queries that match, in order.
    pub(crate) fn matches(&mut self, document: &Document<'_>) -> &[u32] {
        self.found.clear();
        self.set.matches(document, &mut self.scratch, &mut self.found);
        &self.found
    }
}

/// The past that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Interval {
    /// Posts read.
    pub(crate) posts: u64,
    /// Of these, how many have no time.
    pub(crate) timeless: u64,
    /// The earliest time.
    pub(crate) from: Option<Millis>,
    /// The latest.
    pub(crate) to: Option<Millis>,
}

impl Interval {
    /// Takes note of a post.
    pub(crate) fn note(&mut self, at: Option<Millis>) {
        self.posts += 1;
        match at {
            None => self.timeless += 1,
            Some(at) => {
                self.from = Some(self.from.map_or(at, |f| f.min(at)));
                self.to = Some(self.to.map_or(at, |t| t.max(at)));
            }
        }
    }

    /// Its length in days; `None` where no post has a time.
    pub(crate) fn days(&self) -> Option<f64> {
        Some((self.to? - self.from?) as f64 / DAY as f64)
    }
}

/// A day in milliseconds.
pub(crate) const DAY: Millis = 86_400_000;

/// Tells whether a post comes for the first time. Posts without an id always do.
#[derive(Default)]
pub(crate) struct Once(HashSet<u64>);

impl Once {
    pub(crate) fn is_new(&mut self, id: &str) -> bool {
        id.is_empty() || self.0.insert(hash(id))
    }
}

/// FNV-1a with a final mix: the same on every machine, so that samples are.
pub(crate) fn hash(id: &str) -> u64 {
    let mut h = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    });
    h = (h ^ (h >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    h ^ (h >> 33)
}

/// The document of a post as its file tells it, before any admission.
pub(crate) fn document(post: &RawPost) -> Document<'_> {
    Document {
        title: post.title.as_deref(),
        text: &post.text,
        lang: post.lang.as_deref(),
        source: post.platform.as_deref().unwrap_or_default(),
        author: post.author.as_ref().and_then(|a| a.handle.as_deref()),
        author_token: None,
        kind: post.kind,
        is_reply: post.reply_to.is_some(),
        site: post.community.as_deref(),
        country: post.country.as_deref(),
        followers: post.author.as_ref().and_then(|a| a.followers),
        hashtags: &post.hashtags,
        mentions: query::Names::Raw(&post.mentions),
        urls: &post.urls,
        media: &post.media,
    }
}
