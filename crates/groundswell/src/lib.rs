//! Groundswell, the app: configuration, pipeline, control state, API, live stream and command line.
//!
//! The engines live in crates of their own (`text post query models trends journal store sources web`); this crate puts
//! them together. See `ARCHITECTURE.md` for the map.

pub mod accounts;
pub mod alerting;
pub mod analytics;
pub mod api;
mod auditing;
pub mod backup;
pub mod cli;
pub mod clock;
pub mod config;
pub mod connections;
pub mod control;
pub mod delivery;
pub mod demo;
pub mod detect;
pub mod export;
mod history;
pub(crate) mod insight;
mod lab;
pub mod lists;
pub mod live;
pub mod marking;
pub mod oidc;
pub mod pipeline;
pub mod policy;
mod preview;
pub mod privacy;
pub mod relevance;
pub mod rephrase;
pub mod report;
mod responding;
pub mod retention;
pub mod scoring;
pub mod serve;
mod spans;
pub mod spread;
pub mod tls;
pub mod vendor;
pub mod view;
pub mod weights;
