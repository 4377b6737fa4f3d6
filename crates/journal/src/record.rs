//! One record: a batch on disk.
//!
//! ```text
//! len u32 | crc u32 | payload                      all integers little-endian; crc is CRC-32 (IEEE) of the payload
//! payload = head | context | entries | sealed
//!   head    = flags u8 | first u64 | count u32 | seen_at i64 | context_len u32 | entries_len u32 | nonce [24]
//!   context = postcard (cursors, carried monitor set)
//!   entries = postcard sequence of entries, without identities
//!   sealed  = XChaCha20-Poly1305 of the postcard sequence of identities, one for each post; absent without posts
//! ```
//! The head is bound to the sealed part, so identities cannot be moved to other posts unseen.

use crate::entry::{Batch, Cursor, Entry, Position};
use crate::error::{Error, Result};
use crate::monitors::{InForce, MonitorChange, MonitorDef, MonitorSet};
use crate::seal::{NONCE, SegmentKey, random_nonce};
use post::{AuthorKey, Counts, Identity, Millis, Post, PostKey, PostV1};
use serde::{Deserialize, Serialize};

/// Length and checksum before each payload.
pub(crate) const PREFIX: usize = 8;
/// The most a payload may have. What claims more is damaged.
pub(crate) const MAX_PAYLOAD: usize = 256 << 20;
pub(crate) const HEAD: usize = 29 + NONCE;

/// Set where the entries hold a monitor set or a change of it.
const HAS_MONITORS: u8 = 1;

/// The form of an entry on disk. Variants are numbered by their order: add only at the end.
#[derive(Serialize, Deserialize)]
enum Stored<P> {
    Post(P),
    Delete {
        key: PostKey,
        at: Millis,
    },
    AuthorGone {
        author: AuthorKey,
        at: Millis,
    },
    Engagement {
        key: PostKey,
        counts: Counts,
        at: Millis,
    },
    /// A set of format 1; read, never written.
    SetWithoutLists(SetWithoutLists),
    MonitorSet(MonitorSet),
    MonitorChange(MonitorChange),
}

impl Stored<PostV1> {
    fn renewed(self) -> Stored<Post> {
        match self {
            Stored::Post(post) => Stored::Post(post.into()),
            Stored::Delete { key, at } => Stored::Delete { key, at },
            Stored::AuthorGone { author, at } => Stored::AuthorGone { author, at },
            Stored::Engagement { key, counts, at } => Stored::Engagement { key, counts, at },
            Stored::SetWithoutLists(set) => Stored::SetWithoutLists(set),
            Stored::MonitorSet(set) => Stored::MonitorSet(set),
            Stored::MonitorChange(change) => Stored::MonitorChange(change),
        }
    }
}

/// A monitor set as format 1 has it.
#[derive(Serialize, Deserialize)]
struct SetWithoutLists {
    version: u64,
    monitors: Vec<MonitorDef>,
}

impl From<SetWithoutLists> for MonitorSet {
    fn from(old: SetWithoutLists) -> Self {
        Self {
            version: old.version,
            monitors: old.monitors,
            lists: Vec::new(),
        }
    }
}

/// What stands in a record beside its entries.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Context {
    pub(crate) cursors: Vec<Cursor>,
    /// The set in force, in the first record of a segment.
    pub(crate) monitors: Option<MonitorSet>,
}

/// The fixed part of a payload.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    pub(crate) has_monitors: bool,
    pub(crate) first: Position,
    pub(crate) count: u32,
    pub(crate) seen_at: Millis,
    context_len: usize,
    entries_len: usize,
    nonce: [u8; NONCE],
}

impl Head {
    /// One past the last position in the record.
    pub(crate) fn end(&self) -> Position {
        Position(self.first.0.saturating_add(u64::from(self.count)))
    }
}

/// Writes the record of `batch` at `first` into `out`, replacing what was there.
pub(crate) fn encode(batch: &Batch, first: Position, key: &SegmentKey, out: &mut Vec<u8>) -> Result<()> {
    let context = (&batch.cursors, None::<&MonitorSet>);
    let context = postcard::to_stdvec(&context).map_err(Error::Encode)?;
    out.clear();
    append_parts(&context, &batch.entries, batch.seen_at, first, key, out)
}

/// Writes the record of one entry, without cursors, behind what is in `out`.
#[cfg(feature = "kafka")]
pub(crate) fn append_entry(
    entry: &Entry,
    seen_at: Millis,
    first: Position,
    key: &SegmentKey,
    out: &mut Vec<u8>,
) -> Result<()> {
    let context = postcard::to_stdvec(&Context::default()).map_err(Error::Encode)?;
    append_parts(&context, std::slice::from_ref(entry), seen_at, first, key, out)
}

