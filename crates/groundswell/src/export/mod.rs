//! Exports: mentions as they may leave the installation.
//!
//! Each post leaves in the form its platform's policy profile allows. The manifest says first which form that is, for
//! how many posts, and which rule asks for it; then come the posts, page by page.

mod as2;
mod columns;
mod csv;
mod jsonl;
mod parquet;
mod plan;
mod record;
mod xlsx;

pub use plan::{Manifest, Platform, event};

use crate::control::Control;
use crate::policy::Gate;
use post::Millis;
use post::profile::{Export, Task};
use record::Record;
use std::collections::HashMap;
use std::io::Write;
use store::{Filter, Mention, Snapshot};

/// Mentions read together.
const PAGE: usize = 500;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// One JSON object a line; the manifest is the first.
    #[default]
    Jsonl,
    /// Comma-separated values; the manifest stands before them in lines that begin with `#`.
    Csv,
    /// One ActivityStreams 2.0 collection (JSON-LD); the manifest is its `manifest`.
    As2,
    /// A workbook for spreadsheets; the manifest is a sheet of its own.
    Xlsx,
    /// Parquet with typed columns; the manifest stands in its metadata.
    Parquet,
}

impl Format {
    /// Every format, by the name it has in the API and on the command line.
    pub const ALL: [(&'static str, Self); 5] = [
        ("jsonl", Self::Jsonl),
        ("csv", Self::Csv),
        ("as2", Self::As2),
        ("xlsx", Self::Xlsx),
        ("parquet", Self::Parquet),
    ];

    /// The format of this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|f| f.1)
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Jsonl => "application/jsonl",
            Format::Csv => "text/csv; charset=utf-8",
            Format::As2 => "application/activity+json",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// The usual end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::As2 => "json",
            Format::Xlsx => "xlsx",
            Format::Parquet => "parquet",
        }
    }
}

/// What is asked for.
pub struct Request {
    /// Which mentions.
    pub filter: Filter,
    /// The project they are of.
    pub project: String,
    /// In which form.
    pub format: Format,
    /// Whether posts of platforms that let only ids leave are wanted in full as far as their allowance goes.
    pub full: bool,
    /// Whose allowance that is.
    pub person: String,
    /// When.
    pub now: Millis,
}

/// An export that was decided about and can be written.
pub struct Prepared {
    /// What leaves, what does not, and why.
    pub manifest: Manifest,
    request: Request,
    snapshot: Snapshot,
}

/// Decides what leaves in which form, and takes it off the person's allowance.
pub fn prepare(control: &Control, snapshot: Snapshot, request: Request) -> anyhow::Result<Prepared> {
    let manifest = plan::manifest(control, &snapshot, &request)?;
    Ok(Prepared {
        manifest,
        request,
        snapshot,
    })
}

/// Where posts are written to, in one of the formats.
trait Sink {
    fn begin(&mut self, manifest: &Manifest) -> anyhow::Result<()>;
    fn record(&mut self, record: &Record<'_>) -> anyhow::Result<()>;
    fn end(&mut self) -> anyhow::Result<()>;
}

impl Prepared {
    /// Writes the manifest and then every post, newest first. Blocks.
    pub fn write(self, control: &Control, gate: &Gate, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
        let mut sink: Box<dyn Sink + '_> = match self.request.format {
            Format::Jsonl => Box::new(jsonl::Lines(out)),
            Format::Csv => Box::new(csv::Table(out)),
            Format::As2 => Box::new(as2::Collection::new(out)),
            Format::Xlsx => Box::new(xlsx::Book::new(out)),
            Format::Parquet => Box::new(parquet::Rows::new(out)),
        };
        sink.begin(&self.manifest)?;
        let mut plans: HashMap<&str, (&Platform, u64)> = self
            .manifest
            .platforms
            .iter()
            .map(|p| (p.platform.as_str(), (p, p.full)))
            .collect();
        let mut cursor = None;
        loop {
            let page = self.snapshot.mentions(&self.request.filter, cursor, PAGE)?;
            for mention in &page.items {
                // Every platform of this snapshot stands in the manifest.
                let Some((platform, full)) = plans.get_mut(mention.post.platform.as_str()) else {
                    continue;
                };
                let record = record(mention, platform, full, control, gate)?;
                record.into_iter().try_for_each(|record| sink.record(&record))?;
            }
            cursor = page.next;
            if cursor.is_none() {
                return sink.end();
            }
        }
    }
}

/// A mention in the form it may leave in; `None` where it may not.
fn record<'m>(
    mention: &'m Mention,
    platform: &Platform,
    full: &mut u64,
    control: &Control,
    gate: &Gate,
) -> anyhow::Result<Option<Record<'m>>> {
    let identity = || control.open_post(mention.post.key);
    let scored = gate.allows(Task::Sentiment, &mention.post.platform);
    let sentiment = mention.sentiment.as_ref().filter(|_| scored);
    Ok(Some(match platform.rule {
        Export::Forbidden => return Ok(None),
        Export::Ids { .. } if *full > 0 => {
            *full -= 1;
            Record::full(mention, sentiment, None)
        }
        Export::Ids { .. } => match identity()? {
            Some(known) => Record::id(mention, native(&known.uid)),
            None => return Ok(None),
        },
        Export::Full => Record::full(mention, sentiment, None),
        Export::Labelled => Record::full(mention, sentiment, platform.label),
        Export::Excerpt { chars } => {
            let link = identity()?.and_then(|i| i.permalink);
            Record::excerpt(
                mention,
                sentiment,
                link.or_else(|| mention.post.urls.first().cloned()),
                chars,
            )
        }
    }))
}

/// The platform's own id behind a uid.
fn native(uid: &str) -> String {
    uid.split_once(':').map_or(uid, |(_, native)| native).to_owned()
}

#[cfg(test)]
mod tests;
