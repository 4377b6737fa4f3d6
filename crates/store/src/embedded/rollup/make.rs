//! Making rollups.

use super::{Rollup, Row, UNSCORED, file};
use crate::Error;
use crate::document::CONTEXT;
use crate::embedded::base::View;
use crate::embedded::lists::{self, Counted, Group};
use crate::embedded::schema::{column, thousandths};
use crate::embedded::snapshot::{Part, Snapshot};
use foldhash::HashMap;
use tantivy::columnar::Column;
use tantivy::schema::IndexRecordOption;
use tantivy::{BitSet, DocId, DocSet, SegmentReader, TERMINATED, Term};

const HOUR: i64 = 3_600_000;
/// Where a document has no value.
const NOTHING: u16 = u16::MAX;

/// Makes the rollups that the newest snapshot's large segments lack, and says how many. One at a time.
pub(in crate::embedded) fn make_missing(snapshot: &Snapshot) -> Result<usize, Error> {
    let mut made = 0;
    snapshot.kept().forget_rollups_but(snapshot);
    for part in snapshot.parts() {
        for segment in part.searcher.segment_readers() {
            made += usize::from(make_one(snapshot, part, segment)?);
        }
        // Nobody else makes any: one of a segment that is not here is of one that was merged away.
        let living = part
            .searcher
            .segment_readers()
            .iter()
            .map(|s| s.segment_id().uuid_string());
        file::sweep(&part.path, &living.collect())?;
    }
    Ok(made)
}

/// Whether there is a large segment that lacks its rollup.
pub(in crate::embedded) fn lacks_any(snapshot: &Snapshot) -> bool {
    let all = snapshot.parts();
    let mut segments = all.flat_map(|part| part.searcher.segment_readers().iter().map(move |s| (part, s)));
    segments.any(|(part, segment)| lacking(snapshot, part, segment).is_some())
}

/// What a segment's rollup is to be about, where it lacks one.
fn lacking(snapshot: &Snapshot, part: &Part, segment: &SegmentReader) -> Option<View> {
    let keep = snapshot.kept();
    if !keep.is_large(segment) {
        return None;
    }
    let known = keep.rollup(segment, &part.path);
    let view = keep.view(segment, None);
    let is_done = known.is_some_and(|known| known.whole.stamp == view.stamp)
        || keep.has_no_rollup(segment.segment_id(), view.stamp);
    (!is_done).then_some(view)
}

fn make_one(snapshot: &Snapshot, part: &Part, segment: &SegmentReader) -> Result<bool, Error> {
    let keep = snapshot.kept();
    let Some(view) = lacking(snapshot, part, segment) else {
        return Ok(false);
    };
    let rollup = rollup(snapshot, segment, &view).map_err(Error::index(&part.path))?;
    let Some((mut rollup, docs)) = rollup else {
        keep.note_none(segment.segment_id(), view.stamp);
        return Ok(false);
    };
    let mut lists = lists::Writer::new(&part.path, segment.segment_id())?;
    lists::write(&mut lists, segment, &part.path, docs)?;
    rollup.lists = lists.finish()?;
    file::write(&part.path, segment.segment_id(), &rollup)?;
    keep.note_rollup(segment.segment_id(), rollup);
    Ok(true)
}

