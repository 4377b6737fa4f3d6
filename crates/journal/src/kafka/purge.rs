//! Taking what is gone off the brokers' disks.
//!
//! A delete of one post comes with its tombstone. What concerns posts that only the topic knows (those of an author
//! who is gone, those past a platform's time, and the quotations of either in other posts) is found by reading the
//! topic: the first get tombstones, the quoting posts are written again without the quotation. Workers pass
//! tombstones over; they were told by the entry that said who or what is gone. A post written again comes to them as
//! an edit, so it leaves the store, too.
//!
//! A tombstone covers all that is before it in its partition, so a post that came back after it was gone must not get
//! one: the purge looks at the newest state of each post up to the end of the topic, and once more at what came while
//! it read.

use crate::entry::Entry;
use crate::kafka::error::Result;
use crate::kafka::keys::KeyRing;
use crate::kafka::producer::Producer;
use crate::kafka::table::Scan;
use crate::kafka::unseal::unseal;
use post::{AuthorKey, Millis, Post, PostKey};
use rdkafka::Message as _;
use rdkafka::message::BorrowedMessage;
use std::collections::{HashMap, HashSet};

/// What is past a time of its own, beside what the topic itself says is gone.
#[derive(Debug, Clone, Default)]
pub struct Expiry {
    /// Posts of a platform received before this time.
    pub platforms: HashMap<String, Millis>,
    /// Posts of all other platforms received before this time.
    pub others: Option<Millis>,
}

/// What a purge did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    /// Posts that got a tombstone.
    pub posts: usize,
    /// Posts from which the quoted text of another was taken.
    pub quotations: usize,
}

/// What the topic says is gone.
#[derive(Default)]
struct Gone {
    /// Each author by partition, with the offset of the newest word of it there.
    authors: HashMap<(i32, AuthorKey), i64>,
    /// Posts with a delete that no post follows.
    posts: HashSet<PostKey>,
}

/// A record as far as the purge looks at it.
#[derive(Clone)]
struct Seen {
    partition: i32,
    offset: i64,
    seen_at: Millis,
    stamp: u64,
    entry: Entry,
}

impl Producer {
    /// Takes what is gone out of the topic, and returns when the tombstones are acknowledged. The bytes leave the
    /// disks when compaction comes: [`crate::kafka::Settings::compaction_lag`]. It reads the topic twice, and a third
    /// time where something is quoted. One caller at a time.
    pub fn purge(&mut self, expiry: &Expiry, now: Millis) -> Result<Purged> {
        self.purge_and_name(expiry, now).map(|(purged, _)| purged)
    }

    /// The same, and which posts are gone: what quotes them elsewhere is to be cut, too.
    pub fn purge_and_name(&mut self, expiry: &Expiry, now: Millis) -> Result<(Purged, HashSet<PostKey>)> {
        let mut gone = Gone::default();
        self.scan(|seen| gone.note(seen))?;
        let mut doomed: HashSet<PostKey> = HashSet::new();
        // The newest state of a post decides: one that came back stays, one that has its tombstone needs no other.
        let mut rest = self.scan(|seen| match &seen.entry {
            Entry::Post { post, .. } if gone.covers(seen, post) || expiry.covers(post) => {
                doomed.insert(post.key);
            }
            entry => drop(post_of(entry).map(|key| doomed.remove(&key))),
        })?;
        let silenced: HashSet<PostKey> = gone.posts.union(&doomed).copied().collect();
        let mut quoting: HashMap<PostKey, Seen> = HashMap::new();
        if !silenced.is_empty() {
            rest = self.scan(|seen| match &seen.entry {
                Entry::Post { post, .. } if quotes(post, &silenced) && !silenced.contains(&post.key) => {
                    quoting.insert(post.key, seen.clone());
                }
                entry => drop(post_of(entry).map(|key| quoting.remove(&key))),
            })?;
        }
        // What came while it was read is newer than what was found.
        read(&mut rest, &mut self.keys, |seen| {
            if let Some(key) = post_of(&seen.entry) {
                doomed.remove(&key);
                quoting.remove(&key);
            }
        })?;
        let purged = self.write(&doomed, quoting.into_values(), now)?;
        Ok((purged, silenced))
    }

