//! The app from outside: the real binary, its API and its command line.
#![allow(clippy::unwrap_used)]

mod api;
mod auditing;
mod bluesky;
mod classifiers;
mod commands;
mod context;
mod erasure;
mod handover;
mod import;
mod kill;
mod lab;
mod marking;
mod measure;
mod oidc;
mod onnx;
mod openapi;
mod people;
mod policies;
mod privacy;
mod purging;
mod repeats;
mod reports;
mod responding;
mod retention;
mod roles;
mod server;
mod shared;
mod shares;
mod sources;
mod startup;
mod tenants;
mod tidy;
mod tls;
mod vendors;
