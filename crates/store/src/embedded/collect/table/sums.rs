//! Adding up.

use super::axis::Local;
use super::distinct::{Distinct, Met, Sets};
use super::place::{Placer, Places};
use crate::Error;
use crate::aggregate::{Cell, Measures};
use crate::embedded::collect::columns::Columns;
use crate::embedded::marked::SegmentMarks;
use crate::embedded::schema::{column, thousandths};
use crate::embedded::select::{BLOCK, Hits};
use std::sync::Arc;
use tantivy::DocId;
use tantivy::columnar::Column;

/// Sums of a list of cells, and the sets that distinct authors and texts are counted from.
#[derive(Debug, Default)]
struct Cells {
    cells: Vec<Cell>,
    authors: Sets,
    texts: Sets,
}

/// Cells while documents are added.
struct Adding {
    cells: Vec<Cell>,
    authors: Distinct,
    texts: Distinct,
}

/// What some segments add: to the cells, to the rows where there are two cuts, to the total where there is one.
#[derive(Debug)]
pub(in crate::embedded) struct Partial {
    lens: [usize; 2],
    cells: Cells,
    rows: Cells,
    total: Cells,
}

impl Partial {
    /// About how much memory it takes.
    pub(in crate::embedded) fn bytes(&self) -> usize {
        let of = |c: &Cells| c.cells.len() * size_of::<Cell>() + c.authors.bytes() + c.texts.bytes();
        of(&self.cells) + of(&self.rows) + of(&self.total)
    }

    /// The numbers of the authors of a table without cuts, with their mentions.
    pub(super) fn authors(&self) -> Vec<(u64, u64)> {
        let mut authors = Vec::new();
        self.cells
            .authors
            .each(|met| authors.push((met.number, u64::from(met.times))));
        authors
    }
}

/// The measures of one document. `followers` is one more than there are; 0 where they are not known. No account has four
/// thousand millions.
#[derive(Default, Clone, Copy)]
struct One {
    author: Option<u64>,
    followers: u32,
    text: Option<u64>,
    engagement: u64,
    label: Option<usize>,
    probabilities: Option<[u64; 3]>,
}

impl Adding {
    fn new(len: usize) -> Self {
        Self {
            cells: vec![Cell::default(); len],
            authors: Distinct::default(),
            texts: Distinct::default(),
        }
    }

    #[inline]
    fn add(&mut self, at: usize, one: &One) {
        let cell = &mut self.cells[at];
        cell.mentions += 1;
        cell.engagement = cell.engagement.saturating_add(one.engagement);
        if let Some(label) = one.label {
            cell.sentiment[label] += 1;
        }
        if let Some(parts) = one.probabilities {
            cell.scored += 1;
            (0..3).for_each(|i| cell.probabilities[i] += parts[i]);
        }
        let met = |number, value| Met {
            cell: at as u32,
            number,
            value,
            times: 1,
        };
        if let Some(author) = one.author {
            self.authors.add(met(author, one.followers));
        }
        if let Some(text) = one.text {
            cell.worded += 1;
            self.texts.add(met(text, 0));
        }
    }

    /// Adds the sums of a part, but for its sets.
    fn sum(&mut self, part: &Cells, place: impl Fn(usize) -> usize) {
        for (i, from) in part.cells.iter().enumerate() {
            let cell = &mut self.cells[place(i)];
            cell.mentions += from.mentions;
            cell.engagement = cell.engagement.saturating_add(from.engagement);
            cell.scored += from.scored;
            cell.worded += from.worded;
            for k in 0..3 {
                cell.sentiment[k] += from.sentiment[k];
                cell.probabilities[k] += from.probabilities[k];
            }
        }
    }

    fn take(&mut self, part: &Cells, place: impl Fn(usize) -> usize) {
        self.sum(part, &place);
        self.authors.take(&part.authors, &place);
        self.texts.take(&part.texts, &place);
    }

    fn into_cells(self) -> Cells {
        let len = self.cells.len();
        Cells {
            cells: self.cells,
            authors: self.authors.into_sets(len, true),
            texts: self.texts.into_sets(len, false),
        }
    }
}

