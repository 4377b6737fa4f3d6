//! Cells with what is distinct in them, and the same after something came and something went.

use super::distinct::Met;
use super::drawn::is_drawn;
use super::people::Wanted;
use super::sets::Sets;
use super::sums::{Cells, add, joined, take_off};
use super::tug::{self, counter};
use crate::aggregate::{Cell, Measures};
use foldhash::HashMap;

impl Cells {
    /// Fills in what is distinct in these cells alone.
    pub(super) fn finished(mut self, measures: Measures) -> Self {
        let mut cells = std::mem::take(&mut self.cells);
        let authors = &self.people.authors;
        authors.each(|met| {
            let (cell, level) = (met.cell as usize, authors.level(met.cell as usize));
            // Nothing is taken off: nothing can be unknown.
            let _ = author(&mut cells[cell], [None, Some(met), None], measures, level);
        });
        let texts = &self.texts;
        texts.each(|met| {
            let cell = met.cell as usize;
            cells[cell].texts += 1 << texts.level(cell);
        });
        for (at, cell) in cells.iter_mut().enumerate() {
            if let Some(tug) = self.people.tug(at).filter(|_| authors.level(at) > 0) {
                cell.squares = tug.squares();
            }
        }
        if measures.audience {
            let reach = &self.people.reach;
            reach.each(|met| {
                let at = met.cell as usize;
                let sum = cells[at].audience.get_or_insert(0);
                *sum = sum.saturating_add(stands_for(met.value, reach.level(at)));
            });
        }
        Self { cells, ..self }
    }

    /// Says how sure the estimates are, of cells that began as these.
    fn settled(&self, mut cells: Vec<Cell>, measures: Measures) -> Vec<Cell> {
        for (at, cell) in cells.iter_mut().enumerate() {
            let (people, texts) = (self.people.authors.level(at), self.texts.level(at));
            if people > 0 {
                if measures.authors {
                    cell.errors.authors = of_number(cell.authors, people);
                    cell.authors = cell.authors.min(cell.signed);
                }
                cell.errors.squares = if measures.voices { tug::ERROR } else { 0 };
            }
            if texts > 0 {
                cell.errors.texts = of_number(cell.texts, texts);
                cell.texts = cell.texts.min(cell.worded);
            }
        }
        if self.people.reach.has_drawn() {
            self.of_reach(&mut cells);
        }
        cells
    }

    /// The variance of a sum over values drawn by weight, each of which stands for 2^level, is estimated without bias by the
    /// sum of 2^level · (2^level − weight) over those drawn that weigh less.
    fn of_reach(&self, cells: &mut [Cell]) {
        let reach = &self.people.reach;
        let mut variances = vec![0.0; cells.len()];
        reach.each(|met| {
            let most = (1u64 << reach.level(met.cell as usize)) as f64;
            variances[met.cell as usize] += most * (most - f64::from(met.value - 1)).max(0.0);
        });
        for (cell, variance) in cells.iter_mut().zip(variances) {
            let sum = cell.audience.unwrap_or(0) as f64;
            if variance > 0.0 && sum > 0.0 {
                cell.errors.audience = millionths(variance.sqrt() / sum);
            }
        }
    }

    fn is_further_than(&self, other: &Self) -> bool {
        let further = |own: &Sets, other: &Sets| (0..own.cells()).any(|at| own.level(at) > other.level(at));
        // Counters stand for authors that are not drawn: they are added up, not compared.
        self.people.has_drawn() || further(&self.texts, &other.texts)
    }
}

/// The relative standard error of a number estimated from values drawn at a level, in millionths: of so many drawn with
/// the chance *p*, √((1 − p) ÷ drawn).
fn of_number(estimate: u64, level: u8) -> u32 {
    let most = (1u64 << level) as f64;
    millionths(((1.0 - 1.0 / most) * most / (estimate.max(1) as f64)).sqrt())
}

