//! A post or a comment of LinkedIn's becomes a post.

use super::{PLATFORM, little};
use crate::graph::shape::{count, flag, items, list, object, text, whole};
use crate::time::{from_millis, in_utc};
use post::{Counts, Kind, Media, RawAuthor, RawMention, RawPost};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Item<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    author: Option<&'a RawValue>,
    #[serde(borrow)]
    commentary: Option<&'a RawValue>,
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    #[serde(borrow)]
    created_at: Option<&'a RawValue>,
    #[serde(borrow)]
    published_at: Option<&'a RawValue>,
    #[serde(borrow)]
    last_modified_at: Option<&'a RawValue>,
    #[serde(borrow)]
    lifecycle_state: Option<&'a RawValue>,
    #[serde(borrow)]
    lifecycle_state_info: Option<&'a RawValue>,
    #[serde(borrow)]
    visibility: Option<&'a RawValue>,
    #[serde(borrow)]
    reshare_context: Option<&'a RawValue>,
    // Comments.
    #[serde(borrow, rename = "$URN")]
    urn: Option<&'a RawValue>,
    #[serde(borrow)]
    comment_urn: Option<&'a RawValue>,
    #[serde(borrow)]
    actor: Option<&'a RawValue>,
    #[serde(borrow)]
    created: Option<&'a RawValue>,
    #[serde(borrow)]
    last_modified: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    object: Option<&'a RawValue>,
    #[serde(borrow)]
    parent_comment: Option<&'a RawValue>,
    #[serde(borrow)]
    likes_summary: Option<&'a RawValue>,
    #[serde(borrow)]
    comments_summary: Option<&'a RawValue>,
}

/// The parts of nested objects, each under its own name.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Part<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    media: Option<&'a RawValue>,
    #[serde(borrow)]
    multi_image: Option<&'a RawValue>,
    #[serde(borrow)]
    images: Option<&'a RawValue>,
    #[serde(borrow)]
    article: Option<&'a RawValue>,
    #[serde(borrow)]
    source: Option<&'a RawValue>,
    #[serde(borrow)]
    title: Option<&'a RawValue>,
    #[serde(borrow)]
    alt_text: Option<&'a RawValue>,
    #[serde(borrow)]
    poll: Option<&'a RawValue>,
    #[serde(borrow)]
    question: Option<&'a RawValue>,
    #[serde(borrow)]
    url: Option<&'a RawValue>,
    #[serde(borrow)]
    time: Option<&'a RawValue>,
    #[serde(borrow)]
    actor: Option<&'a RawValue>,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow)]
    attributes: Option<&'a RawValue>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    parent: Option<&'a RawValue>,
    #[serde(borrow)]
    is_edited_by_author: Option<&'a RawValue>,
    #[serde(borrow)]
    aggregated_total_likes: Option<&'a RawValue>,
    #[serde(borrow)]
    total_likes: Option<&'a RawValue>,
    #[serde(borrow)]
    aggregated_total_comments: Option<&'a RawValue>,
}

/// Something read, and when it was last changed, milliseconds since 1970.
pub(super) struct Read {
    pub(super) post: RawPost,
    pub(super) changed: Option<i64>,
}

/// Where a comment was found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place<'p> {
    /// The post or comment whose answers were asked for.
    pub(super) under: Option<&'p str>,
}

/// Reads a post or a comment; `None` for what is neither, or not published.
pub(super) fn item(raw: &RawValue, place: Place<'_>) -> Result<Option<Read>, String> {
    let item: Item<'_> = whole(raw.get())?;
    if item.message.is_some() && item.actor.is_some() {
        return Ok(comment(&item, place));
    }
    let is_post = item.commentary.is_some() || (item.content.is_some() && item.author.is_some());
    if !is_post
        || text(item.lifecycle_state)
            .as_deref()
            .is_some_and(|s| s != "PUBLISHED")
    {
        return Ok(None);
    }
    Ok(post(&item))
}

fn start(native: &str) -> RawPost {
    RawPost {
        uid: Some(uid(native)),
        platform: Some(PLATFORM.to_owned()),
        ..RawPost::default()
    }
}

pub(super) fn uid(native: &str) -> String {
    format!("{PLATFORM}:{native}")
}

/// The author behind a URN; organisations are named so in it.
fn author(urn: String) -> RawAuthor {
    RawAuthor {
        organisation: is_organisation(&urn).then_some(true),
        id: Some(urn),
        ..RawAuthor::default()
    }
}

fn is_organisation(urn: &str) -> bool {
    urn.starts_with("urn:li:organization") || urn.starts_with("urn:li:company")
}

fn number(raw: Option<&RawValue>) -> Option<i64> {
    text(raw)?.parse().ok()
}

fn time(raw: Option<&RawValue>) -> Option<String> {
    match number(raw) {
        Some(millis) => from_millis(millis),
        None => text(raw).map(|t| in_utc(&t)),
    }
}

