//! How well each source covered its platform, as a series: per minute for two days, per hour for a year and a month.

use super::error::Result;
use super::{Control, from_sql, to_sql};
use crate::control::sql::{self, Row, params};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A minute, in milliseconds.
pub const MINUTE: i64 = 60_000;
/// An hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Minutes are kept for so long.
const MINUTES: i64 = 48 * HOUR;
/// Hours are kept for so long.
const HOURS: i64 = 400 * 24 * HOUR;

/// What a source did in one slot of time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct CoverageSlot {
    /// Begin, milliseconds since 1970.
    pub at: i64,
    /// Its length in milliseconds: a minute or an hour.
    pub width: i64,
    /// Items seen, wanted or not.
    pub seen: u64,
    /// Half of what was seen arrived at most so many milliseconds after it was published. Of an hour: the largest of its
    /// minutes.
    pub lag_p50: Option<u32>,
    /// Of twenty, nineteen did.
    pub lag_p95: Option<u32>,
    /// Items refused, by reason.
    pub refused: BTreeMap<String, u64>,
    /// Milliseconds of the slot in which it was connected.
    pub live: i64,
}

/// How long a source was connected in one slot of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardSlot {
    /// The source.
    pub source: String,
    /// Begin, milliseconds since 1970.
    pub at: i64,
    /// Its length in milliseconds.
    pub width: i64,
    /// Items seen, wanted or not.
    pub seen: u64,
    /// Milliseconds of the slot in which it was connected.
    pub live: i64,
}

/// A time from which posts are missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CoverageGap {
    /// The source.
    pub source: String,
    /// From, milliseconds since 1970.
    pub from: i64,
    /// Until.
    pub until: i64,
    /// `gap`: nothing was received. `partial`: the past was searched, as far as the platform shows it.
    pub kind: String,
    /// Why, in words.
    pub reason: String,
    /// Whether what was missed was fetched later.
    pub repaired: bool,
}

impl Control {
    /// Adds what a source did to its present slot. (A slot is told twice where the process was started anew in it.)
    pub fn add_coverage(&self, source: &str, slot: &CoverageSlot) -> Result<()> {
        let refused = serde_json::to_string(&slot.refused).unwrap_or_default();
        self.write(|db| {
            db.prepare_cached(
                "INSERT INTO coverage (source, at, width, seen, lag_p50, lag_p95, refused, live)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (source, at) DO UPDATE SET seen = coverage.seen + excluded.seen, live = coverage.live + excluded.live,
                     lag_p50 = max(ifnull(coverage.lag_p50, 0), ifnull(excluded.lag_p50, 0)),
                     lag_p95 = max(ifnull(coverage.lag_p95, 0), ifnull(excluded.lag_p95, 0)),
                     refused = CASE excluded.refused WHEN '{}' THEN coverage.refused ELSE excluded.refused END",
            )?
            .execute(params![
                source,
                slot.at,
                slot.width,
                to_sql(slot.seen),
                slot.lag_p50,
                slot.lag_p95,
                refused,
                slot.live
            ])?;
            Ok(())
        })
    }

    /// Notes a gap, or what became of it.
    pub fn note_gap(&self, gap: &CoverageGap) -> Result<()> {
        self.write(|db| {
            db.prepare_cached(
                "INSERT INTO coverage_gaps (source, from_time, until_time, kind, reason, repaired)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (source, from_time, kind) DO UPDATE SET until_time = excluded.until_time, reason = excluded.reason, repaired = excluded.repaired",
            )?
            .execute(params![
                gap.source,
                gap.from,
                gap.until,
                gap.kind,
                gap.reason,
                gap.repaired
            ])?;
            Ok(())
        })
    }

