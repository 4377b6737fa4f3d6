//! What is remembered of one project.

use super::DAY;
use super::lag::Lag;
use super::machines::Machines;
use super::pulse::Pulse;
use super::rings::Rings;
use super::trending::Trending;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use trends::sketches::Seen;
use trends::snapshot::State;

/// Authors of a fortnight that are told from new ones, for all monitors together.
const AUTHORS: usize = 1 << 17;

/// A monitor as it is watched.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Watched {
    /// The version of its query.
    pub(super) version: u32,
    /// From when on its mentions are all there, Unix seconds: it was made, or its past was searched up to there.
    pub(super) begin: i64,
    /// Its series, from its first mention on.
    pub(super) pulse: Option<Box<Pulse>>,
    /// Bins before its first mention in which it would have been heard: its series begins with as many that are empty.
    pub(super) silent: u32,
}

/// A monitor as it is matched now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InForce {
    /// The version of its query.
    pub(super) version: u32,
    /// From when on its mentions are all there, Unix seconds.
    pub(super) begin: i64,
}

impl Watched {
    fn new(now: InForce) -> Self {
        Self {
            version: now.version,
            begin: now.begin,
            ..Self::default()
        }
    }
}

/// How far a project was walked, and what was learned on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Walked {
    /// Which keys its pseudonyms are of.
    pub(super) keys: String,
    /// End of the last bin that was read, Unix seconds.
    pub(super) cursor: i64,
    /// Mentions read.
    pub(super) mentions: u64,
    pub(super) monitors: BTreeMap<String, Watched>,
    pub(super) seen: Seen,
    pub(super) lag: Lag,
    pub(super) trending: Trending,
    pub(super) rings: Rings,
    pub(super) machines: Machines,
}

impl State for Walked {
    const KIND: [u8; 4] = *b"walk";
    const VERSION: u16 = 2;
}

impl Walked {
    /// One that begins at `cursor` and knows nothing.
    pub(super) fn new(keys: &str, cursor: i64, in_force: &BTreeMap<String, InForce>) -> Self {
        Self {
            keys: keys.to_owned(),
            cursor,
            mentions: 0,
            monitors: in_force
                .iter()
                .map(|(id, now)| (id.clone(), Watched::new(*now)))
                .collect(),
            seen: Seen::new(AUTHORS, 14 * DAY),
            lag: Lag::default(),
            trending: Trending::default(),
            rings: Rings::default(),
            machines: Machines::default(),
        }
    }

    /// Takes over which monitors there are. True where one is new or has another query: what it brought so far is no
    /// measure for what it brings now.
    pub(super) fn follow(&mut self, in_force: &BTreeMap<String, InForce>) -> bool {
        self.monitors.retain(|id, _| in_force.contains_key(id));
        let mut changed = false;
        for (id, now) in in_force {
            let is_new = !self.monitors.contains_key(id);
            let watched = self
                .monitors
                .entry(id.clone())
                .or_insert_with(|| Watched::new(*now));
            if is_new || watched.version != now.version {
                *watched = Watched::new(*now);
                changed = true;
            }
            watched.begin = watched.begin.min(now.begin);
        }
        changed
    }

    /// What goes on is known under another id.
    pub(super) fn rename(&mut self, monitor: Option<&str>, from: &str, to: &str) {
        self.trending.rename(from, to);
        self.rings.rename(from, to);
        let pulse = monitor.and_then(|m| self.monitors.get_mut(m)?.pulse.as_mut());
        for open in pulse.into_iter().flat_map(|p| p.open_mut()) {
            if open.id == from {
                open.id = to.to_owned();
            }
        }
    }
}
