//! Mentions: stored, searched, aggregated.
//!
//! One document is one [`Mention`]. Documents live in time partitions: each a Tantivy index of its own, behind the module
//! `embedded`, or an index of a cluster of OpenSearch or Elasticsearch, behind [`elastic`]. [`Store`] is the one writer: [`Store::apply`] takes what the pipeline found, [`Store::commit`]
//! makes it durable and visible, together with the journal position it was made from. [`StoreReader`] hands out
//! [`Snapshot`]s, on which every question is asked: all answers of one snapshot belong to one generation.
//!
//! Both take the same changes and answer the same questions alike: [`Store`], [`StoreReader`] and [`Snapshot`] are the one or
//! the other, as [`Place`] says. What both write, and how a search is planned, stands outside of both.
//!
//! Replaying journal entries that the store already holds changes nothing: a post's mentions are replaced whole, by
//! post key, so that the app may restart from [`Store::position`] after any crash.

mod aggregate;
mod answer;
mod body;
mod change;
mod cursor;
mod document;
pub mod elastic;
pub mod embedded;
mod error;
mod expiry;
mod filter;
mod format;
mod marks;
mod mention;
pub mod moving;
mod period;
mod reader;
mod relevance;
mod rows;
mod sort;
mod store;
mod superset;
mod words;

pub use aggregate::{
    Axis, Calendar, Cell, Choose, Clock, Cut, Errors, Key, MAX_BUCKETS, MAX_CELLS, Measures, Question, Step,
    Table,
};
pub use answer::{Breakdown, BreakdownItem, Dimension, Figures, Page, Series, SeriesLine};
pub use change::Change;
pub use cursor::Cursor;
pub use embedded::{
    Commit, LeftOut, Options, PartitionReport, Problem, Purged, Rebuild, Rebuilt, Recovery, StoreReport,
    check, glance,
};
pub use error::Error;
pub use expiry::{Due, Expired, Stage};
pub use filter::{Accounts, Choice, Context, Filter, HandleToken, Search, Sense, Voice, WeekHour, account};
pub use marks::{Mark, Marked, Marks, mention_number};
pub use mention::{Aspect, Class, Entity, Label, Mention, Scores, Sentiment};
pub use period::Period;
pub use reader::{Snapshot, StoreReader};
pub use rows::{PostRow, Row, Scored, SoftKey, SoftScores};
pub use sort::{Place, Sort, Sorted};
pub use store::{Location, Stale, Store};
