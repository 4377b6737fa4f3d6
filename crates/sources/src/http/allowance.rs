//! How much a platform still allows, in its own dialect of rate-limit headers.

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use serde_json::Value;
use std::time::Duration;

/// The dialect of a platform's headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// None.
    Silent,
    /// `x-rate-limit-remaining`, `x-rate-limit-reset` in seconds since 1970 (X).
    UnixSeconds,
    /// `x-ratelimit-remaining` as a decimal, `x-ratelimit-reset` in seconds from now (Reddit).
    SecondsLeft,
    /// `x-ratelimit-remaining`, `x-ratelimit-reset` as an ISO 8601 time (Mastodon).
    IsoTime,
    /// `ratelimit-remaining`, `ratelimit-reset` in seconds since 1970 (atproto) or from now (IETF draft), and
    /// `ratelimit: "policy";r=…;t=…` (later drafts). Which one is told by its size.
    Ietf,
    /// `x-app-usage`, `x-business-use-case-usage`: percentages (Meta's Graph API).
    Graph,
}

/// What is left of an allowance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Allowance {
    /// Requests left; for percentages, percent left.
    pub remaining: f64,
    /// How long until it is full again, by the server's own clock.
    pub resets_in: Option<Duration>,
}

/// At this share of use a Graph client must stop: beyond it calls are refused and the pause grows.
const GRAPH_FULL: f64 = 95.0;
/// A pause that Graph does not state.
const GRAPH_PAUSE: Duration = Duration::from_secs(300);
/// No server may send a source away for longer than this.
const LONGEST: f64 = 86_400.0;

impl Allowance {
    /// Reads the headers; `now` is the server's clock (its `Date`), so that a wrong clock here does no harm.
    pub fn read(dialect: Dialect, headers: &HeaderMap, now: Timestamp) -> Option<Self> {
        match dialect {
            Dialect::Silent => None,
            Dialect::UnixSeconds => plain(headers, "x-rate-limit-remaining", "x-rate-limit-reset", |reset| {
                Some(number(reset)? - seconds(now))
            }),
            Dialect::SecondsLeft => plain(headers, "x-ratelimit-remaining", "x-ratelimit-reset", number),
            Dialect::IsoTime => plain(headers, "x-ratelimit-remaining", "x-ratelimit-reset", |reset| {
                Some(seconds(reset.trim().parse::<Timestamp>().ok()?) - seconds(now))
            }),
            Dialect::Ietf => ietf(headers, now),
            Dialect::Graph => graph(headers),
        }
    }

    /// How long to stay away: nothing is left.
    pub fn pause(&self) -> Option<Duration> {
        (self.remaining < 1.0).then_some(self.resets_in).flatten()
    }
}

fn seconds(time: Timestamp) -> f64 {
    time.as_millisecond() as f64 / 1000.0
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|n| n.is_finite())
}

fn wait(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds.clamp(0.0, LONGEST)).ok()
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn plain(
    headers: &HeaderMap,
    remaining: &str,
    reset: &str,
    left: impl Fn(&str) -> Option<f64>,
) -> Option<Allowance> {
    Some(Allowance {
        remaining: number(header(headers, remaining)?)?,
        resets_in: header(headers, reset).and_then(left).and_then(wait),
    })
}

fn ietf(headers: &HeaderMap, now: Timestamp) -> Option<Allowance> {
    // A moment since 1970 is larger than any number of seconds a server would ask for.
    let left = |reset: &str| {
        let reset = number(reset)?;
        Some(if reset > 1e8 { reset - seconds(now) } else { reset })
    };
    plain(headers, "ratelimit-remaining", "ratelimit-reset", left).or_else(|| {
        let item = header(headers, "ratelimit")?;
        let value = |key: &str| {
            item.split([';', ','])
                .find_map(|p| number(p.trim().strip_prefix(key)?.strip_prefix('=')?))
        };
        Some(Allowance {
            remaining: value("r").or_else(|| value("remaining"))?,
            resets_in: value("t").or_else(|| value("reset")).and_then(wait),
        })
    })
}

