//! ActivityStreams 2.0 (W3C, JSON-LD): activities, objects and collections become posts.
//!
//! What is a post: Note, Article, Page, Video and Question, published, edited or repeated (Announce), and what is
//! deleted. Everything else (likes, follows, people, places) is none.

use post::{Counts, Event, Kind, Media, RawAuthor, RawMention, RawPost};
use serde_json::{Map, Value};

/// The platform of posts whose file does not say.
pub(super) const PLATFORM: &str = "activitypub";
/// Collections in collections.
const MAX_DEPTH: usize = 8;
/// Tags and attachments of one object that are read.
const MAX_PARTS: usize = 100;

type Object = Map<String, Value>;

/// Whether a row is of this vocabulary.
pub(super) fn is_activity(row: &Object) -> bool {
    fn names_it(value: &Value) -> bool {
        match value {
            Value::String(text) => text.contains("w3.org/ns/activitystreams"),
            Value::Array(items) => items.iter().any(names_it),
            Value::Object(terms) => terms.values().any(|v| v.is_string() && names_it(v)),
            _ => false,
        }
    }
    row.get("@context").is_some_and(names_it)
}

/// The posts of a document, in its order, ids as they are written.
pub(super) fn posts(row: Object) -> Vec<RawPost> {
    let mut out = Vec::new();
    walk(&Value::Object(row), 0, &mut out);
    out
}

fn walk(value: &Value, depth: usize, out: &mut Vec<RawPost>) {
    let Some(object) = value.as_object().filter(|_| depth < MAX_DEPTH) else {
        return;
    };
    match kind_of(object) {
        "Collection" | "OrderedCollection" | "CollectionPage" | "OrderedCollectionPage" => {
            let lists = ["items", "orderedItems"].iter().filter_map(|k| object.get(*k));
            lists.flat_map(each).for_each(|item| walk(item, depth + 1, out));
            object
                .get("first")
                .into_iter()
                .for_each(|page| walk(page, depth + 1, out));
        }
        "Create" => out.extend(objects(object).filter_map(|o| published(object, o, Event::Create))),
        "Update" => out.extend(objects(object).filter_map(|o| published(object, o, Event::Edit))),
        "Delete" => out.extend(objects(object).filter_map(reference).map(gone)),
        "Tombstone" => out.extend(reference(value).map(gone)),
        "Announce" => out.extend(objects(object).filter_map(|o| repeated(object, o))),
        _ => out.extend(post(object)),
    }
}

/// The object of an activity, published by its actor at its time unless it says otherwise.
fn published(activity: &Object, object: &Value, event: Event) -> Option<RawPost> {
    let mut post = post(object.as_object()?)?;
    post.event = event;
    post.author = post.author.or_else(|| author(activity.get("actor")?));
    if event == Event::Create {
        post.created_at = post.created_at.or_else(|| time(activity, "published"));
    } else {
        post.edited_at = post
            .edited_at
            .or_else(|| time(activity, "updated"))
            .or_else(|| time(activity, "published"));
    }
    post.visibility = post.visibility.or_else(|| visibility(activity));
    Some(post)
}

fn repeated(activity: &Object, object: &Value) -> Option<RawPost> {
    let original = object.as_object().and_then(post);
    Some(RawPost {
        uid: text(activity, "id"),
        kind: Kind::Repost,
        repost_of: Some(reference(object)?),
        created_at: time(activity, "published"),
        author: activity.get("actor").and_then(author),
        visibility: visibility(activity),
        ..original.unwrap_or_default()
    })
}

fn gone(id: String) -> RawPost {
    RawPost {
        uid: Some(id),
        event: Event::Delete,
        ..RawPost::default()
    }
}

