//! Connections to platforms, files and the demo stream.
//!
//! A [`Source`] fetches, maps what it fetched to [`post::RawPost`] and sends batches forward; it knows neither
//! monitors nor the store. The contract is `docs/specs/source.md`. A platform is one folder here (config, client,
//! map, tests) and one line in [`registry()`].

pub mod backoff;
pub mod bluesky;
pub mod demo;
mod error;
pub mod file;
mod health;
mod json;
mod push;
mod registry;
mod source;

pub use error::{Refused, SourceError};
pub use health::{Health, HealthSnapshot, State};
pub use push::{MAX_PUSH_BYTES, MAX_PUSH_POSTS, PushError, parse_push};
pub use registry::{Each, ParseInput, Registration, find, registry};
pub use source::{Context, Delivery, RunFuture, Source, SourceEvent};
