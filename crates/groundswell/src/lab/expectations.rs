//! The file of `query test`: monitors, texts that must match and texts that must not.

use crate::config::nearest;
use post::{Kind, Media, RawAuthor, RawMention, RawPost};
use std::ops::Range;
use std::path::PathBuf;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What a file holds.
#[derive(Debug, Default)]
pub(crate) struct Expectations {
    /// The configuration whose monitors are meant where one has no query here.
    pub(crate) config: Option<PathBuf>,
    /// Keyword lists that the queries may name.
    pub(crate) lists: Vec<List>,
    /// The monitors, in the file's order.
    pub(crate) monitors: Vec<Monitor>,
}

/// A keyword list.
#[derive(Debug)]
pub(crate) struct List {
    /// Its name in queries.
    pub(crate) name: String,
    /// Its terms, or the file that has one a line.
    pub(crate) terms: Terms,
    /// Its line.
    pub(crate) line: usize,
}

/// Where the terms of a list are written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Terms {
    /// Here, one a line.
    Lines(String),
    /// In a file of its own.
    File(PathBuf),
}

/// A monitor and what is expected of it.
#[derive(Debug)]
pub(crate) struct Monitor {
    /// Its name.
    pub(crate) name: String,
    /// Where its query is.
    pub(crate) query: Source,
    /// The line of its query, or of its name.
    pub(crate) line: usize,
    /// The expectations, in the file's order.
    pub(crate) expectations: Vec<Expectation>,
}

/// Where a query is written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Here.
    Text(String),
    /// In a file of its own, whole.
    File(PathBuf),
    /// In the configuration, under the monitor's name.
    Configured,
}

/// A text that must match, or must not.
#[derive(Debug)]
pub(crate) struct Expectation {
    /// Its line.
    pub(crate) line: usize,
    /// Whether it must match.
    pub(crate) matches: bool,
    /// The post.
    pub(crate) post: RawPost,
    /// Why it is expected, in the author's words.
    pub(crate) why: Option<String>,
}

/// Something wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}: {message}")]
pub(crate) struct Fault {
    /// Its line, from 1.
    pub(crate) line: usize,
    /// What is wrong.
    pub(crate) message: String,
}

/// Reads a file, or names everything wrong with it.
pub(crate) fn read(text: &str) -> Result<Expectations, Vec<Fault>> {
    let (table, broken) = DeTable::parse_recoverable(text);
    let mut faults = Faults::new(text);
    for e in &broken {
        faults.add(e.span().unwrap_or_default(), e.message());
    }
    if !faults.list.is_empty() {
        return Err(faults.list);
    }
    let mut root = Reader::new(table.get_ref(), table.span(), &mut faults);
    let config = root.text("config").map(|(c, _)| PathBuf::from(c));
    let (list_tables, tables) = (root.list("list"), root.list("monitor"));
    root.finish();
    let (mut lists, mut monitors) = (Vec::new(), Vec::new());
    for value in list_tables {
        lists.extend(list(value, &mut faults));
    }
    for value in tables {
        monitors.extend(monitor(value, config.is_some(), &mut faults));
    }
    if monitors.is_empty() && faults.list.is_empty() {
        faults.add(0..0, "no [[monitor]] with expectations");
    }
    faults.list.sort_by_key(|f| f.line);
    if faults.list.is_empty() {
        Ok(Expectations {
            config,
            lists,
            monitors,
        })
    } else {
        Err(faults.list)
    }
}

fn list(value: &Spanned<DeValue<'_>>, faults: &mut Faults) -> Option<List> {
    let table = table_of(value, "a [[list]] table", faults)?;
    let mut r = Reader::new(table, value.span(), faults);
    let (name, terms, file) = (r.text("name"), r.texts("terms"), r.text("file"));
    if !table.contains_key("name") {
        r.faults.add(r.at.clone(), "a list needs a `name`");
    }
    if file.is_some() != terms.is_empty() {
        r.faults
            .add(r.at.clone(), "a list needs `terms`, or a `file` with one a line");
    }
    r.finish();
    Some(List {
        name: name?.0.to_owned(),
        terms: file.map_or_else(
            || Terms::Lines(terms.join("\n")),
            |(f, _)| Terms::File(PathBuf::from(f)),
        ),
        line: faults.line(&value.span()),
    })
}

