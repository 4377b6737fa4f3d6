//! Every stated fact of the recorded posts.

use crate::support::facts::{Facts, Verdict, counts, hold, id, instant, right};
use post::{Event, RawPost};
use serde_json::Value;

const GONE: &str = "taken back or removed: only its uid is delivered, as a delete";

#[test]
fn every_stated_fact_is_read() {
    hold(Facts {
        connector: "reddit",
        folder: "reddit",
        uid: |fact| Some(format!("reddit:{}", id(fact)?)),
        verdict,
        at_least: 12_000,
    });
}

fn verdict(post: &RawPost, field: &str, stated: &Value, fact: &Value) -> Option<Verdict> {
    if post.event == Event::Delete {
        return Some(match field {
            "file" | "loc" | "kind" | "id" => Verdict::NotOurs,
            "deleted" => Verdict::Right,
            _ => Verdict::Differs(GONE),
        });
    }
    let ends = |ours: &Option<String>| {
        ours.as_deref()
            .zip(stated.as_str())
            .is_some_and(|(o, s)| o.ends_with(s))
    };
    Some(match field {
        // Its mark was seen by us too: as a delete (above), or as an author who is gone.
        "deleted" => right(post.author.is_none()),
        "author_handle" if stated == "[deleted]" => match post.author {
            None => Verdict::Differs("an account that is gone is nobody, not somebody called [deleted]"),
            Some(_) => Verdict::Wrong,
        },
        "edited" if stated == &Value::Bool(true) => {
            Verdict::Differs("of very old edits Reddit tells no time")
        }
        "edited" => right(instant(post.edited_at.as_deref()) == instant(stated.as_str())),
        "nsfw" => right(post.sensitive == stated.as_bool()),
        "permalink" => right(ends(&post.permalink)),
        // Found by searching, a permalink says so behind a question mark.
        "url" if stated.as_str() == post.permalink.as_deref().and_then(|p| p.split('?').next()) => {
            Verdict::Differs("a text post's url is its own permalink")
        }
        "url" => right(post.urls.first().map(String::as_str) == stated.as_str()),
        "counts" => return Some(numbers(post, stated, fact)),
        _ => return None,
    })
}

fn numbers(post: &RawPost, stated: &Value, fact: &Value) -> Verdict {
    let mut stated = stated.clone();
    let numbers = stated.as_object_mut().unwrap();
    // A share of the votes is no count.
    numbers.remove("ratio");
    if fact["kind"] == "reply" {
        // Beside a comment stands the number of comments of its thread.
        numbers.remove("comments");
    }
    if post.counts.likes.is_none() {
        let score = numbers.remove("score").and_then(|s| s.as_i64());
        return match (score, counts(post, &stated)) {
            (Some(1), true) => Verdict::Differs("a hidden score is always given as 1: it is not known"),
            (Some(..=-1), true) => Verdict::Differs("a score below nothing is no number of likes"),
            _ => Verdict::Wrong,
        };
    }
    right(counts(post, &stated))
}
