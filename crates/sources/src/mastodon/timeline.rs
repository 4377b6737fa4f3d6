//! Which timelines are followed, and how far.

use super::config::{Config, Feed};
use crate::http::{Request, percent};
use crate::wanted::{Alternative, Sought, Wanted};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Hashtags that can be named besides the first, of each sort.
const EXTRA: usize = 4;
/// Alternatives of one wish; a wish that needs more cannot be asked.
const MOST: usize = 40;
/// Timelines in all: so many that a cursor holds their places.
const TIMELINES: usize = 384;

/// A timeline of an instance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timeline {
    Public,
    Local,
    Remote,
    Tag(Tag),
}

/// Posts with a hashtag, in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tag {
    pub(super) tag: String,
    /// Or with one of these.
    pub(super) any: Vec<String>,
    /// And with all of these.
    pub(super) all: Vec<String>,
    /// And with none of these.
    pub(super) none: Vec<String>,
}

impl Timeline {
    fn tag(tag: &str) -> Self {
        Timeline::Tag(Tag {
            tag: tag.to_owned(),
            ..Tag::default()
        })
    }

    /// What names it in a cursor.
    pub(super) fn key(&self) -> String {
        match self {
            Timeline::Public => "public".to_owned(),
            Timeline::Local => "local".to_owned(),
            Timeline::Remote => "remote".to_owned(),
            Timeline::Tag(tag) => {
                let digest = Sha256::digest(format!("{tag:?}"));
                digest.iter().take(6).map(|b| format!("{b:02x}")).collect()
            }
        }
    }

    /// The request for it on an instance.
    pub(super) fn request(&self, base: &str, name: &str) -> Request {
        let request = |path: &str, label: &str| Request::get(base, path).label(&format!("{name} {label}"));
        let public = "/api/v1/timelines/public";
        match self {
            Timeline::Public => request(public, public),
            Timeline::Local => request(public, public).query("local", "true"),
            Timeline::Remote => request(public, public).query("remote", "true"),
            Timeline::Tag(tag) => {
                let label = "/api/v1/timelines/tag";
                let sorts = [("any[]", &tag.any), ("all[]", &tag.all), ("none[]", &tag.none)];
                let request = request(&format!("{label}/{}", percent(&tag.tag)), label);
                sorts.iter().fold(request, |r, (key, tags)| {
                    tags.iter().fold(r, |r, tag| r.query(key, tag))
                })
            }
        }
    }

    /// The stream of it: its path (SSE), its name (WebSocket), its hashtag.
    pub(super) fn stream(&self) -> (&'static str, &'static str, Option<&str>) {
        match self {
            Timeline::Public => ("/api/v1/streaming/public", "public", None),
            Timeline::Local => ("/api/v1/streaming/public/local", "public:local", None),
            Timeline::Remote => ("/api/v1/streaming/public/remote", "public:remote", None),
            Timeline::Tag(tag) => ("/api/v1/streaming/hashtag", "hashtag", Some(&tag.tag)),
        }
    }
}

/// What is followed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    /// Where timelines are asked for.
    pub(super) asked: Vec<Timeline>,
    /// Where they are streamed: a stream is of one hashtag only.
    pub(super) streamed: Vec<Timeline>,
    /// Whether something wanted is not among them.
    pub(super) partial: bool,
}

