//! What changed, and what to try.

use super::claims::{self, Candidate, Claim, ClaimKind, Suggestion};
use super::influencers::influencers_of;
use super::questions::unanswered;
use super::{Ground, beyond, drivers, gaps, times, words};
use crate::api::types::Monitor;
use crate::api::{Failure, control_failure, rules};
use crate::control::{Annotation, FindingFilter, FindingRow};
use post::Millis;
use serde::Serialize;
use store::Filter;
use utoipa::ToSchema;

/// Monitors told of.
const MONITORS: usize = 10;
/// Claims of one kind.
const OF_A_KIND: usize = 4;
/// Findings told of.
/// Half a point of net sentiment.
const LEAST: f64 = 0.005;
const FINDINGS: usize = 30;
/// Actions are followed up for so long.
const FOLLOWED: Millis = 28 * 24 * 3_600_000;
/// The kind of an annotation that is an action.
pub(crate) const ACTION: &str = "action";

/// The week in sentences.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WeekOf {
    /// Begin of the period compared with.
    pub(crate) before_from: Option<i64>,
    /// Its end, exclusive.
    pub(crate) before_to: Option<i64>,
    /// Whether the store reaches back over all of it; where it does not, nothing is said of changes.
    pub(crate) comparable: bool,
    /// What changed or stands out, each sentence beyond chance or counted; by kind, the surest first.
    pub(crate) claims: Vec<Claim>,
    /// What to try, each because of one of the claims.
    pub(crate) suggestions: Vec<Suggestion>,
    /// What detectors found in the period, with a sentence each.
    pub(crate) findings: Vec<Told>,
    /// Tests made for this page.
    pub(crate) tested: u64,
    /// Those beyond chance when all are looked at together: at most one in twenty of them is by chance (Benjamini and Hochberg
    /// 1995).
    pub(crate) passed: u64,
}

/// A finding and its sentence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Told {
    /// What it says.
    pub(crate) words: String,
    /// The finding.
    pub(crate) finding: FindingRow,
}

/// The week under the filter.
pub(crate) fn week_of(g: &Ground<'_>) -> Result<WeekOf, Failure> {
    let mut monitors = g.monitors()?;
    let named = &g.filter.monitors;
    monitors.retain(|m| named.include.is_empty() || named.include.contains(&m.id));
    monitors.truncate(MONITORS);
    let before = g.before();
    let comparable = before
        .map(|(from, to)| reaches_back(g, from, to))
        .transpose()?
        .unwrap_or(false);
    let candidates = candidates(g, &monitors, comparable)?;
    let p: Vec<f64> = candidates.iter().map(|c| c.p).collect();
    let passed = beyond(&p);
    let mut week = WeekOf {
        before_from: before.map(|b| b.0),
        before_to: before.map(|b| b.1),
        comparable,
        claims: Vec::new(),
        suggestions: Vec::new(),
        findings: findings(g)?,
        tested: p.iter().filter(|p| !p.is_nan()).count() as u64,
        passed: passed.iter().filter(|p| **p).count() as u64,
    };
    tell(g, candidates, &passed, &mut week)?;
    Ok(week)
}

/// Whether what is held begins within the first tenth of a period.
fn reaches_back(g: &Ground<'_>, from: Millis, to: Millis) -> Result<bool, Failure> {
    let older = Filter {
        project: Some(g.project.clone()),
        to: Some(from + (to - from) / 10),
        ..Filter::default()
    };
    Ok(g.snapshot.count(&older)? > 0)
}

