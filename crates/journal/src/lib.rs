//! The durable, replayable log of admitted posts: local segments, or Kafka.
//!
//! One ordered sequence holds what was admitted, what platforms said later (deletes, departures, counts) and which
//! monitors were in force. [`Journal`] is the one writer of a folder; any number of [`Reader`]s, made from its
//! [`JournalHandle`], follow it from other threads. An [`append`](Journal::append) that returned `Ok` is on disk: the
//! source cursors of the batch, its posts and their positions are one record, kept whole or not at all.
//!
//! On disk a segment is a header (described in `segment.rs`) and records (`record.rs`), each with a length and a CRC-32.
//! What could name a person (native ids, handles, permalinks) is sealed under the segment's own key, which is wrapped
//! by the installation's and destroyed with the segment.
//!
//! With the feature `kafka` the module `kafka` is the same over a cluster.

mod check;
mod entry;
mod error;
mod journal;
#[cfg(feature = "kafka")]
pub mod kafka;
mod log;
mod monitors;
mod reader;
mod record;
mod records;
mod rewrap;
mod rewrite;
mod scan;
mod seal;
mod segment;
mod state;
mod trim;

#[cfg(test)]
mod tests;

pub use check::{Flaw, SegmentReport, check, harmed_upto, set_aside};
pub use entry::{Batch, Cursor, Entry, Position};
pub use error::Error;
pub use journal::{Journal, Lock, Options};
pub use log::{Appender, Log, LogReader};
pub use monitors::{KeywordList, MonitorChange, MonitorDef, MonitorSet};
pub use reader::{Read, Reader};
pub use rewrite::{Gone, Rewriter, Rewritten};
pub use scan::{Cut, Recovery};
pub use state::{JournalHandle, Span};
pub use trim::Trimmed;
