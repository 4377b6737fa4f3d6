//! Hourly rollups of large segments: how many mentions there are of each monitor, source, language and sentiment in each
//! hour, and the sums of their probabilities. Of what matched alone: posts kept as context are counted from their documents.
//!
//! A rollup is made once of a segment at its base ([`super::base`]) and says everything anew, so that no replay counts
//! anything twice; deletions since are counted from their documents and taken off, as with all that is kept. It lies beside
//! the segment as `<segment>.rollup` and goes with it: a purge writes segments with deletions anew. One that is missing,
//! damaged or of another base is left aside: the segment is counted, and the writer makes a new one. It holds
//! no engagement, which goes on changing; words and authors have lists of their own ([`super::lists`]).

mod file;
mod make;
mod narrow;
mod registry;

pub(super) use self::file::sweep;
pub(super) use self::make::{lacks_any, make_missing};
pub(super) use self::narrow::{Parts, Rolled};
pub(super) use self::registry::Rollups;
use super::base::View;
use super::lists::Directory;
use serde::{Deserialize, Serialize};
use tantivy::DocId;

/// Mentions that are alike but for what is summed. The numbers of monitor, source and language are those of the segment's
/// columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Row {
    /// Hours since 1970.
    pub(super) hour: i32,
    /// Place in [`Rollup::projects`].
    pub(super) project: u8,
    pub(super) monitor: u16,
    pub(super) source: u16,
    pub(super) lang: u16,
    /// Number of the label; 3 without a score.
    pub(super) label: u8,
    /// Whether they stand for their posts in the project's totals.
    pub(super) primary: bool,
    pub(super) mentions: u32,
    /// Sums of the probabilities of negative and of positive in thousandths.
    pub(super) negative: u32,
    pub(super) positive: u32,
}

/// The label of a row without one.
pub(super) const UNSCORED: u8 = 3;

/// A segment's rollup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rollup {
    /// Documents of the segment, deleted ones included.
    pub(super) max_doc: u32,
    /// The last deletion that is left out.
    pub(super) stamp: Option<u64>,
    /// What was deleted by then.
    deleted: Vec<DocId>,
    pub(super) projects: Vec<String>,
    /// By hour.
    pub(super) rows: Vec<Row>,
    /// Where the lists of values are.
    pub(super) lists: Directory,
}

impl Rollup {
    /// The documents it is about.
    fn view(&self) -> View {
        View::of_deleted(self.stamp, &self.deleted, self.max_doc)
    }
}
