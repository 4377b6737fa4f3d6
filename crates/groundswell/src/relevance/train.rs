//! Training a version from what was judged so far.

use super::{Artefact, Card, Pool};
use crate::pipeline::Engine;
use crate::scoring::own::{Job, JobKind, Running};
use anyhow::Context;
use std::sync::Arc;
use trends::relevance::{Config, Model};

/// Fewer judgments teach nothing.
const FIRST: usize = 10;
/// Judgments after which a new version is trained by itself.
const EVERY: usize = 5;

/// Whether so many judgments, after a version that learned from `learned`, are worth another one.
pub(crate) fn due(judged: usize, learned: Option<usize>) -> bool {
    judged >= FIRST && judged.abs_diff(learned.unwrap_or(0)) >= EVERY
}

/// Trains a version on a thread of its own and puts it in force. `None` if a job of this monitor is under way.
pub(crate) fn train(engine: &Arc<Engine>, project: &str, monitor: &str) -> anyhow::Result<Option<Job>> {
    let Some(running) = engine.jobs.begin(monitor, JobKind::Train) else {
        return Ok(None);
    };
    let (engine, project) = (engine.clone(), project.to_owned());
    let job = engine.jobs.get(monitor);
    let thread = std::thread::Builder::new().name("relevance".to_owned());
    thread.spawn(move || {
        let result = run(&engine, &running, &project).map_err(|e| format!("{e:#}"));
        if let Err(error) = &result {
            tracing::warn!(monitor = running.id(), %error, "a relevance model was not trained");
        }
        running.end(result);
    })?;
    Ok(job)
}

fn run(engine: &Engine, running: &Running, project: &str) -> anyhow::Result<()> {
    let (control, monitor) = (&engine.control, running.id());
    let version = control.next_relevance_version(monitor)?;
    let begun = running.tell(|job| {
        job.version = Some(version);
        job.stage = "reading".to_owned();
    });
    if !begun {
        return Ok(());
    }
    let pool = Pool::read(engine, project, monitor)?;
    if pool.judged.len() < FIRST {
        anyhow::bail!(
            "{} judged mentions are too few: a model needs {FIRST}",
            pool.judged.len()
        );
    }
    running.tell(|job| job.stage = "fitting".to_owned());
    let artefact = fit(&pool);
    let file = artefact.save()?;
    let card = Card {
        judged: pool.judged.len(),
        relevant: pool.judged.iter().filter(|(_, j)| j.relevant).count(),
        stream: pool.newest,
        bytes: file.len(),
    };
    let card = serde_json::to_string(&card).context("the card cannot be written")?;
    if !running.tell(|_| ()) {
        return Ok(());
    }
    control.add_relevance_version(monitor, version, &file, &card)?;
    Ok(engine.relevance.refresh(control)?)
}

/// A model that learned from a pool.
pub(super) fn fit(pool: &Pool) -> Artefact {
    let mut model = Model::new(Config::default());
    pool.vectors.iter().for_each(|v| model.see(v));
    model.train(&pool.labels());
    let judged: std::collections::HashSet<usize> = pool.judged.iter().map(|(place, _)| *place).collect();
    let stream = (0..pool.newest).filter(|place| !judged.contains(place));
    let stream = stream
        .map(|place| model.probability(&pool.vectors[place]) as f32)
        .collect();
    Artefact {
        model,
        lang: pool.lang.clone(),
        stream,
    }
}

#[cfg(test)]
mod tests {
    use super::due;

    #[test]
    fn a_version_is_due_after_ten_judgments_and_after_every_five_more() {
        assert!(!due(9, None));
        assert!(due(10, None));
        assert!(!due(14, Some(10)));
        assert!(due(15, Some(10)));
        assert!(due(15, Some(20)), "what was taken back counts, too");
    }
}
