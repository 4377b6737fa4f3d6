//! `groundswell match`

use super::lines::{Line, Lines, open, shown};
use crate::lab::document;
use anyhow::{Context, bail};
use clap::Args;
use post::RawPost;
use query::{MonitorSet, Query, Scratch};
use serde::Deserialize;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

/// Lines read before they are shared out among the threads.
const BATCH: usize = 8_192;

/// Arguments of `groundswell match`.
#[derive(Debug, Args)]
pub(super) struct MatchArgs {
    /// Queries, one {"id":…,"q":"…"} a line; .gz and .zst are read as they are, - is standard input
    #[arg(long, value_name = "FILE")]
    queries: PathBuf,
    /// Posts, one a line
    #[arg(long, value_name = "FILE", default_value = "-")]
    posts: PathBuf,
    /// Threads; as many as there are cores where absent
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// End with status 1 if a line was refused
    #[arg(long)]
    strict: bool,
}

/// A query of a file.
#[derive(Debug, Deserialize)]
pub(crate) struct QueryLine {
    pub(crate) id: serde_json::Value,
    pub(crate) q: String,
}

/// A JSON value as it stands in a table: strings without quotes.
pub(crate) fn bare(id: &serde_json::Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

/// Prints `post id TAB query id` for every match, posts in their order, and for each the queries in theirs. What is
/// refused goes to standard error with its place.
pub(super) fn run(args: MatchArgs) -> anyhow::Result<ExitCode> {
    let standard = Path::new("-");
    if args.queries == standard && args.posts == standard {
        bail!("--queries and --posts cannot both be standard input");
    }
    let mut refused = 0;
    let (names, queries) = read_queries(&args.queries, &mut refused)?;
    let set = MonitorSet::new(1, queries.iter().enumerate().map(|(i, q)| (i as u32, q)), None);
    let threads = match args.threads {
        Some(n) => n.into(),
        None => thread::available_parallelism().map_or(1, usize::from),
    };
    let matcher = Matcher {
        set: &set,
        names: &names,
    };
    let out = BufWriter::new(io::stdout().lock());
    match match_posts(&matcher, &args.posts, threads, out, &mut refused) {
        // Whoever reads the matches, such as `head`, has seen enough.
        Err(e)
            if e.downcast_ref::<io::Error>()
                .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe) => {}
        done => done?,
    }
    if refused > 0 {
        eprintln!("{refused} lines were refused");
    }
    Ok(ExitCode::from(u8::from(args.strict && refused > 0)))
}

fn read_queries(path: &Path, refused: &mut u64) -> anyhow::Result<(Vec<String>, Vec<Query>)> {
    let (mut names, mut queries) = (Vec::new(), Vec::new());
    for line in Lines::new(open(path)?) {
        let line = line.with_context(|| format!("cannot read {}", shown(path)))?;
        match query_of(&line) {
            Ok((name, query)) => {
                names.push(name);
                queries.push(query);
            }
            Err(reason) => {
                *refused += 1;
                eprintln!("{}:{}: {reason}", shown(path), line.number);
            }
        }
    }
    Ok((names, queries))
}

fn query_of(line: &Line) -> Result<(String, Query), String> {
    let bytes = line.bytes.as_ref().map_err(ToString::to_string)?;
    let read: QueryLine = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
    let in_words = |problems: Vec<query::Problem>| {
        let errors: Vec<String> = problems
            .iter()
            .filter(|p| p.is_error())
            .map(ToString::to_string)
            .collect();
        errors.join("; ")
    };
    Ok((bare(&read.id), query::parse(&read.q).map_err(in_words)?))
}

fn match_posts(
    matcher: &Matcher<'_>,
    path: &Path,
    threads: usize,
    mut out: impl Write,
    refused: &mut u64,
) -> anyhow::Result<()> {
    let mut lines = Lines::new(open(path)?);
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        batch.clear();
        for line in lines.by_ref().take(BATCH) {
            batch.push(line.with_context(|| format!("cannot read {}", shown(path)))?);
        }
        if batch.is_empty() {
            break;
        }
        for part in matcher.batch(&batch, threads) {
            out.write_all(part.matches.as_bytes())?;
            *refused += part.refused.len() as u64;
            part.refused
                .iter()
                .for_each(|(number, reason)| eprintln!("{}:{number}: {reason}", shown(path)));
        }
    }
    out.flush()?;
    Ok(())
}

struct Matcher<'m> {
    set: &'m MonitorSet,
    names: &'m [String],
}

/// What one thread found in its part of a batch.
#[derive(Default)]
struct Part {
    matches: String,
    refused: Vec<(u64, String)>,
}

impl Matcher<'_> {
    fn batch(&self, lines: &[Line], threads: usize) -> Vec<Part> {
        let size = lines.len().div_ceil(threads).max(1);
        if size >= lines.len() {
            return vec![self.part(lines)];
        }
        thread::scope(|scope| {
            let parts: Vec<_> = lines
                .chunks(size)
                .map(|part| scope.spawn(move || self.part(part)))
                .collect();
            parts
                .into_iter()
                .map(|p| p.join().unwrap_or_else(|e| std::panic::resume_unwind(e)))
                .collect()
        })
    }

    fn part(&self, lines: &[Line]) -> Part {
        let (mut scratch, mut found, mut part) = (Scratch::new(), Vec::new(), Part::default());
        for line in lines {
            let post = match post_of(line) {
                Ok(post) => post,
                Err(reason) => {
                    part.refused.push((line.number, reason));
                    continue;
                }
            };
            self.set.matches(&document(&post), &mut scratch, &mut found);
            for &query in &found {
                let name = &self.names[query as usize];
                let _ = match &post.uid {
                    Some(uid) => writeln!(part.matches, "{uid}\t{name}"),
                    None => writeln!(part.matches, "line {}\t{name}", line.number),
                };
            }
        }
        part
    }
}

pub(crate) fn post_of(line: &Line) -> Result<RawPost, String> {
    let bytes = line.bytes.as_ref().map_err(ToString::to_string)?;
    serde_json::from_slice(bytes).map_err(|e| e.to_string())
}
