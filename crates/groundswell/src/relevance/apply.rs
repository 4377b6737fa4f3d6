//! Applying the version in force to the mentions that are stored already.

use super::{Active, TASK, author};
use crate::pipeline::{Engine, UpkeepError};
use crate::scoring::own::{Job, JobKind, Running};
use crate::scoring::words;
use post::profile::Task;
use post::{MentionId, PostKey};
use std::sync::Arc;
use store::{Choice, Class, Context, Cursor, Filter, Mention, Scores, Store};
use trends::relevance::Features;

/// Mentions that are judged before the writer is asked.
const PAGE: usize = 500;

/// Applies what is in force of a monitor, or takes its labels off where nothing is. `None` if a job of this monitor is
/// under way.
pub(crate) fn apply(engine: &Arc<Engine>, monitor: &str) -> Option<Job> {
    let running = engine.jobs.begin(monitor, JobKind::Apply)?;
    let active = engine.relevance.of(monitor);
    running.tell(|job| {
        job.stage = "applying".to_owned();
        job.version = active.as_ref().map(|a| a.version);
    });
    let job = engine.jobs.get(monitor);
    let engine = engine.clone();
    tokio::spawn(async move {
        let result = run(&engine, active, &running).await;
        running.end(result.map_err(|e| e.to_string()));
    });
    job
}

async fn run(
    engine: &Arc<Engine>,
    active: Option<Arc<Active>>,
    running: &Running,
) -> Result<(), UpkeepError> {
    let mut cursor = None;
    loop {
        if engine.blocked.ending() {
            engine.jobs.stop(running.id());
        }
        let (reader, by, of) = (engine.clone(), active.clone(), running.id().to_owned());
        let page = tokio::task::spawn_blocking(move || page(&reader, &of, by.as_deref(), cursor)).await??;
        if !running.tell(|job| job.of = page.total) {
            return Ok(());
        }
        let changes = page.changes;
        let changed = match changes.is_empty() {
            true => 0,
            false => engine.with_store(move |store| put(store, &changes)).await??,
        };
        running.tell(|job| {
            job.done += page.mentions;
            job.changed += changed;
        });
        cursor = page.next;
        if cursor.is_none() {
            // Whoever sees the end of the job finds its work committed.
            return engine.with_store(|_| ()).await;
        }
    }
}

struct Page {
    changes: Vec<Changed>,
    mentions: u64,
    total: u64,
    next: Option<Cursor>,
}

/// What is said of a mention as it was read.
struct Changed {
    post: PostKey,
    mention: MentionId,
    text: String,
    class: Option<Class>,
}

/// Reads a page of a monitor's mentions, and judges those of which something else is to be said than stands there.
fn page(
    engine: &Engine,
    monitor: &str,
    active: Option<&Active>,
    after: Option<Cursor>,
) -> Result<Page, store::Error> {
    let filter = Filter {
        monitors: Choice::only([monitor.to_owned()]),
        context: Context::With,
        ..Filter::default()
    };
    let page = engine.store.snapshot().mentions(&filter, after, PAGE)?;
    let mut features = Features::new();
    let mut changed = |m: &Mention| {
        let text = words(m.post.title.as_deref(), &m.post.text);
        let may = engine.gate.allows(Task::Custom, &m.post.platform) && !text.is_empty();
        let class = active.filter(|_| may);
        let class = class.map(|a| a.class(&mut features, &text, &m.lang, author(&m.post)));
        (class.as_ref() != m.scores.class(TASK)).then(|| Changed {
            post: m.post.key,
            mention: m.id,
            text: m.post.text.clone(),
            class,
        })
    };
    let changes = page.items.iter().filter_map(&mut changed).collect();
    Ok(Page {
        changes,
        mentions: page.items.len() as u64,
        total: page.total,
        next: page.next,
    })
}

/// Takes over what was said, of mentions whose text is still the same; says of how many.
fn put(store: &mut Store, changes: &[Changed]) -> Result<u64, store::Error> {
    let mut count = 0;
    for changed in changes {
        let mut rescored = |mention: &Mention| -> Option<Scores> {
            let is_it = mention.id == changed.mention && mention.post.text == changed.text;
            is_it.then(|| {
                let mut scores = mention.scores.clone();
                scores.classes.retain(|c| c.task != TASK);
                scores.classes.extend(changed.class.clone());
                scores
            })
        };
        count += u64::from(store.rescore(changed.post, &mut rescored)?);
    }
    Ok(count)
}