fn monitor(value: &Spanned<DeValue<'_>>, configured: bool, faults: &mut Faults) -> Option<Monitor> {
    let table = table_of(value, "a [[monitor]] table", faults)?;
    let mut r = Reader::new(table, value.span(), faults);
    let (name, query, file) = (r.text("name"), r.text("query"), r.text("file"));
    let (matching, skipped) = (r.list("match"), r.list("skip"));
    let (source, at) = match (query, file) {
        (Some(_), Some((_, at))) => {
            r.faults
                .add(at, "`query` and `file` are two places for one query: keep one");
            return None;
        }
        (Some((q, at)), None) => (Source::Text(q.to_owned()), at),
        (None, Some((f, at))) => (Source::File(PathBuf::from(f)), at),
        (None, None) => (Source::Configured, r.at.clone()),
    };
    if source == Source::Configured && !configured {
        r.faults.add(
            at.clone(),
            "a monitor needs a `query`, a `file` with one, or a `config` at the top of this file",
        );
    }
    if name.is_none() && !r.table.contains_key("name") {
        r.faults.add(r.at.clone(), "a monitor needs a `name`");
    }
    if matching.is_empty() && skipped.is_empty() {
        r.faults
            .add(r.at.clone(), "a monitor needs texts to `match` or to `skip`");
    }
    r.finish();
    let mut expectations = Vec::new();
    for (list, matches) in [(matching, true), (skipped, false)] {
        for value in list {
            expectations.extend(expectation(value, matches, faults));
        }
    }
    expectations.sort_by_key(|e| e.line);
    Some(Monitor {
        name: name?.0.to_owned(),
        query: source,
        line: faults.line(&at),
        expectations,
    })
}

fn expectation(value: &Spanned<DeValue<'_>>, matches: bool, faults: &mut Faults) -> Option<Expectation> {
    let line = faults.line(&value.span());
    if let Some(text) = value.get_ref().as_str() {
        let post = RawPost {
            text: text.to_owned(),
            ..RawPost::default()
        };
        return Some(Expectation {
            line,
            matches,
            post,
            why: None,
        });
    }
    let table = table_of(value, "a text, or a post as a table", faults)?;
    let mut r = Reader::new(table, value.span(), faults);
    if !table.contains_key("text") && !table.contains_key("title") {
        r.faults.add(value.span(), "a post needs a `text`");
    }
    let (post, why) = (post(&mut r), r.owned("why"));
    r.finish();
    Some(Expectation {
        line,
        matches,
        post,
        why,
    })
}

/// The post of a table. Its keys are the fields of queries.
fn post(r: &mut Reader<'_, '_>) -> RawPost {
    let kind = r.text("kind").and_then(|(name, at)| {
        let kind = Kind::from_name(name);
        if kind.is_none() {
            let known: Vec<&str> = Kind::ALL.iter().map(|k| k.name()).collect();
            r.faults.add(
                at,
                format!("`{name}` is no kind of post; there are {}", known.join(", ")),
            );
        }
        kind
    });
    let (handle, followers) = (r.owned("author"), r.number("followers"));
    let author = (handle.is_some() || followers.is_some()).then(|| RawAuthor {
        handle: handle.map(|h| h.trim_start_matches('@').to_owned()),
        followers,
        ..RawAuthor::default()
    });
    let named = |handle: String| RawMention {
        handle: Some(handle.trim_start_matches('@').to_owned()),
        ..RawMention::default()
    };
    let medium = |kind: String| Media {
        kind,
        ..Media::default()
    };
    RawPost {
        text: r.owned("text").unwrap_or_default(),
        title: r.owned("title"),
        lang: r.owned("lang"),
        platform: r.owned("source"),
        kind: kind.unwrap_or_default(),
        author,
        community: r.owned("site"),
        country: r.owned("country"),
        reply_to: r.owned("reply_to"),
        hashtags: r.texts("hashtags"),
        mentions: r.texts("at_mentions").into_iter().map(named).collect(),
        urls: r.texts("urls"),
        media: r.texts("media").into_iter().map(medium).collect(),
        ..RawPost::default()
    }
}

