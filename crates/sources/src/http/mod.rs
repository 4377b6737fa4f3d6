//! The HTTP client that every polling connector uses: bounded, patient, and silent about secrets.
//!
//! [`Http`] sends one request at a time and never waits by itself: what a platform asks for (a pause, a new token) comes
//! back as a [`Trouble`], which the drivers in [`crate::poll`] and [`crate::stream`] wait out.

mod allowance;
mod client;
pub mod outgoing;
mod request;
mod trouble;

pub use allowance::{Allowance, Dialect};
pub use client::{Body, Http, Reply};
pub use request::Request;
pub use request::percent;
pub use trouble::{Trouble, TroubleKind};
