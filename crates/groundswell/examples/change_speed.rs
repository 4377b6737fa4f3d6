//! How long a new monitor takes to be in force while a stream runs:
//! `cargo run --release -p groundswell --example change_speed [MONITORS]` (default 100,000).
//!
//! Made-up monitors and posts. It prints the time of each step of an addition and of an edit, and the longest a batch
//! of posts waited for its acknowledgement meanwhile: what a stopped stream would show.

use groundswell::api::types::{MonitorInput, Role};
use groundswell::config;
use groundswell::pipeline::{Engine, Settings};
use post::RawPost;
use sources::SourceEvent;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const CHANGES: u32 = 50;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let monitors: u32 = std::env::args().nth(1).map_or(Ok(100_000), |n| n.parse())?;
    let folder = std::env::temp_dir().join(format!("groundswell-change-speed-{}", std::process::id()));
    let result = measure(&folder, monitors).await;
    std::fs::remove_dir_all(&folder)?;
    result
}

async fn measure(folder: &Path, monitors: u32) -> anyhow::Result<()> {
    drop(groundswell::control::Control::open(folder)?);
    insert(folder, monitors)?;
    let settings = Settings {
        store: None,
        kafka: None,
        data: folder.to_path_buf(),
        journal: config::Journal {
            max_bytes: 5_000_000_000,
            max_hours: 24,
        },
        policy: post::Policy::default(),
        retention: groundswell::policy::Retention::default(),
        scoring: groundswell::scoring::Settings::default(),
        onnx: Vec::new(),
        postgres: None,
        threads: 2,
    };
    let engine = Engine::start(&settings, groundswell::weights::embedded()?, |_, _| {})?;
    let started = Instant::now();
    engine.publish_monitors(&[]).await?;
    println!(
        "{} monitors in force after {:.2?}",
        engine.live.load().matched(),
        started.elapsed()
    );
    let end = Arc::new(AtomicBool::new(false));
    let stream = tokio::spawn(stream(engine.clone(), end.clone()));
    tokio::time::sleep(Duration::from_secs(2)).await;

    let (mut saves, mut adds, mut edits) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..CHANGES {
        let (at, id) = (Instant::now(), save(&engine, None, n)?);
        saves.push(at.elapsed());
        adds.push(publish(&engine).await?);
        save(&engine, Some(&id), n + CHANGES)?;
        edits.push(publish(&engine).await?);
    }
    end.store(true, Ordering::Relaxed);
    let (posts, longest) = stream.await??;
    row("an addition saved in the control state", saves);
    row("an addition journaled and in force", adds);
    row("an edit journaled and in force", edits);
    println!("{posts} posts meanwhile; a batch of 50 waited {longest:.1?} at most");
    tokio::task::spawn_blocking(move || engine.stop()).await?;
    Ok(())
}

async fn publish(engine: &Engine) -> anyhow::Result<Duration> {
    let at = Instant::now();
    engine.publish_monitors(&[]).await?;
    Ok(at.elapsed())
}

fn save(engine: &Engine, id: Option<&str>, n: u32) -> anyhow::Result<String> {
    let input = MonitorInput {
        name: format!("new {}", id.map_or_else(|| n.to_string(), str::to_owned)),
        role: Role::Topic,
        query: query(1_000_000 + n),
        active: true,
        color: Some(0),
    };
    Ok(match id {
        None => engine.control.create_monitor("default", &input)?,
        Some(id) => engine.control.update_monitor(id, &input)?,
    }
    .id)
}

/// A brand in a context, without its namesake.
fn query(n: u32) -> String {
    format!(
        "(brand{n} OR \"maker {n}\") AND (phone OR review{}) NOT stadium{}",
        n % 97,
        n % 31
    )
}

/// Straight into the database: one by one they would take minutes.
fn insert(folder: &Path, monitors: u32) -> anyhow::Result<()> {
    let mut db = rusqlite::Connection::open(folder.join(groundswell::control::FILE))?;
    let all = db.transaction()?;
    for n in 0..monitors {
        let id = format!("m_{n:012}");
        all.prepare_cached(
            "INSERT INTO monitors (id, project, name, role, color, active, origin, version, created_at, updated_at)
             VALUES (?1, 'default', ?1, 'topic', 0, 1, 'ui', 1, 0, 0)",
        )?
        .execute([&id])?;
        all.prepare_cached(
            "INSERT INTO monitor_versions (monitor, version, query, created_at) VALUES (?1, 1, ?2, 0)",
        )?
        .execute([&id, &query(n)])?;
    }
    Ok(all.commit()?)
}

/// About 5,000 posts a second, of which one in fifty matches.
async fn stream(engine: Arc<Engine>, end: Arc<AtomicBool>) -> anyhow::Result<(u64, Duration)> {
    let (mut n, mut longest) = (0u64, Duration::ZERO);
    while !end.load(Ordering::Relaxed) {
        let batch = (n..n + 50).map(event).collect();
        let at = Instant::now();
        engine.intake.ingest("speed", batch).await?;
        longest = longest.max(at.elapsed());
        n += 50;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok((n, longest))
}

fn event(n: u64) -> SourceEvent {
    let brand = if n.is_multiple_of(50) { n % 1000 } else { 9_999_999 };
    SourceEvent::Post(Box::new(RawPost {
        uid: Some(format!("speed:{n}")),
        text: format!("the new phone of brand{brand}, number {n}, is out"),
        lang: Some("en".to_owned()),
        ..RawPost::default()
    }))
}

fn row(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!(
        "{what}: median {:.2?}, 95 % {:.2?}, longest {:.2?}",
        at(50),
        at(95),
        at(100)
    );
}
