//! The store through its public face.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod cluster;
mod cluster_faults;
mod cluster_nodes;
mod conformance;
mod conformance_layout;
mod conformance_marks;
mod conformance_singles;
mod conformance_upkeep;
mod counts;
mod drawing;
mod expiring;
mod faults;
mod frequent;
mod made;
mod marking;
mod model;
mod moving;
mod oracle;
mod purging;
mod recovery;
mod relevance;
mod rescoring;
mod rows;
mod soft;
mod tables;