/// Writes the record that begins a segment: every source's cursor and the monitors in force, no entries.
pub(crate) fn encode_carried(
    context: &Context,
    first: Position,
    key: &SegmentKey,
    out: &mut Vec<u8>,
) -> Result<()> {
    encode_again(context, &Batch::default(), first, key, out)
}

/// Writes a record again, under another key.
pub(crate) fn encode_again(
    context: &Context,
    batch: &Batch,
    first: Position,
    key: &SegmentKey,
    out: &mut Vec<u8>,
) -> Result<()> {
    let context = postcard::to_stdvec(context).map_err(Error::Encode)?;
    out.clear();
    append_parts(&context, &batch.entries, batch.seen_at, first, key, out)
}

fn append_parts(
    context: &[u8],
    entries: &[Entry],
    seen_at: Millis,
    first: Position,
    key: &SegmentKey,
    out: &mut Vec<u8>,
) -> Result<()> {
    let (stored, identities) = split(entries);
    let monitors = |e: &Entry| matches!(e, Entry::MonitorSet(_) | Entry::MonitorChange(_));
    let has_monitors = entries.iter().any(monitors);
    let count = u32::try_from(entries.len()).map_err(|_| too_large(usize::MAX))?;
    let nonce = random_nonce()?;
    let begin = out.len();
    let payload = begin + PREFIX;
    out.resize(payload + HEAD, 0);
    out.extend_from_slice(context);
    let start = out.len();
    *out = postcard::to_extend(&stored, std::mem::take(out)).map_err(Error::Encode)?;
    let entries_len = u32::try_from(out.len() - start).map_err(|_| too_large(out.len()))?;
    let context_len = u32::try_from(context.len()).map_err(|_| too_large(context.len()))?;
    let head = &mut out[payload..payload + HEAD];
    head[0] = if has_monitors { HAS_MONITORS } else { 0 };
    head[1..9].copy_from_slice(&first.0.to_le_bytes());
    head[9..13].copy_from_slice(&count.to_le_bytes());
    head[13..21].copy_from_slice(&seen_at.to_le_bytes());
    head[21..25].copy_from_slice(&context_len.to_le_bytes());
    head[25..29].copy_from_slice(&entries_len.to_le_bytes());
    head[29..].copy_from_slice(&nonce);
    if !identities.is_empty() {
        let room = Vec::with_capacity(identities.len() * 192);
        let mut sealed = postcard::to_extend(&identities, room).map_err(Error::Encode)?;
        key.seal(nonce, &out[payload..payload + HEAD], &mut sealed)?;
        out.extend_from_slice(&sealed);
    }
    finish(&mut out[begin..])
}

fn finish(out: &mut [u8]) -> Result<()> {
    let payload = out.len() - PREFIX;
    if payload > MAX_PAYLOAD {
        return Err(too_large(payload));
    }
    let crc = crc32fast::hash(&out[PREFIX..]);
    out[0..4].copy_from_slice(&(payload as u32).to_le_bytes());
    out[4..8].copy_from_slice(&crc.to_le_bytes());
    Ok(())
}

fn too_large(bytes: usize) -> Error {
    Error::TooLarge {
        bytes,
        limit: MAX_PAYLOAD,
    }
}

fn split(entries: &[Entry]) -> (Vec<Stored<&Post>>, Vec<&Identity>) {
    let mut identities = Vec::new();
    let stored = entries
        .iter()
        .map(|entry| match entry {
            Entry::Post { post, identity } => {
                identities.push(identity);
                Stored::Post(&**post)
            }
            &Entry::Delete { key, at } => Stored::Delete { key, at },
            &Entry::AuthorGone { author, at } => Stored::AuthorGone { author, at },
            &Entry::Engagement { key, counts, at } => Stored::Engagement { key, counts, at },
            Entry::MonitorSet(set) => Stored::MonitorSet(set.clone()),
            Entry::MonitorChange(change) => Stored::MonitorChange(change.clone()),
        })
        .collect();
    (stored, identities)
}

/// Reads `len` and `crc`.
pub(crate) fn prefix(bytes: [u8; PREFIX]) -> (usize, u32) {
    let [a, b, c, d, e, f, g, h] = bytes;
    (
        u32::from_le_bytes([a, b, c, d]) as usize,
        u32::from_le_bytes([e, f, g, h]),
    )
}

/// Head and payload of one whole record, checked.
#[cfg(feature = "kafka")]
pub(crate) fn check(bytes: &[u8]) -> std::result::Result<(Head, &[u8]), &'static str> {
    let (start, payload) = bytes.split_first_chunk::<PREFIX>().ok_or("record is cut short")?;
    let (len, crc) = prefix(*start);
    if len != payload.len() || len < HEAD {
        return Err("record has an impossible length");
    }
    if crc32fast::hash(payload) != crc {
        return Err("record has another checksum");
    }
    Ok((head(payload).ok_or("record has an impossible head")?, payload))
}

