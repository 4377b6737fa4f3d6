//! The past that a command reads: the journal of a data folder, or files of posts.

use crate::cli::lines::{Line, Lines, open};
use crate::cli::matching::post_of;
use crate::control::Place;
use crate::history::{self, DataFolder};
use crate::lab::document;
use crate::lab::{Interval, Seen};
use crate::pipeline::Scorer;
use anyhow::{Context, bail, ensure};
use clap::Args;
use journal::Position;
use models::Models;
use post::{Event, Millis, RawPost};
use query::Document;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Which past.
#[derive(Debug, Default, Args)]
pub(super) struct PastArgs {
    /// The past to read: `history`, the journal of the data folder, or files of posts
    #[arg(long, value_name = "history|FILE", num_args = 1..)]
    on: Vec<PathBuf>,
    /// The data folder; a server may be using it (default: the configuration's)
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration (default: groundswell.toml where there is one)
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl PastArgs {
    /// Whether a past was named.
    pub(super) fn is_given(&self) -> bool {
        !self.on.is_empty()
    }

    /// The data folder, opened to be read.
    pub(super) fn folder(&self) -> anyhow::Result<DataFolder> {
        let place = self.place()?;
        let data = place.data.clone();
        DataFolder::open(place).with_context(|| format!("cannot read the data folder {}", data.display()))
    }

    /// Where the control state is; with a folder alone, in that.
    fn place(&self) -> anyhow::Result<Place> {
        if let (Some(data), None) = (&self.data, &self.config) {
            return Ok(Place::from(data));
        }
        let default = PathBuf::from("groundswell.toml");
        let path = self
            .config
            .clone()
            .or_else(|| default.exists().then_some(default));
        match crate::cli::check::load(path.as_deref()) {
            Some(config) => Ok(Place {
                data: self.data.clone().unwrap_or(config.data),
                postgres: config.postgres,
            }),
            None => bail!("the configuration is faulty"),
        }
    }

    /// The past named; the journal where none is.
    pub(super) fn open(&self) -> anyhow::Result<Past> {
        let named = |p: &Path| p == Path::new("history");
        if self.on.is_empty() || (self.on.len() == 1 && named(&self.on[0])) {
            return Ok(Past::Journal(Box::new(self.folder()?), self.place()?.data));
        }
        ensure!(
            self.on.iter().all(|p| p != Path::new("-")),
            "--on reads its files twice, so it cannot read standard input"
        );
        Ok(Past::Files(self.on.clone()))
    }
}

/// A past, opened.
pub(super) enum Past {
    Journal(Box<DataFolder>, PathBuf),
    Files(Vec<PathBuf>),
}

/// What reading a past passed over.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PassedOver {
    /// Older versions of posts, and posts deleted later.
    pub(super) old: u64,
    /// Lines that are no posts.
    pub(super) refused: u64,
}

/// Gives the token that stands for a handle in admitted texts.
type Token<'p> = Box<dyn Fn(&str) -> String + 'p>;

impl Past {
    /// In messages.
    pub(super) fn name(&self) -> String {
        match self {
            Past::Journal(_, data) => format!("the journal of {}", data.display()),
            Past::Files(files) => {
                let names: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
                names.join(", ")
            }
        }
    }

    /// How handles are written in its posts: readable in files.
    pub(super) fn pseudonyms(&self) -> Option<Token<'_>> {
        match self {
            Past::Journal(folder, _) => Some(Box::new(|handle| folder.pseudonyms.handle(handle))),
            Past::Files(_) => None,
        }
    }

    /// Calls `each` for every post at its latest version, in order. Where `language` says so and a post does not tell
    /// its language, the model does, as when it is monitored.
    pub(super) fn each(&self, language: bool, each: &mut dyn FnMut(&Seen<'_>)) -> anyhow::Result<PassedOver> {
        let models = language.then(crate::weights::embedded).transpose()?;
        let mut languages = Languages::new(models.as_ref());
        match self {
            Past::Journal(folder, _) => {
                let passed = history::each_post(&folder.journal, Position(0), |post| {
                    let lang = languages.of(post.lang.as_deref(), post.title.as_deref(), &post.text);
                    each(&Seen {
                        id: &post.key.to_string(),
                        at: Some(post.seen_at),
                        document: Document::from_post(post, lang.as_deref().unwrap_or("und")),
                    });
                })?;
                Ok(PassedOver {
                    old: passed.old,
                    refused: 0,
                })
            }
            Past::Files(files) => each_of_files(files, &mut languages, each),
        }
    }

    /// What was read, and what it does not cover, in sentences.
    pub(super) fn coverage(&self, interval: &Interval, passed: &PassedOver) -> String {
        let mut said = format!("{}: {} posts", self.name(), grouped(interval.posts));
        match (interval.from, interval.to, interval.days()) {
            (Some(from), Some(to), Some(days)) => {
                said.push_str(&format!(
                    ", {} to {} UTC ({days:.2} days)",
                    minute(from),
                    minute(to)
                ));
            }
            _ => said.push_str(", none with a time, so nothing is said by day"),
        }
        if interval.timeless > 0 && interval.from.is_some() {
            said.push_str(&format!(
                "; {} have no time and are in no day",
                grouped(interval.timeless)
            ));
        }
        if passed.old > 0 {
            said.push_str(&format!(
                "; {} edited or deleted later are left out",
                grouped(passed.old)
            ));
        }
        if passed.refused > 0 {
            said.push_str(&format!("; {} lines were refused", grouped(passed.refused)));
        }
        if matches!(self, Past::Journal(..)) {
            said.push_str(
                "; not covered: what the journal no longer keeps, and what arrived since it was opened",
            );
        }
        said
    }
}

