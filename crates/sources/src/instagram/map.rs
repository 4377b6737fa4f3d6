//! A medium or a comment becomes a post.

use super::PLATFORM;
use crate::graph::shape::{count, flag, id, items, list, object, text, whole};
use crate::graph::webhook::Change;
use crate::graph::{read_mentions, read_text, when};
use post::{Counts, Event, Kind, Media, RawAuthor, RawMention, RawPost};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Where an item was found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place<'p> {
    /// The medium a comment stands under.
    pub(super) under: Option<&'p str>,
    /// The comment a reply answers.
    pub(super) answers: Option<&'p str>,
    /// Who is answered: id and handle.
    pub(super) answered: Option<(Option<&'p str>, Option<&'p str>)>,
    /// Whether it is the account's own.
    pub(super) ours: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Item<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    caption: Option<&'a RawValue>,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow)]
    media_type: Option<&'a RawValue>,
    #[serde(borrow)]
    media_url: Option<&'a RawValue>,
    #[serde(borrow)]
    thumbnail_url: Option<&'a RawValue>,
    #[serde(borrow)]
    alt_text: Option<&'a RawValue>,
    #[serde(borrow)]
    permalink: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    created_time: Option<&'a RawValue>,
    #[serde(borrow)]
    username: Option<&'a RawValue>,
    #[serde(borrow)]
    owner: Option<&'a RawValue>,
    #[serde(borrow)]
    from: Option<&'a RawValue>,
    #[serde(borrow)]
    user: Option<&'a RawValue>,
    #[serde(borrow)]
    like_count: Option<&'a RawValue>,
    #[serde(borrow)]
    comments_count: Option<&'a RawValue>,
    #[serde(borrow)]
    children: Option<&'a RawValue>,
    #[serde(borrow)]
    replies: Option<&'a RawValue>,
    #[serde(borrow)]
    parent_id: Option<&'a RawValue>,
    #[serde(borrow)]
    media: Option<&'a RawValue>,
    #[serde(borrow)]
    hidden: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Account<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    username: Option<&'a RawValue>,
    #[serde(borrow)]
    full_name: Option<&'a RawValue>,
}

/// Reads a medium or a comment, and the replies it carries. What has neither text nor medium is none.
pub(super) fn item(raw: &RawValue, place: Place<'_>, each: &mut dyn FnMut(RawPost)) -> Result<(), String> {
    let item: Item<'_> = whole(raw.get())?;
    let Some(native) = text(item.id) else {
        return Ok(());
    };
    let written = text(item.text);
    let kind = text(item.media_type);
    let post = match (written, kind) {
        (Some(written), None) => comment(&item, &native, written, place),
        (None, None) if item.caption.is_none() && item.media_url.is_none() => return Ok(()),
        (_, kind) => medium(&item, &native, kind.as_deref(), place),
    };
    let under = post.thread_root.clone();
    let handle = post.author.as_ref().and_then(|a| a.handle.clone());
    let author = post.author.as_ref().and_then(|a| a.id.clone());
    each(post);
    let under = under.as_deref().and_then(|u| u.split_once(':')).map(|u| u.1);
    // Replies to replies do not exist.
    if place.answers.is_none() {
        let place = Place {
            under: place.under.or(under),
            answers: Some(&native),
            answered: Some((author.as_deref(), handle.as_deref())),
            ours: false,
        };
        for reply in items(item.replies) {
            self::item(reply, place, each)?;
        }
    }
    Ok(())
}

fn start(native: &str) -> RawPost {
    RawPost {
        uid: Some(uid(native)),
        platform: Some(PLATFORM.to_owned()),
        // The API shows public accounts only.
        visibility: Some("public".to_owned()),
        ..RawPost::default()
    }
}

fn uid(native: &str) -> String {
    format!("{PLATFORM}:{native}")
}

fn author(item: &Item<'_>, ours: bool) -> Option<RawAuthor> {
    let from: Account<'_> = object(item.from)
        .or_else(|| object(item.user))
        .unwrap_or_default();
    let author = RawAuthor {
        id: text(from.id).or_else(|| id(item.owner)),
        handle: text(item.username).or_else(|| text(from.username)),
        name: text(from.full_name),
        organisation: ours.then_some(true),
        ..RawAuthor::default()
    };
    (author.id.is_some() || author.handle.is_some()).then_some(author)
}

