//! Adding up.

use super::axis::Local;
use super::changes::changed_cells;
use super::distinct::{Distinct, Met};
use super::drawn::By;
use super::people::{Elsewhere, Meeting, People, Wanted};
use super::place::{NOWHERE, Placer, Places};
use super::sets::{Part, Sets};
use crate::Error;
use crate::aggregate::{Cell, Measures};
use crate::embedded::collect::columns::Columns;
use crate::embedded::counts::SegmentCounts;
use crate::embedded::marked::SegmentMarks;
use crate::embedded::schema::{column, thousandths};
use crate::embedded::select::{BLOCK, Hits, Which};
use std::sync::Arc;
use tantivy::DocId;
use tantivy::columnar::Column;

/// Sums of a list of cells, and the sets that distinct authors and texts are counted from.
#[derive(Debug, Default)]
pub(super) struct Cells {
    pub(super) cells: Vec<Cell>,
    pub(super) people: People,
    pub(super) texts: Sets,
}

/// Cells while documents are added.
struct Adding {
    cells: Vec<Cell>,
    measures: Measures,
    people: Meeting,
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
        let of = |c: &Cells| c.cells.len() * size_of::<Cell>() + c.people.bytes() + c.texts.bytes();
        of(&self.cells) + of(&self.rows) + of(&self.total)
    }

    /// Whether it holds only some of the distinct values of a cell.
    pub(in crate::embedded) fn has_drawn(&self) -> bool {
        [&self.cells, &self.rows, &self.total]
            .iter()
            .any(|c| c.has_drawn())
    }

    /// The same with what is distinct filled in.
    pub(super) fn finished(self, measures: Measures) -> Self {
        Self {
            lens: self.lens,
            cells: self.cells.finished(measures),
            rows: self.rows.finished(measures),
            total: self.total.finished(measures),
        }
    }

    /// What a table without cuts has of authors alone, given in the order of their numbers with the mentions of each, among
    /// so many mentions.
    pub(super) fn of_authors(authors: &[(u64, u32)], mentions: u64, measures: Measures) -> Self {
        let mut partial = Summing::new([1, 1], 0).into_partial();
        let cell = &mut partial.cells.cells[0];
        cell.mentions = mentions;
        if measures.authors {
            cell.signed = authors.iter().map(|(_, times)| u64::from(*times)).sum();
        }
        partial.cells.people = People::of_one(authors);
        partial
    }

    /// The numbers of the authors of a table without cuts, with their mentions.
    pub(super) fn authors(&self) -> Vec<(u64, u64)> {
        let mut authors = Vec::new();
        self.cells
            .people
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
    fn new(len: usize, wanted: Wanted, elsewhere: &Elsewhere) -> Self {
        Self {
            cells: vec![Cell::default(); len],
            measures: wanted.measures,
            people: Meeting::new(wanted, len, elsewhere),
            texts: Distinct::new(By::Number, len, wanted.room, elsewhere.texts.clone()),
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
            most: 1,
        };
        if let Some(author) = one.author {
            cell.signed += u64::from(self.measures.authors);
            self.people.add(met(author, one.followers));
        }
        if let Some(text) = one.text {
            cell.worded += 1;
            self.texts.add(met(text, 0), |_| {});
        }
    }

    fn into_cells(self) -> Cells {
        Cells {
            cells: self.cells,
            people: self.people.into_people(),
            texts: self.texts.into_sets(false, |_| {}),
        }
    }
}

impl Cells {
    /// Whether it holds only some of the distinct values of a cell.
    pub(super) fn has_drawn(&self) -> bool {
        self.people.has_drawn() || self.texts.has_drawn()
    }

    /// Nothing in so many cells.
    pub(super) fn nothing(len: usize) -> Self {
        Self {
            cells: vec![Cell::default(); len],
            ..Self::default()
        }
    }
}

/// Adds what is summed, which distinct values are not.
pub(super) fn add(cell: &mut Cell, from: &Cell) {
    cell.mentions += from.mentions;
    cell.signed += from.signed;
    cell.engagement = cell.engagement.saturating_add(from.engagement);
    cell.scored += from.scored;
    cell.worded += from.worded;
    for k in 0..3 {
        cell.sentiment[k] += from.sentiment[k];
        cell.probabilities[k] += from.probabilities[k];
    }
}

