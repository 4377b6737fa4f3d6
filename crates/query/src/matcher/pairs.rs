//! Two words in a row, as one atom.

use super::prefetch::prefetch;

/// A map from neighbouring atoms to the atom of both.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pairs {
    /// One bit in eight for each pair: most neighbours are turned away here.
    filter: Vec<u64>,
    /// The number of the pair plus one; 0 is empty. The length is a power of two.
    slots: Vec<u32>,
    list: Vec<Pair>,
}

#[derive(Debug, Clone, Copy)]
struct Pair {
    left: u32,
    right: u32,
    atom: u32,
}

/// Bits of the filter for each slot.
const FILTER_BITS: usize = 4;

fn hash(left: u32, right: u32) -> u64 {
    let mixed = (u64::from(left) << 32 | u64::from(right)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

impl Pairs {
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.filter.len() * 8 + self.slots.len() * 4 + self.list.len() * size_of::<Pair>()
    }

    pub(crate) fn shrink(&mut self) {
        self.list.shrink_to_fit();
    }

    /// Whether the two may be a pair; if so, what answers exactly is brought near.
    pub(crate) fn may_have(&self, left: u32, right: u32) -> bool {
        let hash = hash(left, right);
        let bit = (hash >> 32) as usize & (self.filter.len() * 64 - 1);
        let may = self.filter[bit >> 6] & 1 << (bit & 63) != 0;
        if may {
            prefetch(&self.slots, hash as usize & (self.slots.len() - 1));
        }
        may
    }

    pub(crate) fn get(&self, left: u32, right: u32) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut at = hash(left, right) as usize & mask;
        loop {
            let pair = self.list[self.slots[at].checked_sub(1)? as usize];
            if (pair.left, pair.right) == (left, right) {
                return Some(pair.atom);
            }
            at = (at + 1) & mask;
        }
    }

    pub(crate) fn insert(&mut self, left: u32, right: u32, atom: u32) {
        self.list.push(Pair { left, right, atom });
        if self.list.len() * 8 > self.slots.len() * 5 {
            let size = (self.slots.len() * 2).max(64);
            self.slots = vec![0; size];
            self.filter = vec![0; size * FILTER_BITS / 64];
            (0..self.list.len()).for_each(|number| self.place(number));
        } else {
            self.place(self.list.len() - 1);
        }
    }

    fn place(&mut self, number: usize) {
        let pair = self.list[number];
        let hash = hash(pair.left, pair.right);
        let bit = (hash >> 32) as usize & (self.filter.len() * 64 - 1);
        self.filter[bit >> 6] |= 1 << (bit & 63);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = number as u32 + 1;
    }
}
