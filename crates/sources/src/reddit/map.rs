//! A post or a comment becomes a [`RawPost`].

use super::PLATFORM;
use super::wire::{Data, Edited, Metadata, is_fullname};
use crate::time::from_millis;
use post::{Counts, Event, Kind, Media, RawAuthor, RawMention, RawPost};
use text::EntityKind;

/// Pictures taken from one post.
const MAX_MEDIA: usize = 20;

/// The post that a thing is; `None` where it has no id. `answered` wrote what a comment answers, where known.
pub(super) fn map(kind: &str, mut data: Data, answered: Option<String>) -> Option<RawPost> {
    let name = match (data.name.take(), &data.id) {
        (Some(name), _) => name,
        (None, Some(id)) => format!("{kind}_{id}"),
        (None, None) => return None,
    };
    if !is_fullname(&name) {
        return None;
    }
    let mut post = RawPost {
        uid: Some(uid(&name)),
        platform: Some(PLATFORM.to_owned()),
        ..RawPost::default()
    };
    if gone(&data) {
        post.event = Event::Delete;
        return Some(post);
    }
    post.author = author(&mut data);
    post.created_at = data.created_utc.and_then(moment);
    post.edited_at = match data.edited {
        Some(Edited::At(seconds)) => moment(seconds),
        _ => None,
    };
    post.community = data.subreddit.take();
    post.sensitive = data.over_18;
    post.visibility = Some(match data.subreddit_type.as_deref() {
        None | Some("public" | "restricted" | "archived" | "user") => "public".to_owned(),
        Some(other) => other.to_owned(),
    });
    if kind == "t1" {
        comment(&mut post, data, answered, &name);
    } else {
        submission(&mut post, data);
    }
    Some(post)
}

fn comment(post: &mut RawPost, data: Data, answered: Option<String>, name: &str) {
    post.kind = Kind::Comment;
    post.text = data.body.unwrap_or_default();
    let (urls, named) = entities(&post.text);
    post.urls = urls;
    post.mentions = mentions(answered.into_iter().chain(named));
    post.counts.likes = likes(data.score, data.score_hidden);
    post.permalink = data.permalink.as_deref().map(address).or_else(|| {
        let id = name.strip_prefix("t1_")?;
        let link = data.link_id.as_deref()?.strip_prefix("t3_")?;
        Some(format!("https://www.reddit.com/comments/{link}/_/{id}/"))
    });
    post.reply_to = data.parent_id.as_deref().map(uid);
    post.thread_root = data.link_id.as_deref().map(uid);
}

fn submission(post: &mut RawPost, mut data: Data) {
    post.media = media(&data);
    post.title = data.title;
    post.text = data.selftext.unwrap_or_default();
    post.repost_of = data.crosspost_parent.as_deref().map(uid);
    if post.repost_of.is_some() {
        post.kind = Kind::Repost;
        let original = data
            .crosspost_parent_list
            .take()
            .and_then(|l| l.into_iter().next());
        // A crosspost has a title of its own and the text of what it repeats.
        if let Some(original) = original
            && post.text.is_empty()
        {
            post.text = original.selftext.unwrap_or_default();
        }
    }
    let (urls, named) = entities(&post.text);
    // What a text post "links to" is itself.
    let linked = data
        .url
        .filter(|u| data.is_self != Some(true) && u.starts_with("http"));
    post.urls = linked.into_iter().collect();
    post.urls.extend(urls);
    post.mentions = mentions(named.into_iter());
    let count = |n: Option<i64>| n.and_then(|n| u64::try_from(n).ok());
    post.counts = Counts {
        likes: likes(data.score, data.score_hidden),
        reposts: count(data.num_crossposts),
        replies: count(data.num_comments),
        views: count(data.view_count),
        ..Counts::default()
    };
    post.permalink = data.permalink.as_deref().map(address);
}

fn uid(fullname: &str) -> String {
    format!("{PLATFORM}:{fullname}")
}

