//! The most frequent values over many segments, without reading every rare one's text.
//!
//! The threshold method: the best of each segment give a bound that the last of the answer reaches. Over `s` segments,
//! what reaches it in all reaches its `s`-th part in one; only those values are looked up everywhere.

use foldhash::{HashMap, HashSet};
use std::cmp::Ordering;
use std::hash::Hash;
use std::io;
use tantivy::columnar::StrColumn;

/// How often each value of a segment was met.
pub(super) struct Counts {
    pub(super) strings: StrColumn,
    pub(super) by_ord: Vec<u64>,
}

impl Counts {
    pub(super) fn new(strings: StrColumn) -> Self {
        let by_ord = vec![0; strings.num_terms()];
        Self { strings, by_ord }
    }

    /// Calls `each` with the text and the count of every value met at least `least` times.
    fn texts(&self, least: u64, mut each: impl FnMut(&str, u64)) -> io::Result<()> {
        let ords: Vec<u64> = self.ords(least).collect();
        let mut at = ords.iter();
        self.strings.dictionary().sorted_ords_to_term_cb(&ords, |bytes| {
            let n = at.next().map_or(0, |ord| self.by_ord[*ord as usize]);
            each(&String::from_utf8_lossy(bytes), n);
        })?;
        Ok(())
    }

    fn ords(&self, least: u64) -> impl Iterator<Item = u64> {
        let least = least.max(1);
        self.by_ord
            .iter()
            .enumerate()
            .filter(move |(_, n)| **n >= least)
            .map(|(ord, _)| ord as u64)
    }

    /// The count of the `limit`-th most frequent value here; 0 where there are fewer.
    fn nth(&self, limit: usize) -> u64 {
        let mut counts: Vec<u64> = self.by_ord.iter().copied().filter(|n| *n > 0).collect();
        if limit == 0 || counts.len() < limit {
            return 0;
        }
        *counts.select_nth_unstable_by(limit - 1, |a, b| b.cmp(a)).1
    }

    fn of(&self, text: &str) -> io::Result<u64> {
        let ord = self.strings.dictionary().term_ord(text)?;
        Ok(ord.map_or(0, |ord| self.by_ord[ord as usize]))
    }
}

/// Every value and its count over all segments.
pub(super) fn all_of(segments: &[Counts]) -> io::Result<HashMap<String, u64>> {
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

/// The `limit` most frequent values over all segments; the smaller first among equals.
pub(super) fn top_of(segments: &[Counts], limit: usize) -> io::Result<Vec<String>> {
    // What reaches a count in one segment reaches it in all; so many values reach the best of the segments' bounds.
    let bound = segments.iter().map(|s| s.nth(limit)).max().unwrap_or(0);
    let least = bound.div_ceil(segments.len().max(1) as u64);
    let candidates: usize = segments.iter().map(|s| s.ords(least).count()).sum();
    let present: usize = segments.iter().map(|s| s.ords(1).count()).sum();
    let counts = match candidates.saturating_mul(segments.len()) < present {
        true => some_of(segments, least)?,
        false => all_of(segments)?,
    };
    Ok(top(counts, limit).into_iter().map(|(text, _)| text).collect())
}

/// The values met at least `least` times in some segment, counted over all.
fn some_of(segments: &[Counts], least: u64) -> io::Result<HashMap<String, u64>> {
    let mut texts: HashSet<String> = HashSet::default();
    for segment in segments {
        segment.texts(least, |text, _| {
            if !texts.contains(text) {
                texts.insert(text.to_owned());
            }
        })?;
    }
    let count = |text: String| {
        let sum: io::Result<u64> = segments.iter().map(|s| s.of(&text)).sum();
        Ok((text, sum?))
    };
    texts.into_iter().map(count).collect()
}

/// The most frequent; the smaller first among equals.
pub(super) fn top<K: Ord + Hash>(counts: HashMap<K, u64>, limit: usize) -> Vec<(K, u64)> {
    let order = |a: &(K, u64), b: &(K, u64)| -> Ordering { b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)) };
    let mut all: Vec<(K, u64)> = counts.into_iter().collect();
    if limit < all.len() && limit > 0 {
        all.select_nth_unstable_by(limit - 1, order);
    }
    all.truncate(limit);
    all.sort_by(order);
    all
}