/// Takes what is summed off again; `None` where a sum had no room.
pub(super) fn take_off(cell: &mut Cell, gone: &Cell) -> Option<()> {
    if gone.mentions == 0 {
        return Some(());
    }
    cell.mentions = cell.mentions.checked_sub(gone.mentions)?;
    let full = cell.engagement == u64::MAX;
    cell.engagement = cell.engagement.checked_sub(gone.engagement).filter(|_| !full)?;
    cell.signed = cell.signed.checked_sub(gone.signed)?;
    cell.scored = cell.scored.checked_sub(gone.scored)?;
    cell.worded = cell.worded.checked_sub(gone.worded)?;
    for k in 0..3 {
        cell.sentiment[k] = cell.sentiment[k].checked_sub(gone.sentiment[k])?;
        cell.probabilities[k] = cell.probabilities[k].checked_sub(gone.probabilities[k])?;
    }
    Some(())
}

/// Counts documents of a segment, with the engagement of the time of `later`.
pub(super) fn count(
    hits: &Hits<'_>,
    locals: &[Local<'_>],
    (wanted, elsewhere): (Wanted, &Everywhere),
    which: Which<'_>,
    later: Option<Arc<SegmentCounts>>,
) -> Result<Partial, Error> {
    let len = |i: usize| locals.get(i).map_or(1, |l| l.len);
    let mut counting = Counting::new([len(0), len(1)], locals.len(), wanted, elsewhere);
    let mut reader = Reader::new(hits, wanted.measures, later)?;
    let mut placers = locals
        .iter()
        .map(|local| Placer::new(local, hits, matches!(which, Which::Of(_))))
        .collect::<Result<Vec<_>, _>>()?;
    let (mut outer, mut inner) = (Places::default(), Places::default());
    hits.blocks_of(which, |docs| {
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

/// The levels that all cells of a question came to in the segments counted so far.
#[derive(Debug, Default)]
pub(super) struct Everywhere {
    lens: [usize; 2],
    cells: Elsewhere,
    rows: Elsewhere,
    total: Elsewhere,
}

impl Everywhere {
    pub(super) fn new(lens: [usize; 2], room: usize) -> Self {
        Self {
            lens,
            cells: Elsewhere::new(lens[0] * lens[1], room),
            rows: Elsewhere::new(lens[0], room),
            total: Elsewhere::new(1, room),
        }
    }
}

/// Sums in the making.
struct Counting {
    lens: [usize; 2],
    cells: Adding,
    rows: Adding,
    total: Adding,
}

impl Counting {
    fn new(lens: [usize; 2], cuts: usize, wanted: Wanted, elsewhere: &Everywhere) -> Self {
        let here = |levels: &Elsewhere| match elsewhere.lens == lens {
            true => levels.clone(),
            // Its cells are others.
            false => Elsewhere::default(),
        };
        let rows = if cuts == 2 { lens[0] } else { 0 };
        Self {
            lens,
            cells: Adding::new(lens[0] * lens[1], wanted, &here(&elsewhere.cells)),
            rows: Adding::new(rows, wanted, &here(&elsewhere.rows)),
            total: Adding::new(usize::from(cuts > 0), wanted, &elsewhere.total),
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

/// Adding up sums instead of documents.
pub(super) struct Summing(Counting, usize);

impl Summing {
    pub(super) fn new(lens: [usize; 2], cuts: usize) -> Self {
        let nothing = Wanted {
            measures: Measures::default(),
            room: 0,
        };
        Self(Counting::new(lens, cuts, nothing, &Everywhere::default()), cuts)
    }

    /// Adds what has these places, one for each cut.
    pub(super) fn add(&mut self, sum: &Cell, places: &[u32]) {
        let counting = &mut self.0;
        if self.1 > 0 {
            add(&mut counting.total.cells[0], sum);
        }
        match places {
            [] => add(&mut counting.cells.cells[0], sum),
            [row, ..] if *row == NOWHERE => {}
            [row] => add(&mut counting.cells.cells[*row as usize], sum),
            [row, column, ..] => {
                add(&mut counting.rows.cells[*row as usize], sum);
                if *column != NOWHERE {
                    let at = *row as usize * counting.lens[1] + *column as usize;
                    add(&mut counting.cells.cells[at], sum);
                }
            }
        }
    }

    pub(super) fn into_partial(self) -> Partial {
        self.0.into_partial()
    }
}

/// A part of an answer and where its places begin in each axis.
pub(super) type Placed = (Arc<Partial>, [usize; 2]);

/// Adds parts up into one over the whole axes.
pub(super) fn merge(parts: &[Placed], lens: [usize; 2], cuts: usize, wanted: Wanted) -> Partial {
    let cell = |part: &Placed, i: usize| {
        let (width, offsets) = (part.0.lens[1].max(1), part.1);
        (i / width + offsets[0]) * lens[1] + i % width + offsets[1]
    };
    let rows = if cuts == 2 { lens[0] } else { 0 };
    Partial {
        lens,
        cells: united(parts, |part| &part.cells, (lens[0] * lens[1], wanted), cell),
        rows: united(parts, |part| &part.rows, (rows, wanted), |part, i| i + part.1[0]),
        total: united(
            parts,
            |part| &part.total,
            (usize::from(cuts > 0), wanted),
            |_, i| i,
        ),
    }
}

/// Adds some cells of parts up; `place` says where one of a part's stands among `len`.
fn united(
    parts: &[Placed],
    of: fn(&Partial) -> &Cells,
    to: (usize, Wanted),
    place: impl Fn(&Placed, usize) -> usize + Sync,
) -> Cells {
    let places: Vec<_> = parts.iter().map(|part| |i: usize| place(part, i)).collect();
    let parts = parts.iter().zip(&places);
    let parts: Vec<_> = parts.map(|(part, place)| (of(&part.0), place as _)).collect();
    joined(&parts, to)
}

/// Cells and where each of them belongs.
pub(super) type Belonging<'c> = (&'c Cells, &'c dyn Fn(usize) -> usize);

/// Adds cells up in so many.
pub(super) fn joined(parts: &[Belonging<'_>], (len, wanted): (usize, Wanted)) -> Cells {
    let mut cells = vec![Cell::default(); len];
    for (part, place) in parts {
        for (i, from) in part.cells.iter().enumerate() {
            add(&mut cells[place(i)], from);
        }
    }
    let people: Vec<_> = parts.iter().map(|(part, place)| (&part.people, *place)).collect();
    let anywhere: Vec<_> = parts
        .iter()
        .map(|(_, place)| move |i: usize| Some(place(i)))
        .collect();
    let texts: Vec<Part<'_>> = parts
        .iter()
        .zip(&anywhere)
        .map(|((part, _), place)| (&part.texts, place as _))
        .collect();
    Cells {
        cells,
        people: People::united(&people, len, wanted),
        texts: Sets::united(&texts, By::Number, (len, wanted.room), |_| {}),
    }
}

/// Cells, rows and the total.
pub(super) type Answered = (Vec<Cell>, Vec<Cell>, Cell);

/// A merged part with what came and less what went; `None` where that cannot be told exactly.
pub(super) fn changed(
    kept: &Partial,
    came: &Partial,
    gone: &Partial,
    cuts: usize,
    wanted: Wanted,
) -> Option<Answered> {
    let first = |cells: &[Cell]| cells.first().copied().unwrap_or_default();
    let cells = changed_cells(&kept.cells, &came.cells, &gone.cells, wanted)?;
    if cuts == 0 {
        let total = first(&cells);
        return Some((cells.clone(), cells, total));
    }
    let total = first(&changed_cells(&kept.total, &came.total, &gone.total, wanted)?);
    match cuts {
        1 => Some((cells.clone(), cells, total)),
        _ => {
            let rows = changed_cells(&kept.rows, &came.rows, &gone.rows, wanted)?;
            Some((cells, rows, total))
        }
    }
}

/// Reads the columns that are measured.
struct Reader {
    authors: Option<Column<u64>>,
    followers: Option<Column<u64>>,
    texts: Option<Column<u64>>,
    engagement: Option<Column<u64>>,
    /// The engagement that came later.
    later: Option<Arc<SegmentCounts>>,
    labels: Option<Column<u64>>,
    probabilities: Option<Column<u64>>,
    /// Where labels are corrected by hand.
    corrected: Option<Arc<SegmentMarks>>,
    block: [One; BLOCK],
}

impl Reader {
    fn new(hits: &Hits<'_>, measures: Measures, later: Option<Arc<SegmentCounts>>) -> Result<Self, Error> {
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
            later: later.filter(|later| measures.engagement && !later.is_empty()),
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
        if let Some(later) = &self.later {
            later.among(docs, |i, n| block[i].engagement = n);
        }
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
