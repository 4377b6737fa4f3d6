//! Files as a source.

use sources::{Context, Delivery, Health, SourceEvent, State, find};
use std::sync::Arc;
use tokio::sync::{mpsc, watch};

fn write(folder: &std::path::Path, name: &str, posts: usize) -> String {
    let path = folder.join(name);
    let lines: String = (0..posts)
        .map(|i| {
            format!(
                "{{\"text\":\"{name} {i}\",\"created\":\"2026-01-01 00:{:02}:{:02}\"}}\n",
                i / 60 % 60,
                i % 60
            )
        })
        .collect();
    std::fs::write(&path, lines).unwrap();
    path.display().to_string()
}

async fn replay(config: &str, cursor: Option<&str>) -> (Vec<Delivery>, Arc<Health>) {
    let source = (find("file").unwrap().configure)(config.parse().unwrap()).unwrap();
    let (out, mut received) = mpsc::channel(2);
    let (_stop, shutdown) = watch::channel(false);
    let health = Arc::new(Health::default());
    let context = Context {
        cursor: cursor.map(str::to_owned),
        health: health.clone(),
        ..Context::plain(out, shutdown)
    };
    let running = tokio::spawn(source.run(sources::Task::Follow, context));
    let mut deliveries = Vec::new();
    while let Some(delivery) = received.recv().await {
        deliveries.push(delivery);
    }
    running.await.unwrap().unwrap();
    (deliveries, health)
}

fn texts(deliveries: &[Delivery]) -> Vec<String> {
    let events = deliveries.iter().flat_map(|d| &d.events);
    events
        .map(|e| match e {
            SourceEvent::Post(post) => post.text.clone(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[tokio::test]
async fn files_are_read_in_order_and_resumed_behind_the_cursor() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (write(folder.path(), "a", 1200), write(folder.path(), "b", 10));
    let config = format!("paths = [{a:?}, {b:?}]\nspeed = \"max\"\nformat = \"jsonl\"");
    let (all, health) = replay(&config, None).await;
    let seen = texts(&all);
    assert_eq!(
        (seen.len(), seen[0].as_str(), seen[1209].as_str()),
        (1210, "a 0", "b 9")
    );
    assert_eq!(
        (health.snapshot().state, health.snapshot().posts),
        (State::Done, 1210)
    );
    let (rest, _) = replay(&config, all[0].cursor.as_deref()).await;
    assert_eq!(texts(&rest), seen[all[0].events.len()..]);
}

#[tokio::test(start_paused = true)]
async fn the_recorded_pace_is_kept_times_speed() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a", 61);
    let started = tokio::time::Instant::now();
    let (deliveries, _) = replay(
        &format!("paths = [{file:?}]\nspeed = 2\nformat = \"jsonl\""),
        None,
    )
    .await;
    let took = started.elapsed().as_secs_f64();
    assert!(
        (29.5..=31.0).contains(&took),
        "60 recorded seconds at twice the pace took {took} s"
    );
    assert_eq!(texts(&deliveries).len(), 61);
    assert!(deliveries.len() > 50, "posts a half second apart come one by one");
}

#[tokio::test]
async fn an_unreadable_file_fails_the_source_by_name() {
    let source = (find("file").unwrap().configure)("paths = [\"nowhere.jsonl\"]".parse().unwrap()).unwrap();
    let (out, mut received) = mpsc::channel(2);
    let (_stop, shutdown) = watch::channel(false);
    let health = Arc::new(Health::default());
    let result = source
        .run(
            sources::Task::Follow,
            Context {
                cursor: None,
                health: health.clone(),
                ..Context::plain(out, shutdown)
            },
        )
        .await;
    assert!(result.unwrap_err().to_string().contains("nowhere.jsonl"));
    assert_eq!(health.snapshot().state, State::Failed);
    assert!(received.recv().await.is_none());
}

#[test]
fn a_wrong_configuration_names_every_fault() {
    let configure = |text: &str| {
        (find("file").unwrap().configure)(text.parse().unwrap())
            .map(|_| ())
            .unwrap_err()
            .to_string()
    };
    let faults = configure("paths = []\nmap = { nofield = \"x\" }");
    assert!(faults.contains("paths") && faults.contains("nofield"), "{faults}");
    assert!(configure("paths = [\"a\"]\nspeed = 0").contains("speed"));
    assert!(configure("path = \"a\"").contains("path"));
}
