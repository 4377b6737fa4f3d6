//! When drafts are made by themselves.

use super::{Form, files, make};
use crate::control::NewRendition;
use crate::pipeline::Engine;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use post::Millis;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use utoipa::ToSchema;

/// How often it is looked whether something is due.
const LOOK: Duration = Duration::from_secs(60);

/// A time that comes again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// How often.
    pub every: Every,
    /// The hour of the report's time zone, 0 to 23.
    pub hour: u8,
}

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// Each day.
    Day,
    /// Each week, on this day: 1 is Monday, 7 Sunday.
    Week(u8),
    /// Each month, on this day, 1 to 28.
    Month(u8),
}

impl Schedule {
    /// What cannot be used, in words.
    pub fn check(&self) -> Result<(), String> {
        match self.every {
            _ if self.hour > 23 => Err(format!("`{}` is no hour: 0 to 23", self.hour)),
            Every::Week(day) if !(1..=7).contains(&day) => {
                Err(format!("`{day}` is no day of the week: 1 (Monday) to 7"))
            }
            Every::Month(day) if !(1..=28).contains(&day) => {
                Err(format!("`{day}` is no day of every month: 1 to 28"))
            }
            _ => Ok(()),
        }
    }

    /// The last time it was due at or before `now`.
    pub fn last_due(&self, now: Millis, zone: &TimeZone) -> Result<Millis, jiff::Error> {
        let now = Timestamp::from_millisecond(now)?.to_zoned(zone.clone());
        let hour = Time::new(self.hour.min(23) as i8, 0, 0, 0)?;
        let mut day = now.date();
        let step: Span = match self.every {
            Every::Day => 1.day(),
            Every::Week(wanted) => {
                let back = (day.weekday().to_monday_one_offset() - wanted as i8).rem_euclid(7);
                day = day.checked_sub(i64::from(back).days())?;
                7.days()
            }
            Every::Month(wanted) => {
                let this = day.with().day(wanted.clamp(1, 28) as i8).build()?;
                day = if this > day {
                    this.checked_sub(1.month())?
                } else {
                    this
                };
                1.month()
            }
        };
        let mut due = day.to_datetime(hour).to_zoned(zone.clone())?;
        if due > now {
            due = day.checked_sub(step)?.to_datetime(hour).to_zoned(zone.clone())?;
        }
        Ok(due.timestamp().as_millisecond())
    }
}

/// Makes the drafts that are due, for as long as the process lives.
pub async fn run(engine: Arc<Engine>, small_cell: u64, mut ending: watch::Receiver<bool>) {
    loop {
        let work = engine.clone();
        let done = tokio::task::spawn_blocking(move || drafts(&work, small_cell, crate::clock::now())).await;
        match done {
            Ok(Ok(0)) => {}
            Ok(Ok(made)) => tracing::info!(made, "scheduled reports wait for approval"),
            Ok(Err(error)) => tracing::error!(%error, "scheduled reports could not be made"),
            Err(error) => tracing::error!(%error, "making scheduled reports failed"),
        }
        tokio::select! {
            _ = tokio::time::sleep(LOOK) => {}
            _ = ending.wait_for(|end| *end) => return,
        }
    }
}

/// Makes the drafts that are due at `now`; how many.
pub(super) fn drafts(engine: &Engine, small_cell: u64, now: Millis) -> anyhow::Result<usize> {
    let mut made = 0;
    for row in engine.control.scheduled_reports()? {
        let Some(schedule) = &row.definition.schedule else {
            continue;
        };
        let due = row
            .definition
            .time_zone()
            .ok()
            .and_then(|zone| schedule.last_due(now, &zone).ok());
        let Some(due) = due.filter(|due| *due > row.last_due) else {
            continue;
        };
        // Written down first: a report that cannot be made is not tried every minute.
        engine.control.set_report_due(&row.id, due)?;
        let asked = make(
            &engine.control,
            &engine.store.snapshot(),
            &row.definition,
            &row.project,
            small_cell,
            now,
        );
        let report = match asked {
            Ok(report) => report,
            Err(failure) => {
                tracing::error!(report = %row.id, reason = %failure.message(), "a scheduled report could not be made");
                continue;
            }
        };
        let forms = if row.definition.forms.is_empty() {
            vec![Form::Pdf]
        } else {
            row.definition.forms.clone()
        };
        for form in forms {
            let rendition = engine.control.add_rendition(&NewRendition {
                report: &row.id,
                project: &row.project,
                form,
                span: &report.span,
                by: "schedule",
                recipients: &row.definition.recipients,
            })?;
            files::write(&engine.data, &rendition.id, form, &report.report)?;
            made += 1;
        }
    }
    Ok(made)
}
