//! `groundswell query lint`

use super::past::{PastArgs, grouped};
use super::source::{self, ListArgs};
use super::{each_line, pair, status};
use crate::cli::matching::QueryLine;
use crate::lab::Interval;
use crate::lab::counter::{Counter, Hits, lints};
use crate::pipeline::tests_language;
use clap::Args;
use query::{Branch, Lists, Problem, Query, Severity};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `groundswell query lint`.
#[derive(Debug, Args)]
pub(super) struct LintArgs {
    /// Queries, one {"id":…,"q":"…"} a line; standard input where absent or -
    file: Option<PathBuf>,
    /// One query instead of a file: its text, @FILE, or MONITOR@VERSION of the data folder
    #[arg(long, conflicts_with = "file")]
    query: Option<String>,
    #[command(flatten)]
    lists: ListArgs,
    #[command(flatten)]
    past: PastArgs,
    /// With --on: a clause of an OR with as many matches a day is hot
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    hot: u64,
    /// With --on: say of every clause how many posts it matches
    #[arg(long)]
    hits: bool,
    /// End with status 1 if a query or a line is refused
    #[arg(long)]
    strict: bool,
}

/// A query that parses, for the second look.
struct Sound {
    id: Value,
    source: String,
    branches: Vec<Branch>,
}

pub(super) fn run(args: &LintArgs, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let (mut sound, mut lists) = (Vec::new(), args.lists.read()?);
    let one = args
        .query
        .as_ref()
        .map(|q| source::read(q, &args.past, &mut lists))
        .transpose()?;
    let refused = read(one.as_deref(), args.file.as_deref(), |id, q| {
        let errors = problems(id, q, &lists, out)?;
        if let (true, Ok(branches)) = (args.past.is_given(), query::branches(q, &lists)) {
            let (id, source) = (id.clone(), q.to_owned());
            sound.push(Sound { id, source, branches });
        }
        Ok(errors)
    })?;
    if !sound.is_empty() {
        look_back(args, &sound, &lists, out)?;
    }
    Ok(status(refused, args.strict))
}

/// Calls `each` with the id and the text of one query, or of every line of a file; returns how many were refused.
pub(super) fn read(
    query: Option<&str>,
    file: Option<&Path>,
    mut each: impl FnMut(&Value, &str) -> anyhow::Result<u64>,
) -> anyhow::Result<u64> {
    if let Some(q) = query {
        return each(&Value::Null, q);
    }
    each_line(file, |line| {
        let bytes = line.bytes.as_ref().map_err(ToString::to_string);
        match bytes.and_then(|b| serde_json::from_slice::<QueryLine>(b).map_err(|e| e.to_string())) {
            Ok(read) => each(&read.id, &read.q).map(Ok),
            Err(reason) => Ok(Err(reason)),
        }
    })
}

/// Prints the problems of one query; returns how many are errors.
fn problems(id: &Value, q: &str, lists: &Lists, out: &mut impl Write) -> anyhow::Result<u64> {
    let mut errors = 0;
    for p in query::check_with(q, lists) {
        errors += u64::from(p.is_error());
        print(id, &p, out)?;
    }
    Ok(errors)
}

fn print(id: &Value, p: &Problem, out: &mut impl Write) -> anyhow::Result<()> {
    let line = json!({
        "id": id, "severity": p.severity.name(), "code": p.code, "at": pair(&p.at), "message": p.message, "fix": p.fix,
    });
    Ok(writeln!(out, "{line}")?)
}

/// Prints what the past says of the clauses of queries.
fn look_back(args: &LintArgs, queries: &[Sound], lists: &Lists, out: &mut impl Write) -> anyhow::Result<()> {
    let past = args.past.open()?;
    let all: Vec<&Query> = queries
        .iter()
        .flat_map(|q| q.branches.iter().map(|b| &b.query))
        .collect();
    let language = all.iter().any(|q| tests_language(q.ast()));
    let token = past.pseudonyms();
    let mut counter = Counter::new(all.into_iter(), token.as_deref());
    let passed = past.each(language, &mut |seen| counter.see(seen))?;
    let (hits, interval) = counter.finish();
    eprintln!("{}", past.coverage(&interval, &passed));
    let mut hits = &hits[..];
    for query in queries {
        let (own, others) = hits.split_at(query.branches.len());
        hits = others;
        let mut all = lints(&query.source, lists, &query.branches, own, &interval, args.hot);
        if args.hits {
            let counts = query.branches.iter().zip(own);
            all.extend(counts.map(|(branch, hits)| count(branch, hits, &interval)));
        }
        for problem in &all {
            print(&query.id, problem, out)?;
        }
    }
    Ok(())
}

/// How many posts a clause matches, as a hint.
fn count(branch: &Branch, hits: &Hits, interval: &Interval) -> Problem {
    let a_day = hits.rate(interval).map_or_else(String::new, |r| {
        format!(", about {} a day", grouped(r.per_day.round() as u64))
    });
    let (clause, posts, read) = (&branch.query, grouped(hits.posts), grouped(interval.posts));
    Problem {
        severity: Severity::Hint,
        code: "hits",
        at: branch.at.clone(),
        message: format!("`{clause}` matches {posts} of {read} posts{a_day}"),
        fix: None,
    }
}
