//! Reddit against a made-up server, and against recorded answers.

mod facts;
mod follow;
mod pitfalls;
mod replay;
mod tasks;

use crate::support::http::{Answer, Asked, Platform};
use post::RawPost;
use serde_json::{Value, json};
use sources::{Sought, SourceEvent, Wanted};

/// A configuration that reads r/acme, given the server's address.
fn config(url: &str) -> String {
    with(url, "subreddits = [\"acme\"]")
}

fn with(url: &str, more: &str) -> String {
    format!(
        "client_id = \"app\"\nclient_secret = \"hush\"\nusername = \"ann\"\napi_url = {url:?}\n\
         token_url = \"{url}/token\"\npoll_seconds = 60\n{more}"
    )
}

fn post(id: &str) -> Value {
    json!({"kind": "t3", "data": {
        "id": id, "name": format!("t3_{id}"), "author": "bea", "author_fullname": "t2_b1", "subreddit": "acme",
        "title": format!("Title {id}"), "selftext": "an acme anvil", "is_self": true, "edited": false, "score": 3,
        "num_comments": 1, "created_utc": 1_764_000_000.0 + u32::from_str_radix(id, 36).unwrap() as f64,
        "permalink": format!("/r/acme/comments/{id}/title/"), "over_18": false, "subreddit_type": "public"}})
}

fn comment(id: &str, parent: &str, replies: Value) -> Value {
    json!({"kind": "t1", "data": {
        "id": id, "name": format!("t1_{id}"), "author": format!("cy{id}"), "subreddit": "acme", "body": "so it is",
        "link_id": "t3_a1", "link_author": "bea", "parent_id": parent, "replies": replies, "score": 1, "edited": false,
        "created_utc": 1_764_000_000.0 + u32::from_str_radix(id, 36).unwrap() as f64}})
}

fn listing(children: Vec<Value>, after: Option<&str>) -> Value {
    json!({"kind": "Listing", "data": {"children": children, "after": after, "before": null}})
}

/// The page of a newest-first list that a request asks for, `size` items long.
fn page(asked: &Asked, all: &[Value], size: usize) -> Answer {
    let name = |v: &Value| v["data"]["name"].as_str().unwrap().to_owned();
    let from = asked.param("after").map_or(0, |after| {
        all.iter()
            .position(|v| name(v) == after)
            .map_or(all.len(), |at| at + 1)
    });
    let shown: Vec<Value> = all[from..].iter().take(size).cloned().collect();
    let after = shown.last().map(name).filter(|_| from + size < all.len());
    Answer::json(listing(shown, after.as_deref()))
}

fn token() -> Answer {
    Answer::json(
        json!({"access_token": "token-1", "token_type": "bearer", "expires_in": 86400, "scope": "*"}),
    )
}

fn acme() -> Vec<Wanted> {
    vec![Wanted {
        id: "m1".to_owned(),
        sought: Sought::Word("acme".to_owned()),
    }]
}

/// Nine posts and four comments in r/acme, and one post that is found by searching.
fn platform() -> Platform {
    let posts: Vec<Value> = (1..=9).rev().map(|n| post(&format!("a{n}"))).collect();
    let comments: Vec<Value> = (1..=4)
        .rev()
        .map(|n| comment(&format!("c{n}"), "t3_a1", json!("")))
        .collect();
    Box::new(move |asked: &Asked| match asked.path() {
        "/token" => token(),
        "/r/acme/new" => page(asked, &posts, 3),
        "/r/acme/comments" => page(asked, &comments, 100),
        "/search" => page(asked, &[post("b1")], 100),
        _ => Answer::status(404),
    })
}

fn posts(events: &[SourceEvent]) -> Vec<RawPost> {
    let post = |e: &SourceEvent| match e {
        SourceEvent::Post(post) => Some((**post).clone()),
        SourceEvent::AuthorGone { .. } => None,
    };
    events.iter().filter_map(post).collect()
}
