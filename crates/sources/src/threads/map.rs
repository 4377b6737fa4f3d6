//! A thread becomes a post.

use super::PLATFORM;
use crate::graph::shape::{flag, id, list, object, text, whole};
use crate::graph::webhook::Change;
use crate::graph::{read_mentions, read_text, when};
use post::{Event, Kind, Media, RawAuthor, RawMention, RawPost};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Item<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    media_type: Option<&'a RawValue>,
    #[serde(borrow)]
    media_url: Option<&'a RawValue>,
    #[serde(borrow)]
    gif_url: Option<&'a RawValue>,
    #[serde(borrow)]
    thumbnail_url: Option<&'a RawValue>,
    #[serde(borrow)]
    alt_text: Option<&'a RawValue>,
    #[serde(borrow)]
    permalink: Option<&'a RawValue>,
    #[serde(borrow)]
    owner: Option<&'a RawValue>,
    #[serde(borrow)]
    username: Option<&'a RawValue>,
    #[serde(borrow)]
    is_verified: Option<&'a RawValue>,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    children: Option<&'a RawValue>,
    #[serde(borrow)]
    topic_tag: Option<&'a RawValue>,
    #[serde(borrow)]
    link_attachment_url: Option<&'a RawValue>,
    #[serde(borrow)]
    is_quote_post: Option<&'a RawValue>,
    #[serde(borrow)]
    quoted_post: Option<&'a RawValue>,
    #[serde(borrow)]
    reposted_post: Option<&'a RawValue>,
    #[serde(borrow)]
    is_reply: Option<&'a RawValue>,
    #[serde(borrow)]
    replied_to: Option<&'a RawValue>,
    #[serde(borrow)]
    root_post: Option<&'a RawValue>,
    #[serde(borrow)]
    has_replies: Option<&'a RawValue>,
    #[serde(borrow)]
    hide_status: Option<&'a RawValue>,
}

/// A post and whether it has replies, where that is told.
pub(super) struct Read {
    pub(super) post: RawPost,
    pub(super) has_replies: Option<bool>,
}

/// Reads a thread; `None` for what is none. `under`: the thread of ours it answers, with our handle.
pub(super) fn item(raw: &RawValue, under: Option<&str>) -> Result<Option<Read>, String> {
    let item: Item<'_> = whole(raw.get())?;
    let (Some(native), Some(time)) = (text(item.id), text(item.timestamp)) else {
        return Ok(None);
    };
    let mut post = RawPost {
        uid: Some(uid(&native)),
        platform: Some(PLATFORM.to_owned()),
        created_at: Some(when(&time)),
        text: text(item.text).unwrap_or_default(),
        permalink: text(item.permalink),
        author: author(&item),
        // The API shows public profiles, and one's own.
        visibility: Some("public".to_owned()),
        ..RawPost::default()
    };
    post.hashtags.extend(text(item.topic_tag));
    post.urls.extend(text(item.link_attachment_url));
    post.media = media(&item);
    relate(&mut post, &item, under);
    read_text(&mut post);
    read_mentions(&mut post);
    if matches!(
        text(item.hide_status).as_deref(),
        Some("HIDDEN" | "COVERED" | "BLOCKED")
    ) {
        post.event = Event::Withhold;
    }
    let has_replies = flag(item.has_replies);
    if has_replies == Some(false) {
        post.counts.replies = Some(0);
    }
    Ok(Some(Read { post, has_replies }))
}

fn uid(native: &str) -> String {
    format!("{PLATFORM}:{native}")
}

fn author(item: &Item<'_>) -> Option<RawAuthor> {
    let author = RawAuthor {
        id: id(item.owner),
        handle: text(item.username),
        verified: flag(item.is_verified),
        ..RawAuthor::default()
    };
    (author.id.is_some() || author.handle.is_some()).then_some(author)
}

