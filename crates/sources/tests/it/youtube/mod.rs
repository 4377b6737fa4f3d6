//! YouTube against a made-up server, and its recorded answers.

mod facts;
mod follow;
mod pitfalls;
mod tasks;

use crate::support::http::{Answer, Asked, Platform};
use post::RawPost;
use serde_json::{Value, json};
use sources::{Sought, SourceEvent, Wanted};

/// A channel, its list of uploads and a stranger.
const ACME: &str = "UCacmeacmeacmeacmeacme01";
const STRANGER: &str = "UCstrangerstrangerstra02";

fn config(url: &str) -> String {
    with(url, &format!("channels = [{ACME:?}]"))
}

fn with(url: &str, more: &str) -> String {
    format!("api_key = \"hush\"\napi_url = {url:?}\ntoken_url = \"{url}/token\"\npoll_seconds = 60\n{more}")
}

fn time(n: u32) -> String {
    format!("2026-07-04T12:{:02}:{:02}Z", n / 60, n % 60)
}

/// The `n`-th video: eleven characters.
fn id(n: u32) -> String {
    format!("video{n:06}")
}

fn video(n: u32) -> Value {
    json!({"kind": "youtube#video", "id": id(n),
        "snippet": {"publishedAt": time(n), "channelId": ACME, "channelTitle": "Acme", "title": format!("Video {n}"),
            "description": "An #anvil falls: https://acme.example/a by @ann", "tags": ["keyword"],
            "liveBroadcastContent": "none", "defaultAudioLanguage": "en-US"},
        "statistics": {"viewCount": "100", "commentCount": "2", "favoriteCount": "0"},
        "status": {"privacyStatus": "public"}})
}

fn upload(n: u32) -> Value {
    json!({"kind": "youtube#playlistItem", "id": format!("UExV{n}"),
        "snippet": {"publishedAt": time(n), "channelId": ACME, "channelTitle": "Acme", "title": format!("Video {n}"),
            "description": "", "resourceId": {"kind": "youtube#video", "videoId": id(n)}},
        "contentDetails": {"videoId": id(n), "videoPublishedAt": time(n)}})
}

fn hit(n: u32) -> Value {
    json!({"kind": "youtube#searchResult", "id": {"kind": "youtube#video", "videoId": id(n)},
        "snippet": {"publishedAt": time(n), "channelId": STRANGER, "channelTitle": "Stranger", "title": "Acme, found"}})
}

fn comment(id: &str, n: u32, parent: Option<&str>) -> Value {
    json!({"kind": "youtube#comment", "id": id, "snippet": {
        "authorDisplayName": format!("@by{n}"), "authorChannelId": {"value": STRANGER}, "textDisplay": "So it is",
        "parentId": parent, "likeCount": 1, "publishedAt": time(n), "updatedAt": time(n)}})
}

/// A thread of `replies`, of which those given come with it.
fn thread(name: &str, n: u32, replies: u32, here: Vec<Value>) -> Value {
    json!({"kind": "youtube#commentThread", "id": name,
        "snippet": {"channelId": ACME, "videoId": id(1), "totalReplyCount": replies, "isPublic": true,
            "topLevelComment": comment(name, n, None)},
        "replies": {"comments": here}})
}

fn list(kind: &str, items: Vec<Value>, next: Option<String>) -> Answer {
    Answer::json(
        json!({"kind": format!("youtube#{kind}ListResponse"), "items": items, "nextPageToken": next}),
    )
}

/// A page of `size` of a list, newest first; the token is where the next begins.
fn page(asked: &Asked, kind: &str, all: Vec<Value>, size: usize) -> Answer {
    let from: usize = asked.param("pageToken").map_or(0, |t| t.parse().unwrap());
    let next = (from + size < all.len()).then(|| (from + size).to_string());
    list(kind, all.into_iter().skip(from).take(size).collect(), next)
}

fn channel() -> Value {
    json!({"kind": "youtube#channel", "id": ACME,
        "snippet": {"title": "Acme", "customUrl": "@acme", "country": "NZ"},
        "contentDetails": {"relatedPlaylists": {"uploads": "UUacme"}},
        "statistics": {"subscriberCount": "5000", "hiddenSubscriberCount": false}})
}

fn videos(asked: &Asked) -> Vec<Value> {
    let ids = asked.param("id").unwrap();
    ids.split(',')
        .map(|id| video(id.trim_start_matches("video").parse().unwrap()))
        .collect()
}

/// Five videos of a channel in pages of two, three comments, seven replies to one of them, and a video that is found.
fn platform() -> Platform {
    Box::new(|asked: &Asked| match asked.path() {
        "/token" => Answer::json(json!({"access_token": "token-1", "expires_in": 3600})),
        "/youtube/v3/channels" => list("channel", vec![channel()], None),
        "/youtube/v3/playlistItems" => page(asked, "playlistItem", (1..=5).rev().map(upload).collect(), 2),
        "/youtube/v3/videos" => list("video", videos(asked), None),
        "/youtube/v3/search" => list("search", vec![hit(90)], None),
        "/youtube/v3/comments" => {
            let parent = asked.param("parentId").unwrap();
            let replies = (1..=7).map(|n| comment(&format!("{parent}.r{n}"), 100 + n, Some(&parent)));
            page(asked, "comment", replies.collect(), 4)
        }
        "/youtube/v3/commentThreads" if asked.param("videoId").is_some() => {
            list("commentThread", Vec::new(), None)
        }
        "/youtube/v3/commentThreads" => {
            let three = vec![
                thread("UgC", 30, 0, vec![]),
                thread("UgB", 20, 7, vec![]),
                thread("UgA", 10, 0, vec![]),
            ];
            page(asked, "commentThread", three, 2)
        }
        _ => Answer::status(404),
    })
}

fn acme() -> Vec<Wanted> {
    vec![Wanted {
        id: "m1".to_owned(),
        sought: Sought::Word("acme".to_owned()),
    }]
}

fn posts(events: &[SourceEvent]) -> Vec<RawPost> {
    let post = |e: &SourceEvent| match e {
        SourceEvent::Post(post) => Some((**post).clone()),
        SourceEvent::AuthorGone { .. } => None,
    };
    events.iter().filter_map(post).collect()
}
