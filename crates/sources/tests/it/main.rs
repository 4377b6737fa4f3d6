//! Sources through their public interface: made-up frames from a local server, made-up files, and recorded ones
//! where they are at hand.
#![allow(clippy::unwrap_used)]

mod bluesky_documents;
mod bluesky_map;
mod bluesky_stream;
mod contract;
mod facts;
mod files;
mod hackernews;
mod push;
mod replay;
mod support;
