//! The collectors' end.

use crate::entry::{Batch, Cursor, Entry};
use crate::kafka::codec::{self, Key};
use crate::kafka::error::Result;
use crate::kafka::keys::{KeyId, KeyRing};
use crate::kafka::monitors::MonitorLog;
use crate::kafka::send::{Outgoing, Sender};
use crate::kafka::settings::Settings;
use crate::kafka::table::{Noted, Row, Table};
use crate::kafka::topics::check_topics;
use crate::monitors::MonitorSet;
use crate::seal::SegmentKey;
use post::{Millis, PostKey};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What [`Producer::append`] made durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Appended {
    /// Records of posts and of what is said of them, tombstones included.
    pub records: usize,
    /// The version of the monitor set that the last post is stamped with.
    pub monitors: u64,
}

/// Writes admitted posts. Any number of collectors may have one each; a source belongs to one of them at a time.
pub struct Producer {
    settings: Settings,
    posts: Arc<str>,
    pub(crate) sender: Sender,
    pub(crate) keys: KeyRing,
    monitors: MonitorLog,
    cursors: Table,
    /// Where each source resumes, as far as it is acknowledged.
    resumes: BTreeMap<String, String>,
}

impl Producer {
    /// Reaches the cluster and reads keys, cursors and monitors. Refuses topics of another shape than the settings say,
    /// and another installation's key.
    pub fn open(settings: &Settings) -> Result<Producer> {
        settings.check()?;
        check_topics(settings)?;
        let mut producer = Producer {
            keys: KeyRing::open_checked(settings)?,
            monitors: MonitorLog::open(settings)?,
            cursors: Table::open(settings, settings.cursors())?,
            settings: settings.clone(),
            posts: settings.posts().into(),
            sender: Sender::open(settings)?,
            resumes: BTreeMap::new(),
        };
        producer.read_cursors()?;
        Ok(producer)
    }

    /// Makes a batch durable: when it returns, all in-sync replicas have every record, and after them every cursor.
    ///
    /// After an error some of the batch may be durable and its cursors are where they were. Call again with the same
    /// batch, before any other: what is written twice is the same post to everything behind the journal.
    pub fn append(&mut self, batch: &Batch) -> Result<Appended> {
        self.monitors.follow()?;
        let mut appended = Appended {
            records: 0,
            monitors: self.monitors.newest(),
        };
        if !batch.entries.is_empty() {
            let sent = self.send_all(batch, &mut appended);
            // Also after an error nothing of this batch may be under way when the next one begins.
            let acknowledged = self.sender.wait();
            sent.and(acknowledged)?;
        }
        self.put_cursors(batch)?;
        Ok(appended)
    }

    fn send_all(&mut self, batch: &Batch, appended: &mut Appended) -> Result<()> {
        let (id, key) = self.keys.sealing(batch.seen_at, &mut self.sender)?;
        for entry in &batch.entries {
            appended.records += match entry {
                Entry::MonitorSet(_) | Entry::MonitorChange(_) => {
                    self.monitors.publish(entry, batch.seen_at, &mut self.sender)?;
                    appended.monitors = self.monitors.newest();
                    0
                }
                _ => self.send(entry, batch.seen_at, appended.monitors, (id, &key))?,
            };
        }
        Ok(())
    }

    /// Sends the records of one entry, and says how many they are.
    fn send(
        &mut self,
        entry: &Entry,
        seen_at: Millis,
        stamp: u64,
        key: (KeyId, &SegmentKey),
    ) -> Result<usize> {
        let value = codec::encode(entry, seen_at, stamp, key)?;
        let partitions = self.settings.partitions;
        match *entry {
            Entry::Post { ref post, .. } => {
                self.put(entry, value, codec::partition(post.key, partitions), seen_at)
            }
            Entry::Engagement { key, .. } => {
                self.put(entry, value, codec::partition(key, partitions), seen_at)
            }
            Entry::Delete { key, .. } => {
                let partition = codec::partition(key, partitions);
                // First the word, then the tombstone: no post may leave the topic without the workers being told.
                let told = self.put(entry, value, partition, seen_at)?;
                Ok(told + self.put_tombstones(key, seen_at)?)
            }
            // The author's posts are in every partition, and each is read in its own order.
            Entry::AuthorGone { .. } => (0..partitions as i32)
                .map(|p| self.put(entry, value.clone(), p, seen_at))
                .sum(),
            Entry::MonitorSet(_) | Entry::MonitorChange(_) => Ok(0),
        }
    }

