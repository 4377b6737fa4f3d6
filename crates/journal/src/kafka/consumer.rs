//! The workers' end.

use crate::entry::Entry;
use crate::kafka::dead::{self, Letter, Place};
use crate::kafka::error::{Doing, Error, Result};
use crate::kafka::group::{Changes, Group, Revoked, offsets};
use crate::kafka::keys::KeyRing;
use crate::kafka::ledger::{Acks, Ledger, Load, Range};
use crate::kafka::monitors::MonitorLog;
use crate::kafka::send::Sender;
use crate::kafka::settings::Settings;
use crate::kafka::topics::check_topics;
use crate::kafka::unseal::{Unreadable, leave_sealed};
use crate::monitors::MonitorSet;
use post::Millis;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::topic_partition_list::TopicPartitionListElem;
use rdkafka::{Message as _, Offset};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How a consumer hands out.
#[derive(Debug, Clone)]
pub struct Flow {
    /// The most that one [`Consumer::poll`] hands out.
    pub batch: Load,
    /// With this much in flight partitions are paused; with half of it they are resumed.
    pub in_flight: Load,
    /// How long to wait for acknowledgements before partitions are given up.
    pub revoke_wait: Duration,
    /// How often acknowledged offsets are committed.
    pub commit_every: Duration,
    /// How often the ends of the partitions are asked for.
    pub lag_every: Duration,
}

impl Default for Flow {
    fn default() -> Self {
        let load = |entries, mb: usize| Load {
            entries,
            bytes: mb << 20,
        };
        Self {
            batch: load(5_000, 16),
            in_flight: load(20_000, 64),
            revoke_wait: Duration::from_secs(10),
            commit_every: Duration::from_secs(1),
            lag_every: Duration::from_secs(5),
        }
    }
}

/// One entry, and where it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Where it stood.
    pub place: Place,
    /// When its batch was seen.
    pub seen_at: Millis,
    /// The version of the monitor set to match it under: [`Consumer::monitors`].
    pub monitors: u64,
    /// The entry; never one of monitors. The identity of a post is empty here: it stays sealed, as workers have no use
    /// for it.
    pub entry: Entry,
    pub(crate) key: Vec<u8>,
    /// As it lies in the topic, identity and all.
    pub(crate) value: Vec<u8>,
}

/// Entries of one partition, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// What to acknowledge once everything in it is done with.
    pub range: Range,
    /// The entries. Offsets between them held tombstones, or what was put aside.
    pub records: Vec<Record>,
}

/// What a [`Consumer::poll`] came back with.
#[derive(Debug, Default)]
pub struct Polled {
    /// Partitions that this consumer has since then.
    pub assigned: Vec<i32>,
    /// Partitions that it has no more.
    pub revoked: Vec<Revoked>,
    /// Entries, at most one delivery for each partition.
    pub deliveries: Vec<Delivery>,
    /// Records that went to the dead-letter topic.
    pub put_aside: usize,
    /// Whether partitions are paused, since too much is in flight.
    pub is_paused: bool,
}

/// A record as it came.
struct Raw {
    place: Place,
    tenure: u64,
    key: Vec<u8>,
    value: Option<Vec<u8>>,
}

/// What a record turned out to be.
enum Told {
    Entry(Millis, u64, Entry),
    /// A tombstone: the entry before it said what there was to say.
    Tombstone,
    /// To be put aside, with its bytes where those may be kept.
    Bad {
        reason: &'static str,
        keep: bool,
    },
}

/// A member of a consumer group. Dropping it waits for what is in flight (see [`Flow::revoke_wait`]), commits and
/// leaves the group.
pub struct Consumer {
    // Dropped first: leaving the group needs nothing of the others.
    base: BaseConsumer<Group>,
    settings: Settings,
    flow: Flow,
    ledger: Arc<Ledger>,
    keys: KeyRing,
    monitors: MonitorLog,
    sender: Sender,
    raw: Vec<Raw>,
    raw_bytes: usize,
    changes: Changes,
    /// Assigned partitions whose committed offset is not known yet.
    unasked: Vec<i32>,
    is_paused: bool,
    last_commit: Instant,
    last_lag: Option<Instant>,
}

impl Consumer {
    /// Joins `group`. Refuses topics of another shape than the settings say, and another installation's key.
    pub fn open(settings: &Settings, group: &str, flow: Flow) -> Result<Consumer> {
        settings.check()?;
        check_topics(settings)?;
        let sender = Sender::open(settings)?;
        let keys = KeyRing::open_checked(settings)?;
        let monitors = MonitorLog::open(settings)?;
        let ledger = Arc::new(Ledger::default());
        let context = Group {
            ledger: ledger.clone(),
            topic: settings.posts(),
            revoke_wait: flow.revoke_wait,
            changes: Mutex::default(),
        };
        let base: BaseConsumer<Group> = settings
            .consumer(Some(group))
            .create_with_context(context)
            .doing("make a consumer")?;
        base.subscribe(&[&settings.posts()]).doing("join the group")?;
        Ok(Consumer {
            base,
            settings: settings.clone(),
            flow,
            ledger,
            keys,
            monitors,
            sender,
            raw: Vec::new(),
            raw_bytes: 0,
            changes: Changes::default(),
            unasked: Vec::new(),
            is_paused: false,
            last_commit: Instant::now(),
            last_lag: None,
        })
    }

