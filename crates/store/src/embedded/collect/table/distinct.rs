//! Distinct values per cell: a list while they are met, then sorted sets.
//!
//! The numbers are hash values, so that their first bits part them evenly: a list is put in order by parting it once into
//! groups small enough for the processor's first cache, and sorting each.

/// Values in the list are put in order when so many were added.
const ROOM: usize = 1 << 18;
/// A list this short is sorted as it is.
const SHORT: usize = 1 << 10;
/// Values in a group, about.
const GROUP: usize = 1 << 8;
/// Values that are united at once, about.
const GROUP_UNITED: usize = 1 << 11;
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
    fn place(&self) -> (u32, u64) {
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
    /// In order, each once.
    tidy: Vec<Met>,
    /// As they came.
    met: Vec<Met>,
}

impl Distinct {
    pub(super) fn add(&mut self, met: Met) {
        self.met.push(met);
        if self.met.len() > ROOM.max(self.tidy.len()) {
            self.tidy_up();
        }
    }

    fn tidy_up(&mut self) {
        if self.met.is_empty() {
            return;
        }
        let new = joined(std::mem::take(&mut self.met));
        let old = std::mem::take(&mut self.tidy);
        self.tidy = match old.is_empty() {
            true => new,
            false => merged(&old, &new),
        };
    }

    /// The sets, for so many cells; what each number came with only where it is `wanted`.
    pub(super) fn into_sets(mut self, cells: usize, wanted: bool) -> Sets {
        self.tidy_up();
        let mut sets = Sets::with_room(self.tidy.len(), wanted);
        self.tidy.iter().for_each(|met| sets.push(met));
        sets.end(cells);
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
fn join_equal(met: &mut Vec<Met>) {
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

/// A sorted set of numbers per cell.
#[derive(Debug, Default)]
pub(super) struct Sets {
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
    /// Takes the numbers of the next group, of so many groups of equal size, into a cell.
    fn take(&mut self, group: u64, groups: u64, cell: u32, out: &mut Vec<Met>) {
        // Groups are a power of two; the last has no end.
        let end = (group < groups).then(|| (u64::MAX / groups + 1).saturating_mul(group));
        while self.at < self.end && end.is_none_or(|end| self.sets.numbers[self.at] < end) {
            out.push(Met {
                cell,
                ..self.sets.at(self.own, self.at)
            });
            self.at += 1;
        }
    }
}

impl Sets {
    fn with_room(room: usize, wanted: bool) -> Self {
        Self {
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
        sets.end(1);
        sets
    }

    /// Adds a number behind the last, in order.
    fn push(&mut self, met: &Met) {
        while self.starts.len() <= met.cell as usize {
            self.starts.push(self.numbers.len() as u32);
        }
        self.numbers.push(met.number);
        self.times.push(met.times);
        if self.wanted {
            self.values.push((met.value, met.most));
        }
    }

    /// Ends them behind so many cells.
    fn end(&mut self, cells: usize) {
        self.starts.resize(cells + 1, self.numbers.len() as u32);
    }

    /// Several in one of so many cells; each comes with what gives the cell that one of its own is. What numbers came with
    /// is kept where one of them has it.
    pub(super) fn united(parts: &[(&Sets, &dyn Fn(usize) -> usize)], cells: usize) -> Self {
        let wanted = parts.iter().any(|(sets, _)| sets.wanted);
        let mut by_cell: Vec<Vec<Slice<'_>>> = vec![Vec::new(); cells];
        for (sets, place) in parts {
            for (own, bounds) in sets.starts.windows(2).enumerate() {
                let (at, end) = (bounds[0] as usize, bounds[1] as usize);
                if at < end {
                    by_cell[place(own)].push(Slice { sets, own, at, end });
                }
            }
        }
        let most = parts
            .iter()
            .map(|(sets, _)| sets.numbers.len())
            .max()
            .unwrap_or(0);
        let mut united = Self::with_room(most, wanted);
        let mut some = Vec::new();
        for (cell, mut slices) in by_cell.into_iter().enumerate() {
            let all: usize = slices.iter().map(|s| s.end - s.at).sum();
            let groups = (all / GROUP_UNITED).next_power_of_two() as u64;
            for group in 1..=groups {
                some.clear();
                slices
                    .iter_mut()
                    .for_each(|slice| slice.take(group, groups, cell as u32, &mut some));
                // All of one cell: its numbers alone are in order or not.
                some.sort_unstable_by_key(|met: &Met| met.number);
                join_equal(&mut some);
                some.iter().for_each(|met| united.push(met));
            }
        }
        united.end(cells);
        united
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
        self.starts.len() * 4 + self.numbers.len() * 12 + self.values.len() * 8
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
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn sets(list: &[(u32, u64)]) -> Sets {
        let mut distinct = Distinct::default();
        for &(cell, number) in list {
            distinct.add(Met {
                cell,
                number,
                value: number as u32 % 5,
                times: 1,
                most: 1,
            });
        }
        distinct.into_sets(6, true)
    }

    /// A number that looks like a hash value.
    fn spread(n: u64) -> u64 {
        n.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    #[test]
    fn long_lists_are_counted_as_short_ones_are() {
        for cells in [1u32, 3, 700, 5_000] {
            let mut distinct = Distinct::default();
            let mut plain: BTreeMap<(u32, u64), (u32, u32, u32)> = BTreeMap::new();
            for i in 0..600_000u64 {
                let (cell, number) = ((i % u64::from(cells)) as u32, spread(i * i % 9_000));
                let value = (i % 11) as u32;
                distinct.add(Met {
                    cell,
                    number,
                    value,
                    times: 1,
                    most: 1,
                });
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
            distinct.into_sets(cells as usize, true).each(|met| {
                assert!(last < Some(met.place()));
                last = Some(met.place());
                seen.insert(met.place(), (met.times, met.value, met.most));
            });
            assert!(seen == plain, "{cells} cells");
        }
    }

    proptest! {
        #[test]
        fn united_sets_hold_what_one_would(
            lists in proptest::collection::vec(
                proptest::collection::vec((0u32..6, 0u64..9_000, 0u32..4), 0..3_000), 0..5),
        ) {
            let (mut whole, mut parts) = (Distinct::default(), Vec::new());
            for list in &lists {
                let mut part = Distinct::default();
                for &(cell, n, value) in list {
                    let met = Met { cell, number: spread(n), value, times: 1, most: 1 };
                    part.add(met);
                    whole.add(Met { cell: 5 - cell, ..met });
                }
                parts.push(part.into_sets(6, true));
            }
            let place = |cell: usize| 5 - cell;
            let parts: Vec<(&Sets, &dyn Fn(usize) -> usize)> =
                parts.iter().map(|sets| (sets, &place as &dyn Fn(usize) -> usize)).collect();
            let all = |sets: &Sets| {
                let mut all = Vec::new();
                sets.each(|met| all.push(met));
                all
            };
            let united = Sets::united(&parts, 6);
            prop_assert_eq!(all(&united), all(&whole.into_sets(6, true)));
            prop_assert_eq!(united.starts.len(), 7);
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
