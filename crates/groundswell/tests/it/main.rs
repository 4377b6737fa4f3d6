//! The app from outside: the real binary, its API and its command line.
#![allow(clippy::unwrap_used)]

mod api;
mod backups;
mod bluesky;
mod classifiers;
mod clock;
mod commands;
mod erasure;
mod faults;
mod full;
mod hostile;
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
