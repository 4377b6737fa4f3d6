//! What both tiers say of labelled posts, each on its own.

use crate::rows::Row;
use models::blend::Question;
use models::blend::fit::Seen;
use models::metrics::Answer;
use models::{Ask, Models, Reader, Said};
use std::collections::BTreeMap;

/// Threads that ask.
const THREADS: usize = 2;

/// By task and set.
pub(crate) type BySet<T> = BTreeMap<String, BTreeMap<String, Vec<T>>>;
/// The answers as they are served.
pub(crate) type Judged = BySet<Pair>;
/// What the answers are made of.
pub(crate) type Observed = BySet<Observation>;

/// The answers to one question about a post.
pub(crate) struct Pair {
    pub(crate) fast: Answer,
    pub(crate) full: Answer,
}

/// What each tier says on its own to one question about a post.
pub(crate) struct Observation {
    pub(crate) seen: Seen,
    /// The language its set says it is in.
    pub(crate) lang: Option<String>,
    /// A number for the post, so that its questions can be kept on one side.
    pub(crate) post: usize,
}

/// Asks both tiers about every row. `models` must have no blend of their own, so that each tier speaks for itself.
pub(crate) fn observe(models: &Models, rows: &[Row]) -> Observed {
    let part = rows.len().div_ceil(THREADS).max(1);
    let parts: Vec<Observed> = std::thread::scope(|scope| {
        let threads: Vec<_> = rows
            .chunks(part)
            .enumerate()
            .map(|(i, rows)| scope.spawn(move || observe_part(models, rows, i * part)))
            .collect();
        threads.into_iter().map(joined).collect()
    });
    let mut out = Observed::new();
    for (task, sets) in parts.into_iter().flatten() {
        let to = out.entry(task).or_default();
        for (set, rows) in sets {
            to.entry(set).or_default().extend(rows);
        }
    }
    out
}

/// What a thread came to; if it failed, so does this one.
fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|e| std::panic::resume_unwind(e))
}

/// Of some rows, the first of which is this post.
fn observe_part(models: &Models, rows: &[Row], mut post: usize) -> Observed {
    let mut out = Observed::new();
    let mut reader = Reader::new(models);
    for batch in rows.chunks(512) {
        let asks: Vec<Ask<'_>> = batch
            .iter()
            .map(|row| row.ask(reader.language(&row.text)))
            .collect();
        let fast: Vec<Said> = asks.iter().map(|a| reader.fast(a)).collect();
        let silent: Vec<Said> = fast.iter().map(silent).collect();
        let all: Vec<&Ask<'_>> = asks.iter().collect();
        let full = reader.full(&all, &silent.iter().collect::<Vec<_>>());
        for (((row, ask), fast), full) in batch.iter().zip(&asks).zip(&fast).zip(&full) {
            for (fast, full) in answers(row, fast).into_iter().zip(answers(row, full)) {
                let observation = Observation {
                    seen: Seen {
                        full: full.probabilities,
                        fast: fast.probabilities,
                        lang: ask.lang.to_string(),
                        truth: fast.truth,
                    },
                    lang: row.lang.clone(),
                    post,
                };
                let sets = out.entry(fast.question.name().to_owned()).or_default();
                sets.entry(row.set.clone()).or_default().push(observation);
            }
            post += 1;
        }
    }
    out
}

/// The fast tier as if it had abstained from everything.
fn silent(said: &Said) -> Said {
    let mut said = said.clone();
    said.sentiment = None;
    said.toward.iter_mut().for_each(|t| *t = None);
    said.tasks.iter_mut().for_each(Vec::clear);
    said
}

/// The answer to a question whose truth is known; empty where there is none.
pub(crate) struct Given {
    pub(crate) question: Question,
    pub(crate) probabilities: Vec<f32>,
    pub(crate) truth: u16,
}

/// The answers to all questions a row knows the truth of.
pub(crate) fn answers(row: &Row, said: &Said) -> Vec<Given> {
    let score = |s: Option<models::Score>| s.map(|s| s.probabilities.to_vec()).unwrap_or_default();
    let mut out = Vec::new();
    for question in Question::all() {
        let probabilities = match (question, question.place()) {
            (Question::SENTIMENT, _) => score(said.sentiment),
            (_, Some(place)) => said.tasks[place].clone(),
            (_, None) => continue,
        };
        if let Some(truth) = row.class(question.name()) {
            out.push(Given {
                question,
                probabilities,
                truth: truth as u16,
            });
        }
    }
    let toward = row.targets.iter().zip(&said.toward);
    out.extend(
        toward
            .filter(|((places, _), _)| !places.is_empty())
            .map(|((_, truth), said)| Given {
                question: Question::TARGET,
                probabilities: score(*said),
                truth: *truth as u16,
            }),
    );
    out
}
