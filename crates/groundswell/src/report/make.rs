//! A report made from one snapshot of the store, so that all its numbers belong together.

use super::{Definition, Span, sections, words};
use crate::api::{Failure, ask_offline, rules};
use crate::control::Control;
use post::Millis;
use report::Report;
use store::{Filter, Snapshot};

/// A report, and the days it is about.
pub struct Made {
    /// What it says.
    pub report: Report,
    /// Its days.
    pub span: Span,
}

/// What sections are made of.
pub(super) struct Ground<'a> {
    pub(super) control: &'a Control,
    pub(super) snapshot: &'a Snapshot,
    pub(super) definition: &'a Definition,
    pub(super) project: &'a str,
    pub(super) filter: Filter,
    pub(super) span: &'a Span,
    pub(super) zone: jiff::tz::TimeZone,
    pub(super) now: Millis,
    /// Distinct authors below which a cell is small; `None` in the house.
    pub(super) small_cell: Option<u64>,
    /// Whether sentiment may be summed up under this filter.
    pub(super) scored: bool,
}

/// Makes a report of a definition for the days that it means at `now`. Blocks.
pub fn make(
    control: &Control,
    snapshot: &Snapshot,
    definition: &Definition,
    project: &str,
    small_cell: u64,
    now: Millis,
) -> Result<Made, Failure> {
    definition.check().map_err(Failure::Bad)?;
    let zone = definition.time_zone().map_err(Failure::Bad)?;
    let span = definition
        .period
        .days(now, &zone)
        .map_err(|e| Failure::Bad(format!("the period: {e}")))?;
    let mut params = definition.filter.clone();
    (params.project, params.from, params.to) = (Some(project.to_owned()), Some(span.from), Some(span.to));
    let filter = ask_offline(control, &params, now)?.filter;
    if let Some(name) = rules::narrow(&filter).filter(|_| !definition.internal) {
        return Err(Failure::Bad(format!(
            "a report that leaves the house has no filter by `{name}`: it could be about very few people; set internal if it stays"
        )));
    }
    let scored = rules::check_person(snapshot, &filter)?;
    let labels = rules::labels(snapshot, &filter)?;
    let name = control
        .project(project)
        .map_err(crate::api::control_failure)?
        .name;
    let ground = Ground {
        control,
        snapshot,
        definition,
        project,
        filter,
        span: &span,
        zone,
        now,
        small_cell: (!definition.internal).then_some(small_cell),
        scored,
    };
    let list = definition
        .chosen()
        .into_iter()
        .map(|kind| sections::make(&ground, kind));
    let list: Vec<Option<report::Section>> = list.collect::<Result<_, Failure>>()?;
    let made = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
    let local = made.to_zoned(ground.zone.clone());
    let report = Report {
        title: definition.name.clone(),
        subject: name,
        period: words::period(&span, &definition.zone),
        made: local.strftime("Made on %-d %B %Y, %H:%M %Z.").to_string(),
        made_at: made.as_second(),
        lang: "en".to_owned(),
        logo: definition.logo().map_err(Failure::Bad)?,
        text: definition
            .text
            .split("\n\n")
            .map(|p| p.trim().to_owned())
            .filter(|p| !p.is_empty())
            .collect(),
        draft: true,
        sections: list.into_iter().flatten().collect(),
        labels: labels.into_iter().map(|l| l.text).collect(),
    };
    Ok(Made { report, span })
}
