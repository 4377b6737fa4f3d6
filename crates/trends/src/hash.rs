//! Hashes that stay the same from version to version, because snapshots hold them.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

const FIRST: u64 = 0x9E37_79B9_7F4A_7C15;
const SECOND: u64 = 0xD6E8_FEB8_6659_FD93;

/// Spreads a number over 64 bits (the finaliser of SplitMix64, Steele, Lea and Flood, OOPSLA 2014).
#[inline]
pub fn mix(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ (n >> 31)
}

/// One key of two, not symmetric.
#[inline]
pub fn pair(a: u64, b: u64) -> u64 {
    fold(a ^ FIRST, b ^ SECOND)
}

/// The key of some bytes.
#[inline]
pub fn bytes(data: &[u8]) -> u64 {
    let mut state = fold(data.len() as u64 ^ FIRST, SECOND);
    let mut chunks = data.chunks_exact(8);
    for chunk in &mut chunks {
        state = fold(state ^ word(chunk), SECOND);
    }
    let rest = chunks.remainder();
    if !rest.is_empty() {
        state = fold(state ^ word(rest), FIRST);
    }
    mix(state)
}

/// The key of a text.
#[inline]
pub fn text(text: &str) -> u64 {
    bytes(text.as_bytes())
}

/// The product of two words, its halves folded together.
#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ (product >> 64) as u64
}

#[inline]
fn word(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |word, &byte| word << 8 | u64::from(byte))
}

/// Hashes a key that is a hash already.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, data: &[u8]) {
        self.0 = fold(self.0 ^ bytes(data), FIRST);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = fold(self.0 ^ key ^ SECOND, FIRST);
    }

    fn write_u32(&mut self, key: u32) {
        self.write_u64(u64::from(key));
    }
}

/// A map by keys that are hashes.
pub type KeyMap<K, V> = HashMap<K, V, BuildHasherDefault<KeyHasher>>;
/// A set of keys that are hashes.
pub type KeySet<K> = HashSet<K, BuildHasherDefault<KeyHasher>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_never_change() {
        assert_eq!(
            [text(""), text("a"), text("groundswell"), pair(1, 2)],
            GOLDEN,
            "snapshots hold these: a new hash needs a new snapshot version"
        );
    }

    const GOLDEN: [u64; 4] = [
        10_357_519_086_311_344_877,
        288_021_583_587_502_535,
        3_654_285_334_823_700_362,
        13_646_020_011_958_921_740,
    ];

    #[test]
    fn texts_that_differ_have_keys_that_differ() {
        let mut seen = KeySet::default();
        for i in 0..100_000 {
            assert!(seen.insert(text(&format!("word{i}"))), "{i}");
        }
        assert_ne!(pair(1, 2), pair(2, 1));
    }
}
