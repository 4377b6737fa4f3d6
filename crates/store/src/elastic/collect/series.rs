//! Mentions over time.

use super::axis::{How, Plan};
use crate::aggregate::Even;
use crate::elastic::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{Dimension, Error, Filter, Key, Measures, Series, SeriesLine};

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
        use Dimension::{Kind, Lang, Monitor, Sentiment, Source};
        if let Some(other) = by.filter(|by| !matches!(by, Monitor | Sentiment | Source | Lang | Kind)) {
            return Err(Error::Question(format!("a series cannot be split by {other:?}")));
        }
        let unit = if by == Some(Monitor) {
            Unit::Mentions
        } else {
            Unit::Posts
        };
        let query = self.select(filter, unit)?;
        let Some(buckets) = Even::over(filter, interval_ms, offset_ms, || self.extent_of(&query))? else {
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
        let borders: Vec<_> = (0..=buckets.len()).map(|i| buckets.begin(i)).collect();
        let times = Plan {
            keys: borders.windows(2).map(|w| Key::Time(w[0], w[1])).collect(),
            how: How::Time(borders),
        };
        let mut lines = match by {
            None => {
                let grid = self.grid(&query, &[times], Measures::default())?;
                vec![line(String::new(), grid.cells.iter())]
            }
            Some(by) => {
                let values = self.met(&query, by)?;
                let lines = self.valued(by, values.clone(), false)?;
                let grid = self.grid(&query, &[lines, times], Measures::default())?;
                let rows = grid.cells.chunks(buckets.len());
                values
                    .into_iter()
                    .zip(rows)
                    .map(|(key, row)| line(key, row.iter()))
                    .filter(|line| line.total > 0)
                    .collect()
            }
        };
        lines.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.key.cmp(&b.key)));
        Ok(Series {
            interval_ms,
            times: buckets.times(),
            lines,
        })
    }
}

fn line<'c>(key: String, cells: impl Iterator<Item = &'c crate::Cell>) -> SeriesLine {
    let counts: Vec<u64> = cells.map(|cell| cell.mentions).collect();
    SeriesLine {
        key,
        total: counts.iter().sum(),
        counts,
    }
}
