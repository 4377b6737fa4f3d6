//! One entry as a Kafka record.
//!
//! ```text
//! key    post key [16]                      a post; with an empty value its tombstone
//!        kind u8 | post or author key [16]  'd' the post is gone, 'e' its counts, 'a' the author is gone
//! value  "GSK" | format u8 | post form u16 | data key [16] | monitors u64 | record
//! ```
//! All integers are little-endian. The record is that of the local journal (`record.rs`), of one entry and without
//! cursors. There are no positions here, so its `first` holds the first eight bytes of the post or author key: that
//! binds the sealed identity to its post, as the position does in a segment. `monitors` is the version of the monitor
//! set that the post is to be matched under.
//!
//! Each kind has keys of its own, so compaction keeps the newest post, the newest counts and the delete of a post,
//! and a tombstone takes the post without taking the word that it is gone.

use crate::entry::{Entry, Position};
use crate::kafka::keys::KeyId;
use crate::record;
use crate::seal::SegmentKey;
use post::{Millis, POST_VERSION, PostKey};

/// The newest format of a value this program reads, and the one it writes.
pub(crate) const FORMAT: u8 = 1;
const MAGIC: &[u8; 3] = b"GSK";
const HEAD: usize = 3 + 1 + 2 + 16 + 8;
/// Room for most records, so that they are not moved while they grow.
const ROOM: usize = 1024;

/// The key of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    bytes: [u8; 17],
    length: usize,
}

impl Key {
    pub(crate) fn of_post(post: PostKey) -> Key {
        let mut bytes = [0; 17];
        bytes[..16].copy_from_slice(&post.0);
        Key { bytes, length: 16 }
    }

    fn of_kind(kind: u8, id: [u8; 16]) -> Key {
        let mut bytes = [kind; 17];
        bytes[1..].copy_from_slice(&id);
        Key { bytes, length: 17 }
    }

    /// Where an entry belongs; `None` for what does not travel with the posts.
    pub(crate) fn of(entry: &Entry) -> Option<Key> {
        Some(match entry {
            Entry::Post { post, .. } => Key::of_post(post.key),
            Entry::Delete { key, .. } => Key::of_kind(b'd', key.0),
            Entry::Engagement { key, .. } => Key::counts(*key),
            Entry::AuthorGone { author, .. } => Key::of_kind(b'a', author.0),
            Entry::MonitorSet(_) | Entry::MonitorChange(_) => return None,
        })
    }

    /// The key of a post's counts.
    pub(crate) fn counts(post: PostKey) -> Key {
        Key::of_kind(b'e', post.0)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// The first eight bytes of the post or author key.
    fn place(bytes: &[u8]) -> Option<Position> {
        let id = match bytes.len() {
            16 => bytes,
            17 => &bytes[1..],
            _ => return None,
        };
        id.first_chunk().map(|b| Position(u64::from_le_bytes(*b)))
    }
}

/// The partition that a post and all that is said of it lies in. Post keys are HMACs, so any of their bytes spread
/// evenly.
pub(crate) fn partition(post: PostKey, partitions: usize) -> i32 {
    let number = post.0.first_chunk().map_or(0, |b| u64::from_le_bytes(*b));
    (number % partitions.max(1) as u64) as i32
}

/// The value of an entry.
pub(crate) fn encode(
    entry: &Entry,
    seen_at: Millis,
    monitors: u64,
    data_key: (KeyId, &SegmentKey),
) -> crate::error::Result<Vec<u8>> {
    let key = Key::of(entry);
    let place = key.and_then(|k| Key::place(k.bytes())).unwrap_or_default();
    let mut out = Vec::with_capacity(ROOM);
    out.extend_from_slice(MAGIC);
    out.push(FORMAT);
    out.extend_from_slice(&POST_VERSION.to_le_bytes());
    out.extend_from_slice(&data_key.0.0);
    out.extend_from_slice(&monitors.to_le_bytes());
    record::append_entry(entry, seen_at, place, data_key.1, &mut out)?;
    Ok(out)
}

/// What stands before the record in a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Envelope {
    pub(crate) form: u16,
    pub(crate) data_key: KeyId,
    pub(crate) monitors: u64,
}

/// Why a record is put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// For good.
    Bad(&'static str),
    /// A newer program wrote it: this one must not put aside what that one can read.
    Newer {
        what: &'static str,
        found: u16,
        supported: u16,
    },
}

/// The envelope of a value, and the record in it.
pub(crate) fn open(value: &[u8]) -> Result<(Envelope, &[u8]), Refused> {
    let (head, record) = value
        .split_first_chunk::<HEAD>()
        .ok_or(Refused::Bad("value is shorter than its head"))?;
    if &head[..3] != MAGIC {
        return Err(Refused::Bad("value does not begin with GSK"));
    }
    let (format, form) = (u16::from(head[3]), u16::from_le_bytes([head[4], head[5]]));
    for (what, found, supported) in [
        ("a record", format, FORMAT.into()),
        ("a post", form, POST_VERSION),
    ] {
        match found {
            0 => return Err(Refused::Bad("value has no format")),
            newer if newer > supported => {
                return Err(Refused::Newer {
                    what,
                    found,
                    supported,
                });
            }
            _ => {}
        }
    }
    let mut data_key = [0; 16];
    data_key.copy_from_slice(&head[6..22]);
    let mut monitors = [0; 8];
    monitors.copy_from_slice(&head[22..]);
    let envelope = Envelope {
        form,
        data_key: KeyId(data_key),
        monitors: u64::from_le_bytes(monitors),
    };
    Ok((envelope, record))
}

/// The entry in a record, and when its batch was seen. Without a data key the identity stays sealed.
pub(crate) fn decode(
    key: &[u8],
    form: u16,
    record: &[u8],
    data_key: Option<&SegmentKey>,
) -> Result<(Millis, Entry), &'static str> {
    let (head, payload) = record::check(record)?;
    if head.count != 1 {
        return Err("record does not hold one entry");
    }
    if Key::place(key) != Some(head.first) {
        return Err("record belongs to another key");
    }
    let entries = match data_key {
        Some(data_key) => record::entries(payload, &head, form, data_key),
        None => record::entries_sealed(payload, &head, form),
    };
    let entry = entries
        .and_then(|mut entries| entries.pop())
        .ok_or("entry cannot be read")?;
    if Key::of(&entry).is_none_or(|k| k.bytes() != key) {
        return Err("record belongs to another key");
    }
    Ok((head.seen_at, entry))
}
