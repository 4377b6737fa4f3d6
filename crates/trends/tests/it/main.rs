//! What the detectors promise, through their public interfaces.

mod automation;
mod bursts;
mod coordination;
mod copies;
mod explain;
mod laws;
mod peaks;
mod relevance;
mod topics;
