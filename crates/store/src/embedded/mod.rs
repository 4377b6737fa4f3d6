//! The embedded store: Tantivy, one index per time partition. Nothing outside this module knows Tantivy.

mod base;
mod check;
mod clauses;
mod collect;
mod counts;
mod expire;
mod faults;
mod files;
mod find;
mod kept;
mod keys;
mod marked;
mod open;
mod partition;
mod purge;
mod reader;
mod rebuild;
mod reindex;
mod rollup;
mod schema;
mod select;
mod snapshot;
mod store;
mod superset;
mod tokenizer;
mod write;

pub use check::{PartitionReport, Problem, StoreReport, check};
pub use collect::{PostRow, Row, Scored, SoftKey, SoftScores};
pub use expire::{Due, Expired, Stage};
pub use faults::LeftOut;
pub use open::{Options, Recovery};
pub use purge::{Purged, Stale};
pub use reader::StoreReader;
pub use rebuild::{Rebuild, Rebuilt};
pub use snapshot::Snapshot;
pub use store::{Commit, Store};