fn millionths(share: f64) -> u32 {
    (share * 1e6).ceil().min(f64::from(u32::MAX)) as u32
}

/// What a value drawn by its followers, which are one less, adds to the sum.
fn stands_for(value: u32, level: u8) -> u64 {
    match value {
        0 | 1 => 0,
        _ => u64::from(value - 1).max(if level == 0 { 0 } else { 1 << level }),
    }
}

/// These cells, which are finished, with what came and less what went; `None` where that cannot be told.
pub(super) fn changed_cells(kept: &Cells, came: &Cells, gone: &Cells, wanted: Wanted) -> Option<Vec<Cell>> {
    if gone.has_drawn() {
        return None;
    }
    if came.is_further_than(kept) {
        let same = |at: usize| at;
        let parts: [(&Cells, &dyn Fn(usize) -> usize); 2] = [(kept, &same), (came, &same)];
        let all = joined(&parts, (kept.cells.len(), wanted)).finished(wanted.measures);
        return changed_cells(&all, &Cells::nothing(kept.cells.len()), gone, wanted);
    }
    let mut cells = kept.cells.clone();
    for (i, cell) in cells.iter_mut().enumerate() {
        add(cell, &came.cells[i]);
        take_off(cell, &gone.cells[i])?;
    }
    Changing {
        cells: &mut cells,
        kept,
        came,
        gone,
        measures: wanted.measures,
    }
    .all()
    .then(|| kept.settled(cells, wanted.measures))
}

/// Cells being changed.
struct Changing<'c> {
    cells: &'c mut [Cell],
    kept: &'c Cells,
    came: &'c Cells,
    gone: &'c Cells,
    measures: Measures,
}

impl Changing<'_> {
    /// Whether all of it can be told.
    fn all(mut self) -> bool {
        let told = self.authors() && self.texts();
        if told {
            self.squares();
        }
        told && (!self.measures.audience || self.reach())
    }

    fn authors(&mut self) -> bool {
        let (kept, cells, measures) = (&self.kept.people.authors, &mut *self.cells, self.measures);
        let (came, gone) = (&self.came.people.authors, &self.gone.people.authors);
        beside(kept, came, gone, |cell, number, met| {
            let level = kept.level(cell);
            !is_drawn(number, 1, level) || author(&mut cells[cell], met, measures, level).is_some()
        })
    }

    fn texts(&mut self) -> bool {
        let (kept, cells) = (&self.kept.texts, &mut *self.cells);
        beside(
            kept,
            &self.came.texts,
            &self.gone.texts,
            |at, number, [before, came, gone]| {
                let level = kept.level(at);
                if !is_drawn(number, 1, level) {
                    return true;
                }
                let had = times(before);
                let has = (had + times(came)).checked_sub(times(gone));
                let (more, less) = (u64::from(has > Some(0)) << level, u64::from(had > 0) << level);
                let texts = &mut cells[at].texts;
                *texts = (*texts + more).saturating_sub(less);
                has.is_some()
            },
        )
    }

    /// Pulls the counters of cells that draw their authors.
    fn squares(&mut self) {
        let kept = &self.kept.people;
        if !self.measures.voices || !kept.has_drawn() {
            return;
        }
        let mut pulls: HashMap<(u32, usize), i64> = HashMap::default();
        for (sets, way) in [(&self.came.people.authors, 1), (&self.gone.people.authors, -1)] {
            sets.each(|met| {
                let (at, sign) = counter(met.number);
                *pulls.entry((met.cell, at)).or_default() += way * sign * i64::from(met.times);
            });
        }
        for ((cell, at), pull) in pulls {
            let Some(tug) = kept
                .tug(cell as usize)
                .filter(|_| kept.authors.level(cell as usize) > 0)
            else {
                continue;
            };
            let (old, new) = (tug.at(at), tug.at(at) + pull);
            let squares = &mut self.cells[cell as usize].squares;
            let square = |n: i64| n.unsigned_abs().saturating_pow(2);
            *squares = squares.saturating_add(square(new)).saturating_sub(square(old));
        }
    }

    /// Changes the audience of cells that draw their authors.
    fn reach(&mut self) -> bool {
        let (kept, cells) = (&self.kept.people, &mut *self.cells);
        if !kept.has_drawn() {
            return true;
        }
        let (came, gone) = (&self.came.people.authors, &self.gone.people.authors);
        beside(&kept.reach, came, gone, |at, number, met| {
            let level = kept.reach.level(at);
            if kept.authors.level(at) == 0 {
                return true;
            }
            let drawn = |met: &Met| is_drawn(number, met.value.saturating_sub(1), level);
            let [before, came, gone] = met.map(|met| met.filter(drawn));
            let Some(now) = most_followers(before, came, gone) else {
                return false;
            };
            let old = stands_for(before.map_or(0, |met| met.value), level);
            let sum = cells[at].audience.get_or_insert(0);
            *sum = sum.saturating_add(stands_for(now, level)).saturating_sub(old);
            true
        })
    }
}

