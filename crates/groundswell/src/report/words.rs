//! Numbers, days and definitions in words.

use super::Span;
use crate::analytics::reference;
use jiff::civil::Date;
use report::{Change, Definition, Way};
use trends::Estimate;

/// The entries that are about what reports show.
const SHOWN: [&str; 8] = [
    "Mentions",
    "People",
    "Engagement",
    "Share of negative",
    "Net sentiment",
    "Share",
    "Change",
    "Small cells",
];

/// The definitions of what reports show, as they stand in `docs/concepts/metrics.md`.
pub(super) fn definitions() -> Vec<Definition> {
    SHOWN
        .iter()
        .filter_map(|word| {
            Some(Definition {
                word: (*word).to_owned(),
                meaning: plain(reference::about(word)?),
            })
        })
        .collect()
}

/// A definition with its links reduced to their words.
fn plain(meaning: &str) -> String {
    let mut plain = String::new();
    let mut rest = meaning.trim();
    while let Some((before, link)) = rest.split_once('[') {
        plain.push_str(before);
        match link
            .split_once("](")
            .and_then(|(words, end)| Some((words, end.split_once(')')?.1)))
        {
            Some((words, after)) => {
                plain.push_str(words);
                rest = after;
            }
            None => {
                plain.push('[');
                rest = link;
            }
        }
    }
    plain.push_str(rest);
    let words = plain.replace(['*', '`', '[', ']'], "");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `1–30 June 2026, Europe/Berlin`.
pub(super) fn period(span: &Span, zone: &str) -> String {
    let (first, last) = (span.first, span.last);
    let days = match () {
        () if first == last => last.strftime("%-d %B %Y").to_string(),
        () if (first.year(), first.month()) == (last.year(), last.month()) => {
            format!("{}–{}", first.day(), last.strftime("%-d %B %Y"))
        }
        () if first.year() == last.year() => {
            format!("{} – {}", first.strftime("%-d %B"), last.strftime("%-d %B %Y"))
        }
        () => format!("{} – {}", first.strftime("%-d %B %Y"), last.strftime("%-d %B %Y")),
    };
    format!("{days}, {zone}")
}

/// `3 Jun`.
pub(super) fn day(day: Date) -> String {
    day.strftime("%-d %b").to_string()
}

/// `41 %`; below one in a hundred with a digit behind the point.
fn percent(part: f64) -> String {
    let n = part * 100.0;
    if n != 0.0 && n.abs() < 1.0 {
        format!("{n:.1}")
    } else {
        format!("{n:.0}")
    }
    .replace('-', "−")
}

/// `41 %` and `40–42 %`.
pub(super) fn share(estimate: Estimate) -> (String, String) {
    let interval = format!("{}–{} %", percent(estimate.low), percent(estimate.high));
    (format!("{} %", percent(estimate.value)), interval)
}

/// `−18 %` and `−19 to −17 %`.
pub(super) fn net(estimate: Estimate) -> (String, String) {
    let interval = format!("{} to {} %", percent(estimate.low), percent(estimate.high));
    (format!("{} %", percent(estimate.value)), interval)
}

/// Against a period before.
pub(super) fn change(now: u64, before: u64) -> Option<Change> {
    if before == 0 {
        return None;
    }
    let part = now as f64 / before as f64 - 1.0;
    let (way, words) = match (part * 100.0).round() {
        n if n > 0.0 => (Way::Up, format!("up {n:.0} % on the period before")),
        n if n < 0.0 => (Way::Down, format!("down {:.0} % on the period before", -n)),
        _ => (Way::Same, "as in the period before".to_owned()),
    };
    Some(Change { way, words })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_shown_stands_in_the_documentation() {
        let found: Vec<String> = definitions().into_iter().map(|d| d.word).collect();
        assert_eq!(found, SHOWN);
        assert!(
            definitions().iter().all(|d| !d.meaning.contains(['[', '*', '`'])),
            "{:?}",
            definitions()
        );
    }

    #[test]
    fn changes_have_a_way_and_words() {
        assert_eq!(change(5, 0), None);
        let words = |now, before| change(now, before).map(|c| c.words);
        assert_eq!(words(161, 100).as_deref(), Some("up 61 % on the period before"));
        assert_eq!(words(50, 100).as_deref(), Some("down 50 % on the period before"));
        assert_eq!(words(100, 100).as_deref(), Some("as in the period before"));
        let net = net(Estimate {
            value: -0.18,
            low: -0.19,
            high: -0.17,
        });
        assert_eq!(net, ("−18 %".to_owned(), "−19 to −17 %".to_owned()));
        let share = share(Estimate {
            value: 0.004,
            low: 0.001,
            high: 0.02,
        });
        assert_eq!(share, ("0.4 %".to_owned(), "0.1–2 %".to_owned()));
    }
}
