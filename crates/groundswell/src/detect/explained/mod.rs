//! Why there is a peak: computed from the store when it is asked for, and told in sentences that name their mentions.

mod gather;
mod told;
mod words;

pub(crate) use told::Explained;
use told::Interval;

use super::finding::Finding;
use crate::pipeline::Engine;
use gather::Gathered;
use post::Millis;
use std::collections::BTreeSet;
use store::Snapshot;

/// Explains a finding about a stretch of time.
///
/// # Errors
/// Where the store cannot be read.
pub(crate) fn explain(
    engine: &Engine,
    snapshot: &Snapshot,
    finding: &Finding,
) -> Result<Explained, store::Error> {
    let gathered = Gathered::of(engine, snapshot, finding)?;
    let items = gathered.items();
    let (before, inside) = items.split_at(gathered.before);
    let explanation = trends::explain::explain(inside, before, gathered.windows as f64);
    Ok(told::told(finding, &gathered, &explanation))
}

/// The numbers of the mentions that an explanation names.
pub(crate) fn named(explained: &Explained) -> BTreeSet<u64> {
    let all = explained
        .sentences
        .iter()
        .flat_map(|s| &s.mentions)
        .chain(explained.typical.iter().map(|t| &t.mention))
        .chain(explained.terms.iter().flat_map(|t| &t.mentions))
        .chain(
            explained
                .parts
                .iter()
                .flat_map(|d| &d.parts)
                .flat_map(|p| p.mentions.iter().take(2)),
        );
    all.filter_map(|n| u64::from_str_radix(n, 16).ok()).collect()
}

/// A window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: Millis,
    pub(super) until: Millis,
}
