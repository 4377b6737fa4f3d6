//! Distinct values per cell: a list while they are met, then sorted sets.

/// Values in the list are put in order when so many were added.
const ROOM: usize = 1 << 18;

/// A number met in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// Numbers as they are met.
#[derive(Debug, Default)]
pub(super) struct Distinct {
    met: Vec<Met>,
    /// So many from the begin are in order and differ.
    tidy: usize,
}

impl Distinct {
    pub(super) fn add(&mut self, met: Met) {
        self.met.push(met);
        if self.met.len() - self.tidy > ROOM.max(self.tidy) {
            self.tidy_up();
        }
    }

    fn tidy_up(&mut self) {
        if self.tidy == self.met.len() {
            return;
        }
        self.met.sort_unstable();
        // Of equal numbers the last has the largest value.
        self.met.dedup_by(|next, kept| {
            let same = (kept.cell, kept.number) == (next.cell, next.number);
            if same {
                let more = if kept.value == next.value { kept.most } else { 0 };
                kept.most = next.most.saturating_add(more);
                kept.value = next.value;
                kept.times = kept.times.saturating_add(next.times);
            }
            same
        });
        self.tidy = self.met.len();
    }

    /// Takes sets in; `place` gives the cell that one of theirs is.
    pub(super) fn take(&mut self, sets: &Sets, place: impl Fn(usize) -> usize) {
        sets.each(|met| {
            self.add(Met {
                cell: place(met.cell as usize) as u32,
                ..met
            });
        });
    }

    /// The sets, for so many cells; what each number came with only where it is `wanted`.
    pub(super) fn into_sets(mut self, cells: usize, wanted: bool) -> Sets {
        self.tidy_up();
        let mut starts = Vec::with_capacity(cells + 1);
        for (i, met) in self.met.iter().enumerate() {
            while starts.len() <= met.cell as usize {
                starts.push(i as u32);
            }
        }
        starts.resize(cells + 1, self.met.len() as u32);
        let values = wanted.then(|| self.met.iter().map(|m| (m.value, m.most)).collect());
        Sets {
            starts,
            numbers: self.met.iter().map(|m| m.number).collect(),
            times: self.met.iter().map(|m| m.times).collect(),
            values: values.unwrap_or_default(),
        }
    }
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
}

impl Sets {
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

    proptest! {
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
