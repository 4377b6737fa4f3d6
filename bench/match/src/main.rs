//! Our matcher beside Lucene Monitor on three workloads: first the same answers, then the figures of both.
//!
//! `make bench-match`, or `cargo run --release -p bench-match [-- OPTION… WORKLOAD…]`. `../README.md` says what is
//! compared and how it is kept fair.

mod check;
mod frequencies;
mod lucene;
mod measure;
mod ours;
mod random;
mod report;
mod run;
mod workload;

use anyhow::{Context, bail};
use cap::Cap;
use std::alloc::System;

/// Counts the bytes that are in use.
#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

const HELP: &str = "bench-match [OPTION…] [tweets] [monster] [scripts]
  --queries N,…      numbers of queries of `tweets` (1000,10000,100000)
  --posts N          at most so many posts for ours (all)
  --lucene-posts N   at most so many posts for Lucene and the comparison (2000; 1000 from 100000 queries on)
  --without-lucene   ours alone";

/// What was asked for on the command line.
#[derive(Debug)]
pub(crate) struct Options {
    queries: Vec<usize>,
    posts: usize,
    lucene_posts: usize,
    with_lucene: bool,
    workloads: Vec<String>,
}

impl Options {
    fn read() -> anyhow::Result<Self> {
        let mut options = Self {
            queries: vec![1_000, 10_000, 100_000],
            posts: usize::MAX,
            lucene_posts: 2_000,
            with_lucene: true,
            workloads: Vec::new(),
        };
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            let mut value = || {
                args.next()
                    .with_context(|| format!("{arg} wants a value\n{HELP}"))
            };
            match arg.as_str() {
                "--queries" => {
                    let numbers: Result<_, _> = value()?.split(',').map(str::parse).collect();
                    options.queries = numbers?;
                }
                "--posts" => options.posts = value()?.parse()?,
                "--lucene-posts" => options.lucene_posts = value()?.parse()?,
                "--without-lucene" => options.with_lucene = false,
                "tweets" | "monster" | "scripts" => options.workloads.push(arg),
                _ => bail!("{arg} is not known\n{HELP}"),
            }
        }
        Ok(options)
    }

    fn wants(&self, workload: &str) -> bool {
        self.workloads.is_empty() || self.workloads.iter().any(|w| w == workload)
    }
}

fn main() -> anyhow::Result<()> {
    let options = Options::read()?;
    let lucene = lucene::Lucene::find(options.with_lucene)?;
    let mut rows = Vec::new();
    if options.wants("tweets") {
        for &n in &options.queries {
            rows.extend(run::run(workload::tweets::load(n)?, lucene.as_ref(), &options)?);
        }
    }
    if options.wants("monster") {
        rows.extend(run::run(workload::monster::load()?, lucene.as_ref(), &options)?);
    }
    if options.wants("scripts") {
        rows.extend(run::run(workload::scripts::load()?, lucene.as_ref(), &options)?);
    }
    report::table(&rows);
    Ok(())
}
