//! A video or a comment becomes a [`RawPost`].

use super::PLATFORM;
use super::config::{is_token, is_video};
use super::wire::{Channel, Id, Item, Snippet};
use crate::time::in_utc;
use post::{Counts, Kind, Media, RawAuthor, RawMention, RawPost};
use text::EntityKind;

/// The video that a resource is about; `None` where it is about none.
pub(super) fn video(mut item: Item) -> Option<RawPost> {
    let id = video_id(&item).filter(|id| is_video(id))?;
    let details = item.content_details.take().unwrap_or_default();
    let statistics = item.statistics.take().unwrap_or_default();
    let snippet = item.snippet.take()?;
    let watch = format!("https://www.youtube.com/watch?v={id}");
    let mut post = RawPost {
        uid: Some(uid(&id)),
        platform: Some(PLATFORM.to_owned()),
        kind: Kind::Video,
        // In a playlist, `publishedAt` is when the video was put there.
        created_at: details
            .video_published_at
            .or(snippet.published_at)
            .as_deref()
            .map(in_utc),
        title: snippet.title,
        text: snippet.description.unwrap_or_default(),
        media: vec![Media {
            kind: "video".to_owned(),
            url: Some(watch.clone()),
            alt: None,
        }],
        counts: Counts {
            likes: statistics.like_count,
            replies: statistics.comment_count,
            views: statistics.view_count,
            ..Counts::default()
        },
        permalink: Some(watch),
        sensitive: details
            .content_rating
            .map(|r| r.yt_rating.as_deref() == Some("ytAgeRestricted")),
        ..RawPost::default()
    };
    // Without the part that says so, what a list shows is public.
    let privacy = item.status.and_then(|s| s.privacy_status);
    post.visibility = Some(privacy.unwrap_or_else(|| "public".to_owned()));
    let name = snippet.video_owner_channel_title.or(snippet.channel_title);
    post.community = name.clone();
    post.author = Some(RawAuthor {
        id: snippet.video_owner_channel_id.or(snippet.channel_id),
        name,
        ..RawAuthor::default()
    });
    for lang in [snippet.default_language, snippet.default_audio_language]
        .into_iter()
        .flatten()
    {
        if !post.lang_claimed.contains(&lang) {
            post.lang_claimed.push(lang);
        }
    }
    name_entities(&mut post, None);
    Some(post)
}

fn video_id(item: &Item) -> Option<String> {
    let snippet = item.snippet.as_ref();
    match (item.kind.as_deref(), &item.id) {
        (Some("youtube#video"), Some(Id::Text(id))) => Some(id.clone()),
        (Some("youtube#searchResult"), Some(Id::Resource(found))) => found.video_id.clone(),
        (Some("youtube#playlistItem"), _) => {
            let named = snippet?.resource_id.as_ref().and_then(|r| r.video_id.clone());
            named.or_else(|| item.content_details.as_ref()?.video_id.clone())
        }
        (Some("youtube#activity"), _) if snippet?.activity.as_deref() == Some("upload") => {
            let details = item
                .content_details
                .as_ref()
                .and_then(|d| d.upload.as_ref()?.video_id.clone());
            details.or_else(|| pictured(snippet?))
        }
        _ => None,
    }
}

/// Asked for without `contentDetails`, an activity names its video in the addresses of its pictures only.
fn pictured(snippet: &Snippet) -> Option<String> {
    let url = snippet.thumbnails.as_ref()?.get("default")?.url.as_ref()?;
    Some(url.split_once("/vi/")?.1.split('/').next()?.to_owned())
}

/// The comment; `video` is what it is about and `answered` wrote what it answers, where known from around it.
pub(super) fn comment(item: Item, video: Option<&str>, answered: Option<&str>) -> Option<RawPost> {
    let Some(Id::Text(id)) = item.id else { return None };
    if !is_token(&id) {
        return None;
    }
    let snippet = item.snippet?;
    let video = snippet.video_id.as_deref().or(video);
    let parent = snippet.parent_id.as_deref();
    let mut post = RawPost {
        uid: Some(uid(&id)),
        platform: Some(PLATFORM.to_owned()),
        kind: Kind::Comment,
        created_at: snippet.published_at.as_deref().map(in_utc),
        edited_at: snippet
            .updated_at
            .filter(|u| snippet.published_at.as_ref() != Some(u))
            .as_deref()
            .map(in_utc),
        text: snippet.text_original.or(snippet.text_display).unwrap_or_default(),
        reply_to: parent.or(video).map(uid),
        thread_root: video.map(uid),
        counts: Counts {
            likes: snippet.like_count,
            ..Counts::default()
        },
        permalink: video.map(|v| format!("https://www.youtube.com/watch?v={v}&lc={id}")),
        visibility: Some("public".to_owned()),
        ..RawPost::default()
    };
    post.author = Some(commenter(
        snippet.author_display_name,
        snippet.author_channel_id.and_then(|c| c.value),
    ));
    name_entities(&mut post, answered);
    Some(post)
}

/// The display name is the handle since 2023, and says so by its `@`.
fn commenter(name: Option<String>, id: Option<String>) -> RawAuthor {
    let handle = name
        .as_deref()
        .and_then(|n| n.strip_prefix('@'))
        .map(str::to_owned);
    RawAuthor {
        id,
        name: name.filter(|_| handle.is_none()),
        handle,
        ..RawAuthor::default()
    }
}

/// What a channel's own resource adds to what it publishes.
pub(super) fn published_by(post: &mut RawPost, channel: &Channel) {
    post.site_country = channel.country.clone();
    post.community = channel.title.clone().or(post.community.take());
    if let Some(author) = post
        .author
        .as_mut()
        .filter(|a| a.id.as_ref() == Some(&channel.id))
    {
        author.followers = channel.followers;
        author.handle = channel.handle.clone().or(author.handle.take());
    }
}

/// Hashtags, links and handles of title and text. What uploaders call tags are keywords for the search, shown nowhere.
fn name_entities(post: &mut RawPost, answered: Option<&str>) {
    let mut handles: Vec<String> = answered.map(str::to_owned).into_iter().collect();
    for text in [post.title.as_deref().unwrap_or_default(), &post.text] {
        for entity in text::entities(text) {
            let into = match entity.kind {
                EntityKind::Hashtag => &mut post.hashtags,
                EntityKind::Url => &mut post.urls,
                EntityKind::Handle => &mut handles,
                EntityKind::Cashtag => continue,
            };
            if !into.contains(&entity.value) {
                into.push(entity.value);
            }
        }
    }
    let named = handles.into_iter().map(|handle| RawMention {
        id: None,
        handle: Some(handle),
    });
    post.mentions = named.collect();
}

pub(super) fn uid(id: &str) -> String {
    format!("{PLATFORM}:{id}")
}
