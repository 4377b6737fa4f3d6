//! `groundswell replay`

use crate::live::Live;
use crate::pipeline::Engine;
use anyhow::Context;
use clap::{Args, ValueEnum};
use post::RawPost;
use serde::Serialize;
use sources::file::{ColumnMap, FileOptions, FileReader, Speed, parse_with};
use sources::{Refused, Registration, SourceEvent};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Posts journaled together.
const BATCH: usize = 2_000;

/// Arguments of `groundswell replay`.
#[derive(Args)]
pub(crate) struct ReplayArgs {
    /// Files of posts: JSON Lines, CSV, Parquet or ActivityStreams, plain, .gz or .zst
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The connector whose recorded form the files have, such as `x`
    #[arg(long, default_value = "file")]
    source: String,
    /// The configuration with the monitors (default: groundswell.toml where there is one)
    #[arg(short, long)]
    config: Option<PathBuf>,
    /// Keep data here instead
    #[arg(long)]
    data: Option<PathBuf>,
    /// Columns by other names: --map created_at=published --map author.handle=user
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    maps: Vec<String>,
    /// The platform of posts that do not say
    #[arg(long)]
    platform: Option<String>,
    /// `max`, or how many times faster than recorded
    #[arg(long, default_value = "max")]
    speed: Speed,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// End with status 1 if a line was refused
    #[arg(long)]
    strict: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// What `--format json` prints.
#[derive(Debug, Default, Serialize)]
struct Report {
    posts: u64,
    admitted: u64,
    refused: BTreeMap<String, u64>,
    duplicates: u64,
    monitors: Vec<MonitorReport>,
    seconds: f64,
}

#[derive(Debug, Serialize)]
struct MonitorReport {
    monitor: String,
    mentions: u64,
}

pub(crate) fn run(args: ReplayArgs) -> anyhow::Result<ExitCode> {
    super::start_log();
    let default = PathBuf::from("groundswell.toml");
    let path = args
        .config
        .clone()
        .or_else(|| default.exists().then_some(default));
    let Some(mut config) = super::check::load(path.as_deref()) else {
        return Ok(ExitCode::from(super::USAGE));
    };
    config.data = args.data.clone().unwrap_or(config.data);
    let map = ColumnMap::from_entries(&args.maps).map_err(|faults| {
        anyhow::anyhow!(
            "{}",
            faults
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; ")
        )
    })?;
    let options = FileOptions {
        map,
        platform: args.platform.clone(),
        ..FileOptions::default()
    };
    let connector =
        sources::find(&args.source).with_context(|| format!("--source: no connector {:?}", args.source))?;
    // Every file is opened before anything is written, so that a wrong name changes nothing.
    let inputs: Vec<Input> = args
        .files
        .iter()
        .map(|f| Input::open(f, connector, &options))
        .collect::<anyhow::Result<_>>()?;
    let started = Instant::now();
    let mut report = super::block_on(async {
        let (engine, _) = crate::serve::start_engine(&config, &Live::default(), &Arc::default()).await?;
        let mut report = Report::default();
        for input in inputs {
            feed(&engine, input, args.speed, &mut report).await?;
        }
        finish(engine, report).await
    })?;
    report.seconds = started.elapsed().as_secs_f64();
    let refused = !report.refused.is_empty();
    print(&report, args.format)?;
    Ok(if args.strict && refused {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

/// A file that can be opened.
enum Input {
    /// A file of posts.
    Posts(Box<FileReader>),
    /// A file in the recorded form of a connector.
    Recorded(&'static Registration, PathBuf, FileOptions),
}

impl Input {
    fn open(path: &Path, connector: &'static Registration, options: &FileOptions) -> anyhow::Result<Self> {
        if connector.name == sources::file::CONNECTOR {
            return Ok(Self::Posts(Box::new(FileReader::open(path, options.clone())?)));
        }
        std::fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self::Recorded(connector, path.to_owned(), options.clone()))
    }

    /// Reads on; what is found goes to `found`, which waits while nobody takes it.
    fn read(self, found: &mpsc::Sender<Result<SourceEvent, Refused>>) -> anyhow::Result<()> {
        match self {
            Self::Posts(mut reader) => {
                for item in reader.by_ref() {
                    let item = item
                        .map(|(_, post)| SourceEvent::Post(Box::new(post)))
                        .map_err(Refused::from);
                    if found.blocking_send(item).is_err() {
                        break;
                    }
                }
                for warning in reader.warnings() {
                    eprintln!("note: {warning}");
                }
            }
            Self::Recorded(connector, path, options) => {
                parse_with(connector, &path, &options, &mut |item| {
                    // Nobody takes it: the replay has failed elsewhere and says why.
                    let _ = found.blocking_send(item);
                })?
            }
        }
        Ok(())
    }
}

async fn feed(engine: &Arc<Engine>, input: Input, speed: Speed, report: &mut Report) -> anyhow::Result<()> {
    let (send, mut found) = mpsc::channel(BATCH);
    let reading = tokio::task::spawn_blocking(move || input.read(&send));
    let mut batch: Vec<SourceEvent> = Vec::with_capacity(BATCH);
    let mut pace = Pace::new(speed);
    while let Some(item) = found.recv().await {
        report.posts += 1;
        match item {
            Ok(event) => {
                let wait = match &event {
                    SourceEvent::Post(post) => pace.wait(post),
                    SourceEvent::AuthorGone { .. } => Duration::ZERO,
                };
                if batch.len() >= BATCH || (!wait.is_zero() && !batch.is_empty()) {
                    ingest(engine, std::mem::take(&mut batch), report).await?;
                }
                // Even a sleep of nothing waits for the timer's next tick.
                if !wait.is_zero() {
                    tokio::time::sleep(wait).await;
                }
                batch.push(event);
            }
            Err(bad) => {
                eprintln!("refused: {bad}");
                engine.counters.refuse(bad.code);
                *report.refused.entry(bad.code.to_owned()).or_default() += 1;
            }
        }
    }
    ingest(engine, batch, report).await?;
    reading.await?
}

async fn ingest(engine: &Arc<Engine>, batch: Vec<SourceEvent>, report: &mut Report) -> anyhow::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let receipt = engine.intake.ingest("replay", batch).await?;
    report.admitted += receipt.accepted as u64;
    report.duplicates += receipt.duplicates as u64;
    for (_, reason, _) in receipt.refused {
        *report.refused.entry(reason.to_owned()).or_default() += 1;
    }
    Ok(())
}

/// Drains the pipeline and counts what the store holds.
async fn finish(engine: Arc<Engine>, mut report: Report) -> anyhow::Result<Report> {
    let draining = engine.clone();
    tokio::task::spawn_blocking(move || draining.stop()).await?;
    let counts = engine
        .store
        .snapshot()
        .count_by_monitor()
        .context("the store cannot be counted")?;
    for monitor in engine.control.all_monitors()? {
        let mentions = counts.get(&monitor.id).copied().unwrap_or(0);
        report.monitors.push(MonitorReport {
            monitor: monitor.name,
            mentions,
        });
    }
    Ok(report)
}

fn print(report: &Report, format: Format) -> anyhow::Result<()> {
    if format == Format::Json {
        println!("{}", serde_json::to_string(report)?);
        return Ok(());
    }
    let rate = report.posts as f64 / report.seconds.max(0.001);
    println!(
        "{} posts in {:.1} s ({rate:.0} a second)",
        report.posts, report.seconds
    );
    println!(
        "{} admitted, {} already known",
        report.admitted, report.duplicates
    );
    for (reason, n) in &report.refused {
        println!("{n} refused: {reason}");
    }
    for m in &report.monitors {
        println!("{:>10}  {}", m.mentions, m.monitor);
    }
    Ok(())
}

/// Keeps the recorded pace, some times faster.
struct Pace {
    factor: Option<f64>,
    start: Option<(i64, Instant)>,
}

impl Pace {
    fn new(speed: Speed) -> Self {
        let factor = match speed {
            Speed::Times(times) => Some(times),
            Speed::Max => None,
        };
        Self { factor, start: None }
    }

    /// How long to wait before this post is due. Posts without a time come at once.
    fn wait(&mut self, post: &RawPost) -> Duration {
        let (Some(factor), Some(at)) = (self.factor, post.created_at.as_deref().and_then(post::parse_time))
        else {
            return Duration::ZERO;
        };
        let &mut (first, started) = self.start.get_or_insert((at, Instant::now()));
        let due = Duration::from_secs_f64(((at - first) as f64 / 1000.0 / factor).max(0.0));
        due.saturating_sub(started.elapsed())
    }
}
