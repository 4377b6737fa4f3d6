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
    /// The server's time of it, µs since 1970: the cursor to resume from.
    pub time_us: Option<u64>,
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
            Item::Ignored => None,
        }
    }
}

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow)]
    did: Cow<'a, str>,
    time_us: Option<u64>,
    #[serde(borrow)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    commit: Option<Commit<'a>>,
    #[serde(borrow)]
    account: Option<Account<'a>>,
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

/// Reads one message (Jetstream v1 JSON, with or without the `cursor` field that newer servers add).
pub fn decode(frame: &str) -> Result<Decoded, Refused> {
    decode_exact(frame).or_else(|refused| match repair_surrogates(frame) {
        Cow::Borrowed(_) => Err(refused),
        Cow::Owned(repaired) => decode_exact(&repaired).map_err(|_| refused),
    })
}

fn decode_exact(text: &str) -> Result<Decoded, Refused> {
    let frame: Frame<'_> =
        serde_json::from_str(text).map_err(|e| Refused::new("malformed", "frame", e.to_string()))?;
    let item = match (frame.kind.as_deref(), &frame.commit, &frame.account) {
        (Some("commit") | None, Some(commit), _) => commit_item(&frame, commit)?,
        (Some("commit"), None, _) => return Err(refused(&frame, "a commit frame without commit")),
        (Some("account"), _, Some(account)) if is_gone(account) => Item::AuthorGone(frame.did.to_string()),
        _ => Item::Ignored,
    };
    Ok(Decoded {
        time_us: frame.time_us,
        item,
    })
}

fn is_gone(account: &Account<'_>) -> bool {
    const GONE: [&str; 4] = ["deleted", "takendown", "suspended", "deactivated"];
    // `desynchronized` and `throttled` are troubles of a server: the account stays.
    account.active == Some(false) && account.status.as_deref().is_some_and(|s| GONE.contains(&s))
}

fn commit_item(frame: &Frame<'_>, commit: &Commit<'_>) -> Result<Item, Refused> {
    let Some(collection) = Collection::from_nsid(&commit.collection) else {
        return Ok(Item::Ignored);
    };
    if !frame.did.starts_with("did:") || commit.rkey.is_empty() {
        return Err(refused(frame, "a commit without a DID or record key"));
    }
    let event = match &*commit.operation {
        "create" => Event::Create,
        "update" => Event::Edit,
        "delete" => Event::Delete,
        _ => return Ok(Item::Ignored),
    };
    let post = if event == Event::Delete {
        deleted(&frame.did, collection, &commit.rkey)
    } else {
        let json = commit
            .record
            .ok_or_else(|| refused(frame, "a commit without a record"))?
            .get();
        let mut post = record::map(&frame.did, collection, &commit.rkey, json)
            .map_err(|e| refused(frame, &format!("record: {e}")))?;
        post.event = event;
        let time = frame.time_us.and_then(rfc3339);
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

fn refused(frame: &Frame<'_>, message: &str) -> Refused {
    let place = frame
        .time_us
        .map_or_else(|| "frame".to_owned(), |t| format!("frame {t}"));
    Refused::new("malformed", place, message)
}
