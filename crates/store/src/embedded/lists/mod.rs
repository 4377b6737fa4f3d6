//! How often each word, hashtag, site, link and author is met on each day in large segments, counted once.
//!
//! A large segment has such lists for each of its monitors, and for each of its projects, where a post counts once. Of a
//! period, whole days are added up from them and only the documents of the days it cuts are read: the most frequent values
//! of a monitor with a million mentions are known without reading a million documents. They are made with the segment's
//! rollup ([`super::rollup`]), of the same documents, and lie beside it as `<segment>.lists`; the rollup says where each
//! begins, and its checksum. A list that cannot be read is left aside, and the documents are counted.

mod coding;
mod count;
mod file;
mod make;

pub(super) use self::count::{authors, values};
pub(super) use self::file::{EXTENSION, Writer};
pub(super) use self::make::{Counted, write};
use super::schema::column;
use serde::{Deserialize, Serialize};

/// A day in milliseconds: days are those of UTC.
const DAY: i64 = 24 * 3_600_000;

/// The columns that have lists. Their numbers are persisted: new ones come behind.
const COLUMNS: [&str; 6] = [
    column::WORD,
    column::HASHTAG,
    column::SITE,
    column::LINK,
    column::ENTITY,
    column::AUTHOR,
];

/// The place of a column among those with lists.
fn place_of(name: &str) -> Option<u8> {
    COLUMNS.iter().position(|c| *c == name).map(|at| at as u8)
}

/// Whose documents a list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Group {
    /// Place among the projects of the rollup.
    pub(super) project: u8,
    /// Ordinal of the monitor; `None` for those that stand for their posts in the project.
    pub(super) monitor: Option<u16>,
}

/// Where the lists of a column and a group are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Place among the columns.
    column: u8,
    group: Group,
    at: u64,
    len: u32,
    /// CRC-32.
    checksum: u32,
}

/// Where the lists of a segment are, by column and group.
pub(super) type Directory = Vec<Entry>;
