//! Whether a monitor's mentions are still what its model learned on.

use super::{Active, Pool, TASK, due, learned, train};
use crate::detect::{Detail, Finding, FindingKind};
use crate::pipeline::Engine;
use post::Millis;
use std::sync::Arc;
use std::time::Duration;
use store::{Choice, Filter};
use tokio::sync::watch;
use trends::relevance::Drift;

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(600);
/// The newest mentions that are compared.
const NEWEST: usize = 2_000;
const PAGE: usize = 500;
/// A drift is told of once in this time.
const WEEK: Millis = 7 * 24 * 3_600_000;

/// Looks at every model in force until the process ends: whether its scores drift, and whether there is more to learn.
pub(crate) async fn run(engine: Arc<Engine>, mut ending: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = ending.wait_for(|end| *end) => return,
        }
        let worker = engine.clone();
        let done = tokio::task::spawn_blocking(move || look(&worker, crate::clock::now())).await;
        match done {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the drift of relevance models could not be measured"),
            Err(error) => tracing::error!(%error, "measuring the drift of relevance models failed"),
        }
    }
}

fn look(engine: &Arc<Engine>, now: Millis) -> anyhow::Result<()> {
    for active in engine.relevance.all().values() {
        if let Some(index) = index(engine, active)?.filter(|i| *i > Drift::ALARM) {
            engine.control.put_findings(&[finding(active, index, now)])?;
        }
        // Corrections of marks are judgments, too, and nobody says when they are made.
        let before = learned(&engine.control, &active.monitor)?;
        let pool = Pool::read(engine, &active.project, &active.monitor)?;
        if due(pool.judged.len(), before) {
            train(engine, &active.project, &active.monitor)?;
        }
    }
    Ok(())
}

/// The population stability index of the probabilities of the newest mentions against those of the time of training;
/// `None` while there are fewer than 200 on either side.
pub(crate) fn index(engine: &Engine, active: &Active) -> Result<Option<f64>, store::Error> {
    let mut drift = Drift::new();
    active
        .artefact
        .stream
        .iter()
        .for_each(|p| drift.expect(f64::from(*p)));
    let filter = Filter {
        monitors: Choice::only([active.monitor.clone()]),
        ..Filter::default()
    };
    let snapshot = engine.store.snapshot();
    let (mut after, mut seen) = (None, 0);
    while seen < NEWEST {
        let page = snapshot.mentions(&filter, after, PAGE)?;
        seen += page.items.len();
        let classes = page.items.iter().filter_map(|m| m.scores.class(TASK));
        for class in classes.filter(|c| c.model == active.id) {
            let p = f64::from(class.probability);
            drift.observe(if class.label == super::RELEVANT {
                p
            } else {
                1.0 - p
            });
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(drift.index())
}

fn finding(active: &Active, index: f64, now: Millis) -> Finding {
    let week = now.div_euclid(WEEK);
    Finding {
        id: format!("drift-{}-{week}", active.monitor),
        project: active.project.clone(),
        monitor: Some(active.monitor.clone()),
        kind: FindingKind::Drift,
        from: week * WEEK,
        until: now,
        found_at: now,
        strength: index,
        is_past: false,
        detail: Detail::Drift { index },
    }
}
