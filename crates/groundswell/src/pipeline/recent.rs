//! Which posts are known already: platforms repeat themselves, and so does a source that resumes.

use foldhash::{HashSet, HashSetExt};
use post::PostKey;

/// How many keys one generation holds: two of them cost about 40 MB when full, and cover hours of a firehose.
const GENERATION: usize = 1 << 20;

/// The keys of recent posts, in bounded memory: the older of two generations is dropped when the newer is full. What
/// is older still is caught by the store, which replaces by key.
#[derive(Default)]
pub(super) struct Recent {
    new: HashSet<u64>,
    old: HashSet<u64>,
}

impl Recent {
    /// Remembers a key; whether it was unknown.
    pub(super) fn insert(&mut self, key: PostKey) -> bool {
        let short = short(key);
        if self.old.contains(&short) || !self.new.insert(short) {
            return false;
        }
        if self.new.len() >= GENERATION {
            self.old = std::mem::replace(&mut self.new, HashSet::with_capacity(GENERATION));
        }
        true
    }

    /// How many positions before the journal's end are worth reading to fill this again.
    pub(super) const REFILL: u64 = 500_000;
}

/// Half of a key is enough: at a million keys a false "known" has a chance of 1 in 10^13 per post.
fn short(key: PostKey) -> u64 {
    let b = key.0;
    u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_new_once() {
        let mut recent = Recent::default();
        assert!(recent.insert(PostKey([1; 16])));
        assert!(!recent.insert(PostKey([1; 16])));
        assert!(recent.insert(PostKey([2; 16])));
    }

    #[test]
    fn old_keys_survive_one_turn_of_the_generations() {
        let mut recent = Recent::default();
        let key = |i: u64| {
            let mut k = [0; 16];
            k[..8].copy_from_slice(&i.to_le_bytes());
            PostKey(k)
        };
        for i in 0..GENERATION as u64 + 10 {
            assert!(recent.insert(key(i)));
        }
        assert!(!recent.insert(key(0)));
        assert!(!recent.insert(key(GENERATION as u64 + 5)));
    }
}
