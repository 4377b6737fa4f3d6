//! ActivityStreams 2.0 (W3C Recommendation, 23 May 2017) as JSON-LD: one collection of objects.
//!
//! Names of things are URNs made of the installation's keys for them, so that a repost and what it repeats find each
//! other in one export. What the vocabulary has no words for stands under `gs:`.

use super::record::{Content, Full, Record};
use super::{Manifest, Sink};
use serde_json::{Map, Value, json};
use std::io::Write;

pub(super) struct Collection<'w> {
    out: &'w mut dyn Write,
    first: bool,
}

impl<'w> Collection<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        Self { out, first: true }
    }
}

impl Sink for Collection<'_> {
    fn begin(&mut self, manifest: &Manifest) -> anyhow::Result<()> {
        let leaving = manifest.platforms.iter().filter(|p| leaves(p));
        let head = json!({
            "@context": [
                "https://www.w3.org/ns/activitystreams",
                {"gs": "urn:groundswell:ns#", "manifest": {"@id": "gs:manifest", "@type": "@json"},
                 "Hashtag": "https://www.w3.org/ns/activitystreams#Hashtag"}
            ],
            "type": "OrderedCollection",
            "published": manifest.exported_at,
            "summary": leaving.filter_map(|p| p.label).next(),
            "manifest": manifest,
        });
        let head = without_nulls(head).to_string();
        // The collection is closed by `end`.
        let open = head.strip_suffix('}').unwrap_or(&head);
        Ok(write!(self.out, "{open},\"orderedItems\":[")?)
    }

    fn record(&mut self, record: &Record<'_>) -> anyhow::Result<()> {
        let comma = if std::mem::take(&mut self.first) { "" } else { "," };
        Ok(write!(self.out, "{comma}\n{}", without_nulls(object(record)))?)
    }

    fn end(&mut self) -> anyhow::Result<()> {
        self.out.write_all(b"\n]}\n")?;
        Ok(self.out.flush()?)
    }
}

fn leaves(platform: &super::Platform) -> bool {
    platform.posts > 0 && platform.rule != post::profile::Export::Forbidden
}

fn object(record: &Record<'_>) -> Value {
    let Some(content) = &record.content else {
        return json!({"type": "Object", "id": format!("urn:groundswell:{}:{}", record.platform, record.id), "gs:platform": record.platform, "gs:form": record.form});
    };
    let object = match record.full.as_ref().and_then(|f| f.repost_of.as_deref()) {
        Some(repeated) => merged(
            said(content),
            json!({"type": "Announce", "object": post(repeated)}),
        ),
        None => said(content),
    };
    let mut out = merged(
        object,
        json!({
            "id": post(&record.id),
            "published": content.created_at,
            "url": content.link,
            "gs:platform": record.platform,
            "gs:form": record.form,
            "gs:sentiment": content.sentiment,
        }),
    );
    if let Some(full) = &record.full {
        out = merged(out, whole(full));
    }
    out
}

fn said(content: &Content<'_>) -> Value {
    let kind = match content.kind {
        "article" => "Article",
        "video" => "Video",
        _ => "Note",
    };
    // Both forms, as Mastodon writes them: readers look for one or the other.
    let map = content
        .text
        .filter(|_| content.lang != "und")
        .map(|text| json!({content.lang: text}));
    json!({
        "type": kind,
        "name": content.title,
        "content": content.text,
        "contentMap": map,
        // Without it, content is HTML.
        "mediaType": content.text.map(|_| "text/plain"),
    })
}

fn whole(full: &Full<'_>) -> Value {
    let tag = |kind: &str, sign: char| {
        let kind = kind.to_owned();
        move |name: &String| json!({"type": kind, "name": format!("{sign}{name}")})
    };
    let tags: Vec<Value> = full
        .hashtags
        .iter()
        .map(tag("Hashtag", '#'))
        .chain(full.mentions.iter().map(tag("Mention", '@')))
        .collect();
    let links = full.urls.iter().map(|url| json!({"type": "Link", "href": url}));
    let attachments: Vec<Value> = full.media.iter().map(attachment).chain(links).collect();
    let number = |n: Option<u64>| n.map(|n| json!({"type": "Collection", "totalItems": n}));
    json!({
        "attributedTo": full.author.as_ref().map(|key| match full.handle {
            Some(handle) => json!({"type": "Profile", "id": author(key), "name": full.name, "gs:handle": handle}),
            None => json!(author(key)),
        }),
        "updated": full.edited_at,
        "summary": full.content_warning,
        "inReplyTo": full.reply_to.as_deref().map(post),
        "context": full.thread_root.as_deref().map(post),
        "gs:quoteOf": full.quote_of.as_deref().map(post),
        "tag": some(tags),
        "attachment": some(attachments),
        "audience": full.community.map(|name| json!({"type": "Group", "name": name})),
        "location": full.country.map(|code| json!({"type": "Place", "name": code})),
        "likes": number(full.counts.likes),
        "shares": number(full.counts.reposts),
        "replies": number(full.counts.replies),
        "gs:seenAt": full.seen_at,
        "gs:monitor": full.monitor,
        "gs:label": full.label,
    })
}

fn attachment(media: &post::Media) -> Value {
    let kind = match media.kind.as_str() {
        "image" | "gif" => "Image",
        "video" => "Video",
        "audio" => "Audio",
        _ => "Document",
    };
    json!({"type": kind, "url": media.url, "name": media.alt})
}

fn post(key: &str) -> String {
    format!("urn:groundswell:post:{key}")
}

fn author(key: &str) -> String {
    format!("urn:groundswell:author:{key}")
}

fn some(list: Vec<Value>) -> Option<Vec<Value>> {
    Some(list).filter(|l| !l.is_empty())
}

fn merged(one: Value, other: Value) -> Value {
    let fields = |value| match value {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    let mut all = fields(one);
    all.extend(fields(other));
    Value::Object(all)
}

/// What is not known is left out, as JSON-LD has it.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(_, v)| !v.is_null())
            .map(|(k, v)| (k, without_nulls(v)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(list) => list.into_iter().map(without_nulls).collect(),
        other => other,
    }
}
