//! What is embedded in a post: pictures, a video, a link card, another record.

use super::record::{StrongRef, lenient, uid_of};
use post::{Media, RawPost};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

#[derive(Deserialize)]
struct Embed<'a> {
    #[serde(rename = "$type", borrow)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    record: Option<&'a RawValue>,
    #[serde(borrow)]
    media: Option<&'a RawValue>,
    #[serde(borrow)]
    external: Option<&'a RawValue>,
    #[serde(borrow)]
    images: Option<&'a RawValue>,
    #[serde(borrow)]
    items: Option<&'a RawValue>,
    #[serde(borrow)]
    video: Option<&'a RawValue>,
    #[serde(borrow)]
    alt: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct WithRecord<'a> {
    #[serde(borrow)]
    record: StrongRef<'a>,
}

#[derive(Deserialize)]
struct Image<'a> {
    #[serde(borrow)]
    alt: Option<Cow<'a, str>>,
    #[serde(borrow)]
    image: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Blob<'a> {
    #[serde(rename = "ref", borrow)]
    link: Option<Link<'a>>,
    #[serde(borrow)]
    cid: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Link<'a> {
    #[serde(rename = "$link", borrow)]
    cid: Cow<'a, str>,
}

/// Adds what the embed holds. `quote_of` is the embedded record, which is a post nearly always; a feed or list put
/// into a post is embedded the same way.
pub(super) fn fill(post: &mut RawPost, did: &str, raw: Option<&RawValue>) {
    let Some(embed) = lenient::<Embed<'_>>(raw) else {
        return;
    };
    // Other applications have embeds with a `record` of another meaning.
    if embed
        .kind
        .as_deref()
        .is_some_and(|k| k.starts_with("app.bsky.embed.record"))
    {
        let uri = lenient::<WithRecord<'_>>(embed.record).map(|w| w.record);
        post.quote_of = uri
            .or_else(|| lenient::<StrongRef<'_>>(embed.record))
            .map(|r| uid_of(&r.uri));
    }
    fill_media(post, did, &embed);
    if let Some(media) = lenient::<Embed<'_>>(embed.media) {
        fill_media(post, did, &media);
    }
}

fn fill_media(post: &mut RawPost, did: &str, embed: &Embed<'_>) {
    if let Some(card) = lenient::<StrongRef<'_>>(embed.external)
        && !post.urls.iter().any(|u| *u == card.uri)
    {
        post.urls.push(card.uri.into_owned());
    }
    for list in [embed.images, embed.items] {
        for item in lenient::<Vec<&RawValue>>(list).unwrap_or_default() {
            if let Some(image) = lenient::<Image<'_>>(Some(item)) {
                post.media.push(image_media(did, image));
            }
        }
    }
    if embed.video.is_some() {
        let url = cid(embed.video).map(|cid| {
            format!(
                "https://video.bsky.app/watch/{}/{cid}/playlist.m3u8",
                did.replace(':', "%3A")
            )
        });
        post.media.push(Media {
            kind: "video".to_owned(),
            url,
            alt: shown(lenient(embed.alt)),
        });
    }
}

fn image_media(did: &str, image: Image<'_>) -> Media {
    let url =
        cid(image.image).map(|cid| format!("https://cdn.bsky.app/img/feed_fullsize/plain/{did}/{cid}@jpeg"));
    Media {
        kind: "image".to_owned(),
        url,
        alt: shown(image.alt),
    }
}

fn cid(blob: Option<&RawValue>) -> Option<String> {
    let blob: Blob<'_> = lenient(blob)?;
    blob.link.map(|l| l.cid).or(blob.cid).map(Cow::into_owned)
}

fn shown(alt: Option<Cow<'_, str>>) -> Option<String> {
    alt.filter(|a| !a.is_empty()).map(Cow::into_owned)
}
