//! Whether the sources were heard: a silence is one only where somebody listened.

use super::{BIN, DAY};
use crate::control::HeardSlot;
use std::collections::BTreeMap;

/// What is known of a bin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Every source that matters was connected.
    Yes,
    /// One that matters was not.
    Gap,
    /// Nobody measured: it lies before the installation, or what comes is pushed or imported.
    Unmeasured,
}

/// A source that brings less than this share of what is seen does not matter.
const MATTERS: f64 = 0.05;

/// The coverage of some time, in Unix seconds.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    sources: BTreeMap<String, Vec<HeardSlot>>,
}

impl Coverage {
    /// Of these slots.
    pub(super) fn new(slots: Vec<HeardSlot>) -> Self {
        let mut coverage = Self::default();
        for slot in slots {
            coverage
                .sources
                .entry(slot.source.clone())
                .or_default()
                .push(slot);
        }
        coverage
    }

    /// What is known of the bin that begins at `at`. Which sources matter is told by the day before.
    pub(super) fn of(&self, at: i64) -> Heard {
        let seen = |slots: &[HeardSlot]| -> u64 {
            let of_the_day = |s: &&HeardSlot| s.at / 1000 >= at - DAY && s.at / 1000 < at + BIN;
            slots.iter().filter(of_the_day).map(|s| s.seen).sum()
        };
        let each: Vec<(u64, &Vec<HeardSlot>)> = self.sources.values().map(|s| (seen(s), s)).collect();
        let all: u64 = each.iter().map(|(n, _)| n).sum();
        let mut matter = each
            .iter()
            .filter(|(n, _)| *n > 0 && *n as f64 >= MATTERS * all as f64)
            .peekable();
        if matter.peek().is_none() {
            return Heard::Unmeasured;
        }
        match matter.all(|(_, slots)| live(slots, at) * 2 >= BIN) {
            true => Heard::Yes,
            false => Heard::Gap,
        }
    }
}

/// Seconds of a bin for which a source was connected; of an hour's slot its share.
fn live(slots: &[HeardSlot], at: i64) -> i64 {
    let ms: i64 = slots
        .iter()
        .map(|slot| {
            let from = slot.at.max(at * 1000);
            let until = (slot.at + slot.width).min((at + BIN) * 1000);
            (until - from).max(0) * slot.live.min(slot.width) / slot.width.max(1)
        })
        .sum();
    ms / 1000
}