fn post(object: &Object) -> Option<RawPost> {
    let kind = match kind_of(object) {
        "Note" | "Question" => Kind::Post,
        "Article" | "Page" => Kind::Article,
        "Video" => Kind::Video,
        _ => return None,
    };
    let content = in_some_language(object, "content");
    let (mut body, mut urls) = content.map(|c| html(&c)).unwrap_or_default();
    for option in ["oneOf", "anyOf"]
        .iter()
        .filter_map(|k| object.get(*k))
        .flat_map(each)
    {
        if let Some(name) = option.as_object().and_then(|o| text(o, "name")) {
            body.push_str(&format!("\n• {name}"));
        }
    }
    let summary = in_some_language(object, "summary").map(|s| html(&s).0);
    let sensitive = object.get("sensitive").and_then(Value::as_bool);
    // A summary is the warning before a note, and the abstract of an article.
    let is_warning = sensitive == Some(true) || kind == Kind::Post;
    if body.is_empty() && !is_warning {
        body = summary.clone().unwrap_or_default();
    }
    let permalink = object.get("url").and_then(page);
    let reply_to = object.get("inReplyTo").and_then(reference);
    let quote_of = quoted(object);
    urls.truncate(MAX_PARTS);
    let created_at = time(object, "published");
    Some(RawPost {
        uid: text(object, "id"),
        kind: match (kind, &reply_to, &quote_of) {
            (Kind::Post, Some(_), _) => Kind::Reply,
            (Kind::Post, None, Some(_)) => Kind::Quote,
            (kind, ..) => kind,
        },
        edited_at: time(object, "updated").filter(|u| Some(u) != created_at.as_ref()),
        created_at,
        author: object
            .get("attributedTo")
            .or(object.get("actor"))
            .and_then(author),
        title: in_some_language(object, "name").map(|n| html(&n).0),
        text: body.trim().to_owned(),
        content_warning: summary.filter(|_| is_warning),
        lang_claimed: languages(object),
        thread_root: text(object, "conversation").or_else(|| object.get("context").and_then(reference)),
        reply_to,
        quote_of,
        hashtags: tags(object, "Hashtag")
            .filter_map(|t| text(t, "name"))
            .map(|n| n.trim_start_matches('#').to_owned())
            .collect(),
        mentions: tags(object, "Mention").map(mention).collect(),
        urls,
        media: object
            .get("attachment")
            .into_iter()
            .flat_map(each)
            .take(MAX_PARTS)
            .filter_map(medium)
            .collect(),
        counts: Counts {
            likes: total(object, "likes"),
            reposts: total(object, "shares"),
            replies: total(object, "replies"),
            ..Counts::default()
        },
        permalink,
        visibility: visibility(object),
        sensitive,
        ..RawPost::default()
    })
}

/// The type; of several the first that is of this vocabulary, without its prefix.
fn kind_of(object: &Object) -> &str {
    let types = object
        .get("type")
        .or(object.get("@type"))
        .into_iter()
        .flat_map(each);
    let names = types
        .filter_map(Value::as_str)
        .map(|t| t.strip_prefix("as:").unwrap_or(t));
    names.into_iter().find(|t| !t.contains(':')).unwrap_or_default()
}

/// One or many.
fn each(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

fn objects(activity: &Object) -> impl Iterator<Item = &Value> {
    activity.get("object").into_iter().flat_map(each)
}

fn text(object: &Object, key: &str) -> Option<String> {
    let value = object.get(key).or_else(|| object.get(&format!("@{key}")))?;
    value
        .as_str()
        .map(|t| t.trim().to_owned())
        .filter(|t| !t.is_empty())
}

fn time(object: &Object, key: &str) -> Option<String> {
    text(object, key).map(|t| super::to_rfc3339(&t).unwrap_or(t))
}

/// A value, or the first of its map of languages.
fn in_some_language(object: &Object, key: &str) -> Option<String> {
    let map = || {
        object
            .get(&format!("{key}Map"))?
            .as_object()?
            .values()
            .find_map(Value::as_str)
            .map(str::to_owned)
    };
    text(object, key).or_else(map)
}

fn languages(object: &Object) -> Vec<String> {
    let map = ["contentMap", "nameMap"]
        .iter()
        .find_map(|k| object.get(*k)?.as_object());
    map.into_iter()
        .flat_map(|m| m.keys())
        .filter(|k| *k != "und")
        .take(8)
        .cloned()
        .collect()
}

fn html(text: &str) -> (String, Vec<String>) {
    let read = text::html_to_text(text);
    (read.text, read.links)
}

/// The id of an object, or an id as it stands.
fn reference(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => Some(id.clone()).filter(|i| !i.is_empty()),
        Value::Object(object) => text(object, "id").or_else(|| text(object, "href")),
        Value::Array(items) => items.iter().find_map(reference),
        _ => None,
    }
}

