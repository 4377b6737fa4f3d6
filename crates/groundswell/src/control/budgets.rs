//! What was left of the budgets of sources, as a series: a reading a minute, where something had changed.

use super::error::Result;
use super::{Control, from_sql, to_sql};
use crate::control::sql::{self, OptionalExtension, Row, params};

/// Readings are kept for so long: longer than the longest back-test.
const KEPT: i64 = 100 * 24 * super::HOUR;

/// What was left of one limit at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetReading {
    /// The source.
    pub source: String,
    /// What is counted: posts, money in millionths of a US dollar, or a unit of the platform.
    pub unit: String,
    /// In which period: `day`, `Pacific day` or `month`.
    pub period: String,
    /// When it was read, milliseconds since 1970.
    pub at: i64,
    /// The limit.
    pub most: u64,
    /// What was left of it.
    pub left: u64,
    /// When it was to be full again.
    pub resets_at: i64,
}

impl Control {
    /// Takes note of what is left; of a limit that stands as it was read last, nothing is written. Readings that are too
    /// old go.
    pub fn note_budgets(&self, readings: &[BudgetReading]) -> Result<()> {
        if readings.is_empty() {
            return Ok(());
        }
        self.write(|db| {
            for reading in readings {
                let mut last = db.prepare_cached(
                    "SELECT * FROM budget_readings WHERE source = ?1 AND unit = ?2 AND period = ?3
                     ORDER BY at DESC LIMIT 1",
                )?;
                let meter = params![reading.source, reading.unit, reading.period];
                let last = last.query_row(meter, read).optional()?;
                let same = |last: &BudgetReading| (last.most, last.left) == (reading.most, reading.left);
                if last.as_ref().is_some_and(same) {
                    continue;
                }
                db.prepare_cached(
                    "INSERT INTO budget_readings (source, unit, period, at, most, rest, resets_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                     ON CONFLICT (source, unit, period, at) DO UPDATE SET most = excluded.most, rest = excluded.rest,
                         resets_at = excluded.resets_at",
                )?
                .execute(params![
                    reading.source,
                    reading.unit,
                    reading.period,
                    reading.at,
                    to_sql(reading.most),
                    to_sql(reading.left),
                    reading.resets_at
                ])?;
                db.prepare_cached("DELETE FROM budget_readings WHERE at < ?1")?
                    .execute([reading.at - KEPT])?;
            }
            Ok(())
        })
    }

    /// The readings from `from` on and before `until`, in the order they were made, and before them the last of each limit
    /// that was made earlier.
    pub fn budget_readings(&self, from: i64, until: i64) -> Result<Vec<BudgetReading>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(
                "SELECT r.* FROM budget_readings r WHERE r.at >= ?1 AND r.at < ?2
                     OR r.at = (SELECT max(b.at) FROM budget_readings b
                         WHERE b.source = r.source AND b.unit = r.unit AND b.period = r.period AND b.at < ?1)
                 ORDER BY r.at, r.source, r.unit, r.period",
            )?;
            let rows = rows.query_map([from, until], read)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Since when it is known what budgets had left; `None` where nothing is.
    pub fn budgets_known_since(&self) -> Result<Option<i64>> {
        self.read(|db| Ok(db.query_row("SELECT min(at) FROM budget_readings", [], |r| r.get(0))?))
    }
}

fn read(row: &Row<'_>) -> sql::Result<BudgetReading> {
    Ok(BudgetReading {
        source: row.get("source")?,
        unit: row.get("unit")?,
        period: row.get("period")?,
        at: row.get("at")?,
        most: from_sql(row.get("most")?),
        left: from_sql(row.get("rest")?),
        resets_at: row.get("resets_at")?,
    })
}