    /// The slots of a source that overlap `[from, until)`, in order.
    pub fn coverage(&self, source: &str, from: i64, until: i64) -> Result<Vec<CoverageSlot>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT at, width, seen, lag_p50, lag_p95, refused, live FROM coverage
                 WHERE source = ?1 AND at > ?2 AND at < ?3 AND at + width > ?4 ORDER BY at",
            )?;
            let rows = all.query_map(params![source, from.saturating_sub(HOUR), until, from], slot)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// How long every source was connected, slot by slot, where slots overlap `[from, until)`.
    pub fn heard(&self, from: i64, until: i64) -> Result<Vec<HeardSlot>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT source, at, width, seen, live FROM coverage WHERE at > ?1 AND at < ?2 AND at + width > ?3",
            )?;
            let rows = all.query_map([from.saturating_sub(HOUR), until, from], |r| {
                Ok(HeardSlot {
                    source: r.get(0)?,
                    at: r.get(1)?,
                    width: r.get(2)?,
                    seen: from_sql(r.get(3)?),
                    live: r.get(4)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Whether any source delivered anything in `[from, until)`; also where nothing was written down yet at that time.
    pub fn anything_heard(&self, from: i64, until: i64) -> Result<bool> {
        self.read(|db| {
            let first: Option<i64> = db.query_row("SELECT min(at) FROM coverage", [], |r| r.get(0))?;
            if first.is_none_or(|first| from < first) {
                return Ok(true);
            }
            let mut any = db.prepare_cached(
                "SELECT 1 FROM coverage WHERE seen > 0 AND at > ?1 AND at < ?2 AND at + width > ?3 LIMIT 1",
            )?;
            Ok(any.exists(params![from.saturating_sub(HOUR), until, from])?)
        })
    }

    /// The gaps of every source that overlap `[from, until)`, in order.
    pub fn gaps(&self, from: i64, until: i64) -> Result<Vec<CoverageGap>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT source, from_time, until_time, kind, reason, repaired FROM coverage_gaps
                 WHERE from_time < ?2 AND until_time >= ?1 ORDER BY from_time, source LIMIT 10000",
            )?;
            let rows = all.query_map([from, until], |r| {
                Ok(CoverageGap {
                    source: r.get(0)?,
                    from: r.get(1)?,
                    until: r.get(2)?,
                    kind: r.get(3)?,
                    reason: r.get(4)?,
                    repaired: r.get(5)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Makes hours of old minutes and forgets what is too old.
    pub fn condense_coverage(&self, now: i64) -> Result<()> {
        let old = (now - MINUTES).div_euclid(HOUR) * HOUR;
        self.write(|db| {
            let mut find = db.prepare_cached(
                "SELECT at, width, seen, lag_p50, lag_p95, refused, live, source FROM coverage
                 WHERE width = ?1 AND at < ?2 ORDER BY source, at",
            )?;
            let rows = find.query_map([MINUTE, old], |r| Ok((r.get::<_, String>(7)?, slot(r)?)))?;
            let mut hours: BTreeMap<(String, i64), CoverageSlot> = BTreeMap::new();
            for row in rows {
                let (source, minute) = row?;
                let at = minute.at.div_euclid(HOUR) * HOUR;
                add(hours.entry((source, at)).or_default(), minute);
            }
            db.execute("DELETE FROM coverage WHERE width = ?1 AND at < ?2", [MINUTE, old])?;
            let mut put = db.prepare_cached(
                "INSERT INTO coverage (source, at, width, seen, lag_p50, lag_p95, refused, live)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (source, at) DO UPDATE SET width = excluded.width, seen = excluded.seen, lag_p50 = excluded.lag_p50, lag_p95 = excluded.lag_p95, refused = excluded.refused, live = excluded.live",
            )?;
            for ((source, at), hour) in hours {
                let refused = serde_json::to_string(&hour.refused).unwrap_or_default();
                let seen = to_sql(hour.seen);
                put.execute(params![
                    source,
                    at,
                    HOUR,
                    seen,
                    hour.lag_p50,
                    hour.lag_p95,
                    refused,
                    hour.live
                ])?;
            }
            db.execute("DELETE FROM coverage WHERE at < ?1", [now - HOURS])?;
            db.execute("DELETE FROM coverage_gaps WHERE until_time < ?1", [now - HOURS])?;
            Ok(())
        })
    }
}

fn slot(row: &Row<'_>) -> sql::Result<CoverageSlot> {
    Ok(CoverageSlot {
        at: row.get(0)?,
        width: row.get(1)?,
        seen: from_sql(row.get(2)?),
        lag_p50: row.get(3)?,
        lag_p95: row.get(4)?,
        refused: serde_json::from_str(&row.get::<_, String>(5)?).unwrap_or_default(),
        live: row.get(6)?,
    })
}

/// Slots in order, summed to steps of so many milliseconds since 1970: each reaches from its first slot to the end of its last,
/// so that time in which nobody measured stays apart. Longer slots stay as they are.
pub fn stepped(slots: Vec<CoverageSlot>, step: i64) -> Vec<CoverageSlot> {
    let mut out: Vec<CoverageSlot> = Vec::new();
    for slot in slots {
        let of = |at: i64| at.div_euclid(step.max(1));
        match out.last_mut() {
            Some(last) if of(last.at) == of(slot.at) && slot.width <= step => {
                last.width = slot.at + slot.width - last.at;
                add(last, slot);
            }
            _ => out.push(slot),
        }
    }
    out
}

fn add(hour: &mut CoverageSlot, minute: CoverageSlot) {
    hour.seen += minute.seen;
    hour.lag_p50 = hour.lag_p50.max(minute.lag_p50);
    hour.lag_p95 = hour.lag_p95.max(minute.lag_p95);
    hour.live += minute.live;
    for (reason, n) in minute.refused {
        *hour.refused.entry(reason).or_default() += n;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_sums_what_was_measured_in_it_and_reaches_no_further() {
        let minute = |at: i64, live: i64| CoverageSlot {
            at: at * MINUTE,
            width: MINUTE,
            seen: 2,
            live,
            ..CoverageSlot::default()
        };
        let hour = CoverageSlot {
            width: HOUR,
            ..minute(0, HOUR)
        };
        let minutes = (62..66)
            .map(|at| minute(at, MINUTE / 2))
            .chain([minute(69, MINUTE)]);
        let found = stepped(std::iter::once(hour.clone()).chain(minutes).collect(), 5 * MINUTE);
        let told: Vec<_> = found
            .iter()
            .map(|s| (s.at / MINUTE, s.width / MINUTE, s.seen, s.live / (MINUTE / 2)))
            .collect();
        assert_eq!(told, [(0, 60, 2, 120), (62, 3, 6, 3), (65, 5, 4, 3)]);
        assert_eq!(stepped(vec![hour.clone()], MINUTE), [hour]);
    }
}