    fn write(
        &mut self,
        doomed: &HashSet<PostKey>,
        quoting: impl Iterator<Item = Seen>,
        now: Millis,
    ) -> Result<Purged> {
        let mut purged = Purged::default();
        for &key in doomed {
            self.put_tombstones(key, now)?;
            purged.posts += 1;
        }
        for mut seen in quoting {
            if let Entry::Post { post, .. } = &mut seen.entry {
                post.quoted_text = None;
            }
            self.put_again(&seen.entry, seen.seen_at, seen.stamp)?;
            purged.quotations += 1;
        }
        self.sender.wait()?;
        Ok(purged)
    }

    /// Reads the topic from its begin to its end, and hands the scan back for what comes after.
    fn scan(&mut self, take: impl FnMut(&Seen)) -> Result<Scan> {
        let settings = self.settings();
        let mut scan = Scan::open(settings, settings.posts(), settings.partitions)?;
        read(&mut scan, &mut self.keys, take)?;
        Ok(scan)
    }
}

fn read(scan: &mut Scan, keys: &mut KeyRing, mut take: impl FnMut(&Seen)) -> Result<()> {
    scan.until_end(|message| {
        if let Some(seen) = look(message, keys)? {
            take(&seen);
        }
        Ok(())
    })
}

/// What a record says; `None` for what the consumers put aside.
fn look(message: &BorrowedMessage<'_>, keys: &mut KeyRing) -> Result<Option<Seen>> {
    let key = message.key().unwrap_or_default();
    let Some(value) = message.payload() else {
        return Ok(tombstone(message, key));
    };
    let unsealed = unseal(key, value, keys, str::to_owned)?;
    Ok(unsealed.ok().map(|unsealed| Seen {
        partition: message.partition(),
        offset: message.offset(),
        seen_at: unsealed.seen_at,
        stamp: unsealed.monitors,
        entry: unsealed.entry,
    }))
}

/// A post's tombstone says what its delete says.
fn tombstone(message: &BorrowedMessage<'_>, key: &[u8]) -> Option<Seen> {
    let key = PostKey(key.try_into().ok()?);
    Some(Seen {
        partition: message.partition(),
        offset: message.offset(),
        seen_at: 0,
        stamp: 0,
        entry: Entry::Delete { key, at: 0 },
    })
}

impl Gone {
    fn note(&mut self, seen: &Seen) {
        match &seen.entry {
            Entry::Delete { key, .. } => drop(self.posts.insert(*key)),
            Entry::Post { post, .. } => drop(self.posts.remove(&post.key)),
            Entry::AuthorGone { author, .. } => {
                self.authors.insert((seen.partition, *author), seen.offset);
            }
            _ => {}
        }
    }

    fn covers(&self, seen: &Seen, post: &Post) -> bool {
        let author = post.author.as_ref().map(|author| (seen.partition, author.key));
        let left = author.and_then(|author| self.authors.get(&author));
        left.is_some_and(|&left| left > seen.offset)
    }
}

impl Expiry {
    fn covers(&self, post: &Post) -> bool {
        let limit = self.platforms.get(&post.platform).copied().or(self.others);
        limit.is_some_and(|before| post.seen_at < before)
    }
}

/// The post that an entry puts or deletes.
fn post_of(entry: &Entry) -> Option<PostKey> {
    match entry {
        Entry::Post { post, .. } => Some(post.key),
        Entry::Delete { key, .. } => Some(*key),
        _ => None,
    }
}

fn quotes(post: &Post, silenced: &HashSet<PostKey>) -> bool {
    post.quoted_text.is_some() && post.quote_of.is_some_and(|key| silenced.contains(&key))
}
