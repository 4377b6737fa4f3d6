//! Archives in Gnip's form of Activity Streams 1.0 (PowerTrack, Historical PowerTrack, the old firehose).

use super::PLATFORM;
use super::fields::{country, is_id, lang, name, once, plain, region, uid};
use super::v1::Entities;
use crate::time::in_utc;
use post::{Counts, Event, Kind, RawAuthor, RawPost};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Activity {
    id: Option<String>,
    verb: Option<String>,
    actor: Option<Actor>,
    body: Option<String>,
    #[serde(rename = "postedTime")]
    posted_time: Option<String>,
    object: Option<Box<Activity>>,
    long_object: Option<Long>,
    twitter_quoted_status: Option<Box<Activity>>,
    #[serde(rename = "inReplyTo")]
    in_reply_to: Option<Answered>,
    twitter_entities: Option<Entities>,
    twitter_extended_entities: Option<Entities>,
    twitter_lang: Option<String>,
    location: Option<Location>,
    gnip: Option<Enriched>,
    link: Option<String>,
    #[serde(rename = "retweetCount")]
    retweet_count: Option<u64>,
    #[serde(rename = "favoritesCount")]
    favorites_count: Option<u64>,
    #[serde(rename = "twitterPossiblySensitive")]
    possibly_sensitive: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Actor {
    id: Option<String>,
    #[serde(rename = "preferredUsername")]
    preferred_username: Option<String>,
    #[serde(rename = "displayName")]
    display_name: Option<String>,
    #[serde(rename = "followersCount")]
    followers_count: Option<i64>,
    verified: Option<bool>,
    location: Option<Named>,
    /// Seconds, as text.
    #[serde(rename = "utcOffset")]
    utc_offset: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named {
    #[serde(rename = "displayName")]
    display_name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answered {
    link: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Long {
    body: Option<String>,
    twitter_entities: Option<Entities>,
    twitter_extended_entities: Option<Entities>,
}

/// A place: here `country_code` holds the country's name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Location {
    twitter_country_code: Option<String>,
    twitter_place_type: Option<String>,
    name: Option<String>,
    #[serde(rename = "displayName")]
    display_name: Option<String>,
    country_code: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Enriched {
    urls: Option<Vec<Unwound>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Unwound {
    url: Option<String>,
    expanded_url: Option<String>,
}

/// The post an activity is; `None` for what is neither a post nor a delete.
pub(super) fn map(activity: &Activity) -> Option<RawPost> {
    let mut post = RawPost {
        platform: Some(PLATFORM.to_owned()),
        ..RawPost::default()
    };
    let object = activity.object.as_deref();
    if activity.verb.as_deref() == Some("delete") {
        let deleted = object.and_then(native).or_else(|| native(activity))?;
        post.uid = Some(uid(deleted));
        post.event = Event::Delete;
        return Some(post);
    }
    post.uid = Some(uid(native(activity)?));
    let repeated = (activity.verb.as_deref() == Some("share"))
        .then_some(object)
        .flatten();
    let shown = repeated.unwrap_or(activity);
    post.text = plain(text(shown)?);
    links(&mut post, activity, repeated);
    post.created_at = activity.posted_time.as_deref().map(in_utc);
    let actor = activity.actor.as_ref();
    post.author = actor.map(author);
    post.utc_offset = actor
        .and_then(|a| a.utc_offset.as_ref()?.parse::<i32>().ok())
        .map(|s| s / 60);
    if repeated.is_some() {
        content(&mut post, activity, false);
    }
    content(&mut post, shown, true);
    post.lang_claimed = lang(activity.twitter_lang.as_deref());
    post.counts = Counts {
        likes: activity.favorites_count,
        reposts: activity.retweet_count,
        ..Counts::default()
    };
    if let Some(place) = &activity.location {
        post.country = country(place.twitter_country_code.as_deref());
        post.region = region(
            place.twitter_place_type.as_deref(),
            place.name.as_deref(),
            place.display_name.as_deref(),
            place.country_code.as_deref(),
        );
    }
    post.sensitive = activity.possibly_sensitive;
    post.permalink = activity.link.clone();
    post.visibility = Some("public".to_owned());
    Some(post)
}

/// The number at the end of `tag:search.twitter.com,2005:123`.
fn native(activity: &Activity) -> Option<&str> {
    activity.id.as_deref().and_then(number)
}

fn number(id: &str) -> Option<&str> {
    id.rsplit([':', '/']).next().filter(|id| is_id(id))
}

fn text(activity: &Activity) -> Option<&str> {
    let long = activity.long_object.as_ref().and_then(|l| l.body.as_deref());
    long.or(activity.body.as_deref())
}

fn author(actor: &Actor) -> RawAuthor {
    let text = |field: &Option<String>| field.clone().filter(|t| !t.is_empty());
    RawAuthor {
        id: actor.id.as_deref().and_then(number).map(str::to_owned),
        handle: text(&actor.preferred_username),
        name: text(&actor.display_name),
        followers: actor.followers_count.and_then(|n| u64::try_from(n).ok()),
        verified: actor.verified,
        location: actor.location.as_ref().and_then(|l| text(&l.display_name)),
        ..RawAuthor::default()
    }
}

fn links(post: &mut RawPost, activity: &Activity, repeated: Option<&Activity>) {
    let quoted = activity
        .twitter_quoted_status
        .as_deref()
        .or_else(|| repeated.and_then(|r| r.twitter_quoted_status.as_deref()));
    post.repost_of = repeated.and_then(native).map(uid);
    post.quote_of = quoted.and_then(native).map(uid);
    post.quoted_text = quoted.and_then(text).map(plain);
    // `http://twitter.com/<whom it answers>/statuses/<id>`
    let answered = activity.in_reply_to.as_ref().and_then(|a| a.link.as_deref());
    post.reply_to = answered.and_then(number).map(uid);
    post.kind = if repeated.is_some() {
        Kind::Repost
    } else if post.reply_to.is_some() {
        Kind::Reply
    } else if post.quote_of.is_some() {
        Kind::Quote
    } else {
        Kind::Post
    };
    let whom = answered.and_then(|link| link.rsplit('/').nth(2));
    if post.reply_to.is_some() {
        name(&mut post.mentions, None, whom);
    }
}

/// Entities, those of the long form too; with what is shown beside the text, or only who is named.
fn content(post: &mut RawPost, activity: &Activity, whole: bool) {
    let long = activity.long_object.as_ref();
    let entities = long
        .and_then(|l| l.twitter_entities.as_ref())
        .or(activity.twitter_entities.as_ref());
    if !whole {
        return entities.into_iter().for_each(|e| e.name_accounts(post));
    }
    let media = long
        .and_then(|l| l.twitter_extended_entities.as_ref())
        .or(activity.twitter_extended_entities.as_ref())
        .or(entities);
    entities.into_iter().for_each(|e| e.add(post));
    media.into_iter().for_each(|e| e.show(post));
    // Gnip followed the links; of each, the address behind stands instead of the one written.
    let own = activity.gnip.as_ref().and_then(|g| g.urls.as_ref());
    for link in own.into_iter().flatten() {
        if let (Some(short), Some(long)) = (&link.url, &link.expanded_url) {
            post.urls.retain(|u| u != short);
            once(&mut post.urls, Some(long));
        }
    }
}
