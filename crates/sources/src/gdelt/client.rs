//! Asking the DOC API.

use super::config::Config;
use super::map::Articles;
use crate::http::{Http, Reply, Request, Trouble, TroubleKind};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::time::Duration;

/// Articles of one answer, the most there are.
pub(super) const MOST: usize = 250;
/// How long to stay away after a notice that names no time.
const PAUSE: Duration = Duration::from_secs(30);
const PATH: &str = "/api/v2/doc/doc";

/// A question about a time, in seconds since 1970, both ends included.
pub(super) struct Slice<'q> {
    pub(super) query: &'q str,
    pub(super) from: i64,
    pub(super) until: i64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Timelines {
    timeline: Vec<Timeline>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Timeline {
    data: Vec<Point>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Point {
    value: f64,
}

/// The newest articles of a slice.
pub(super) async fn articles(http: &Http, config: &Config, slice: &Slice<'_>) -> Result<Articles, Trouble> {
    let request = request(config, slice, "artlist")
        .query("maxrecords", MOST.to_string())
        .query("sort", "datedesc");
    read(&http.ok(request).await?)
}

/// How many articles a slice has.
pub(super) async fn count(http: &Http, config: &Config, slice: &Slice<'_>) -> Result<u64, Trouble> {
    let found: Timelines = read(&http.ok(request(config, slice, "timelinevolraw")).await?)?;
    // Counts are whole numbers however they are written.
    Ok(found
        .timeline
        .iter()
        .flat_map(|t| &t.data)
        .map(|p| p.value.max(0.0) as u64)
        .sum())
}

fn request(config: &Config, slice: &Slice<'_>, mode: &str) -> Request {
    Request::get(&config.url, PATH)
        .query("query", slice.query)
        .query("mode", mode)
        .query("format", "json")
        .query("startdatetime", stamp(slice.from))
        .query("enddatetime", stamp(slice.until))
}

/// `20230918031500`.
fn stamp(seconds: i64) -> String {
    Timestamp::from_second(seconds)
        .unwrap_or_default()
        .strftime("%Y%m%d%H%M%S")
        .to_string()
}

/// JSON, whatever type it is served as. Plain text is a notice: of the rate limit, or of a fault in the question.
fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, Trouble> {
    let text = String::from_utf8_lossy(&reply.body);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with('{') {
        return crate::json::parse(text)
            .or_else(|_| crate::json::parse(&mended(text)))
            .map_err(|e| {
                Trouble::new(
                    TroubleKind::Malformed,
                    format!("no such JSON at line {}, column {}", e.line(), e.column()),
                )
            });
    }
    let lower = text.to_lowercase();
    Err(if text.is_empty() || text.starts_with('<') {
        Trouble::new(TroubleKind::Malformed, "no JSON where it is due")
    } else if lower.contains("limit requests") || lower.contains("too many requests") {
        Trouble::new(TroubleKind::Limited, "GDELT asks to slow down").after(PAUSE)
    } else {
        Trouble::new(TroubleKind::Rejected, "GDELT does not understand the question")
    })
}

/// Its answers at times hold bare control characters and backslashes that escape nothing.
fn mended(text: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(text.len() + 16);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')) => {
                out.push('\\');
                out.extend(chars.next());
            }
            ('\\', _) => out.push_str("\\\\"),
            (c, _) if c.is_control() => out.push(' '),
            (c, _) => out.push(c),
        }
    }
    Cow::Owned(out)
}