/// The timelines to follow for a configuration and what is looked for.
pub(super) fn plan(config: &Config, wanted: &[Wanted]) -> Plan {
    let first = match config.feed() {
        Feed::Public => {
            return Plan {
                asked: vec![Timeline::Public],
                streamed: vec![Timeline::Public],
                partial: false,
            };
        }
        Feed::Local => Some(Timeline::Local),
        Feed::Remote => Some(Timeline::Remote),
        Feed::None => None,
    };
    let (found, mut partial) = tags(wanted);
    let is_plain = |t: &Tag| t.all.is_empty() && t.none.is_empty();
    let mut plain: BTreeSet<String> = config.hashtags.iter().map(|t| t.to_lowercase()).collect();
    plain.extend(found.iter().filter(|t| is_plain(t)).map(|t| t.tag.clone()));
    // What a plain hashtag brings need not be asked for again.
    let narrow: Vec<Tag> = found
        .into_iter()
        .filter(|t| !is_plain(t) && !plain.contains(&t.tag))
        .collect();
    let plain: Vec<String> = plain.into_iter().collect();
    let grouped = plain.chunks(EXTRA + 1).map(|group| {
        Timeline::Tag(Tag {
            tag: group[0].clone(),
            any: group[1..].to_vec(),
            ..Tag::default()
        })
    });
    let asked = grouped.chain(narrow.iter().cloned().map(Timeline::Tag));
    let single: BTreeSet<&String> = plain.iter().chain(narrow.iter().map(|t| &t.tag)).collect();
    let streamed = single.into_iter().map(|t| Timeline::tag(t));
    let most = (TIMELINES / config.instances.len().max(1)).max(1);
    let mut bounded = |all: Vec<Timeline>| {
        partial |= all.len() > most;
        all.into_iter().take(most).collect::<Vec<_>>()
    };
    let asked = bounded(first.iter().cloned().chain(asked).collect());
    let streamed = bounded(first.iter().cloned().chain(streamed).collect());
    Plan {
        asked,
        streamed,
        partial,
    }
}

/// The hashtag timelines that hold what is wanted, and whether there is more.
pub(super) fn tags(wanted: &[Wanted]) -> (BTreeSet<Tag>, bool) {
    let (mut found, mut partial) = (BTreeSet::new(), false);
    for wish in wanted {
        match wish.sought.alternatives(MOST) {
            Some(alternatives) => {
                for alternative in &alternatives {
                    match tag(alternative) {
                        Some(tag) => {
                            found.insert(tag);
                        }
                        None => partial = true,
                    }
                }
            }
            None => partial = true,
        }
    }
    (found, partial)
}

/// The timeline of an alternative's hashtags; `None` where it has none.
pub(super) fn tag(alternative: &Alternative) -> Option<Tag> {
    let hashtags = |parts: &[Sought]| -> Vec<String> {
        let name = |s: &Sought| match s {
            Sought::Hashtag(tag) => Some(tag.to_lowercase()),
            _ => None,
        };
        parts.iter().filter_map(name).collect()
    };
    let mut must = hashtags(&alternative.must).into_iter();
    Some(Tag {
        tag: must.next()?,
        any: Vec::new(),
        all: must.take(EXTRA).collect(),
        none: hashtags(&alternative.not).into_iter().take(EXTRA).collect(),
    })
}

/// How far a timeline was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    /// The newest status, by the instance's own number.
    pub(super) id: String,
    /// When it was read, milliseconds since 1970.
    pub(super) at: i64,
}

/// How far every timeline of every instance was read: what a cursor holds, as JSON.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Positions(pub(super) BTreeMap<String, Position>);

impl Positions {
    pub(super) fn read(cursor: Option<&str>) -> Self {
        let read = cursor.map(serde_json::from_str);
        if let Some(Err(_)) = &read {
            tracing::warn!("mastodon: the stored cursor is none, starting now");
        }
        read.and_then(Result::ok).unwrap_or_default()
    }

    pub(super) fn write(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// Moves a place forward, never back.
    pub(super) fn advance(&mut self, place: &str, id: &str, at: i64) {
        let before = self.0.get(place);
        if before.is_none_or(|b| later(id, &b.id)) {
            let id = id.to_owned();
            self.0.insert(place.to_owned(), Position { id, at });
        }
    }
}

/// Whether a status is newer than another, by their numbers: decimal, or text of one length on other servers.
pub(super) fn later(id: &str, than: &str) -> bool {
    (id.len(), id) > (than.len(), than)
}