fn medium(item: &Item<'_>, native: &str, kind: Option<&str>, place: Place<'_>) -> RawPost {
    let mut post = start(native);
    post.author = author(item, place.ours);
    post.created_at = text(item.timestamp)
        .or_else(|| text(item.created_time))
        .map(|t| when(&t));
    post.text = text(item.caption).unwrap_or_default();
    post.permalink = text(item.permalink);
    post.counts = Counts {
        // Absent where its author hides it.
        likes: count(item.like_count),
        replies: count(item.comments_count),
        ..Counts::default()
    };
    let parts: Vec<Item<'_>> = list(item.children);
    post.media = parts
        .iter()
        .map(|p| shown(p, text(p.media_type).as_deref()))
        .collect();
    if post.media.is_empty() {
        post.media.push(shown(item, kind));
    }
    read_text(&mut post);
    read_mentions(&mut post);
    post
}

fn shown(item: &Item<'_>, kind: Option<&str>) -> Media {
    let kind = match kind {
        Some("VIDEO" | "BROADCAST" | "REELS") => "video",
        _ => "image",
    };
    Media {
        kind: kind.to_owned(),
        url: text(item.media_url).or_else(|| text(item.thumbnail_url)),
        alt: text(item.alt_text),
    }
}

fn comment(item: &Item<'_>, native: &str, written: String, place: Place<'_>) -> RawPost {
    let mut post = start(native);
    post.kind = Kind::Comment;
    post.author = author(item, false);
    post.created_at = text(item.timestamp)
        .or_else(|| text(item.created_time))
        .map(|t| when(&t));
    post.text = written;
    let medium = id(item.media).or_else(|| place.under.map(str::to_owned));
    let parent = text(item.parent_id).or_else(|| place.answers.map(str::to_owned));
    post.reply_to = parent.or_else(|| medium.clone()).map(|p| uid(&p));
    post.thread_root = medium.map(|m| uid(&m));
    post.counts.likes = count(item.like_count);
    let replies = items(item.replies).len() as u64;
    post.counts.replies = item.replies.is_some().then_some(replies);
    if let Some((id, handle)) = place.answered
        && (id.is_some() || handle.is_some())
    {
        post.mentions.push(RawMention {
            id: id.map(str::to_owned),
            handle: handle.map(str::to_owned),
        });
    }
    read_text(&mut post);
    read_mentions(&mut post);
    if flag(item.hidden) == Some(true) {
        post.event = Event::Withhold;
    }
    post
}

/// A change that the webhook tells: a comment. Mentions name only ids: they are asked about by [`mentioned`].
pub(super) fn change(change: &Change<'_>) -> Result<Option<RawPost>, String> {
    match change.field.as_ref() {
        "comments" | "live_comments" => {}
        "mentions" => {
            super::mentions::heard(change);
            return Ok(None);
        }
        _ => return Ok(None),
    }
    let account = change.account.as_deref();
    let mut posts = Vec::new();
    // The comment answers the account's own medium unless it answers another comment.
    #[derive(Deserialize)]
    struct Parent<'a> {
        #[serde(borrow, default)]
        parent_id: Option<&'a RawValue>,
    }
    let parent = object::<Parent<'_>>(Some(change.value)).and_then(|p| text(p.parent_id));
    let place = Place {
        answered: parent.is_none().then_some((account, None)),
        ..Place::default()
    };
    item(change.value, place, &mut |post| posts.push(post))?;
    let mut post = posts.into_iter().next();
    if let Some(post) = &mut post {
        post.created_at = post
            .created_at
            .take()
            .or_else(|| change.time.as_deref().map(when));
    }
    Ok(post)
}

/// Reads what Instagram is recorded to have said: media, comments, webhook bodies, at any depth.
pub(super) fn recorded(value: &serde_json::Value, each: &mut dyn FnMut(Result<RawPost, String>)) {
    use serde_json::Value::{Array, Object};
    match value {
        Array(all) => all.iter().for_each(|v| recorded(v, each)),
        Object(fields) if fields.contains_key("entry") => {
            let read = crate::graph::webhook::changes(&value.to_string(), &mut |c| {
                if let Some(told) = change(&c).transpose() {
                    each(told);
                }
            });
            if let Err(e) = read {
                each(Err(e));
            }
        }
        Object(fields) => {
            let is_item = ["text", "media_type", "media_url", "caption"];
            if fields.contains_key("id")
                && is_item.iter().any(|k| fields.contains_key(*k))
                && let Ok(raw) = RawValue::from_string(value.to_string())
            {
                let read = item(&raw, Place::default(), &mut |post| each(Ok(post)));
                if let Err(e) = read {
                    each(Err(e));
                }
                return;
            }
            fields.values().for_each(|v| recorded(v, each));
        }
        _ => {}
    }
}
