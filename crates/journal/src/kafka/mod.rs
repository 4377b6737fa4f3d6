//! The journal in Kafka: what the local segments are to one machine, topics are to a cluster.
//!
//! Collectors have a [`Producer`] each, workers a [`Consumer`] and a [`Forwarder`] each; what the workers found, one
//! [`MatchedReader`] takes and writes down. [`Topic`] reads the past. Posts and what is said of them are spread over the
//! partitions of one topic by post key, so all that concerns a post is read in the order in which it was written. What
//! is guaranteed, and how the topics are kept, is in `docs/concepts/journal-kafka.md`; the form of a record is in
//! `codec.rs`, of the data keys in `keys.rs`, of the monitor sets in `monitors.rs`.
//!
//! All calls block. Nothing here reads a clock to decide what is kept: times come with the batches and the calls.

mod codec;
mod consumer;
mod dead;
mod error;
mod group;
mod keys;
mod ledger;
mod matched;
mod monitors;
mod producer;
mod purge;
mod send;
mod settings;
mod table;
mod topic;
mod topics;
mod unseal;

pub use consumer::{Consumer, Delivery, Flow, Polled, Record};
pub use dead::Place;
pub use error::Error;
pub use group::Revoked;
pub use keys::rewrap_keys;
pub use ledger::{Acks, Lag, Load, NotInFlight, Range};
pub use matched::{Arrived, Forwarder, Found, Matched, MatchedReader};
pub use producer::{Appended, Producer};
pub use purge::{Expiry, Purged};
pub use settings::{Security, Settings, Tls};
pub use topic::{MonitorSets, Topic, TopicReader};
pub use topics::{Copies, copies, empty_dead_letters, make_topics};
