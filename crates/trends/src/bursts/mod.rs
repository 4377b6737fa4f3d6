//! Trends: what is suddenly said by more people than before.
//!
//! Time is cut into slots. In each, a term gets one vote per author and per group of copies; when the slot closes, the
//! votes are held against a decayed mean and the mean of the same hour of the day, by the upper tail of a negative
//! binomial. What goes far beyond both is grouped by the posts it stands in. Memory is fixed: sketches for the long tail,
//! exact counts for what three people said, one set of them for all monitors.

mod group;
mod hours;
mod slot;

use crate::hash::pair;
use crate::sketches::Counts;
use crate::snapshot::State;
use crate::tails::negative_binomial;
use crate::terms::{TermKind, Terms};
use hours::Hours;
use serde::{Deserialize, Serialize};
use slot::Slot;

/// How trends are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Seconds of a slot.
    pub slot: u32,
    /// Cells of a row of each sketch; there are two sketches of three rows of 4 bytes.
    pub width: usize,
    /// Slots in which the mean forgets half.
    pub half_life: f32,
    /// Terms that are counted exactly in a slot, and whose hours are remembered.
    pub exact: usize,
    /// So many authors a trend needs at least.
    pub authors: u32,
    /// −log10 of the probability that a trend needs at least.
    pub strength: f64,
    /// Slots before the first trend.
    pub warm_up: u32,
    /// Trends of a slot and scope at most.
    pub most: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            slot: 900,
            width: 1 << 20,
            half_life: 24.0,
            exact: 1 << 14,
            authors: 3,
            strength: 4.0,
            warm_up: 24,
            most: 20,
        }
    }
}

/// A post as trends see it.
#[derive(Debug, Clone, Copy)]
pub struct Post {
    /// The post.
    pub key: u64,
    /// Who wrote it.
    pub author: u64,
    /// The copies it belongs to; its own key where it is alone.
    pub group: u64,
    /// When it was written, Unix seconds.
    pub at: i64,
    /// The monitor, or whatever else is looked at on its own.
    pub scope: u64,
}

/// A term of a trend.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendTerm {
    /// What it reads as.
    pub text: String,
    /// What it is.
    pub kind: TermKind,
    /// Authors that said it in the slot, copies counted once.
    pub authors: u32,
    /// How many were to be expected.
    pub expected: f64,
    /// −log10 of the probability of so many.
    pub strength: f64,
}

/// Something many say that few said before.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// The scope of its posts.
    pub scope: u64,
    /// Begin of the slot, Unix seconds.
    pub at: i64,
    /// Its terms, the strongest first.
    pub terms: Vec<TrendTerm>,
    /// Some of the posts, as evidence.
    pub posts: Vec<u64>,
    /// Whether its first term was none of a trend in the slot before.
    pub new: bool,
}

/// The state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bursts {
    config: Config,
    slot: i64,
    slots: u32,
    now: Slot,
    mean: Counts,
    posts: f32,
    hours: Hours,
    before: Vec<u64>,
}

impl State for Bursts {
    const KIND: [u8; 4] = *b"burs";
    const VERSION: u16 = 1;
}

impl Bursts {
    /// A state that has seen nothing.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            slot: i64::MIN,
            slots: 0,
            now: Slot::new(&config),
            mean: Counts::new(config.width),
            posts: 0.0,
            hours: Hours::new(config.exact),
            before: Vec::new(),
        }
    }

    /// Takes in a post that is heard of at `now` and whose terms were read into `terms`. False where it does not count:
    /// it was written long before, or claims to come from the future. A post that comes twice gives no second vote,
    /// since its author has voted.
    pub fn observe(&mut self, post: &Post, terms: &Terms, now: i64) -> bool {
        let slot = i64::from(self.config.slot);
        if (post.at - now).abs() > slot {
            return false;
        }
        if self.slot == i64::MIN {
            self.slot = now.div_euclid(slot);
        }
        self.now.posts += 1;
        for term in terms.list() {
            let key = pair(term.key, post.scope);
            self.now
                .vote(key, post, || (terms.text(term), term.kind), &self.config);
        }
        true
    }

    /// Closes the slot where `now` lies behind it, and gives its trends, the strongest first. A slot without any post,
    /// slots that nobody ticked and a clock that was set back teach nothing: the means stay as they were.
    pub fn tick(&mut self, now: i64) -> Vec<Trend> {
        let slot = now.div_euclid(i64::from(self.config.slot));
        if self.slot == i64::MIN || slot == self.slot {
            self.slot = slot;
            return Vec::new();
        }
        let closed = self.slot;
        self.slot = slot;
        if slot < closed || self.now.posts == 0 {
            self.now.clear();
            return Vec::new();
        }
        let trends = self.trends(closed);
        self.learn(closed);
        self.now.clear();
        trends
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.mean.bytes() + self.now.bytes() + self.hours.bytes()
    }

    fn hour(&self, slot: i64) -> usize {
        (slot * i64::from(self.config.slot))
            .div_euclid(3600)
            .rem_euclid(24) as usize
    }

    fn trends(&mut self, closed: i64) -> Vec<Trend> {
        if self.slots < self.config.warm_up {
            return Vec::new();
        }
        let hour = self.hour(closed);
        let keep = self.keep();
        // The mean began at nothing: what it has not yet seen is not to count as silence.
        let seen = 1.0 - keep.powi(self.slots.min(100_000) as i32);
        // When everybody talks more, a term that grows with the rest is none.
        let busier = (self.now.posts as f32 / (self.posts / seen).max(1.0)).max(1.0);
        let scored = self
            .now
            .exact
            .iter()
            .filter(|(_, e)| e.votes >= self.config.authors);
        let scored = scored.map(|(key, entry)| {
            let mean = (self.mean.get(*key) / seen).max(self.hours.mean(*key, hour)) * busier;
            let (expected, strength) = strength(entry.votes, f64::from(mean));
            (*key, expected, strength)
        });
        let found: Vec<(u64, f64, f64)> = scored.filter(|s| s.2 >= self.config.strength).collect();
        let at = closed * i64::from(self.config.slot);
        let (trends, leaders) = group::group(found, &self.now, &self.before, at, &self.config);
        self.before = leaders;
        trends
    }

    fn learn(&mut self, closed: i64) {
        let keep = self.keep();
        self.mean.blend(keep, &self.now.counts, 1.0 - keep);
        self.posts = self.posts * keep + (1.0 - keep) * self.now.posts as f32;
        self.hours.learn(self.hour(closed), &self.now);
        self.slots = self.slots.saturating_add(1);
    }

    fn keep(&self) -> f32 {
        0.5f32.powf(1.0 / self.config.half_life.max(0.1))
    }
}

/// What was to be expected, and −log10 of the probability of so many votes: the mean is known from so many slots that it
/// counts as 30 of them, and a term nobody has said is still said by somebody now and then.
fn strength(votes: u32, mean: f64) -> (f64, f64) {
    const SLOTS: f64 = 30.0;
    let expected = ((mean * SLOTS + 0.5) / (SLOTS + 1.0)).max(0.15);
    let size = 0.7 + mean * SLOTS / 3.0;
    (expected, negative_binomial(f64::from(votes), expected, size))
}
