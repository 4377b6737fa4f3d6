//! One message of the stream, one page of a search.

use super::fields::is_id;
use super::map;
use super::v2::{Frame, Includes, Page, Problem, Str, Tweet};
use crate::error::Refused;
use crate::http::{Trouble, TroubleKind};
use crate::json::repair_surrogates;
use post::RawPost;
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;

/// What a message of the stream says.
#[derive(Debug)]
pub enum Item {
    /// A post, or that it is withheld.
    Post(Box<RawPost>),
    /// An account is gone; its id.
    AuthorGone(String),
    /// The platform ends the stream, and how.
    End(Trouble),
    /// Something else, of kinds not known yet too.
    Ignored,
}

/// Reads a message of the filtered stream; what is withheld in the countries `ours` is told as such.
pub fn decode(frame: &str, ours: &[String]) -> Result<Item, Refused> {
    decode_exact(frame, ours).or_else(|refused| match repair_surrogates(frame) {
        Cow::Borrowed(_) => Err(refused),
        Cow::Owned(repaired) => decode_exact(&repaired, ours).map_err(|_| refused),
    })
}

fn decode_exact(text: &str, ours: &[String]) -> Result<Item, Refused> {
    let frame: Frame<'_> = serde_json::from_str(text).map_err(|e| malformed("frame", &e))?;
    if let Some(tweet) = &frame.data {
        // Errors beside it are about what it refers to.
        let post = map::post(tweet, &frame.includes, ours);
        return Ok(post.map_or(Item::Ignored, |p| Item::Post(Box::new(p))));
    }
    let end = frame.errors.iter().flatten().find_map(ends);
    Ok(end.map_or(Item::Ignored, Item::End))
}

/// The library's message may quote what was sent: only the place is told.
pub(super) fn malformed(place: &str, e: &serde_json::Error) -> Refused {
    let message = match e.line() {
        0 => "fields of an unexpected form".to_owned(),
        line => format!("no such JSON at line {line}, column {}", e.column()),
    };
    Refused::new("malformed", place, message)
}

/// How the stream ends, where an error says that it does.
pub(super) fn ends(problem: &Problem<'_>) -> Option<Trouble> {
    let text = |field: &Option<Str<'_>>| field.as_deref().unwrap_or_default().to_ascii_lowercase();
    let what = [&problem.kind, &problem.title, &problem.connection_issue]
        .map(text)
        .concat();
    let says = |word: &str| what.contains(word);
    let (kind, message) = if says("toomanyconnections") {
        (TroubleKind::Limited, "too many connections are open")
    } else if says("usage-capped") || says("usagecap") || says("credits") {
        (
            TroubleKind::Exhausted,
            "the platform's own cap on usage is reached",
        )
    } else if says("rate-limit") {
        (TroubleKind::Limited, "the platform asks to slow down")
    } else if says("disconnect") || says("connectionexception") || says("streaming-connection") {
        (
            TroubleKind::Server,
            "the platform ended the stream (an operational disconnect)",
        )
    } else {
        return None;
    };
    Some(Trouble::new(kind, message))
}

/// What a page gave.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) posts: Vec<RawPost>,
    pub(super) refused: Vec<Refused>,
    /// Posts the platform counts as read.
    pub(super) read: u64,
    /// Ids asked for that the platform says are not there (any more), or not to be seen.
    pub(super) gone: Vec<String>,
    /// Versions newer than those that came.
    pub(super) again: Vec<String>,
    pub(super) next_token: Option<String>,
}

/// Which version of an edited post a page is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// The one that was found.
    Found,
    /// The newest at hand.
    Newest,
}

/// Reads a page. One item that is not as it should be is refused; the others are read.
pub(super) fn page(body: &[u8], ours: &[String], version: Version) -> Result<Given, Trouble> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    let text = repair_surrogates(text);
    if let Ok(page) = serde_json::from_str::<Page<'_>>(&text) {
        return Ok(given(&page, ours, version));
    }
    let mut value: Value = serde_json::from_str(&text).map_err(|e| {
        let what = if text.is_empty() {
            "an empty answer".to_owned()
        } else if text.starts_with('<') {
            "HTML where JSON is due".to_owned()
        } else {
            format!("no such JSON at line {}, column {}", e.line(), e.column())
        };
        Trouble::new(TroubleKind::Malformed, what)
    })?;
    let refused = prune(&mut value);
    let page: Page<'_> = Page::deserialize(&value)
        .map_err(|_| Trouble::new(TroubleKind::Malformed, "a page of an unknown form"))?;
    let mut given = given(&page, ours, version);
    given.refused = refused;
    Ok(given)
}

fn given(page: &Page<'_>, ours: &[String], version: Version) -> Given {
    let mut given = Given {
        next_token: page.meta.next_token.as_deref().map(str::to_owned),
        ..Given::default()
    };
    for tweet in page.data.iter().flatten() {
        given.read += 1;
        let tweet = match version {
            Version::Found => tweet,
            Version::Newest => match map::newest(tweet, &page.includes) {
                Ok(newest) => newest,
                Err(id) => {
                    given.again.push(id.to_owned());
                    continue;
                }
            },
        };
        given.posts.extend(map::post(tweet, &page.includes, ours));
    }
    let asked = page
        .errors
        .iter()
        .flatten()
        .filter(|e| e.parameter.as_deref() == Some("ids"));
    for problem in asked {
        let kind = problem.kind.as_deref().unwrap_or_default();
        let is_gone = kind.ends_with("/resource-not-found") || kind.ends_with("/not-authorized-for-resource");
        if is_gone && let Some(id) = problem.resource_id.as_deref().filter(|id| is_id(id)) {
            given.gone.push(id.to_owned());
        }
    }
    given
}

/// Takes out what cannot be read, one by one.
pub(super) fn prune(page: &mut Value) -> Vec<Refused> {
    let mut refused = Vec::new();
    if let Some(Value::Array(items)) = page.get_mut("data") {
        let mut number = 0;
        items.retain(|item| {
            let read = Tweet::deserialize(item);
            if let Err(e) = &read {
                refused.push(malformed(&format!("item {number}"), e));
            }
            number += 1;
            read.is_ok()
        });
    }
    if let Some(Value::Object(includes)) = page.get_mut("includes") {
        for (name, list) in includes {
            if let Value::Array(items) = list {
                items.retain(|item| Includes::reads(name, item));
            } else {
                *list = Value::Null;
            }
        }
    }
    for (key, is_list) in [("errors", true), ("meta", false), ("includes", false)] {
        let good = page
            .get(key)
            .is_none_or(|v| if is_list { v.is_array() } else { v.is_object() });
        if !good && let Some(page) = page.as_object_mut() {
            page.remove(key);
        }
    }
    refused
}
