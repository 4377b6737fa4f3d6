//! What changed around an action, and how that may be said.

use super::metrics::{Metric, Unit};
use super::value::Value;
use trends::Z;

/// Fewer of a thing than this, before and after together, say nothing of a change.
const FEW: f64 = 10.0;

fn unit(name: &str) -> Unit {
    Metric::find(name).map_or(Unit::Number, |m| m.unit)
}

/// The change of each metric: after ÷ before for counts, with the interval that a Poisson process gives on the logarithm
/// (√(1/a + 1/b)), after − before for shares and balances, with the intervals of both added in quadrature. Other numbers
/// are divided without an interval. Where counts are estimates, what they may be off by comes beside. Counts of people and
/// engagement vary more than a Poisson process: read their interval as the least there is.
pub fn change(metrics: &[String], before: &[Value], after: &[Value]) -> Vec<Value> {
    let one = |((name, before), after): ((&String, &Value), &Value)| {
        let (Some(b), Some(a)) = (before.value, after.value) else {
            return Value::default();
        };
        match unit(name) {
            Unit::Count => rate_ratio(b, a, estimated(before).hypot(estimated(after))),
            Unit::Number => Value::ratio(a, b, 0),
            Unit::Share | Unit::Balance => difference(before, after, a - b),
        }
    };
    metrics.iter().zip(before).zip(after).map(one).collect()
}

/// Half the interval of an estimated count, on the logarithm; 0 of one that was counted.
fn estimated(count: &Value) -> f64 {
    let ends = count.low.filter(|low| *low > 0.0).zip(count.high);
    ends.map_or(0.0, |(low, high)| (high / low).ln() / 2.0)
}

fn rate_ratio(before: f64, after: f64, estimated: f64) -> Value {
    if before < 1.0 || before + after < FEW {
        return Value::default();
    }
    let ratio = after / before;
    // Half a count more, so that nothing after has an interval, too.
    let spread = estimated.hypot(Z * (1.0 / (before + 0.5) + 1.0 / (after + 0.5)).sqrt());
    let centre = (after + 0.5) / (before + 0.5);
    Value {
        value: Some(ratio),
        low: Some((centre * (-spread).exp()).min(ratio)),
        high: Some((centre * spread.exp()).max(ratio)),
        n: Some((before + after) as u64),
        ..Value::default()
    }
}

fn half_width(value: &Value) -> Option<f64> {
    Some((value.high? - value.low?) / 2.0)
}

fn difference(before: &Value, after: &Value, by: f64) -> Value {
    let half = half_width(before).zip(half_width(after)).map(|(b, a)| b.hypot(a));
    Value {
        value: Some(by),
        low: half.map(|h| by - h),
        high: half.map(|h| by + h),
        n: before.n.zip(after.n).map(|(b, a)| b + a),
        ..Value::default()
    }
}

/// How much more a subject changed than its control: the ratio of the ratios, the difference of the differences.
pub fn beyond(metrics: &[String], subject: &[Value], control: &[Value]) -> Vec<Value> {
    let one = |((name, subject), control): ((&String, &Value), &Value)| {
        let (Some(s), Some(c)) = (subject.value, control.value) else {
            return Value::default();
        };
        match unit(name) {
            Unit::Share | Unit::Balance => difference(control, subject, s - c),
            Unit::Count | Unit::Number if s <= 0.0 || c <= 0.0 => Value::default(),
            Unit::Count | Unit::Number => {
                let spread = |v: &Value| Some((v.high?.ln() - v.low.filter(|l| *l > 0.0)?.ln()) / 2.0);
                let half = spread(subject).zip(spread(control)).map(|(a, b)| a.hypot(b));
                let ratio = s / c;
                Value {
                    value: Some(ratio),
                    low: half.map(|h| ratio * (-h).exp()),
                    high: half.map(|h| ratio * h.exp()),
                    ..Value::default()
                }
            }
        }
    };
    metrics.iter().zip(subject).zip(control).map(one).collect()
}

/// A sentence for each metric whose change is beyond chance: what coincided with the action, and no more than that.
pub fn words(metrics: &[String], title: &str, change: &[Value], beyond: &[Value]) -> Vec<String> {
    let mut out = Vec::new();
    for (i, (name, value)) in metrics.iter().zip(change).enumerate() {
        let Some(metric) = Metric::find(name) else {
            continue;
        };
        let (Some(v), Some(low), Some(high)) = (value.value, value.low, value.high) else {
            continue;
        };
        let (neutral, shown) = match metric.unit {
            Unit::Share | Unit::Balance => (
                0.0,
                format!(
                    "{:+.0} points ({:+.0} to {:+.0})",
                    v * 100.0,
                    low * 100.0,
                    high * 100.0
                ),
            ),
            _ => (1.0, format!("× {v:.2} ({low:.2} to {high:.2})")),
        };
        if low <= neutral && neutral <= high {
            out.push(format!(
                "{}: no change beyond chance around “{title}”.",
                metric.title
            ));
            continue;
        }
        let mut sentence = format!(
            "A change of {} coincided with “{title}”: {shown}.",
            metric.title.to_lowercase()
        );
        let other = beyond.get(i).and_then(|b| Some((b.low?, b.high?)));
        match other {
            Some((low, high)) if low <= neutral && neutral <= high => {
                sentence.push_str(" The control moved alike.");
            }
            Some(_) => sentence.push_str(" The control did not move alike."),
            None => {}
        }
        out.push(sentence);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(n: f64) -> Value {
        Value {
            value: Some(n),
            ..Value::default()
        }
    }

    fn share(value: f64, half: f64) -> Value {
        Value {
            value: Some(value),
            low: Some(value - half),
            high: Some(value + half),
            ..Value::default()
        }
    }

    #[test]
    fn changes_have_intervals_and_words_that_claim_no_cause() {
        let metrics = ["mentions".to_owned(), "net_sentiment".to_owned()];
        let change = change(
            &metrics,
            &[count(100.0), share(0.1, 0.03)],
            &[count(200.0), share(0.12, 0.04)],
        );
        assert_eq!(change[0].value, Some(2.0));
        // exp(±1.96 √(1/100.5 + 1/200.5)) around 200.5/100.5: 1.57 to 2.54.
        let near = |got: Option<f64>, wanted: f64| got.is_some_and(|g| (g - wanted).abs() < 0.01);
        assert!(
            near(change[0].low, 1.57) && near(change[0].high, 2.54),
            "{:?}",
            change[0]
        );
        assert!(
            near(change[1].low, -0.03) && near(change[1].high, 0.07),
            "{:?}",
            change[1]
        );
        let words = words(&metrics, "Spring sale", &change, &[]);
        assert_eq!(
            words[0],
            "A change of mentions coincided with “Spring sale”: × 2.00 (1.57 to 2.54)."
        );
        assert_eq!(
            words[1],
            "Net sentiment: no change beyond chance around “Spring sale”."
        );
    }

    #[test]
    fn a_control_that_moved_alike_is_named() {
        let metrics = ["mentions".to_owned()];
        let both = change(&metrics, &[count(100.0)], &[count(200.0)]);
        let beyond = beyond(&metrics, &both, &both);
        assert_eq!(beyond[0].value, Some(1.0));
        assert!(words(&metrics, "x", &both, &beyond)[0].ends_with("The control moved alike."));
    }

    #[test]
    fn few_things_say_nothing() {
        assert_eq!(
            change(&["mentions".to_owned()], &[count(2.0)], &[count(5.0)])[0].value,
            None
        );
    }
}