impl Cells {
    /// The cells with what is distinct in them and in `before` together.
    fn finish(&self, before: &Cells, measures: Measures) -> Vec<Cell> {
        let mut cells = self.cells.clone();
        for (cell, from) in cells.iter_mut().zip(&before.cells) {
            // Counted from the sets before; what is summed was added already.
            cell.authors = from.authors;
            cell.signed = from.signed;
            cell.squares = from.squares;
            cell.texts = from.texts;
            cell.audience = from.audience;
            cell.audience_of = from.audience_of;
        }
        self.authors.beside(&before.authors, |met, before| {
            author(&mut cells[met.cell as usize], met, before, measures)
        });
        self.texts.beside(&before.texts, |met, before| {
            cells[met.cell as usize].texts += u64::from(before.is_none());
        });
        cells
    }

    /// Fills in what is distinct in these cells alone.
    fn finished(mut self, measures: Measures) -> Self {
        self.cells = self.finish(&Cells::default(), measures);
        self
    }
}

/// Counts an author in a cell, who may have been counted before. Values are one more than the followers, 0 where those
/// are unknown.
fn author(cell: &mut Cell, met: Met, before: Option<Met>, measures: Measures) {
    let (times, known) = (u64::from(met.times), before.map_or(0, |b| u64::from(b.times)));
    if measures.authors {
        cell.authors += u64::from(before.is_none());
        cell.signed += times;
    }
    if measures.voices {
        let square = (known + times).saturating_mul(known + times) - known * known;
        cell.squares = cell.squares.saturating_add(square);
    }
    if !measures.audience || met.value == 0 {
        return;
    }
    let had = before.map_or(0, |b| b.value);
    cell.audience_of += u64::from(had == 0);
    let more = u64::from(met.value.max(had) - had.max(1));
    cell.audience = Some(cell.audience.unwrap_or(0) + more);
}

/// Counts the documents of a segment.
pub(super) fn count(hits: &Hits<'_>, locals: &[Local<'_>], measures: Measures) -> Result<Partial, Error> {
    let len = |i: usize| locals.get(i).map_or(1, |l| l.len);
    let mut counting = Counting::new([len(0), len(1)], locals.len());
    let mut reader = Reader::new(hits, measures)?;
    let mut placers = locals
        .iter()
        .map(|local| Placer::new(local, hits))
        .collect::<Result<Vec<_>, _>>()?;
    let (mut outer, mut inner) = (Places::default(), Places::default());
    hits.blocks(|docs| {
        reader.read(docs);
        match placers.as_mut_slice() {
            [first, rest @ ..] => {
                first.place(docs, &mut outer);
                rest.iter_mut().for_each(|second| second.place(docs, &mut inner));
                for i in 0..docs.len() {
                    counting.document(
                        &reader.one(i),
                        outer.of(i),
                        (!rest.is_empty()).then(|| inner.of(i)),
                    );
                }
            }
            [] => (0..docs.len()).for_each(|i| counting.cells.add(0, &reader.one(i))),
        }
    })?;
    Ok(counting.into_partial())
}

/// Sums in the making.
struct Counting {
    lens: [usize; 2],
    cells: Adding,
    rows: Adding,
    total: Adding,
}

impl Counting {
    fn new(lens: [usize; 2], cuts: usize) -> Self {
        Self {
            lens,
            cells: Adding::new(lens[0] * lens[1]),
            rows: Adding::new(if cuts == 2 { lens[0] } else { 0 }),
            total: Adding::new(usize::from(cuts > 0)),
        }
    }

    fn into_partial(self) -> Partial {
        Partial {
            lens: self.lens,
            cells: self.cells.into_cells(),
            rows: self.rows.into_cells(),
            total: self.total.into_cells(),
        }
    }

    fn document(&mut self, one: &One, outer: &[u32], inner: Option<&[u32]>) {
        self.total.add(0, one);
        for &row in outer {
            match inner {
                None => self.cells.add(row as usize, one),
                Some(inner) => {
                    self.rows.add(row as usize, one);
                    for &place in inner {
                        self.cells.add(row as usize * self.lens[1] + place as usize, one);
                    }
                }
            }
        }
    }
}

/// A part of an answer and where its places begin in each axis.
pub(super) type Placed = (Arc<Partial>, [usize; 2]);

/// Adds parts up into one over the whole axes.
pub(super) fn merge(parts: &[Placed], lens: [usize; 2], cuts: usize, measures: Measures) -> Partial {
    let mut sum = Counting::new(lens, cuts);
    for (part, offsets) in parts {
        let width = part.lens[1].max(1);
        let place = |i: usize| (i / width + offsets[0]) * lens[1] + i % width + offsets[1];
        sum.cells.take(&part.cells, place);
        sum.rows.take(&part.rows, |i| i + offsets[0]);
        sum.total.take(&part.total, |i| i);
    }
    let Partial {
        lens,
        cells,
        rows,
        total,
    } = sum.into_partial();
    Partial {
        lens,
        cells: cells.finished(measures),
        rows: rows.finished(measures),
        total: total.finished(measures),
    }
}

