//! The excess in parts.

use super::{EVIDENCE, Item};
use crate::hash::KeyMap;

/// By what the excess is taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// Where posts stand.
    Platform,
    /// How far their authors reach.
    Tier,
    /// What they are copies of.
    Group,
    /// What they are about.
    Topic,
    /// Their language.
    Language,
    /// Where they come from.
    Place,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 6] = [
        Self::Platform,
        Self::Tier,
        Self::Group,
        Self::Topic,
        Self::Language,
        Self::Place,
    ];

    fn of(self, item: &Item) -> u64 {
        match self {
            Self::Platform => item.platform,
            Self::Tier => item.tier,
            Self::Group => item.group,
            Self::Topic => item.topic,
            Self::Language => item.language,
            Self::Place => item.place,
        }
    }
}

/// What one value of a dimension brings.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The value; `None` for all that are not shown.
    pub value: Option<u64>,
    /// Posts in the peak.
    pub posts: u64,
    /// Posts that were to be expected.
    pub expected: f64,
    /// Posts beyond that; below zero where there are fewer.
    pub excess: f64,
    /// Its share of the whole excess, where there is one. The shares of a dimension add up to 1.
    pub share: Option<f64>,
    /// Some of its posts.
    pub evidence: Vec<u64>,
}

/// The excess by one dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// The dimension.
    pub dimension: Dimension,
    /// Its values, those with the greatest excess first, and the rest.
    pub parts: Vec<Part>,
}

/// Values shown one by one.
const SHOWN: usize = 8;

pub(super) fn parts(dimension: Dimension, inside: &[Item], before: &[Item], windows: f64) -> Parts {
    let mut counts: KeyMap<u64, (u64, u64, Vec<u64>)> = KeyMap::default();
    for item in inside {
        let entry = counts.entry(dimension.of(item)).or_default();
        entry.0 += 1;
        if entry.2.len() < EVIDENCE {
            entry.2.push(item.key);
        }
    }
    for item in before {
        counts.entry(dimension.of(item)).or_default().1 += 1;
    }
    let whole = inside.len() as f64 - before.len() as f64 / windows;
    let part = |value: Option<u64>, posts: u64, usual: u64, evidence: Vec<u64>| {
        let expected = usual as f64 / windows;
        let excess = posts as f64 - expected;
        Part {
            value,
            posts,
            expected,
            excess,
            share: (whole > 0.0).then(|| excess / whole),
            evidence,
        }
    };
    let mut parts: Vec<Part> = counts
        .into_iter()
        .map(|(value, (posts, usual, evidence))| part(Some(value), posts, usual, evidence))
        .collect();
    parts.sort_by(|a, b| b.excess.total_cmp(&a.excess).then(a.value.cmp(&b.value)));
    if parts.len() > SHOWN {
        let rest = parts.split_off(SHOWN);
        let posts = rest.iter().map(|p| p.posts).sum();
        let expected: f64 = rest.iter().map(|p| p.expected).sum();
        let evidence = rest
            .iter()
            .flat_map(|p| p.evidence.iter().copied())
            .take(EVIDENCE)
            .collect();
        parts.push(part(None, posts, (expected * windows).round() as u64, evidence));
    }
    Parts { dimension, parts }
}
