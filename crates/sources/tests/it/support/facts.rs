//! Every stated fact of a platform's recorded posts.

use super::shared::shared;
use post::RawPost;
use serde_json::Value;
use sources::{ParseInput, SourceEvent, find};
use std::collections::BTreeMap;
use std::fs::{self, File};

/// Whether a field is as stated.
pub(crate) enum Verdict {
    Right,
    Wrong,
    /// It differs on purpose, and why.
    Differs(&'static str),
    /// A post has no field for it (where the fact stands, what the recorder noted of its own).
    NotOurs,
}

pub(crate) fn right(holds: bool) -> Verdict {
    if holds { Verdict::Right } else { Verdict::Wrong }
}

/// How the facts of one platform are read.
pub(crate) struct Facts {
    pub(crate) connector: &'static str,
    /// The folder under `fixtures/`.
    pub(crate) folder: &'static str,
    /// The uid of the post a fact is about; `None` where it is about none (an HTTP status, a like): such facts must
    /// give no post, or are checked elsewhere.
    pub(crate) uid: fn(&Value) -> Option<String>,
    /// The platform's own reading of a field; `None` leaves it to [`usual`].
    pub(crate) verdict: fn(&RawPost, &str, &Value, &Value) -> Option<Verdict>,
    /// Fewer facts than this were not all read.
    pub(crate) at_least: usize,
}

/// Checks them all and prints the table's row.
pub(crate) fn hold(facts: Facts) {
    let Some(folder) = shared(&format!("fixtures/{}", facts.folder)) else {
        return;
    };
    let mut parsed: BTreeMap<String, Vec<RawPost>> = BTreeMap::new();
    let (mut good, mut all, mut wrong) = (0, 0, Vec::new());
    let mut differs: BTreeMap<(String, &'static str), usize> = BTreeMap::new();
    let text = fs::read_to_string(folder.join("FACTS.jsonl")).unwrap();
    for fact in text.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()) {
        let file = fact["file"].as_str().unwrap();
        let Some(uid) = (facts.uid)(&fact) else { continue };
        let posts = parsed
            .entry(file.to_owned())
            .or_insert_with(|| parse(facts.connector, &folder.join(file)));
        let place = format!("{file} {}", fact["loc"]);
        let found: Vec<&RawPost> = posts.iter().filter(|p| p.uid.as_deref() == Some(&uid)).collect();
        if found.is_empty() {
            all += 1;
            wrong.push(format!("{place}: {uid} is missing"));
        }
        // A post may be recorded more than once, in different states: a fact is right if it is so of one of them.
        for (field, stated) in fact.as_object().unwrap() {
            let verdicts = found.iter().map(|p| verdict(&facts, p, field, stated, &fact));
            let Some(best) = verdicts.min_by_key(rank) else {
                continue;
            };
            match best {
                Verdict::NotOurs => {}
                Verdict::Differs(why) => *differs.entry((field.clone(), why)).or_default() += 1,
                Verdict::Right => (good, all) = (good + 1, all + 1),
                Verdict::Wrong => {
                    all += 1;
                    wrong.push(format!("{place}: {field} is stated as {stated}"));
                }
            }
        }
    }
    for ((field, why), count) in &differs {
        println!("| differs | {} | {field} | {count} | {why} |", facts.connector);
    }
    let on_purpose: usize = differs.values().sum();
    println!(
        "| facts | {} | {} | {good}/{all} | {on_purpose} differ on purpose |",
        facts.connector, facts.folder
    );
    assert!(
        wrong.is_empty(),
        "{} wrong: {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(40)]
    );
    assert!(all >= facts.at_least, "only {all} facts were checked");
}

fn verdict(facts: &Facts, post: &RawPost, field: &str, stated: &Value, fact: &Value) -> Verdict {
    (facts.verdict)(post, field, stated, fact).unwrap_or_else(|| usual(post, field, stated, fact))
}

fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Right => 0,
        Verdict::NotOurs => 1,
        Verdict::Differs(_) => 2,
        Verdict::Wrong => 3,
    }
}

