//! Distinct values per cell: a list that is sorted and cut when it grows.

/// Pairs are put in order when so many were added.
const ROOM: usize = 1 << 18;

/// Sets of numbers, one per cell, each number with the largest value it came with.
#[derive(Debug, Default, Clone)]
pub(super) struct Distinct {
    /// Cell, number, value.
    pairs: Vec<(u32, u64, u64)>,
    /// So many from the begin are in order and differ.
    tidy: usize,
}

impl Distinct {
    pub(super) fn add(&mut self, cell: u32, number: u64, value: u64) {
        self.pairs.push((cell, number, value));
        if self.pairs.len() - self.tidy > ROOM.max(self.tidy) {
            self.tidy_up();
        }
    }

    pub(super) fn tidy_up(&mut self) {
        if self.tidy == self.pairs.len() {
            return;
        }
        self.pairs.sort_unstable();
        // Of equal numbers the last has the largest value.
        self.pairs.dedup_by(|next, kept| {
            let same = (kept.0, kept.1) == (next.0, next.1);
            if same {
                kept.2 = next.2;
            }
            same
        });
        self.tidy = self.pairs.len();
    }

    /// Takes the sets of a part in; `place` gives the cell that one of its cells is.
    pub(super) fn take(&mut self, part: &Distinct, place: impl Fn(u32) -> u32) {
        self.pairs.reserve(part.pairs.len());
        for &(cell, number, value) in &part.pairs {
            self.add(place(cell), number, value);
        }
    }

    /// Calls `each` with cell and value of every distinct number.
    pub(super) fn each(&mut self, mut each: impl FnMut(u32, u64)) {
        self.tidy_up();
        self.pairs.iter().for_each(|&(cell, _, value)| each(cell, value));
    }

    pub(super) fn bytes(&self) -> usize {
        self.pairs.len() * size_of::<(u32, u64, u64)>()
    }
}
