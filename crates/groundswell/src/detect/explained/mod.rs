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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::detect::finding::{Detail, FindingKind, Metric};
    use crate::detect::tests::mention;
    use store::mention_number;

    /// A day of this and that, then an hour of one thing on one platform.
    fn explained() -> (Explained, BTreeSet<u64>) {
        let begin = 1_767_571_200i64;
        let usual = [
            "tea in the garden",
            "the train was late",
            "a moon over the river",
            "paper on the window",
        ];
        let mut before: Vec<store::Mention> = (0..120u64)
            .map(|n| {
                mention(
                    n,
                    begin + n as i64 * 30,
                    n,
                    &format!("{} {n}", usual[n as usize % 4]),
                    "m",
                )
            })
            .collect();
        let inside: Vec<store::Mention> = (0..200u64)
            .map(|n| {
                let at = begin + 86_400 + n as i64 * 17;
                let text = format!("this boiler recall is a disgrace, number {n}");
                let mut m = mention(10_000 + n, at, 5_000 + n, &text, "m");
                m.post.platform = if n % 5 == 0 { "bluesky" } else { "reddit" }.to_owned();
                m
            })
            .collect();
        let cut = before.len();
        before.extend(inside);
        let known = before.iter().map(|m| mention_number(m.id)).collect();
        let gathered = Gathered::placed(before, cut, 1, "the same hours of 1 earlier day".to_owned(), 1.0);
        let items = gathered.items();
        let (outside, within) = items.split_at(gathered.before);
        let explanation = trends::explain::explain(within, outside, 1.0);
        let finding = Finding {
            id: "f".to_owned(),
            project: "default".to_owned(),
            monitor: Some("m".to_owned()),
            kind: FindingKind::Peak,
            from: (begin + 86_400) * 1000,
            until: (begin + 86_400 + 3_600) * 1000,
            found_at: 0,
            strength: 9.0,
            is_past: true,
            detail: Detail::Series {
                metric: Metric::Mentions,
                value: 200.0,
                expected: 120.0,
                per_week: 0.001,
            },
        };
        (told::told(&finding, &gathered, &explanation), known)
    }

    #[test]
    fn the_parts_add_up_and_the_cause_is_named_with_its_mentions() {
        let (told, known) = explained();
        assert_eq!((told.posts, told.excess.round() as i64), (200, 80));
        for dimension in &told.parts {
            let sum: f64 = dimension.parts.iter().filter_map(|p| p.share).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{}: {sum}", dimension.dimension);
        }
        let terms: Vec<&str> = told.terms.iter().take(3).map(|t| &*t.text).collect();
        assert!(
            terms
                .iter()
                .any(|t| t.contains("recall") || t.contains("disgrace")),
            "{terms:?}"
        );
        assert!(named(&told).is_subset(&known));
        let of = |word: &str| told.sentences.iter().find(|s| s.text.contains(word)).unwrap();
        assert!(
            of("were to be expected")
                .text
                .starts_with("200 mentions by 200 authors where 120")
        );
        assert!(!of("What is said more").mentions.is_empty());
        assert!(!of("reddit").mentions.is_empty(), "most of the excess is there");
        assert!(told.first.is_some() && !told.typical.is_empty());
    }
}
