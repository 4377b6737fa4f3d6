//! Sorted sets of distinct values, one for each cell.

use super::distinct::{Met, join_equal};
use super::drawn::{By, is_drawn, level_of};

/// Values that are united at once, about.
const GROUP_UNITED: usize = 1 << 11;

/// A sorted set of numbers per cell.
#[derive(Debug, Default)]
pub(super) struct Sets {
    /// The level of each cell: what it holds was drawn, where that is not 0.
    levels: Vec<u8>,
    /// Where each cell's numbers begin, and where the last one's end.
    starts: Vec<u32>,
    numbers: Vec<u64>,
    /// How often each was met.
    times: Vec<u32>,
    /// The largest value of each, and how often it was met with that; empty where nobody asks.
    values: Vec<(u32, u32)>,
    /// Whether somebody asks.
    wanted: bool,
}

/// What is left of a cell of some sets.
#[derive(Clone)]
struct Slice<'s> {
    sets: &'s Sets,
    own: usize,
    at: usize,
    end: usize,
}

impl Slice<'_> {
    /// Takes the numbers of the next group, of so many groups of equal size, that are drawn at a level into a cell.
    fn take(&mut self, (group, groups): (u64, u64), to: &To, out: &mut Vec<Met>) {
        // Groups are a power of two; the last has no end.
        let end = (group < groups).then(|| (u64::MAX / groups + 1).saturating_mul(group));
        let all = self.sets.level(self.own) == to.level;
        while self.at < self.end && end.is_none_or(|end| self.sets.numbers[self.at] < end) {
            let met = Met {
                cell: to.cell,
                ..self.sets.at(self.own, self.at)
            };
            if all && to.by == By::Number || is_drawn(met.number, to.by.weight(&met), to.level) {
                out.push(met);
            }
            self.at += 1;
        }
    }
}

/// A cell that numbers are united in.
struct To {
    cell: u32,
    by: By,
    level: u8,
}

/// Sets and where each of their cells belongs; nowhere, if it is left out.
pub(super) type Part<'s> = (&'s Sets, &'s dyn Fn(usize) -> Option<usize>);

impl Sets {
    pub(super) fn with_room(room: usize, wanted: bool) -> Self {
        Self {
            levels: Vec::new(),
            starts: Vec::new(),
            numbers: Vec::with_capacity(room),
            times: Vec::with_capacity(room),
            values: Vec::with_capacity(if wanted { room } else { 0 }),
            wanted,
        }
    }

    /// Of one cell: numbers, ascending, and how often each was met.
    pub(super) fn of_one(met: &[(u64, u32)]) -> Self {
        let mut sets = Self::with_room(met.len(), false);
        for &(number, times) in met {
            sets.push(&Met {
                cell: 0,
                number,
                value: 0,
                times,
                most: times,
            });
        }
        sets.end(vec![0]);
        sets
    }

    /// The level of a cell.
    pub(super) fn level(&self, cell: usize) -> u8 {
        self.levels.get(cell).copied().unwrap_or(0)
    }

