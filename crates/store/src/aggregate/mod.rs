//! The intermediate form of a question that counts: which mentions, cut how, measured by what.
//!
//! A [`Question`] says nothing of how it is answered: each back end turns it into its own requests, and a suite of tests
//! holds their answers equal.

mod calendar;
mod question;
mod table;

pub use calendar::{Calendar, Step};
pub use question::{Choose, Clock, Cut, MAX_CELLS, Measures, Question};
pub use table::{Axis, Cell, Key, Table};
