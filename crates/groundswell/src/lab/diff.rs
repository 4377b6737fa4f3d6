//! Two queries on the same past: what each matches, and what the newer gains and loses.

use super::{DAY, Interval, Once, Probe, Seen, hash};
use post::Millis;
use query::{Document, Pseudonyms, Query};
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::Range;

/// Counts of one day, or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    /// Matches of the older query.
    pub(crate) old: u64,
    /// Matches of the newer.
    pub(crate) new: u64,
    /// Matches of the newer alone.
    pub(crate) gained: u64,
    /// Matches of the older alone.
    pub(crate) lost: u64,
}

impl Counts {
    fn note(&mut self, old: bool, new: bool) {
        self.old += u64::from(old);
        self.new += u64::from(new);
        self.gained += u64::from(new && !old);
        self.lost += u64::from(old && !new);
    }
}

/// A post that one of the queries alone matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sample {
    /// What it is called.
    pub(crate) id: String,
    /// Its time.
    pub(crate) at: Option<Millis>,
    /// Its headline.
    pub(crate) title: Option<String>,
    /// Its text.
    pub(crate) text: String,
    /// What the query that matches it found, in bytes of the text.
    pub(crate) highlights: Vec<Range<usize>>,
    /// Why the other query does not match it.
    pub(crate) why_not: Vec<String>,
}

/// What came out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    /// What was read.
    pub(crate) interval: Interval,
    /// Over all of it.
    pub(crate) total: Counts,
    /// By day since 1970-01-01 UTC; days without a match of either query are absent.
    pub(crate) days: BTreeMap<i64, Counts>,
    /// A sample of what the newer query alone matches, the newest first.
    pub(crate) gained: Vec<Sample>,
    /// A sample of what the older query alone matches, the newest first.
    pub(crate) lost: Vec<Sample>,
}

/// Compares two queries on one post after the other.
pub(crate) struct Diff<'q> {
    queries: [&'q Query; 2],
    pseudonyms: Pseudonyms<'q>,
    probe: Probe,
    once: Once,
    report: Report,
    gained: Samples,
    lost: Samples,
}

impl<'q> Diff<'q> {
    /// A comparison that keeps at most `samples` posts of each kind.
    pub(crate) fn new(old: &'q Query, new: &'q Query, pseudonyms: Pseudonyms<'q>, samples: usize) -> Self {
        Self {
            queries: [old, new],
            pseudonyms,
            probe: Probe::new([old, new].into_iter(), pseudonyms),
            once: Once::default(),
            report: Report::default(),
            gained: Samples::new(samples),
            lost: Samples::new(samples),
        }
    }

    /// Takes note of a post; one that came before is not counted again.
    pub(crate) fn see(&mut self, seen: &Seen<'_>) {
        if !self.once.is_new(seen.id) {
            return;
        }
        self.report.interval.note(seen.at);
        let found = self.probe.matches(&seen.document);
        let (old, new) = (found.contains(&0), found.contains(&1));
        if !old && !new {
            return;
        }
        self.report.total.note(old, new);
        if let Some(at) = seen.at {
            let day = self.report.days.entry(at.div_euclid(DAY)).or_default();
            day.note(old, new);
        }
        let [older, newer] = self.queries;
        match (old, new) {
            (false, true) => self.gained.offer(seen, newer, older, self.pseudonyms),
            (true, false) => self.lost.offer(seen, older, newer, self.pseudonyms),
            _ => {}
        }
    }

    /// What came out.
    pub(crate) fn finish(mut self) -> Report {
        self.report.gained = self.gained.into_list();
        self.report.lost = self.lost.into_list();
        self.report
    }
}

/// A random sample that is the same in every run: the posts whose ids have the lowest hashes.
struct Samples {
    most: usize,
    heap: BinaryHeap<(u64, u64)>,
    kept: BTreeMap<(u64, u64), Sample>,
    offered: u64,
}

impl Samples {
    fn new(most: usize) -> Self {
        Self {
            most,
            heap: BinaryHeap::new(),
            kept: BTreeMap::new(),
            offered: 0,
        }
    }

    fn offer(&mut self, seen: &Seen<'_>, by: &Query, not: &Query, pseudonyms: Pseudonyms<'_>) {
        self.offered += 1;
        let name = if seen.id.is_empty() {
            seen.document.text
        } else {
            seen.id
        };
        let rank = (hash(name), self.offered);
        let enters = self.heap.len() < self.most || self.heap.peek().is_some_and(|worst| rank < *worst);
        if self.most == 0 || !enters {
            return;
        }
        if self.heap.len() == self.most
            && let Some(worst) = self.heap.pop()
        {
            self.kept.remove(&worst);
        }
        self.heap.push(rank);
        self.kept.insert(rank, sample(seen, by, not, pseudonyms));
    }

    fn into_list(self) -> Vec<Sample> {
        let mut list: Vec<Sample> = self.kept.into_values().collect();
        list.sort_by_key(|s| std::cmp::Reverse(s.at));
        list
    }
}

fn sample(seen: &Seen<'_>, by: &Query, not: &Query, pseudonyms: Pseudonyms<'_>) -> Sample {
    let document: &Document<'_> = &seen.document;
    let why_not = query::why_not(not, document, pseudonyms);
    Sample {
        id: seen.id.to_owned(),
        at: seen.at,
        title: document.title.map(str::to_owned),
        text: document.text.to_owned(),
        highlights: query::highlights(by, document, pseudonyms),
        why_not: why_not.iter().map(ToString::to_string).collect(),
    }
}
