//! Every stated fact of the recorded feeds: whole and broken ones, in a dozen encodings.

use crate::support::facts::instant;
use crate::support::shared::shared;
use post::RawPost;
use serde_json::Value;
use sources::feed::{Feed, posts, read};
use std::collections::BTreeMap;
use std::fs;
use text::html_to_text;

/// What differs on purpose.
const WHOLE: &str = "the content is taken where there is one, not the summary beside it";
const NO_MAIL: &str = "an address of mail is no name";
const OWN_LINK: &str = "an id that is no address is no link";
const WHOLE_LINK: &str = "relative addresses are made whole";
const READABLE: &str = "the bytes are Big5, as they can be read, and not Latin-1";

enum Is {
    Right,
    Wrong,
    Differs(&'static str),
    NotOurs,
}

#[test]
fn every_stated_fact_is_read() {
    let Some(folder) = shared("fixtures/feeds") else {
        return;
    };
    let facts = fs::read_to_string(folder.join("FACTS.jsonl")).unwrap();
    let (mut good, mut all, mut wrong) = (0, 0, Vec::new());
    let mut differs: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for fact in facts.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()) {
        let file = fact["file"].as_str().unwrap();
        let feed = read(&fs::read(folder.join(file)).unwrap(), None, None);
        let posts = feed.as_ref().map(posts).unwrap_or_default();
        let place = format!("{file} {}", fact["loc"]);
        let number = fact["loc"]
            .as_str()
            .unwrap()
            .trim_start_matches(|c: char| c.is_alphabetic());
        for (field, stated) in fact.as_object().unwrap() {
            let is = match (&feed, number.parse::<usize>()) {
                (Ok(feed), Err(_)) => of_feed(feed, field, stated),
                (Ok(feed), Ok(at)) => match (feed.entries.get(at), posts.get(at)) {
                    (Some(entry), Some(post)) => of_entry(entry, post, field, stated),
                    _ => Is::Wrong,
                },
                // A file that is no feed states nothing of one.
                (Err(_), _) if matches!(field.as_str(), "file" | "loc" | "kind") => Is::NotOurs,
                (Err(_), _) => Is::Wrong,
            };
            match is {
                Is::NotOurs => {}
                Is::Differs(why) => *differs.entry((field.clone(), why)).or_default() += 1,
                Is::Right => (good, all) = (good + 1, all + 1),
                Is::Wrong => {
                    all += 1;
                    wrong.push(format!("{place}: {field} is stated as {stated}"));
                }
            }
        }
    }
    for ((field, why), count) in &differs {
        println!("| differs | feed | {field} | {count} | {why} |");
    }
    let on_purpose: usize = differs.values().sum();
    println!("| facts | feed | feeds | {good}/{all} | {on_purpose} differ on purpose |");
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
    assert!(all >= 250, "only {all} facts were checked");
}

fn of_feed(feed: &Feed, field: &str, stated: &Value) -> Is {
    let text = stated.as_str();
    holds(match field {
        "version" => match text {
            // What the reader of the facts calls versions that a feed does not state.
            Some("rss") => feed.version.starts_with("rss"),
            other => other == Some(&feed.version),
        },
        "title" if feed.title.as_deref() != text && feed.title.as_deref().is_some_and(|t| !t.is_ascii()) => {
            return Is::Differs(READABLE);
        }
        "title" => feed.title.as_deref() == text,
        "lang" => feed.lang == text.map(|t| t.replace('_', "-")),
        "file" | "loc" | "kind" | "bozo" => return Is::NotOurs,
        other => panic!("a fact of an unknown kind: {other}"),
    })
}

fn of_entry(entry: &sources::feed::Entry, post: &RawPost, field: &str, stated: &Value) -> Is {
    let text = stated.as_str();
    let texts: Vec<&str> = stated
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let plain = |t: &str| {
        html_to_text(t)
            .text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    holds(match field {
        "file" | "loc" | "kind" => return Is::NotOurs,
        "id" => entry.id.as_deref() == text,
        "title" => post.title.as_deref().map(plain) == text.map(plain),
        "created_at" => instant(post.created_at.as_deref()) == instant(text),
        "url" if text.is_some_and(|t| !t.starts_with("http")) => return Is::Differs(OWN_LINK),
        "url" => post.permalink.as_deref() == text,
        "author_handle" => {
            let name = post.author.as_ref().and_then(|a| a.name.as_deref());
            if name != text && text.is_some_and(|t| t.contains('@')) {
                assert!(name.is_none_or(|n| !n.contains('@')), "{name:?}");
                return Is::Differs(NO_MAIL);
            }
            name == text
        }
        "tags" => post.hashtags == texts,
        "enclosures" if texts.iter().any(|t| !t.contains("://")) => return Is::Differs(WHOLE_LINK),
        "enclosures" => texts
            .iter()
            .all(|t| post.media.iter().any(|m| m.url.as_deref() == Some(t))),
        "text" => {
            let (ours, stated) = (plain(&post.text), plain(text.unwrap_or_default()));
            let start: String = stated.trim_end_matches(['.', '…']).chars().take(120).collect();
            if !ours.starts_with(start.trim()) && ours.len() > stated.len() {
                return Is::Differs(WHOLE);
            }
            // Stated texts end after 300 characters, at times before the first word.
            let cut = text.is_some_and(|t| t.chars().count() >= 290);
            ours.starts_with(start.trim()) && (cut || ours.is_empty() == stated.is_empty())
        }
        other => panic!("a fact of an unknown kind: {other}"),
    })
}

fn holds(right: bool) -> Is {
    if right { Is::Right } else { Is::Wrong }
}
