//! What workers found, on its way to the one process that writes it down.
//!
//! ```text
//! topic  <prefix>.matched, one partition; emptied behind the process that writes
//! key    that of the entry, as in the posts' topic
//! value  "GSM" | format u8 | partition u32 | offset u64 | length u32 | the entry's value | findings
//! ```
//! All integers are little-endian. Partition and offset say where the entry stood among the posts: a worker that was
//! thought dead may forward late what another has overtaken. The entry's value is as in the posts' topic (`codec.rs`), so
//! identities stay sealed; the findings are the app's own.

use crate::entry::Entry;
use crate::kafka::codec::Refused;
use crate::kafka::consumer::Record;
use crate::kafka::dead::{self, Letter, Place};
use crate::kafka::error::{Doing, Error, Result};
use crate::kafka::keys::KeyRing;
use crate::kafka::send::{Outgoing, Sender};
use crate::kafka::settings::Settings;
use crate::kafka::table::{Quiet, span_of};
use crate::kafka::topics::{check_topics, delete_below};
use crate::kafka::unseal::{Unreadable, refuse, unseal};
use post::Millis;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::{Message as _, Offset, TopicPartitionList};
use std::sync::Arc;
use std::time::{Duration, Instant};

const FORMAT: u8 = 1;
const MAGIC: &[u8; 3] = b"GSM";
const HEAD: usize = 3 + 1 + 4 + 8 + 4;
/// Records handed out at once at most, and their bytes.
const BATCH: (usize, usize) = (5_000, 16 << 20);

/// An entry, where it stood, and what a worker found in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Matched {
    /// Where the entry stood among the posts.
    pub place: Place,
    /// When its batch was seen.
    pub seen_at: Millis,
    /// The version of the monitor set it was matched under.
    pub monitors: u64,
    /// The entry.
    pub entry: Entry,
    /// What was found, in the app's own form; empty where there was nothing to find.
    pub findings: Vec<u8>,
}

/// What a worker found in a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The record, as it came.
    pub record: Record,
    /// What was found, in the app's own form; empty where there was nothing to find.
    pub findings: Vec<u8>,
}

/// The workers' end.
pub struct Forwarder {
    topic: Arc<str>,
    sender: Sender,
}

impl Forwarder {
    /// Reaches the cluster. Refuses topics of another shape than the settings say.
    pub fn open(settings: &Settings) -> Result<Forwarder> {
        settings.check()?;
        check_topics(settings)?;
        Ok(Forwarder {
            topic: settings.matched().into(),
            sender: Sender::open(settings)?,
        })
    }

    /// Forwards in this order; all in-sync replicas have everything when it returns. After an error call again with the
    /// same: what is forwarded twice is written once.
    pub fn forward(&mut self, all: &[Found]) -> Result<()> {
        let sent = all.iter().try_for_each(|found| self.send(found));
        let acknowledged = self.sender.wait();
        sent.and(acknowledged)
    }

    /// The entry's value goes on as it came: what is sealed in it need not be opened.
    fn send(&mut self, found: &Found) -> Result<()> {
        let Record {
            place,
            seen_at,
            key,
            value: entry,
            ..
        } = &found.record;
        let mut value = Vec::with_capacity(HEAD + entry.len() + found.findings.len());
        value.extend_from_slice(MAGIC);
        value.push(FORMAT);
        value.extend_from_slice(&(place.partition as u32).to_le_bytes());
        value.extend_from_slice(&(place.offset as u64).to_le_bytes());
        value.extend_from_slice(&(entry.len() as u32).to_le_bytes());
        value.extend_from_slice(entry);
        value.extend_from_slice(&found.findings);
        let topic = self.topic.clone();
        self.sender
            .put(Outgoing::new(topic, key.as_slice(), Some(value), *seen_at))
    }
}

/// What came, up to an offset.
#[derive(Debug, Default)]
pub struct Arrived {
    /// What can be read, in order.
    pub matched: Vec<Matched>,
    /// The next offset: everything before it is in here or in what was handed out earlier.
    pub next: u64,
    /// Records that could not be read and went to the dead-letter topic.
    pub put_aside: usize,
}

/// The end of the one who writes it down. It is in no group: the position is kept with what was written.
pub struct MatchedReader {
    settings: Settings,
    consumer: BaseConsumer<Quiet>,
    keys: KeyRing,
    sender: Sender,
    next: u64,
    /// Read and not handed out yet: an error came in between.
    raw: Vec<(i64, Vec<u8>, Option<Vec<u8>>)>,
}

impl MatchedReader {
    /// Reads from an offset on, or from the oldest kept where that is later.
    pub fn open(settings: &Settings, from: u64) -> Result<MatchedReader> {
        Self::begin(settings, Some(from))
    }

    /// Reads what comes from now on.
    pub fn follow(settings: &Settings) -> Result<MatchedReader> {
        Self::begin(settings, None)
    }