fn graph(headers: &HeaderMap) -> Option<Allowance> {
    let mut used: Option<f64> = None;
    let mut pause = None;
    for name in ["x-app-usage", "x-page-usage", "x-business-use-case-usage"] {
        if let Some(value) = header(headers, name).and_then(|h| serde_json::from_str::<Value>(h).ok()) {
            walk(&value, &mut used, &mut pause);
        }
    }
    let used = used?;
    Some(if used >= GRAPH_FULL || pause.is_some() {
        Allowance {
            remaining: 0.0,
            resets_in: Some(pause.unwrap_or(GRAPH_PAUSE)),
        }
    } else {
        Allowance {
            remaining: 100.0 - used,
            resets_in: None,
        }
    })
}

/// The largest percentage and the longest `estimated_time_to_regain_access` (minutes) at any depth.
fn walk(value: &Value, used: &mut Option<f64>, pause: &mut Option<Duration>) {
    match value {
        Value::Array(items) => items.iter().for_each(|v| walk(v, used, pause)),
        Value::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value.as_f64()) {
                    ("call_count" | "total_time" | "total_cputime", Some(n)) => {
                        *used = Some(used.map_or(n, |u| u.max(n)));
                    }
                    ("estimated_time_to_regain_access", Some(minutes)) if minutes > 0.0 => {
                        *pause = (*pause).max(wait(minutes * 60.0));
                    }
                    _ => walk(value, used, pause),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    fn read(dialect: Dialect, pairs: &[(&'static str, &str)]) -> Option<Allowance> {
        let headers = pairs
            .iter()
            .map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_str(v).unwrap()))
            .collect();
        Allowance::read(dialect, &headers, "2026-04-11T23:00:00Z".parse().unwrap())
    }

    fn of(remaining: f64, secs: u64) -> Option<Allowance> {
        Some(Allowance {
            remaining,
            resets_in: Some(Duration::from_secs(secs)),
        })
    }

    #[test]
    fn one_word_for_reset_has_three_meanings() {
        let unix = [
            ("x-rate-limit-remaining", "0"),
            ("x-rate-limit-reset", "1775948700"),
        ];
        assert_eq!(read(Dialect::UnixSeconds, &unix), of(0.0, 300));
        let left = [("x-ratelimit-remaining", "599.0"), ("x-ratelimit-reset", "300")];
        assert_eq!(read(Dialect::SecondsLeft, &left), of(599.0, 300));
        let iso = [
            ("x-ratelimit-remaining", "7"),
            ("x-ratelimit-reset", "2026-04-11T23:05:00.0Z"),
        ];
        assert_eq!(read(Dialect::IsoTime, &iso), of(7.0, 300));
        assert_eq!(read(Dialect::IsoTime, &left).unwrap().resets_in, None);
    }

    #[test]
    fn ietf_headers_are_read_in_their_three_forms() {
        let unix = [("ratelimit-remaining", "9"), ("ratelimit-reset", "1775948700")];
        assert_eq!(read(Dialect::Ietf, &unix), of(9.0, 300));
        let left = [("ratelimit-remaining", "9"), ("ratelimit-reset", "300")];
        assert_eq!(read(Dialect::Ietf, &left), of(9.0, 300));
        let item = [("ratelimit", "\"burst\";r=9;t=300")];
        assert_eq!(read(Dialect::Ietf, &item), of(9.0, 300));
    }

    #[test]
    fn graph_percentages_become_a_pause() {
        let calm = [(
            "x-app-usage",
            r#"{"call_count":28,"total_time":25,"total_cputime":2}"#,
        )];
        let allowance = read(Dialect::Graph, &calm).unwrap();
        assert_eq!((allowance.remaining, allowance.pause()), (72.0, None));
        let full = [(
            "x-business-use-case-usage",
            r#"{"1":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":19}]}"#,
        )];
        let pause = read(Dialect::Graph, &full).unwrap().pause();
        assert_eq!(pause, Some(Duration::from_secs(19 * 60)));
    }

    #[test]
    fn nonsense_is_nothing() {
        for value in ["", "soon", "NaN", "-1e400"] {
            let headers = [("x-rate-limit-remaining", value), ("x-rate-limit-reset", value)];
            assert_eq!(read(Dialect::UnixSeconds, &headers), None, "{value}");
            assert_eq!(read(Dialect::Graph, &[("x-app-usage", value)]), None);
        }
        let far = [
            ("x-rate-limit-remaining", "0"),
            ("x-rate-limit-reset", "99999999999"),
        ];
        assert_eq!(read(Dialect::UnixSeconds, &far), of(0.0, 86_400));
    }
}