    fn put(&mut self, entry: &Entry, value: Vec<u8>, partition: i32, at: Millis) -> Result<usize> {
        let Some(key) = Key::of(entry) else { return Ok(0) };
        let record = Outgoing::new(self.posts.clone(), key.bytes(), Some(value), at);
        self.sender.put(record.on(partition))?;
        Ok(1)
    }

    /// Deletes a post and its counts from the topic. Workers pass tombstones over: they are told by the entry before.
    pub(crate) fn put_tombstones(&mut self, post: PostKey, at: Millis) -> Result<usize> {
        let partition = codec::partition(post, self.settings.partitions);
        for key in [Key::of_post(post), Key::counts(post)] {
            let tombstone = Outgoing::new(self.posts.clone(), key.bytes(), None, at);
            self.sender.put(tombstone.on(partition))?;
        }
        Ok(2)
    }

    /// Writes a post again in its place, under the stamp it had.
    pub(crate) fn put_again(&mut self, entry: &Entry, seen_at: Millis, stamp: u64) -> Result<usize> {
        let (id, key) = self.keys.sealing(seen_at, &mut self.sender)?;
        self.send(entry, seen_at, stamp, (id, &key))
    }

    fn put_cursors(&mut self, batch: &Batch) -> Result<()> {
        for cursor in &batch.cursors {
            let value = cursor.value.as_bytes().to_vec();
            let source = cursor.source.as_bytes();
            let record = Outgoing::new(self.cursors.topic(), source, Some(value), batch.seen_at);
            self.sender.put(record)?;
        }
        if batch.cursors.is_empty() {
            return Ok(());
        }
        self.sender.wait()?;
        let cursors = batch.cursors.iter().cloned();
        self.resumes.extend(cursors.map(|c| (c.source, c.value)));
        Ok(())
    }

    /// Where each source resumes: as this producer left them, and those of other collectors as far as
    /// [`Producer::read_cursors`] last saw them.
    pub fn cursors(&self) -> Vec<Cursor> {
        let cursor = |(source, value): (&String, &String)| Cursor {
            source: source.clone(),
            value: value.clone(),
        };
        self.resumes.iter().map(cursor).collect()
    }

    /// Reads the cursors up to now: for a collector that takes a source over from another.
    pub fn read_cursors(&mut self) -> Result<()> {
        let resumes = &mut self.resumes;
        self.cursors.until_end(|row| note_cursor(row, resumes))
    }

    /// The newest monitor set; `None` before the first.
    pub fn monitors(&mut self) -> Result<Option<Arc<MonitorSet>>> {
        self.monitors.follow()?;
        self.monitors.at(self.monitors.newest())
    }

    /// Folds the history of the monitor sets up to version `oldest`, the oldest that a kept post is stamped with.
    pub fn fold_monitors(&mut self, oldest: u64, now: Millis) -> Result<()> {
        self.monitors.fold(oldest, now, &mut self.sender)
    }

    /// Destroys the data keys of which everything is past its retention, and says how many those were. To be called
    /// by one process, every hour or so.
    pub fn destroy_expired_keys(&mut self, now: Millis) -> Result<usize> {
        self.keys.destroy_expired(now, &mut self.sender)
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }
}

pub(crate) fn note_cursor(row: Row<'_>, resumes: &mut BTreeMap<String, String>) -> Noted {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| "a cursor is not text");
    let source = text(row.key)?;
    match row.value {
        Some(value) => drop(resumes.insert(source, text(value)?)),
        None => drop(resumes.remove(&source)),
    }
    Ok(())
}
