//! Figures and findings in words.

use crate::analytics::Value;
use crate::detect::{Detail, Finding, FindingKind, Metric};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use post::Millis;

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// `Tuesday, 18–19`, an hour of the week.
pub(crate) fn hour(hour: u16) -> String {
    let day = DAYS.get(usize::from(hour / 24)).copied().unwrap_or_default();
    let from = hour % 24;
    format!("{day}, {from}–{} o'clock", (from + 1) % 24)
}

/// `× 1.42 (1.1 to 1.83)`.
pub(crate) fn factor(v: &Value) -> String {
    let number = |v: f64| format!("{:.2}", v);
    with_range(v, "× ", number)
}

/// `−4.2 points (−6.3 to −2.1)`, of a share or a balance.
pub(crate) fn points(v: &Value) -> String {
    with_unit(v, "points", |v| signed(v * 100.0))
}

/// How far a share or a balance went, where the sentence says which way: `4.2 points (2.1 to 6.3)`.
pub(crate) fn distance(v: &Value) -> String {
    let back = v.value.is_some_and(|v| v < 0.0);
    let turned = match back {
        true => Value {
            value: v.value.map(|v| -v),
            low: v.high.map(|v| -v),
            high: v.low.map(|v| -v),
            ..*v
        },
        false => *v,
    };
    with_unit(&turned, "points", |v| {
        minus(unsigned_zero(format!("{:.1}", v * 100.0)))
    })
}

/// `42 % (39 to 45)`, a share or a balance.
pub(crate) fn percent(v: &Value) -> String {
    with_unit(v, "%", |v| minus(unsigned_zero(format!("{:.0}", v * 100.0))))
}

/// The unit stands behind the figure, before its range.
fn with_unit(v: &Value, unit: &str, number: impl Fn(f64) -> String) -> String {
    let text = with_range(v, "", number);
    if v.value.is_none() {
        return text;
    }
    match text.split_once(' ') {
        Some((first, rest)) => format!("{first} {unit} {rest}"),
        None => format!("{text} {unit}"),
    }
}

/// With its sign and one digit behind the point; nothing has none.
fn signed(v: f64) -> String {
    minus(unsigned_zero(format!("{v:+.1}")))
}

/// What was rounded to nothing is neither more nor less.
fn unsigned_zero(text: String) -> String {
    match text.chars().any(|c| matches!(c, '1'..='9')) {
        true => text,
        false => text.trim_start_matches(['+', '-']).to_owned(),
    }
}

fn with_range(v: &Value, before: &str, number: impl Fn(f64) -> String) -> String {
    let Some(value) = v.value else {
        return "not known".to_owned();
    };
    let range = v.low.zip(v.high);
    let range = range.map(|(low, high)| format!(" ({} to {})", number(low), number(high)));
    format!("{before}{}{}", number(value), range.unwrap_or_default())
}

/// A minus as it is set, not a hyphen.
fn minus(text: String) -> String {
    text.replace('-', "−")
}

/// `12,345`.
pub(crate) fn count(n: f64) -> String {
    report::exact(n.round())
}

/// A moment in the zone: `3 March, 14:00`.
fn moment(at: Millis, zone: &TimeZone) -> String {
    let at = Timestamp::from_millisecond(at).unwrap_or_default();
    at.to_zoned(zone.clone()).strftime("%-d %B, %H:%M").to_string()
}

/// What a finding says, in one or two sentences.
pub(crate) fn finding(f: &Finding, monitor: Option<&str>, zone: &TimeZone) -> String {
    let of = monitor.map(|m| format!(" of {m}")).unwrap_or_default();
    let when = format!("{} to {}", moment(f.from, zone), moment(f.until, zone));
    match &f.detail {
        Detail::Series {
            metric,
            value,
            expected,
            per_week,
        } => series(f.kind, *metric, (*value, *expected), *per_week, &of, &when),
        Detail::Terms { terms, .. } => {
            let named: Vec<String> = terms.iter().take(3).map(|t| format!("“{}”", t.text)).collect();
            let first = terms.first().map(|t| {
                format!(
                    ": {} people said the first, {:.1} were to be expected",
                    t.authors, t.expected
                )
            });
            format!(
                "{} came up{} from {when}{}.",
                named.join(", "),
                monitor.map(|m| format!(" around {m}")).unwrap_or_default(),
                first.unwrap_or_default()
            )
        }
        Detail::Topic { words, posts, .. } => {
            format!(
                "A new topic{of} since {}: {} ({posts} posts).",
                moment(f.from, zone),
                words.join(", ")
            )
        }
        Detail::Shares {
            accounts,
            objects,
            window,
            ..
        } => format!(
            "{} accounts shared at least {objects} of the same things within {window} seconds of one another, from {when}. \
             That is what was seen; nothing is said about why.",
            accounts.len()
        ),
        Detail::Drift { index } => format!(
            "What is met{of} is no longer like what its relevance was learned on (stability index {index:.2})."
        ),
    }
}

