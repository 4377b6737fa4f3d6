//! Applying the version in force to the mentions that are stored already.
//!
//! Posts are read and judged beside the writer; the writer then takes over what was said of posts that are still the same.
//! A mention that carries this version's label is passed over, so that applying again goes on where it ended.

use super::Active;
use super::jobs::{Job, JobKind, Running};
use crate::pipeline::{Engine, UpkeepError};
use crate::scoring::words;
use models::custom::{Embeddings, Scratch};
use post::profile::Task;
use post::{Post, PostKey};
use std::sync::Arc;
use store::{Class, Cursor, Filter, Mention, Scores, Store};
use text::Tokens;

/// Posts that are judged before the writer is asked.
const PAGE: usize = 500;

/// Applies the version in force, with the encoder if `full`. `None` if a job of this classifier is under way.
pub(crate) fn apply(engine: &Arc<Engine>, active: Arc<Active>, version: u32, full: bool) -> Option<Job> {
    let running = engine.jobs.begin(&active.id, JobKind::Apply)?;
    running.tell(|job| {
        job.stage = "applying".to_owned();
        job.version = Some(version);
    });
    let job = engine.jobs.get(&active.id);
    let engine = engine.clone();
    tokio::spawn(async move {
        let result = run(&engine, &active, &running, full).await;
        running.end(result.map_err(|e| e.to_string()));
    });
    job
}

async fn run(
    engine: &Arc<Engine>,
    active: &Arc<Active>,
    running: &Running,
    full: bool,
) -> Result<(), UpkeepError> {
    let mut cursor = None;
    loop {
        let is_same = engine
            .own
            .of(&active.id)
            .is_some_and(|now| Arc::ptr_eq(&now, active));
        if !is_same || engine.blocked.ending() {
            engine.jobs.stop(&active.id);
        }
        let (judge, by) = (engine.clone(), active.clone());
        let page = tokio::task::spawn_blocking(move || page(&judge, &by, cursor, full)).await??;
        if !running.tell(|job| job.of = page.total) {
            return Ok(());
        }
        let (judged, by) = (page.judged, active.clone());
        let changed = match judged.is_empty() {
            true => 0,
            false => engine.with_store(move |store| put(store, &by, &judged)).await??,
        };
        running.tell(|job| {
            job.done += page.posts;
            job.changed += changed;
        });
        cursor = page.next;
        if cursor.is_none() {
            return Ok(());
        }
    }
}

struct Page {
    judged: Vec<Judged>,
    posts: u64,
    total: u64,
    next: Option<Cursor>,
}

/// What is said of a post as it was read.
struct Judged {
    key: PostKey,
    title: Option<String>,
    text: String,
    class: Option<Class>,
}

/// Reads and judges a page of the project's posts.
fn page(engine: &Engine, active: &Active, after: Option<Cursor>, full: bool) -> Result<Page, store::Error> {
    let filter = Filter {
        project: Some(active.project.clone()),
        ..Filter::default()
    };
    let page = engine.store.snapshot().mentions(&filter, after, PAGE)?;
    let wanted: Vec<&Mention> = page.items.iter().filter(|m| is_open(engine, active, m)).collect();
    let texts: Vec<_> = wanted
        .iter()
        .map(|m| words(m.post.title.as_deref(), &m.post.text))
        .collect();
    let encoder = engine
        .models
        .encoder
        .as_ref()
        .filter(|_| full && active.reads_states);
    let states = encoder.map(|e| Embeddings::of(e, &texts, &mut |_| {}));
    let (mut tokens, mut scratch) = (Tokens::new(), Scratch::new());
    let judged = wanted.iter().zip(&texts).enumerate().map(|(i, (m, text))| {
        tokens.read(text);
        let states = states.as_ref().map_or(&[][..], |s| s.post(i));
        Judged {
            key: m.post.key,
            title: m.post.title.clone(),
            text: m.post.text.clone(),
            class: active.class(&tokens, states, &mut scratch),
        }
    });
    Ok(Page {
        judged: judged.collect(),
        posts: page.items.len() as u64,
        total: page.total,
        next: page.next,
    })
}

/// Whether a mention is to be judged: its platform allows it, its text is there, and this version has not done so.
fn is_open(engine: &Engine, active: &Active, mention: &Mention) -> bool {
    let has_text = |p: &Post| !p.text.is_empty() || p.title.is_some();
    has_text(&mention.post)
        && engine.gate.allows(Task::Custom, &mention.post.platform)
        && !is_judged(active, &mention.scores)
}

fn is_judged(active: &Active, scores: &Scores) -> bool {
    scores
        .class(&active.task)
        .is_some_and(|c| c.model == active.model.id())
}

/// Takes over what was said; says of how many posts.
fn put(store: &mut Store, active: &Active, judged: &[Judged]) -> Result<u64, store::Error> {
    let mut changed = 0;
    for judged in judged {
        changed += u64::from(store.rescore(judged.key, &mut |mention| rescored(active, judged, mention))?);
    }
    Ok(changed)
}

/// The new scores of a mention, unless it changed meanwhile or there is nothing new to say of it.
fn rescored(active: &Active, judged: &Judged, mention: &Mention) -> Option<Scores> {
    let post = &mention.post;
    let is_same = post.text == judged.text && post.title == judged.title;
    let old = mention.scores.class(&active.task);
    if mention.project != active.project
        || !is_same
        || old == judged.class.as_ref()
        || is_judged(active, &mention.scores)
    {
        return None;
    }
    let mut scores = mention.scores.clone();
    scores.classes.retain(|c| c.task != active.task);
    scores.classes.extend(judged.class.clone());
    Some(scores)
}