/// The rollup of a segment's documents, still without lists, and the documents under the groups they are in; `None` where
/// its numbers would not fit.
fn rollup(
    snapshot: &Snapshot,
    segment: &SegmentReader,
    view: &View,
) -> tantivy::Result<Option<(Rollup, Vec<Counted>)>> {
    let columns = Columns::open(segment)?;
    let Some((projects, project_of)) = projects(snapshot, segment)? else {
        return Ok(None);
    };
    let fields = snapshot.fields();
    let primary = docs_with(segment, Term::from_field_bool(fields.primary, true))?;
    let context = docs_with(segment, Term::from_field_text(fields.project, CONTEXT))?;
    let is_counted = |doc: &DocId| view.is_alive(*doc) && !context.contains(*doc);
    let mut sums: HashMap<Row, [u64; 3]> = HashMap::default();
    let mut docs = Vec::new();
    for doc in (0..segment.max_doc()).filter(is_counted) {
        let Some(key) = columns.key(doc, project_of[doc as usize], primary.contains(doc)) else {
            return Ok(None);
        };
        let created = columns.created.first(doc).unwrap_or_default();
        let monitors = [key.primary.then_some(None), Some(Some(key.monitor))];
        docs.extend(monitors.into_iter().flatten().map(|monitor| Counted {
            group: Group {
                project: key.project,
                monitor,
            },
            created,
            doc,
        }));
        let [negative, _, positive] = columns.probabilities(doc);
        let sum = sums.entry(key).or_default();
        *sum = [sum[0] + 1, sum[1] + negative, sum[2] + positive];
    }
    let rows = sums.into_iter().map(|(key, sums)| {
        let [Ok(mentions), Ok(negative), Ok(positive)] = sums.map(u32::try_from) else {
            return None;
        };
        Some(Row {
            mentions,
            negative,
            positive,
            ..key
        })
    });
    let Some(mut rows) = rows.collect::<Option<Vec<Row>>>() else {
        return Ok(None);
    };
    rows.sort_unstable_by_key(|r| (r.hour, r.project, r.monitor, r.source, r.lang, r.label, r.primary));
    let rollup = Rollup {
        max_doc: segment.max_doc(),
        stamp: view.stamp,
        deleted: (0..segment.max_doc())
            .filter(|doc| !view.is_alive(*doc))
            .collect(),
        projects,
        rows,
        lists: Vec::new(),
    };
    Ok(Some((rollup, docs)))
}

struct Columns {
    created: Column<i64>,
    monitor: Option<Column<u64>>,
    source: Option<Column<u64>>,
    lang: Option<Column<u64>>,
    label: Option<Column<u64>>,
    probabilities: Option<Column<u64>>,
}

impl Columns {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        let ords = |name| Ok::<_, tantivy::TantivyError>(fast.str(name)?.map(|s| s.ords().clone()));
        Ok(Self {
            created: fast.i64(column::CREATED)?,
            monitor: ords(column::MONITOR)?,
            source: ords(column::SOURCE)?,
            lang: ords(column::LANG)?,
            label: fast.column_opt(column::SENTIMENT)?,
            probabilities: fast.column_opt(column::PROBABILITIES)?,
        })
    }

    /// What a document is counted under: a row without sums.
    fn key(&self, doc: DocId, project: u8, primary: bool) -> Option<Row> {
        let ord = |column: &Option<Column<u64>>| {
            let ord = column.as_ref().and_then(|c| c.first(doc))?;
            u16::try_from(ord).ok().filter(|ord| *ord != NOTHING)
        };
        let label = self.label.as_ref().and_then(|c| c.first(doc));
        Some(Row {
            hour: i32::try_from(self.created.first(doc)?.div_euclid(HOUR)).ok()?,
            project,
            monitor: ord(&self.monitor)?,
            source: ord(&self.source)?,
            lang: ord(&self.lang)?,
            label: label.map_or(UNSCORED, |n| n as u8 % 3),
            primary,
            mentions: 0,
            negative: 0,
            positive: 0,
        })
    }

    fn probabilities(&self, doc: DocId) -> [u64; 3] {
        let packed = self.probabilities.as_ref().and_then(|c| c.first(doc));
        packed.map_or([0; 3], thousandths)
    }
}

/// The projects of a segment, and the place of each document's.
fn projects(snapshot: &Snapshot, segment: &SegmentReader) -> tantivy::Result<Option<(Vec<String>, Vec<u8>)>> {
    let index = segment.inverted_index(snapshot.fields().project)?;
    let mut terms = index.terms().stream()?;
    let (mut names, mut of) = (Vec::new(), vec![u8::MAX; segment.max_doc() as usize]);
    while terms.advance() {
        // Marks of `expire` and of context stand among the projects.
        if terms.key().first() == Some(&1) || terms.key() == CONTEXT.as_bytes() {
            continue;
        }
        let Some(place) = u8::try_from(names.len()).ok().filter(|n| *n < u8::MAX) else {
            return Ok(None);
        };
        names.push(String::from_utf8_lossy(terms.key()).into_owned());
        let mut postings = index.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
        while postings.doc() != TERMINATED {
            of[postings.doc() as usize] = place;
            postings.advance();
        }
    }
    Ok(Some((names, of)))
}

/// The documents with a term.
fn docs_with(segment: &SegmentReader, term: Term) -> tantivy::Result<BitSet> {
    let index = segment.inverted_index(term.field())?;
    let mut docs = BitSet::with_max_value(segment.max_doc());
    if let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? {
        while postings.doc() != TERMINATED {
            docs.insert(postings.doc());
            postings.advance();
        }
    }
    Ok(docs)
}