/// An address to read at: of several the one of a web page.
fn page(value: &Value) -> Option<String> {
    let links = || each(value).iter();
    let is_page = |l: &&Value| l.get("mediaType").and_then(Value::as_str) == Some("text/html");
    links()
        .find(is_page)
        .or_else(|| links().next())
        .and_then(reference)
}

/// FEP-e232, and the names that came before it.
fn quoted(object: &Object) -> Option<String> {
    let named = ["quote", "quoteUri", "quoteUrl", "_misskey_quote"]
        .iter()
        .find_map(|k| object.get(*k).and_then(reference));
    let is_object = |t: &&Object| {
        text(t, "mediaType").is_some_and(|m| m.contains("activity+json") || m.contains("ld+json"))
    };
    named.or_else(|| tags(object, "Link").find(is_object).and_then(|t| text(t, "href")))
}

fn tags<'o>(object: &'o Object, kind: &'static str) -> impl Iterator<Item = &'o Object> {
    let all = object.get("tag").into_iter().flat_map(each).take(MAX_PARTS);
    all.filter_map(Value::as_object)
        .filter(move |t| kind_of(t) == kind)
}

fn mention(tag: &Object) -> RawMention {
    RawMention {
        id: text(tag, "href"),
        handle: text(tag, "name").map(|n| n.trim_start_matches('@').to_owned()),
    }
}

fn medium(value: &Value) -> Option<Media> {
    let object = value.as_object()?;
    let kind = text(object, "mediaType").map(|m| m.split('/').next().unwrap_or_default().to_owned());
    let kind = kind.unwrap_or_else(|| kind_of(object).to_lowercase());
    let url = object.get("url").or(object.get("href")).and_then(page)?;
    Some(Media {
        kind,
        url: Some(url),
        alt: text(object, "name").or_else(|| text(object, "summary")),
    })
}

fn author(value: &Value) -> Option<RawAuthor> {
    let first = each(value).first()?;
    let object = first.as_object();
    let kind = object.map_or("", kind_of);
    Some(RawAuthor {
        id: Some(reference(first)?),
        handle: object.and_then(|o| text(o, "preferredUsername")),
        name: object.and_then(|o| text(o, "name")),
        bot: matches!(kind, "Service" | "Application").then_some(true),
        organisation: (kind == "Organization").then_some(true),
        ..RawAuthor::default()
    })
}

fn total(object: &Object, key: &str) -> Option<u64> {
    object.get(key)?.get("totalItems")?.as_u64()
}

/// As Mastodon reads `to` and `cc`; `None` where nobody is addressed.
fn visibility(object: &Object) -> Option<String> {
    let public = |key: &str| {
        let all = object
            .get(key)
            .into_iter()
            .flat_map(each)
            .filter_map(Value::as_str);
        all.into_iter()
            .any(|a| a.ends_with("activitystreams#Public") || a == "as:Public" || a == "Public")
    };
    let addressed = object.contains_key("to") || object.contains_key("cc");
    let name = match (public("to"), public("cc")) {
        (true, _) => "public",
        (false, true) => "unlisted",
        _ if addressed => "private",
        _ => return None,
    };
    Some(name.to_owned())
}
