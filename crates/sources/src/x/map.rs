//! A post of the API's second version becomes ours.

use super::PLATFORM;
use super::fields::{
    country, is_id, is_withheld, lang, media_kind, name, once, permalink, plain, region, time_of, uid,
};
use super::v2::{Entities, Includes, Metrics, Str, Tweet, User};
use crate::time::{from_millis, in_utc};
use post::{Counts, Event, Kind, Media, RawAuthor, RawPost};

/// The post, with what it refers to; `None` for what is no post (no id, no text). What is withheld in `ours` is told
/// as such.
pub(super) fn post(tweet: &Tweet<'_>, includes: &Includes<'_>, ours: &[String]) -> Option<RawPost> {
    let id = tweet.id.as_deref().filter(|id| is_id(id))?;
    let chain = chain(tweet, id);
    let mut post = RawPost {
        uid: Some(uid(chain[0])),
        platform: Some(PLATFORM.to_owned()),
        ..RawPost::default()
    };
    if withheld(tweet, ours) {
        post.event = Event::Withhold;
        return Some(post);
    }
    let text = tweet.text.as_deref()?;
    let author = user(includes, tweet.author_id.as_deref());
    let handle = author.and_then(|u| u.username.as_deref());
    post.author = raw_author(tweet.author_id.as_deref(), author);
    times(&mut post, tweet, id, &chain);
    links(&mut post, tweet, includes, &chain);
    whole_text(&mut post, tweet, includes, text);
    place(&mut post, tweet, includes);
    post.lang_claimed = lang(tweet.lang.as_deref());
    post.counts = tweet.public_metrics.map(counts).unwrap_or_default();
    post.community = tweet.community_id.as_deref().map(str::to_owned);
    post.sensitive = tweet.possibly_sensitive;
    post.permalink = Some(permalink(handle, id));
    let is_protected = author.is_some_and(|u| u.protected == Some(true));
    post.visibility = Some(if is_protected { "protected" } else { "public" }.to_owned());
    Some(post)
}

/// The ids of all versions up to this one, oldest first.
fn chain<'t>(tweet: &'t Tweet<'_>, id: &'t str) -> Vec<&'t str> {
    let mut ids: Vec<&str> = Vec::new();
    for known in tweet.edit_history_tweet_ids.iter().flatten().map(|i| &**i) {
        if known == id {
            break;
        }
        if is_id(known) {
            ids.push(known);
        }
    }
    ids.push(id);
    // Where the list does not hold the post itself, it says nothing about what came before.
    let is_listed = |list: &Vec<Str<'_>>| list.iter().any(|i| &**i == id);
    if !tweet.edit_history_tweet_ids.as_ref().is_some_and(is_listed) {
        ids.drain(..ids.len() - 1);
    }
    ids
}

/// The newest version of a post; where it is not at hand, its id.
pub(super) fn newest<'t, 'a>(
    tweet: &'t Tweet<'a>,
    includes: &'t Includes<'a>,
) -> Result<&'t Tweet<'a>, &'t str> {
    let last = tweet.edit_history_tweet_ids.as_ref().and_then(|ids| ids.last());
    match last.filter(|id| is_id(id) && Some(&***id) != tweet.id.as_deref()) {
        None => Ok(tweet),
        Some(id) => included(includes, id).ok_or(id),
    }
}

fn withheld(tweet: &Tweet<'_>, ours: &[String]) -> bool {
    let countries = tweet.withheld.as_ref().and_then(|w| w.country_codes.as_ref());
    countries.is_some_and(|codes| is_withheld(codes.iter().map(|c| &**c), ours))
}

fn user<'i, 'a>(includes: &'i Includes<'a>, id: Option<&str>) -> Option<&'i User<'a>> {
    let id = id?;
    includes
        .users
        .as_ref()?
        .iter()
        .find(|u| u.id.as_deref() == Some(id))
}

fn included<'i, 'a>(includes: &'i Includes<'a>, id: &str) -> Option<&'i Tweet<'a>> {
    includes
        .tweets
        .as_ref()?
        .iter()
        .find(|t| t.id.as_deref() == Some(id))
}

fn raw_author(id: Option<&str>, user: Option<&User<'_>>) -> Option<RawAuthor> {
    let id = id.map(str::to_owned);
    let Some(user) = user else {
        return id.map(|id| RawAuthor {
            id: Some(id),
            ..RawAuthor::default()
        });
    };
    let text = |field: &Option<Str<'_>>| field.as_deref().filter(|t| !t.is_empty()).map(str::to_owned);
    Some(RawAuthor {
        id,
        handle: text(&user.username),
        name: text(&user.name),
        followers: user.public_metrics.and_then(|m| m.followers_count),
        verified: user.verified,
        bot: None,
        organisation: user
            .verified_type
            .as_deref()
            .map(|kind| matches!(kind, "business" | "government")),
        location: text(&user.location),
    })
}

/// An edit is a post of its own on X: it is ours under the id of the first version, made when that was.
fn times(post: &mut RawPost, tweet: &Tweet<'_>, id: &str, chain: &[&str]) {
    let stated = tweet.created_at.as_deref().map(in_utc);
    let own = stated.or_else(|| time_of(id).and_then(from_millis));
    if chain.len() == 1 {
        post.created_at = own;
        return;
    }
    post.event = Event::Edit;
    post.created_at = time_of(chain[0]).and_then(from_millis).or_else(|| own.clone());
    post.edited_at = own;
    post.edit_of = chain[..chain.len() - 1].iter().map(|id| uid(id)).collect();
}