fn table_of<'t>(
    value: &'t Spanned<DeValue<'t>>,
    wanted: &str,
    faults: &mut Faults,
) -> Option<&'t DeTable<'t>> {
    let table = value.get_ref().as_table();
    if table.is_none() {
        faults.add(
            value.span(),
            format!("expected {wanted}, got {}", value.get_ref().type_str()),
        );
    }
    table
}

/// What is wrong so far, and where the lines of the text begin.
struct Faults {
    lines: Vec<usize>,
    list: Vec<Fault>,
}

impl Faults {
    fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|&(_, b)| b == b'\n');
        Self {
            lines: ends.map(|(i, _)| i + 1).collect(),
            list: Vec::new(),
        }
    }

    fn line(&self, at: &Range<usize>) -> usize {
        self.lines.partition_point(|&begin| begin <= at.start) + 1
    }

    fn add(&mut self, at: Range<usize>, message: impl Into<String>) {
        let fault = Fault {
            line: self.line(&at),
            message: message.into(),
        };
        self.list.push(fault);
    }
}

/// Reads the keys of a table and, at the end, names those nobody asked for.
struct Reader<'t, 'f> {
    table: &'t DeTable<'t>,
    at: Range<usize>,
    asked: Vec<&'static str>,
    faults: &'f mut Faults,
}

impl<'t, 'f> Reader<'t, 'f> {
    fn new(table: &'t DeTable<'t>, at: Range<usize>, faults: &'f mut Faults) -> Self {
        Self {
            table,
            at,
            asked: Vec::new(),
            faults,
        }
    }

    fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.asked.push(key);
        self.table.get(key)
    }

    fn wrong(&mut self, key: &str, wanted: &str, value: &Spanned<DeValue<'_>>) {
        let got = value.get_ref().type_str();
        self.faults
            .add(value.span(), format!("{key}: expected {wanted}, got {got}"));
    }

    fn text(&mut self, key: &'static str) -> Option<(&'t str, Range<usize>)> {
        let value = self.get(key)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong(key, "text in quotes", value);
        }
        Some((text?, value.span()))
    }

    fn owned(&mut self, key: &'static str) -> Option<String> {
        self.text(key).map(|(text, _)| text.to_owned())
    }

    fn number(&mut self, key: &'static str) -> Option<u64> {
        let value = self.get(key)?;
        let number = value.get_ref().as_integer().and_then(|i| i.as_str().parse().ok());
        if number.is_none() {
            self.wrong(key, "a whole number", value);
        }
        number
    }

    fn list(&mut self, key: &'static str) -> &'t [Spanned<DeValue<'t>>] {
        let Some(value) = self.get(key) else { return &[] };
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(key, "a list", value);
            return &[];
        };
        list
    }

    fn texts(&mut self, key: &'static str) -> Vec<String> {
        let mut texts = Vec::new();
        for value in self.list(key) {
            match value.get_ref().as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => self.wrong(key, "texts in quotes", value),
            }
        }
        texts
    }

    /// Reports unknown keys, each with the nearest known one.
    fn finish(self) {
        for key in self
            .table
            .keys()
            .filter(|k| !self.asked.contains(&&**k.get_ref()))
        {
            let message = match nearest(key.get_ref(), self.asked.iter().copied()) {
                Some(near) => format!("unknown key `{}`, did you mean `{near}`?", key.get_ref()),
                None => format!(
                    "unknown key `{}`; known here: {}",
                    key.get_ref(),
                    self.asked.join(", ")
                ),
            };
            self.faults.add(key.span(), message);
        }
    }
}
