//! One message of the stream.

use super::PLATFORM;
use super::record;
use crate::error::Refused;
use crate::json::repair_surrogates;
use crate::source::SourceEvent;
use post::{Event, RawAuthor, RawPost};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The collections that are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// `app.bsky.feed.post`
    Post,
    /// `app.bsky.feed.repost`
    Repost,
}

impl Collection {
    /// The platform's name of it.
    pub fn nsid(self) -> &'static str {
        match self {
            Collection::Post => "app.bsky.feed.post",
            Collection::Repost => "app.bsky.feed.repost",
        }
    }

    /// The collection of this name, if it is delivered.
    pub fn from_nsid(nsid: &str) -> Option<Self> {
        [Collection::Post, Collection::Repost]
            .into_iter()
            .find(|c| c.nsid() == nsid)
    }
}

/// A message that could be read.
#[derive(Debug)]
pub struct Decoded {
    /// The server's time of it, µs since 1970: the cursor to resume from (v1).
    pub time_us: Option<u64>,
    /// The server's own sequence number: the cursor to resume from (v2).
    pub seq: Option<u64>,
    /// What it says.
    pub item: Item,
}

/// What a message says.
#[derive(Debug)]
pub enum Item {
    /// A record of a delivered collection was made, changed or deleted.
    Post(Collection, Box<RawPost>),
    /// An account is gone; its DID.
    AuthorGone(String),
    /// What was resumed from is older than what the server keeps: it starts later (v2).
    Outdated,
    /// The server ends the connection, and the name of its reason (v2).
    Ended(String),
    /// Something else: likes, follows, profiles, identities, kinds not known yet.
    Ignored,
}

impl Item {
    /// As an event for the app; `None` where the item is ignored.
    pub fn into_event(self) -> Option<SourceEvent> {
        match self {
            Item::Post(_, post) => Some(SourceEvent::Post(post)),
            Item::AuthorGone(author_id) => Some(SourceEvent::AuthorGone {
                platform: PLATFORM,
                author_id,
            }),
            Item::Outdated | Item::Ended(_) | Item::Ignored => None,
        }
    }
}

/// A frame of v1 (`did` …) or v2 (`payload`, `error`).
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow)]
    did: Option<Cow<'a, str>>,
    time_us: Option<u64>,
    #[serde(borrow)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    commit: Option<Commit<'a>>,
    #[serde(borrow)]
    account: Option<Account<'a>>,
    #[serde(borrow)]
    payload: Option<Payload<'a>>,
    #[serde(borrow)]
    error: Option<Cow<'a, str>>,
}

/// A message of v2.
#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(rename = "$type", borrow)]
    kind: Cow<'a, str>,
    seq: Option<u64>,
    #[serde(borrow)]
    did: Option<Cow<'a, str>>,
    #[serde(borrow)]
    time: Option<Cow<'a, str>>,
    #[serde(borrow)]
    operation: Option<Cow<'a, str>>,
    #[serde(borrow)]
    collection: Option<Cow<'a, str>>,
    #[serde(borrow)]
    rkey: Option<Cow<'a, str>>,
    #[serde(borrow)]
    record: Option<&'a RawValue>,
    #[serde(borrow)]
    account: Option<Account<'a>>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Commit<'a> {
    #[serde(borrow)]
    operation: Cow<'a, str>,
    #[serde(borrow)]
    collection: Cow<'a, str>,
    #[serde(borrow)]
    rkey: Cow<'a, str>,
    #[serde(borrow)]
    record: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Account<'a> {
    active: Option<bool>,
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
}

/// Reads one message: Jetstream v1 JSON, with or without the `cursor` field that newer servers add, or a frame of v2
/// (subprotocol `xrpc.v1.json`).
pub fn decode(frame: &str) -> Result<Decoded, Refused> {
    decode_exact(frame).or_else(|refused| match repair_surrogates(frame) {
        Cow::Borrowed(_) => Err(refused),
        Cow::Owned(repaired) => decode_exact(&repaired).map_err(|_| refused),
    })
}

