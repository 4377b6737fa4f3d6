//! A topic of one partition, read as a table: the newest value of each key.

use crate::kafka::error::{Doing, Error, Result};
use crate::kafka::settings::Settings;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::message::BorrowedMessage;
use rdkafka::{Message, Offset, TopicPartitionList};
use std::time::{Duration, Instant};

/// The library's word goes nowhere: what matters comes back as an error of the call it concerns.
pub(crate) struct Quiet;

impl ClientContext for Quiet {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {}
    fn error(&self, _: rdkafka::error::KafkaError, _: &str) {}
}

impl ConsumerContext for Quiet {}

/// How long it waits after a passing fault.
const AGAIN: Duration = Duration::from_millis(250);

/// The first offset that a partition has, and the one behind its last. A passing fault is waited out for so long: that of a
/// broker that just died, or of a partition whose next leader is not chosen yet.
pub(crate) fn span_of(
    consumer: &BaseConsumer<Quiet>,
    topic: &str,
    partition: i32,
    within: Duration,
) -> Result<(i64, i64)> {
    let end = Instant::now() + within;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let asked = consumer
            .fetch_watermarks(topic, partition, left)
            .doing("ask for the ends of a topic");
        match asked {
            Err(error) if error.is_passing() && left > AGAIN => std::thread::sleep(AGAIN),
            answer => return answer,
        }
    }
}

/// Reads partitions from their begin, without a group.
pub(crate) struct Scan {
    consumer: BaseConsumer<Quiet>,
    topic: String,
    /// The next offset of each partition.
    next: Vec<i64>,
    within: Duration,
}

impl Scan {
    pub(crate) fn open(settings: &Settings, topic: String, partitions: usize) -> Result<Scan> {
        Self::open_at(settings, topic, partitions, Offset::Beginning)
    }

    /// The same from another place on.
    pub(crate) fn open_at(
        settings: &Settings,
        topic: String,
        partitions: usize,
        from: Offset,
    ) -> Result<Scan> {
        let consumer: BaseConsumer<Quiet> = settings
            .consumer(None)
            .create_with_context(Quiet)
            .doing("make a consumer")?;
        let mut list = TopicPartitionList::new();
        for partition in 0..partitions {
            list.add_partition_offset(&topic, partition as i32, from)
                .doing("assign partitions")?;
        }
        consumer.assign(&list).doing("assign partitions")?;
        Ok(Scan {
            consumer,
            topic,
            next: vec![0; partitions],
            within: settings.answer_within,
        })
    }

    /// Hands out every record up to the ends that the partitions have now. What is handed out again by the next call
    /// is only what came since.
    pub(crate) fn until_end(
        &mut self,
        mut take: impl FnMut(&BorrowedMessage<'_>) -> Result<()>,
    ) -> Result<()> {
        let ends = self.ends()?;
        self.some(&ends, usize::MAX, &mut take)
    }

    /// The ends that the partitions have now.
    pub(crate) fn ends(&mut self) -> Result<Vec<i64>> {
        let mut ends = Vec::with_capacity(self.next.len());
        for partition in 0..self.next.len() {
            let (low, high) = span_of(&self.consumer, &self.topic, partition as i32, self.within)?;
            self.next[partition] = self.next[partition].max(low);
            ends.push(high);
        }
        Ok(ends)
    }

    /// Whether everything before these ends was handed out.
    pub(crate) fn is_at(&self, ends: &[i64]) -> bool {
        self.next.iter().zip(ends).all(|(next, end)| next >= end)
    }

    /// Hands out records up to these ends, at most so many.
    pub(crate) fn some(
        &mut self,
        ends: &[i64],
        most: usize,
        mut take: impl FnMut(&BorrowedMessage<'_>) -> Result<()>,
    ) -> Result<()> {
        let (mut last, mut taken) = (Instant::now(), 0);
        while taken < most && !self.is_at(ends) {
            if self.step(Duration::from_millis(100), &mut take)? {
                last = Instant::now();
                taken += 1;
            } else if last.elapsed() > self.within {
                return Err(Error::TimedOut {
                    action: "reading a topic to its end",
                    within: self.within,
                });
            }
        }
        Ok(())
    }

    /// Hands out what has arrived, without waiting.
    pub(crate) fn arrived(&mut self, mut take: impl FnMut(&BorrowedMessage<'_>) -> Result<()>) -> Result<()> {
        while self.step(Duration::ZERO, &mut take)? {}
        Ok(())
    }

    /// Hands out one record; `false` where none came in time. A passing fault of a broker is waited out.
    fn step(
        &mut self,
        wait: Duration,
        take: &mut impl FnMut(&BorrowedMessage<'_>) -> Result<()>,
    ) -> Result<bool> {
        let Some(Ok(message)) = self.consumer.poll(wait) else {
            return Ok(false);
        };
        take(&message)?;
        self.next[message.partition() as usize] = message.offset() + 1;
        Ok(true)
    }
}

/// A topic of one partition as a table.
pub(crate) struct Table {
    scan: Scan,
    topic: String,
}

/// Whether a row could be read; why not.
pub(crate) type Noted = std::result::Result<(), &'static str>;

/// A row: its key, and its value where it is not deleted.
pub(crate) struct Row<'a> {
    pub(crate) key: &'a [u8],
    pub(crate) value: Option<&'a [u8]>,
}

impl Table {
    pub(crate) fn open(settings: &Settings, topic: String) -> Result<Table> {
        let scan = Scan::open(settings, topic.clone(), 1)?;
        Ok(Table { scan, topic })
    }

    /// Every row that came since the last call, up to the end that the topic has now.
    pub(crate) fn until_end(&mut self, mut take: impl FnMut(Row<'_>) -> Noted) -> Result<()> {
        let topic = &self.topic;
        self.scan.until_end(|message| row(topic, message, &mut take))
    }

    /// The rows that have arrived, without waiting.
    pub(crate) fn arrived(&mut self, mut take: impl FnMut(Row<'_>) -> Noted) -> Result<()> {
        let topic = &self.topic;
        self.scan.arrived(|message| row(topic, message, &mut take))
    }

    pub(crate) fn topic(&self) -> &str {
        &self.topic
    }
}

fn row(topic: &str, message: &BorrowedMessage<'_>, take: &mut impl FnMut(Row<'_>) -> Noted) -> Result<()> {
    let row = Row {
        key: message.key().unwrap_or_default(),
        value: message.payload(),
    };
    take(row).map_err(|reason| Error::Foreign {
        topic: topic.to_owned(),
        offset: message.offset(),
        reason,
    })
}
