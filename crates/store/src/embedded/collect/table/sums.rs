//! Adding up.

use super::axis::Local;
use super::distinct::{Distinct, Met, Sets};
use super::place::{NOWHERE, Placer, Places};
use crate::Error;
use crate::aggregate::{Cell, Measures};
use crate::embedded::collect::columns::Columns;
use crate::embedded::counts::SegmentCounts;
use crate::embedded::marked::SegmentMarks;
use crate::embedded::schema::{column, thousandths};
use crate::embedded::select::{BLOCK, Hits, Which};
use foldhash::HashMap;
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
    /// Whether it matters how many followers authors have.
    audience: bool,
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
    pub(super) fn of_authors(authors: &[(u64, u32)], mentions: u64) -> Self {
        let mut adding = Counting::new([1, 1], 0, false);
        adding.cells.cells[0].mentions = mentions;
        let mut partial = adding.into_partial();
        partial.cells.authors = Sets::of_one(authors);
        partial
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
    fn new(len: usize, audience: bool) -> Self {
        Self {
            cells: vec![Cell::default(); len],
            audience,
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
            most: 1,
        };
        if let Some(author) = one.author {
            self.authors.add(met(author, one.followers));
        }
        if let Some(text) = one.text {
            cell.worded += 1;
            self.texts.add(met(text, 0));
        }
    }

    fn into_cells(self) -> Cells {
        let len = self.cells.len();
        Cells {
            cells: self.cells,
            authors: self.authors.into_sets(len, self.audience),
            texts: self.texts.into_sets(len, false),
        }
    }
}

impl Cells {
    /// Fills in what is distinct in these cells alone.
    fn finished(mut self, measures: Measures) -> Self {
        let mut cells = std::mem::take(&mut self.cells);
        self.authors.each(|met| {
            // Nothing is taken off: nothing can be unknown.
            let _ = author(&mut cells[met.cell as usize], None, Some(met), None, measures);
        });
        self.texts.each(|met| cells[met.cell as usize].texts += 1);
        Self { cells, ..self }
    }

    /// These cells, which are finished, with what came and less what went; `None` where that cannot be told.
    fn changed(&self, came: &Cells, gone: &Cells, measures: Measures) -> Option<Vec<Cell>> {
        let mut cells = self.cells.clone();
        for (i, cell) in cells.iter_mut().enumerate() {
            add(cell, &came.cells[i]);
            take_off(cell, &gone.cells[i])?;
        }
        let known = beside(
            &self.authors,
            &came.authors,
            &gone.authors,
            |cell, before, came, gone| author(&mut cells[cell], before, came, gone, measures).is_some(),
        );
        let told = known
            && beside(
                &self.texts,
                &came.texts,
                &gone.texts,
                |cell, before, came, gone| {
                    let had = before.map_or(0, times);
                    let has = (had + came.map_or(0, times)).checked_sub(gone.map_or(0, times));
                    let cell = &mut cells[cell].texts;
                    *cell = (*cell + u64::from(has > Some(0))).saturating_sub(u64::from(had > 0));
                    has.is_some()
                },
            );
        told.then_some(cells)
    }
}

fn times(met: Met) -> u64 {
    u64::from(met.times)
}

/// Calls `each` with the cell of every number that came or went, how it was met before, and how it came and went, for as
/// long as that says yes.
fn beside(
    before: &Sets,
    came: &Sets,
    gone: &Sets,
    mut each: impl FnMut(usize, Option<Met>, Option<Met>, Option<Met>) -> bool,
) -> bool {
    let mut left: HashMap<(u32, u64), Met> = HashMap::default();
    gone.each(|met| {
        left.insert((met.cell, met.number), met);
    });
    let mut told = true;
    came.beside(before, |met, before| {
        let gone = left.remove(&(met.cell, met.number));
        told = told && each(met.cell as usize, before, Some(met), gone);
    });
    if !left.is_empty() {
        gone.beside(before, |met, before| {
            if left.contains_key(&(met.cell, met.number)) {
                told = told && each(met.cell as usize, before, None, Some(met));
            }
        });
    }
    told
}

/// Adds what is summed, which distinct values are not.
fn add(cell: &mut Cell, from: &Cell) {
    cell.mentions += from.mentions;
    cell.engagement = cell.engagement.saturating_add(from.engagement);
    cell.scored += from.scored;
    cell.worded += from.worded;
    for k in 0..3 {
        cell.sentiment[k] += from.sentiment[k];
        cell.probabilities[k] += from.probabilities[k];
    }
}

/// Takes what is summed off again; `None` where a sum had no room.
fn take_off(cell: &mut Cell, gone: &Cell) -> Option<()> {
    if gone.mentions == 0 {
        return Some(());
    }
    cell.mentions = cell.mentions.checked_sub(gone.mentions)?;
    let full = cell.engagement == u64::MAX;
    cell.engagement = cell.engagement.checked_sub(gone.engagement).filter(|_| !full)?;
    cell.scored = cell.scored.checked_sub(gone.scored)?;
    cell.worded = cell.worded.checked_sub(gone.worded)?;
    for k in 0..3 {
        cell.sentiment[k] = cell.sentiment[k].checked_sub(gone.sentiment[k])?;
        cell.probabilities[k] = cell.probabilities[k].checked_sub(gone.probabilities[k])?;
    }
    Some(())
}

