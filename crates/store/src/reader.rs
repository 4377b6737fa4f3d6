//! The reading side, wherever mentions are kept.

use crate::moving::{Carried, Checksum, DayMark, Listed};
use crate::{
    Breakdown, Cursor, Dimension, Error, Figures, Filter, LeftOut, Marked, Marks, Mention, Page, Place,
    PostRow, Question, Row, Scored, Series, SoftKey, SoftScores, Sort, Sorted, Table, elastic, embedded,
    moving,
};
use foldhash::HashMap;
use post::{AuthorKey, Kind, MentionId, Millis, PostKey};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A handle for questions; cheap to clone, for any thread.
#[derive(Clone)]
pub enum StoreReader {
    /// Of a folder.
    Embedded(embedded::StoreReader),
    /// Of a cluster.
    Elastic(elastic::StoreReader),
}

impl StoreReader {
    /// The state of the newest commit.
    pub fn snapshot(&self) -> Snapshot {
        match self {
            Self::Embedded(reader) => Snapshot::Embedded(reader.snapshot()),
            Self::Elastic(reader) => Snapshot::Elastic(reader.snapshot()),
        }
    }

    /// Changes what people and rules did with mentions, for every snapshot from now on, and gives its version. Marks are
    /// kept in memory alone: whoever changes them keeps them.
    pub fn mark(&self, changes: impl IntoIterator<Item = Marked>) -> u64 {
        match self {
            Self::Embedded(reader) => reader.mark(changes),
            Self::Elastic(reader) => reader.mark(changes),
        }
    }

    /// The generation of the newest commit.
    pub fn generation(&self) -> u64 {
        match self {
            Self::Embedded(reader) => reader.generation(),
            Self::Elastic(reader) => reader.generation(),
        }
    }

    /// Forgets what is kept of earlier answers, to measure what they cost without.
    pub fn forget(&self) {
        match self {
            Self::Embedded(reader) => reader.forget(),
            Self::Elastic(reader) => reader.forget(),
        }
    }

    /// Bytes on disks, copies included.
    pub fn bytes(&self) -> Result<u64, Error> {
        match self {
            Self::Embedded(reader) => reader.bytes(),
            Self::Elastic(reader) => reader.bytes(),
        }
    }
}

/// The mentions as one commit left them; in a cluster, where they move on, with the marks of that time. Cheap to clone.
#[derive(Clone)]
pub enum Snapshot {
    /// Of a folder: it does not change, however long it is kept.
    Embedded(embedded::Snapshot),
    /// Of a cluster: see [`elastic::Snapshot`].
    Elastic(elastic::Snapshot),
}

impl Snapshot {
    /// The number of its commit.
    pub fn generation(&self) -> u64 {
        match self {
            Self::Embedded(s) => s.generation(),
            Self::Elastic(s) => s.generation(),
        }
    }

    /// All mentions of all projects.
    pub fn total(&self) -> Result<u64, Error> {
        match self {
            Self::Embedded(s) => Ok(s.total()),
            Self::Elastic(s) => s.total(),
        }
    }

    /// What people and rules did with mentions.
    pub fn marks(&self) -> &Marks {
        match self {
            Self::Embedded(s) => s.marks(),
            Self::Elastic(s) => s.marks(),
        }
    }

    /// The partitions that answers leave out, wholly or in part: each is named once.
    pub fn left_out(&self) -> Vec<LeftOut> {
        match self {
            Self::Embedded(s) => s.left_out(),
            Self::Elastic(s) => s.left_out(),
        }
    }

    /// The mention with this id, if it is there.
    pub fn mention(&self, id: MentionId) -> Result<Option<Mention>, Error> {
        match self {
            Self::Embedded(s) => s.mention(id),
            Self::Elastic(s) => s.mention(id),
        }
    }

    /// The mention with this number, see [`crate::mention_number`].
    pub fn numbered(&self, number: u64) -> Result<Option<Mention>, Error> {
        match self {
            Self::Embedded(s) => s.numbered(number),
            Self::Elastic(s) => s.numbered(number),
        }
    }

    /// Of these numbers of mentions those that are no mention's.
    pub fn missing(&self, numbers: &[u64]) -> Result<Vec<u64>, Error> {
        match self {
            Self::Embedded(s) => s.missing(numbers),
            Self::Elastic(s) => s.missing(numbers),
        }
    }

