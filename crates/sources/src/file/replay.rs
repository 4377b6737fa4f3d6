//! Recorded posts as a source: delivered at the recorded pace, faster, or as fast as possible.

use super::config::{Config, Speed};
use super::dates;
use super::input::decompress;
use super::reader::{FileOptions, FileReader};
use crate::error::{Refused, SourceError};
use crate::health::State;
use crate::poll::now_ms;
use crate::registry::{Each, ParseInput, Registration, find};
use crate::source::{Context, Delivery, RunFuture, Source, SourceEvent, Task};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

const BATCH: usize = 500;
/// Posts due within this time go forward together.
const SLICE: Duration = Duration::from_millis(200);
/// Chunks of lines read ahead.
const AHEAD: usize = 4;

/// Files of posts as a source. Its cursor is `<file number>:<line>`, so that a restart goes on behind the last
/// durable line.
pub struct Replay {
    paths: Vec<PathBuf>,
    options: FileOptions,
    /// Who reads the files instead.
    connector: Option<&'static Registration>,
    speed: Speed,
}

/// File number, line (or number of the event), what stands there.
type Lines = Vec<(usize, u64, Result<SourceEvent, Refused>)>;

impl Replay {
    /// A source that reads the files as configured.
    pub fn new(config: Config) -> Result<Self, SourceError> {
        let options = config.options()?;
        Ok(Self {
            paths: config.paths,
            options,
            connector: config.connector.as_deref().and_then(find),
            speed: config.speed,
        })
    }
}

impl Source for Replay {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        if task != Task::Follow {
            return Box::pin(async { Err(SourceError::Unable("do more than follow")) });
        }
        Box::pin(replay(*self, context))
    }
}

async fn replay(source: Replay, mut context: Context) -> Result<(), SourceError> {
    context.health.set_state(State::Connecting);
    let (chunks, mut received) = mpsc::channel(AHEAD);
    let after = context.cursor.as_deref().and_then(parse_cursor);
    let Replay {
        paths,
        options,
        connector,
        speed,
    } = source;
    let reading = tokio::task::spawn_blocking(move || match connector {
        Some(connector) => parse_files(&paths, &options, connector, after, &chunks),
        None => read_files(&paths, &options, after, &chunks),
    });
    context.health.connected();
    let mut pace = Pace::new(speed);
    let mut batch = Delivery::default();
    while let Some(chunk) = received.recv().await {
        let mut chunk = chunk.into_iter().peekable();
        let mut last = None;
        while let Some((file, line, item)) = chunk.next() {
            // The posts of one line go forward together: the cursor knows lines.
            let within = last.replace((file, line)) == Some((file, line));
            if let Some(due) = item.as_ref().ok().and_then(|event| pace.due(event)) {
                let is_later = !within && due > Instant::now() + SLICE;
                if is_later
                    && (!send(&mut batch, &mut context).await? || !wait_until(due, &mut context).await)
                {
                    return Ok(());
                }
            }
            match item {
                Ok(event) => batch.events.push(event),
                Err(refused) => {
                    context.health.refused(refused.code);
                    batch.refused.push(refused);
                }
            }
            batch.cursor = Some(format!("{file}:{line}"));
            let is_whole = chunk.peek().is_none_or(|(f, l, _)| (*f, *l) != (file, line));
            if is_whole
                && batch.events.len() + batch.refused.len() >= BATCH
                && !send(&mut batch, &mut context).await?
            {
                return Ok(());
            }
        }
    }
    let more = send(&mut batch, &mut context).await?;
    if more && let Ok(Err(e)) = reading.await {
        context.health.failed(e.to_string());
        return Err(e);
    }
    context.health.set_state(State::Done);
    Ok(())
}

async fn send(batch: &mut Delivery, context: &mut Context) -> Result<bool, SourceError> {
    if batch.cursor.is_none() {
        return Ok(true);
    }
    context.health.arrived(now_ms(), None);
    context.deliver(std::mem::take(batch)).await
}

