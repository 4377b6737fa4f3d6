//! What Reddit sends: things (`{"kind","data"}`) in listings, trees and answers.

use super::map::map;
use post::RawPost;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

/// A comment lies four deeper than the one it answers. What lies deeper than this is refused.
const MAX_DEPTH: usize = 256;

/// What an answer holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The posts and comments, in the answer's order.
    pub(super) posts: Vec<RawPost>,
    /// Comments that are only named.
    pub(super) more: Vec<More>,
    /// What could not be read, and why.
    pub(super) refused: Vec<String>,
    /// Things that are neither posts nor comments.
    pub(super) ignored: usize,
    /// Things in the outermost listings.
    pub(super) children: usize,
    /// Where the listing goes on.
    pub(super) after: Option<String>,
    /// Whether Reddit says within a success that it failed.
    pub(super) failed: bool,
    /// Who wrote what, for those that are answered.
    authors: HashMap<String, String>,
}

/// Comments that a tree only names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct More {
    /// What they answer.
    pub(super) parent: String,
    /// Their ids, without `t1_`; empty where the tree goes on elsewhere ("continue this thread").
    pub(super) children: Vec<String>,
}

#[derive(Deserialize)]
struct Envelope {
    kind: Option<String>,
    data: Option<Box<RawValue>>,
    json: Option<Json>,
}

#[derive(Deserialize)]
struct Json {
    #[serde(default)]
    errors: Vec<serde::de::IgnoredAny>,
    data: Option<Things>,
}

#[derive(Deserialize)]
struct Things {
    #[serde(default)]
    things: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Listing {
    #[serde(default)]
    children: Vec<Box<RawValue>>,
    after: Option<String>,
}

/// A post or a comment, or what stands for several (`more`). Fields not listed are left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Data {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) author: Option<String>,
    pub(super) author_fullname: Option<String>,
    pub(super) created_utc: Option<f64>,
    pub(super) edited: Option<Edited>,
    pub(super) body: Option<String>,
    pub(super) selftext: Option<String>,
    pub(super) title: Option<String>,
    pub(super) subreddit: Option<String>,
    pub(super) subreddit_type: Option<String>,
    pub(super) link_id: Option<String>,
    pub(super) link_author: Option<String>,
    pub(super) parent_id: Option<String>,
    pub(super) url: Option<String>,
    pub(super) is_self: Option<bool>,
    pub(super) is_video: Option<bool>,
    pub(super) post_hint: Option<String>,
    pub(super) permalink: Option<String>,
    pub(super) score: Option<i64>,
    pub(super) score_hidden: Option<bool>,
    pub(super) num_comments: Option<i64>,
    pub(super) num_crossposts: Option<i64>,
    pub(super) view_count: Option<i64>,
    pub(super) over_18: Option<bool>,
    pub(super) removed_by_category: Option<String>,
    pub(super) crosspost_parent: Option<String>,
    pub(super) crosspost_parent_list: Option<Vec<Data>>,
    pub(super) gallery_data: Option<Gallery>,
    pub(super) media_metadata: Option<HashMap<String, Metadata>>,
    /// `""` where there are none, else a listing.
    replies: Option<Box<RawValue>>,
    children: Option<Vec<String>>,
}