/// The id a fact states, whether written as text or as a number.
pub(crate) fn id(fact: &Value) -> Option<String> {
    match &fact["id"] {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// What the connector finds in a file.
pub(crate) fn parse(connector: &str, path: &std::path::Path) -> Vec<RawPost> {
    let mut posts = Vec::new();
    let input = ParseInput {
        reader: Box::new(File::open(path).unwrap()),
        name: "recorded".to_owned(),
        file: Default::default(),
    };
    (find(connector).unwrap().parse)(input, &mut |item| {
        if let Ok(SourceEvent::Post(post)) = item {
            posts.push(*post);
        }
    })
    .unwrap();
    posts
}

/// The reading of fields that mean the same on most platforms.
pub(crate) fn usual(post: &RawPost, field: &str, stated: &Value, fact: &Value) -> Verdict {
    let text = stated.as_str();
    let texts = || -> Vec<&str> {
        stated
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    };
    // The native id behind the platform's name.
    let native = |uid: &Option<String>| {
        uid.as_deref()
            .and_then(|u| u.split_once(':'))
            .map(|u| u.1.to_owned())
    };
    let author = post.author.as_ref();
    right(match field {
        "file" | "loc" | "kind" | "id" => return Verdict::NotOurs,
        "author_id" => author.and_then(|a| a.id.as_deref()) == text,
        "author_handle" => author.and_then(|a| a.handle.as_deref()) == text,
        "created_at" => instant(post.created_at.as_deref()) == instant(text),
        "edited_at" => instant(post.edited_at.as_deref()) == instant(text),
        "title" => post.title.as_deref() == text,
        "text" => Some(post.text.as_str()) == text,
        "lang" => {
            post.lang.as_deref() == text || text.is_some_and(|t| post.lang_claimed.iter().any(|l| l == t))
        }
        "reply_to" => native(&post.reply_to).as_deref() == text,
        "thread" | "thread_root" | "conversation" => native(&post.thread_root).as_deref() == text,
        "repost_of" => native(&post.repost_of).as_deref() == text,
        "quote_of" => native(&post.quote_of).as_deref() == text,
        "community" => post.community.as_deref() == text,
        "hashtags" => texts() == post.hashtags,
        "mentions" => {
            let named =
                |m: &post::RawMention, t: &str| m.handle.as_deref() == Some(t) || m.id.as_deref() == Some(t);
            texts().iter().all(|t| post.mentions.iter().any(|m| named(m, t)))
        }
        "urls" => texts().iter().all(|t| post.urls.iter().any(|u| u == t)),
        "permalink" => post.permalink.as_deref() == text,
        "visibility" => post.visibility.as_deref() == text,
        "sensitive" => post.sensitive == stated.as_bool(),
        "counts" => counts(post, stated),
        other => panic!("a fact of an unknown kind: {other} in {fact}"),
    })
}

/// The same instant, however it is written.
pub(crate) fn instant(time: Option<&str>) -> Option<i64> {
    let time = time?;
    let utc = sources::file::to_rfc3339(time).unwrap_or_else(|| panic!("{time} is no time"));
    post::parse_time(&utc)
}

/// Every stated count by its usual names.
pub(crate) fn counts(post: &RawPost, stated: &Value) -> bool {
    let c = post.counts;
    stated.as_object().into_iter().flatten().all(|(name, value)| {
        let ours = match name.as_str() {
            "likes" | "like_count" | "score" | "likeCount" => c.likes,
            "reposts" | "retweet_count" | "shares" => c.reposts,
            "replies" | "reply_count" | "comments" | "commentCount" => c.replies,
            "quotes" | "quote_count" => c.quotes,
            "views" | "impression_count" | "viewCount" => c.views,
            other => panic!("a count of an unknown name: {other}"),
        };
        ours == value.as_u64().or_else(|| value.as_str()?.parse().ok())
    })
}
