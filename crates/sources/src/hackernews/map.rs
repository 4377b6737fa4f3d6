//! An item becomes a post.

use super::PLATFORM;
use crate::time::from_seconds;
use post::{Counts, Event, Kind, RawAuthor, RawPost};
use serde::Deserialize;
use serde_json::Value;

/// An item of the Firebase API. Unknown fields are left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Item {
    /// The number.
    pub id: u64,
    /// `story`, `comment`, `job`, `poll`, `pollopt`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The author's name.
    pub by: Option<String>,
    /// Seconds since 1970.
    pub time: Option<i64>,
    /// HTML.
    pub text: Option<String>,
    /// HTML.
    pub title: Option<String>,
    /// The link of a story.
    pub url: Option<String>,
    /// The item answered.
    pub parent: Option<u64>,
    /// Points.
    pub score: Option<i64>,
    /// All comments below.
    pub descendants: Option<i64>,
    /// Taken back by its author.
    pub deleted: bool,
    /// Killed by moderation.
    pub dead: bool,
}

/// Reads an item; `None` for what is no post (a poll's option, an account).
pub(super) fn read(value: Value) -> Result<Option<RawPost>, String> {
    if value.get("id").is_some_and(|id| !id.is_u64()) || value.get("id").is_none() {
        return Ok(None);
    }
    let item: Item = serde_json::from_value(value).map_err(|e| e.to_string())?;
    Ok(map(item))
}

/// The post an item is; `None` for a poll's option and for kinds not known yet.
pub fn map(item: Item) -> Option<RawPost> {
    if item.id == 0 {
        return None;
    }
    let uid = |id: u64| format!("{PLATFORM}:{id}");
    let mut post = RawPost {
        uid: Some(uid(item.id)),
        platform: Some(PLATFORM.to_owned()),
        ..RawPost::default()
    };
    if item.deleted || item.dead {
        post.event = Event::Delete;
        return Some(post);
    }
    post.kind = match item.kind.as_deref()? {
        "story" | "poll" | "job" => Kind::Post,
        "comment" => Kind::Comment,
        _ => return None,
    };
    let (text, mut links) = item.text.as_deref().map(html).unwrap_or_default();
    post.text = text;
    post.title = item.title.as_deref().map(|t| html(t).0);
    post.urls = item.url.into_iter().filter(|u| !u.is_empty()).collect();
    post.urls.append(&mut links);
    post.author = item.by.map(|by| RawAuthor {
        handle: Some(by),
        ..RawAuthor::default()
    });
    post.created_at = item.time.and_then(from_seconds);
    post.reply_to = item.parent.map(uid);
    post.counts = Counts {
        likes: item.score.and_then(|s| u64::try_from(s).ok()),
        replies: item.descendants.and_then(|d| u64::try_from(d).ok()),
        ..Counts::default()
    };
    post.permalink = Some(format!("https://news.ycombinator.com/item?id={}", item.id));
    post.visibility = Some("public".to_owned());
    Some(post)
}

/// Plain text and the links of HTML.
fn html(text: &str) -> (String, Vec<String>) {
    let plain = text::html_to_text(text);
    (plain.text, plain.links)
}
