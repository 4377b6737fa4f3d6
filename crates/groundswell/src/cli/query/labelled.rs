//! `groundswell query test --labelled`: precision and recall of queries on posts that people labelled.

use super::parse;
use super::past::{Languages, PastArgs, grouped};
use super::show::marked;
use super::source::{self, ListArgs};
use super::test::{Format, Tested};
use crate::cli::lines::{Line, Lines, open, shown};
use crate::cli::matching::bare;
use crate::lab::document;
use crate::lab::expected::let_in;
use crate::lab::labelled::{Judged, Labelled, Mistake, judge};
use crate::pipeline::tests_language;
use anyhow::{Context, ensure};
use clap::Args;
use post::RawPost;
use query::Query;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use trends::Estimate;

/// Arguments of labelled posts.
#[derive(Debug, Args)]
pub(super) struct LabelledArgs {
    /// Judge the queries on these labelled posts instead: one post a line, with a label
    #[arg(long, value_name = "FILE")]
    labelled: Option<PathBuf>,
    /// The field that holds the label
    #[arg(long, default_value = "relevant", requires = "labelled")]
    label: String,
    /// Labels of relevant posts; without this and --negative the field is true or false
    #[arg(long, value_name = "VALUE", num_args = 1.., requires = "labelled")]
    positive: Vec<String>,
    /// Labels of the other posts: every other label is relevant
    #[arg(long, value_name = "VALUE", num_args = 1.., requires = "labelled", conflicts_with = "positive")]
    negative: Vec<String>,
    /// A query to judge, beside the monitors of the files: its text or @FILE
    #[arg(long, value_name = "QUERY", requires = "labelled")]
    query: Vec<String>,
    #[command(flatten)]
    lists: ListArgs,
    /// Show so many posts of each kind of mistake, and as many clauses
    #[arg(long, value_name = "N", default_value_t = 0, requires = "labelled")]
    show: usize,
}

impl LabelledArgs {
    /// Whether labelled posts were named.
    pub(super) fn is_given(&self) -> bool {
        self.labelled.is_some()
    }

    /// Whether a label says that the post is relevant.
    fn is_relevant(&self, value: &Value) -> Result<bool, String> {
        let label = bare(value);
        if !self.positive.is_empty() {
            return Ok(self.positive.contains(&label));
        }
        if !self.negative.is_empty() {
            return Ok(!self.negative.contains(&label));
        }
        match label.as_str() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(format!("{} is `{label}`, neither true nor false", self.label)),
        }
    }
}

