//! The columns of tables: the same, in the same order, in CSV, XLSX and Parquet.

use super::record::{Content, Full, Record, Score};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A whole number that is not negative.
    Number,
    Flag,
    /// A moment.
    Time,
    /// Texts.
    List,
}

/// A value; `Nothing` is "not known", or not let out in this form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'r> {
    Nothing,
    Text(&'r str),
    Number(u64),
    Flag(bool),
    /// RFC 3339.
    Time(&'r str),
    List(&'r [String]),
}

pub(super) const COLUMNS: [(&str, Kind); 32] = [
    ("form", Kind::Text),
    ("id", Kind::Text),
    ("platform", Kind::Text),
    ("kind", Kind::Text),
    ("created_at", Kind::Time),
    ("seen_at", Kind::Time),
    ("edited_at", Kind::Time),
    ("author", Kind::Text),
    ("handle", Kind::Text),
    ("name", Kind::Text),
    ("followers", Kind::Number),
    ("verified", Kind::Flag),
    ("title", Kind::Text),
    ("text", Kind::Text),
    ("content_warning", Kind::Text),
    ("lang", Kind::Text),
    ("community", Kind::Text),
    ("country", Kind::Text),
    ("reply_to", Kind::Text),
    ("repost_of", Kind::Text),
    ("quote_of", Kind::Text),
    ("hashtags", Kind::List),
    ("urls", Kind::List),
    ("link", Kind::Text),
    ("likes", Kind::Number),
    ("reposts", Kind::Number),
    ("replies", Kind::Number),
    ("views", Kind::Number),
    ("sentiment", Kind::Text),
    ("model", Kind::Text),
    ("monitor", Kind::Text),
    ("label", Kind::Text),
];

/// The cells of a record, in the order of [`COLUMNS`].
pub(super) fn cells<'r>(record: &'r Record<'_>) -> [Cell<'r>; COLUMNS.len()] {
    let (content, full) = (record.content.as_ref(), record.full.as_ref());
    let of = |pick: fn(&'r Content<'_>) -> Option<&'r str>| text(content.and_then(pick));
    let whole = |pick: fn(&'r Full<'_>) -> Option<&'r str>| text(full.and_then(pick));
    let time = |value: Option<&'r str>| value.map_or(Cell::Nothing, Cell::Time);
    let number = |value: Option<u64>| value.map_or(Cell::Nothing, Cell::Number);
    let list = |value: Option<&'r [String]>| value.map_or(Cell::Nothing, Cell::List);
    let score =
        |pick: fn(&'r Score<'_>) -> &'r str| text(content.and_then(|c| c.sentiment.as_ref()).map(pick));
    let counts = full.map(|f| f.counts).unwrap_or_default();
    [
        Cell::Text(record.form),
        Cell::Text(&record.id),
        Cell::Text(record.platform),
        of(|c| Some(c.kind)),
        time(content.map(|c| c.created_at.as_str())),
        time(full.map(|f| f.seen_at.as_str())),
        time(full.and_then(|f| f.edited_at.as_deref())),
        whole(|f| f.author.as_deref()),
        whole(|f| f.handle),
        whole(|f| f.name),
        number(full.and_then(|f| f.followers)),
        full.and_then(|f| f.verified).map_or(Cell::Nothing, Cell::Flag),
        of(|c| c.title),
        of(|c| c.text),
        whole(|f| f.content_warning),
        of(|c| Some(c.lang)),
        whole(|f| f.community),
        whole(|f| f.country),
        whole(|f| f.reply_to.as_deref()),
        whole(|f| f.repost_of.as_deref()),
        whole(|f| f.quote_of.as_deref()),
        list(full.map(|f| f.hashtags)),
        list(full.map(|f| f.urls)),
        of(|c| c.link.as_deref()),
        number(counts.likes),
        number(counts.reposts),
        number(counts.replies),
        number(counts.views),
        score(|s| s.label),
        score(|s| s.model),
        whole(|f| Some(f.monitor)),
        whole(|f| f.label),
    ]
}

fn text(value: Option<&str>) -> Cell<'_> {
    value.map_or(Cell::Nothing, Cell::Text)
}
