//! Recorded posts as a source: delivered at the recorded pace, faster, or as fast as possible.

use super::config::{Config, Speed};
use super::dates;
use super::reader::{BadLine, FileOptions, FileReader};
use crate::error::{Refused, SourceError};
use crate::health::State;
use crate::source::{Context, Delivery, RunFuture, Source, SourceEvent, Task};
use post::RawPost;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
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
    speed: Speed,
}

type Lines = Vec<(usize, u64, Result<RawPost, BadLine>)>;

impl Replay {
    /// A source that reads the files as configured.
    pub fn new(config: Config) -> Result<Self, SourceError> {
        let options = config.options()?;
        Ok(Self {
            paths: config.paths,
            options,
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
        speed,
    } = source;
    let reading = tokio::task::spawn_blocking(move || read_files(&paths, &options, after, &chunks));
    context.health.connected();
    let mut pace = Pace::new(speed);
    let mut batch = Delivery::default();
    while let Some(chunk) = received.recv().await {
        for (file, line, item) in chunk {
            if let Some(due) = item.as_ref().ok().and_then(|post| pace.due(post)) {
                let is_later = due > Instant::now() + SLICE;
                if is_later
                    && (!send(&mut batch, &mut context).await? || !wait_until(due, &mut context).await)
                {
                    return Ok(());
                }
            }
            match item {
                Ok(post) => batch.events.push(SourceEvent::Post(Box::new(post))),
                Err(bad) => {
                    let refused = Refused::from(bad);
                    context.health.refused(refused.code);
                    batch.refused.push(refused);
                }
            }
            batch.cursor = Some(format!("{file}:{line}"));
            if batch.events.len() + batch.refused.len() >= BATCH && !send(&mut batch, &mut context).await? {
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
                Ok((line, post)) => (line, Ok(post)),
                Err(bad) => (bad.line, Err(bad)),
            };
            if after.is_some_and(|after| (number, line) <= after) {
                continue;
            }
            chunk.push((number, line, item));
            if chunk.len() >= BATCH && chunks.blocking_send(std::mem::take(&mut chunk)).is_err() {
                return Ok(());
            }
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
    fn due(&mut self, post: &RawPost) -> Option<Instant> {
        let Speed::Times(times) = self.speed else {
            return None;
        };
        let at = dates::to_millis(post.created_at.as_deref()?)?;
        let (start, first) = *self.first.get_or_insert_with(|| (Instant::now(), at));
        let after = u64::try_from(at.saturating_sub(first)).ok()?;
        let wait = Duration::try_from_secs_f64(after as f64 / 1000.0 / times).ok()?;
        start.checked_add(wait)
    }
}

fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}