    fn begin(settings: &Settings, from: Option<u64>) -> Result<MatchedReader> {
        settings.check()?;
        check_topics(settings)?;
        let consumer: BaseConsumer<Quiet> = settings
            .consumer(None)
            .create_with_context(Quiet)
            .doing("make a consumer")?;
        let topic = settings.matched();
        let (low, high) = span_of(&consumer, &topic, 0, settings.answer_within)?;
        // An offset behind the end is of a topic that was made anew: everything in it is news.
        let is_kept = |from: &u64| (low..=high).contains(&(*from as i64));
        let next = from.map_or(high, |from| {
            Some(from).filter(is_kept).map_or(low, |from| from as i64)
        });
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(&topic, 0, Offset::Offset(next))
            .doing("assign partitions")?;
        consumer.assign(&list).doing("assign partitions")?;
        Ok(MatchedReader {
            keys: KeyRing::open_checked(settings)?,
            sender: Sender::open(settings)?,
            settings: settings.clone(),
            consumer,
            next: next as u64,
            raw: Vec::new(),
        })
    }

    /// The offset at which it goes on.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// What has arrived, waiting at most `wait` for the first. After an error that
    /// [is passing](Error::is_passing) nothing is lost: call again.
    pub fn arrived(&mut self, wait: Duration) -> Result<Arrived> {
        self.collect(wait)?;
        let mut arrived = Arrived {
            next: self.next,
            ..Arrived::default()
        };
        let mut letters = Vec::new();
        for (offset, key, value) in &self.raw {
            match tell(key, value.as_deref(), &mut self.keys)? {
                Ok(matched) => arrived.matched.push(matched),
                Err(reason) => letters.push((*offset, key, value.as_deref().unwrap_or_default(), reason)),
            }
            arrived.next = *offset as u64 + 1;
        }
        for (offset, key, value, reason) in &letters {
            let letter = Letter {
                place: Place {
                    partition: 0,
                    offset: *offset,
                },
                key,
                value,
                reason,
            };
            dead::bury(
                &letter,
                &self.settings.matched(),
                &self.settings.dead(),
                &mut self.sender,
            )?;
        }
        arrived.put_aside = letters.len();
        if !letters.is_empty() {
            self.sender.wait()?;
        }
        self.raw.clear();
        self.next = arrived.next;
        Ok(arrived)
    }

    fn collect(&mut self, wait: Duration) -> Result<()> {
        let until = Instant::now() + wait;
        let mut bytes = 0;
        while self.raw.len() < BATCH.0 && bytes < BATCH.1 {
            let left = match self.raw.is_empty() {
                true => until.saturating_duration_since(Instant::now()),
                false => Duration::ZERO,
            };
            match self.consumer.poll(left) {
                Some(Ok(message)) => {
                    bytes += message.payload_len();
                    let key = message.key().unwrap_or_default().to_vec();
                    self.raw
                        .push((message.offset(), key, message.payload().map(<[u8]>::to_vec)));
                }
                Some(Err(source)) => {
                    return Err(Error::Kafka {
                        action: "read what was matched",
                        source,
                    });
                }
                None if left.is_zero() => break,
                None => {}
            }
        }
        Ok(())
    }

    /// How many records are there that were not handed out yet.
    pub fn lag(&self) -> Result<u64> {
        let (_, high) = self
            .consumer
            .fetch_watermarks(&self.settings.matched(), 0, self.settings.answer_within)
            .doing("ask for the ends of a topic")?;
        Ok((high as u64).saturating_sub(self.next))
    }

    /// Deletes what lies before an offset: it is written down.
    pub fn delete_below(&self, offset: u64) -> Result<()> {
        delete_below(
            &self.settings,
            &self.settings.matched(),
            Offset::Offset(offset as i64),
        )
    }
}

/// What a record is, or why it is put aside.
fn tell(
    key: &[u8],
    value: Option<&[u8]>,
    keys: &mut KeyRing,
) -> Result<std::result::Result<Matched, &'static str>> {
    let unsealed = match split(value.unwrap_or_default()) {
        Ok(parts) => unseal(key, parts.entry, keys, str::to_owned)?.map(|unsealed| (parts, unsealed)),
        Err(refused) => Err(refuse(refused, str::to_owned)?),
    };
    Ok(match unsealed {
        Ok((parts, unsealed)) => Ok(Matched {
            place: parts.place,
            seen_at: unsealed.seen_at,
            monitors: unsealed.monitors,
            entry: unsealed.entry,
            findings: parts.findings.to_vec(),
        }),
        Err(Unreadable::Bad(reason)) => Err(reason),
        Err(Unreadable::KeyDestroyed) => Err("its data key is destroyed"),
    })
}

struct Parts<'v> {
    place: Place,
    entry: &'v [u8],
    findings: &'v [u8],
}

fn split(value: &[u8]) -> std::result::Result<Parts<'_>, Refused> {
    let (head, rest) = value
        .split_first_chunk::<HEAD>()
        .ok_or(Refused::Bad("value is shorter than its head"))?;
    if &head[..3] != MAGIC {
        return Err(Refused::Bad("value does not begin with GSM"));
    }
    if head[3] > FORMAT {
        return Err(Refused::Newer {
            what: "a record of what was matched",
            found: head[3].into(),
            supported: FORMAT.into(),
        });
    }
    let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let offset = u64::from(number(8)) | u64::from(number(12)) << 32;
    let length = number(16) as usize;
    if head[3] == 0 || length > rest.len() {
        return Err(Refused::Bad("value is cut short"));
    }
    let (entry, findings) = rest.split_at(length);
    Ok(Parts {
        place: Place {
            partition: number(4) as i32,
            offset: offset as i64,
        },
        entry,
        findings,
    })
}
