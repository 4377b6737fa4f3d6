//! The second back end: an Elasticsearch-compatible cluster (OpenSearch, Elasticsearch) over plain HTTP.
//!
//! It takes the same changes and answers the same questions as the embedded store; a suite of tests holds the answers
//! equal (`tests/it/conformance.rs`). `docs/concepts/store.md` says what differs, and why.
//!
//! One index per time partition, chosen by the post's creation, so that a replay never makes a second copy; a document's
//! `_id` is the mention's id. Texts are analysed here, by the one tokeniser: the cluster splits at spaces only. What is
//! asked of a cluster is kept small, so that every compatible one can answer: `_bulk`, `_search` with points in time,
//! `_refresh`, `_mapping`, `_aliases`, `_stats`, `_forcemerge`, and the making and removing of an index. Everything goes
//! through `client.rs`.
//!
//! **Order.** Every writing has a version of its own (`version_type=external`): the number of the writer, which each that
//! opens the store takes from the store's state, and behind it how often it has written. So what a replay writes again
//! stands over what was there, and a writer that another has followed is refused, however late it wakes up.

mod api;
mod bulk;
mod carry;
mod client;
mod collect;
mod expire;
mod fetch;
mod filling;
mod filter;
mod find;
mod health;
mod known;
mod mapping;
mod marked;
mod nodes;
mod page;
mod places;
mod point;
mod purge;
mod reindex;
mod relevance;
mod select;
mod settings;
mod snapshot;
mod sorted;
mod store;
mod superset;
mod write;

pub(crate) use carry::{close, closed};
pub use health::{Health, Node, health, nodes};
pub use purge::Stale;
pub use settings::{Login, Settings};
pub use snapshot::{Snapshot, StoreReader};
pub use store::Store;
