//! The pipeline: from what sources deliver to what the store holds and the browser shows.
//!
//! ```text
//! sources, push ──▶ ingest (admit, journal) ──▶ match, score ──▶ writer (store, vault) ──▶ live
//!                       one thread                N threads          one thread
//! ```
//!
//! All channels are bounded: whoever is slow makes those before it wait, and a source stops reading. On start the
//! journal is replayed from the store's position, so a killed process neither loses nor doubles what was acknowledged.

mod age;
mod backfill;
mod blocked;
mod context;
mod costs;
mod counters;
mod engine;
mod ingest;
mod monitors;
mod process;
mod publish;
mod rebuild;
mod recent;
mod score;
mod snapshot;
mod table;
mod upkeep;
mod writer;

#[cfg(test)]
mod tests;

pub use age::Age;
pub use blocked::Blocked;
pub use context::{Kept, Reach};
pub use costs::{EVERY, Tally};
pub use counters::Counters;
pub use engine::{Engine, IngestError, Settings};
pub use ingest::{Incoming, Receipt};
pub use process::{Matching, match_part};
pub use rebuild::{FromJournal, rebuild};
pub use score::Scorer;
pub use snapshot::Snapshot;
pub(crate) use snapshot::tests_language;
pub use table::Watched;
pub use upkeep::UpkeepError;
pub use writer::{BackfillStep, Committed};

use monitors::Monitors;
