//! What the consumer does when partitions come and go.

use crate::kafka::ledger::{Ledger, Load};
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _, ConsumerContext, Rebalance};
use rdkafka::error::KafkaError;
use rdkafka::{Offset, TopicPartitionList};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// Partitions that went to another consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Which.
    pub partitions: Vec<i32>,
    /// What of them was still in flight when the wait was over. Another consumer gets it again, and acknowledging it
    /// here is refused.
    pub dropped: Load,
    /// Whether the group knows all that was acknowledged. Where it does not, since the group was changing again, the
    /// next consumer gets some of that once more.
    pub is_committed: bool,
    /// Whether they were gone before anything could be committed, because this consumer was taken for dead.
    pub lost: bool,
}

#[derive(Default)]
pub(crate) struct Changes {
    pub(crate) assigned: Vec<i32>,
    pub(crate) revoked: Vec<Revoked>,
}

/// The library calls it from within a poll.
pub(crate) struct Group {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) topic: String,
    /// How long to wait for what is in flight before partitions are given up.
    pub(crate) revoke_wait: Duration,
    pub(crate) changes: Mutex<Changes>,
}

impl Group {
    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.changes
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub(crate) fn take_changes(&self) -> Changes {
        std::mem::take(&mut *self.changes())
    }

    fn give_up(&self, consumer: &BaseConsumer<Group>, partitions: Vec<i32>) {
        let lost = consumer.assignment_lost();
        let mut is_committed = false;
        if !lost {
            self.ledger.wait_for(&partitions, self.revoke_wait);
            let commits = self.ledger.unconfirmed(&partitions);
            let list = offsets(&self.topic, &commits);
            is_committed = commits.is_empty() || consumer.commit(&list, CommitMode::Sync).is_ok();
        }
        let dropped = self.ledger.revoke(&partitions);
        self.changes().revoked.push(Revoked {
            partitions,
            dropped,
            is_committed,
            lost,
        });
    }
}

impl ClientContext for Group {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {}
    fn error(&self, _: KafkaError, _: &str) {}
}

impl ConsumerContext for Group {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(list) => {
                let partitions = partitions(list);
                self.ledger.assign(&partitions);
                self.changes().assigned.extend(partitions);
            }
            Rebalance::Revoke(list) => self.give_up(consumer, partitions(list)),
            Rebalance::Error(_) => {}
        }
    }
}

fn partitions(list: &TopicPartitionList) -> Vec<i32> {
    list.elements()
        .iter()
        .map(|element| element.partition())
        .collect()
}

/// The offsets as the library wants them. What it refuses (a negative offset) is left out, and so not committed.
pub(crate) fn offsets(topic: &str, offsets: &[(i32, i64)]) -> TopicPartitionList {
    let mut list = TopicPartitionList::new();
    for &(partition, offset) in offsets {
        let _ = list.add_partition_offset(topic, partition, Offset::Offset(offset));
    }
    list
}