fn media(item: &Item<'_>) -> Vec<Media> {
    let parts: Vec<Item<'_>> = list(item.children);
    let mut all: Vec<Media> = parts.iter().filter_map(shown).collect();
    if all.is_empty() {
        all.extend(shown(item));
    }
    if let Some(url) = text(item.gif_url) {
        all.push(Media {
            kind: "gif".to_owned(),
            url: Some(url),
            alt: None,
        });
    }
    all
}

fn shown(item: &Item<'_>) -> Option<Media> {
    let kind = match text(item.media_type).as_deref()? {
        "IMAGE" | "CAROUSEL_ALBUM" => "image",
        "VIDEO" => "video",
        "AUDIO" => "audio",
        _ => return None,
    };
    Some(Media {
        kind: kind.to_owned(),
        url: text(item.media_url).or_else(|| text(item.thumbnail_url)),
        alt: text(item.alt_text),
    })
}

/// What it answers, quotes or repeats.
fn relate(post: &mut RawPost, item: &Item<'_>, under: Option<&str>) {
    let quoted: Option<Item<'_>> = object(item.quoted_post);
    let repeated: Option<Item<'_>> = object(item.reposted_post);
    let answered: Option<Item<'_>> = object(item.replied_to);
    post.reply_to = id(item.replied_to).map(|i| uid(&i));
    post.thread_root = id(item.root_post).map(|i| uid(&i));
    if flag(item.is_reply) == Some(true) || post.reply_to.is_some() || under.is_some() {
        post.kind = Kind::Reply;
        let under = under.map(uid);
        post.reply_to = post.reply_to.take().or_else(|| under.clone());
        post.thread_root = post.thread_root.take().or(under);
        let handle = answered.and_then(|a| text(a.username));
        post.mentions.extend(handle.map(|handle| RawMention {
            id: None,
            handle: Some(handle),
        }));
    }
    if let Some(repeated_id) = id(item.reposted_post) {
        post.kind = Kind::Repost;
        post.repost_of = Some(uid(&repeated_id));
        if post.text.is_empty() {
            post.text = repeated.and_then(|r| text(r.text)).unwrap_or_default();
        }
    } else if flag(item.is_quote_post) == Some(true) || item.quoted_post.is_some() {
        post.quote_of = id(item.quoted_post).map(|i| uid(&i));
        post.quoted_text = quoted.and_then(|q| text(q.text));
        if post.kind == Kind::Post && (post.quote_of.is_some() || flag(item.is_quote_post) == Some(true)) {
            post.kind = Kind::Quote;
        }
    }
}

/// A change that the webhook tells: a reply, a mention, a thread of one's own, or one that was deleted.
pub(super) fn change(change: &Change<'_>) -> Result<Option<RawPost>, String> {
    match change.field.as_ref() {
        "replies" | "mentions" | "publish" => Ok(item(change.value, None)?.map(|read| read.post)),
        "delete" => Ok(id(Some(change.value)).map(|native| RawPost {
            uid: Some(uid(&native)),
            platform: Some(PLATFORM.to_owned()),
            event: Event::Delete,
            ..RawPost::default()
        })),
        _ => Ok(None),
    }
}

/// Reads what Threads is recorded to have said: threads and webhook bodies, at any depth.
pub(super) fn recorded(value: &serde_json::Value, each: &mut dyn FnMut(Result<RawPost, String>)) {
    use serde_json::Value::{Array, Object};
    match value {
        Array(all) => all.iter().for_each(|v| recorded(v, each)),
        Object(fields) if fields.contains_key("values") || fields.contains_key("entry") => {
            let read = crate::graph::webhook::changes(&value.to_string(), &mut |c| {
                if let Some(told) = change(&c).transpose() {
                    each(told);
                }
            });
            if let Err(e) = read {
                each(Err(e));
            }
        }
        Object(fields) if fields.contains_key("id") && fields.contains_key("timestamp") => {
            let Ok(raw) = RawValue::from_string(value.to_string()) else {
                return;
            };
            if let Some(read) = item(&raw, None).transpose() {
                each(read.map(|r| r.post));
            }
        }
        Object(fields) => fields.values().for_each(|v| recorded(v, each)),
        _ => {}
    }
}
