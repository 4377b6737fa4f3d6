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
    /// Its series, from its first mention on: before it, nothing is known of it.
    pub(super) pulse: Option<Box<Pulse>>,
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
    const VERSION: u16 = 1;
}

impl Walked {
    /// One that begins at `cursor` and knows nothing.
    pub(super) fn new(keys: &str, cursor: i64, versions: &BTreeMap<String, u32>) -> Self {
        let watched = |(id, version): (&String, &u32)| {
            let watched = Watched {
                version: *version,
                pulse: None,
            };
            (id.clone(), watched)
        };
        Self {
            keys: keys.to_owned(),
            cursor,
            mentions: 0,
            monitors: versions.iter().map(watched).collect(),
            seen: Seen::new(AUTHORS, 14 * DAY),
            lag: Lag::default(),
            trending: Trending::default(),
            rings: Rings::default(),
            machines: Machines::default(),
        }
    }

    /// Takes over which monitors there are. True where one is new or has another query: what it brought so far is no
    /// measure for what it brings now.
    pub(super) fn follow(&mut self, versions: &BTreeMap<String, u32>) -> bool {
        self.monitors.retain(|id, _| versions.contains_key(id));
        let mut changed = false;
        for (id, version) in versions {
            let watched = self.monitors.entry(id.clone()).or_default();
            if watched.version != *version {
                watched.version = *version;
                watched.pulse = None;
                changed = true;
            }
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
