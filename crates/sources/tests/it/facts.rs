//! Every stated fact of the recorded Bluesky posts.

use crate::support::shared::shared;
use post::{Kind, RawPost};
use serde_json::Value;
use sources::{ParseInput, SourceEvent};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

fn parse(path: &Path) -> Vec<RawPost> {
    let mut posts = Vec::new();
    let input = ParseInput {
        reader: Box::new(File::open(path).unwrap()),
        name: "recorded".to_owned(),
        file: Default::default(),
    };
    sources::bluesky::parse(input, &mut |item| {
        if let SourceEvent::Post(post) = item.unwrap() {
            posts.push(*post);
        }
    })
    .unwrap();
    posts
}

/// Facts about records that are no posts (likes, follows, …): they must give nothing.
fn is_post(fact: &Value) -> bool {
    matches!(fact["kind"].as_str(), Some("post" | "reply" | "quote" | "repost"))
}

#[test]
fn every_stated_fact_is_read() {
    let Some(folder) = shared("fixtures/bluesky") else {
        return;
    };
    let facts = fs::read_to_string(folder.join("FACTS.jsonl")).unwrap();
    let mut parsed: BTreeMap<String, Vec<RawPost>> = BTreeMap::new();
    let mut tally: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for fact in facts.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()) {
        let file = fact["file"].as_str().unwrap();
        let posts = parsed
            .entry(file.to_owned())
            .or_insert_with(|| parse(&folder.join(file)));
        let uid = format!("bluesky:{}", fact["id"].as_str().unwrap_or_default());
        let found = posts.iter().find(|p| p.uid.as_ref() == Some(&uid));
        if !is_post(&fact) {
            assert!(found.is_none(), "{uid} is no post");
            continue;
        }
        let post = found.unwrap_or_else(|| panic!("{file} {}: {uid} is missing", fact["loc"]));
        for (field, stated) in fact.as_object().unwrap() {
            let Some(right) = check(post, field, stated, &fact) else {
                continue;
            };
            let (of, all) = tally.entry(field.clone()).or_default();
            (*of, *all) = (*of + u32::from(right), *all + 1);
            if !right {
                wrong.push(format!("{file} {}: {field} is stated as {stated}", fact["loc"]));
            }
        }
    }
    for (field, (right, stated)) in &tally {
        println!("{field}: {right}/{stated}");
    }
    let all: u32 = tally.values().map(|t| t.1).sum();
    println!("facts right: {}/{all}", tally.values().map(|t| t.0).sum::<u32>());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(all >= 600, "only {all} facts were checked");
}

/// Whether a field is as stated; `None` for what a post has no field for: where the fact stands (`file`, `loc`), the
/// frame's cursor (not the post's), when the platform's index saw it (`indexed_at`), the name of the embed's type.
fn check(post: &RawPost, field: &str, stated: &Value, fact: &Value) -> Option<bool> {
    let uids = |id: &Option<String>| id.as_deref().map(|u| u.trim_start_matches("bluesky:").to_owned());
    let text = stated.as_str();
    let texts: Vec<&str> = stated
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let author = post.author.as_ref();
    Some(match field {
        "file" | "loc" | "cursor_time_us" | "indexed_at" | "embed" => return None,
        "kind" => Kind::from_name(text?) == Some(post.kind),
        "id" => uids(&post.uid).as_deref() == text,
        "author_id" => author?.id.as_deref() == text,
        "author_handle" => author?.handle.as_deref() == text,
        // The same instant; one with another offset is written in UTC.
        "created_at" => {
            post.created_at.as_deref() == text || instant(post.created_at.as_deref()) == instant(text)
        }
        "text" => Some(post.text.as_str()) == text,
        "lang" => post.lang_claimed == texts,
        "reply_to" => uids(&post.reply_to).as_deref() == text,
        "thread_root" => uids(&post.thread_root).as_deref() == text,
        "repost_of" => uids(&post.repost_of).as_deref() == text,
        "quote_of" => uids(&post.quote_of).as_deref() == text,
        "hashtags" => texts == post.hashtags,
        "mentions" => {
            texts
                == post
                    .mentions
                    .iter()
                    .filter_map(|m| m.id.as_deref())
                    .collect::<Vec<_>>()
        }
        // Links of the text; the card's link is stated apart and stands behind them unless it is one of them.
        "urls" => post
            .urls
            .starts_with(&texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>()),
        "card" => post.urls.iter().any(|u| Some(u.as_str()) == text),
        "images" => post.media.iter().filter(|m| m.kind == "image").count() as u64 == stated.as_u64()?,
        "counts" => counts(post) == *stated,
        other => panic!("a fact of an unknown kind: {other} in {fact}"),
    })
}

fn instant(time: Option<&str>) -> Option<i64> {
    Some(post::parse_time(time?).expect("a time"))
}

fn counts(post: &RawPost) -> Value {
    let c = post.counts;
    let stated = [
        ("replies", c.replies),
        ("reposts", c.reposts),
        ("likes", c.likes),
        ("quotes", c.quotes),
    ];
    Value::Object(
        stated
            .iter()
            .filter_map(|(k, v)| Some(((*k).to_owned(), Value::from((*v)?))))
            .collect(),
    )
}

#[test]
fn other_recorded_documents_give_posts_or_nothing() {
    let Some(folder) = shared("fixtures/bluesky") else {
        return;
    };
    let count = |file: &str| parse(&folder.join(file)).len();
    assert_eq!(
        count("jetstream__golden_v1.jsonl"),
        2,
        "a reply and a repost among ten frames"
    );
    assert_eq!(count("atproto__post_record.json"), 1);
    assert_eq!(count("indigo__capture_atprotocom.json"), 20);
    for file in [
        "atproto__did_doc.json",
        "atproto__like_record.json",
        "twitwi__bluesky-profiles.json",
    ] {
        assert_eq!(count(file), 0, "{file}");
    }
}
