//! The detectors over mentions that are at hand, without a store.

use super::finding::Finding;
use super::heard::Heard;
use super::settings::Sensitivity;
use super::state::{InForce, Walked};
use super::walk::Reading;
use super::watch::bins;
use super::{BIN, DAY};
use crate::policy::Gate;
use std::collections::BTreeMap;
use store::Mention;

/// What is found in mentions of one monitor of one project, each finding as it is in the end. Nobody is known to have
/// listened, so nothing is said of silences.
pub(crate) fn over(mut mentions: Vec<Mention>, per_week: f64) -> Vec<Finding> {
    mentions.sort_by_key(|m| (m.post.created_at, m.id));
    mentions.dedup_by_key(|m| m.id);
    let (Some(first), Some(last)) = (mentions.first(), mentions.last()) else {
        return Vec::new();
    };
    let begin = first.post.created_at.div_euclid(1000).div_euclid(BIN) * BIN;
    // A slot more, so that the last one is closed.
    let end = (last.post.created_at.div_euclid(1000).div_euclid(BIN) + 4) * BIN;
    let now = InForce { version: 1, begin };
    let in_force = BTreeMap::from([(first.monitor.clone(), now)]);
    let project = first.project.clone();
    let sensitivity = Sensitivity {
        per_week,
        ..Sensitivity::default()
    };
    let (gate, mut walked) = (Gate::default(), Walked::new("", begin, &in_force));
    let by = Reading {
        project: &project,
        gate: &gate,
        sensitivity: &sensitivity,
        now: end + DAY,
    };
    let found = bins(&mut walked, &mentions, end, &|_| Heard::Unmeasured, &by);
    let last: BTreeMap<String, Finding> = found.into_iter().map(|f| (f.id.clone(), f)).collect();
    last.into_values().collect()
}
