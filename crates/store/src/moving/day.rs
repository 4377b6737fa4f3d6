//! What a day holds.

use crate::{Mention, body};
use post::{MentionId, Millis};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

/// Milliseconds of a day.
pub(crate) const DAY: Millis = 24 * 3_600_000;

/// The day of a time: days since 1970-01-01 (UTC).
pub(crate) fn day_of(at: Millis) -> i64 {
    at.div_euclid(DAY)
}

/// What tells apart whatever a day holds, by columns alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DayMark {
    /// Its mentions.
    pub mentions: u64,
    /// The sum of when each was written.
    pub written: u64,
}

impl DayMark {
    pub(crate) fn add(&mut self, written: u64) {
        self.mentions += 1;
        self.written = self.written.wrapping_add(written);
    }
}

/// A mention as a store's columns know it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// See [`crate::mention_number`].
    pub(crate) number: u64,
    /// When it was written: the generation, and in the lowest bit whether it stood there before in another form.
    pub(crate) written: u64,
    /// When its post was published.
    pub(crate) at: Millis,
    pub(crate) place: Place,
}

/// Where a store has a mention.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// A partition by its number, segment and document.
    Embedded(u64, u32, u32),
    /// An index and the id.
    Elastic(Arc<str>, MentionId),
}

/// A mention on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Carried {
    /// As it is, engagement included.
    pub mention: Mention,
    /// See [`Listed`].
    pub written: u64,
}

/// Of any number of mentions, whatever their order: the sum, modulo 2¹²⁸, of the first half of each one's SHA-256 over its id, its
/// time of writing and its stored form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checksum {
    /// How many there are.
    pub mentions: u64,
    sum: u128,
}

impl Checksum {
    pub(crate) fn add(&mut self, carried: &Carried) -> Result<(), postcard::Error> {
        let mut hash = Sha256::new();
        hash.update(carried.mention.id.0);
        hash.update(carried.written.to_le_bytes());
        hash.update(body::write(&carried.mention)?);
        let digest: [u8; 32] = hash.finalize().into();
        let half = digest
            .iter()
            .take(16)
            .fold(0, |sum, byte| sum << 8 | u128::from(*byte));
        self.mentions += 1;
        self.sum = self.sum.wrapping_add(half);
        Ok(())
    }

    /// Of both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            mentions: self.mentions + other.mentions,
            sum: self.sum.wrapping_add(other.sum),
        }
    }

    /// So many mentions with this sum, as [`fmt::Display`] writes it.
    pub(super) fn of(mentions: u64, sum: &str) -> Option<Self> {
        let sum = u128::from_str_radix(sum, 16).ok()?;
        Some(Self { mentions, sum })
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.sum)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn carried(n: u8, written: u64) -> Carried {
        let mention = Mention {
            id: MentionId([n; 16]),
            ..body::example()
        };
        Carried { mention, written }
    }

    fn sum(all: &[Carried]) -> Checksum {
        let mut sum = Checksum::default();
        all.iter().for_each(|c| sum.add(c).unwrap());
        sum
    }

    #[test]
    fn a_checksum_knows_no_order_and_misses_no_change() {
        let (a, b) = (carried(1, 4), carried(2, 6));
        let both = sum(&[a.clone(), b.clone()]);
        assert_eq!(both, sum(&[b.clone(), a.clone()]));
        assert_eq!(
            both,
            sum(std::slice::from_ref(&a)).and(sum(std::slice::from_ref(&b)))
        );
        assert_eq!(Checksum::of(2, &both.to_string()), Some(both));
        let mut other = b.clone();
        other.mention.topic = Some(1);
        for changed in [other, carried(2, 7), carried(3, 6)] {
            assert_ne!(both, sum(&[a.clone(), changed]));
        }
        assert_ne!(both, sum(&[a.clone(), b.clone(), b]));
    }

    #[test]
    fn days_begin_at_midnight_before_1970_too() {
        assert_eq!(
            (day_of(0), day_of(DAY - 1), day_of(DAY), day_of(-1)),
            (0, 0, 1, -1)
        );
    }
}