    /// The mentions of a post, of all projects.
    pub fn of_post(&self, post: PostKey) -> Result<Vec<Mention>, Error> {
        match self {
            Self::Embedded(s) => s.of_post(post),
            Self::Elastic(s) => s.of_post(post),
        }
    }

    /// Calls `each` for every mention of an author, of all projects.
    pub fn of_author(&self, author: AuthorKey, each: &mut dyn FnMut(Mention)) -> Result<(), Error> {
        match self {
            Self::Embedded(s) => s.of_author(author, each),
            Self::Elastic(s) => s.of_author(author, each),
        }
    }

    /// Calls `each` for every mention of a kind, of all projects.
    pub fn of_kind(&self, kind: Kind, each: &mut dyn FnMut(Mention)) -> Result<(), Error> {
        match self {
            Self::Embedded(s) => s.of_kind(kind, each),
            Self::Elastic(s) => s.of_kind(kind, each),
        }
    }

    /// The platforms of all mentions.
    pub fn platforms(&self) -> Result<BTreeSet<String>, Error> {
        match self {
            Self::Embedded(s) => s.platforms(),
            Self::Elastic(s) => s.platforms(),
        }
    }

    /// At most `limit` mentions that come after `after`, newest first.
    pub fn mentions(&self, filter: &Filter, after: Option<Cursor>, limit: usize) -> Result<Page, Error> {
        match self {
            Self::Embedded(s) => s.mentions(filter, after, limit),
            Self::Elastic(s) => s.mentions(filter, after, limit),
        }
    }

