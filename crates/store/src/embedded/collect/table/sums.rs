//! Adding up.

use super::axis::Local;
use super::distinct::Distinct;
use super::place::{Placer, Places};
use crate::Error;
use crate::aggregate::{Cell, Measures};
use crate::embedded::collect::columns::Columns;
use crate::embedded::schema::{column, thousandths};
use crate::embedded::select::{BLOCK, Hits};
use tantivy::DocId;
use tantivy::columnar::Column;

/// Sums of a list of cells.
#[derive(Debug, Default, Clone)]
struct Cells {
    cells: Vec<Cell>,
    authors: Distinct,
    texts: Distinct,
}

/// What a segment adds: to the cells, to the rows where there are two cuts, to the total where there is one.
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
}

/// The measures of one document. `followers` is one more than there are; 0 where they are not known.
#[derive(Default, Clone, Copy)]
struct One {
    author: Option<u64>,
    followers: u64,
    text: Option<u64>,
    engagement: u64,
    label: Option<usize>,
    probabilities: Option<[u64; 3]>,
}

impl Cells {
    fn new(len: usize) -> Self {
        Self {
            cells: vec![Cell::default(); len],
            ..Self::default()
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
        if let Some(author) = one.author {
            self.authors.add(at as u32, author, one.followers);
        }
        if let Some(text) = one.text {
            self.texts.add(at as u32, text, 0);
        }
    }

    fn tidy_up(&mut self) {
        self.authors.tidy_up();
        self.texts.tidy_up();
    }

    fn take(&mut self, part: &Cells, place: impl Fn(usize) -> usize) {
        for (i, from) in part.cells.iter().enumerate() {
            let cell = &mut self.cells[place(i)];
            cell.mentions += from.mentions;
            cell.engagement = cell.engagement.saturating_add(from.engagement);
            cell.scored += from.scored;
            for k in 0..3 {
                cell.sentiment[k] += from.sentiment[k];
                cell.probabilities[k] += from.probabilities[k];
            }
        }
        let place = |cell: u32| place(cell as usize) as u32;
        self.authors.take(&part.authors, place);
        self.texts.take(&part.texts, place);
    }

    fn finish(mut self, measures: Measures) -> Vec<Cell> {
        let cells = &mut self.cells;
        self.authors.each(|met| {
            let cell = &mut cells[met.cell as usize];
            if measures.authors {
                let times = u64::from(met.times);
                cell.authors += 1;
                cell.signed += times;
                cell.squares = cell.squares.saturating_add(times * times);
            }
            if let Some(known) = met.value.checked_sub(1).filter(|_| measures.audience) {
                cell.audience_of += 1;
                cell.audience = Some(cell.audience.unwrap_or(0).saturating_add(known));
            }
        });
        self.texts.each(|met| {
            let cell = &mut cells[met.cell as usize];
            cell.texts += 1;
            cell.worded += u64::from(met.times);
        });
        self.cells
    }
}

/// Counts the documents of a segment.
pub(super) fn count(hits: &Hits<'_>, locals: &[Local<'_>], measures: Measures) -> Result<Partial, Error> {
    let len = |i: usize| locals.get(i).map_or(1, |l| l.len);
    let mut partial = Partial {
        lens: [len(0), len(1)],
        cells: Cells::new(len(0) * len(1)),
        rows: Cells::new(if locals.len() == 2 { len(0) } else { 0 }),
        total: Cells::new(usize::from(!locals.is_empty())),
    };
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
                    partial.document(
                        &reader.one(i),
                        outer.of(i),
                        (!rest.is_empty()).then(|| inner.of(i)),
                    );
                }
            }
            [] => (0..docs.len()).for_each(|i| partial.cells.add(0, &reader.one(i))),
        }
    })?;
    [&mut partial.cells, &mut partial.rows, &mut partial.total]
        .into_iter()
        .for_each(Cells::tidy_up);
    Ok(partial)
}

impl Partial {
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

/// Everything added up.
pub(super) struct Total {
    cuts: usize,
    measures: Measures,
    columns: usize,
    cells: Cells,
    rows: Cells,
    total: Cells,
}

impl Total {
    pub(super) fn new(lens: &[usize], measures: Measures) -> Self {
        let len = |i: usize| lens.get(i).copied().unwrap_or(1);
        Self {
            cuts: lens.len(),
            measures,
            columns: len(1),
            cells: Cells::new(len(0) * len(1)),
            rows: Cells::new(if lens.len() == 2 { len(0) } else { 0 }),
            total: Cells::new(usize::from(!lens.is_empty())),
        }
    }

    /// Adds what a segment has; `offsets` say where its part of each axis begins.
    pub(super) fn add(&mut self, part: &Partial, offsets: &[usize]) {
        let offset = |i: usize| offsets.get(i).copied().unwrap_or(0);
        let (columns, width) = (self.columns, part.lens[1].max(1));
        let place = |i: usize| (i / width + offset(0)) * columns + i % width + offset(1);
        self.cells.take(&part.cells, place);
        self.rows.take(&part.rows, |i| i + offset(0));
        self.total.take(&part.total, |i| i);
    }

    /// The cells, the rows, the total.
    pub(super) fn finish(self) -> (Vec<Cell>, Vec<Cell>, Cell) {
        let cells = self.cells.finish(self.measures);
        let first = |cells: Vec<Cell>| cells.first().copied().unwrap_or_default();
        match self.cuts {
            0 => (cells.clone(), cells.clone(), first(cells)),
            1 => (cells.clone(), cells, first(self.total.finish(self.measures))),
            _ => (
                cells,
                self.rows.finish(self.measures),
                first(self.total.finish(self.measures)),
            ),
        }
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
            authors: column(measures.authors || measures.audience, column::AUTHOR)?,
            followers: column(measures.audience, column::FOLLOWERS)?,
            texts: column(measures.texts, column::TEXT)?,
            engagement: column(measures.engagement, column::ENGAGEMENT)?,
            labels: column(measures.sentiment, column::SENTIMENT)?,
            probabilities: column(measures.sentiment, column::PROBABILITIES)?,
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
            block[i].followers = n.saturating_add(1)
        });
        each(&self.texts, docs, |i, n| block[i].text = Some(n));
        each(&self.engagement, docs, |i, n| block[i].engagement = n);
        each(&self.labels, docs, |i, n| block[i].label = Some(n as usize % 3));
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
