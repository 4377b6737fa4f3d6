//! For those who run it: health and metrics.

use super::{App, Shared};
use crate::pipeline::{Snapshot, Tally};
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::cmp::Reverse;
use std::fmt::Write;
use std::sync::Arc;

/// Monitors whose cost is told.
const DEAREST: usize = 20;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/health", get(ready))
        .route("/health/ready", get(ready))
        .route("/health/live", get(|| async { "alive\n" }))
        .route("/metrics", get(metrics))
}

/// Ready means: what arrives can be written.
async fn ready(app: Shared) -> Response {
    match app.engine.blocked.reason() {
        None => {
            let left = super::status::left_out(&app.engine).into_iter();
            let left: String = left
                .map(|p| format!("left out: {}: {}\n", p.partition, p.reason))
                .collect();
            let clock = app.engine.age.jump(crate::clock::now());
            format!(
                "ready\n{left}{}",
                clock.map_or(String::new(), |c| format!("{c}\n"))
            )
            .into_response()
        }
        Some(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("blocked: {reason}\n")).into_response(),
    }
}

/// Prometheus' text format, version 0.0.4.
async fn metrics(app: Shared) -> Response {
    let engine = &app.engine;
    let mut out = String::new();
    let counters = &engine.counters;
    family(
        &mut out,
        "posts_admitted_total",
        "counter",
        "Posts admitted and journaled.",
        counters.posts.get(),
    );
    family(
        &mut out,
        "posts_duplicate_total",
        "counter",
        "Posts whose uid was already there.",
        counters.duplicates.get(),
    );
    family(
        &mut out,
        "events_total",
        "counter",
        "Edits, deletes and counts journaled.",
        counters.events.get(),
    );
    family(
        &mut out,
        "mentions_written_total",
        "counter",
        "Mentions written to the store.",
        counters.mentions.get(),
    );
    family(
        &mut out,
        "findings_total",
        "counter",
        "What detectors found, each finding once.",
        counters.findings.get(),
    );
    family(
        &mut out,
        "alerts_total",
        "counter",
        "Alerts made.",
        counters.alerts.get(),
    );
    family(
        &mut out,
        "messages_sent_total",
        "counter",
        "Messages of the outbox that were taken.",
        counters.messages_sent.get(),
    );
    family(
        &mut out,
        "messages_untaken_total",
        "counter",
        "Tries to send a message of the outbox that came to nothing.",
        counters.messages_untaken.get(),
    );
    family(
        &mut out,
        "store_left_out",
        "gauge",
        "Partitions that answers leave out, for they are damaged or gone.",
        engine.store.snapshot().left_out().len() as u64,
    );
    let span = engine.journal.span();
    family(
        &mut out,
        "journal_bytes",
        "gauge",
        "Bytes of the journal on disk.",
        span.bytes,
    );
    family(
        &mut out,
        "journal_position",
        "counter",
        "Position of the next journal entry.",
        engine.journal.next_position().0,
    );
    family(
        &mut out,
        "store_position",
        "counter",
        "Position the store has absorbed.",
        engine.stored.load(std::sync::atomic::Ordering::Relaxed),
    );
    family(
        &mut out,
        "store_generation",
        "counter",
        "Commit generation of the store.",
        engine.store.generation(),
    );
    family(
        &mut out,
        "monitors_active",
        "gauge",
        "Monitors matched now.",
        engine.live.load().matched() as u64,
    );
    family(
        &mut out,
        "blocked",
        "gauge",
        "Whether writing is stopped.",
        u64::from(engine.blocked.reason().is_some()),
    );
    family(
        &mut out,
        "topics_alive",
        "gauge",
        "Topics of all projects that somebody still writes about.",
        engine.placer.alive() as u64,
    );
    family(
        &mut out,
        "placing_bytes",
        "gauge",
        "Memory that copies and topics take, about.",
        engine.placer.bytes() as u64,
    );
    labelled(
        &mut out,
        "posts_refused_total",
        "Posts refused, by reason.",
        "reason",
        counters.refused().into_iter(),
    );
    let mended = counters.mended().into_iter().map(|(k, v)| (k.to_owned(), v));
    labelled(
        &mut out,
        "posts_mended_total",
        "Posts mended on the way in, by what was mended.",
        "what",
        mended,
    );
    let sources = app
        .supervisor
        .sources()
        .into_iter()
        .map(|s| (s.name, s.health.snapshot().posts));
    labelled(
        &mut out,
        "source_posts_total",
        "Posts a source delivered.",
        "source",
        sources,
    );
    costs(&mut out, &engine.live.load());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], out).into_response()
}

/// The monitors that cost most, from the posts metered.
fn costs(out: &mut String, live: &Snapshot) {
    let mut all: Vec<(&str, Tally)> = live
        .monitors()
        .filter_map(|w| Some((w.def.id.as_str(), live.tally(&w.def.id)?)))
        .collect();
    all.sort_unstable_by_key(|(id, t)| (Reverse((t.nanoseconds, t.candidates, t.matches)), *id));
    all.truncate(DEAREST);
    type Value = fn(&Tally) -> u64;
    let families: [(&str, &str, Value); 3] = [
        (
            "monitor_matches_metered_total",
            "Posts that matched, of one in sixteen; the dearest monitors.",
            |t| t.matches,
        ),
        (
            "monitor_candidates_metered_total",
            "Posts for which the query was run, of one in sixteen; the dearest monitors.",
            |t| t.candidates,
        ),
        (
            "monitor_nanoseconds_metered_total",
            "Time the query took, for one post in sixteen; the dearest monitors.",
            |t| t.nanoseconds,
        ),
    ];
    for (name, help, value) in families {
        let rows = all.iter().map(|(id, t)| ((*id).to_owned(), value(t)));
        let rows = rows.filter(|row| row.1 > 0);
        labelled(out, name, help, "monitor", rows);
    }
}

fn family(out: &mut String, name: &str, kind: &str, help: &str, value: u64) {
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "# HELP groundswell_{name} {help}\n# TYPE groundswell_{name} {kind}\ngroundswell_{name} {value}\n"
    );
}

fn labelled(
    out: &mut String,
    name: &str,
    help: &str,
    label: &str,
    rows: impl Iterator<Item = (String, u64)>,
) {
    let _ = write!(
        out,
        "# HELP groundswell_{name} {help}\n# TYPE groundswell_{name} counter\n"
    );
    for (value, n) in rows {
        let value = value
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n");
        let _ = writeln!(out, "groundswell_{name}{{{label}=\"{value}\"}} {n}");
    }
}
