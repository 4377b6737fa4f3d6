//! Distinct values per cell while they are met.
//!
//! The numbers are hash values, so that their first bits part them evenly: a list is put in order by parting it once into
//! groups small enough for the processor's first cache, and sorting each.

use super::drawn::{By, Levels, is_drawn, level_of};
use super::sets::Sets;

/// Values in the list are put in order when so many were added.
const LIST: usize = 1 << 18;
/// Authors met lately, of whom many are met again soon: few enough for the processor's nearer caches.
const LATELY: usize = 1 << 12;
/// They are remembered behind so many.
const BEGINNING: usize = 1 << 12;
/// A list this short is sorted as it is.
const SHORT: usize = 1 << 10;
/// Values in a group, about.
const GROUP: usize = 1 << 8;
/// Groups at most: their ends are written to in turn.
const GROUPS: usize = 1 << 12;

/// A number met in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Met {
    pub(super) cell: u32,
    pub(super) number: u64,
    /// The largest value it came with.
    pub(super) value: u32,
    /// How often.
    pub(super) times: u32,
    /// How often with the largest value.
    pub(super) most: u32,
}

impl Met {
    pub(super) fn place(&self) -> (u32, u64) {
        (self.cell, self.number)
    }

    /// Takes in the same number, met again.
    fn join(&mut self, other: &Self) {
        match other.value.cmp(&self.value) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => self.most = self.most.saturating_add(other.most),
            std::cmp::Ordering::Greater => (self.value, self.most) = (other.value, other.most),
        }
        self.times = self.times.saturating_add(other.times);
    }
}

/// Numbers as they are met.
#[derive(Debug, Default)]
pub(super) struct Distinct {
    by: By,
    /// Numbers of a cell that are held at most.
    room: usize,
    /// The level of each cell.
    levels: Vec<u8>,
    /// Those of the cells elsewhere.
    elsewhere: Levels,
    /// In order, each once.
    tidy: Vec<Met>,
    /// As they came.
    met: Vec<Met>,
    /// Whether what was met lately is remembered.
    remembers: bool,
    /// Those, each in its place; empty to begin with. What was met no time is none.
    lately: Vec<Met>,
    /// Whether a level rose and what is held was not looked through yet.
    has_risen: bool,
}

impl Distinct {
    /// In so many cells.
    pub(super) fn new(by: By, cells: usize, room: usize, elsewhere: Levels) -> Self {
        Self {
            by,
            room,
            levels: (0..cells).map(|cell| elsewhere.of(cell)).collect(),
            elsewhere,
            ..Self::default()
        }
    }

    /// The same, of what is met again and again.
    pub(super) fn remembering(self) -> Self {
        Self {
            remembers: true,
            ..self
        }
    }

    pub(super) fn level(&self, cell: u32) -> u8 {
        self.levels[cell as usize]
    }

    /// Adds a number, if it is drawn. Where a cell begins to draw, `begin` is told first of all that it held.
    #[inline]
    pub(super) fn add(&mut self, met: Met, begin: impl FnMut(&[Met])) {
        let level = self.levels[met.cell as usize];
        if !is_drawn(met.number, self.by.weight(&met), level) {
            return;
        }
        let Some(met) = self.not_lately(met) else {
            return;
        };
        self.met.push(met);
        if level > 0 {
            self.count(&met);
        }
        if self.met.len() > LIST.max(self.tidy.len()) {
            self.tidy_up(begin);
        }
    }

    /// What has to be put into the list for it: nothing, if it was met lately, or what was met in its place.
    #[inline]
    fn not_lately(&mut self, met: Met) -> Option<Met> {
        if self.lately.is_empty() {
            if self.remembers && self.met.len() >= BEGINNING {
                self.lately = vec![Met { times: 0, ..met }; LATELY];
            }
            return Some(met);
        }
        let place = (met.number ^ u64::from(met.cell).wrapping_mul(0x9e37_79b9)) as usize % LATELY;
        let known = &mut self.lately[place];
        match known.times > 0 && known.place() == met.place() {
            true => {
                known.join(&met);
                None
            }
            false => Some(std::mem::replace(known, met)).filter(|old| old.times > 0),
        }
    }