/// The head of a payload; `None` where it cannot be one.
pub(crate) fn head(payload: &[u8]) -> Option<Head> {
    let head: &[u8; HEAD] = payload.first_chunk()?;
    let u32_at = |at: usize| head[at..].first_chunk::<4>().map(|b| u32::from_le_bytes(*b));
    let u64_at = |at: usize| head[at..].first_chunk::<8>().map(|b| u64::from_le_bytes(*b));
    let parsed = Head {
        has_monitors: head[0] & HAS_MONITORS != 0,
        first: Position(u64_at(1)?),
        count: u32_at(9)?,
        seen_at: u64_at(13)? as i64,
        context_len: u32_at(21)? as usize,
        entries_len: u32_at(25)? as usize,
        nonce: *head[29..].first_chunk()?,
    };
    let body = payload.len() - HEAD;
    (parsed.context_len.checked_add(parsed.entries_len)? <= body).then_some(parsed)
}

/// The cursors and carried monitors of a payload in a segment of this format.
pub(crate) fn context(payload: &[u8], head: &Head, format: u16) -> Option<Context> {
    let bytes = payload.get(HEAD..HEAD + head.context_len)?;
    if format >= 2 {
        return postcard::from_bytes(bytes).ok();
    }
    let (cursors, monitors): (Vec<Cursor>, Option<SetWithoutLists>) = postcard::from_bytes(bytes).ok()?;
    Some(Context {
        cursors,
        monitors: monitors.map(MonitorSet::from),
    })
}

/// Brings `set` forward by the sets and changes among the entries before `before`.
pub(crate) fn monitors(
    payload: &[u8],
    head: &Head,
    form: u16,
    before: Position,
    set: &mut Option<InForce>,
) -> Option<()> {
    let within = before.0.saturating_sub(head.first.0).min(u64::from(head.count)) as usize;
    for (position, stored) in (head.first.0..).zip(stored(payload, head, form)?).take(within) {
        let since = Some((Position(position), head.seen_at));
        match stored {
            Stored::SetWithoutLists(new) => *set = Some(InForce::new(new.into(), since)),
            Stored::MonitorSet(new) => *set = Some(InForce::new(new, since)),
            Stored::MonitorChange(change) => set.get_or_insert_default().apply(change, since),
            Stored::Post(_)
            | Stored::Delete { .. }
            | Stored::AuthorGone { .. }
            | Stored::Engagement { .. } => {}
        }
    }
    Some(())
}

/// The entries with their identities; `form` is that of the posts.
pub(crate) fn entries(payload: &[u8], head: &Head, form: u16, key: &SegmentKey) -> Option<Vec<Entry>> {
    let mut identities = identities(payload, head, key)?.into_iter();
    entries_with(payload, head, form, || identities.next())
}

/// The same without the identities, which stay sealed: empty ones are in their place.
#[cfg(feature = "kafka")]
pub(crate) fn entries_sealed(payload: &[u8], head: &Head, form: u16) -> Option<Vec<Entry>> {
    entries_with(payload, head, form, || Some(Identity::default()))
}

fn entries_with(
    payload: &[u8],
    head: &Head,
    form: u16,
    mut identity: impl FnMut() -> Option<Identity>,
) -> Option<Vec<Entry>> {
    let entries = stored(payload, head, form)?
        .into_iter()
        .map(|stored| {
            Some(match stored {
                Stored::Post(post) => Entry::Post {
                    post: Box::new(post),
                    identity: identity()?,
                },
                Stored::Delete { key, at } => Entry::Delete { key, at },
                Stored::AuthorGone { author, at } => Entry::AuthorGone { author, at },
                Stored::Engagement { key, counts, at } => Entry::Engagement { key, counts, at },
                Stored::SetWithoutLists(set) => Entry::MonitorSet(set.into()),
                Stored::MonitorSet(set) => Entry::MonitorSet(set),
                Stored::MonitorChange(change) => Entry::MonitorChange(change),
            })
        })
        .collect::<Option<Vec<_>>>()?;
    (entries.len() == head.count as usize).then_some(entries)
}

/// The entries of a segment whose posts have this form.
fn stored(payload: &[u8], head: &Head, form: u16) -> Option<Vec<Stored<Post>>> {
    let start = HEAD + head.context_len;
    let bytes = payload.get(start..start + head.entries_len)?;
    if form >= 2 {
        return postcard::from_bytes(bytes).ok();
    }
    let old: Vec<Stored<PostV1>> = postcard::from_bytes(bytes).ok()?;
    Some(old.into_iter().map(Stored::renewed).collect())
}

fn identities(payload: &[u8], head: &Head, key: &SegmentKey) -> Option<Vec<Identity>> {
    let sealed = payload.get(HEAD + head.context_len + head.entries_len..)?;
    if sealed.is_empty() {
        return Some(Vec::new());
    }
    postcard::from_bytes(&key.open(head.nonce, &payload[..HEAD], sealed)?).ok()
}
