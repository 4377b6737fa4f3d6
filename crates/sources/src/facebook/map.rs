//! A post or a comment of a page becomes a post.

use super::PLATFORM;
use crate::graph::shape::{count, flag, list, object, text, whole};
use crate::graph::{read_text, when};
use post::{Counts, Event, Kind, Media, RawAuthor, RawMention, RawPost};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Where an item was found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place<'p> {
    /// The page's id.
    pub(super) page: Option<&'p str>,
    /// The page's name.
    pub(super) name: Option<&'p str>,
    /// The post that a comment stands under.
    pub(super) under: Option<&'p str>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Item<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    description: Option<&'a RawValue>,
    #[serde(borrow)]
    title: Option<&'a RawValue>,
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    created_time: Option<&'a RawValue>,
    #[serde(borrow)]
    from: Option<&'a RawValue>,
    #[serde(borrow)]
    permalink_url: Option<&'a RawValue>,
    #[serde(borrow)]
    link: Option<&'a RawValue>,
    #[serde(borrow)]
    parent_id: Option<&'a RawValue>,
    #[serde(borrow)]
    parent: Option<&'a RawValue>,
    #[serde(borrow)]
    message_tags: Option<&'a RawValue>,
    #[serde(borrow)]
    attachments: Option<&'a RawValue>,
    #[serde(borrow)]
    attachment: Option<&'a RawValue>,
    #[serde(borrow)]
    picture: Option<&'a RawValue>,
    #[serde(borrow)]
    full_picture: Option<&'a RawValue>,
    #[serde(borrow)]
    shares: Option<&'a RawValue>,
    #[serde(borrow)]
    reactions: Option<&'a RawValue>,
    #[serde(borrow)]
    likes: Option<&'a RawValue>,
    #[serde(borrow)]
    like_count: Option<&'a RawValue>,
    #[serde(borrow)]
    comments: Option<&'a RawValue>,
    #[serde(borrow)]
    comment_count: Option<&'a RawValue>,
    #[serde(borrow)]
    is_hidden: Option<&'a RawValue>,
    #[serde(borrow)]
    is_published: Option<&'a RawValue>,
    #[serde(borrow)]
    privacy: Option<&'a RawValue>,
}

/// A person or a page.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Named<'a> {
    #[serde(borrow)]
    pub(super) id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) name: Option<&'a RawValue>,
    #[serde(borrow)]
    from: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Tally<'a> {
    #[serde(borrow)]
    count: Option<&'a RawValue>,
    #[serde(borrow)]
    summary: Option<&'a RawValue>,
    #[serde(borrow)]
    total_count: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Attached<'a> {
    #[serde(borrow)]
    description: Option<&'a RawValue>,
    #[serde(borrow)]
    title: Option<&'a RawValue>,
    #[serde(borrow)]
    media: Option<&'a RawValue>,
    #[serde(borrow)]
    media_type: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    url: Option<&'a RawValue>,
    #[serde(borrow)]
    unshimmed_url: Option<&'a RawValue>,
    #[serde(borrow)]
    subattachments: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Shown<'a> {
    #[serde(borrow)]
    image: Option<&'a RawValue>,
    #[serde(borrow)]
    source: Option<&'a RawValue>,
    #[serde(borrow)]
    src: Option<&'a RawValue>,
}

/// Reads an item of a list; `None` for what is no post (a page, a post with nothing to read or see).
pub(super) fn item(raw: &RawValue, place: Place<'_>) -> Result<Option<RawPost>, String> {
    let item: Item<'_> = whole(raw.get())?;
    let (Some(id), Some(created)) = (text(item.id), text(item.created_time)) else {
        return Ok(None);
    };
    let mut post = start(&id);
    post.created_at = Some(when(&created));
    let page = place.page.or_else(|| owner(place.under.unwrap_or(&id)));
    post.author = author(item.from, page);
    post.text = text(item.message)
        .or_else(|| text(item.description))
        .unwrap_or_default();
    post.title = text(item.title);
    post.permalink = text(item.permalink_url).map(|url| match url.strip_prefix('/') {
        Some(path) => format!("https://www.facebook.com/{path}"),
        None => url,
    });
    post.counts = counts(&item);
    tags(&mut post, item.message_tags);
    show(&mut post, &item);
    match place.under {
        Some(under) => answer(&mut post, &item, under, place),
        None => {
            post.community = page.map(str::to_owned);
            share(&mut post, &item);
        }
    }
    read_text(&mut post);
    post.visibility = visibility(&item, place);
    if flag(item.is_hidden) == Some(true) {
        post.event = Event::Withhold;
    }
    // A comment may be a sticker that is not told.
    let empty = place.under.is_none()
        && post.text.is_empty()
        && post.title.is_none()
        && post.media.is_empty()
        && post.urls.is_empty();
    let draft = flag(item.is_published) == Some(false);
    Ok((!empty && !draft).then_some(post))
}

/// A post of which only the uid is known yet.
pub(super) fn start(id: &str) -> RawPost {
    RawPost {
        uid: Some(uid(id)),
        platform: Some(PLATFORM.to_owned()),
        ..RawPost::default()
    }
}

pub(super) fn uid(id: &str) -> String {
    format!("{PLATFORM}:{id}")
}

/// The account whose wall a post is on: ids are `<account>_<post>`.
pub(super) fn owner(id: &str) -> Option<&str> {
    Some(id.split_once('_')?.0)
}

