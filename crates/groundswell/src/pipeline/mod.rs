//! The pipeline: from what sources deliver to what the store holds and the browser shows.
//!
//! ```text
//! sources, push ──▶ ingest (admit, journal) ──▶ match, score ──▶ writer (store, vault) ──▶ live
//!                       one thread                N threads          one thread
//! ```
//!
//! In a cluster the same stages run in processes of their own: collectors admit, workers match and score (`worker.rs`), and
//! one server takes down what they found (`take_down.rs`), with Kafka in between.
//!
//! All channels are bounded: whoever is slow makes those before it wait, and a source stops reading. On start the
//! journal is replayed from the store's position, so a killed process neither loses nor doubles what was acknowledged.

mod age;
mod backfill;
mod blocked;
#[cfg(feature = "kafka")]
mod collecting;
mod context;
mod costs;
mod counters;
mod engine;
#[cfg(feature = "kafka")]
mod findings;
mod ingest;
mod intake;
mod monitors;
mod process;
mod publish;
mod rebuild;
mod recent;
mod score;
mod snapshot;
mod stage;
mod table;
#[cfg(feature = "kafka")]
mod take_down;
mod upkeep;
#[cfg(feature = "kafka")]
mod worker;
mod writer;

#[cfg(test)]
mod tests;

pub use age::Age;
pub use blocked::Blocked;
#[cfg(feature = "kafka")]
pub use collecting::Collecting;
pub use context::{Kept, Reach};
pub use costs::{EVERY, Tally};
pub use counters::Counters;
pub use engine::{Engine, Settings};
pub use ingest::{Incoming, Receipt};
pub use intake::{IngestError, Intake};
pub use process::{Matching, match_part};
#[cfg(feature = "kafka")]
pub(crate) use rebuild::scoring;
pub use rebuild::{FromJournal, rebuild};
pub use score::Scorer;
pub use snapshot::Snapshot;
pub(crate) use snapshot::tests_language;
pub use table::Watched;
pub use upkeep::UpkeepError;
#[cfg(feature = "kafka")]
pub use worker::{Tools as WorkerTools, Worker};
pub use writer::{BackfillStep, Committed};

use monitors::Monitors;
