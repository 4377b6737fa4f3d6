//! Distinct values per cell: a list that is sorted and cut when it grows.

/// Entries are put in order when so many were added.
const ROOM: usize = 1 << 18;

/// A number met in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Met {
    pub(super) cell: u32,
    number: u64,
    /// The largest value it came with.
    pub(super) value: u64,
    /// How often.
    pub(super) times: u32,
}

/// Sets of numbers, one per cell.
#[derive(Debug, Default, Clone)]
pub(super) struct Distinct {
    met: Vec<Met>,
    /// So many from the begin are in order and differ.
    tidy: usize,
}

impl Distinct {
    pub(super) fn add(&mut self, cell: u32, number: u64, value: u64) {
        self.push(Met {
            cell,
            number,
            value,
            times: 1,
        });
    }

    fn push(&mut self, met: Met) {
        self.met.push(met);
        if self.met.len() - self.tidy > ROOM.max(self.tidy) {
            self.tidy_up();
        }
    }

    pub(super) fn tidy_up(&mut self) {
        if self.tidy == self.met.len() {
            return;
        }
        self.met.sort_unstable();
        // Of equal numbers the last has the largest value.
        self.met.dedup_by(|next, kept| {
            let same = (kept.cell, kept.number) == (next.cell, next.number);
            if same {
                kept.value = next.value;
                kept.times = kept.times.saturating_add(next.times);
            }
            same
        });
        self.tidy = self.met.len();
    }

    /// Takes the sets of a part in; `place` gives the cell that one of its cells is.
    pub(super) fn take(&mut self, part: &Distinct, place: impl Fn(u32) -> u32) {
        self.met.reserve(part.met.len());
        for met in &part.met {
            self.push(Met {
                cell: place(met.cell),
                ..*met
            });
        }
    }

    /// Calls `each` with every distinct number of every cell.
    pub(super) fn each(&mut self, each: impl FnMut(&Met)) {
        self.tidy_up();
        self.met.iter().for_each(each);
    }

    pub(super) fn bytes(&self) -> usize {
        self.met.len() * size_of::<Met>()
    }
}