/// The author; the page itself is an organisation.
pub(super) fn author(raw: Option<&RawValue>, page: Option<&str>) -> Option<RawAuthor> {
    let from: Named<'_> = object(raw)?;
    let id = text(from.id);
    Some(RawAuthor {
        organisation: (id.is_some() && id.as_deref() == page).then_some(true),
        id,
        name: text(from.name),
        ..RawAuthor::default()
    })
}

/// Pages and people named. Facebook shows them by their names: a name stands for the handle.
fn tags(post: &mut RawPost, raw: Option<&RawValue>) {
    for tag in list::<Named<'_>>(raw) {
        let mention = RawMention {
            id: text(tag.id),
            handle: text(tag.name),
        };
        if mention.id.is_some() && !post.mentions.contains(&mention) {
            post.mentions.push(mention);
        }
    }
}

fn counts(item: &Item<'_>) -> Counts {
    let total = |raw| {
        let tally: Tally<'_> = object(raw)?;
        let summary: Tally<'_> = object(tally.summary).unwrap_or_default();
        count(summary.total_count).or_else(|| count(tally.count))
    };
    Counts {
        likes: total(item.reactions)
            .or_else(|| total(item.likes))
            .or_else(|| count(item.like_count)),
        reposts: total(item.shares),
        replies: total(item.comments).or_else(|| count(item.comment_count)),
        ..Counts::default()
    }
}

/// Pictures, videos and links.
fn show(post: &mut RawPost, item: &Item<'_>) {
    let mut all: Vec<Attached<'_>> = list(item.attachments);
    all.extend(object::<Attached<'_>>(item.attachment));
    let parts: Vec<Attached<'_>> = all.iter().flat_map(|a| list(a.subattachments)).collect();
    for attached in all.iter().chain(&parts) {
        attach(post, attached);
    }
    let picture = text(item.full_picture).or_else(|| text(item.picture));
    if post.media.is_empty()
        && let Some(url) = picture
    {
        post.media.push(media("image", Some(url)));
    }
    if let Some(link) = text(item.link) {
        post.title = post.title.take().or_else(|| text(item.name));
        push(&mut post.urls, link);
    }
}

fn attach(post: &mut RawPost, attached: &Attached<'_>) {
    let kind = text(attached.media_type)
        .or_else(|| text(attached.kind))
        .unwrap_or_default();
    let shown: Shown<'_> = object(attached.media).unwrap_or_default();
    let image: Shown<'_> = object(shown.image).unwrap_or_default();
    let picture = text(image.src);
    match kind.as_str() {
        // Its pictures stand in its parts.
        "album" => {}
        k if k.contains("video") => post.media.push(media("video", text(shown.source).or(picture))),
        k if k.contains("photo") || k.contains("image") || k == "sticker" => {
            post.media.push(media("image", picture));
        }
        _ => {
            if let Some(picture) = picture {
                post.media.push(media("image", Some(picture)));
            }
            if let Some(url) = text(attached.unshimmed_url).or_else(|| text(attached.url)) {
                push(&mut post.urls, url);
            }
            post.title = post.title.take().or_else(|| text(attached.title));
        }
    }
}

fn media(kind: &str, url: Option<String>) -> Media {
    Media {
        kind: kind.to_owned(),
        url,
        alt: None,
    }
}

pub(super) fn push(urls: &mut Vec<String>, url: String) {
    if !urls.contains(&url) {
        urls.push(url);
    }
}

/// A comment answers a comment or the post; who is answered is named first.
fn answer(post: &mut RawPost, item: &Item<'_>, under: &str, place: Place<'_>) {
    post.kind = Kind::Comment;
    let parent: Option<Named<'_>> = object(item.parent);
    let parent_id = parent.as_ref().and_then(|p| text(p.id));
    post.reply_to = Some(uid(parent_id.as_deref().unwrap_or(under)));
    post.thread_root = Some(uid(under));
    post.community = place.page.map(str::to_owned);
    let answered = match &parent {
        Some(parent) => object::<Named<'_>>(parent.from).and_then(|f| Some((text(f.id)?, text(f.name)))),
        None => place
            .page
            .map(|page| (page.to_owned(), place.name.map(str::to_owned))),
    };
    if let Some((id, handle)) = answered {
        post.mentions.retain(|m| m.id.as_deref() != Some(&id));
        post.mentions.insert(0, RawMention { id: Some(id), handle });
    }
}

/// A share repeats a post, or quotes it where something is said to it.
fn share(post: &mut RawPost, item: &Item<'_>) {
    let Some(of) = text(item.parent_id).filter(|p| Some(uid(p)) != post.uid) else {
        return;
    };
    let attached: Vec<Attached<'_>> = list(item.attachments);
    let original = attached.first().and_then(|a| text(a.description));
    if post.text.is_empty() {
        post.kind = Kind::Repost;
        post.repost_of = Some(uid(&of));
        post.text = original.unwrap_or_default();
    } else {
        post.kind = Kind::Quote;
        post.quote_of = Some(uid(&of));
        post.quoted_text = original;
    }
}

/// What stands on a page is public unless Facebook says otherwise.
fn visibility(item: &Item<'_>, place: Place<'_>) -> Option<String> {
    #[derive(Deserialize)]
    struct Privacy<'a> {
        #[serde(borrow)]
        value: Option<&'a RawValue>,
    }
    let privacy: Option<Privacy<'_>> = object(item.privacy);
    match privacy.and_then(|p| text(p.value)).as_deref() {
        Some("EVERYONE") => Some("public".to_owned()),
        Some(other) => Some(other.to_lowercase()),
        None => (place.page.is_some() || flag(item.is_published) == Some(true)).then(|| "public".to_owned()),
    }
}
