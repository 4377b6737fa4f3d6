//! Every stated fact of the recorded videos and comments, and the recorded exchanges.

use super::{posts, with};
use crate::support::facts::{Facts, Verdict, counts, hold, id, right};
use crate::support::http::{Answer, Asked, Mock};
use crate::support::recordings::exchanges;
use crate::support::running::{Start, start};
use crate::support::shared::shared;
use post::RawPost;
use serde_json::Value;
use sources::Task;
use std::sync::Mutex;

#[test]
fn every_stated_fact_is_read() {
    hold(Facts {
        connector: "youtube",
        folder: "youtube",
        uid,
        verdict,
        at_least: 480,
    });
}

/// Places in playlists and entries of a channel's history have ids of their own: the post is the video that they name.
fn uid(fact: &Value) -> Option<String> {
    let stated = id(fact)?;
    let id = match fact["kind"].as_str()? {
        "post(searchResult)" if stated.starts_with("UC") => return None,
        "post(playlistItem)" => named(fact)?["snippet"]["resourceId"]["videoId"]
            .as_str()?
            .to_owned(),
        "post(activity)" => {
            let item = named(fact)?;
            let picture = item["snippet"]["thumbnails"]["default"]["url"].as_str()?;
            picture.split("/vi/").nth(1)?.split('/').next()?.to_owned()
        }
        _ => stated,
    };
    Some(format!("youtube:{id}"))
}

/// The recorded resource that a fact is about.
fn named(fact: &Value) -> Option<Value> {
    let file = shared("fixtures/youtube")?.join(fact["file"].as_str()?);
    let text = std::fs::read_to_string(file).ok()?;
    let (place, path) = fact["loc"]
        .as_str()?
        .rsplit_once(":body")
        .unwrap_or(("", fact["loc"].as_str()?));
    if let Ok(document) = serde_json::from_str::<Value>(&text) {
        let body = document["body"]
            .as_str()
            .map(|b| serde_json::from_str(b).unwrap());
        return body.unwrap_or(document).pointer(path).cloned();
    }
    let line = place.trim_start_matches("line").parse().unwrap_or(0);
    let exchange: Value = serde_json::from_str(text.lines().nth(line)?).ok()?;
    let body: Value = serde_json::from_str(exchange["body"].as_str()?).ok()?;
    body.pointer(path).cloned()
}

fn verdict(post: &RawPost, field: &str, stated: &Value, _: &Value) -> Option<Verdict> {
    let author = post.author.as_ref();
    Some(match field {
        // What is called a handle is a channel's title or a display name, unless it begins with `@`.
        "author_handle" => match stated.as_str()?.strip_prefix('@') {
            Some(handle) => right(author?.handle.as_deref() == Some(handle)),
            None => right(author?.name.as_deref() == stated.as_str()),
        },
        "tags" => Verdict::Differs("keywords for the search, shown to nobody, are no hashtags"),
        "live" => Verdict::NotOurs,
        "counts" => {
            let mut stated = stated.clone();
            // Neither is told any more: favourites are always 0, dislikes hidden.
            for gone in ["favoriteCount", "dislikeCount"] {
                stated.as_object_mut()?.remove(gone);
            }
            right(counts(post, &stated))
        }
        _ => return None,
    })
}

/// The recorded exchanges answer the requests for the same resources.
#[tokio::test]
async fn recorded_exchanges_are_replayed() {
    let Some(uploaded) = exchanges("youtube/nango_youtube__uploaded-videos.http.jsonl") else {
        return;
    };
    let left = Mutex::new(uploaded);
    let mock = Mock::start(move |asked: &Asked| {
        let mut left = left.lock().unwrap();
        match left.iter().position(|e| e.path() == asked.path()) {
            Some(at) => left.remove(at).answer,
            None => Answer::status(404),
        }
    })
    .await;
    let config = with(
        &mock.url,
        "channels = [\"UCZXMDk2QjU7dBanCVrMj4CA\"]\ncomments = false",
    );
    let mut running = start("youtube", &config, Start::default());
    let found = posts(&running.take(3).await.events);
    running.stop().await;
    assert!(
        found
            .iter()
            .all(|p| p.author.as_ref().unwrap().id.as_deref() == Some("UCZXMDk2QjU7dBanCVrMj4CA"))
    );

    for (file, uid) in [
        ("get-video", "youtube:dQw4w9WgXcQ"),
        (
            "create-comment-reply",
            "youtube:UgxvFA1GhF38NRDose14AaABAg.AWGPiLC6pIRAWGRMZxjrSQ",
        ),
    ] {
        let mut recorded = exchanges(&format!("youtube/nango_youtube__{file}.http.jsonl")).unwrap();
        let answer = recorded.remove(0).answer;
        let mock = Mock::start(move |_: &Asked| answer.clone()).await;
        let with_task = Start {
            task: Task::Recheck(vec![uid.to_owned()]),
            ..Start::default()
        };
        let mut running = start("youtube", &with(&mock.url, ""), with_task);
        let (found, ended) = running.rest().await;
        ended.unwrap();
        let found = posts(&found.events);
        assert_eq!((found.len(), found[0].uid.as_deref()), (1, Some(uid)));
        assert_ne!(found[0].event, post::Event::Delete, "{file}");
    }
}