fn candidates(g: &Ground<'_>, monitors: &[Monitor], comparable: bool) -> Result<Vec<Candidate>, Failure> {
    let mut all = Vec::new();
    if comparable {
        all.extend(claims::volume(g, monitors)?);
    }
    let scored = rules::check_person(g.snapshot, &g.filter)?;
    if scored {
        if comparable {
            all.extend(claims::sentiment(g, monitors)?);
        }
        let drivers = drivers::drivers_of(g, None)?;
        all.extend(claims::subjects(&drivers).into_iter().filter(|c| {
            comparable
                || c.claim
                    .as_ref()
                    .is_none_or(|claim| !claim.id.starts_with("part:"))
        }));
        let gaps = gaps::gaps_of(g, None)?;
        all.extend(claims::gaps(&gaps));
    }
    all.extend(claims::questions(&unanswered(g)?));
    all.extend(claims::hours(&times::over_four_weeks(g)?));
    all.extend(claims::influencers(&influencers_of(g)?));
    Ok(all)
}

/// Keeps what passed, the surest of each kind.
fn tell(
    g: &Ground<'_>,
    candidates: Vec<Candidate>,
    passed: &[bool],
    week: &mut WeekOf,
) -> Result<(), Failure> {
    let actions = actions(g)?;
    let mut kept: Vec<(Claim, Option<(String, String)>)> = candidates
        .into_iter()
        .zip(passed)
        .filter(|(c, passed)| c.p.is_nan() || **passed)
        .filter_map(|(c, _)| Some((c.claim?, c.suggestion)))
        .filter(|(claim, _)| !is_tiny(claim))
        .collect();
    let sure = |claim: &Claim| claim.p.unwrap_or(0.0);
    kept.sort_by(|(a, _), (b, _)| a.kind.cmp(&b.kind).then_with(|| sure(a).total_cmp(&sure(b))));
    let mut last: Option<(ClaimKind, usize)> = None;
    for (claim, suggestion) in kept {
        let of_kind = last.filter(|(kind, _)| *kind == claim.kind).map_or(0, |(_, n)| n);
        last = Some((claim.kind, of_kind + 1));
        if of_kind >= OF_A_KIND {
            continue;
        }
        if let Some((title, words)) = suggestion {
            let taken = actions.iter().rev().find(|a| a.title == title);
            week.suggestions.push(Suggestion {
                claim: claim.id.clone(),
                taken: taken.map(|a| a.id.clone()),
                title,
                words,
            });
        }
        week.claims.push(claim);
    }
    Ok(())
}

/// Whether a part of net sentiment is too small to be said, however sure it is: it changes nothing for anybody.
fn is_tiny(claim: &Claim) -> bool {
    let of_net = ["adds:", "part:", "better:", "sentiment:"]
        .iter()
        .any(|kind| claim.id.starts_with(kind));
    of_net && claim.value.value.is_some_and(|v| v.abs() < LEAST)
}

/// Actions of the last four weeks, oldest first.
pub(crate) fn actions(g: &Ground<'_>) -> Result<Vec<Annotation>, Failure> {
    let since = g.to.min(g.now) - FOLLOWED;
    let all = g
        .control
        .annotations(&g.project, since, i64::MAX)
        .map_err(control_failure)?;
    Ok(all.into_iter().filter(|a| a.kind == ACTION).collect())
}

/// What detectors found in the period, the newest first.
pub(crate) fn findings(g: &Ground<'_>) -> Result<Vec<Told>, Failure> {
    let filter = FindingFilter {
        from: Some(g.from),
        to: Some(g.to),
        ..FindingFilter::default()
    };
    let rows = g
        .control
        .findings(&g.project, &filter, None, FINDINGS)
        .map_err(control_failure)?;
    let names = g.monitors()?;
    let named = &g.filter.monitors.include;
    let of = |row: FindingRow| {
        let monitor = row.finding.monitor.as_ref();
        let asked = named.is_empty() || monitor.is_none_or(|m| named.contains(m));
        let name = monitor.and_then(|id| names.iter().find(|m| m.id == *id));
        asked.then(|| Told {
            words: words::finding(&row.finding, name.map(|m| m.name.as_str()), &g.zone),
            finding: row,
        })
    };
    Ok(rows.into_iter().filter_map(of).collect())
}
