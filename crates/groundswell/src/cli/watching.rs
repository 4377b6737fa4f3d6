//! `groundswell anomalies`, `groundswell trends`, `groundswell coordination`: the detectors over files of posts.

use super::lines::{Lines, open, shown};
use super::matching::post_of;
use crate::detect::{Finding, FindingKind, over};
use crate::lab::document;
use anyhow::Context;
use clap::Args;
use post::{Admission, Admitted, MentionId, Mode, Policy, Post, Pseudonyms};
use query::{Checker, Query};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use store::{Mention, Scores};

/// Arguments of the three.
#[derive(Debug, Args)]
pub(super) struct WatchingArgs {
    /// Posts, one JSON object a line; .gz and .zst are read as they are, - is standard input
    #[arg(default_value = "-")]
    posts: PathBuf,
    /// Only posts that match this query; all where absent
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,
    /// Expected false alarms per week of each figure
    #[arg(long, value_name = "RATE", default_value_t = 0.1)]
    per_week: f64,
    /// End with status 1 if a line was refused
    #[arg(long)]
    strict: bool,
}

/// Peaks, silences: what stands out in mentions, new authors, engagement.
pub(super) fn anomalies(args: &WatchingArgs) -> anyhow::Result<ExitCode> {
    use FindingKind::{Drop, Peak, SentimentShift, Silence};
    run(args, &[Peak, Drop, Silence, SentimentShift])
}

/// What several authors say of a sudden.
pub(super) fn trends(args: &WatchingArgs) -> anyhow::Result<ExitCode> {
    run(args, &[FindingKind::Trend])
}

/// Accounts that share the same things at the same moments.
pub(super) fn coordination(args: &WatchingArgs) -> anyhow::Result<ExitCode> {
    run(args, &[FindingKind::Coordination])
}

/// Prints findings as JSON, one a line, in the order of their begin.
fn run(args: &WatchingArgs, kinds: &[FindingKind]) -> anyhow::Result<ExitCode> {
    let query = args.query.as_deref().map(query::parse).transpose();
    let query = query.map_err(|problems| {
        let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("--query: {}", words.join("; "))
    })?;
    let (mentions, refused) = read(args, query.as_ref())?;
    let mut found: Vec<Finding> = over(mentions, args.per_week)
        .into_iter()
        .filter(|f| kinds.contains(&f.kind))
        .collect();
    found.sort_by(|a, b| (a.from, &a.id).cmp(&(b.from, &b.id)));
    let mut out = BufWriter::new(io::stdout().lock());
    for finding in &found {
        let line = serde_json::to_string(finding)?;
        match writeln!(out, "{line}") {
            // Whoever reads, such as `head`, has seen enough.
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
            done => done?,
        }
    }
    match out.flush() {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => return Err(e.into()),
        _ => {}
    }
    if refused > 0 {
        eprintln!("{refused} lines were refused");
    }
    Ok(ExitCode::from(u8::from(args.strict && refused > 0)))
}

fn read(args: &WatchingArgs, query: Option<&Query>) -> anyhow::Result<(Vec<Mention>, u64)> {
    // The same pseudonyms in every run: what is printed can be compared.
    let admission = Admission::new(Pseudonyms::new(&[0; 32]), &Policy::default());
    let mut checker = query.map(|q| Checker::new(q, None));
    let (mut mentions, mut refused) = (Vec::new(), 0);
    for line in Lines::new(open(&args.posts)?) {
        let line = line.with_context(|| format!("cannot read {}", shown(&args.posts)))?;
        let mut refuse = |reason: String| {
            refused += 1;
            eprintln!("{}:{}: {reason}", shown(&args.posts), line.number);
        };
        let raw = match post_of(&line) {
            Ok(raw) => raw,
            Err(reason) => {
                refuse(reason);
                continue;
            }
        };
        if checker.as_mut().is_some_and(|c| !c.matches(&document(&raw))) {
            continue;
        }
        match admission.admit(raw, Mode::Sealed, crate::clock::now()) {
            Ok(Admitted::Post(post, ..)) => mentions.push(mention(*post)),
            // What is deleted or counted anew is no new mention.
            Ok(_) => {}
            Err(reason) => refuse(reason.to_string()),
        }
    }
    Ok((mentions, refused))
}

fn mention(post: Post) -> Mention {
    Mention {
        id: MentionId::of(post.key, "file"),
        project: "file".to_owned(),
        monitor: "file".to_owned(),
        monitor_version: 1,
        primary: true,
        lang: post.lang.clone().unwrap_or_else(|| "und".to_owned()),
        post,
        sentiment: None,
        scores: Scores::default(),
        group: None,
        topic: None,
    }
}
