//! Sending records and waiting until all in-sync replicas have them.

use crate::kafka::error::{Doing, Error, Result};
use crate::kafka::settings::Settings;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::OwnedHeaders;
use rdkafka::producer::{
    BaseProducer, BaseRecord, DeliveryResult, NoCustomPartitioner, Producer as _, ProducerContext,
};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// How often the library is asked for news while something is waited for. Its own wait of a millisecond would not sleep: it
/// counts what is left of it in whole ones, and asks all the time.
const TICK: Duration = Duration::from_millis(1);

/// Records handed to the library in one go at most.
const TOGETHER: usize = 10_000;

/// What became of the records sent since the last [`Sender::wait`].
#[derive(Default)]
struct Outcome {
    sent: usize,
    reported: usize,
    failed: usize,
    first: Option<KafkaError>,
}

#[derive(Default)]
struct Reports(Mutex<Outcome>);

impl Reports {
    // Nothing that can fail half way is done under the lock.
    fn lock(&self) -> MutexGuard<'_, Outcome> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl ClientContext for Reports {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {}
    fn error(&self, _: KafkaError, _: &str) {}
}

impl ProducerContext<NoCustomPartitioner> for Reports {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        let mut outcome = self.lock();
        outcome.reported += 1;
        if let Err((error, _)) = result {
            outcome.failed += 1;
            outcome.first.get_or_insert_with(|| error.clone());
        }
    }
}

/// One record to be sent.
pub(crate) struct Outgoing {
    topic: Arc<str>,
    partition: i32,
    key: Vec<u8>,
    value: Option<Vec<u8>>,
    at: i64,
    headers: Option<OwnedHeaders>,
}

impl Outgoing {
    /// A record of partition 0. A value of `None` is a tombstone; `at`, in milliseconds since 1970, is the time by which
    /// the topic's retention counts.
    pub(crate) fn new(
        topic: impl Into<Arc<str>>,
        key: impl Into<Vec<u8>>,
        value: Option<Vec<u8>>,
        at: i64,
    ) -> Outgoing {
        Outgoing {
            topic: topic.into(),
            partition: 0,
            key: key.into(),
            value,
            at,
            headers: None,
        }
    }

    /// The same in another partition.
    pub(crate) fn on(self, partition: i32) -> Outgoing {
        Outgoing { partition, ..self }
    }

    /// The same with headers.
    pub(crate) fn with(self, headers: OwnedHeaders) -> Outgoing {
        let headers = Some(headers);
        Outgoing { headers, ..self }
    }
}

/// An idempotent producer whose records are acknowledged together.
pub(crate) struct Sender {
    settings: Settings,
    producer: BaseProducer<Reports>,
    /// Handed over in one go. What a partition got while a request of it is under way waits for that, and the library's
    /// threads ask all the time meanwhile: what is sent together should be there before the first of it leaves
    /// (`linger.ms`).
    waiting: Vec<Outgoing>,
}

impl Sender {
    pub(crate) fn open(settings: &Settings) -> Result<Sender> {
        Ok(Sender {
            settings: settings.clone(),
            producer: producer(settings)?,
            waiting: Vec::new(),
        })
    }

    /// Takes a record, which is sent by the next [`Sender::wait`] at the latest.
    pub(crate) fn put(&mut self, outgoing: Outgoing) -> Result<()> {
        self.waiting.push(outgoing);
        match self.waiting.len() < TOGETHER {
            true => Ok(()),
            false => self.hand_over(),
        }
    }

    /// Sends what was put since the last call, and returns when all in-sync replicas have every record, or fails when
    /// each is either acknowledged or given up.
    pub(crate) fn wait(&mut self) -> Result<()> {
        let handed_over = self.hand_over();
        // The library gives up on each record after `message.timeout.ms`, so this ends.
        while !self.hear() {
            std::thread::sleep(TICK);
        }
        let outcome = std::mem::take(&mut *self.reports().lock());
        if self.producer.client().fatal_error().is_some() {
            // An idempotent producer that lost its place refuses everything from then on.
            self.producer = producer(&self.settings)?;
        }
        match outcome.first {
            None => handed_over,
            Some(source) => Err(Error::NotAcknowledged {
                records: outcome.sent,
                unacknowledged: outcome.failed,
                source,
            }),
        }
    }

    /// Hands what waits to the library.
    fn hand_over(&mut self) -> Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        waiting.into_iter().try_for_each(|record| self.queue(record))
    }

    /// Hands a record to the library, waiting where its queue is full.
    fn queue(&self, outgoing: Outgoing) -> Result<()> {
        let mut record = BaseRecord::to(&outgoing.topic)
            .key(&outgoing.key)
            .partition(outgoing.partition)
            .timestamp(outgoing.at);
        record.payload = outgoing.value.as_ref();
        record.headers = outgoing.headers;
        let start = Instant::now();
        loop {
            match self.producer.send(record) {
                Ok(()) => {
                    self.reports().lock().sent += 1;
                    return Ok(());
                }
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), again))
                    if start.elapsed() < self.settings.deliver_within =>
                {
                    record = again;
                    std::thread::sleep(TICK);
                    self.hear();
                }
                Err((source, _)) => {
                    return Err(Error::Kafka {
                        action: "send a record",
                        source,
                    });
                }
            }
        }
    }

    /// Takes up what the brokers have said; whether that is of everything sent.
    fn hear(&self) -> bool {
        loop {
            let known = self.reports().lock().reported;
            // One report of several records at most.
            self.producer.poll(Duration::ZERO);
            let outcome = self.reports().lock();
            if outcome.reported == known || outcome.reported == outcome.sent {
                return outcome.reported == outcome.sent;
            }
        }
    }

    fn reports(&self) -> &Reports {
        self.producer.context()
    }
}

fn producer(settings: &Settings) -> Result<BaseProducer<Reports>> {
    settings
        .producer()
        .create_with_context(Reports::default())
        .doing("make a producer")
}
