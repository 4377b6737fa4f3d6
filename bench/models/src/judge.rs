//! What both tiers say of labelled posts.

use crate::rows::Row;
use models::metrics::Answer;
use models::{Ask, Models, Reader, Said, TASKS};
use std::collections::BTreeMap;

/// The answers to one question about a post.
pub(crate) struct Pair {
    pub(crate) fast: Answer,
    pub(crate) full: Answer,
}

/// Answers by task and set. A question the fast tier abstains from is answered evenly there.
pub(crate) type Judged = BTreeMap<String, BTreeMap<String, Vec<Pair>>>;

/// Asks both tiers about every row.
pub(crate) fn judge(models: &Models, rows: &[Row]) -> Judged {
    let mut judged = Judged::new();
    let mut reader = Reader::new(models);
    for batch in rows.chunks(512) {
        let asks: Vec<Ask<'_>> = batch
            .iter()
            .map(|row| row.ask(reader.language(&row.text)))
            .collect();
        let fast: Vec<Said> = asks.iter().map(|a| reader.fast(a)).collect();
        let all: Vec<&Ask<'_>> = asks.iter().collect();
        let full = reader.full(&all, &fast.iter().collect::<Vec<_>>());
        for ((row, fast), full) in batch.iter().zip(&fast).zip(&full) {
            add(&mut judged, row, fast, full);
        }
    }
    judged
}

fn add(judged: &mut Judged, row: &Row, fast: &Said, full: &Said) {
    let mut put = |task: &str, classes: usize, fast: Vec<f32>, full: Vec<f32>, truth: usize| {
        let answer = |p: Vec<f32>| {
            let p = if p.is_empty() {
                vec![1.0 / classes as f32; classes]
            } else {
                p
            };
            Answer::of(p, truth as u16, row.lang.clone())
        };
        let sets = judged.entry(task.to_owned()).or_default();
        sets.entry(row.set.clone()).or_default().push(Pair {
            fast: answer(fast),
            full: answer(full),
        });
    };
    let score = |s: Option<models::Score>| s.map(|s| s.probabilities.to_vec()).unwrap_or_default();
    if let Some(truth) = row.class("sentiment") {
        put(
            "sentiment",
            3,
            score(fast.sentiment),
            score(full.sentiment),
            truth,
        );
    }
    for (i, (task, labels)) in TASKS.iter().enumerate() {
        if let Some(truth) = row.class(task) {
            put(
                task,
                labels.len(),
                fast.tasks[i].clone(),
                full.tasks[i].clone(),
                truth,
            );
        }
    }
    for (i, (places, truth)) in row.targets.iter().enumerate() {
        if !places.is_empty() {
            let (fast, full) = (fast.toward[i], full.toward[i]);
            put("target", 3, score(fast), score(full), *truth);
        }
    }
}
