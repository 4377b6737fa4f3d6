//! The journal in Kafka. Most run against librdkafka's own mock of a cluster, which knows no compaction and waits
//! three seconds before the first member of a group gets its partitions; `real` runs against brokers.

mod clusters;
mod consuming;
mod erasing;
mod forwarding;
mod golden;
mod producing;
mod real;
mod sealing;
mod sharing;