    pub(super) fn cells(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether a cell holds only what was drawn.
    pub(super) fn has_drawn(&self) -> bool {
        self.levels.iter().any(|level| *level > 0)
    }

    /// Adds a number behind the last, in order.
    pub(super) fn push(&mut self, met: &Met) {
        while self.starts.len() <= met.cell as usize {
            self.starts.push(self.numbers.len() as u32);
        }
        self.numbers.push(met.number);
        self.times.push(met.times);
        if self.wanted {
            self.values.push((met.value, met.most));
        }
    }

    /// Ends them behind the cells of these levels.
    pub(super) fn end(&mut self, levels: Vec<u8>) {
        self.starts.resize(levels.len() + 1, self.numbers.len() as u32);
        self.levels = levels;
    }

    /// Several in one of so many cells, each of which holds so many numbers at most. What numbers came with is kept where
    /// one of them has it. Where a cell begins to draw, `begin` is told first of all that it held.
    pub(super) fn united(
        parts: &[Part<'_>],
        by: By,
        (cells, room): (usize, usize),
        mut begin: impl FnMut(Met),
    ) -> Self {
        let wanted = parts.iter().any(|(sets, _)| sets.wanted);
        let mut levels = vec![0u8; cells];
        let mut by_cell: Vec<Vec<Slice<'_>>> = vec![Vec::new(); cells];
        for (sets, place) in parts {
            for own in 0..sets.starts.len().saturating_sub(1) {
                let Some(cell) = place(own) else { continue };
                levels[cell] = levels[cell].max(sets.level(own));
                let (at, end) = (sets.starts[own] as usize, sets.starts[own + 1] as usize);
                if at < end {
                    by_cell[cell].push(Slice { sets, own, at, end });
                }
            }
        }
        let most = parts.iter().map(|(sets, _)| sets.numbers.len()).max();
        let mut united = Self::with_room(most.unwrap_or(0), wanted);
        for (cell, slices) in by_cell.into_iter().enumerate() {
            let to = To {
                cell: cell as u32,
                by,
                level: levels[cell],
            };
            united.unite(slices, &to);
            levels[cell] = united.thin_last(&to, room, &mut begin);
        }
        united.end(levels);
        united
    }

    /// Adds a cell behind those that are there.
    fn unite(&mut self, mut slices: Vec<Slice<'_>>, to: &To) {
        while self.starts.len() <= to.cell as usize {
            self.starts.push(self.numbers.len() as u32);
        }
        let all: usize = slices.iter().map(|s| s.end - s.at).sum();
        let groups = (all / GROUP_UNITED).next_power_of_two() as u64;
        let mut some = Vec::new();
        for group in 1..=groups {
            some.clear();
            slices
                .iter_mut()
                .for_each(|slice| slice.take((group, groups), to, &mut some));
            // All of one cell: its numbers alone are in order or not.
            some.sort_unstable_by_key(|met: &Met| met.number);
            join_equal(&mut some);
            some.iter().for_each(|met| self.push(met));
        }
    }

    /// The level at which the last cell has room, which it has from then on.
    fn thin_last(&mut self, to: &To, room: usize, begin: &mut impl FnMut(Met)) -> u8 {
        let (cell, start) = (to.cell as usize, self.starts[to.cell as usize] as usize);
        if self.numbers.len() - start <= room {
            return to.level;
        }
        let own: Vec<Met> = (start..self.numbers.len()).map(|i| self.at(cell, i)).collect();
        let level = level_of(own.iter().map(|met| (met.number, to.by.weight(met))), room).max(to.level);
        if to.level == 0 {
            own.iter().for_each(|met| begin(*met));
        }
        self.numbers.truncate(start);
        self.times.truncate(start);
        self.values.truncate(start);
        let drawn = own
            .iter()
            .filter(|met| is_drawn(met.number, to.by.weight(met), level));
        drawn.for_each(|met| self.push(met));
        level
    }

    /// Calls `each` with every number of every cell, in order.
    pub(super) fn each(&self, mut each: impl FnMut(Met)) {
        for (cell, bounds) in self.starts.windows(2).enumerate() {
            for i in bounds[0] as usize..bounds[1] as usize {
                each(self.at(cell, i));
            }
        }
    }

    fn at(&self, cell: usize, i: usize) -> Met {
        let times = self.times[i];
        let (value, most) = self.values.get(i).copied().unwrap_or((0, times));
        Met {
            cell: cell as u32,
            number: self.numbers[i],
            value,
            times,
            most,
        }
    }

    /// Calls `each` with every number here and the same one of `before`, where it is there.
    pub(super) fn beside(&self, before: &Sets, mut each: impl FnMut(Met, Option<Met>)) {
        let mut cell = usize::MAX;
        let mut at = 0;
        self.each(|met| {
            let own = met.cell as usize;
            let bound = |i: usize| before.starts.get(i).map_or(0, |s| *s as usize);
            if own != cell {
                (cell, at) = (own, bound(own));
            }
            let end = bound(own + 1);
            at = gallop(&before.numbers, at, end, met.number);
            let found = at < end && before.numbers[at] == met.number;
            each(met, found.then(|| before.at(own, at)));
        });
    }

    pub(super) fn bytes(&self) -> usize {
        self.starts.len() * 5 + self.numbers.len() * 12 + self.values.len() * 8
    }
}

/// The first place from `at` on, before `end`, whose number is not smaller: found in steps that double.
fn gallop(numbers: &[u64], at: usize, end: usize, number: u64) -> usize {
    let (mut low, mut step) = (at, 1);
    while low + step < end && numbers[low + step] < number {
        low += step;
        step *= 2;
    }
    let high = (low + step + 1).min(end);
    low + numbers[low.min(end)..high.max(low.min(end))].partition_point(|n| *n < number)
}

#[cfg(test)]
impl Sets {
    /// How many numbers a cell holds.
    pub(super) fn len(&self, cell: usize) -> usize {
        (self.starts[cell + 1] - self.starts[cell]) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::super::distinct::Distinct;
    use super::super::drawn::Levels;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const CELLS: usize = 6;

    fn distinct(by: By, room: usize) -> Distinct {
        Distinct::new(by, CELLS, room, Levels::default())
    }

    fn sets(list: &[(u32, u64)]) -> Sets {
        let mut distinct = distinct(By::Number, usize::MAX);
        for &(cell, number) in list {
            let value = number as u32 % 5;
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
        }
        distinct.into_sets(true, |_| {})
    }

    /// A number that looks like a hash value.
    fn spread(n: u64) -> u64 {
        n.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn all(sets: &Sets) -> Vec<Met> {
        let mut all = Vec::new();
        sets.each(|met| all.push(met));
        all
    }

    proptest! {
        /// With room for all as with room for few: what is drawn of parts is what would be drawn of the whole.
        #[test]
        fn united_sets_hold_what_one_would(
            lists in proptest::collection::vec(
                proptest::collection::vec((0u32..6, 0u64..9_000, 0u32..4), 0..3_000), 0..5),
            room in proptest::sample::select(vec![usize::MAX, 1_000, 40]),
        ) {
            let (mut whole, mut parts) = (distinct(By::Number, room), Vec::new());
            for list in &lists {
                let mut part = distinct(By::Number, room);
                for &(cell, n, value) in list {
                    let met = Met { cell, number: spread(n), value, times: 1, most: 1 };
                    part.add(met, |_| {});
                    whole.add(Met { cell: 5 - cell, ..met }, |_| {});
                }
                parts.push(part.into_sets(true, |_| {}));
            }
            let place = |cell: usize| Some(5 - cell);
            let parts: Vec<Part<'_>> = parts.iter().map(|sets| (sets, &place as _)).collect();
            let united = Sets::united(&parts, By::Number, (CELLS, room), |_| {});
            let whole = whole.into_sets(true, |_| {});
            prop_assert_eq!(all(&united), all(&whole));
            prop_assert_eq!(united.starts.len(), 7);
            prop_assert_eq!(united.levels, whole.levels);
        }

        #[test]
        fn what_weighs_more_than_its_level_is_always_drawn(
            values in proptest::collection::vec(0u32..5_000, 0..600),
            room in 1usize..60,
        ) {
            let mut reach = distinct(By::Followers, room);
            for (n, value) in values.iter().enumerate() {
                let met = Met { cell: 2, number: spread(n as u64), value: *value, times: 1, most: 1 };
                reach.add(met, |_| {});
            }
            let sets = reach.into_sets(true, |_| {});
            let least = 1u64 << sets.level(2);
            let large = values.iter().filter(|v| u64::from(v.saturating_sub(1)) >= least).count();
            let held = all(&sets).iter().filter(|met| u64::from(met.value - 1) >= least).count();
            prop_assert_eq!(held, large);
            prop_assert!(sets.len(2) <= room);
        }

        #[test]
        fn sets_hold_each_number_once_and_are_found_beside_others(
            a in proptest::collection::vec((0u32..6, 0u64..60), 0..200),
            b in proptest::collection::vec((0u32..6, 0u64..60), 0..80),
        ) {
            let count = |list: &[(u32, u64)]| {
                let mut counts: BTreeMap<(u32, u64), u32> = BTreeMap::new();
                list.iter().for_each(|key| *counts.entry(*key).or_default() += 1);
                counts
            };
            let (counts, other) = (count(&a), count(&b));
            let mut seen = BTreeMap::new();
            sets(&b).beside(&sets(&a), |met, before| {
                seen.insert((met.cell, met.number), (met.times, before.map(|m| m.times)));
            });
            let expected: BTreeMap<_, _> =
                other.iter().map(|(key, times)| (*key, (*times, counts.get(key).copied()))).collect();
            prop_assert_eq!(seen, expected);
        }
    }
}