    /// Counts what is drawn over all segments.
    fn count(&mut self, met: &Met) {
        let cell = met.cell as usize;
        let level = self.elsewhere.count(cell, met.number, self.by.weight(met));
        if level > self.levels[cell] {
            self.levels[cell] = level;
            self.has_risen = true;
        }
    }

    fn tidy_up(&mut self, begin: impl FnMut(&[Met])) {
        let lately = std::mem::take(&mut self.lately);
        self.met.extend(lately.iter().filter(|met| met.times > 0));
        self.forget_what_is_not_drawn();
        let old = std::mem::take(&mut self.tidy);
        self.tidy = match (old.is_empty(), self.met.is_empty()) {
            (_, true) => old,
            (true, false) => joined(std::mem::take(&mut self.met)),
            (false, false) => merged(&old, &joined(std::mem::take(&mut self.met))),
        };
        self.thin(begin);
    }

    fn forget_what_is_not_drawn(&mut self) {
        if std::mem::take(&mut self.has_risen) {
            let (by, levels) = (self.by, &self.levels);
            for list in [&mut self.tidy, &mut self.met] {
                list.retain(|met| is_drawn(met.number, by.weight(met), levels[met.cell as usize]));
            }
        }
    }

    /// Raises the levels of cells that hold too many.
    fn thin(&mut self, mut begin: impl FnMut(&[Met])) {
        let by = self.by;
        let mut began = Vec::new();
        for own in self.tidy.chunk_by(|a, b| a.cell == b.cell) {
            let cell = own[0].cell as usize;
            let needed = match own.len() > self.room {
                true => level_of(own.iter().map(|met| (met.number, by.weight(met))), self.room),
                false => 0,
            };
            let level = needed.max(self.elsewhere.of(cell));
            if level > self.levels[cell] {
                if self.levels[cell] == 0 {
                    begin(own);
                    began.push(cell as u32);
                }
                self.levels[cell] = level;
                self.elsewhere.raise(cell, level);
                self.has_risen = true;
            }
        }
        self.forget_what_is_not_drawn();
        for cell in began {
            let from = self.tidy.partition_point(|met| met.cell < cell);
            for met in self.tidy[from..].iter().take_while(|met| met.cell == cell) {
                self.elsewhere.count(cell as usize, met.number, by.weight(met));
            }
        }
    }

    /// The sets; what each number came with only where it is `wanted`.
    pub(super) fn into_sets(mut self, wanted: bool, begin: impl FnMut(&[Met])) -> Sets {
        self.tidy_up(begin);
        let mut sets = Sets::with_room(self.tidy.len(), wanted);
        self.tidy.iter().for_each(|met| sets.push(met));
        sets.end(self.levels);
        sets
    }
}

/// The same in order, each number of a cell once.
fn joined(met: Vec<Met>) -> Vec<Met> {
    let mut met = sorted(met);
    join_equal(&mut met);
    met
}

/// Joins the equal numbers of a cell, which stand beside one another.
pub(super) fn join_equal(met: &mut Vec<Met>) {
    met.dedup_by(|next, kept| {
        let same = kept.place() == next.place();
        if same {
            kept.join(next);
        }
        same
    });
}

/// The same in the order of cells and numbers.
fn sorted(mut met: Vec<Met>) -> Vec<Met> {
    let cells = met
        .iter()
        .map(|m| m.cell)
        .max()
        .map_or(1, |last| last as usize + 1);
    let wanted = (met.len() / GROUP).min(GROUPS);
    if met.len() <= SHORT || cells > GROUPS {
        met.sort_unstable_by_key(Met::place);
        return met;
    }
    // So many first bits of the numbers part each cell.
    let bits = (wanted / cells).checked_ilog2().unwrap_or(0);
    let group = |m: &Met| {
        let within = m.number.checked_shr(64 - bits).unwrap_or(0);
        (m.cell as usize) << bits | within as usize
    };
    let mut ends = vec![0usize; (cells << bits) + 1];
    met.iter().for_each(|m| ends[group(m) + 1] += 1);
    for i in 1..ends.len() {
        ends[i] += ends[i - 1];
    }
    let begins = ends.clone();
    let mut parted = met.clone();
    for m in &met {
        let end = &mut ends[group(m)];
        parted[*end] = *m;
        *end += 1;
    }
    for bounds in begins.windows(2) {
        // A group is of one cell.
        parted[bounds[0]..bounds[1]].sort_unstable_by_key(|met| met.number);
    }
    parted
}