async fn wait_until(due: Instant, context: &mut Context) -> bool {
    tokio::select! {
        () = sleep_until(due) => true,
        () = context.stopped() => false,
    }
}

fn parse_cursor(cursor: &str) -> Option<(usize, u64)> {
    let (file, line) = cursor.split_once(':')?;
    Some((file.parse().ok()?, line.parse().ok()?))
}

/// Reads on a thread of its own, which waits while nobody takes and ends when the receiver is gone.
fn read_files(
    paths: &[PathBuf],
    options: &FileOptions,
    after: Option<(usize, u64)>,
    chunks: &mpsc::Sender<Lines>,
) -> Result<(), SourceError> {
    for (number, path) in paths.iter().enumerate() {
        let mut reader = FileReader::open(path, options.clone())?;
        let mut chunk = Lines::new();
        for item in reader.by_ref() {
            let (line, item) = match item {
                Ok((line, post)) => (line, Ok(SourceEvent::Post(Box::new(post)))),
                Err(bad) => (bad.line, Err(Refused::from(bad))),
            };
            if after.is_some_and(|after| (number, line) <= after) {
                continue;
            }
            let is_next = chunk.last().is_none_or(|(_, l, _)| *l != line);
            if is_next && chunk.len() >= BATCH && chunks.blocking_send(std::mem::take(&mut chunk)).is_err() {
                return Ok(());
            }
            chunk.push((number, line, item));
        }
        for warning in reader.warnings() {
            tracing::warn!("{warning}");
        }
        if chunks.blocking_send(chunk).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Hands a file in a connector's recorded form to that connector.
pub fn parse_with(
    connector: &Registration,
    path: &Path,
    options: &FileOptions,
    each: Each<'_>,
) -> Result<(), SourceError> {
    let name = path.display().to_string();
    let fault = |source| SourceError::Read {
        path: path.display().to_string(),
        source,
    };
    let reader = decompress(Box::new(File::open(path).map_err(fault)?)).map_err(fault)?;
    let input = ParseInput {
        reader: Box::new(reader),
        name,
        file: options.clone(),
    };
    (connector.parse)(input, each).map_err(fault)
}

/// The same of several files, in chunks. What was delivered before is told by its number.
fn parse_files(
    paths: &[PathBuf],
    options: &FileOptions,
    connector: &Registration,
    after: Option<(usize, u64)>,
    chunks: &mpsc::Sender<Lines>,
) -> Result<(), SourceError> {
    for (file, path) in paths.iter().enumerate() {
        let (mut chunk, mut number, mut wanted) = (Lines::new(), 0, true);
        parse_with(connector, path, options, &mut |item| {
            number += 1;
            if !wanted || after.is_some_and(|after| (file, number) <= after) {
                return;
            }
            chunk.push((file, number, item));
            if chunk.len() >= BATCH {
                wanted = chunks.blocking_send(std::mem::take(&mut chunk)).is_ok();
            }
        })?;
        if !wanted || chunks.blocking_send(chunk).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// When posts are due, by their own times.
struct Pace {
    speed: Speed,
    first: Option<(Instant, i64)>,
}

impl Pace {
    fn new(speed: Speed) -> Self {
        Self { speed, first: None }
    }

    /// When this post is due; `None` for at once: no time, no pace, or a time before the first post's.
    fn due(&mut self, event: &SourceEvent) -> Option<Instant> {
        let Speed::Times(times) = self.speed else {
            return None;
        };
        let SourceEvent::Post(post) = event else {
            return None;
        };
        let at = dates::to_millis(post.created_at.as_deref()?)?;
        let (start, first) = *self.first.get_or_insert_with(|| (Instant::now(), at));
        let after = u64::try_from(at.saturating_sub(first)).ok()?;
        let wait = Duration::try_from_secs_f64(after as f64 / 1000.0 / times).ok()?;
        start.checked_add(wait)
    }
}
