//! Training a version from the labels given so far.

use super::jobs::{Job, JobKind, Running};
use super::model_id;
use crate::control::Labelled;
use crate::pipeline::Engine;
use crate::scoring::words;
use anyhow::Context;
use models::custom::{CustomError, Options, Progress, Report, Row, Stage};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What is kept of a version besides its weights.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Card {
    /// How good it is.
    pub(crate) report: Report,
    /// The encoder it reads besides words.
    pub(crate) encoder: Option<String>,
    /// Labelled posts that are gone from the store, or whose text is.
    pub(crate) gone: usize,
    /// Size of the weights in bytes.
    pub(crate) bytes: usize,
}

/// Trains a version on a thread of its own, with the encoder's states if `full`. `None` if a job of this classifier is
/// under way.
pub(crate) fn train(engine: &Arc<Engine>, id: &str, full: bool) -> anyhow::Result<Option<Job>> {
    let Some(running) = engine.jobs.begin(id, JobKind::Train) else {
        return Ok(None);
    };
    let (thread, engine) = (
        std::thread::Builder::new().name("train".to_owned()),
        engine.clone(),
    );
    let job = engine.jobs.get(id);
    thread.spawn(move || {
        let jobs = running.jobs();
        let _turn = jobs.turn();
        let result = run(&engine, &running, full).map_err(|e| format!("{e:#}"));
        if let Err(error) = &result {
            tracing::warn!(classifier = running.id(), %error, "a classifier was not trained");
        }
        running.end(result);
    })?;
    Ok(job)
}

fn run(engine: &Engine, running: &Running, full: bool) -> anyhow::Result<()> {
    let control = &engine.control;
    let id = running.id();
    let name = control.classifier(id)?.name;
    let version = control.next_classifier_version(id)?;
    if !running.tell(|job| job.version = Some(version)) {
        return Ok(());
    }
    let (rows, gone) = rows(engine, id)?;
    let encoder = engine.models.encoder.as_ref().filter(|_| full);
    let options = Options::named(model_id(&name, version));
    let mut told = |news: Progress| {
        running.tell(|job| {
            job.stage = stage(news.stage).to_owned();
            (job.done, job.of) = (news.done as u64, news.of as u64);
        })
    };
    let trained = match models::custom::train(&rows, &options, encoder, &mut told) {
        // Somebody stopped it, and the job says so already.
        Err(CustomError::Stopped) => return Ok(()),
        trained => trained?,
    };
    let file = trained.model.save()?;
    let card = Card {
        report: trained.report,
        encoder: trained.model.encoder().map(str::to_owned),
        gone,
        bytes: file.len(),
    };
    let card = serde_json::to_string(&card).context("the report cannot be written")?;
    if !running.tell(|_| ()) {
        return Ok(());
    }
    control.add_classifier_version(id, version, &file, &card)?;
    Ok(())
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Reading => "reading",
        Stage::Encoding => "encoding",
        Stage::Validating => "validating",
        Stage::Fitting => "fitting",
    }
}

/// The labelled rows, and how many labelled posts are gone.
fn rows(engine: &Engine, id: &str) -> anyhow::Result<(Vec<Row>, usize)> {
    let labelled = engine.control.labelled(id)?;
    let snapshot = engine.store.snapshot();
    let (mut rows, mut gone) = (Vec::new(), 0);
    for (what, label) in labelled {
        let row = match what {
            Labelled::Text(text) => Some(Row {
                text,
                label,
                lang: None,
            }),
            Labelled::Post(key) => snapshot.of_post(key)?.into_iter().next().map(|m| Row {
                text: words(m.post.title.as_deref(), &m.post.text).into_owned(),
                label,
                lang: Some(m.lang).filter(|l| l != "und"),
            }),
        };
        match row.filter(|r| !r.text.trim().is_empty()) {
            Some(row) => rows.push(row),
            None => gone += 1,
        }
    }
    Ok((rows, gone))
}
