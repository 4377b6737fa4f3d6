//! Mentions over time.

use super::columns::{Columns, string_column, text_of};
use crate::embedded::select::{Hits, Unit};
use crate::embedded::snapshot::Snapshot;
use crate::{Dimension, Error, Filter, Series, SeriesLine};
use foldhash::HashMap;
use post::Millis;
use tantivy::columnar::StrColumn;

/// Buckets a series may have.
pub const MAX_BUCKETS: usize = 10_000;

const WEEK_MS: i64 = 7 * 24 * 3_600_000;
/// 1970-01-05, the first Monday.
const MONDAY_MS: i64 = 4 * 24 * 3_600_000;

impl Snapshot {
    /// Mentions over time, one line per value of `by` or one in all.
    ///
    /// Buckets begin where `time + offset_ms` is a multiple of `interval_ms`: with the offset of a time zone from UTC
    /// days begin at its midnight. Whole weeks begin on Monday. The buckets reach over the filter's time, and where it
    /// has no begin or end, from the oldest or to the newest mention.
    pub fn series(
        &self,
        filter: &Filter,
        by: Option<Dimension>,
        interval_ms: i64,
        offset_ms: i64,
    ) -> Result<Series, Error> {
        let unit = if by == Some(Dimension::Monitor) {
            Unit::Mentions
        } else {
            Unit::Posts
        };
        let selected = self.select(filter, unit)?;
        let Some(buckets) = self.buckets(filter, &selected, interval_ms, offset_ms)? else {
            let lines = if by.is_none() {
                vec![SeriesLine::default()]
            } else {
                Vec::new()
            };
            return Ok(Series {
                interval_ms,
                times: Vec::new(),
                lines,
            });
        };
        let mut lines = Lines {
            buckets: &buckets,
            by_key: HashMap::default(),
            lines: Vec::new(),
        };
        for hits in &selected {
            match by {
                None => lines.whole(hits)?,
                Some(Dimension::Sentiment) => lines.labels(hits)?,
                Some(Dimension::Monitor | Dimension::Source | Dimension::Lang | Dimension::Kind) => {
                    lines.strings(hits, by.and_then(string_column).unwrap_or_default())?;
                }
                Some(other) => return Err(Error::Question(format!("a series cannot be split by {other:?}"))),
            }
        }
        if by.is_none() {
            lines.line(String::new());
        }
        let mut lines = lines.lines;
        lines.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.key.cmp(&b.key)));
        Ok(Series {
            interval_ms,
            times: buckets.times(),
            lines,
        })
    }

    fn buckets(
        &self,
        filter: &Filter,
        selected: &[Hits<'_>],
        interval_ms: i64,
        offset_ms: i64,
    ) -> Result<Option<Buckets>, Error> {
        if interval_ms <= 0 {
            return Err(Error::Question(format!(
                "an interval of {interval_ms} ms is none"
            )));
        }
        let (oldest, newest) = match (filter.from, filter.to) {
            (Some(from), Some(to)) => (from, to.saturating_sub(1)),
            _ => match extent(selected)? {
                Some((oldest, newest)) => (
                    filter.from.unwrap_or(oldest),
                    filter.to.map_or(newest, |to| to.saturating_sub(1)),
                ),
                None => return Ok(None),
            },
        };
        if newest < oldest {
            return Ok(None);
        }
        let shift = if interval_ms % WEEK_MS == 0 {
            offset_ms - MONDAY_MS
        } else {
            offset_ms
        };
        let index = |at: Millis| at.saturating_add(shift).div_euclid(interval_ms);
        let (first, last) = (index(oldest), index(newest));
        let len = last.abs_diff(first) as usize + 1;
        if len > MAX_BUCKETS {
            return Err(Error::Question(format!(
                "{len} buckets are too many, at most {MAX_BUCKETS} are allowed"
            )));
        }
        Ok(Some(Buckets {
            interval_ms,
            shift,
            first,
            len,
        }))
    }
}

/// The oldest and the newest time.
fn extent(selected: &[Hits<'_>]) -> Result<Option<(Millis, Millis)>, Error> {
    let mut extent: Option<(Millis, Millis)> = None;
    for hits in selected {
        let Some(created) = Columns(hits).created()? else {
            continue;
        };
        hits.each(|doc| {
            if let Some(at) = created.first(doc) {
                extent = Some(extent.map_or((at, at), |(a, b)| (a.min(at), b.max(at))));
            }
        })?;
    }
    Ok(extent)
}

struct Buckets {
    interval_ms: i64,
    shift: i64,
    first: i64,
    len: usize,
}

impl Buckets {
    fn of(&self, at: Millis) -> Option<usize> {
        let index = at.saturating_add(self.shift).div_euclid(self.interval_ms) - self.first;
        usize::try_from(index).ok().filter(|i| *i < self.len)
    }

    fn times(&self) -> Vec<Millis> {
        (0..self.len as i64)
            .map(|i| (self.first + i).saturating_mul(self.interval_ms) - self.shift)
            .collect()
    }
}

/// Lines in the making.
struct Lines<'b> {
    buckets: &'b Buckets,
    by_key: HashMap<String, usize>,
    lines: Vec<SeriesLine>,
}

impl Lines<'_> {
    fn line(&mut self, key: String) -> usize {
        let next = self.lines.len();
        let at = *self.by_key.entry(key.clone()).or_insert(next);
        if at == next {
            self.lines.push(SeriesLine {
                key,
                total: 0,
                counts: vec![0; self.buckets.len],
            });
        }
        at
    }

    fn count(&mut self, line: usize, bucket: usize) {
        let line = &mut self.lines[line];
        line.total += 1;
        line.counts[bucket] += 1;
    }

    fn whole(&mut self, hits: &Hits<'_>) -> Result<(), Error> {
        let Some(created) = Columns(hits).created()? else {
            return Ok(());
        };
        let line = self.line(String::new());
        hits.each(|doc| {
            if let Some(bucket) = created.first(doc).and_then(|at| self.buckets.of(at)) {
                self.count(line, bucket);
            }
        })
    }

    fn labels(&mut self, hits: &Hits<'_>) -> Result<(), Error> {
        let columns = Columns(hits);
        let (created, labels) = (columns.created()?, columns.labels()?);
        let Some(created) = created else { return Ok(()) };
        hits.each(|doc| {
            let label = labels.of(doc);
            let bucket = created.first(doc).and_then(|at| self.buckets.of(at));
            if let (Some(label), Some(bucket)) = (label, bucket) {
                let line = self.line(label.name().to_owned());
                self.count(line, bucket);
            }
        })
    }

    fn strings(&mut self, hits: &Hits<'_>, name: &str) -> Result<(), Error> {
        let columns = Columns(hits);
        let (Some(created), Some(strings)) = (columns.created()?, columns.strings(name)?) else {
            return Ok(());
        };
        let mut by_ord = self.lines_of(&strings, hits)?;
        hits.each(|doc| {
            let bucket = created.first(doc).and_then(|at| self.buckets.of(at));
            if let (Some(bucket), Some(ord)) = (bucket, strings.ords().first(doc)) {
                let (key, line) = &mut by_ord[ord as usize];
                let line = *line.get_or_insert_with(|| self.line(std::mem::take(key)));
                self.count(line, bucket);
            }
        })
    }

    /// The text of each ordinal, and its line once it has one: only values that are met make lines.
    fn lines_of(&self, strings: &StrColumn, hits: &Hits<'_>) -> Result<Vec<(String, Option<usize>)>, Error> {
        (0..strings.num_terms() as u64)
            .map(|ord| Ok((text_of(strings, ord, hits)?, None)))
            .collect()
    }
}
