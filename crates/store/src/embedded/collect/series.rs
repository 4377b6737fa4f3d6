//! Mentions over time.

use super::columns::{Columns, string_column, text_of};
use crate::aggregate::Even;
use crate::embedded::select::Hits;
use crate::embedded::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{Dimension, Error, Filter, Series, SeriesLine};
use foldhash::HashMap;
use post::Millis;
use tantivy::columnar::StrColumn;

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
        self.surviving(|| self.series_of(filter, by, interval_ms, offset_ms))
    }

    fn series_of(
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
        let Some(buckets) = Even::over(filter, interval_ms, offset_ms, || extent(&selected))? else {
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

/// Lines in the making.
struct Lines<'b> {
    buckets: &'b Even,
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
                counts: vec![0; self.buckets.len()],
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