/// `false`, `true` for very old edits, or when.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
pub(super) enum Edited {
    Flag(#[allow(dead_code, reason = "it says no more than that there is no time")] bool),
    At(f64),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Gallery {
    pub(super) items: Vec<GalleryItem>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct GalleryItem {
    pub(super) media_id: String,
    pub(super) caption: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metadata {
    /// `Image`, `AnimatedImage`, `RedditVideo`.
    pub(super) e: Option<String>,
    /// The largest form.
    pub(super) s: Option<Source>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Source {
    pub(super) u: Option<String>,
    pub(super) gif: Option<String>,
}

/// Reads an answer of any form. What is no answer at all is an error; a thing that cannot be read is refused alone.
pub(super) fn read(text: &str) -> Result<Found, String> {
    let mut found = Found::default();
    found.document(text, 0)?;
    Ok(found)
}

/// The number of an id: base 36.
pub(super) fn number(id: &str) -> Option<u64> {
    let digits = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
    digits.then(|| u64::from_str_radix(id, 36).ok()).flatten()
}

/// Whether this is the fullname of a comment or a post.
pub(super) fn is_fullname(name: &str) -> bool {
    let id = name.strip_prefix("t1_").or_else(|| name.strip_prefix("t3_"));
    id.is_some_and(|id| number(id).is_some())
}

impl Found {
    fn document(&mut self, text: &str, depth: usize) -> Result<(), String> {
        let said = |e: serde_json::Error| format!("no such JSON at line {}, column {}", e.line(), e.column());
        if text.trim_start().starts_with('[') {
            let parts: Vec<Box<RawValue>> = crate::json::parse(text).map_err(said)?;
            let whole = depth == 0;
            parts
                .iter()
                .filter(|p| whole && p.get().starts_with('{'))
                .try_for_each(|p| self.document(p.get(), depth + 1))
        } else {
            let envelope: Envelope = crate::json::parse(text).map_err(said)?;
            self.envelope(envelope, depth).map_err(said)
        }
    }

    fn envelope(&mut self, envelope: Envelope, depth: usize) -> Result<(), serde_json::Error> {
        if let Some(json) = envelope.json {
            self.failed |= !json.errors.is_empty();
            let things = json.data.map(|d| d.things).unwrap_or_default();
            self.children += things.len();
            things.iter().for_each(|t| self.child(t, depth));
        }
        match (envelope.kind.as_deref(), envelope.data) {
            (Some("Listing"), Some(data)) => {
                let listing: Listing = crate::json::parse(data.get())?;
                if depth < 2 {
                    self.children += listing.children.len();
                    self.after = listing.after;
                }
                listing.children.iter().for_each(|c| self.child(c, depth));
            }
            (Some(kind), Some(data)) => self.thing(kind, &data, depth)?,
            _ => {}
        }
        Ok(())
    }

    fn child(&mut self, raw: &RawValue, depth: usize) {
        let read = crate::json::parse::<Envelope>(raw.get());
        if let Err(e) = read.and_then(|envelope| self.envelope(envelope, depth + 2)) {
            self.refused
                .push(format!("a thing that cannot be read, at column {}", e.column()));
        }
    }

    fn thing(&mut self, kind: &str, raw: &RawValue, depth: usize) -> Result<(), serde_json::Error> {
        if !matches!(kind, "t1" | "t3" | "more") {
            self.ignored += 1;
            return Ok(());
        }
        let mut data: Data = crate::json::parse(raw.get())?;
        if kind == "more" {
            self.more(data);
            return Ok(());
        }
        let replies = data.replies.take();
        let answered = self.answered(&data);
        let name = data.name.clone();
        match map(kind, data, answered) {
            Some(post) => {
                let handle = post.author.as_ref().and_then(|a| a.handle.clone());
                if let (Some(name), Some(handle)) = (name, handle) {
                    self.authors.insert(name, handle);
                }
                self.posts.push(post);
            }
            None => self.refused.push("a thing without an id".to_owned()),
        }
        match replies {
            Some(replies) if replies.get().starts_with('{') && depth >= MAX_DEPTH => {
                self.refused.push("comments nested too deep".to_owned());
            }
            Some(replies) if replies.get().starts_with('{') => {
                let envelope = crate::json::parse(replies.get())?;
                self.envelope(envelope, depth + 2)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Who wrote what a comment answers.
    fn answered(&self, data: &Data) -> Option<String> {
        let parent = data.parent_id.as_ref()?;
        let of_link = || {
            data.link_author
                .clone()
                .filter(|_| data.link_id.as_ref() == Some(parent))
        };
        self.authors.get(parent).cloned().or_else(of_link)
    }

    fn more(&mut self, data: Data) {
        let children: Vec<String> = data.children.unwrap_or_default();
        self.more.push(More {
            parent: data.parent_id.unwrap_or_default(),
            children: children.into_iter().filter(|c| number(c).is_some()).collect(),
        });
    }
}