fn series(
    kind: FindingKind,
    metric: Metric,
    (value, expected): (f64, f64),
    per_week: f64,
    of: &str,
    when: &str,
) -> String {
    let what = match metric {
        Metric::Mentions => "Mentions",
        Metric::NewAuthors => "People not heard of before",
        Metric::Engagement => "Engagement",
        Metric::NegativeShare => "The share of negative mentions",
    };
    let chance = format!("Telling of ones like it brings {per_week:.2} false alarms a week.");
    if kind == FindingKind::Silence {
        return format!(
            "No mentions{of} from {when}, while the sources were heard; {} were to be expected. {chance}",
            count(expected)
        );
    }
    let went = if value >= expected { "peaked" } else { "fell" };
    if metric == Metric::NegativeShare {
        let way = if value >= expected { "rose" } else { "fell" };
        return format!(
            "{what}{of} {way} to {:.0} % from {when}, where {:.0} % were to be expected. {chance}",
            value * 100.0,
            expected * 100.0
        );
    }
    let times = match expected > 0.0 {
        true => format!(" (× {:.1})", value / expected),
        false => String::new(),
    };
    format!(
        "{what}{of} {went} from {when}: {}, where {} were to be expected{times}. {chance}",
        count(value),
        count(expected)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(value: f64, low: f64, high: f64) -> Value {
        Value {
            value: Some(value),
            low: Some(low),
            high: Some(high),
            ..Value::default()
        }
    }

    #[test]
    fn figures_are_said_with_their_intervals() {
        assert_eq!(hour(24 + 18), "Tuesday, 18–19 o'clock");
        assert_eq!(hour(167), "Sunday, 23–0 o'clock");
        assert_eq!(factor(&value(1.416, 1.1, 1.83)), "× 1.42 (1.10 to 1.83)");
        assert_eq!(
            points(&value(-0.042, -0.063, -0.021)),
            "−4.2 points (−6.3 to −2.1)"
        );
        assert_eq!(
            points(&value(-0.0002, -0.0004, 0.001)),
            "0.0 points (0.0 to +0.1)"
        );
        assert_eq!(distance(&value(-0.042, -0.063, 0.01)), "4.2 points (−1.0 to 6.3)");
        assert_eq!(distance(&value(0.042, 0.021, 0.063)), "4.2 points (2.1 to 6.3)");
        assert_eq!(points(&Value::default()), "not known");
        assert_eq!(percent(&value(0.42, 0.39, 0.45)), "42 % (39 to 45)");
        assert_eq!(
            percent(&Value {
                value: Some(-0.5),
                ..Value::default()
            }),
            "−50 %"
        );
    }

    #[test]
    fn a_peak_says_what_was_to_be_expected_and_how_often_chance_does_it() {
        let peak = Finding {
            id: "f".into(),
            project: "p".into(),
            monitor: None,
            kind: FindingKind::Peak,
            from: 1_772_546_400_000,
            until: 1_772_553_600_000,
            found_at: 0,
            strength: 9.0,
            is_past: false,
            detail: Detail::Series {
                metric: Metric::Mentions,
                value: 480.0,
                expected: 96.0,
                per_week: 0.01,
            },
        };
        assert_eq!(
            finding(&peak, Some("Acme"), &TimeZone::UTC),
            "Mentions of Acme peaked from 3 March, 14:00 to 3 March, 16:00: 480, where 96 were to be expected (× 5.0). Telling \
             of ones like it brings 0.01 false alarms a week."
        );
    }
}