fn times(met: Option<Met>) -> u64 {
    met.map_or(0, |met| u64::from(met.times))
}

/// Calls `each` with the cell of every number that came or went, and how it was met before, how it came and how it went,
/// for as long as that says yes.
fn beside(
    before: &Sets,
    came: &Sets,
    gone: &Sets,
    mut each: impl FnMut(usize, u64, [Option<Met>; 3]) -> bool,
) -> bool {
    let mut left: HashMap<(u32, u64), Met> = HashMap::default();
    gone.each(|met| {
        left.insert((met.cell, met.number), met);
    });
    let mut told = true;
    came.beside(before, |met, before| {
        let gone = left.remove(&(met.cell, met.number));
        told = told && each(met.cell as usize, met.number, [before, Some(met), gone]);
    });
    if !left.is_empty() {
        gone.beside(before, |met, before| {
            if left.contains_key(&(met.cell, met.number)) {
                told = told && each(met.cell as usize, met.number, [before, None, Some(met)]);
            }
        });
    }
    told
}

/// Counts an author in a cell, who was met before, came again and went in part, and stands for 2^level. Values are one more
/// than the followers, 0 where those are unknown. `None` where the most followers cannot be told: what went had them.
fn author(
    cell: &mut Cell,
    [before, came, gone]: [Option<Met>; 3],
    measures: Measures,
    level: u8,
) -> Option<()> {
    let (had, more, less) = (times(before), times(came), times(gone));
    let has = (had + more).checked_sub(less)?;
    let one = |is: bool| u64::from(is) << level;
    if measures.authors {
        cell.authors = (cell.authors + one(has > 0)).checked_sub(one(had > 0))?;
    }
    if measures.voices && level == 0 {
        let full = cell.squares == u64::MAX && less > 0;
        let added = cell.squares.saturating_add(has.saturating_mul(has));
        cell.squares = added.checked_sub(had.saturating_mul(had)).filter(|_| !full)?;
    }
    if measures.audience {
        let old = before.map_or(0, |met| met.value);
        let now = match (has, most_followers(before, came, gone)) {
            (0, _) => 0,
            (_, Some(most)) => most,
            // Here it matters only whether any are known.
            (_, None) if level > 0 => old,
            (_, None) => return None,
        };
        cell.audience_of = (cell.audience_of + one(now > 0)).checked_sub(one(old > 0))?;
        if level == 0 {
            let sum = cell.audience.unwrap_or(0) + u64::from(now.saturating_sub(1));
            let sum = sum.checked_sub(u64::from(old.saturating_sub(1)))?;
            cell.audience = (cell.audience_of > 0).then_some(sum);
        }
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
        () if new >= before.value || stays => Some(before.value.max(new)),
        () if before.times == gone.times => Some(new),
        () => None,
    }
}