    /// At most `limit` mentions that come after `after` in an order.
    pub fn sorted(
        &self,
        filter: &Filter,
        sort: Sort,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Sorted, Error> {
        match self {
            Self::Embedded(s) => s.sorted(filter, sort, after, limit),
            Self::Elastic(s) => s.sorted(filter, sort, after, limit),
        }
    }

    /// How many pass the filter.
    pub fn count(&self, filter: &Filter) -> Result<u64, Error> {
        match self {
            Self::Embedded(s) => s.count(filter),
            Self::Elastic(s) => s.count(filter),
        }
    }

    /// Sums over what passes the filter.
    pub fn figures(&self, filter: &Filter) -> Result<Figures, Error> {
        match self {
            Self::Embedded(s) => s.figures(filter),
            Self::Elastic(s) => s.figures(filter),
        }
    }

    /// The `limit` most frequent values of a dimension, and how many mentions have others.
    pub fn breakdown(&self, filter: &Filter, by: Dimension, limit: usize) -> Result<Breakdown, Error> {
        match self {
            Self::Embedded(s) => s.breakdown(filter, by, limit),
            Self::Elastic(s) => s.breakdown(filter, by, limit),
        }
    }

    /// Mentions over time, one line per value of `by` or one in all.
    ///
    /// Buckets begin where `time + offset_ms` is a multiple of `interval_ms`: with the offset of a time zone from UTC
    /// days begin at its midnight. Whole weeks begin on Monday. The buckets reach over the filter's time, and where it
    /// has no begin or end, from the oldest or to the newest mention.
    pub fn series(
        &self,
        filter: &Filter,
        by: Option<Dimension>,
        interval_ms: i64,
        offset_ms: i64,
    ) -> Result<Series, Error> {
        match self {
            Self::Embedded(s) => s.series(filter, by, interval_ms, offset_ms),
            Self::Elastic(s) => s.series(filter, by, interval_ms, offset_ms),
        }
    }

    /// Answers a question.
    pub fn table(&self, question: &Question) -> Result<Arc<Table>, Error> {
        match self {
            Self::Embedded(s) => s.table(question),
            Self::Elastic(s) => s.table(question).map(Arc::new),
        }
    }

    /// When the oldest post was published, one deleted lately included; `None` where nothing is stored.
    pub fn oldest(&self) -> Result<Option<Millis>, Error> {
        match self {
            Self::Embedded(s) => s.oldest(),
            Self::Elastic(s) => s.oldest(),
        }
    }

    /// When the oldest and the newest that pass the filter were published; `None` where nothing does.
    pub fn extent(&self, filter: &Filter) -> Result<Option<(Millis, Millis)>, Error> {
        match self {
            Self::Embedded(s) => s.extent(filter),
            Self::Elastic(s) => s.extent(filter),
        }
    }

    /// The mentions that each monitor matched.
    pub fn count_by_monitor(&self) -> Result<HashMap<String, u64>, Error> {
        match self {
            Self::Embedded(s) => s.count_by_monitor(),
            Self::Elastic(s) => s.count_by_monitor(),
        }
    }

    /// How many pass the filter that were written after a generation and stood there before in another form.
    pub fn rewritten_since(&self, filter: &Filter, generation: u64) -> Result<u64, Error> {
        match self {
            Self::Embedded(s) => s.rewritten_since(filter, generation),
            Self::Elastic(s) => s.rewritten_since(filter, generation),
        }
    }

    /// The numbers of all that pass the filter, with the times of their posts, in no order.
    pub fn numbers(&self, filter: &Filter) -> Result<Vec<(u64, Millis)>, Error> {
        match self {
            Self::Embedded(s) => s.numbers(filter),
            Self::Elastic(s) => s.numbers(filter),
        }
    }

    /// The mentions of the `monitors` that pass the filter and whose author is known, in no order. More than `most` are
    /// refused before any is read.
    pub fn rows(&self, filter: &Filter, monitors: &[String], most: usize) -> Result<Vec<Row>, Error> {
        match self {
            Self::Embedded(s) => s.rows(filter, monitors, most),
            Self::Elastic(s) => s.rows(filter, monitors, most),
        }
    }

    /// The mention behind a row of this snapshot.
    pub fn row_mention(&self, row: &Row) -> Result<Mention, Error> {
        match self {
            Self::Embedded(s) => s.row_mention(row),
            Self::Elastic(s) => s.row_mention(row),
        }
    }

    /// The posts that pass the filter, in no order, with which of `values` of a dimension they have. The dimension must be one
    /// whose values are strings of the mention itself, and at most 63 values are taken. More than `most` posts are refused
    /// before any is read.
    pub fn post_rows(
        &self,
        filter: &Filter,
        by: Option<(Dimension, &[String])>,
        most: usize,
    ) -> Result<Vec<PostRow>, Error> {
        match self {
            Self::Embedded(s) => s.post_rows(filter, by, most),
            Self::Elastic(s) => s.post_rows(filter, by, most),
        }
    }

    /// What tells apart whatever each day holds, by the day (since 1970-01-01, UTC) its posts were published. All mentions of all
    /// projects.
    pub fn days(&self) -> Result<BTreeMap<i64, DayMark>, Error> {
        match self {
            Self::Embedded(s) => s.days(),
            Self::Elastic(s) => s.days(),
        }
    }

    /// The mentions of a day, in the order of their posts' times and their numbers.
    pub fn listed(&self, day: i64) -> Result<Vec<Listed>, Error> {
        match self {
            Self::Embedded(s) => s.listed(day),
            Self::Elastic(s) => s.listed(day),
        }
    }

    /// Calls `each` with the mentions that this snapshot listed, in no order; those that are not there any more are left out.
    pub fn carried(&self, listed: &[Listed], each: &mut dyn FnMut(Carried)) -> Result<(), Error> {
        match self {
            Self::Embedded(s) => s.carried(listed, each),
            Self::Elastic(s) => s.carried(listed, each),
        }
    }

    /// The checksum of a day, every mention read anew.
    pub fn checksum(&self, day: i64) -> Result<Checksum, Error> {
        match self {
            Self::Embedded(s) => moving::sum(self, &s.listed(day)?),
            Self::Elastic(s) => s.checksum(day),
        }
    }

    /// The scores of what passes a filter, by key. Mentions without a score are left out.
    pub fn soft_scores(&self, filter: &Filter) -> Result<HashMap<SoftKey, SoftScores>, Error> {
        match self {
            Self::Embedded(s) => s.soft_scores(filter),
            Self::Elastic(s) => s.soft_scores(filter),
        }
    }

    /// Calls `each` for every scored mention that passes a filter, in no order.
    pub fn each_scored(&self, filter: &Filter, each: &mut dyn FnMut(Scored)) -> Result<(), Error> {
        match self {
            Self::Embedded(s) => s.each_scored(filter, each),
            Self::Elastic(s) => s.each_scored(filter, each),
        }
    }
}
