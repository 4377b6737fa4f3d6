//! The posts' topic, read from its begin to its end: what searches of the past and erasures look through.

use crate::entry::{Cursor, Position};
use crate::kafka::error::{Doing, Result};
use crate::kafka::keys::KeyRing;
use crate::kafka::monitors::MonitorLog;
use crate::kafka::producer::{Producer, note_cursor};
use crate::kafka::purge::{Expiry, Purged};
use crate::kafka::settings::Settings;
use crate::kafka::table::{Quiet, Scan, Table, span_of};
use crate::kafka::topics::{check_topics, empty_dead_letters};
use crate::kafka::unseal::unseal;
use crate::monitors::MonitorSet;
use crate::reader::Read;
use crate::state::Span;
use post::{Millis, PostKey};
use rdkafka::consumer::BaseConsumer;
use rdkafka::message::BorrowedMessage;
use rdkafka::{Message as _, Offset};
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Entries that a reader hands out at once at most.
const BATCH: usize = 5_000;
/// How long a span is believed.
const BELIEVED: Duration = Duration::from_secs(60);

/// A view of the posts' topic for any thread; cheap to clone.
#[derive(Clone)]
pub struct Topic {
    settings: Settings,
    span: Arc<Mutex<Option<(Instant, Span)>>>,
}

impl Topic {
    /// The topic of these settings.
    pub fn new(settings: &Settings) -> Topic {
        Topic {
            settings: settings.clone(),
            span: Arc::default(),
        }
    }

    /// Whether all topics are there in the shape that the settings say, and the installation key is theirs.
    pub fn check(&self) -> Result<()> {
        self.settings.check()?;
        check_topics(&self.settings)?;
        KeyRing::open_checked(&self.settings).map(drop)
    }

    /// Reads everything kept. Positions rise within a partition, and so between all that is said of one post; between
    /// partitions they say nothing.
    pub fn reader(&self) -> TopicReader {
        TopicReader::new(&self.settings, Offset::Beginning)
    }

    /// Reads about the newest so many entries.
    pub fn newest(&self, entries: u64) -> TopicReader {
        let each = entries.div_ceil(self.settings.partitions as u64).max(1);
        TopicReader::new(&self.settings, Offset::OffsetTail(each as i64))
    }

    /// Where each source resumes now.
    pub fn cursors(&self) -> Result<Vec<Cursor>> {
        let mut resumes = BTreeMap::new();
        Table::open(&self.settings, self.settings.cursors())?
            .until_end(|row| note_cursor(row, &mut resumes))?;
        let cursor = |(source, value)| Cursor { source, value };
        Ok(resumes.into_iter().map(cursor).collect())
    }

    /// Takes what is gone out of the topic, destroys data keys that seal nothing any more, and empties the dead-letter
    /// topic, into which no erasure can look. Says which posts are gone. One caller at a time.
    pub fn purge(&self, expiry: &Expiry, now: Millis) -> Result<(Purged, HashSet<PostKey>)> {
        let mut producer = Producer::open(&self.settings)?;
        let purged = producer.purge_and_name(expiry, now)?;
        producer.destroy_expired_keys(now)?;
        empty_dead_letters(&self.settings)?;
        Ok(purged)
    }

    /// The monitor sets as they come.
    pub fn monitors(&self) -> Result<MonitorSets> {
        Ok(MonitorSets(MonitorLog::open(&self.settings)?))
    }

    /// What is kept, as it was within the last minute: entries, tombstones included, and the time of the oldest. Bytes
    /// are the brokers' to know.
    pub fn span(&self) -> Result<Span> {
        let mut known = self.span.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((asked, span)) = *known
            && asked.elapsed() < BELIEVED
        {
            return Ok(span);
        }
        let span = self.ask_span()?;
        *known = Some((Instant::now(), span));
        Ok(span)
    }

    fn ask_span(&self) -> Result<Span> {
        let settings = &self.settings;
        let asker: BaseConsumer<Quiet> = settings
            .consumer(None)
            .create_with_context(Quiet)
            .doing("make a consumer")?;
        let mut span = Span::default();
        for partition in 0..settings.partitions as i32 {
            let (low, high) = span_of(&asker, &settings.posts(), partition, settings.answer_within)?;
            span.entries += (high - low).max(0) as u64;
        }
        if span.entries > 0 {
            let mut oldest = TopicReader::new(settings, Offset::Beginning);
            let first = oldest.next_batch().transpose()?.unwrap_or_default();
            span.from = first.iter().map(|read| read.seen_at).min();
        }
        Ok(span)
    }
}

/// The monitor sets, for a process that follows them.
pub struct MonitorSets(MonitorLog);

impl MonitorSets {
    /// The newest set that has arrived; `None` before the first.
    pub fn newest(&mut self) -> Result<Option<Arc<MonitorSet>>> {
        self.0.follow()?;
        self.0.at(self.0.newest())
    }
}

/// Entries of the posts' topic, partition by partition in order, up to the present ends. `None` means that there is no
/// more now: once more was written, the same reader goes on. What consumers put aside is passed over.
pub struct TopicReader {
    settings: Settings,
    from: Offset,
    open: Option<Open>,
}

struct Open {
    scan: Scan,
    keys: KeyRing,
    ends: Vec<i64>,
}

impl TopicReader {
    fn new(settings: &Settings, from: Offset) -> TopicReader {
        TopicReader {
            settings: settings.clone(),
            from,
            open: None,
        }
    }

    /// The next entries.
    pub fn next_batch(&mut self) -> Option<Result<Vec<Read>>> {
        self.fill()
            .map(|read| (!read.is_empty()).then_some(read))
            .transpose()
    }

    fn fill(&mut self) -> Result<Vec<Read>> {
        let partitions = self.settings.partitions;
        if self.open.is_none() {
            let scan = Scan::open_at(&self.settings, self.settings.posts(), partitions, self.from)?;
            self.open = Some(Open {
                scan,
                keys: KeyRing::open_checked(&self.settings)?,
                ends: vec![0; partitions],
            });
        }
        let Some(Open { scan, keys, ends }) = &mut self.open else {
            return Ok(Vec::new());
        };
        let mut out = Vec::new();
        loop {
            if scan.is_at(ends) {
                *ends = scan.ends()?;
                if scan.is_at(ends) {
                    return Ok(out);
                }
            }
            scan.some(ends, BATCH, |message| {
                out.extend(read(message, keys, partitions)?);
                Ok(())
            })?;
            // A stretch of tombstones alone is not the end.
            if !out.is_empty() {
                return Ok(out);
            }
        }
    }
}

fn read(message: &BorrowedMessage<'_>, keys: &mut KeyRing, partitions: usize) -> Result<Option<Read>> {
    let Some(value) = message.payload() else {
        return Ok(None);
    };
    let key = message.key().unwrap_or_default();
    let unsealed = unseal(key, value, keys, str::to_owned)?;
    Ok(unsealed.ok().map(|unsealed| Read {
        position: Position(message.offset() as u64 * partitions as u64 + message.partition() as u64),
        seen_at: unsealed.seen_at,
        monitors: unsealed.monitors,
        entry: unsealed.entry,
    }))
}