/// The languages of posts that do not tell theirs.
pub(super) struct Languages<'m>(Option<Scorer<'m>>);

impl<'m> Languages<'m> {
    /// Without models, what a post does not tell stays unknown.
    pub(super) fn new(models: Option<&'m Models>) -> Self {
        Self(models.map(Scorer::new))
    }

    /// The language the post tells, or the model's answer.
    pub(super) fn of(&mut self, told: Option<&str>, title: Option<&str>, text: &str) -> Option<String> {
        told.map(str::to_owned)
            .or_else(|| self.0.as_mut().map(|s| s.language_of(title, text)))
    }
}

fn each_of_files(
    files: &[PathBuf],
    languages: &mut Languages<'_>,
    each: &mut dyn FnMut(&Seen<'_>),
) -> anyhow::Result<PassedOver> {
    let superseded = superseded(files)?;
    let mut passed = PassedOver::default();
    let mut number = 0;
    for path in files {
        for line in Lines::new(open(path)?) {
            let line = line.with_context(|| format!("cannot read {}", path.display()))?;
            number += 1;
            let mut post = match post_of(&line) {
                Ok(post) => post,
                Err(reason) => {
                    passed.refused += 1;
                    eprintln!("{}:{}: {reason}", path.display(), line.number);
                    continue;
                }
            };
            if !matches!(post.event, Event::Create | Event::Edit) {
                continue;
            }
            if post
                .uid
                .as_ref()
                .and_then(|u| superseded.get(u))
                .is_some_and(|&at| at > number)
            {
                passed.old += 1;
                continue;
            }
            post.lang = languages.of(post.lang.as_deref(), post.title.as_deref(), &post.text);
            each(&seen(&post));
        }
    }
    Ok(passed)
}

fn seen(post: &RawPost) -> Seen<'_> {
    let time = |text: &Option<String>| text.as_deref().and_then(|t| t.parse::<jiff::Timestamp>().ok());
    let at: Option<Millis> = time(&post.seen_at)
        .or_else(|| time(&post.created_at))
        .map(jiff::Timestamp::as_millisecond);
    Seen {
        id: post.uid.as_deref().unwrap_or_default(),
        at,
        document: document(post),
    }
}

/// What of a line says that an earlier one no longer holds.
#[derive(Deserialize)]
struct Later {
    #[serde(alias = "id")]
    uid: Option<serde_json::Value>,
    #[serde(default)]
    event: Option<String>,
}

/// The last line that edits or deletes each post, counted over all files.
fn superseded(files: &[PathBuf]) -> anyhow::Result<HashMap<String, u64>> {
    let mut last = HashMap::new();
    let mut number = 0;
    for path in files {
        for line in Lines::new(open(path)?) {
            let line = line.with_context(|| format!("cannot read {}", path.display()))?;
            number += 1;
            if let Some(uid) = later(&line) {
                last.insert(uid, number);
            }
        }
    }
    Ok(last)
}

fn later(line: &Line) -> Option<String> {
    let read: Later = serde_json::from_slice(line.bytes.as_ref().ok()?).ok()?;
    let changes = matches!(read.event.as_deref(), Some("edit" | "delete" | "withhold"));
    changes.then(|| read.uid.as_ref().map(crate::cli::matching::bare))?
}

/// A time as people read it, in UTC.
pub(super) fn minute(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at)
        .map_or_else(|_| at.to_string(), |t| t.strftime("%Y-%m-%d %H:%M").to_string())
}

/// A number with commas: 12,345.
pub(super) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}
