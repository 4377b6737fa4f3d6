//! Comma-separated values. Lines before the header that begin with `#` are the manifest, as the CSV dialect of the W3C
//! has comments (CSV on the Web, `commentPrefix`).

use super::record::Record;
use super::{Manifest, Sink};
use std::io::Write;

const COLUMNS: [&str; 32] = [
    "form",
    "id",
    "platform",
    "kind",
    "created_at",
    "seen_at",
    "edited_at",
    "author",
    "handle",
    "name",
    "followers",
    "verified",
    "title",
    "text",
    "content_warning",
    "lang",
    "community",
    "country",
    "reply_to",
    "repost_of",
    "quote_of",
    "hashtags",
    "urls",
    "link",
    "likes",
    "reposts",
    "replies",
    "views",
    "sentiment",
    "model",
    "monitor",
    "label",
];

pub(super) struct Table<'w>(pub(super) &'w mut dyn Write);

impl Sink for Table<'_> {
    fn begin(&mut self, manifest: &Manifest) -> anyhow::Result<()> {
        let pretty = serde_json::to_string_pretty(manifest)?;
        for line in pretty.lines() {
            writeln!(self.0, "# {line}")?;
        }
        self.row(COLUMNS.map(str::to_owned))
    }

    fn record(&mut self, record: &Record<'_>) -> anyhow::Result<()> {
        let (content, full) = (record.content.as_ref(), record.full.as_ref());
        let score = content.and_then(|c| c.sentiment.as_ref());
        let text = |value: Option<&str>| value.map(harmless).unwrap_or_default();
        let number = |value: Option<u64>| value.map(|n| n.to_string()).unwrap_or_default();
        let counts = full.map(|f| f.counts).unwrap_or_default();
        let list = |values: Option<&[String]>| values.map(|v| harmless(&v.join(" "))).unwrap_or_default();
        self.row([
            record.form.to_owned(),
            harmless(&record.id),
            harmless(record.platform),
            text(content.map(|c| c.kind)),
            text(content.map(|c| c.created_at.as_str())),
            text(full.map(|f| f.seen_at.as_str())),
            text(full.and_then(|f| f.edited_at.as_deref())),
            text(full.and_then(|f| f.author.as_deref())),
            text(full.and_then(|f| f.handle)),
            text(full.and_then(|f| f.name)),
            number(full.and_then(|f| f.followers)),
            full.and_then(|f| f.verified)
                .map(|v| v.to_string())
                .unwrap_or_default(),
            text(content.and_then(|c| c.title)),
            text(content.and_then(|c| c.text)),
            text(full.and_then(|f| f.content_warning)),
            text(content.map(|c| c.lang)),
            text(full.and_then(|f| f.community)),
            text(full.and_then(|f| f.country)),
            text(full.and_then(|f| f.reply_to.as_deref())),
            text(full.and_then(|f| f.repost_of.as_deref())),
            text(full.and_then(|f| f.quote_of.as_deref())),
            list(full.map(|f| f.hashtags)),
            list(full.map(|f| f.urls)),
            text(content.and_then(|c| c.link.as_deref())),
            number(counts.likes),
            number(counts.reposts),
            number(counts.replies),
            number(counts.views),
            text(score.map(|s| s.label)),
            text(score.map(|s| s.model)),
            text(full.map(|f| f.monitor)),
            text(full.and_then(|f| f.label)),
        ])
    }

    fn end(&mut self) -> anyhow::Result<()> {
        Ok(self.0.flush()?)
    }
}

impl Table<'_> {
    fn row(&mut self, values: [String; COLUMNS.len()]) -> anyhow::Result<()> {
        let mut writer = ::csv::WriterBuilder::new().from_writer(&mut self.0);
        writer.write_record(&values)?;
        Ok(writer.flush()?)
    }
}

/// A strangers' text that a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV injection).
fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}
