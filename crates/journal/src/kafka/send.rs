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
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// How often the library is asked for news while something is waited for.
const TICK: Duration = Duration::from_millis(1);

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
pub(crate) struct Outgoing<'a> {
    pub(crate) topic: &'a str,
    /// `None`: partition 0, for the topics that have one.
    pub(crate) partition: Option<i32>,
    pub(crate) key: &'a [u8],
    /// `None` is a tombstone.
    pub(crate) value: Option<&'a [u8]>,
    /// Milliseconds since 1970, by which the topic's retention counts.
    pub(crate) at: i64,
    pub(crate) headers: Option<OwnedHeaders>,
}

/// An idempotent producer whose records are acknowledged together.
pub(crate) struct Sender {
    settings: Settings,
    producer: BaseProducer<Reports>,
}

impl Sender {
    pub(crate) fn open(settings: &Settings) -> Result<Sender> {
        Ok(Sender {
            settings: settings.clone(),
            producer: producer(settings)?,
        })
    }

    /// Queues a record, waiting where the queue is full.
    pub(crate) fn put(&self, outgoing: Outgoing<'_>) -> Result<()> {
        let mut record = BaseRecord::to(outgoing.topic)
            .key(outgoing.key)
            .partition(outgoing.partition.unwrap_or(0))
            .timestamp(outgoing.at);
        record.payload = outgoing.value;
        record.headers = outgoing.headers;
        let start = Instant::now();
        loop {
            match self.producer.send(record) {
                Ok(()) => {
                    self.reports().lock().sent += 1;
                    self.producer.poll(Duration::ZERO);
                    return Ok(());
                }
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), again))
                    if start.elapsed() < self.settings.deliver_within =>
                {
                    record = again;
                    self.producer.poll(TICK);
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

    /// Returns when every record sent since the last call is acknowledged by all in-sync replicas, or fails when each
    /// is either acknowledged or given up.
    pub(crate) fn wait(&mut self) -> Result<()> {
        // The library gives up on each record after `message.timeout.ms`, so this ends.
        while {
            let outcome = self.reports().lock();
            outcome.reported < outcome.sent
        } {
            self.producer.poll(TICK);
        }
        let outcome = std::mem::take(&mut *self.reports().lock());
        if self.producer.client().fatal_error().is_some() {
            // An idempotent producer that lost its place refuses everything from then on.
            self.producer = producer(&self.settings)?;
        }
        match outcome.first {
            None => Ok(()),
            Some(source) => Err(Error::NotAcknowledged {
                records: outcome.sent,
                unacknowledged: outcome.failed,
                source,
            }),
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
