//! The app from outside: the real binary, its API and its command line.
#![allow(clippy::unwrap_used)]

mod api;
mod bluesky;
mod classifiers;
mod commands;
mod erasure;
mod import;
mod kill;
mod lab;
mod onnx;
mod openapi;
mod policies;
mod privacy;
mod purging;
mod reports;
mod retention;
mod roles;
mod server;
mod shared;
mod sources;
mod startup;
mod tidy;
mod vendors;
