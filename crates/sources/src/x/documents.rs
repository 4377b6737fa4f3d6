//! Recorded input in every form X has had: pages, frames and compliance lines of the second version (as they came or
//! flattened by twarc), statuses and control lines of the first, Gnip's activities.

use super::frame::{self, Item};
use super::v2::{Includes, Tweet};
use super::{compliance, gnip, map, v1};
use crate::error::Refused;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Objects in objects, no deeper than this.
const DEEPEST: usize = 4;

/// Hands on what a recorded value holds; values that hold no posts give nothing.
pub fn read(value: &Value, place: &str, each: &mut dyn FnMut(Result<Item, Refused>)) {
    document(value, place, 0, each);
}

fn document(value: &Value, place: &str, depth: usize, each: &mut dyn FnMut(Result<Item, Refused>)) {
    match value {
        Value::Array(items) if depth < DEEPEST => {
            items
                .iter()
                .for_each(|item| document(item, place, depth + 1, each));
        }
        Value::Object(object) => object_of(value, object, place, depth, each),
        _ => {}
    }
}

fn object_of(
    value: &Value,
    object: &Map<String, Value>,
    place: &str,
    depth: usize,
    each: &mut dyn FnMut(Result<Item, Refused>),
) {
    let has = |key: &str| object.contains_key(key);
    let list = |key: &str| object.get(key).filter(|v| v.is_array());
    if let Some(items) = list("statuses").or_else(|| list("results")) {
        document(items, place, depth + 1, each);
    } else if has("data") {
        versioned(value, place, each);
    } else if has("verb") && (has("actor") || has("object")) {
        read_as::<gnip::Activity>(value, place, each, gnip::map);
    } else if has("action") && has("id") {
        let verdict = compliance::Verdict::deserialize(value).unwrap_or_default();
        each(Ok(verdict.item().unwrap_or(Item::Ignored)));
    } else if let Some(item) = compliance::control(value, &[]) {
        each(Ok(item));
    } else if has("id_str") || (has("user") && (has("text") || has("full_text"))) {
        read_as::<v1::Status>(value, place, each, |status| v1::map(status, &[]));
    } else if has("id") && has("text") {
        let page = json!({"data": [value]});
        versioned(&page, place, each);
    }
}

fn read_as<'v, T: Deserialize<'v>>(
    value: &'v Value,
    place: &str,
    each: &mut dyn FnMut(Result<Item, Refused>),
    map: impl Fn(&T) -> Option<post::RawPost>,
) {
    each(match T::deserialize(value) {
        Ok(read) => Ok(map(&read).map_or(Item::Ignored, |p| Item::Post(Box::new(p)))),
        Err(e) => Err(frame::malformed(place, &e)),
    });
}

/// A page or a frame of the second version.
fn versioned(value: &Value, place: &str, each: &mut dyn FnMut(Result<Item, Refused>)) {
    let data = &value["data"];
    if let Some(item) = compliance::event(data, &[]) {
        return each(Ok(item));
    }
    let items: Vec<Value> = match data {
        Value::Array(items) => items.clone(),
        other => vec![other.clone()],
    };
    let mut includes = value.get("includes").cloned().unwrap_or_default();
    let items: Vec<Value> = items
        .into_iter()
        .map(|item| unflattened(item, &mut includes))
        .collect();
    let mut page = json!({"data": items});
    if includes.is_object() {
        page["includes"] = includes;
    }
    for mut refused in frame::prune(&mut page) {
        if !place.is_empty() {
            refused.place = format!("{place}, {}", refused.place);
        }
        each(Err(refused));
    }
    let includes = page.get("includes").map(Includes::deserialize);
    let includes = includes.and_then(Result::ok).unwrap_or_default();
    for item in page["data"].as_array().into_iter().flatten() {
        if let Ok(tweet) = Tweet::deserialize(item)
            && let Some(post) = map::post(&tweet, &includes, &[])
        {
            each(Ok(Item::Post(Box::new(post))));
        }
    }
}

/// Moves what twarc put into a post back beside it.
fn unflattened(mut item: Value, includes: &mut Value) -> Value {
    let Some(object) = item.as_object_mut() else {
        return item;
    };
    for key in ["author", "in_reply_to_user"] {
        if let Some(user) = object.remove(key).filter(Value::is_object) {
            put(includes, "users", user);
        }
    }
    if let Some(place) = object
        .get("geo")
        .filter(|g| g.get("full_name").is_some())
        .cloned()
    {
        object.insert("geo".to_owned(), json!({"place_id": place["id"]}));
        put(includes, "places", place);
    }
    let media = object
        .get_mut("attachments")
        .and_then(|a| a.get_mut("media"))
        .map(Value::take);
    if let Some(Value::Array(media)) = media {
        media.into_iter().for_each(|m| put(includes, "media", m));
    }
    if let Some(Value::Array(references)) = object.get_mut("referenced_tweets") {
        for reference in references.iter_mut().filter(|r| r.get("text").is_some()) {
            let bare = json!({"type": reference["type"], "id": reference["id"]});
            let whole = unflattened(std::mem::replace(reference, bare), includes);
            put(includes, "tweets", whole);
        }
    }
    item
}

/// Puts something into one of the lists beside the posts.
fn put(includes: &mut Value, list: &str, found: Value) {
    if !includes.is_object() {
        *includes = json!({});
    }
    match &mut includes[list] {
        Value::Array(items) => items.push(found),
        other => *other = json!([found]),
    }
}