fn post(item: &Item<'_>) -> Option<Read> {
    let native = text(item.id)?;
    let mut post = start(&native);
    let written = little::read(&text(item.commentary).unwrap_or_default());
    (post.text, post.hashtags, post.mentions) = (written.text, written.hashtags, written.mentions);
    let urn = text(item.author);
    post.community = urn.clone().filter(|u| is_organisation(u));
    post.author = urn.map(author);
    post.created_at = time(item.published_at).or_else(|| time(item.created_at));
    let info: Part<'_> = object(item.lifecycle_state_info).unwrap_or_default();
    if flag(info.is_edited_by_author) == Some(true) {
        post.edited_at = time(item.last_modified_at);
    }
    post.visibility = text(item.visibility).map(|v| v.to_lowercase());
    post.permalink = Some(format!("https://www.linkedin.com/feed/update/{native}"));
    show(&mut post, item.content);
    let reshared: Part<'_> = object(item.reshare_context).unwrap_or_default();
    if let Some(of) = text(reshared.parent) {
        if post.text.is_empty() {
            post.kind = Kind::Repost;
            post.repost_of = Some(uid(&of));
        } else {
            post.kind = Kind::Quote;
            post.quote_of = Some(uid(&of));
        }
    }
    crate::graph::read_text(&mut post);
    Some(Read {
        changed: number(item.last_modified_at),
        post,
    })
}

/// Pictures, videos, documents (told by their URNs), an article, a poll's question.
fn show(post: &mut RawPost, content: Option<&RawValue>) {
    let content: Part<'_> = object(content).unwrap_or_default();
    let several: Part<'_> = object(content.multi_image).unwrap_or_default();
    let one: Option<Part<'_>> = object(content.media);
    for part in one.into_iter().chain(list::<Part<'_>>(several.images)) {
        post.media.extend(medium(&part));
        post.title = post.title.take().or_else(|| text(part.title));
    }
    if let Some(article) = object::<Part<'_>>(content.article) {
        post.title = post.title.take().or_else(|| text(article.title));
        post.urls.extend(text(article.source));
    }
    let poll: Option<Part<'_>> = object(content.poll);
    post.title = post.title.take().or_else(|| text(poll?.question));
}

/// A medium. The API names it by its URN: there is no address anybody could open.
fn medium(part: &Part<'_>) -> Option<Media> {
    let urn = text(part.id)?;
    let kind = urn.split(':').nth(2)?.to_owned();
    Some(Media {
        kind,
        url: None,
        alt: text(part.alt_text),
    })
}

fn comment(item: &Item<'_>, place: Place<'_>) -> Option<Read> {
    let on = text(item.object);
    let native = text(item.urn)
        .or_else(|| text(item.comment_urn))
        .or_else(|| Some(format!("urn:li:comment:({},{})", on.clone()?, text(item.id)?)))?;
    let mut post = start(&native);
    post.kind = Kind::Comment;
    let message: Part<'_> = object(item.message).unwrap_or_default();
    post.text = text(message.text).unwrap_or_default();
    post.author = text(item.actor).map(author);
    let (created, changed): (Part<'_>, Part<'_>) = (
        object(item.created).unwrap_or_default(),
        object(item.last_modified).unwrap_or_default(),
    );
    post.created_at = time(created.time);
    if number(changed.time) > number(created.time) {
        post.edited_at = time(changed.time);
    }
    let root = on.or_else(|| place.under.map(str::to_owned));
    let parent = text(item.parent_comment);
    // The post was asked about by one name and calls itself by another: the one it was delivered under counts.
    let under = place.under.filter(|u| !u.starts_with("urn:li:comment"));
    let root = under.map(str::to_owned).or(root);
    post.reply_to = parent.or_else(|| root.clone()).map(|p| uid(&p));
    post.thread_root = root.map(|r| uid(&r));
    for attribute in list::<Part<'_>>(message.attributes) {
        post.mentions.extend(named(&attribute));
    }
    for part in items(item.content)
        .iter()
        .filter_map(|c| object::<Part<'_>>(Some(c)))
    {
        post.media.extend(text(part.url).map(|url| Media {
            kind: "image".to_owned(),
            url: Some(url),
            alt: None,
        }));
    }
    let likes: Part<'_> = object(item.likes_summary).unwrap_or_default();
    let answers: Part<'_> = object(item.comments_summary).unwrap_or_default();
    post.counts = Counts {
        likes: count(likes.aggregated_total_likes).or_else(|| count(likes.total_likes)),
        replies: count(answers.aggregated_total_comments),
        ..Counts::default()
    };
    crate::graph::read_text(&mut post);
    Some(Read {
        changed: number(changed.time),
        post,
    })
}

/// Who an attribute of a comment's text names: a URN one or two objects down.
fn named(attribute: &Part<'_>) -> Option<RawMention> {
    use std::collections::BTreeMap;
    let kinds: BTreeMap<String, &RawValue> = object(attribute.value)?;
    let inner: BTreeMap<String, &RawValue> = kinds.into_values().find_map(|v| object(Some(v)))?;
    let urn = inner
        .into_values()
        .find_map(|v| text(Some(v)).filter(|t| t.starts_with("urn:li:")))?;
    Some(RawMention {
        id: Some(urn),
        handle: None,
    })
}

/// What `socialMetadata` counts.
pub(super) fn counted(raw: &RawValue) -> Counts {
    #[derive(Deserialize, Default)]
    #[serde(default, rename_all = "camelCase")]
    struct Social<'a> {
        #[serde(borrow)]
        reaction_summaries: Option<&'a RawValue>,
        #[serde(borrow)]
        comment_summary: Option<&'a RawValue>,
        #[serde(borrow)]
        count: Option<&'a RawValue>,
    }
    let Some(social) = object::<Social<'_>>(Some(raw)) else {
        return Counts::default();
    };
    let reactions = || {
        list::<Social<'_>>(social.reaction_summaries)
            .iter()
            .filter_map(|r| count(r.count))
            .fold(0u64, u64::saturating_add)
    };
    let comments: Option<Social<'_>> = object(social.comment_summary);
    Counts {
        likes: social.reaction_summaries.map(|_| reactions()),
        replies: comments.and_then(|c| count(c.count)),
        ..Counts::default()
    }
}
