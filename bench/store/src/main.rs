//! What the embedded store does with made-up mentions: `make bench-store`.
//!
//! `bench-store [--mentions N] [--folder DIR] [--rows FILE] [--cluster URL] [--only build|rivals|questions|changes|start|overview|live|move|erase]… [--question PART]`: builds a store of
//! N mentions (default ten million) in DIR, or uses the one that is there, and prints each figure beside its goal. With
//! `--rows` the same mentions are written as CSV while the store is built, and DuckDB, which pip fetches, is asked the same. With `--cluster` all is moved into an OpenSearch at URL and back.

mod build;
mod changes;
mod clock;
mod erase;
mod live;
mod made;
mod moving;
mod overview;
mod questions;
mod rivals;
mod start;

use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// What to do.
struct Args {
    mentions: u64,
    folder: Option<PathBuf>,
    rows: Option<PathBuf>,
    /// The address of a cluster to move everything into.
    cluster: Option<String>,
    only: Vec<String>,
    /// Part of the names of the questions that are asked.
    question: String,
}

impl Args {
    fn read() -> Result<Self> {
        let mut args = Args {
            mentions: 10_000_000,
            folder: None,
            rows: None,
            cluster: None,
            only: Vec::new(),
            question: String::new(),
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{word} needs a value"));
            match word.as_str() {
                "--mentions" => args.mentions = value()?.parse().context("--mentions is no number")?,
                "--folder" => args.folder = Some(value()?.into()),
                "--cluster" => args.cluster = Some(value()?),
                "--rows" => args.rows = Some(value()?.into()),
                "--only" => args.only.push(value()?),
                "--question" => args.question = value()?,
                other => bail!("no such argument: {other}"),
            }
        }
        Ok(args)
    }

    fn does(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|p| p == part)
    }
}

fn main() -> Result<()> {
    let args = Args::read()?;
    let made = tempfile::tempdir()?;
    let folder = args.folder.clone().unwrap_or_else(|| made.path().to_owned());
    println!("{:44} {:>14}  goal", "", "measured");
    let mut store = build::open(&folder, args.mentions, args.rows.as_deref())?;
    if let Some(rows) = args
        .rows
        .as_deref()
        .filter(|rows| args.does("rivals") && rows.exists())
    {
        rivals::ask(&store, rows)?;
    }
    if args.does("questions") {
        questions::ask(&mut store, &args.question)?;
    }
    if args.does("changes") {
        changes::make(&mut store)?;
    }
    if args.does("start") {
        store = start::ask(store, &folder)?;
    }
    if args.does("overview") {
        overview::serve(&mut store)?;
    }
    if args.does("live") {
        live::write(&mut store)?;
    }
    if let Some(url) = args.cluster.as_deref().filter(|_| args.does("move")) {
        moving::there_and_back(&store, url)?;
    }
    if args.does("erase") {
        erase::erase(store, &folder)?;
    }
    Ok(())
}
