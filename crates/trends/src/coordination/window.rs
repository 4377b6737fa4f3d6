//! The stream's side: which shares are kept to be looked at.

use super::{Found, Ring, Share, significant};
use crate::hash::KeyMap;
use crate::sketches::Seen;
use crate::snapshot::State;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// How coordination is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Seconds within which two shares are together.
    pub window: i64,
    /// Seconds for which shares are kept.
    pub kept: i64,
    /// Shares kept at most; the oldest give way.
    pub most: usize,
    /// The false discovery rate.
    pub rate: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            window: 10,
            kept: 24 * 3600,
            most: 1 << 20,
            rate: 0.01,
        }
    }
}

/// The shares of the last day, in the order in which they came; shares of objects that only one account shared say
/// nothing and are left out when they are looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coordination {
    config: Config,
    shares: VecDeque<Share>,
    seen: Seen,
}

impl State for Coordination {
    const KIND: [u8; 4] = *b"coor";
    const VERSION: u16 = 1;
}

impl Coordination {
    /// A state that has seen nothing.
    pub fn new(config: Config) -> Self {
        Self {
            shares: VecDeque::new(),
            seen: Seen::new(config.most, config.kept),
            config,
        }
    }

    /// Takes in a share that is heard of at `now`. False where it does not count: it came before, is older than what is
    /// kept, or claims to come from the future. What a back-fill brings is old, and a clock that jumps ahead takes
    /// nothing away before shares follow it.
    pub fn observe(&mut self, share: Share, now: i64) -> bool {
        let old = share.at < now - self.config.kept;
        if old || share.at > now + self.config.window.max(60) {
            return false;
        }
        let key = crate::hash::pair(share.post, share.object);
        if !self.seen.insert(key, now) {
            return false;
        }
        self.shares.push_back(share);
        while self.shares.len() > self.config.most {
            self.shares.pop_front();
        }
        true
    }

    /// The pairs that stand out now, and their rings. Costs a sort of all shares and ten permutations: meant for every
    /// few minutes.
    pub fn look(&mut self, now: i64) -> (Vec<Found>, Vec<Ring>) {
        let oldest = now - self.config.kept;
        self.shares.retain(|s| s.at >= oldest);
        let mut accounts: KeyMap<u64, (u64, bool)> = KeyMap::default();
        for share in &self.shares {
            let entry = accounts.entry(share.object).or_insert((share.account, false));
            entry.1 |= entry.0 != share.account;
        }
        let shared = |s: &&Share| accounts.get(&s.object).is_some_and(|(_, several)| *several);
        let shares: Vec<Share> = self.shares.iter().filter(shared).copied().collect();
        significant(&shares, self.config.window, self.config.rate, 7)
    }

    /// The shares that are kept, in the order in which they came.
    pub fn shares(&self) -> impl Iterator<Item = &Share> {
        self.shares.iter()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.shares.capacity() * std::mem::size_of::<Share>() + self.seen.bytes()
    }
}