/// Counts an author in a cell, who was met before, came again and went in part. Values are one more than the followers, 0
/// where those are unknown. `None` where the most followers cannot be told: what went had them.
fn author(
    cell: &mut Cell,
    before: Option<Met>,
    came: Option<Met>,
    gone: Option<Met>,
    measures: Measures,
) -> Option<()> {
    let of = |met: Option<Met>| met.map_or(0, times);
    let (had, more, less) = (of(before), of(came), of(gone));
    let has = (had + more).checked_sub(less)?;
    if measures.authors {
        cell.authors = (cell.authors + u64::from(has > 0)).checked_sub(u64::from(had > 0))?;
        cell.signed = (cell.signed + more).checked_sub(less)?;
    }
    if measures.voices {
        let full = cell.squares == u64::MAX && less > 0;
        let added = cell.squares.saturating_add(has.saturating_mul(has));
        cell.squares = added.checked_sub(had.saturating_mul(had)).filter(|_| !full)?;
    }
    if measures.audience {
        let old = before.map_or(0, |met| met.value);
        let now = if has == 0 {
            0
        } else {
            most_followers(before, came, gone)?
        };
        cell.audience_of = (cell.audience_of + u64::from(now > 0)).checked_sub(u64::from(old > 0))?;
        let sum = cell.audience.unwrap_or(0) + u64::from(now.saturating_sub(1));
        let sum = sum.checked_sub(u64::from(old.saturating_sub(1)))?;
        cell.audience = (cell.audience_of > 0).then_some(sum);
    }
    Some(())
}

/// The largest value among what is left.
fn most_followers(before: Option<Met>, came: Option<Met>, gone: Option<Met>) -> Option<u32> {
    let new = came.map_or(0, |met| met.value);
    let (Some(before), Some(gone)) = (before, gone) else {
        return Some(before.map_or(0, |met| met.value).max(new));
    };
    let stays = gone.value < before.value || gone.most < before.most;
    match () {
        () if before.times == gone.times => Some(new),
        () if new >= before.value || stays => Some(before.value.max(new)),
        () => None,
    }
}

/// Counts documents of a segment, with the engagement of the time of `later`.
pub(super) fn count(
    hits: &Hits<'_>,
    locals: &[Local<'_>],
    measures: Measures,
    which: Which<'_>,
    later: Option<Arc<SegmentCounts>>,
) -> Result<Partial, Error> {
    let len = |i: usize| locals.get(i).map_or(1, |l| l.len);
    let mut counting = Counting::new([len(0), len(1)], locals.len(), measures.audience);
    let mut reader = Reader::new(hits, measures, later)?;
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

/// Sums in the making.
struct Counting {
    lens: [usize; 2],
    cells: Adding,
    rows: Adding,
    total: Adding,
}

impl Counting {
    fn new(lens: [usize; 2], cuts: usize, audience: bool) -> Self {
        let adding = |len| Adding::new(len, audience);
        Self {
            lens,
            cells: adding(lens[0] * lens[1]),
            rows: adding(if cuts == 2 { lens[0] } else { 0 }),
            total: adding(usize::from(cuts > 0)),
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
        Self(Counting::new(lens, cuts, false), cuts)
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
pub(super) fn merge(parts: &[Placed], lens: [usize; 2], cuts: usize) -> Partial {
    let cell = |part: &Placed, i: usize| {
        let (width, offsets) = (part.0.lens[1].max(1), part.1);
        (i / width + offsets[0]) * lens[1] + i % width + offsets[1]
    };
    let rows = if cuts == 2 { lens[0] } else { 0 };
    Partial {
        lens,
        cells: united(parts, |part| &part.cells, lens[0] * lens[1], cell),
        rows: united(parts, |part| &part.rows, rows, |part, i| i + part.1[0]),
        total: united(parts, |part| &part.total, usize::from(cuts > 0), |_, i| i),
    }
}

/// Adds some cells of parts up; `place` says where one of a part's stands among `len`.
fn united(
    parts: &[Placed],
    of: fn(&Partial) -> &Cells,
    len: usize,
    place: impl Fn(&Placed, usize) -> usize + Sync,
) -> Cells {
    let mut cells = vec![Cell::default(); len];
    for part in parts {
        for (i, from) in of(&part.0).cells.iter().enumerate() {
            add(&mut cells[place(part, i)], from);
        }
    }
    let places: Vec<_> = parts.iter().map(|part| |i: usize| place(part, i)).collect();
    let sets = |of_cells: fn(&Cells) -> &Sets| {
        let sets = parts.iter().map(|part| of_cells(of(&part.0)));
        let parts: Vec<(&Sets, &dyn Fn(usize) -> usize)> = sets
            .zip(&places)
            .map(|(sets, place)| (sets, place as &dyn Fn(usize) -> usize))
            .collect();
        Sets::united(&parts, len)
    };
    Cells {
        cells,
        authors: sets(|cells| &cells.authors),
        texts: sets(|cells| &cells.texts),
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
    measures: Measures,
) -> Option<Answered> {
    let first = |cells: &[Cell]| cells.first().copied().unwrap_or_default();
    let cells = kept.cells.changed(&came.cells, &gone.cells, measures)?;
    if cuts == 0 {
        let total = first(&cells);
        return Some((cells.clone(), cells, total));
    }
    let total = first(&kept.total.changed(&came.total, &gone.total, measures)?);
    match cuts {
        1 => Some((cells.clone(), cells, total)),
        _ => Some((cells, kept.rows.changed(&came.rows, &gone.rows, measures)?, total)),
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