fn decode_exact(text: &str) -> Result<Decoded, Refused> {
    let frame: Frame<'_> =
        serde_json::from_str(text).map_err(|e| Refused::new("malformed", "frame", e.to_string()))?;
    if let Some(payload) = frame.payload {
        return decode_payload(payload);
    }
    let Some(did) = &frame.did else {
        return match frame.error {
            Some(name) => Ok(Decoded {
                time_us: None,
                seq: None,
                item: Item::Ended(shown_name(&name)),
            }),
            None => Err(Refused::new("malformed", "frame", "missing field `did`")),
        };
    };
    let time_us = frame.time_us;
    let item = match (frame.kind.as_deref(), &frame.commit, &frame.account) {
        (Some("commit") | None, Some(commit), _) => commit_item(did, time_us, commit)?,
        (Some("commit"), None, _) => return Err(refused(time_us, "a commit frame without commit")),
        (Some("account"), _, Some(account)) if is_gone(account) => Item::AuthorGone(did.to_string()),
        _ => Item::Ignored,
    };
    Ok(Decoded {
        time_us,
        seq: None,
        item,
    })
}

fn decode_payload(payload: Payload<'_>) -> Result<Decoded, Refused> {
    let time_us = payload.time.as_deref().and_then(micros);
    let did = payload.did.unwrap_or_default();
    let item = match payload.kind.rsplit('#').next() {
        Some("commit") => {
            let (Some(operation), Some(collection), Some(rkey)) =
                (payload.operation, payload.collection, payload.rkey)
            else {
                return Err(refused(
                    time_us,
                    "a commit without operation, collection or record key",
                ));
            };
            let commit = Commit {
                operation,
                collection,
                rkey,
                record: payload.record,
            };
            commit_item(&did, time_us, &commit)?
        }
        Some("account") if payload.account.as_ref().is_some_and(is_gone) => {
            Item::AuthorGone(did.into_owned())
        }
        Some("info") if payload.name.as_deref() == Some("OutdatedCursor") => Item::Outdated,
        _ => Item::Ignored,
    };
    Ok(Decoded {
        time_us,
        seq: payload.seq,
        item,
    })
}

fn micros(time: &str) -> Option<u64> {
    u64::try_from(time.parse::<jiff::Timestamp>().ok()?.as_microsecond()).ok()
}

/// The name of an error, if it is one: all else a server says stays unsaid.
fn shown_name(name: &str) -> String {
    let is_name = name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_name { name } else { "an error" }.to_owned()
}

fn is_gone(account: &Account<'_>) -> bool {
    const GONE: [&str; 4] = ["deleted", "takendown", "suspended", "deactivated"];
    // `desynchronized` and `throttled` are troubles of a server: the account stays.
    account.active == Some(false) && account.status.as_deref().is_some_and(|s| GONE.contains(&s))
}

fn commit_item(did: &str, time_us: Option<u64>, commit: &Commit<'_>) -> Result<Item, Refused> {
    let Some(collection) = Collection::from_nsid(&commit.collection) else {
        return Ok(Item::Ignored);
    };
    if !did.starts_with("did:") || commit.rkey.is_empty() {
        return Err(refused(time_us, "a commit without a DID or record key"));
    }
    let event = match &*commit.operation {
        "create" => Event::Create,
        "update" => Event::Edit,
        "delete" => Event::Delete,
        _ => return Ok(Item::Ignored),
    };
    let post = if event == Event::Delete {
        deleted(did, collection, &commit.rkey)
    } else {
        let json = commit
            .record
            .ok_or_else(|| refused(time_us, "a commit without a record"))?
            .get();
        let mut post = record::map(did, collection, &commit.rkey, json)
            .map_err(|e| refused(time_us, &format!("record: {e}")))?;
        post.event = event;
        let time = time_us.and_then(rfc3339);
        post.created_at = post.created_at.or_else(|| time.clone());
        post.edited_at = time.filter(|_| event == Event::Edit);
        post
    };
    Ok(Item::Post(collection, Box::new(post)))
}

fn deleted(did: &str, collection: Collection, rkey: &str) -> RawPost {
    RawPost {
        uid: Some(record::uid(did, collection, rkey)),
        platform: Some(PLATFORM.to_owned()),
        event: Event::Delete,
        author: Some(RawAuthor {
            id: Some(did.to_owned()),
            ..RawAuthor::default()
        }),
        ..RawPost::default()
    }
}

fn rfc3339(time_us: u64) -> Option<String> {
    let time = jiff::Timestamp::from_microsecond(i64::try_from(time_us).ok()?).ok()?;
    Some(format!("{time:.6}"))
}

fn refused(time_us: Option<u64>, message: &str) -> Refused {
    let place = time_us.map_or_else(|| "frame".to_owned(), |t| format!("frame {t}"));
    Refused::new("malformed", place, message)
}