fn address(path: &str) -> String {
    match path.starts_with('/') {
        true => format!("https://www.reddit.com{path}"),
        false => path.to_owned(),
    }
}

fn moment(seconds: f64) -> Option<String> {
    from_millis((seconds * 1000.0) as i64)
}

/// Taken back by its author or removed by those who moderate.
fn gone(data: &Data) -> bool {
    let is_mark =
        |text: &Option<String>| matches!(text.as_deref().map(str::trim), Some("[deleted]" | "[removed]"));
    is_mark(&data.body)
        || is_mark(&data.selftext)
        || data.removed_by_category.as_deref().is_some_and(|c| !c.is_empty())
        || data.title.as_deref() == Some("[deleted by user]")
}

/// Nobody, where the account is gone: then its id must be forgotten too.
fn author(data: &mut Data) -> Option<RawAuthor> {
    let handle = data.author.take().filter(|a| a != "[deleted]" && !a.is_empty())?;
    Some(RawAuthor {
        id: data.author_fullname.take(),
        handle: Some(handle),
        ..RawAuthor::default()
    })
}

/// A score is votes for less votes against. One below nothing says nothing about how many were for, so it is not known
/// rather than 0; a hidden one is always given as 1.
fn likes(score: Option<i64>, hidden: Option<bool>) -> Option<u64> {
    u64::try_from(score?).ok().filter(|_| hidden != Some(true))
}

/// Links and accounts (`u/name`) of a Markdown text.
fn entities(text: &str) -> (Vec<String>, Vec<String>) {
    let mut urls: Vec<String> = Vec::new();
    // Most texts hold no link: then they need not be read word by word.
    if text.contains("://") || text.contains("www.") {
        let found = text::entities(text)
            .into_iter()
            .filter(|e| e.kind == EntityKind::Url);
        for url in found.map(|e| e.value) {
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
    }
    (urls, accounts(text))
}

fn accounts(text: &str) -> Vec<String> {
    let named = text.match_indices("u/").filter_map(|(at, found)| {
        let before = &text[..at];
        let before = before.strip_suffix('/').unwrap_or(before);
        if before.ends_with(|c: char| c.is_alphanumeric() || "/_-.:".contains(c)) {
            return None;
        }
        let rest = &text[at + found.len()..];
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))
            .unwrap_or(rest.len());
        (3..=20).contains(&end).then(|| rest[..end].to_owned())
    });
    named.collect()
}

fn mentions(handles: impl Iterator<Item = String>) -> Vec<RawMention> {
    let mut all: Vec<RawMention> = Vec::new();
    for handle in handles.filter(|h| h != "[deleted]") {
        if !all.iter().any(|m| m.handle.as_ref() == Some(&handle)) {
            all.push(RawMention {
                id: None,
                handle: Some(handle),
            });
        }
    }
    all
}

fn media(data: &Data) -> Vec<Media> {
    let one = |kind: &str, url: Option<String>, alt: Option<String>| Media {
        kind: kind.to_owned(),
        url,
        alt,
    };
    if let (Some(gallery), Some(metadata)) = (&data.gallery_data, &data.media_metadata) {
        let shown = gallery.items.iter().take(MAX_MEDIA).filter_map(|item| {
            let about: &Metadata = metadata.get(&item.media_id)?;
            let source = about.s.as_ref()?;
            let kind = match about.e.as_deref() {
                Some("AnimatedImage") => "gif",
                Some("RedditVideo") => "video",
                _ => "image",
            };
            Some(one(
                kind,
                source.u.clone().or_else(|| source.gif.clone()),
                item.caption.clone(),
            ))
        });
        return shown.collect();
    }
    match data.post_hint.as_deref() {
        _ if data.is_video == Some(true) => vec![one("video", data.url.clone(), None)],
        Some("image") => vec![one("image", data.url.clone(), None)],
        Some("hosted:video" | "rich:video") => vec![one("video", data.url.clone(), None)],
        _ => Vec::new(),
    }
}
