//! Mastodon against made-up instances.

mod follow;
mod map;
mod recorded;
mod tasks;

use crate::support::http::{Answer, Asked};
use post::RawPost;
use serde_json::{Value, json};
use sources::SourceEvent;

/// A status of this number, of an account of `home.example`, as any instance shows it.
fn status(id: u64) -> Value {
    json!({
        "id": id.to_string(), "uri": format!("https://home.example/users/ann/statuses/{id}"),
        "url": format!("https://home.example/@ann/{id}"), "created_at": "2026-11-25T20:00:00.000Z", "edited_at": null,
        "in_reply_to_id": null, "in_reply_to_account_id": null, "sensitive": false, "spoiler_text": "",
        "visibility": "public", "language": "en", "content": format!("<p>post {id}</p>"),
        "replies_count": 0, "reblogs_count": 1, "favourites_count": 2, "reblog": null, "poll": null, "card": null,
        "media_attachments": [], "mentions": [], "tags": [], "emojis": [],
        "account": {"id": "7", "username": "ann", "acct": "ann@home.example", "display_name": "Ann", "bot": false,
                    "group": false, "url": "https://home.example/@ann", "uri": "https://home.example/users/ann",
                    "followers_count": 12, "indexable": true, "noindex": false}
    })
}

fn uid(id: u64) -> String {
    format!("mastodon:https://home.example/users/ann/statuses/{id}")
}

fn with(mut status: Value, changes: Value) -> Value {
    status
        .as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    status
}

/// The part of a timeline that is asked for, newest first, with its `Link` header.
fn timeline(asked: &Asked, all: &[u64], most: usize) -> Answer {
    let number = |key: &str| asked.param(key).map(|v| v.parse::<u64>().unwrap());
    let limit = most.min(number("limit").unwrap() as usize);
    let mut ids: Vec<u64> = all.to_vec();
    ids.sort_unstable();
    ids.retain(|id| {
        number("min_id").is_none_or(|min| *id > min) && number("max_id").is_none_or(|max| *id < max)
    });
    // `min_id` goes forward from there; else the newest are shown.
    if number("min_id").is_some() {
        ids.truncate(limit);
    } else {
        ids.drain(..ids.len().saturating_sub(limit));
    }
    ids.reverse();
    let page: Vec<Value> = ids.iter().map(|id| status(*id)).collect();
    let answer = Answer::json(json!(page)).with("x-ratelimit-remaining", "200");
    match (ids.first(), ids.last()) {
        (Some(newest), Some(oldest)) => answer.with(
            "link",
            &format!(
                "<http://h/x?max_id={oldest}>; rel=\"next\", <http://h/x?a=1&min_id={newest}>; rel=\"prev\""
            ),
        ),
        _ => answer,
    }
}

fn posts(events: &[SourceEvent]) -> Vec<RawPost> {
    let post = |e: &SourceEvent| match e {
        SourceEvent::Post(post) => Some((**post).clone()),
        SourceEvent::AuthorGone { .. } => None,
    };
    events.iter().filter_map(post).collect()
}
