//! The journal wherever it is kept: in a folder, or in Kafka.

use crate::entry::{Batch, Cursor, Position};
use crate::error::Result;
use crate::journal::Journal;
use crate::reader::{Read, Reader};
use crate::state::{JournalHandle, Span};
use crate::trim::Trimmed;
use post::Millis;
#[cfg(feature = "kafka")]
use std::sync::Arc;

/// The writing side.
pub enum Appender {
    /// Of a folder.
    Folder(Box<Journal>),
    /// Of a cluster.
    #[cfg(feature = "kafka")]
    Kafka {
        /// Whose records are acknowledged by all in-sync replicas.
        producer: Box<crate::kafka::Producer>,
        /// Entries that this process appended: its positions are its own count.
        appended: u64,
    },
}

impl Appender {
    /// Makes a batch durable; the position of its first entry. In a cluster positions are counted by each process for
    /// itself. After an error call again with the same batch.
    pub fn append(&mut self, batch: &Batch) -> Result<Position> {
        match self {
            Appender::Folder(journal) => Ok(journal.append(batch)?.start),
            #[cfg(feature = "kafka")]
            Appender::Kafka { producer, appended } => {
                producer.append(batch)?;
                let first = Position(*appended);
                *appended += batch.entries.len() as u64;
                Ok(first)
            }
        }
    }

    /// The position of the next entry, as [`Appender::append`] counts.
    pub fn next_position(&self) -> Position {
        match self {
            Appender::Folder(journal) => journal.next_position(),
            #[cfg(feature = "kafka")]
            Appender::Kafka { appended, .. } => Position(*appended),
        }
    }

    /// Closes the segment at hand, so that a purge can write it anew. Brokers do that by themselves.
    pub fn close_segment(&mut self) -> Result<()> {
        match self {
            Appender::Folder(journal) => journal.close_segment(),
            #[cfg(feature = "kafka")]
            Appender::Kafka { .. } => Ok(()),
        }
    }

    /// Drops what is older than the limits; brokers do that by themselves.
    pub fn trim(&mut self, stored: Position, now: Millis) -> Result<Option<Trimmed>> {
        match self {
            Appender::Folder(journal) => journal.trim(stored, now).map(Some),
            #[cfg(feature = "kafka")]
            Appender::Kafka { .. } => Ok(None),
        }
    }

    /// Whether other processes write and read the same journal.
    pub fn is_shared(&self) -> bool {
        !matches!(self, Appender::Folder(_))
    }
}

/// A view of the journal for any thread; cheap to clone.
#[derive(Clone)]
pub enum Log {
    /// In a folder.
    Folder(JournalHandle),
    /// In a cluster.
    #[cfg(feature = "kafka")]
    Kafka(Arc<crate::kafka::Topic>),
}

impl Log {
    /// Whether other processes write and read the same journal, so that there is no one order.
    pub fn is_shared(&self) -> bool {
        !matches!(self, Log::Folder(_))
    }

    /// Reads everything kept; in a folder from a position on.
    pub fn reader(&self, from: Position) -> LogReader {
        match self {
            Log::Folder(journal) => LogReader::Folder(Box::new(journal.reader(from))),
            #[cfg(feature = "kafka")]
            Log::Kafka(topic) => LogReader::Kafka(Box::new(topic.reader())),
        }
    }

    /// Reads about the newest so many entries.
    pub fn newest(&self, entries: u64) -> LogReader {
        match self {
            Log::Folder(journal) => {
                let from = journal.next_position().0.saturating_sub(entries);
                LogReader::Folder(Box::new(journal.reader(Position(from))))
            }
            #[cfg(feature = "kafka")]
            Log::Kafka(topic) => LogReader::Kafka(Box::new(topic.newest(entries))),
        }
    }

    /// The oldest position kept.
    pub fn first_position(&self) -> Position {
        match self {
            Log::Folder(journal) => journal.first_position(),
            #[cfg(feature = "kafka")]
            Log::Kafka(_) => Position(0),
        }
    }

    /// The position of the next entry; `None` where there is no one order.
    pub fn next_position(&self) -> Option<Position> {
        match self {
            Log::Folder(journal) => Some(journal.next_position()),
            #[cfg(feature = "kafka")]
            Log::Kafka(_) => None,
        }
    }

    /// Where each source resumes.
    pub fn cursors(&self) -> Result<Vec<Cursor>> {
        match self {
            Log::Folder(journal) => Ok(journal.cursors()),
            #[cfg(feature = "kafka")]
            Log::Kafka(topic) => Ok(topic.cursors()?),
        }
    }

    /// What is kept.
    pub fn span(&self) -> Result<Span> {
        match self {
            Log::Folder(journal) => Ok(journal.span()),
            #[cfg(feature = "kafka")]
            Log::Kafka(topic) => Ok(topic.span()?),
        }
    }

    /// Position and time of the change that put a monitor into the newest set as it is there, where that is known.
    pub fn in_force_since(&self, monitor: &str) -> Option<(Position, Millis)> {
        match self {
            Log::Folder(journal) => journal.in_force_since(monitor),
            #[cfg(feature = "kafka")]
            Log::Kafka(_) => None,
        }
    }
}

impl From<JournalHandle> for Log {
    fn from(journal: JournalHandle) -> Self {
        Log::Folder(journal)
    }
}

/// Entries up to the newest durable one. `None` means that there is no more now: once more was appended, the same reader
/// goes on. In a cluster entries of one post are in order, others are not.
pub enum LogReader {
    /// Of a folder.
    Folder(Box<Reader>),
    /// Of a cluster.
    #[cfg(feature = "kafka")]
    Kafka(Box<crate::kafka::TopicReader>),
}

impl LogReader {
    /// The next entries.
    pub fn next_batch(&mut self) -> Option<Result<Vec<Read>>> {
        match self {
            LogReader::Folder(reader) => reader.next_batch(),
            #[cfg(feature = "kafka")]
            LogReader::Kafka(reader) => reader.next_batch().map(|read| read.map_err(Into::into)),
        }
    }
}
