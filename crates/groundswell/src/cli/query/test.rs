//! `groundswell query test`: a monitor's expectations, as code.

use super::past::Languages;
use super::show::marked;
use super::{errors, explain, labelled};
use crate::config::{self, MonitorEntry};
use crate::lab::document;
use crate::lab::expectations::{self, Expectation, Fault, List, Monitor, Source, Terms};
use crate::lab::expected::{Verdict, judge, let_in};
use crate::pipeline::tests_language;
use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};
use query::{Lists, Query, Reason};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `groundswell query test`.
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// Files of expectations (TOML)
    files: Vec<PathBuf>,
    #[command(flatten)]
    labelled: labelled::LabelledArgs,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// One object a line
    Json,
}

/// A file's monitor with its query.
pub(super) struct Tested {
    pub(super) file: PathBuf,
    pub(super) monitor: Monitor,
    pub(super) query: Query,
}

pub(super) fn run(args: &TestArgs, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let mut tested = Vec::new();
    let mut faulty = false;
    for file in &args.files {
        match read(file)? {
            Ok(monitors) => tested.extend(monitors),
            Err(faults) => {
                faulty = true;
                faults.iter().for_each(|f| eprintln!("{}:{f}", file.display()));
            }
        }
    }
    if faulty {
        return Ok(ExitCode::from(crate::cli::USAGE));
    }
    if args.labelled.is_given() {
        return labelled::run(&args.labelled, tested, args.format, out);
    }
    ensure!(
        !args.files.is_empty(),
        "name a file of expectations, or --labelled posts"
    );
    let failed = check_all(&tested, args.format, out)?;
    Ok(ExitCode::from(u8::from(failed > 0)))
}

/// The monitors of a file with their queries, or everything wrong with it.
fn read(file: &Path) -> anyhow::Result<Result<Vec<Tested>, Vec<Fault>>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let expected = match expectations::read(&text) {
        Ok(expected) => expected,
        Err(faults) => return Ok(Err(faults)),
    };
    let folder = file.parent().unwrap_or(Path::new(""));
    let configured = match &expected.config {
        None => Vec::new(),
        Some(path) => match config::load(Some(&folder.join(path))) {
            Ok(config) => config.monitors,
            Err(found) => {
                let fault = |f: &config::Fault| Fault {
                    line: 1,
                    message: format!("config {}: {f}", path.display()),
                };
                return Ok(Err(found.iter().map(fault).collect()));
            }
        },
    };
    let (mut tested, mut faults, mut lists) = (Vec::new(), Vec::new(), Lists::new());
    for list in &expected.lists {
        faults.extend(add(list, folder, &mut lists).err().map(|message| Fault {
            line: list.line,
            message,
        }));
    }
    for monitor in expected.monitors {
        match query_of(&monitor, folder, &configured, &lists) {
            Ok(query) => tested.push(Tested {
                file: file.to_owned(),
                monitor,
                query,
            }),
            Err(message) => faults.push(Fault {
                line: monitor.line,
                message,
            }),
        }
    }
    Ok(if faults.is_empty() {
        Ok(tested)
    } else {
        Err(faults)
    })
}

fn add(list: &List, folder: &Path, lists: &mut Lists) -> Result<(), String> {
    let terms = match &list.terms {
        Terms::Lines(lines) => lines.clone(),
        Terms::File(path) => std::fs::read_to_string(folder.join(path))
            .map_err(|e| format!("cannot read {}: {e}", path.display()))?,
    };
    lists.add(&list.name, &terms).map_err(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        all.join("; ")
    })
}

fn query_of(
    monitor: &Monitor,
    folder: &Path,
    configured: &[MonitorEntry],
    lists: &Lists,
) -> Result<Query, String> {
    let text = match &monitor.query {
        Source::Text(text) => text.clone(),
        Source::File(path) => std::fs::read_to_string(folder.join(path))
            .map_err(|e| format!("cannot read {}: {e}", path.display()))?,
        Source::Configured => configured
            .iter()
            .find(|m| m.name == monitor.name)
            .map(|m| m.query.clone())
            .ok_or_else(|| format!("the configuration has no monitor `{}`", monitor.name))?,
    };
    query::parse_with(&text, lists)
        .map_err(|problems| format!("the query of `{}`: {}", monitor.name, errors(&problems)))
}

/// Checks every expectation, prints those that fail, and returns how many do.
fn check_all(tested: &[Tested], format: Format, out: &mut impl Write) -> anyhow::Result<u64> {
    let language = tested.iter().any(|t| tests_language(t.query.ast()));
    let models = language.then(crate::weights::embedded).transpose()?;
    let mut languages = Languages::new(models.as_ref());
    let (mut passed, mut failed) = (0, 0);
    for test in tested {
        for expectation in &test.monitor.expectations {
            let mut post = expectation.post.clone();
            post.lang = languages.of(post.lang.as_deref(), post.title.as_deref(), &post.text);
            let document = document(&post);
            let verdict = judge(&test.query, expectation.matches, &document);
            if verdict.holds {
                passed += 1;
                continue;
            }
            failed += 1;
            match format {
                Format::Json => print_object(test, expectation, &verdict.reasons, out)?,
                Format::Text => print_failure(test, expectation, &verdict, &document, out)?,
            }
        }
    }
    match format {
        Format::Json => writeln!(out, "{}", json!({"passed": passed, "failed": failed}))?,
        Format::Text => writeln!(out, "{passed} passed, {failed} failed")?,
    }
    Ok(failed)
}

fn print_object(
    test: &Tested,
    e: &Expectation,
    reasons: &[Reason],
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let line = json!({
        "file": test.file, "line": e.line, "monitor": test.monitor.name,
        "expected": if e.matches { "match" } else { "skip" },
        "title": e.post.title, "text": e.post.text, "why": e.why,
        "reasons": reasons.iter().map(explain::reason).collect::<Vec<_>>(),
    });
    Ok(writeln!(out, "{line}")?)
}

fn print_failure(
    test: &Tested,
    e: &Expectation,
    verdict: &Verdict,
    document: &query::Document<'_>,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let failure = if e.matches {
        "should match, does not"
    } else {
        "should not match, does"
    };
    writeln!(
        out,
        "{}:{}: {}: {failure}",
        test.file.display(),
        e.line,
        test.monitor.name
    )?;
    let title = document.title.iter().flat_map(|t| marked(t, &verdict.title));
    for line in title.chain(marked(document.text, &verdict.text)) {
        writeln!(out, "    {line}")?;
    }
    for reason in &verdict.reasons {
        if e.matches {
            writeln!(out, "  → {reason}")?;
        } else {
            writeln!(out, "  → {}", let_in(reason))?;
        }
    }
    if let Some(why) = &e.why {
        writeln!(out, "  expected because: {why}")?;
    }
    Ok(())
}
