//! What detectors found.

use super::{Definition, Fired, Kind, State};
use crate::control::FindingRow;
use crate::detect::{Detail, Finding, FindingKind, Metric};
use post::Millis;

/// The kinds of finding that a definition is about; none where it is about something else.
pub(super) fn kinds(when: &Kind) -> &'static [FindingKind] {
    match when {
        Kind::Peak { .. } => &[FindingKind::Peak],
        Kind::Drop { .. } => &[FindingKind::Drop, FindingKind::Silence],
        Kind::SentimentShift { .. } => &[FindingKind::SentimentShift],
        Kind::Trend {} => &[FindingKind::Trend],
        Kind::NewTopic {} => &[FindingKind::NewTopic],
        Kind::Coordination {} => &[FindingKind::Coordination],
        Kind::Drift {} => &[FindingKind::Drift],
        _ => &[],
    }
}

/// Whether a definition is about a finding: its kind, its monitor, as rare as wanted, and of enough.
fn is_wanted(definition: &Definition, finding: &Finding) -> bool {
    let monitors = &definition.monitors;
    let in_scope = match &finding.monitor {
        Some(monitor) => monitors.is_empty() || monitors.contains(monitor),
        None => monitors.is_empty(),
    };
    let is_rare = match (&definition.when, &finding.detail) {
        (
            Kind::Peak { per_week, .. } | Kind::Drop { per_week } | Kind::SentimentShift { per_week },
            Detail::Series { per_week: found, .. },
        ) => found <= per_week,
        _ => true,
    };
    let is_metric = match (&definition.when, &finding.detail) {
        (Kind::Peak { metrics, .. }, Detail::Series { metric, .. }) => {
            metrics.is_empty() || metrics.contains(metric)
        }
        _ => true,
    };
    in_scope
        && is_rare
        && is_metric
        && kinds(&definition.when).contains(&finding.kind)
        && sample(&finding.detail).is_none_or(|n| n >= definition.min_sample)
}

/// Of how many mentions or people it was found; `None` where that is not known or not the point.
fn sample(detail: &Detail) -> Option<u64> {
    match detail {
        Detail::Series {
            metric: Metric::NegativeShare,
            ..
        }
        | Detail::Drift { .. } => None,
        // Of a drop it is what was expected that must be enough.
        Detail::Series { value, expected, .. } => Some(value.max(*expected).max(0.0) as u64),
        Detail::Terms { terms, .. } => terms.iter().map(|t| u64::from(t.authors)).max(),
        Detail::Topic { posts, .. } => Some(*posts),
        Detail::Shares { accounts, .. } => Some(accounts.len() as u64),
    }
}

/// When a finding is told, or would have been: one found in the past when it ended.
pub(super) fn moment(finding: &Finding) -> Millis {
    if finding.is_past {
        finding.until
    } else {
        finding.found_at
    }
}

/// Goes through findings in the order of their moments; what is to be told, with the cooldown of each monitor heeded.
pub(super) fn look<'f>(
    definition: &Definition,
    state: &mut State,
    findings: impl Iterator<Item = &'f FindingRow>,
    at: impl Fn(&Finding) -> Millis,
) -> Vec<Fired> {
    let mut told = Vec::new();
    for row in findings {
        let finding = &row.finding;
        if !is_wanted(definition, finding) {
            continue;
        }
        let (subject, at) = (finding.monitor.clone().unwrap_or_default(), at(finding));
        if !state.may(&subject, at, definition.cooldown_ms()) {
            state.cooled += 1;
            continue;
        }
        state.told(&subject, at);
        told.push(fired(finding, at));
    }
    told
}

fn fired(finding: &Finding, at: Millis) -> Fired {
    let (value, expected) = match &finding.detail {
        Detail::Series { value, expected, .. } => (Some(*value), Some(*expected)),
        Detail::Terms { terms, .. } => match terms.first() {
            Some(term) => (Some(f64::from(term.authors)), Some(term.expected)),
            None => (None, None),
        },
        Detail::Topic { posts, .. } => (Some(*posts as f64), None),
        Detail::Shares { accounts, .. } => (Some(accounts.len() as f64), None),
        Detail::Drift { index } => (Some(*index), None),
    };
    let (count, mentions) = match &finding.detail {
        Detail::Topic { posts, mentions, .. } => (*posts, mentions.as_slice()),
        Detail::Terms { mentions, .. } | Detail::Shares { mentions, .. } => {
            (mentions.len() as u64, mentions.as_slice())
        }
        Detail::Series {
            metric: Metric::Mentions,
            value,
            ..
        } => (value.max(0.0) as u64, &[][..]),
        _ => (0, &[][..]),
    };
    let mut mentions = mentions.to_vec();
    mentions.truncate(super::fired::EVIDENCE);
    let (title, why) = super::words::found(finding);
    Fired {
        at,
        from: finding.from,
        until: finding.until,
        subject: finding.monitor.clone(),
        title,
        why,
        value,
        expected,
        count,
        mentions,
        finding: Some(finding.id.clone()),
        ..Fired::default()
    }
}
