//! Which posts a partition may hold: a Bloom filter that grows.
//!
//! Post keys are HMACs, so their own bytes serve as the hash values. With 16 bits a key and 6 probes about 1 in 1,000
//! keys that are absent are taken for present; the index is asked then.

use post::PostKey;

const BITS_PER_KEY: usize = 16;
const PROBES: u64 = 6;
const FIRST_CAPACITY: usize = 1 << 14;

/// The filter: blocks of doubling capacity, so that few have to be asked.
#[derive(Debug, Default)]
pub(super) struct Keys {
    blocks: Vec<Block>,
}

#[derive(Debug)]
struct Block {
    bits: Vec<u64>,
    room: usize,
}

impl Keys {
    /// An empty filter whose first block has room for this many keys.
    pub(super) fn with_capacity(keys: usize) -> Self {
        Self {
            blocks: vec![Block::new(keys.max(FIRST_CAPACITY))],
        }
    }

    pub(super) fn insert(&mut self, key: PostKey) {
        if self.may_contain(key) {
            return;
        }
        let grown = self
            .blocks
            .last()
            .map_or(FIRST_CAPACITY, |b| b.bits.len() * 64 / BITS_PER_KEY * 2);
        if self.blocks.last().is_none_or(|b| b.room == 0) {
            self.blocks.push(Block::new(grown));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.insert(key);
        }
    }

    pub(super) fn may_contain(&self, key: PostKey) -> bool {
        self.blocks.iter().any(|b| b.may_contain(key))
    }
}

impl Block {
    fn new(keys: usize) -> Self {
        // A power of two, so that a place is found without a division.
        let words = (keys * BITS_PER_KEY).div_ceil(64).next_power_of_two();
        Self {
            bits: vec![0; words],
            room: words * 64 / BITS_PER_KEY,
        }
    }

    fn places(&self, key: PostKey) -> impl Iterator<Item = (usize, u64)> + use<> {
        let whole = u128::from_be_bytes(key.0);
        let (start, step) = ((whole >> 64) as u64, (whole as u64) | 1);
        let last = self.bits.len() as u64 * 64 - 1;
        (0..PROBES).map(move |i| {
            let bit = start.wrapping_add(step.wrapping_mul(i)) & last;
            ((bit / 64) as usize, 1u64 << (bit % 64))
        })
    }

    fn insert(&mut self, key: PostKey) {
        for (word, mask) in self.places(key) {
            self.bits[word] |= mask;
        }
        self.room -= 1;
    }

    fn may_contain(&self, key: PostKey) -> bool {
        self.places(key).all(|(word, mask)| self.bits[word] & mask != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(i: u64) -> PostKey {
        let spread = u128::from(i).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835) ^ 0x5DEE_CE66;
        PostKey(
            spread
                .wrapping_mul(0xC2B2_AE3D_27D4_EB4F_1656_67B1_9E37_79F9)
                .to_be_bytes(),
        )
    }

    #[test]
    fn holds_all_it_was_given_and_little_else() {
        let mut keys = Keys::default();
        (0..50_000).for_each(|i| keys.insert(key(i)));
        assert!((0..50_000).all(|i| keys.may_contain(key(i))));
        let wrong = (50_000..150_000).filter(|&i| keys.may_contain(key(i))).count();
        assert!(wrong < 1_500, "{wrong} of 100,000 absent keys taken for present");
    }
}
