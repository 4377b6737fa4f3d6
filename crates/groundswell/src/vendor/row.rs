//! One row of an export: a post, and what the vendor says of it.

use super::columns::{Field, Header};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use post::{RawAuthor, RawPost};
use serde::{Deserialize, Serialize};
use store::Label;
use utoipa::ToSchema;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Its line in the file; its row, in a workbook.
    pub line: u64,
    /// What, in words.
    pub message: String,
    /// Whether the row was left out; else it was taken without what is wrong.
    pub left_out: bool,
}

/// A row that can be used.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) line: u64,
    pub(super) post: RawPost,
    /// Milliseconds.
    pub(super) at: i64,
    pub(super) query: Option<String>,
    pub(super) sentiment: Option<Label>,
}

/// Sites, and the platforms they are.
const SITES: [(&str, &str); 15] = [
    ("twitter.com", "x"),
    ("x.com", "x"),
    ("bsky.app", "bluesky"),
    ("reddit.com", "reddit"),
    ("youtube.com", "youtube"),
    ("youtu.be", "youtube"),
    ("facebook.com", "facebook"),
    ("instagram.com", "instagram"),
    ("threads.net", "threads"),
    ("threads.com", "threads"),
    ("linkedin.com", "linkedin"),
    ("t.me", "telegram"),
    ("news.ycombinator.com", "hackernews"),
    ("mastodon.social", "mastodon"),
    ("mastodon.online", "mastodon"),
];
/// Words for sources, and the platforms they are. What is none of them is a page of the web, under the rules of feeds.
const SOURCES: [(&str, &str); 9] = [
    ("twitter", "x"),
    ("bluesky", "bluesky"),
    ("mastodon", "mastodon"),
    ("reddit", "reddit"),
    ("youtube", "youtube"),
    ("facebook", "facebook"),
    ("instagram", "instagram"),
    ("linkedin", "linkedin"),
    ("telegram", "telegram"),
];
/// Dates that are neither RFC 3339 nor ambiguous, in the zone of the export.
const DATES: [&str; 8] = [
    "%d-%b-%Y %I:%M%p",
    "%d-%b-%Y %I:%M %p",
    "%d-%b-%Y %H:%M",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%b %d, %Y %I:%M %p",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
];

/// Reads a row. `problems` takes what is wrong with it; `None` where nothing of it can be used.
pub(super) fn read(
    header: &Header,
    line: u64,
    row: &[String],
    zone: &TimeZone,
    problems: &mut Vec<Problem>,
) -> Option<Found> {
    let get = |field| header.get(row, field);
    let mut wrong = |message: String, left_out| {
        problems.push(Problem {
            line,
            message,
            left_out,
        });
    };
    let date = match (get(Field::Date), get(Field::Time)) {
        (Some(date), Some(time)) if !date.contains(':') => format!("{date} {time}"),
        (Some(date), _) => date.to_owned(),
        (None, _) => {
            wrong("it has no date".to_owned(), true);
            return None;
        }
    };
    let Some(at) = moment(&date, zone) else {
        wrong(format!("`{date}` is no date that is read one way only"), true);
        return None;
    };
    let (title, text) = (get(Field::Title), get(Field::Text));
    let url = get(Field::Url);
    if title.is_none() && text.is_none() && url.is_none() {
        wrong("it has no text, title or url".to_owned(), true);
        return None;
    }
    let sentiment = get(Field::Sentiment).and_then(|word| match label(word) {
        Ok(label) => label,
        Err(()) => {
            wrong(format!("`{word}` is no sentiment; taken without"), false);
            None
        }
    });
    let platform = platform(url, get(Field::Domain), get(Field::Source));
    // On social platforms the title repeats the text.
    let title = title.filter(|t| text.is_none_or(|text| !text.starts_with(t.trim_end_matches(['.', '…']))));
    let handle = get(Field::Handle).map(|h| h.trim_start_matches('@').to_owned());
    Some(Found {
        line,
        post: RawPost {
            uid: url.map(|url| native(platform, url)),
            platform: Some(platform.to_owned()),
            created_at: Some(at.to_string()),
            author: handle.map(|handle| RawAuthor {
                handle: Some(handle),
                name: get(Field::Name).map(str::to_owned),
                ..RawAuthor::default()
            }),
            title: title.map(str::to_owned),
            text: text.unwrap_or_default().to_owned(),
            lang_claimed: get(Field::Language)
                .filter(|l| l.len() <= 3)
                .map(str::to_lowercase)
                .into_iter()
                .collect(),
            country: get(Field::Country)
                .filter(|c| c.len() == 2)
                .map(str::to_uppercase),
            permalink: url.map(str::to_owned),
            ..RawPost::default()
        },
        at: at.as_millisecond(),
        query: get(Field::Query).map(str::to_owned),
        sentiment,
    })
}