pub(super) fn run(
    args: &LabelledArgs,
    tested: Vec<Tested>,
    format: Format,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let queries = queries(args, tested)?;
    let path = args.labelled.as_deref().unwrap_or(Path::new("-"));
    let language = queries.iter().any(|(_, q)| tests_language(q.ast()));
    let posts = read(args, path, language)?;
    let labelled: Vec<Labelled<'_>> = posts
        .iter()
        .map(|(post, relevant)| Labelled {
            document: document(post),
            relevant: *relevant,
        })
        .collect();
    let relevant = labelled.iter().filter(|p| p.relevant).count() as u64;
    if format == Format::Text {
        let of = grouped(labelled.len() as u64);
        writeln!(
            out,
            "{}: {of} labelled posts, {} relevant",
            shown(path),
            grouped(relevant)
        )?;
        writeln!(
            out,
            "{:<18}{:>8}{:>8}  {:<22}{:<22}{:<22}",
            "query", "matches", "right", "precision, %", "recall, %", "F1, %"
        )?;
    }
    let judged: Vec<(&str, Judged)> = queries
        .iter()
        .map(|(name, q)| (&**name, judge(q, &labelled)))
        .collect();
    for (name, judged) in &judged {
        match format {
            Format::Text => row(name, judged, out)?,
            Format::Json => writeln!(out, "{}", object(name, judged, args.show, &posts))?,
        }
    }
    if format == Format::Text && args.show > 0 {
        for (name, judged) in &judged {
            mistakes(name, judged, args.show, &posts, out)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn queries(args: &LabelledArgs, tested: Vec<Tested>) -> anyhow::Result<Vec<(String, Query)>> {
    let (mut queries, mut lists) = (Vec::new(), args.lists.read()?);
    for (number, argument) in args.query.iter().enumerate() {
        let name = match argument.strip_prefix('@') {
            Some(file) => Path::new(file)
                .file_stem()
                .map(|s| s.to_string_lossy().into_owned()),
            None => None,
        };
        let text = source::read(argument, &PastArgs::default(), &mut lists)?;
        queries.push((
            name.unwrap_or_else(|| format!("query {}", number + 1)),
            parse(argument, &text, &lists)?,
        ));
    }
    queries.extend(tested.into_iter().map(|t| (t.monitor.name, t.query)));
    ensure!(
        !queries.is_empty(),
        "name a file of monitors or a --query to judge"
    );
    Ok(queries)
}

/// The posts with their labels. Where `language` says so, the model tells the languages that posts do not.
fn read(args: &LabelledArgs, path: &Path, language: bool) -> anyhow::Result<Vec<(RawPost, bool)>> {
    let models = language.then(crate::weights::embedded).transpose()?;
    let mut languages = Languages::new(models.as_ref());
    let mut posts = Vec::new();
    for line in Lines::new(open(path)?) {
        let line = line.with_context(|| format!("cannot read {}", shown(path)))?;
        let (mut post, relevant) = one(args, &line)
            .map_err(|reason| anyhow::anyhow!("{}:{}: {reason}", shown(path), line.number))?;
        post.lang = languages.of(post.lang.as_deref(), post.title.as_deref(), &post.text);
        posts.push((post, relevant));
    }
    Ok(posts)
}

fn one(args: &LabelledArgs, line: &Line) -> Result<(RawPost, bool), String> {
    let bytes = line.bytes.as_ref().map_err(ToString::to_string)?;
    let value: Value = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
    let label = value
        .get(&args.label)
        .ok_or_else(|| format!("the post has no field `{}`", args.label))?;
    let relevant = args.is_relevant(label)?;
    let post = serde_json::from_value(value).map_err(|e| e.to_string())?;
    Ok((post, relevant))
}

fn row(name: &str, judged: &Judged, out: &mut impl Write) -> anyhow::Result<()> {
    let t = &judged.tally;
    let [p, r, f] = [t.precision(), t.recall(), t.f1()].map(percent);
    let (matches, right) = (grouped(t.right + t.wrong), grouped(t.right));
    Ok(writeln!(
        out,
        "{name:<18}{matches:>8}{right:>8}  {p:<22}{r:<22}{f:<22}"
    )?)
}

/// Under 30 posts a share says nothing.
fn percent(e: Option<Estimate>) -> String {
    e.map_or_else(
        || "under 30 posts".to_owned(),
        |e| {
            format!(
                "{:.1} ({:.1}–{:.1})",
                100.0 * e.value,
                100.0 * e.low,
                100.0 * e.high
            )
        },
    )
}

fn object(name: &str, judged: &Judged, show: usize, posts: &[(RawPost, bool)]) -> Value {
    let t = &judged.tally;
    let figure = |e: Option<Estimate>| e.map(|e| json!({"value": e.value, "low": e.low, "high": e.high}));
    let mistakes = |list: &[Mistake]| -> Vec<Value> {
        let one = |m: &Mistake| {
            let post = &posts[m.post].0;
            json!({"id": post.uid, "text": post.text, "reasons": m.reasons.iter().map(super::explain::reason).collect::<Vec<_>>()})
        };
        list.iter().take(show).map(one).collect()
    };
    json!({
        "query": name,
        "posts": t.right + t.wrong + t.missed + t.left_out,
        "right": t.right, "wrong": t.wrong, "missed": t.missed,
        "precision": figure(t.precision()), "recall": figure(t.recall()), "f1": figure(t.f1()),
        "false_positives": mistakes(&judged.false_positives),
        "false_negatives": mistakes(&judged.false_negatives),
    })
}

fn mistakes(
    name: &str,
    judged: &Judged,
    show: usize,
    posts: &[(RawPost, bool)],
    out: &mut impl Write,
) -> anyhow::Result<()> {
    writeln!(
        out,
        "\n{name}, clause by clause: relevant and other posts it meets"
    )?;
    for term in judged.terms.iter().take(show) {
        let not = if term.negated { "NOT " } else { "" };
        writeln!(out, "{:>8}{:>8}  {not}{}", term.relevant, term.other, term.clause)?;
    }
    let kinds = [
        ("matched, not relevant", &judged.false_positives),
        ("relevant, not matched", &judged.false_negatives),
    ];
    for (kind, list) in kinds {
        writeln!(out, "{name}, {kind}: {} of {}", show.min(list.len()), list.len())?;
        for m in list.iter().take(show) {
            let post = &posts[m.post].0;
            let ranges: Vec<_> = m.reasons.iter().flat_map(|r| r.text.clone()).collect();
            for line in marked(&post.text, &ranges) {
                writeln!(out, "    {line}")?;
            }
            for reason in &m.reasons {
                let said = if kind.starts_with("matched") {
                    let_in(reason)
                } else {
                    reason.to_string()
                };
                writeln!(out, "  → {said}")?;
            }
        }
    }
    Ok(())
}
