//! Archives in the API's first version: statuses as the old REST and streaming API gave them.

use super::PLATFORM;
use super::fields::{
    country, is_id, is_withheld, lang, media_kind, name, once, permalink, plain, region, uid,
};
use crate::time::in_utc;
use post::{Counts, Event, Kind, Media, RawAuthor, RawPost};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// An id, as text or as a number (which is exact in JSON, if not in JavaScript).
#[derive(Debug, Clone, Default)]
pub(super) struct Id(pub(super) Option<String>);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(d)? {
            Value::String(id) if is_id(&id) => Some(id),
            Value::Number(id) => id.as_u64().map(|id| id.to_string()),
            _ => None,
        }))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Status {
    id: Id,
    id_str: Id,
    created_at: Option<String>,
    text: Option<String>,
    full_text: Option<String>,
    extended_tweet: Option<Extended>,
    user: Option<User>,
    lang: Option<String>,
    in_reply_to_status_id: Id,
    in_reply_to_status_id_str: Id,
    in_reply_to_user_id: Id,
    in_reply_to_user_id_str: Id,
    in_reply_to_screen_name: Option<String>,
    retweeted_status: Option<Box<Status>>,
    quoted_status: Option<Box<Status>>,
    quoted_status_id: Id,
    quoted_status_id_str: Id,
    entities: Option<Entities>,
    extended_entities: Option<Entities>,
    place: Option<Place>,
    possibly_sensitive: Option<bool>,
    retweet_count: Option<u64>,
    favorite_count: Option<u64>,
    reply_count: Option<u64>,
    quote_count: Option<u64>,
    withheld_in_countries: Option<Value>,
    withheld_copyright: Option<bool>,
    edit_history: Option<EditHistory>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct EditHistory {
    initial_tweet_id: Id,
    edit_tweet_ids: Vec<Id>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Extended {
    full_text: Option<String>,
    entities: Option<Entities>,
    extended_entities: Option<Entities>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct User {
    id: Id,
    id_str: Id,
    screen_name: Option<String>,
    name: Option<String>,
    followers_count: Option<i64>,
    verified: Option<bool>,
    protected: Option<bool>,
    location: Option<String>,
    utc_offset: Option<i32>,
}

/// The entities of statuses, and of Gnip's activities.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Entities {
    hashtags: Option<Vec<Tag>>,
    user_mentions: Option<Vec<Mention>>,
    urls: Option<Vec<Link>>,
    media: Option<Vec<MediaItem>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Tag {
    text: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Mention {
    id: Id,
    id_str: Id,
    screen_name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Link {
    url: Option<String>,
    expanded_url: Option<String>,
    unwound: Option<Unwound>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Unwound {
    url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MediaItem {
    #[serde(rename = "type")]
    kind: Option<String>,
    media_url_https: Option<String>,
    media_url: Option<String>,
    ext_alt_text: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place {
    country: Option<String>,
    country_code: Option<String>,
    place_type: Option<String>,
    name: Option<String>,
    full_name: Option<String>,
}

/// The post a status is; `None` where it has no id or no text.
pub(super) fn map(status: &Status, ours: &[String]) -> Option<RawPost> {
    let id = own_id(status)?;
    let history = status.edit_history.as_ref();
    let first = history
        .and_then(|h| h.initial_tweet_id.0.clone())
        .unwrap_or_else(|| id.clone());
    let mut post = RawPost {
        uid: Some(uid(&first)),
        platform: Some(PLATFORM.to_owned()),
        ..RawPost::default()
    };
    if withheld(status, ours) {
        post.event = Event::Withhold;
        return Some(post);
    }
    post.created_at = status.created_at.as_deref().map(in_utc);
    if first != id {
        let before = history
            .into_iter()
            .flat_map(|h| h.edit_tweet_ids.iter().filter_map(|i| i.0.as_deref()));
        post.edit_of = before.take_while(|earlier| *earlier != id).map(uid).collect();
        post.event = Event::Edit;
        post.edited_at = post.created_at.take();
        post.created_at = super::fields::time_of(&first).and_then(crate::time::from_millis);
    }
    let user = status.user.as_ref();
    post.author = user.map(author);
    post.utc_offset = user.and_then(|u| u.utc_offset).map(|seconds| seconds / 60);
    links(&mut post, status);
    content(&mut post, status)?;
    post.lang_claimed = lang(status.lang.as_deref());
    post.counts = Counts {
        likes: status.favorite_count,
        reposts: status.retweet_count,
        replies: status.reply_count,
        quotes: status.quote_count,
        views: None,
    };
    if let Some(place) = &status.place {
        post.country = country(place.country_code.as_deref());
        post.region = region(
            place.place_type.as_deref(),
            place.name.as_deref(),
            place.full_name.as_deref(),
            place.country.as_deref(),
        );
    }
    post.sensitive = status.possibly_sensitive;
    let is_protected = user.is_some_and(|u| u.protected == Some(true));
    post.visibility = Some(if is_protected { "protected" } else { "public" }.to_owned());
    post.permalink = Some(permalink(user.and_then(|u| u.screen_name.as_deref()), &id));
    Some(post)
}

fn first_of(text: &Id, number: &Id) -> Option<String> {
    text.0.clone().or_else(|| number.0.clone())
}

fn own_id(status: &Status) -> Option<String> {
    first_of(&status.id_str, &status.id)
}

fn withheld(status: &Status, ours: &[String]) -> bool {
    // A list; in older dumps one text with commas.
    let countries: Vec<&str> = match &status.withheld_in_countries {
        Some(Value::Array(codes)) => codes.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(codes)) => codes.split(',').map(str::trim).collect(),
        _ => Vec::new(),
    };
    status.withheld_copyright == Some(true) || is_withheld(countries.into_iter(), ours)
}

fn author(user: &User) -> RawAuthor {
    let text = |field: &Option<String>| field.clone().filter(|t| !t.is_empty());
    RawAuthor {
        id: first_of(&user.id_str, &user.id),
        handle: text(&user.screen_name),
        name: text(&user.name),
        followers: user.followers_count.and_then(|n| u64::try_from(n).ok()),
        verified: user.verified,
        location: text(&user.location),
        ..RawAuthor::default()
    }
}

fn links(post: &mut RawPost, status: &Status) {
    let native = |status: &Status| own_id(status).map(|id| uid(&id));
    let quoted = |status: &Status| {
        let stated = first_of(&status.quoted_status_id_str, &status.quoted_status_id);
        stated
            .map(|id| uid(&id))
            .or_else(|| status.quoted_status.as_deref().and_then(native))
    };
    let repeated = status.retweeted_status.as_deref();
    post.repost_of = repeated.and_then(native);
    post.reply_to =
        first_of(&status.in_reply_to_status_id_str, &status.in_reply_to_status_id).map(|id| uid(&id));
    post.quote_of = quoted(status).or_else(|| repeated.and_then(quoted));
    let quoted_status = status
        .quoted_status
        .as_deref()
        .or_else(|| repeated.and_then(|r| r.quoted_status.as_deref()));
    post.quoted_text = quoted_status.and_then(text).map(|t| plain(&t));
    post.kind = if repeated.is_some() {
        Kind::Repost
    } else if post.reply_to.is_some() {
        Kind::Reply
    } else if post.quote_of.is_some() {
        Kind::Quote
    } else {
        Kind::Post
    };
}

/// The whole text: that of the extended form where there is one.
fn text(status: &Status) -> Option<String> {
    let extended = status.extended_tweet.as_ref().and_then(|e| e.full_text.clone());
    extended
        .or_else(|| status.full_text.clone())
        .or_else(|| status.text.clone())
}

fn content(post: &mut RawPost, status: &Status) -> Option<()> {
    let answered = first_of(&status.in_reply_to_user_id_str, &status.in_reply_to_user_id);
    let handle = status.in_reply_to_screen_name.as_deref();
    name(&mut post.mentions, answered.as_deref(), handle);
    let own = text(status)?;
    // Where a notice stands instead of what it repeats, the notice is its text.
    let repeated = status
        .retweeted_status
        .as_deref()
        .filter(|_| own.starts_with("RT @"));
    if repeated.is_some()
        && let Some(entities) = &status.entities
    {
        entities.name_accounts(post);
    }
    let shown = repeated.unwrap_or(status);
    post.text = plain(&text(shown)?);
    let long = shown.extended_tweet.as_ref();
    let entities = long.and_then(|l| l.entities.as_ref()).or(shown.entities.as_ref());
    let media = long
        .and_then(|l| l.extended_entities.as_ref())
        .or(shown.extended_entities.as_ref())
        .or(entities);
    entities.into_iter().for_each(|e| e.add(post));
    media.into_iter().for_each(|e| e.show(post));
    Some(())
}

impl Entities {
    pub(super) fn name_accounts(&self, post: &mut RawPost) {
        for named in self.user_mentions.iter().flatten() {
            let id = first_of(&named.id_str, &named.id);
            name(&mut post.mentions, id.as_deref(), named.screen_name.as_deref());
        }
    }

    /// Adds accounts, hashtags and links, the address behind the shortener where it is known.
    pub(super) fn add(&self, post: &mut RawPost) {
        self.name_accounts(post);
        let tags = self.hashtags.iter().flatten();
        post.hashtags.extend(tags.filter_map(|t| t.text.clone()));
        for link in self.urls.iter().flatten() {
            let unwound = link.unwound.as_ref().and_then(|u| u.url.as_deref());
            let target = unwound.or(link.expanded_url.as_deref()).or(link.url.as_deref());
            once(&mut post.urls, target);
        }
    }

    /// Adds media, each once.
    pub(super) fn show(&self, post: &mut RawPost) {
        for item in self.media.iter().flatten() {
            let url = item.media_url_https.clone().or_else(|| item.media_url.clone());
            if url.is_some() && post.media.iter().any(|m| m.url == url) {
                continue;
            }
            post.media.push(Media {
                kind: media_kind(item.kind.as_deref().unwrap_or("photo")).to_owned(),
                url,
                alt: item.ext_alt_text.clone(),
            });
        }
    }
}
