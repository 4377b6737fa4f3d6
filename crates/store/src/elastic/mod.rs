//! The second back end: an Elasticsearch-compatible cluster (OpenSearch, Elasticsearch) over plain HTTP.
//!
//! It takes the same changes and answers the same questions as the embedded store; a suite of tests holds the answers
//! equal (`tests/it/conformance.rs`). `docs/concepts/store.md` says what differs, and why.
//!
//! One index per time partition, chosen by the post's creation, so that a replay never makes a second copy; a document's
//! `_id` is the mention's id. Texts are analysed here, by the one tokeniser: the cluster splits at spaces only. What is
//! asked of a cluster is kept small, so that every compatible one can answer: `_bulk`, `_search`, `_delete_by_query`,
//! `_refresh`, `_mapping`, and the making of an index. Everything goes through `client.rs`.
//!
//! **Order.** Documents are written with a plain `index`, not with `version_type=external`: what an older journal entry
//! says is written again by a replay and then replaced by what newer entries say, and a version that refused the older
//! one would need a number that grows with the journal in every change, of scores and backfills too. There must be one
//! writer per prefix.

mod api;
mod bulk;
mod client;
mod collect;
mod fetch;
mod filter;
mod find;
mod known;
mod mapping;
mod page;
mod select;
mod settings;
mod snapshot;
mod sorted;
mod store;
mod superset;
mod write;

pub use settings::{Login, Settings};
pub use snapshot::{Snapshot, StoreReader};
pub use store::{Recovery, Store};
