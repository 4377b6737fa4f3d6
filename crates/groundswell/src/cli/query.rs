//! `groundswell query`

use super::import::{QueryImportArgs, run_query};
use super::lines::{Line, Lines, open, shown};
use super::matching::{QueryLine, document, post_of};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use query::{Clause, Document};
use serde_json::{Value, json};
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
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
    Lint(LintArgs),
    /// Say which clauses of a query hold for posts, and where
    Explain(ExplainArgs),
    /// Translate queries of another product, and say what is lost
    Import(QueryImportArgs),
}

#[derive(Debug, Args)]
struct LintArgs {
    /// Queries, one {"id":…,"q":"…"} a line; standard input where absent or -
    file: Option<PathBuf>,
    /// One query instead of a file
    #[arg(long, conflicts_with = "file")]
    query: Option<String>,
    /// End with status 1 if a query or a line is refused
    #[arg(long)]
    strict: bool,
}

#[derive(Debug, Args)]
struct ExplainArgs {
    /// The query
    #[arg(long)]
    query: String,
    /// Posts, one a line; standard input where absent or -
    file: Option<PathBuf>,
    /// One text instead of a file
    #[arg(long, conflicts_with = "file")]
    text: Option<String>,
    /// End with status 1 if a line is refused
    #[arg(long)]
    strict: bool,
}

/// Lints or explains; one JSON object a line on standard output.
pub(super) fn run(args: QueryArgs) -> anyhow::Result<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let (refused, strict) = match args.command {
        QueryCommand::Lint(args) => (lint(&args, &mut out)?, args.strict),
        QueryCommand::Explain(args) => (explain(&args, &mut out)?, args.strict),
        QueryCommand::Import(args) => return run_query(&args),
    };
    out.flush()?;
    Ok(ExitCode::from(u8::from(strict && refused > 0)))
}

fn lint(args: &LintArgs, out: &mut impl Write) -> anyhow::Result<u64> {
    if let Some(q) = &args.query {
        return problems(&Value::Null, q, out);
    }
    each_line(args.file.as_deref(), |line| {
        let bytes = line.bytes.as_ref().map_err(ToString::to_string);
        match bytes.and_then(|b| serde_json::from_slice::<QueryLine>(b).map_err(|e| e.to_string())) {
            Ok(read) => problems(&read.id, &read.q, out).map(Ok),
            Err(reason) => Ok(Err(reason)),
        }
    })
}

/// Prints the problems of one query; returns how many are errors.
fn problems(id: &Value, q: &str, out: &mut impl Write) -> anyhow::Result<u64> {
    let mut errors = 0;
    for p in query::check(q) {
        errors += u64::from(p.is_error());
        let line = json!({
            "id": id, "severity": p.severity.name(), "code": p.code, "at": pair(&p.at), "message": p.message, "fix": p.fix,
        });
        writeln!(out, "{line}")?;
    }
    Ok(errors)
}

fn explain(args: &ExplainArgs, out: &mut impl Write) -> anyhow::Result<u64> {
    let query = match query::parse(&args.query) {
        Ok(query) => query,
        Err(problems) => {
            let errors: Vec<String> = problems
                .iter()
                .filter(|p| p.is_error())
                .map(ToString::to_string)
                .collect();
            bail!("--query: {}", errors.join("; "));
        }
    };
    let mut print = |id: Option<&str>, document: &Document<'_>| -> anyhow::Result<()> {
        let mut answer = clause(&query::explain(&query, document, None));
        answer["id"] = json!(id);
        answer["highlights"] = query::highlights(&query, document, None)
            .iter()
            .map(pair)
            .collect();
        Ok(writeln!(out, "{answer}")?)
    };
    if let Some(text) = &args.text {
        print(None, &Document::of_text(text))?;
        return Ok(0);
    }
    each_line(args.file.as_deref(), |line| match post_of(line) {
        Ok(post) => print(post.uid.as_deref(), &document(&post)).map(|()| Ok(0)),
        Err(reason) => Ok(Err(reason)),
    })
}

fn clause(c: &Clause) -> Value {
    json!({
        "query": c.query,
        "holds": c.holds,
        "title": c.title.iter().map(pair).collect::<Value>(),
        "text": c.text.iter().map(pair).collect::<Value>(),
        "clauses": c.clauses.iter().map(clause).collect::<Value>(),
    })
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
