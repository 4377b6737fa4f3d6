//! Sources through their public interface: made-up frames from a local server, made-up files, and recorded ones
//! where they are at hand.
#![allow(clippy::unwrap_used)]

mod bluesky_documents;
mod bluesky_map;
mod bluesky_search;
mod bluesky_stream;
mod contract;
mod facebook;
mod facts;
mod feed;
mod feed_facts;
mod files;
mod files_other;
mod gdelt;
mod hackernews;
mod instagram;
mod linkedin;
mod mastodon;
mod meta_webhooks;
mod push;
mod reddit;
mod reference;
mod replay;
mod support;
mod telegram;
mod threads;
mod webhook;
mod x;
mod youtube;
