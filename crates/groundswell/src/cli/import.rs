//! `groundswell import` and `groundswell query import`: what people bring along from another product.
//!
//! The folder import reads what those products hand out, as far as their public pages say: the JSON of their interfaces
//! (Brandwatch: queries, query groups, categories, rules, tags, author, site and location lists; Talkwalker: topics and
//! filters in the form of the topics import; Meltwater: saved searches) and tables saved as CSV, whose columns are known
//! by many names. Workbooks are not read: save them as CSV.

mod found;
mod fragment;
mod json;
mod plan;
mod report;
mod table;
mod walk;

use super::lines::{Lines, open, shown};
use super::matching::QueryLine;
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use query::import::{Dialect, LossKind, translate};
use serde_json::{Value, json};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The product something comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum From {
    Brandwatch,
    Talkwalker,
    Meltwater,
}

impl From {
    fn dialect(self) -> Dialect {
        match self {
            From::Brandwatch => Dialect::Brandwatch,
            From::Talkwalker => Dialect::Talkwalker,
            From::Meltwater => Dialect::Meltwater,
        }
    }

    fn title(self) -> &'static str {
        match self {
            From::Brandwatch => "Brandwatch",
            From::Talkwalker => "Talkwalker",
            From::Meltwater => "Meltwater",
        }
    }
}

/// Arguments of `groundswell query import`.
#[derive(Debug, Args)]
pub(super) struct QueryImportArgs {
    /// The product the queries come from
    #[arg(long, value_name = "PRODUCT")]
    from: From,
    /// Queries: one as plain text, or one {"id":…,"q":"…"} a line; standard input where absent or -
    file: Option<PathBuf>,
    /// One query instead of a file
    #[arg(long, conflicts_with = "file")]
    query: Option<String>,
    /// End with status 1 if a part of a query was left out or a line is refused
    #[arg(long)]
    strict: bool,
}

/// Arguments of `groundswell import`.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// The product the files come from
    #[arg(long, value_name = "PRODUCT")]
    from: From,
    /// The folder with the exported files
    folder: PathBuf,
    /// Where to write the monitors and lists; standard output where absent. A file that is there is kept
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where to write the report as JSON, too
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// End with status 1 if something was left out
    #[arg(long)]
    strict: bool,
}

/// Prints each query in our language with its losses, one JSON object a line. Returns the exit status.
pub(super) fn run_query(args: &QueryImportArgs) -> anyhow::Result<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let dialect = args.from.dialect();
    let mut partial = 0;
    let mut print = |id: &Value, source: &str| -> anyhow::Result<()> {
        let translation = translate(dialect, source);
        partial += u64::from(translation.is_partial());
        let line = json!({"id": id, "q": translation.query, "losses": translation.losses});
        Ok(writeln!(out, "{line}")?)
    };
    let mut refused = 0;
    match &args.query {
        Some(q) => print(&Value::Null, q)?,
        None => refused = each_query(args.file.as_deref().unwrap_or(Path::new("-")), print)?,
    }
    out.flush()?;
    Ok(ExitCode::from(u8::from(args.strict && partial + refused > 0)))
}

/// Hands over the queries of a file: of lines that are JSON objects, or all of it as one. Returns how many lines were
/// refused.
fn each_query(
    path: &Path,
    mut handle: impl FnMut(&Value, &str) -> anyhow::Result<()>,
) -> anyhow::Result<u64> {
    let (mut refused, mut text, mut is_lines) = (0, Vec::new(), None);
    for line in Lines::new(open(path)?) {
        let line = line.with_context(|| format!("cannot read {}", shown(path)))?;
        let bytes = line.bytes.map_err(|e| e.to_string());
        let object = bytes
            .as_ref()
            .is_ok_and(|b| b.trim_ascii_start().starts_with(b"{\""));
        if !*is_lines.get_or_insert(object) {
            text.push(bytes.and_then(|b| String::from_utf8(b).map_err(|e| e.to_string())));
            continue;
        }
        match bytes.and_then(|b| serde_json::from_slice::<QueryLine>(&b).map_err(|e| e.to_string())) {
            Ok(query) => handle(&query.id, &query.q)?,
            Err(reason) => {
                refused += 1;
                eprintln!("{}:{}: {reason}", shown(path), line.number);
            }
        }
    }
    if is_lines == Some(false) {
        let text: Result<Vec<String>, String> = text.into_iter().collect();
        match text {
            Ok(lines) => handle(&Value::Null, &lines.join("\n"))?,
            Err(reason) => bail!("{}: {reason}", shown(path)),
        }
    }
    Ok(refused)
}

/// Reads a folder of exports, writes monitors and lists, reports what became of each item. Returns the exit status.
pub(super) fn run(args: &ImportArgs) -> anyhow::Result<ExitCode> {
    if let Some(path) = args.output.as_ref().filter(|p| p.exists()) {
        bail!(
            "{} is there already: it is kept; name another file",
            path.display()
        );
    }
    let read = walk::read(args.from, &args.folder)?;
    let plan = plan::make(args.from, read);
    let text = fragment::write(args.from, &plan);
    match &args.output {
        Some(path) => {
            std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?
        }
        None => io::stdout().lock().write_all(text.as_bytes())?,
    }
    if let Some(path) = &args.report {
        let text = serde_json::to_string_pretty(&report::as_json(args.from, &plan))? + "\n";
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    eprint!("{}", report::as_text(&plan));
    let lost = plan
        .outcomes
        .iter()
        .any(|o| o.severity == Some(LossKind::Dropped))
        || !plan.skipped.is_empty();
    Ok(ExitCode::from(u8::from(args.strict && lost)))
}
