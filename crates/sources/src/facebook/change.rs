//! A change that the webhook tells becomes a post, an edit or a delete.

use super::map;
use super::map::{author, owner, push, start, uid};
use crate::graph::shape::{items, object, text, whole};
use crate::graph::webhook::Change;
use crate::graph::{read_text, when};
use post::{Event, Kind, Media, RawAuthor, RawMention, RawPost};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Value<'a> {
    #[serde(borrow)]
    item: Option<&'a RawValue>,
    #[serde(borrow)]
    verb: Option<&'a RawValue>,
    #[serde(borrow)]
    post_id: Option<&'a RawValue>,
    #[serde(borrow)]
    comment_id: Option<&'a RawValue>,
    #[serde(borrow)]
    parent_id: Option<&'a RawValue>,
    #[serde(borrow)]
    from: Option<&'a RawValue>,
    #[serde(borrow)]
    sender_id: Option<&'a RawValue>,
    #[serde(borrow)]
    sender_name: Option<&'a RawValue>,
    #[serde(borrow)]
    created_time: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    link: Option<&'a RawValue>,
    #[serde(borrow)]
    photo: Option<&'a RawValue>,
    #[serde(borrow)]
    photos: Option<&'a RawValue>,
    #[serde(borrow)]
    video: Option<&'a RawValue>,
    #[serde(borrow)]
    post: Option<&'a RawValue>,
    #[serde(borrow)]
    published: Option<&'a RawValue>,
}

/// The post of a change; `None` for what is none (a like, a reaction: they tell no number) or not public yet.
pub(super) fn change(change: &Change<'_>) -> Result<Option<RawPost>, String> {
    if !matches!(change.field.as_ref(), "feed" | "mention") {
        return Ok(None);
    }
    let value: Value<'_> = whole(change.value.get())?;
    let comment = match text(value.item).as_deref() {
        Some("comment") => true,
        Some("post" | "status" | "photo" | "video" | "share" | "link" | "album" | "note" | "event") => false,
        _ => return Ok(None),
    };
    let id = text(if comment { value.comment_id } else { value.post_id });
    let (Some(id), Some(verb)) = (id, text(value.verb)) else {
        return Ok(None);
    };
    let event = match verb.as_str() {
        "add" => Event::Create,
        "edit" | "edited" | "update" | "unhide" => Event::Edit,
        "remove" | "delete" | "block" => Event::Delete,
        "hide" => Event::Withhold,
        _ => return Ok(None),
    };
    let mut post = start(&id);
    post.event = event;
    if matches!(event, Event::Delete | Event::Withhold) {
        return Ok(Some(post));
    }
    if text(value.published).as_deref() == Some("0") {
        return Ok(None);
    }
    fill(&mut post, &value, change);
    let account = change.account.as_deref();
    if comment {
        answer(&mut post, &value, account);
    }
    read_text(&mut post);
    // A person who mentions the page does it on their own wall.
    post.visibility = (change.field == "feed").then(|| "public".to_owned());
    if change.field == "mention" {
        post.mentions.insert(0, named(account));
    }
    let empty = post.text.is_empty() && post.media.is_empty() && post.urls.is_empty();
    Ok((!empty).then_some(post))
}

fn fill(post: &mut RawPost, value: &Value<'_>, change: &Change<'_>) {
    let told = change.time.as_deref().map(when);
    post.created_at = text(value.created_time)
        .map(|t| when(&t))
        .or_else(|| told.clone());
    if post.event == Event::Edit {
        post.edited_at = told;
    }
    let account = change.account.as_deref();
    post.community = account.filter(|_| change.field == "feed").map(str::to_owned);
    post.author = author(value.from, account).or_else(|| {
        let id = text(value.sender_id)?;
        Some(RawAuthor {
            organisation: (Some(id.as_str()) == account).then_some(true),
            id: Some(id),
            name: text(value.sender_name),
            ..RawAuthor::default()
        })
    });
    post.text = text(value.message).unwrap_or_default();
    let photos = items(value.photos).into_iter().filter_map(|p| text(Some(p)));
    let photos = photos.chain(text(value.photo)).map(|url| ("image", url));
    for (kind, url) in photos.chain(text(value.video).map(|url| ("video", url))) {
        post.media.push(Media {
            kind: kind.to_owned(),
            url: Some(url),
            alt: None,
        });
    }
    if let Some(link) = text(value.link) {
        match text(value.item).as_deref() {
            Some(kind @ ("photo" | "video")) => post.media.push(Media {
                kind: if kind == "photo" { "image" } else { "video" }.to_owned(),
                url: Some(link),
                alt: None,
            }),
            _ => push(&mut post.urls, link),
        }
    }
    post.permalink = permalink(value.post);
}

fn answer(post: &mut RawPost, value: &Value<'_>, account: Option<&str>) {
    post.kind = Kind::Comment;
    let under = text(value.post_id);
    post.reply_to = text(value.parent_id).or_else(|| under.clone()).map(|p| uid(&p));
    post.thread_root = under.as_deref().map(uid);
    // Only of the post it is known whose it is.
    let wall = under.as_deref().and_then(owner);
    if post.reply_to == post.thread_root && wall.is_some() && wall == account {
        post.mentions.insert(0, named(account));
    }
}

fn named(account: Option<&str>) -> RawMention {
    RawMention {
        id: account.map(str::to_owned),
        handle: None,
    }
}

fn permalink(post: Option<&RawValue>) -> Option<String> {
    #[derive(Deserialize)]
    struct Linked<'a> {
        #[serde(borrow)]
        permalink_url: Option<&'a RawValue>,
    }
    text(object::<Linked<'_>>(post)?.permalink_url)
}

/// Reads what Facebook is recorded to have said: lists, posts, comments, webhook bodies, at any depth.
pub(super) fn recorded(
    value: &serde_json::Value,
    under: Option<&str>,
    each: &mut dyn FnMut(Result<RawPost, String>),
) {
    use serde_json::Value::{Array, Object};
    match value {
        Array(all) => all.iter().for_each(|v| recorded(v, under, each)),
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
        Object(fields) if fields.contains_key("id") && fields.contains_key("created_time") => {
            let Ok(raw) = RawValue::from_string(value.to_string()) else {
                return;
            };
            let place = map::Place {
                under,
                ..map::Place::default()
            };
            if let Some(told) = map::item(&raw, place).transpose() {
                each(told);
            }
            let id = fields.get("id").and_then(serde_json::Value::as_str);
            if let Some(comments) = fields.get("comments") {
                recorded(comments, under.or(id), each);
            }
        }
        Object(fields) => {
            let id = fields.get("id").and_then(serde_json::Value::as_str);
            for (key, inner) in fields {
                let under = if key == "comments" { under.or(id) } else { under };
                recorded(inner, under, each);
            }
        }
        _ => {}
    }
}