    /// The acknowledging end, for other threads.
    pub fn acks(&self) -> Acks {
        Acks(self.ledger.clone())
    }

    /// Hands out what has arrived, waiting at most `wait` for the first record. It must be called again within
    /// `max.poll.interval.ms` (5 minutes), also while everything is paused: the group, commits and lag are served in it.
    ///
    /// After an error that [is passing](Error::is_passing) nothing is lost: call again.
    pub fn poll(&mut self, wait: Duration) -> Result<Polled> {
        self.regulate()?;
        let collected = self.collect(wait);
        self.take_changes();
        self.commit();
        self.look_at_offsets();
        collected?;
        let (deliveries, put_aside) = self.hand_out()?;
        let changes = std::mem::take(&mut self.changes);
        Ok(Polled {
            assigned: changes.assigned,
            revoked: changes.revoked,
            deliveries,
            put_aside,
            is_paused: self.is_paused,
        })
    }

    /// The monitor set that a record with this version is to be matched under; `None` before the first set.
    pub fn monitors(&mut self, version: u64) -> Result<Option<Arc<MonitorSet>>> {
        self.monitors.at(version)
    }

    /// Puts an entry aside that can never be taken up (the store refuses it for good). It is in the dead-letter topic
    /// when this returns; its range is still to be acknowledged.
    pub fn put_aside(&mut self, record: &Record, reason: &str) -> Result<()> {
        let letter = Letter {
            place: record.place,
            key: &record.key,
            value: &record.value,
            reason,
        };
        dead::bury(
            &letter,
            &self.settings.posts(),
            &self.settings.dead(),
            &mut self.sender,
        )?;
        self.sender.wait()
    }

    /// Pauses and resumes partitions by what is in flight.
    fn regulate(&mut self) -> Result<()> {
        let (load, most) = (self.ledger.load(), self.flow.in_flight);
        let is_full = load.entries >= most.entries || load.bytes >= most.bytes || !self.raw.is_empty();
        let is_low = load.entries <= most.entries / 2 && load.bytes <= most.bytes / 2 && self.raw.is_empty();
        if is_full {
            // Also when paused before: partitions that were assigned since are not.
            let assignment = self.base.assignment().doing("ask for the assignment")?;
            self.base.pause(&assignment).doing("pause")?;
            self.is_paused = true;
        } else if is_low && self.is_paused {
            let assignment = self.base.assignment().doing("ask for the assignment")?;
            self.base.resume(&assignment).doing("resume")?;
            self.is_paused = false;
        }
        Ok(())
    }

    fn collect(&mut self, wait: Duration) -> Result<()> {
        let until = Instant::now() + wait;
        // What an error left behind is handed out before more is taken; the group is served all the same.
        let mut is_first = true;
        while is_first || (self.raw.len() < self.flow.batch.entries && self.raw_bytes < self.flow.batch.bytes)
        {
            is_first = false;
            let left = match self.raw.is_empty() {
                true => until.saturating_duration_since(Instant::now()),
                false => Duration::ZERO,
            };
            match self.base.poll(left) {
                Some(Ok(message)) => {
                    let place = Place {
                        partition: message.partition(),
                        offset: message.offset(),
                    };
                    let Some(tenure) = self.ledger.tenure(place.partition) else {
                        continue;
                    };
                    self.raw_bytes += message.payload_len();
                    self.raw.push(Raw {
                        place,
                        tenure,
                        key: message.key().unwrap_or_default().to_vec(),
                        value: message.payload().map(<[u8]>::to_vec),
                    });
                }
                Some(Err(source)) => {
                    return Err(Error::Kafka {
                        action: "read posts",
                        source,
                    });
                }
                None if left.is_zero() => break,
                None => {}
            }
        }
        Ok(())
    }

    /// Takes note of partitions that came and went, and forgets what was read of those that went.
    fn take_changes(&mut self) {
        let changes = self.base.context().take_changes();
        self.unasked.extend(&changes.assigned);
        self.changes.assigned.extend(changes.assigned);
        self.changes.revoked.extend(changes.revoked);
        let ledger = &self.ledger;
        self.raw
            .retain(|raw| ledger.tenure(raw.place.partition) == Some(raw.tenure));
    }

    /// Tells the brokers what is acknowledged. Whether it arrived is asked the next time: the library does not say.
    fn commit(&mut self) {
        if self.last_commit.elapsed() < self.flow.commit_every {
            return;
        }
        self.last_commit = Instant::now();
        let told = self.ledger.to_confirm();
        if !told.is_empty()
            && let Ok(committed) = self.committed(&told)
        {
            for (partition, offset) in committed {
                self.ledger.confirm(partition, offset);
            }
        }
        let commits = self.ledger.to_commit();
        if !commits.is_empty() {
            // One that fails is not confirmed.
            let list = offsets(&self.settings.posts(), &commits);
            let _ = self.base.commit(&list, CommitMode::Async);
        }
    }

