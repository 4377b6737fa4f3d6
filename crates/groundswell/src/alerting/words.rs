//! What alerts say, in plain words. None holds text of anybody but the words of trends and topics, which several
//! authors used.

use super::windows::Judged;
use super::{Against, Condition, MINUTE, Measure, Side};
use crate::control::BudgetReading;
use crate::detect::{Detail, Finding, FindingKind, Metric};
use post::Millis;

/// A length of time.
pub(super) fn length(millis: Millis) -> String {
    let minutes = millis / MINUTE;
    match minutes {
        m if m % 1440 == 0 => plural(m / 1440, "day"),
        m if m % 60 == 0 => plural(m / 60, "hour"),
        m => plural(m, "minute"),
    }
}

fn plural(n: i64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// So many mentions.
pub(super) fn mentions(n: u64) -> String {
    plural(i64::try_from(n).unwrap_or(i64::MAX), "mention")
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn signed_percent(share: f64) -> String {
    format!("{:+.0} %", share * 100.0).replace('-', "−")
}

fn measured(measure: Measure, value: f64) -> String {
    match measure {
        Measure::NetSentiment => signed_percent(value),
        m if m.is_share() => percent(value),
        _ => format!("{value:.0}"),
    }
}

fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Mentions => "mentions",
        Measure::Authors => "authors",
        Measure::Engagement => "engagement",
        Measure::Negative => "negative mentions",
        Measure::Positive => "positive mentions",
        Measure::NegativeShare => "share negative",
        Measure::PositiveShare => "share positive",
        Measure::NetSentiment => "net sentiment",
    }
}

/// Title and reasons of a threshold.
pub(super) fn threshold(
    (measure, window, condition): (Measure, Millis, &Condition),
    judged: &Judged,
    scope: &str,
) -> (String, Vec<String>) {
    let value = measured(measure, judged.value);
    let title = format!(
        "{value} {} in {} ({scope})",
        measure_name(measure),
        length(window)
    );
    let side = match condition.side {
        Side::Above => "at least",
        Side::Below => "at most",
    };
    let mut why = match condition.against {
        Against::Value(limit) => vec![format!(
            "seen {value}, told from {side} {} on",
            measured(measure, limit)
        )],
        Against::Previous(change) => {
            let by = match measure.is_share() {
                true => format!("{:.0} points", change * 100.0),
                false => percent(change),
            };
            let way = match condition.side {
                Side::Above => "more",
                Side::Below => "less",
            };
            vec![format!(
                "seen {value}, after {} in the {} before; told from {by} {way} on",
                measured(measure, judged.expected),
                length(window)
            )]
        }
    };
    if let Some((low, high)) = judged.interval {
        why.push(format!(
            "95 % interval {} to {}, of {}",
            measured(measure, low),
            measured(measure, high),
            mentions(judged.count)
        ));
    }
    (title, why)
}

/// Title and reasons of a silence.
pub(super) fn silence(window: Millis, judged: &Judged, scope: &str) -> (String, Vec<String>) {
    let title = format!("No mention for {} ({scope})", length(window));
    let before = mentions(judged.expected as u64);
    (
        title,
        vec![format!(
            "{before} in the {} before; the sources were heard, as far as that was written down",
            length(window)
        )],
    )
}

/// Title and reasons of a silent source.
pub(super) fn silent_source(source: &str, window: Millis, judged: &Judged) -> (String, Vec<String>) {
    let title = format!("The source {source} has delivered nothing for {}", length(window));
    let why = format!("{:.0} posts in the {} before", judged.expected, length(window));
    (title, vec![why])
}

/// The title of a low budget.
pub(super) fn budget(reading: &BudgetReading) -> String {
    format!(
        "{} of {} {} of this {} are left to the source {}",
        reading.left, reading.most, reading.unit, reading.period, reading.source
    )
}

/// The limit of a budget.
pub(super) fn limit(share: f64) -> String {
    format!("told from {} left on", percent(share))
}

fn metric_name(metric: Metric) -> &'static str {
    match metric {
        Metric::Mentions => "mentions",
        Metric::NewAuthors => "new authors",
        Metric::Engagement => "engagement",
        Metric::NegativeShare => "share negative",
    }
}

fn of_metric(metric: Metric, value: f64) -> String {
    match metric {
        Metric::NegativeShare => percent(value),
        _ if value < 10.0 && value.fract() != 0.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// Title and reasons of a finding. The monitor's name comes before it.
pub(super) fn found(finding: &Finding) -> (String, Vec<String>) {
    let length = length((finding.until - finding.from).max(MINUTE));
    match &finding.detail {
        Detail::Series {
            metric,
            value,
            expected,
            per_week,
        } => {
            let what = match finding.kind {
                FindingKind::Silence => "Nothing was said".to_owned(),
                _ => format!("{} {}", of_metric(*metric, *value), metric_name(*metric)),
            };
            let title = format!("{what} in {length}, {} expected", of_metric(*metric, *expected));
            let rare = format!("telling of ones like this brings {per_week:.2} false alarms a week");
            (title, vec![rare])
        }
        Detail::Terms { terms, .. } => {
            let words: Vec<&str> = terms.iter().take(3).map(|t| t.text.as_str()).collect();
            let authors = terms.first().map_or(0, |t| t.authors);
            let expected = terms.first().map_or(0.0, |t| t.expected);
            (
                format!("Trending: {}", words.join(", ")),
                vec![format!("{authors} authors in {length}, {expected:.1} expected")],
            )
        }
        Detail::Topic { words, posts, .. } => {
            let words: Vec<&str> = words.iter().take(4).map(String::as_str).collect();
            let title = format!("New topic: {}", words.join(", "));
            (title, vec![format!("{} so far", mentions(*posts))])
        }
        Detail::Shares {
            accounts,
            objects,
            window,
            ..
        } => (
            format!(
                "{} accounts share the same things at the same moments",
                accounts.len()
            ),
            vec![
                format!("at least {objects} things that two of them shared within {window} s"),
                "why they do is not known".to_owned(),
            ],
        ),
        Detail::Drift { index } => (
            "Mentions are no longer like those that relevance was learned on".to_owned(),
            vec![format!("population stability index {index:.2}")],
        ),
    }
}
