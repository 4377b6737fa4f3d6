//! JSON Feed 1.0 and 1.1.

use super::document::{Content, Entry, Feed, MAX_ENTRIES, MAX_PARTS, language, resolve};
use post::Media;
use serde_json::Value;
use url::Url;

/// Reads a feed; `None` where the document is none.
pub(super) fn read(text: &str, base: Option<&Url>) -> Option<Feed> {
    let document: Value = crate::json::parse(text).ok()?;
    let items = document.get("items")?.as_array()?;
    let version = text_of(&document, "version").unwrap_or_default();
    let authors = authors(&document);
    let entry = |item: &Value| {
        let mut entry = entry(item, base)?;
        if entry.authors.is_empty() {
            entry.authors.clone_from(&authors);
        }
        Some(entry)
    };
    Some(Feed {
        version: if version.ends_with("1.1") {
            "json11"
        } else {
            "json1"
        }
        .to_owned(),
        title: text_of(&document, "title"),
        lang: text_of(&document, "language").as_deref().and_then(language),
        site: text_of(&document, "home_page_url"),
        older: text_of(&document, "next_url").map(|u| resolve(base, &u)),
        entries: items.iter().filter_map(entry).take(MAX_ENTRIES).collect(),
        ..Feed::default()
    })
}

fn entry(item: &Value, base: Option<&Url>) -> Option<Entry> {
    item.as_object()?;
    let whole = |key: &str| text_of(item, key).map(|u| resolve(base, &u));
    let html = text_of(item, "content_html").map(Content::Html);
    let plain = text_of(item, "content_text").map(Content::Plain);
    let list = |key: &str| item.get(key).and_then(Value::as_array).into_iter().flatten();
    let image = whole("image").map(|url| Media {
        kind: "image".to_owned(),
        url: Some(url),
        alt: None,
    });
    let attachment = |a: &Value| Media {
        kind: kind_of(&text_of(a, "mime_type").unwrap_or_default()),
        url: text_of(a, "url").map(|u| resolve(base, &u)),
        alt: text_of(a, "title"),
    };
    Some(Entry {
        id: text_of(item, "id"),
        link: whole("url").or_else(|| whole("external_url")),
        title: text_of(item, "title").map(Content::Plain),
        text: html
            .or(plain)
            .or_else(|| text_of(item, "summary").map(Content::Plain)),
        authors: authors(item),
        published: text_of(item, "date_published"),
        updated: text_of(item, "date_modified"),
        lang: text_of(item, "language").as_deref().and_then(language),
        categories: list("tags")
            .filter_map(|t| t.as_str().map(str::to_owned))
            .take(MAX_PARTS)
            .collect(),
        media: list("attachments")
            .map(attachment)
            .chain(image)
            .take(MAX_PARTS)
            .collect(),
        base: base.map(ToString::to_string),
        ..Entry::default()
    })
}

/// `image` of `image/png`.
pub(super) fn kind_of(mime: &str) -> String {
    mime.split('/').next().unwrap_or_default().to_ascii_lowercase()
}

fn authors(value: &Value) -> Vec<String> {
    let one = value.get("author").into_iter();
    let many = value
        .get("authors")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    many.chain(one)
        .filter_map(|a| text_of(a, "name"))
        .take(MAX_PARTS)
        .collect()
}

/// A value as text; some write ids as numbers.
fn text_of(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
