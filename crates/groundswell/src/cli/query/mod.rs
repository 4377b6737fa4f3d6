//! `groundswell query`: the query lab.

mod diff;
mod estimate;
mod explain;
mod labelled;
mod lint;
mod past;
mod show;
mod source;
mod test;

use super::import::{QueryImportArgs, run_query};
use super::lines::{Line, Lines, open, shown};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use query::{Lists, Query};
use serde_json::{Value, json};
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;

/// Arguments of `groundswell query`.
#[derive(Debug, Args)]
pub(super) struct QueryArgs {
    #[command(subcommand)]
    command: QueryCommand,
}

#[derive(Debug, Subcommand)]
enum QueryCommand {
    /// Name every problem of queries, with its place and, where there is one, its fix
    Lint(lint::LintArgs),
    /// Say which clauses of a query hold for posts, where, and what keeps it from matching
    Explain(explain::ExplainArgs),
    /// Hold monitors to texts that must match and texts that must not, or judge queries on labelled posts
    Test(test::TestArgs),
    /// Compare two queries on the past: matches gained and lost a day, with samples of each
    Diff(diff::DiffArgs),
    /// Estimate the matches a day of queries from the past
    Estimate(estimate::EstimateArgs),
    /// Translate queries of another product, and say what is lost
    Import(QueryImportArgs),
}

pub(super) fn run(args: QueryArgs) -> anyhow::Result<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let done = match args.command {
        QueryCommand::Lint(args) => lint::run(&args, &mut out),
        QueryCommand::Explain(args) => explain::run(&args, &mut out),
        QueryCommand::Test(args) => test::run(&args, &mut out),
        QueryCommand::Diff(args) => diff::run(&args, &mut out),
        QueryCommand::Estimate(args) => estimate::run(&args, &mut out),
        QueryCommand::Import(args) => run_query(&args),
    }?;
    out.flush()?;
    Ok(done)
}

/// Status 1 where something was refused and that counts.
fn status(refused: u64, strict: bool) -> ExitCode {
    ExitCode::from(u8::from(strict && refused > 0))
}

/// Parses a query; `name` says which one is refused.
fn parse(name: &str, query: &str, lists: &Lists) -> anyhow::Result<Query> {
    match query::parse_with(query, lists) {
        Ok(query) => Ok(query),
        Err(problems) => bail!("{name}: {}", errors(&problems)),
    }
}

/// The errors among problems, in one line.
fn errors(problems: &[query::Problem]) -> String {
    let errors = problems.iter().filter(|p| p.is_error());
    errors.map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn pair(range: &Range<usize>) -> Value {
    json!([range.start, range.end])
}

/// Handles every line, reports those it refuses, and returns how many things were refused.
fn each_line(
    file: Option<&Path>,
    mut handle: impl FnMut(&Line) -> anyhow::Result<Result<u64, String>>,
) -> anyhow::Result<u64> {
    let path = file.unwrap_or(Path::new("-"));
    let mut refused = 0;
    for line in Lines::new(open(path)?) {
        let line = line.with_context(|| format!("cannot read {}", shown(path)))?;
        match handle(&line)? {
            Ok(n) => refused += n,
            Err(reason) => {
                refused += 1;
                eprintln!("{}:{}: {reason}", shown(path), line.number);
            }
        }
    }
    Ok(refused)
}