/// What the post answers, repeats, quotes.
fn links(post: &mut RawPost, tweet: &Tweet<'_>, includes: &Includes<'_>, chain: &[&str]) {
    post.thread_root = tweet.conversation_id.as_deref().map(|id| {
        let is_own = chain.contains(&id);
        if is_own {
            uid(chain[0])
        } else {
            first_version(includes, id)
        }
    });
    for reference in tweet.referenced_tweets.iter().flatten().filter(|r| is_id(&r.id)) {
        let target = Some(first_version(includes, &reference.id));
        match &*reference.kind {
            "retweeted" => post.repost_of = target,
            "replied_to" => post.reply_to = target,
            "quoted" => {
                post.quote_of = target;
                post.quoted_text = included(includes, &reference.id).and_then(own_text);
            }
            _ => {}
        }
    }
    post.kind = match post {
        RawPost {
            repost_of: Some(_), ..
        } => Kind::Repost,
        RawPost {
            reply_to: Some(_), ..
        } => Kind::Reply,
        RawPost {
            quote_of: Some(_), ..
        } => Kind::Quote,
        _ => Kind::Post,
    };
}

/// The uid of a post referred to, which may have been edited before.
fn first_version(includes: &Includes<'_>, id: &str) -> String {
    uid(included(includes, id).map_or(id, |t| chain(t, id)[0]))
}

fn own_text(tweet: &Tweet<'_>) -> Option<String> {
    let note = tweet.note_tweet.as_ref().and_then(|n| n.text.as_deref());
    note.or(tweet.text.as_deref()).map(plain)
}

/// Text, entities and media: of a long post its note, of a repost what it repeats (its own is cut off).
fn whole_text(post: &mut RawPost, tweet: &Tweet<'_>, includes: &Includes<'_>, text: &str) {
    // The one answered comes first.
    if let Some(id) = tweet.in_reply_to_user_id.as_deref() {
        let handle = user(includes, Some(id)).and_then(|u| u.username.as_deref());
        name(&mut post.mentions, Some(id), handle);
    }
    // Where X put a notice instead (an account is restricted), the notice stands.
    let repeated = (post.kind == Kind::Repost && text.starts_with("RT @"))
        .then(|| {
            tweet
                .referenced_tweets
                .iter()
                .flatten()
                .find(|r| &*r.kind == "retweeted")
        })
        .flatten()
        .and_then(|r| included(includes, &r.id));
    let shown = match repeated {
        Some(original) => {
            // Whom it repeats stands in its own entities only.
            mentions(post, tweet.entities.as_ref());
            quoted_by(post, original, includes);
            original
        }
        None => tweet,
    };
    post.text = own_text(shown).unwrap_or_else(|| plain(text));
    let of_note = shown.note_tweet.as_ref().and_then(|n| n.entities.as_ref());
    entities(post, of_note.or(shown.entities.as_ref()));
    media(post, shown, includes);
}

fn quoted_by(post: &mut RawPost, original: &Tweet<'_>, includes: &Includes<'_>) {
    let references = original.referenced_tweets.iter().flatten();
    for quoted in references.filter(|r| &*r.kind == "quoted" && is_id(&r.id)) {
        post.quote_of = Some(first_version(includes, &quoted.id));
        post.quoted_text = included(includes, &quoted.id).and_then(own_text);
    }
}

fn mentions(post: &mut RawPost, entities: Option<&Entities<'_>>) {
    for named in entities.and_then(|e| e.mentions.as_ref()).into_iter().flatten() {
        name(&mut post.mentions, named.id.as_deref(), named.username.as_deref());
    }
}

fn entities(post: &mut RawPost, entities: Option<&Entities<'_>>) {
    mentions(post, entities);
    let Some(entities) = entities else { return };
    let tags = entities.hashtags.iter().flatten();
    post.hashtags
        .extend(tags.filter_map(|t| t.tag.as_deref().map(str::to_owned)));
    for link in entities.urls.iter().flatten() {
        let target = [&link.unwound_url, &link.expanded_url, &link.url]
            .into_iter()
            .find_map(|u| u.as_deref());
        once(&mut post.urls, target);
    }
}

fn media(post: &mut RawPost, tweet: &Tweet<'_>, includes: &Includes<'_>) {
    let keys = tweet.attachments.as_ref().and_then(|a| a.media_keys.as_ref());
    for key in keys.into_iter().flatten() {
        let items = includes.media.as_ref();
        let item = items.and_then(|all| all.iter().find(|m| m.media_key.as_deref() == Some(key)));
        // Without the item, the key's first number tells.
        let kind = item
            .and_then(|m| m.kind.as_deref())
            .unwrap_or(match key.split('_').next() {
                Some("3") => "photo",
                Some("16") => "animated_gif",
                _ => "video",
            });
        let text = |field: &Option<Str<'_>>| field.as_deref().map(str::to_owned);
        post.media.push(Media {
            kind: media_kind(kind).to_owned(),
            url: item.and_then(|m| text(&m.url).or_else(|| text(&m.preview_image_url))),
            alt: item.and_then(|m| m.alt_text.as_deref().map(plain)),
        });
    }
}

/// Country and region, never a point.
fn place(post: &mut RawPost, tweet: &Tweet<'_>, includes: &Includes<'_>) {
    let id = tweet.geo.as_ref().and_then(|g| g.place_id.as_deref());
    let places = includes.places.iter().flatten();
    let Some(place) = id.and_then(|id| places.into_iter().find(|p| p.id.as_deref() == Some(id))) else {
        return;
    };
    post.country = country(place.country_code.as_deref());
    post.region = region(
        place.place_type.as_deref(),
        place.name.as_deref(),
        place.full_name.as_deref(),
        place.country.as_deref(),
    );
}

fn counts(metrics: Metrics) -> Counts {
    Counts {
        likes: metrics.like_count,
        reposts: metrics.retweet_count,
        replies: metrics.reply_count,
        quotes: metrics.quote_count,
        views: metrics.impression_count,
    }
}
