//! Every stated fact of the recorded posts.

use crate::support::facts::{Facts, Verdict, counts, hold, id, instant, right};
use post::{Event, Kind, RawPost};
use serde_json::Value;

/// What X escapes.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// The number at the end of a native id or an address.
fn number(id: &str) -> &str {
    id.rsplit([':', '/']).next().unwrap()
}

fn uid(fact: &Value) -> Option<String> {
    match fact["kind"].as_str()? {
        "http" | "MALFORMED_LINE" => None,
        // An edit is ours under the id of the first version.
        _ => match fact["edit_history"][0].as_str() {
            Some(first) => Some(format!("x:{first}")),
            None => Some(format!("x:{}", number(&id(fact)?))),
        },
    }
}

fn verdict(post: &RawPost, field: &str, stated: &Value, fact: &Value) -> Option<Verdict> {
    const WHOLE: &str = "a repost carries the whole text of what it repeats, not the part X cuts off";
    const LONG: &str = "a long post carries its whole text, not the part shown by old clients";
    const EDITED: &str = "an edit was made when its first version was; its own time is edited_at";
    const NO_LANG: &str = "und, qst, qme and the like say that X knows none";
    const TAGS: &str = "tags of the cut text; those of the whole text, these among them, are read";
    let text = stated.as_str();
    let texts = || stated.as_array().into_iter().flatten().filter_map(Value::as_str);
    let is_repost = post.kind == Kind::Repost;
    if post.event == Event::Delete {
        return Some(match field {
            "action" => right(text == Some("delete")),
            "created_at" | "redacted_at" | "reason" => Verdict::Differs("of a delete, the id alone is kept"),
            _ => return None,
        });
    }
    Some(match field {
        "kind" if post.kind == Kind::Quote && text == Some("post") && fact["quote_of"].is_string() => {
            Verdict::Differs("Gnip's verb for a quote is post; with what it quotes, it is a quote")
        }
        "kind" => right(Kind::from_name(text?) == Some(post.kind)),
        "author_id" => right(post.author.as_ref()?.id.as_deref() == Some(number(text?))),
        "created_at" if post.event == Event::Edit => {
            match instant(post.edited_at.as_deref()) == instant(text) {
                true => Verdict::Differs(EDITED),
                false => Verdict::Wrong,
            }
        }
        "text" => {
            let stated = unescaped(text?);
            let begins = |part: &str| post.text.starts_with(part.trim_end_matches('…').trim_end());
            if post.text == stated {
                Verdict::Right
            } else if is_repost && stated.starts_with("RT @") && begins(stated.split_once(": ")?.1) {
                Verdict::Differs(WHOLE)
            } else if fact["truncated"] == true && stated.len() < post.text.len() {
                Verdict::Differs(LONG)
            } else {
                Verdict::Wrong
            }
        }
        "lang" => match text? {
            code if code == "und" || code.starts_with('q') => match post.lang_claimed.is_empty() {
                true => Verdict::Differs(NO_LANG),
                false => Verdict::Wrong,
            },
            code => {
                let code = match code {
                    "in" => "id",
                    "iw" => "he",
                    other => other,
                };
                right(post.lang_claimed == [code])
            }
        },
        "reply_to" | "repost_of" | "quote_of" => {
            let ours = match field {
                "reply_to" => &post.reply_to,
                "repost_of" => &post.repost_of,
                _ => &post.quote_of,
            };
            right(ours.as_deref() == Some(&format!("x:{}", number(text?))))
        }
        "conversation" => {
            let is_own = post.thread_root == post.uid && fact["id"] == *stated;
            right(is_own || post.thread_root.as_deref() == Some(&format!("x:{}", text?)))
        }
        "hashtags" if is_repost => {
            let all = texts().all(|t| post.hashtags.iter().any(|h| h == t || h.starts_with(t)));
            match (all, texts().eq(post.hashtags.iter().map(String::as_str))) {
                (_, true) => Verdict::Right,
                (true, false) => Verdict::Differs(TAGS),
                (false, false) => Verdict::Wrong,
            }
        }
        "urls"
            if texts().all(|u| {
                u.ends_with(&format!(
                    "/i/web/status/{}",
                    number(fact["id"].as_str().unwrap_or_default())
                ))
            }) =>
        {
            match texts().all(|u| post.urls.iter().any(|p| p == u)) {
                true => Verdict::Right,
                false => Verdict::Differs("the link from a cut text to its own whole is not in the whole"),
            }
        }
        "edit_history" => {
            let chain = texts().map(|id| format!("x:{id}"));
            let before: Vec<String> = chain
                .take_while(|uid| *uid != format!("x:{}", fact["id"].as_str().unwrap()))
                .collect();
            right(post.edit_of == before)
        }
        "media" => right(texts().all(|u| post.media.iter().any(|m| m.url.as_deref() == Some(u)))),
        "media_keys" => right(post.media.len() == texts().count() || is_repost),
        "reply_to_user" => right(post.mentions.first().is_some_and(|m| m.handle.as_deref() == text)),
        "counts" => {
            // Bookmarks have no field.
            let mut kept = stated.clone();
            kept.as_object_mut()?.remove("bookmark_count");
            right(counts(post, &kept))
        }
        // A place is country and region, never a point; cashtags are read from the text at admission.
        "geo" | "truncated" | "cashtags" => Verdict::NotOurs,
        _ => return None,
    })
}

#[test]
fn every_stated_fact_of_the_api_is_read() {
    hold(Facts {
        connector: "x",
        folder: "x",
        uid,
        verdict,
        at_least: 3500,
    });
}

#[test]
fn every_stated_fact_of_gnip_is_read() {
    hold(Facts {
        connector: "x",
        folder: "gnip",
        uid,
        verdict,
        at_least: 200,
    });
}
