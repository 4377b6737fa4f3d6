//! The intermediate form of a question that counts: which mentions, cut how, measured by what.
//!
//! A [`Question`] says nothing of how it is answered: each back end turns it into its own requests, and a suite of tests
//! holds their answers equal.

mod calendar;
mod even;
mod question;
mod table;

pub use calendar::{Calendar, Step};
pub(crate) use even::Even;
pub use even::MAX_BUCKETS;
pub use question::{Choose, Clock, Cut, MAX_CELLS, Measures, Question};
pub use table::{Axis, Cell, Errors, Key, Table};
