//! The hash of n-grams: grows character by character, so that an n-gram costs one step more than its prefix.

/// Multiplier of the step and of the final mix: 2^64 divided by the golden ratio, odd (Knuth, volume 3, section 6.4).
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// Distinguishes kinds of features that could otherwise have equal content.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seed(pub(super) u64);

impl Seed {
    pub(super) const CHARS: Self = Self(0x51);
    pub(super) const WORD: Self = Self(0x52);
    pub(super) const PAIR: Self = Self(0x53);
    pub(super) const TRIPLE: Self = Self(0x54);
    pub(super) const NEGATED: Self = Self(0x55);
    pub(super) const SHOUTED: Self = Self(0x56);
    pub(super) const TAG: Self = Self(0x57);
    pub(super) const EMOJI: Self = Self(0x58);
    pub(super) const PUNCTUATION: Self = Self(0x59);
    pub(super) const MARKER: Self = Self(0x5A);
}

/// Extends a hash by one value.
#[inline]
pub(super) fn step(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(MULTIPLIER)
}

/// The bucket of a finished hash among `2^bits`.
#[inline]
pub(super) fn bucket(hash: u64, bits: u8) -> u32 {
    let mixed = (hash ^ (hash >> 29)).wrapping_mul(MULTIPLIER);
    (mixed >> (64 - u32::from(bits))) as u32
}

/// The hash of several values.
#[inline]
pub(super) fn of(seed: Seed, values: &[u64]) -> u64 {
    values.iter().fold(seed.0, |h, &v| step(h, v))
}
