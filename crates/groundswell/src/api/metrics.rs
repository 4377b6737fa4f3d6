//! What the process counts, for Prometheus.

use super::{App, Shared};
use crate::pipeline::{Snapshot, Tally};
use ::sources::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::cmp::Reverse;
use std::fmt::Write;

/// Monitors whose cost is told.
const DEAREST: usize = 20;

/// Prometheus' text format, version 0.0.4.
pub(super) async fn metrics(app: Shared) -> Response {
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
    let span = super::status::span(engine);
    family(
        &mut out,
        "journal_bytes",
        "gauge",
        "Bytes of the journal on disk.",
        span.bytes,
    );
    let next = engine.journal.next_position();
    family(
        &mut out,
        "journal_position",
        "counter",
        "Position of the next journal entry; in a cluster, of those that this process appended.",
        next.map_or_else(|| engine.heard(), |next| next.0),
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
        ("posts_refused_total", "counter"),
        "Posts refused, by reason.",
        "reason",
        counters.refused().into_iter(),
    );
    let mended = counters.mended().into_iter().map(|(k, v)| (k.to_owned(), v));
    labelled(
        &mut out,
        ("posts_mended_total", "counter"),
        "Posts mended on the way in, by what was mended.",
        "what",
        mended,
    );
    sources_of(&mut out, &app);
    costs(&mut out, &engine.live.load());
    machine(&mut out, &app);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], out).into_response()
}

/// How each source does.
fn sources_of(out: &mut String, app: &App) {
    let all: Vec<_> = app
        .supervisor
        .sources()
        .into_iter()
        .map(|s| (s.name, s.health.snapshot()))
        .collect();
    let posts = all.iter().map(|(name, health)| (name.clone(), health.posts));
    let posts_of = ("source_posts_total", "counter");
    labelled(out, posts_of, "Posts a source delivered.", "source", posts);
    // A file that was read to its end does what it should.
    let up = |state: State| u64::from(matches!(state, State::Live | State::Done));
    let states = all.iter().map(|(name, health)| (name.clone(), up(health.state)));
    labelled(
        out,
        ("source_up", "gauge"),
        "Whether a source receives, or has read all there is; 0 while it connects, waits or has given up.",
        "source",
        states,
    );
    let last = |at: i64| u64::try_from(at / 1_000).unwrap_or(0);
    let lasts = all
        .iter()
        .filter_map(|(name, health)| Some((name.clone(), last(health.last_at?))));
    labelled(
        out,
        ("source_last_post_timestamp_seconds", "gauge"),
        "When a source last delivered something, in seconds since 1970.",
        "source",
        lasts,
    );
}

/// The process and its disk.
fn machine(out: &mut String, app: &App) {
    let engine = &app.engine;
    if let Ok(disk) = rustix::fs::statvfs(&engine.data) {
        family(
            out,
            "disk_free_bytes",
            "gauge",
            "Bytes that may still be written on the data folder's file system.",
            disk.f_bavail.saturating_mul(disk.f_frsize),
        );
        family(
            out,
            "disk_size_bytes",
            "gauge",
            "Bytes of the data folder's file system.",
            disk.f_blocks.saturating_mul(disk.f_frsize),
        );
    }
    family(
        out,
        "clock_jumped",
        "gauge",
        "Whether the clock is not believed, and nothing deleted by age.",
        u64::from(engine.age.jump(crate::clock::now()).is_some()),
    );
    let build = std::iter::once((env!("CARGO_PKG_VERSION").to_owned(), 1));
    labelled(
        out,
        ("build_info", "gauge"),
        "The program's version.",
        "version",
        build,
    );
    // These two have the names that every exporter gives them.
    let started = app.started_at / 1_000;
    let _ = write!(
        out,
        "# HELP process_start_time_seconds When the process started, in seconds since 1970.\n\
         # TYPE process_start_time_seconds gauge\nprocess_start_time_seconds {started}\n"
    );
    if let Some(bytes) = resident() {
        let _ = write!(
            out,
            "# HELP process_resident_memory_bytes Memory of the process in use.\n\
             # TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes {bytes}\n"
        );
    }
}

/// Bytes of memory in use; `None` where the system does not tell.
fn resident() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
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
        labelled(out, (name, "counter"), help, "monitor", rows);
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
    (name, kind): (&str, &str),
    help: &str,
    label: &str,
    rows: impl Iterator<Item = (String, u64)>,
) {
    let _ = write!(
        out,
        "# HELP groundswell_{name} {help}\n# TYPE groundswell_{name} {kind}\n"
    );
    for (value, n) in rows {
        let value = value
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n");
        let _ = writeln!(out, "groundswell_{name}{{{label}=\"{value}\"}} {n}");
    }
}