    /// What the group has committed of these partitions.
    fn committed(&self, partitions: &[i32]) -> Result<Vec<(i32, Option<i64>)>> {
        let asked: Vec<(i32, i64)> = partitions.iter().map(|p| (*p, 0)).collect();
        let asked = offsets(&self.settings.posts(), &asked);
        let answer = self.base.committed_offsets(asked, self.quickly());
        let answer = answer.doing("ask for committed offsets")?;
        let committed = |element: &TopicPartitionListElem<'_>| match element.offset() {
            Offset::Offset(offset) => (element.partition(), Some(offset)),
            _ => (element.partition(), None),
        };
        Ok(answer.elements().iter().map(committed).collect())
    }

    /// The patience for questions that are asked again anyway.
    fn quickly(&self) -> Duration {
        self.settings.answer_within.min(Duration::from_secs(1))
    }

    /// Asks where the group left new partitions, and now and then where all of them end. What is not answered is
    /// asked again.
    fn look_at_offsets(&mut self) {
        let (within, topic) = (self.quickly(), self.settings.posts());
        if !self.unasked.is_empty()
            && let Ok(committed) = self.committed(&self.unasked)
        {
            for (partition, offset) in committed {
                if let Some(offset) = offset {
                    self.ledger.resumes(partition, offset);
                }
            }
            self.unasked.clear();
        }
        if self
            .last_lag
            .is_some_and(|last| last.elapsed() < self.flow.lag_every)
        {
            return;
        }
        for partition in self.ledger.partitions() {
            self.last_lag = Some(Instant::now());
            let Ok((low, high)) = self.base.fetch_watermarks(&topic, partition, within) else {
                break;
            };
            self.ledger.note_ends(partition, low, high);
        }
    }

    /// Reads what was collected, puts aside what cannot be read, and hands out the rest. After an error it is all
    /// still there.
    fn hand_out(&mut self) -> Result<(Vec<Delivery>, usize)> {
        let keys = &mut self.keys;
        let told = self
            .raw
            .iter()
            .map(|raw| tell(raw, keys))
            .collect::<Result<Vec<Told>>>()?;
        let put_aside = self.bury(&told)?;
        let mut parts: BTreeMap<i32, (Vec<Record>, Load, i64, i64)> = BTreeMap::new();
        for (raw, told) in self.raw.drain(..).zip(told) {
            let Place { partition, offset } = raw.place;
            let part = parts
                .entry(partition)
                .or_insert((Vec::new(), Load::default(), offset, offset));
            part.3 = offset + 1;
            if let (Told::Entry(seen_at, monitors, entry), Some(value)) = (told, raw.value) {
                part.1.add(Load {
                    entries: 1,
                    bytes: value.len(),
                });
                part.0.push(Record {
                    place: raw.place,
                    seen_at,
                    monitors,
                    entry,
                    key: raw.key,
                    value,
                });
            }
        }
        self.raw_bytes = 0;
        let mut deliveries = Vec::new();
        for (partition, (records, load, first, end)) in parts {
            let Some(range) = self.ledger.hand_out(partition, first, end, load) else {
                continue;
            };
            if records.is_empty() {
                // Nothing to be done with it. It was handed out just now, so this cannot fail.
                let _ = self.ledger.acknowledge(&range);
            } else {
                deliveries.push(Delivery { range, records });
            }
        }
        Ok((deliveries, put_aside))
    }

    fn bury(&mut self, told: &[Told]) -> Result<usize> {
        let (from, to) = (self.settings.posts(), self.settings.dead());
        let mut letters = 0;
        for (raw, told) in self.raw.iter().zip(told) {
            let Told::Bad { reason, keep } = told else {
                continue;
            };
            let letter = Letter {
                place: raw.place,
                key: &raw.key,
                value: raw.value.as_deref().filter(|_| *keep).unwrap_or_default(),
                reason,
            };
            dead::bury(&letter, &from, &to, &mut self.sender)?;
            letters += 1;
        }
        if letters > 0 {
            self.sender.wait()?;
        }
        Ok(letters)
    }
}

/// What a record is.
fn tell(raw: &Raw, keys: &mut KeyRing) -> Result<Told> {
    let Some(value) = &raw.value else {
        return Ok(Told::Tombstone);
    };
    let Place { partition, offset } = raw.place;
    let place = |what: &str| format!("{what} at offset {offset} of partition {partition}");
    Ok(match leave_sealed(&raw.key, value, keys, place)? {
        Ok(unsealed) => Told::Entry(unsealed.seen_at, unsealed.monitors, unsealed.entry),
        Err(Unreadable::Bad(reason)) => Told::Bad { reason, keep: true },
        Err(Unreadable::KeyDestroyed) => Told::Bad {
            reason: "its data key is destroyed, as it is once everything it sealed is past its retention",
            keep: false,
        },
    })
}
