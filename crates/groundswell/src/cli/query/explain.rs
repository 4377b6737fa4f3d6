//! `groundswell query explain`

use super::show::marked;
use super::source::ListArgs;
use super::{each_line, pair, parse, status};
use crate::cli::matching::post_of;
use crate::lab::document;
use clap::Args;
use query::{Clause, Document, Query, Reason};
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Clauses of an OR that do not hold and are shown all the same.
const FAILING: usize = 5;

/// Arguments of `groundswell query explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The query
    #[arg(long)]
    query: String,
    /// Posts, one a line; standard input where absent or -
    file: Option<PathBuf>,
    /// One text instead of a file
    #[arg(long, conflicts_with = "file")]
    text: Option<String>,
    #[command(flatten)]
    lists: ListArgs,
    /// For people: the clauses as a tree, the text with what matched underlined
    #[arg(long)]
    plain: bool,
    /// End with status 1 if a line is refused
    #[arg(long)]
    strict: bool,
}

pub(super) fn run(args: &ExplainArgs, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let query = parse("--query", &args.query, &args.lists.read()?)?;
    let mut print = |id: Option<&str>, document: &Document<'_>| -> anyhow::Result<()> {
        if args.plain {
            plain(&query, id, document, out)
        } else {
            Ok(writeln!(out, "{}", answer(&query, id, document))?)
        }
    };
    if let Some(text) = &args.text {
        print(None, &Document::of_text(text))?;
        return Ok(ExitCode::SUCCESS);
    }
    let refused = each_line(args.file.as_deref(), |line| match post_of(line) {
        Ok(post) => print(post.uid.as_deref(), &document(&post)).map(|()| Ok(0)),
        Err(reason) => Ok(Err(reason)),
    })?;
    Ok(status(refused, args.strict))
}

fn answer(query: &Query, id: Option<&str>, document: &Document<'_>) -> Value {
    let mut answer = clause(&query::explain(query, document, None));
    answer["id"] = json!(id);
    answer["highlights"] = query::highlights(query, document, None)
        .iter()
        .map(pair)
        .collect();
    answer["why_not"] = query::why_not(query, document, None).iter().map(reason).collect();
    answer
}

fn clause(c: &Clause) -> Value {
    json!({
        "query": c.query,
        "holds": c.holds,
        "unknown": c.unknown,
        "title": c.title.iter().map(pair).collect::<Value>(),
        "text": c.text.iter().map(pair).collect::<Value>(),
        "clauses": c.clauses.iter().map(clause).collect::<Value>(),
    })
}

/// A reason as JSON.
pub(super) fn reason(r: &Reason) -> Value {
    json!({
        "clause": r.clause,
        "needed": r.needed,
        "or": r.or,
        "more": r.more,
        "title": r.title.iter().map(pair).collect::<Value>(),
        "text": r.text.iter().map(pair).collect::<Value>(),
        "message": r.to_string(),
    })
}

fn plain(
    query: &Query,
    id: Option<&str>,
    document: &Document<'_>,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let whole = query::explain(query, document, None);
    let name = id.map_or_else(String::new, |id| format!("{id}: "));
    writeln!(
        out,
        "{name}{}",
        if whole.holds { "matches" } else { "does not match" }
    )?;
    let (mut title, mut text) = (Vec::new(), Vec::new());
    places(&whole, &mut title, &mut text);
    for line in document.title.iter().flat_map(|t| marked(t, &title)) {
        writeln!(out, "  {line}")?;
    }
    for line in marked(document.text, &text) {
        writeln!(out, "  {line}")?;
    }
    tree(&whole, 1, out)?;
    for reason in query::why_not(query, document, None) {
        writeln!(out, "  → {reason}")?;
    }
    Ok(())
}

/// The places of every clause without clauses of its own.
fn places(c: &Clause, title: &mut Vec<std::ops::Range<usize>>, text: &mut Vec<std::ops::Range<usize>>) {
    title.extend_from_slice(&c.title);
    text.extend_from_slice(&c.text);
    c.clauses.iter().for_each(|c| places(c, title, text));
}

fn tree(c: &Clause, depth: usize, out: &mut impl Write) -> anyhow::Result<()> {
    let sign = if c.holds {
        '✓'
    } else if c.unknown {
        '?'
    } else {
        '✗'
    };
    let at: Vec<String> = c.text.iter().map(|r| format!("{}..{}", r.start, r.end)).collect();
    let at = if at.is_empty() {
        String::new()
    } else {
        format!("  at {}", at.join(", "))
    };
    writeln!(out, "{:indent$}{sign} {}{at}", "", c.query, indent = depth * 2)?;
    let mut failing = 0;
    for inner in &c.clauses {
        if !inner.holds && inner.clauses.is_empty() {
            failing += 1;
            if failing > FAILING {
                continue;
            }
        }
        tree(inner, depth + 1, out)?;
    }
    if failing > FAILING {
        writeln!(
            out,
            "{:indent$}✗ and {} more",
            "",
            failing - FAILING,
            indent = depth * 2 + 2
        )?;
    }
    Ok(())
}