/// The cells, the rows and the total of two merged parts together: a large one that stays and a small one.
pub(super) fn together(
    large: &Partial,
    small: &Partial,
    cuts: usize,
    measures: Measures,
) -> (Vec<Cell>, Vec<Cell>, Cell) {
    let both = |large: &Cells, small: &Cells| {
        let mut sum = Adding::new(large.cells.len());
        sum.sum(large, |i| i);
        sum.sum(small, |i| i);
        let sums = sum.cells;
        let mut cells = small.finish(large, measures);
        for (cell, sum) in cells.iter_mut().zip(sums) {
            *cell = Cell {
                authors: cell.authors,
                signed: cell.signed,
                squares: cell.squares,
                texts: cell.texts,
                audience: cell.audience,
                audience_of: cell.audience_of,
                ..sum
            };
        }
        cells
    };
    let cells = both(&large.cells, &small.cells);
    let first = |cells: &[Cell]| cells.first().copied().unwrap_or_default();
    match cuts {
        0 => (cells.clone(), cells.clone(), first(&cells)),
        1 => (cells.clone(), cells, first(&both(&large.total, &small.total))),
        _ => (
            cells,
            both(&large.rows, &small.rows),
            first(&both(&large.total, &small.total)),
        ),
    }
}

/// Reads the columns that are measured.
struct Reader {
    authors: Option<Column<u64>>,
    followers: Option<Column<u64>>,
    texts: Option<Column<u64>>,
    engagement: Option<Column<u64>>,
    labels: Option<Column<u64>>,
    probabilities: Option<Column<u64>>,
    /// Where labels are corrected by hand.
    corrected: Option<Arc<SegmentMarks>>,
    block: [One; BLOCK],
}

impl Reader {
    fn new(hits: &Hits<'_>, measures: Measures) -> Result<Self, Error> {
        let columns = Columns(hits);
        let column = |wanted: bool, name: &str| match wanted {
            true => columns.numbers(name),
            false => Ok(None),
        };
        Ok(Self {
            authors: column(
                measures.authors || measures.voices || measures.audience,
                column::AUTHOR,
            )?,
            followers: column(measures.audience, column::FOLLOWERS)?,
            texts: column(measures.texts, column::TEXT)?,
            engagement: column(measures.engagement, column::ENGAGEMENT)?,
            labels: column(measures.sentiment, column::SENTIMENT)?,
            probabilities: column(measures.sentiment, column::PROBABILITIES)?,
            corrected: hits
                .marks
                .clone()
                .filter(|marks| measures.sentiment && marks.stamp.corrected > 0),
            block: [One::default(); BLOCK],
        })
    }

    fn one(&self, i: usize) -> One {
        self.block[i]
    }

    fn read(&mut self, docs: &[DocId]) {
        self.block[..docs.len()].fill(One::default());
        let block = &mut self.block;
        each(&self.authors, docs, |i, n| block[i].author = Some(n));
        each(&self.followers, docs, |i, n| {
            block[i].followers = u32::try_from(n.saturating_add(1)).unwrap_or(u32::MAX);
        });
        each(&self.texts, docs, |i, n| block[i].text = Some(n));
        each(&self.engagement, docs, |i, n| block[i].engagement = n);
        each(&self.labels, docs, |i, n| block[i].label = Some(n as usize % 3));
        if let Some(marks) = &self.corrected {
            for (i, doc) in docs.iter().enumerate() {
                if let Some(label) = marks.label(*doc) {
                    block[i].label = Some(label as usize);
                }
            }
        }
        each(&self.probabilities, docs, |i, n| {
            block[i].probabilities = Some(thousandths(n))
        });
    }
}

/// Calls `f` with the place and the first value of each document that has one.
fn each(column: &Option<Column<u64>>, docs: &[DocId], mut f: impl FnMut(usize, u64)) {
    let Some(column) = column else { return };
    let mut values = [None; BLOCK];
    column.first_vals(docs, &mut values[..docs.len()]);
    for (i, value) in values[..docs.len()].iter().enumerate() {
        value.iter().for_each(|n| f(i, *n));
    }
}
