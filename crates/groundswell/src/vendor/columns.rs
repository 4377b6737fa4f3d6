//! How vendors name the columns of their exports. One table; the first name of a field that a header has is taken.

/// A vendor whose exports are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vendor {
    Brandwatch,
    Talkwalker,
    Meltwater,
    Other,
}

impl Vendor {
    pub(super) fn name(self) -> &'static str {
        match self {
            Vendor::Brandwatch => "brandwatch",
            Vendor::Talkwalker => "talkwalker",
            Vendor::Meltwater => "meltwater",
            Vendor::Other => "other",
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Field {
    Date,
    Time,
    Title,
    Text,
    Url,
    Domain,
    Source,
    Handle,
    Name,
    Language,
    Country,
    Sentiment,
    Query,
}

/// Names as they stand once letter case, `_` and spaces are made equal.
const NAMES: [(Field, &[&str]); 13] = [
    (
        Field::Date,
        &[
            "date",
            "published",
            "published date",
            "publication date",
            "created",
            "created time",
            "date (utc)",
        ],
    ),
    (Field::Time, &["time"]),
    (Field::Title, &["title", "headline"]),
    (
        Field::Text,
        &[
            "full text",
            "content",
            "hit sentence",
            "text",
            "message",
            "opening text",
            "snippet",
            "content snippet",
        ],
    ),
    (Field::Url, &["url", "link", "permalink", "original url"]),
    (Field::Domain, &["domain", "domain url", "source domain", "site"]),
    (
        Field::Source,
        &[
            "content source name",
            "content source",
            "page type",
            "source type",
            "media type",
            "source",
            "platform",
        ],
    ),
    (
        Field::Handle,
        &[
            "author",
            "influencer",
            "author handle",
            "extra author attributes.short name",
            "username",
        ],
    ),
    (
        Field::Name,
        &["full name", "author name", "extra author attributes.name"],
    ),
    (Field::Language, &["language", "lang"]),
    (
        Field::Country,
        &["country code", "extra author attributes.world data.country code"],
    ),
    (Field::Sentiment, &["sentiment", "sentiment label", "tonality"]),
    (
        Field::Query,
        &[
            "query name",
            "matched profile",
            "topic",
            "topic name",
            "input name",
            "search name",
            "query",
        ],
    ),
];

/// Columns that only one vendor has.
const SIGNS: [(Vendor, &[&str]); 3] = [
    (Vendor::Brandwatch, &["query name", "query id"]),
    (
        Vendor::Talkwalker,
        &["search indexed", "matched profile", "source type"],
    ),
    (Vendor::Meltwater, &["hit sentence", "input name", "opening text"]),
];

/// The header of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) vendor: Vendor,
    /// Where each field stands.
    fields: Vec<(Field, usize)>,
}

impl Header {
    /// The header that this row is, if it is one: it names a date and something of the post.
    pub(super) fn read(row: &[String]) -> Option<Header> {
        let names: Vec<String> = row.iter().map(|cell| plain(cell)).collect();
        let place = |list: &[&str]| list.iter().find_map(|name| names.iter().position(|n| n == name));
        let fields: Vec<(Field, usize)> = NAMES
            .iter()
            .filter_map(|(field, list)| Some((*field, place(list)?)))
            .collect();
        let has = |field| fields.iter().any(|(f, _)| *f == field);
        let is_header = has(Field::Date) && (has(Field::Text) || has(Field::Title)) && fields.len() >= 4;
        let vendor = SIGNS
            .iter()
            .find(|(_, signs)| place(signs).is_some())
            .map_or(Vendor::Other, |s| s.0);
        is_header.then_some(Header { vendor, fields })
    }

    /// What stands in a row under a field; `None` where nothing does.
    pub(super) fn get<'r>(&self, row: &'r [String], field: Field) -> Option<&'r str> {
        let place = self.fields.iter().find(|(f, _)| *f == field)?.1;
        row.get(place)
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
    }
}

fn plain(cell: &str) -> String {
    let lower = cell
        .trim_start_matches('\u{feff}')
        .to_lowercase()
        .replace('_', " ");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}