/// Two lists in order as one.
fn merged(a: &[Met], b: &[Met]) -> Vec<Met> {
    let mut out = Vec::with_capacity(a.len() + b.len());
    let (mut i, mut k) = (0, 0);
    while i < a.len() && k < b.len() {
        match a[i].place().cmp(&b[k].place()) {
            std::cmp::Ordering::Less => {
                out.push(a[i]);
                i += 1;
            }
            std::cmp::Ordering::Greater => {
                out.push(b[k]);
                k += 1;
            }
            std::cmp::Ordering::Equal => {
                let mut both = a[i];
                both.join(&b[k]);
                out.push(both);
                (i, k) = (i + 1, k + 1);
            }
        }
    }
    out.extend(&a[i..]);
    out.extend(&b[k..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// A number that looks like a hash value.
    fn spread(n: u64) -> u64 {
        n.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    #[test]
    fn long_lists_are_counted_as_short_ones_are() {
        for cells in [1u32, 3, 700, 5_000] {
            let mut distinct = Distinct::new(By::Number, cells as usize, usize::MAX, Levels::default());
            let mut plain: BTreeMap<(u32, u64), (u32, u32, u32)> = BTreeMap::new();
            for i in 0..600_000u64 {
                let (cell, number) = ((i % u64::from(cells)) as u32, spread(i * i % 9_000));
                let value = (i % 11) as u32;
                distinct.add(
                    Met {
                        cell,
                        number,
                        value,
                        times: 1,
                        most: 1,
                    },
                    |_| {},
                );
                let (times, largest, most) = plain.entry((cell, number)).or_default();
                *times += 1;
                match value.cmp(largest) {
                    std::cmp::Ordering::Less => {}
                    std::cmp::Ordering::Equal => *most += 1,
                    std::cmp::Ordering::Greater => (*largest, *most) = (value, 1),
                }
            }
            let mut seen = BTreeMap::new();
            let mut last = None;
            distinct.into_sets(true, |_| {}).each(|met| {
                assert!(last < Some(met.place()));
                last = Some(met.place());
                seen.insert(met.place(), (met.times, met.value, met.most));
            });
            assert!(seen == plain, "{cells} cells");
        }
    }

    #[test]
    fn a_cell_with_too_many_draws_and_says_first_what_it_held() {
        let levels = Levels::new(2, 1_000);
        let mut distinct = Distinct::new(By::Number, 2, 1_000, levels.clone());
        let mut held = 0;
        let met = |cell, n| Met {
            cell,
            number: spread(n),
            value: 0,
            times: 1,
            most: 1,
        };
        (0..900).for_each(|n| distinct.add(met(0, n), |_| unreachable!("a full list only")));
        (0..300_000u64).for_each(|n| distinct.add(met(1, n), |all| held += all.len()));
        let sets = distinct.into_sets(false, |all| held += all.len());
        assert_eq!((sets.level(0), sets.len(0)), (0, 900), "few stay all");
        assert!(held > 100_000, "{held} is all that the list held then");
        let level = sets.level(1);
        assert_eq!(levels.of(1), level, "others know");
        assert!((500..=1_000).contains(&sets.len(1)), "{}", sets.len(1));
        let estimate = (sets.len(1) as u64) << level;
        assert!(
            estimate.abs_diff(300_000) < 300_000 * 4 / 22,
            "{estimate} of 300,000 by 500 drawn"
        );
    }
}
