//! Connections to platforms, files and the demo stream.
//!
//! A [`Source`] fetches, maps what it fetched to [`post::RawPost`] and sends batches forward; it knows neither
//! monitors nor the store. The contract is `docs/specs/source.md`. A platform is one folder here (config, client,
//! map, tests) and one line in [`registry()`].

pub mod backoff;
pub mod bluesky;
pub mod budget;
mod config;
pub mod demo;
mod error;
pub mod file;
pub mod hackernews;
mod health;
pub mod http;
mod json;
pub mod keep;
pub mod oauth;
pub mod poll;
mod push;
pub mod recorded;
mod registry;
mod report;
mod secret;
mod source;
pub mod stream;
mod time;
mod wanted;
pub mod webhook;

pub use error::{Refused, SourceError};
pub use health::{Gap, Health, HealthSnapshot, Sample, State};
pub use push::{MAX_PUSH_BYTES, MAX_PUSH_POSTS, PushError, parse_push};
pub use registry::{Doc, Each, Key, KeyKind, MakeHook, ParseInput, Registration, find, registry};
pub use report::{Covered, Estimate, Report, ReportSnapshot};
pub use secret::Secret;
pub use source::{Ability, Context, Delivery, Past, RunFuture, Source, SourceEvent, Task};
pub use wanted::{Alternative, Sought, Wanted};
