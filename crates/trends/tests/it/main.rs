//! What the detectors promise, through their public interfaces.
#![allow(clippy::unwrap_used)]

mod automation;
mod bursts;
mod coordination;
mod copies;
mod explain;
mod insight;
mod laws;
mod peaks;
mod relevance;
mod terms;
mod topics;
