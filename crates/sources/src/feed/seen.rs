//! What was seen of each feed, and how that fits into a cursor.
//!
//! The cursor is `1;<feed>=<seen>;…`: a feed by 36 bits of the hash of its address, then its newest entries as 32 bits
//! of the uid's hash and 16 of the text's, in base64. 200 feeds get 18 entries each, fewer feeds more. An entry that
//! fell out is told again after a restart, under the same uid, which the app folds.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use foldhash::HashMap;
use post::RawPost;
use sha2::{Digest, Sha256};

/// The longest cursor.
const MAX_CURSOR: usize = 32_000;
/// Characters for the name of a feed and its separators.
const NAME: usize = 6;
/// Entries of one feed that are remembered.
const MAX_SEEN: usize = 4_000;

/// The entries seen of one feed, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    texts: HashMap<u32, u16>,
    order: Vec<u32>,
}

/// What an entry is, next to what was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    New,
    Changed,
    Known,
}

impl Seen {
    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Notes an entry and says what it is.
    pub(super) fn note(&mut self, post: &RawPost) -> Is {
        let (id, text) = marks(post);
        match self.texts.insert(id, text) {
            None => {
                self.order.push(id);
                Is::New
            }
            Some(before) if before == text => Is::Known,
            Some(_) => Is::Changed,
        }
    }

    /// Forgets the oldest, but none of those that the feed shows now.
    pub(super) fn trim(&mut self, shown: usize) {
        let extra = self.order.len().saturating_sub(MAX_SEEN.max(shown));
        for id in self.order.drain(..extra) {
            self.texts.remove(&id);
        }
    }
}

fn marks(post: &RawPost) -> (u32, u16) {
    let id = Sha256::digest(post.uid.as_deref().unwrap_or_default());
    let text = Sha256::digest(format!(
        "{}\n{}",
        post.title.as_deref().unwrap_or_default(),
        post.text
    ));
    (
        u32::from_be_bytes([id[0], id[1], id[2], id[3]]),
        u16::from_be_bytes([text[0], text[1]]),
    )
}

/// A feed's name in cursors and among what is kept.
pub(super) fn name(url: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(url)[..5])[..NAME].to_owned()
}

/// Writes the newest of every feed.
pub(super) fn write<'s>(feeds: impl ExactSizeIterator<Item = (&'s str, &'s Seen)>) -> String {
    let room = ((MAX_CURSOR - 1) / feeds.len().max(1)).saturating_sub(NAME + 2) / 4 * 3 / 6;
    let mut cursor = "1".to_owned();
    for (name, seen) in feeds.filter(|(_, s)| !s.is_empty()) {
        let newest = &seen.order[seen.order.len().saturating_sub(room)..];
        let mut bytes = Vec::with_capacity(newest.len() * 6);
        for id in newest {
            bytes.extend(id.to_be_bytes());
            bytes.extend(seen.texts.get(id).copied().unwrap_or_default().to_be_bytes());
        }
        cursor.push_str(&format!(";{name}={}", BASE64_URL_SAFE_NO_PAD.encode(bytes)));
    }
    cursor
}

/// Reads it again, by feed name; `None` where it is no such cursor.
pub(super) fn read(cursor: &str) -> Option<HashMap<String, Seen>> {
    let mut feeds = HashMap::default();
    for part in cursor.strip_prefix('1')?.split(';').filter(|p| !p.is_empty()) {
        let (name, packed) = part.split_once('=')?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(packed).ok()?;
        let mut seen = Seen::default();
        for entry in bytes.chunks_exact(6) {
            let id = u32::from_be_bytes([entry[0], entry[1], entry[2], entry[3]]);
            if seen
                .texts
                .insert(id, u16::from_be_bytes([entry[4], entry[5]]))
                .is_none()
            {
                seen.order.push(id);
            }
        }
        feeds.insert(name.to_owned(), seen);
    }
    Some(feeds)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn post(number: usize, text: &str) -> RawPost {
        RawPost {
            uid: Some(format!("news:{number}")),
            text: text.to_owned(),
            ..RawPost::default()
        }
    }

    #[test]
    fn two_hundred_feeds_fit_and_the_newest_are_kept() {
        let mut seen = Seen::default();
        for number in 0..500 {
            assert_eq!(seen.note(&post(number, "a")), Is::New);
        }
        let names: Vec<String> = (0..200)
            .map(|i| name(&format!("https://{i}.example/feed")))
            .collect();
        let all: Vec<(&str, &Seen)> = names.iter().map(|n| (n.as_str(), &seen)).collect();
        let cursor = write(all.into_iter());
        assert!(cursor.len() <= MAX_CURSOR, "{}", cursor.len());
        let mut back = read(&cursor).unwrap().remove(&names[7]).unwrap();
        assert_eq!(back.note(&post(499, "a")), Is::Known);
        assert_eq!(back.note(&post(498, "b")), Is::Changed);
        assert_eq!(back.order.len(), 18);
        for bad in ["", "2;", "1;x", "1;x=%%"] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }
}
