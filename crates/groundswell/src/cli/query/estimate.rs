//! `groundswell query estimate`

use super::past::{PastArgs, grouped, minute};
use super::source::{self, ListArgs};
use super::{errors, lint, status};
use crate::lab::Interval;
use crate::lab::counter::{Counter, Hits};
use crate::pipeline::tests_language;
use clap::Args;
use query::Query;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `groundswell query estimate`.
#[derive(Debug, Args)]
pub(super) struct EstimateArgs {
    /// Queries, one {"id":…,"q":"…"} a line; standard input where absent or -
    file: Option<PathBuf>,
    /// One query instead of a file: its text, @FILE, or MONITOR@VERSION of the data folder
    #[arg(long, conflicts_with = "file")]
    query: Option<String>,
    #[command(flatten)]
    lists: ListArgs,
    #[command(flatten)]
    past: PastArgs,
    /// One sentence a query instead of JSON
    #[arg(long)]
    plain: bool,
    /// End with status 1 if a query or a line is refused
    #[arg(long)]
    strict: bool,
}

pub(super) fn run(args: &EstimateArgs, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let mut lists = args.lists.read()?;
    let one = args
        .query
        .as_ref()
        .map(|q| source::read(q, &args.past, &mut lists))
        .transpose()?;
    let mut queries: Vec<(Value, Query)> = Vec::new();
    let refused = lint::read(one.as_deref(), args.file.as_deref(), |id, q| {
        match query::parse_with(q, &lists) {
            Ok(query) => queries.push((id.clone(), query)),
            Err(problems) => {
                eprintln!("{id}: {}", errors(&problems));
                return Ok(1);
            }
        }
        Ok(0)
    })?;
    let past = args.past.open()?;
    let language = queries.iter().any(|(_, q)| tests_language(q.ast()));
    let token = past.pseudonyms();
    let mut counter = Counter::new(queries.iter().map(|(_, q)| q), token.as_deref());
    let passed = past.each(language, &mut |seen| counter.see(seen))?;
    let (hits, interval) = counter.finish();
    eprintln!("{}", past.coverage(&interval, &passed));
    for ((id, query), hits) in queries.iter().zip(&hits) {
        let line = if args.plain {
            sentence(query, hits, &interval)
        } else {
            object(id, hits, &interval).to_string()
        };
        writeln!(out, "{line}")?;
    }
    // One query that is refused leaves nothing to do.
    if one.is_some() && refused > 0 {
        return Ok(ExitCode::from(crate::cli::USAGE));
    }
    Ok(status(refused, args.strict))
}

fn object(id: &Value, hits: &Hits, interval: &Interval) -> Value {
    let rate = hits.rate(interval);
    json!({
        "id": id,
        "matches": hits.posts,
        "posts": interval.posts,
        "from": interval.from.map(minute),
        "to": interval.to.map(minute),
        "days": interval.days(),
        "per_day": rate.map(|r| r.per_day),
        "low": rate.map(|r| r.low),
        "high": rate.map(|r| r.high),
    })
}

fn sentence(query: &Query, hits: &Hits, interval: &Interval) -> String {
    let whole = |n: f64| grouped(n.round() as u64);
    let rate = hits.rate(interval).map_or_else(
        || "too short an interval to say how many a day".to_owned(),
        |r| {
            format!(
                "about {} a day (95 %: {} to {})",
                whole(r.per_day),
                whole(r.low),
                whole(r.high)
            )
        },
    );
    format!(
        "{query}: {} of {} posts, {rate}",
        grouped(hits.posts),
        grouped(interval.posts)
    )
}
