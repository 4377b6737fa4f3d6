//! `groundswell query diff`

use super::past::{PassedOver, Past, PastArgs, grouped, minute};
use super::show::marked;
use super::source::{self, ListArgs};
use super::{pair, parse};
use crate::lab::DAY;
use crate::lab::diff::{Counts, Diff, Report, Sample};
use crate::pipeline::tests_language;
use clap::{Args, ValueEnum};
use query::Query;
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;

/// Arguments of `groundswell query diff`.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The older query: its text, @FILE, or MONITOR@VERSION of the data folder (MONITOR@now: the one in force)
    old: String,
    /// The newer query
    new: String,
    #[command(flatten)]
    lists: ListArgs,
    #[command(flatten)]
    past: PastArgs,
    /// Posts shown of those gained, and of those lost
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(0..=1000))]
    samples: u16,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// One object
    Json,
}

pub(super) fn run(args: &DiffArgs, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let mut lists = args.lists.read()?;
    let old = source::read(&args.old, &args.past, &mut lists)?;
    let new = source::read(&args.new, &args.past, &mut lists)?;
    let (old, new) = (parse("OLD", &old, &lists)?, parse("NEW", &new, &lists)?);
    let past = args.past.open()?;
    let token = past.pseudonyms();
    let mut diff = Diff::new(&old, &new, token.as_deref(), args.samples.into());
    let language = [&old, &new].into_iter().any(|q| tests_language(q.ast()));
    let passed = past.each(language, &mut |seen| diff.see(seen))?;
    let report = diff.finish();
    match args.format {
        Format::Json => writeln!(out, "{}", object(&old, &new, &past, &passed, &report))?,
        Format::Table => table(&old, &new, &past, &passed, &report, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn object(old: &Query, new: &Query, past: &Past, passed: &PassedOver, report: &Report) -> Value {
    let counts = |c: &Counts| json!({"old": c.old, "new": c.new, "gained": c.gained, "lost": c.lost});
    let days: Vec<Value> = report
        .days
        .iter()
        .map(|(day, c)| {
            let mut line = counts(c);
            line["day"] = json!(date(*day));
            line
        })
        .collect();
    let samples = |list: &[Sample]| list.iter().map(sample).collect::<Value>();
    json!({
        "old": old.to_string(),
        "new": new.to_string(),
        "read": {
            "what": past.name(), "posts": report.interval.posts, "timeless": report.interval.timeless,
            "from": report.interval.from, "to": report.interval.to, "days": report.interval.days(),
            "edited_or_deleted": passed.old, "refused": passed.refused,
        },
        "total": counts(&report.total),
        "days": days,
        "gained": samples(&report.gained),
        "lost": samples(&report.lost),
    })
}

fn sample(s: &Sample) -> Value {
    json!({
        "id": s.id, "at": s.at, "title": s.title, "text": s.text, "why_not": s.why_not,
        "highlights": s.highlights.iter().map(pair).collect::<Value>(),
    })
}

fn table(
    old: &Query,
    new: &Query,
    past: &Past,
    passed: &PassedOver,
    report: &Report,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    writeln!(out, "{}", past.coverage(&report.interval, passed))?;
    writeln!(out, "old  {old}\nnew  {new}\n")?;
    writeln!(
        out,
        "{:<12}{:>10}{:>10}{:>10}{:>10}",
        "day", "old", "new", "gained", "lost"
    )?;
    let rows = report.days.iter().map(|(day, c)| (date(*day), *c));
    for (name, c) in rows.chain([("all".to_owned(), report.total)]) {
        let [old, new, gained, lost] = [c.old, c.new, c.gained, c.lost].map(grouped);
        writeln!(out, "{name:<12}{old:>10}{new:>10}{gained:>10}{lost:>10}")?;
    }
    let total = &report.total;
    samples("gained", total.gained, &report.gained, "the old query", out)?;
    samples("lost", total.lost, &report.lost, "the new query", out)
}

fn samples(name: &str, of: u64, list: &[Sample], other: &str, out: &mut impl Write) -> anyhow::Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{name}, {} of {}:", list.len(), grouped(of))?;
    for s in list {
        let at = s.at.map_or_else(String::new, |at| format!("{}  ", minute(at)));
        writeln!(out, "- {at}{}", s.id)?;
        if let Some(title) = &s.title {
            writeln!(out, "  {title}")?;
        }
        for line in marked(&s.text, &s.highlights) {
            writeln!(out, "  {line}")?;
        }
        for reason in &s.why_not {
            writeln!(out, "  → {other} {reason}")?;
        }
    }
    Ok(())
}

/// A day since 1970-01-01, as a date.
fn date(day: i64) -> String {
    minute(day * DAY).chars().take(10).collect()
}
