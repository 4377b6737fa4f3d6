//! The most frequent values over many segments, without reading every rare one's text.
//!
//! The threshold method: the best of the largest segment, counted over all, give a bound that the last of the answer
//! reaches. What reaches it in all reaches in one segment that segment's part of it, by the parts that the segments have
//! in all counts; only those values are looked up everywhere. Segments so small that their part is next to nothing, as
//! the newest are, are added up first and count as one.

use foldhash::{HashMap, HashSet};
use std::cmp::Ordering;
use std::io;
use std::sync::Arc;
use tantivy::columnar::StrColumn;

/// A text is looked up in as long as so many are read in order.
const LOOK_UP: usize = 16;
/// Segments are added up first where no more than this is their part.
const NEXT_TO_NOTHING: u64 = 3;

/// How often each value of a column is met among some documents of a segment: those met at all, by their ordinals.
#[derive(Debug, Default)]
pub(in crate::embedded) struct ValueCounts(Vec<(u32, u32)>);

impl ValueCounts {
    pub(super) fn new(by_ord: &[u32]) -> Self {
        let met = by_ord.iter().enumerate().filter(|(_, n)| **n > 0);
        Self(met.map(|(ord, n)| (ord as u32, *n)).collect())
    }

    /// The same less those of some of the documents.
    pub(super) fn without(&self, gone: &Self) -> Self {
        let mut less = gone.0.iter().peekable();
        let left = self.0.iter().map(|&(ord, n)| {
            let off = less.next_if(|(other, _)| *other == ord);
            (ord, n - off.map_or(0, |(_, off)| *off))
        });
        Self(left.filter(|(_, n)| *n > 0).collect())
    }

    /// About how much memory it takes.
    pub(in crate::embedded) fn bytes(&self) -> usize {
        self.0.len() * size_of::<(u32, u32)>()
    }
}

/// The counts of a segment with the texts of its values.
pub(super) struct Counts {
    pub(super) strings: StrColumn,
    pub(super) met: Arc<ValueCounts>,
}

impl Counts {
    /// Calls `each` with the text and the count of every value met at least `least` times.
    fn texts(&self, least: u64, mut each: impl FnMut(&str, u64)) -> io::Result<()> {
        let ords: Vec<u64> = self.often(least).map(|(ord, _)| u64::from(*ord)).collect();
        let mut counts = self.often(least).map(|(_, n)| u64::from(*n));
        self.strings.dictionary().sorted_ords_to_term_cb(&ords, |bytes| {
            each(&String::from_utf8_lossy(bytes), counts.next().unwrap_or(0));
        })?;
        Ok(())
    }

    fn often(&self, least: u64) -> impl Iterator<Item = &(u32, u32)> {
        self.met.0.iter().filter(move |(_, n)| u64::from(*n) >= least)
    }

    /// The count of the `limit`-th most frequent value here; 0 where there are fewer.
    fn nth(&self, limit: usize) -> u64 {
        let mut counts: Vec<u32> = self.met.0.iter().map(|(_, n)| *n).collect();
        if limit == 0 || counts.len() < limit {
            return 0;
        }
        u64::from(*counts.select_nth_unstable_by(limit - 1, |a, b| b.cmp(a)).1)
    }

    /// All counts together.
    fn sum(&self) -> u64 {
        self.met.0.iter().map(|(_, n)| u64::from(*n)).sum()
    }

    fn of(&self, text: &str) -> io::Result<u64> {
        let Some(ord) = self.strings.dictionary().term_ord(text)? else {
            return Ok(0);
        };
        let found = self.met.0.binary_search_by_key(&ord, |(ord, _)| u64::from(*ord));
        Ok(found.map_or(0, |at| u64::from(self.met.0[at].1)))
    }
}

/// Every value and its count over all segments.
pub(super) fn all_of<'s>(segments: impl IntoIterator<Item = &'s Counts>) -> io::Result<HashMap<String, u64>> {
    let mut counts: HashMap<String, u64> = HashMap::default();
    for segment in segments {
        segment.texts(1, |text, n| match counts.get_mut(text) {
            Some(sum) => *sum += n,
            None => {
                counts.insert(text.to_owned(), n);
            }
        })?;
    }
    Ok(counts)
}

/// The `limit` most frequent values over all segments with their counts; the smaller first among equals.
pub(super) fn top_of(segments: &[Counts], limit: usize) -> io::Result<Vec<(String, u64)>> {
    let bound = bound(segments, limit)?;
    match candidates(segments, bound)? {
        Some(candidates) => Ok(top(counted_over(segments, candidates)?, limit)),
        None => Ok(top(all_of(segments)?, limit)),
    }
}

/// The values that may reach the bound in all; `None` where looking them up would take longer than reading everything.
fn candidates(segments: &[Counts], bound: u64) -> io::Result<Option<HashSet<String>>> {
    let all: u64 = segments.iter().map(Counts::sum).sum();
    let part = |sum: u64| {
        let part = (u128::from(bound) * u128::from(sum)).div_ceil(u128::from(all.max(1))) as u64;
        part.max(1)
    };
    let present: usize = segments.iter().map(|s| s.met.0.len()).sum();
    let most = present / LOOK_UP / segments.len().max(1);
    let (small, large): (Vec<&Counts>, Vec<&Counts>) =
        segments.iter().partition(|s| part(s.sum()) <= NEXT_TO_NOTHING);
    if small.iter().map(|s| s.met.0.len()).sum::<usize>() > present / 2 {
        return Ok(None);
    }
    let least = part(small.iter().map(|s| s.sum()).sum());
    let together = all_of(small)?.into_iter().filter(|(_, n)| *n >= least);
    let mut candidates: HashSet<String> = together.map(|(text, _)| text).collect();
    for segment in large {
        let least = part(segment.sum());
        if candidates.len().max(segment.often(least).count()) > most {
            return Ok(None);
        }
        segment.texts(least, |text, _| {
            if !candidates.contains(text) {
                candidates.insert(text.to_owned());
            }
        })?;
    }
    Ok(Some(candidates))
}

/// What the last of the most frequent values reaches in all: so many values of the largest segment reach it.
fn bound(segments: &[Counts], limit: usize) -> io::Result<u64> {
    let Some(largest) = segments.iter().max_by_key(|s| s.sum()) else {
        return Ok(0);
    };
    let mut best: HashSet<String> = HashSet::default();
    largest.texts(largest.nth(limit).max(1), |text, _| {
        // Of many that are met equally often, some will do.
        if best.len() < limit {
            best.insert(text.to_owned());
        }
    })?;
    if best.len() < limit {
        return Ok(0);
    }
    let counts = counted_over(segments, best)?;
    Ok(counts.values().copied().min().unwrap_or(0))
}

/// Values, counted over all segments.
fn counted_over(segments: &[Counts], texts: HashSet<String>) -> io::Result<HashMap<String, u64>> {
    let count = |text: String| {
        let sum: io::Result<u64> = segments.iter().map(|s| s.of(&text)).sum();
        Ok((text, sum?))
    };
    texts.into_iter().map(count).collect()
}

/// The most frequent; the smaller first among equals.
pub(super) fn top<K: Ord>(counts: impl IntoIterator<Item = (K, u64)>, limit: usize) -> Vec<(K, u64)> {
    let order = |a: &(K, u64), b: &(K, u64)| -> Ordering { b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)) };
    let mut all: Vec<(K, u64)> = counts.into_iter().collect();
    if limit < all.len() && limit > 0 {
        all.select_nth_unstable_by(limit - 1, order);
    }
    all.truncate(limit);
    all.sort_by(order);
    all
}
