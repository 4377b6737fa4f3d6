//! Terms that stand in the same posts are one trend.

use super::slot::Slot;
use super::{Config, Trend, TrendTerm};
use crate::hash::KeyMap;

/// Terms whose smaller set of posts lies to this share in the other's belong together.
const TOGETHER: f64 = 0.5;
/// Terms looked at in each scope.
const LOOKED_AT: usize = 200;
/// Terms that a trend shows.
const SHOWN: usize = 8;

/// The trends of what was found, as (term, expected, strength), and the terms that lead them.
pub(super) fn group(
    mut found: Vec<(u64, f64, f64)>,
    slot: &Slot,
    before: &[u64],
    at: i64,
    config: &Config,
) -> (Vec<Trend>, Vec<u64>) {
    // Of equally strong terms the one with more authors leads, then any, but always the same one.
    let votes = |key: &u64| slot.exact.get(key).map_or(0, |e| e.votes);
    found.sort_by(|a, b| {
        b.2.total_cmp(&a.2)
            .then_with(|| votes(&b.0).cmp(&votes(&a.0)))
            .then_with(|| a.0.cmp(&b.0))
    });
    let mut trends: Vec<(u64, Trend)> = Vec::new();
    let mut looked: KeyMap<u64, usize> = KeyMap::default();
    for (key, expected, strength) in found {
        let Some(entry) = slot.exact.get(&key) else {
            continue;
        };
        let count = looked.entry(entry.scope).or_default();
        *count += 1;
        if *count > LOOKED_AT {
            continue;
        }
        let term = TrendTerm {
            text: entry.text.clone(),
            kind: entry.kind,
            authors: entry.votes,
            expected,
            strength,
        };
        let same = trends.iter_mut().find(|(leader, trend)| {
            trend.scope == entry.scope
                && slot
                    .exact
                    .get(leader)
                    .is_some_and(|l| l.posts.overlap(&entry.posts) >= TOGETHER)
        });
        match same {
            Some((_, trend)) if trend.terms.len() < SHOWN => trend.terms.push(term),
            Some(_) => {}
            None => trends.push((
                key,
                Trend {
                    scope: entry.scope,
                    at,
                    terms: vec![term],
                    posts: entry.evidence.clone(),
                    new: !before.contains(&key),
                },
            )),
        }
    }
    let mut shown: KeyMap<u64, usize> = KeyMap::default();
    trends.retain(|(_, trend)| {
        let count = shown.entry(trend.scope).or_default();
        *count += 1;
        *count <= config.most
    });
    let leaders = trends.iter().map(|(key, _)| *key).collect();
    (trends.into_iter().map(|(_, trend)| trend).collect(), leaders)
}