/// A date with a zone of its own, or in the export's.
fn moment(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let local = |at: DateTime| at.to_zoned(zone.clone()).ok().map(|z| z.timestamp());
    let text = text.trim();
    text.parse()
        .ok()
        .or_else(|| local(text.parse::<DateTime>().ok()?))
        .or_else(|| {
            DATES
                .iter()
                .find_map(|form| local(DateTime::strptime(form, text).ok()?))
        })
        .or_else(|| sources::file::to_rfc3339(text)?.parse().ok())
}

/// A word or a number of Talkwalker's, −5 to 5. `Ok(None)` is "not rated".
fn label(word: &str) -> Result<Option<Label>, ()> {
    let lower = word.to_lowercase();
    match lower.as_str() {
        "negative" | "neg" => Ok(Some(Label::Negative)),
        "neutral" | "neu" => Ok(Some(Label::Neutral)),
        "positive" | "pos" => Ok(Some(Label::Positive)),
        "not rated" | "unknown" | "n/a" | "none" | "unrated" | "-" => Ok(None),
        number => match number.parse::<f64>() {
            Ok(n) if n < 0.0 => Ok(Some(Label::Negative)),
            Ok(n) if n > 0.0 => Ok(Some(Label::Positive)),
            Ok(_) => Ok(Some(Label::Neutral)),
            Err(_) => Err(()),
        },
    }
}

/// The host of an address, without `www.`.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

fn platform(url: Option<&str>, domain: Option<&str>, source: Option<&str>) -> &'static str {
    let site = url.or(domain).map(|u| host(u).to_lowercase()).unwrap_or_default();
    let is = |known: &str| site == known || site.strip_suffix(known).is_some_and(|rest| rest.ends_with('.'));
    if let Some((_, platform)) = SITES.iter().find(|(known, _)| is(known)) {
        return platform;
    }
    let source = source.unwrap_or_default().to_lowercase();
    match SOURCES.iter().find(|(word, _)| source.contains(word)) {
        Some((_, platform)) => platform,
        None if source == "x" => "x",
        None => "rss",
    }
}

/// The platform's own id in an address, so that a post known from the platform is the same post; else the address.
fn native(platform: &str, url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let parts: Vec<&str> = path.split('/').collect();
    let after = |word: &str| {
        parts
            .iter()
            .position(|p| *p == word)
            .and_then(|at| parts.get(at + 1))
            .copied()
    };
    let digits = |id: &&str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
    let parameter = |name: &str| {
        let query = url.split_once('?')?.1;
        query
            .split(['&', '#'])
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    let id = match platform {
        "x" => after("status")
            .or_else(|| after("statuses"))
            .filter(digits)
            .map(str::to_owned),
        "youtube" if host(url) == "youtu.be" => parts.get(3).map(|id| (*id).to_owned()),
        "youtube" if parameter("lc").is_none() => parameter("v").map(str::to_owned),
        "hackernews" => parameter("id").map(str::to_owned),
        _ => None,
    };
    format!(
        "{platform}:{}",
        id.unwrap_or_else(|| path.trim_end_matches('/').to_owned())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentiments_are_words_or_numbers() {
        assert_eq!(label("Positive"), Ok(Some(Label::Positive)));
        assert_eq!(label("-5"), Ok(Some(Label::Negative)));
        assert_eq!(label("0"), Ok(Some(Label::Neutral)));
        assert_eq!(label("Not Rated"), Ok(None));
        assert_eq!(label("mixed"), Err(()));
    }

    #[test]
    fn addresses_tell_platform_and_id() {
        let of = |url: &str| native(platform(Some(url), None, None), url);
        assert_eq!(of("https://twitter.com/a/status/12?s=20"), "x:12");
        assert_eq!(of("http://www.youtube.com/watch?v=abc&t=1"), "youtube:abc");
        assert_eq!(of("https://news.ycombinator.com/item?id=7"), "hackernews:7");
        assert_eq!(
            of("https://news.example/kettle/"),
            "rss:https://news.example/kettle"
        );
        assert_eq!(platform(None, Some("old.reddit.com"), None), "reddit");
        assert_eq!(platform(Some("https://notx.com/1"), None, Some("News")), "rss");
        assert_eq!(platform(None, None, Some("Twitter")), "x");
    }

    #[test]
    fn dates_are_read_in_the_zone_of_the_export_unless_they_say() {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        let at = |text| moment(text, &zone).map(|t| t.to_string());
        assert_eq!(at("2026-07-04 14:00:00").as_deref(), Some("2026-07-04T12:00:00Z"));
        assert_eq!(
            at("2026-07-04T14:00:00+00:00").as_deref(),
            Some("2026-07-04T14:00:00Z")
        );
        assert_eq!(at("04-Jul-2026 02:00PM").as_deref(), Some("2026-07-04T12:00:00Z"));
        assert_eq!(
            at("2026-07-04 14:00:00.0").as_deref(),
            Some("2026-07-04T12:00:00Z")
        );
        assert_eq!(at("03/04/2026 10:00"), None);
    }
}
