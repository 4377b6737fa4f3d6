//! The most frequent values over many segments, without reading every rare one's text.
//!
//! The threshold method: the best of each segment give a bound that the last of the answer reaches. Over `s` segments,
//! what reaches it in all reaches its `s`-th part in one; only those values are looked up everywhere.

use foldhash::{HashMap, HashSet};
use std::cmp::Ordering;
use std::hash::Hash;
use std::io;
use std::sync::Arc;
use tantivy::columnar::StrColumn;

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

    fn of(&self, text: &str) -> io::Result<u64> {
        let Some(ord) = self.strings.dictionary().term_ord(text)? else {
            return Ok(0);
        };
        let found = self.met.0.binary_search_by_key(&ord, |(ord, _)| u64::from(*ord));
        Ok(found.map_or(0, |at| u64::from(self.met.0[at].1)))
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
    let candidates: usize = segments.iter().map(|s| s.often(least).count()).sum();
    let present: usize = segments.iter().map(|s| s.met.0.len()).sum();
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
