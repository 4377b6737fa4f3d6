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
mod mail;
mod marking;
mod measure;
mod named;
mod oidc;
mod onnx;
mod openapi;
mod people;
mod policies;
mod privacy;
mod purging;
mod repeats;
mod reports;
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
