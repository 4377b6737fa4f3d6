//! A post or repost record, as it stands in a repository and in every view of it.

use super::PLATFORM;
use super::embed;
use super::frame::Collection;
use post::{Kind, RawAuthor, RawMention, RawPost};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Only a `text` of another type makes a record unreadable; every other field that is not as the lexicon says is
/// read as unknown.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    created_at: Option<&'a RawValue>,
    #[serde(borrow)]
    langs: Option<&'a RawValue>,
    #[serde(borrow)]
    reply: Option<&'a RawValue>,
    #[serde(borrow)]
    embed: Option<&'a RawValue>,
    #[serde(borrow)]
    facets: Option<&'a RawValue>,
    #[serde(borrow)]
    labels: Option<&'a RawValue>,
    #[serde(borrow)]
    tags: Option<&'a RawValue>,
    #[serde(borrow)]
    subject: Option<&'a RawValue>,
}

/// A reference to a record.
#[derive(Deserialize)]
pub(super) struct StrongRef<'a> {
    #[serde(borrow)]
    pub(super) uri: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    parent: Option<StrongRef<'a>>,
    #[serde(borrow)]
    root: Option<StrongRef<'a>>,
}

#[derive(Deserialize)]
struct Labels<'a> {
    #[serde(borrow)]
    values: Vec<Label<'a>>,
}

#[derive(Deserialize)]
struct Label<'a> {
    #[serde(borrow)]
    val: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Facet<'a> {
    index: Option<ByteSlice>,
    #[serde(borrow)]
    features: Vec<Feature<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ByteSlice {
    byte_start: usize,
    byte_end: usize,
}

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(borrow)]
    did: Option<Cow<'a, str>>,
    #[serde(borrow)]
    uri: Option<Cow<'a, str>>,
    #[serde(borrow)]
    tag: Option<Cow<'a, str>>,
}

/// Reads a value whose shape is not sure.
pub(super) fn lenient<'a, T: Deserialize<'a>>(raw: Option<&'a RawValue>) -> Option<T> {
    serde_json::from_str(raw?.get()).ok()
}

/// `bluesky:at://did/collection/rkey`
pub(super) fn uid(did: &str, collection: Collection, rkey: &str) -> String {
    format!("{PLATFORM}:at://{did}/{}/{rkey}", collection.nsid())
}

/// The uid of the record at an `at://` address.
pub(super) fn uid_of(uri: &str) -> String {
    format!("{PLATFORM}:{uri}")
}

/// Maps the JSON of a record.
pub(super) fn map(
    did: &str,
    collection: Collection,
    rkey: &str,
    json: &str,
) -> Result<RawPost, serde_json::Error> {
    let record: Record<'_> = serde_json::from_str(json)?;
    let mut post = RawPost {
        uid: Some(uid(did, collection, rkey)),
        platform: Some(PLATFORM.to_owned()),
        author: Some(RawAuthor {
            id: Some(did.to_owned()),
            ..RawAuthor::default()
        }),
        created_at: lenient::<Cow<'_, str>>(record.created_at).map(in_utc),
        visibility: Some("public".to_owned()),
        ..RawPost::default()
    };
    match collection {
        Collection::Repost => {
            post.kind = Kind::Repost;
            post.repost_of = lenient::<StrongRef<'_>>(record.subject).map(|s| uid_of(&s.uri));
        }
        Collection::Post => {
            post.permalink = Some(format!("https://bsky.app/profile/{did}/post/{rkey}"));
            fill_post(&mut post, did, record);
        }
    }
    Ok(post)
}

fn fill_post(post: &mut RawPost, did: &str, record: Record<'_>) {
    post.lang_claimed = lenient(record.langs).unwrap_or_default();
    if let Some(reply) = lenient::<Reply<'_>>(record.reply) {
        post.reply_to = reply.parent.map(|r| uid_of(&r.uri));
        post.thread_root = reply.root.map(|r| uid_of(&r.uri));
    }
    let text = record.text.unwrap_or_default();
    fill_facets(post, &text, record.facets);
    post.text = text.into_owned();
    post.hashtags
        .extend(lenient::<Vec<String>>(record.tags).unwrap_or_default());
    if record.embed.is_some() {
        embed::fill(post, did, record.embed);
    }
    post.content_warning = lenient::<Labels<'_>>(record.labels).and_then(|labels| {
        let values: Vec<&str> = labels.values.iter().map(|l| &*l.val).collect();
        (!values.is_empty()).then(|| values.join(", "))
    });
    post.kind = match (&post.reply_to, &post.quote_of) {
        (Some(_), _) => Kind::Reply,
        (None, Some(_)) => Kind::Quote,
        (None, None) => Kind::Post,
    };
}

/// Takes hashtags, links and mentions from facets, whose offsets are bytes of the UTF-8 text.
fn fill_facets(post: &mut RawPost, text: &str, facets: Option<&RawValue>) {
    for facet in lenient::<Vec<&RawValue>>(facets).unwrap_or_default() {
        let Some(facet) = lenient::<Facet<'_>>(Some(facet)) else {
            continue;
        };
        for feature in facet.features {
            if let Some(tag) = feature.tag {
                post.hashtags.push(tag.trim_start_matches(['#', '＃']).to_owned());
            }
            if let Some(uri) = feature.uri {
                post.urls.push(uri.into_owned());
            }
            if let Some(did) = feature.did {
                let handle = facet.index.as_ref().and_then(|i| handle_at(text, i));
                post.mentions.push(RawMention {
                    id: Some(did.into_owned()),
                    handle,
                });
            }
        }
    }
}

/// The handle a mention shows. Handles are domain names; people may show anything else there.
fn handle_at(text: &str, index: &ByteSlice) -> Option<String> {
    let shown = text.get(index.byte_start..index.byte_end)?.strip_prefix('@')?;
    shown.contains('.').then(|| shown.to_owned())
}

/// Times are mostly in UTC already, with 0 to 9 fraction digits; others are converted. What is no time is kept for
/// admission to judge.
fn in_utc(time: Cow<'_, str>) -> String {
    if !time.ends_with('Z')
        && !time.ends_with("+00:00")
        && let Ok(parsed) = time.parse::<jiff::Timestamp>()
    {
        return parsed.to_string();
    }
    time.into_owned()
}
