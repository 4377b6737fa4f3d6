//! A platform's delete event: unreadable at once, bytes gone when the purge's clock strikes; quotations go along.

use groundswell::api::types::MonitorInput;
use groundswell::config;
use groundswell::control::{AccessRole, Action, AuditEvent};
use groundswell::pipeline::{Engine, Settings};
use groundswell::privacy::{Asked, Checked, Clock, Receipt};
use post::{Event, Kind, RawAuthor, RawPost};
use sources::SourceEvent;
use std::path::Path;
use std::sync::Arc;

const HOUR: i64 = 3_600_000;
const MARK: &str = "zyzzyvaword";

fn raw(uid: &str, text: &str) -> RawPost {
    RawPost {
        uid: Some(format!("test:{uid}")),
        platform: Some("test".into()),
        text: text.into(),
        author: Some(RawAuthor {
            id: Some(format!("author of {uid}")),
            ..RawAuthor::default()
        }),
        ..RawPost::default()
    }
}

async fn opened(data: &Path) -> Arc<Engine> {
    let config = config::parse("", Path::new("")).unwrap();
    let settings = Settings {
        retention: Default::default(),
        data: data.to_owned(),
        store: None,
        journal: config.journal,
        kafka: None,
        policy: config.privacy,
        scoring: config.scoring,
        onnx: Vec::new(),
        postgres: None,
        threads: 1,
    };
    let models = groundswell::weights::embedded().unwrap();
    let start = move || Engine::start(&settings, models, |_, _| {}).unwrap();
    tokio::task::spawn_blocking(start).await.unwrap()
}

async fn started(data: &Path) -> Arc<Engine> {
    let engine = opened(data).await;
    let input: MonitorInput =
        serde_json::from_value(serde_json::json!({"name": "kettle", "query": "kettle"})).unwrap();
    let monitor = engine.control.create_monitor("default", &input).unwrap();
    engine.publish_monitors(&[monitor.id]).await.unwrap();
    engine
}

async fn push(engine: &Engine, posts: impl IntoIterator<Item = RawPost>) {
    let events = posts.into_iter().map(|p| SourceEvent::Post(Box::new(p)));
    let receipt = engine.intake.ingest("push", events.collect()).await.unwrap();
    assert_eq!(receipt.refused, []);
}

/// The first is quoted by the third; the second and its author stay.
async fn filled(data: &Path) -> Arc<Engine> {
    let engine = started(data).await;
    let quote = RawPost {
        kind: Kind::Quote,
        quote_of: Some("test:1".into()),
        quoted_text: Some(format!("a kettle, {MARK}")),
        ..raw("3", "see what is said of this kettle")
    };
    push(
        &engine,
        [
            raw("1", &format!("a kettle, {MARK}")),
            raw("2", "another kettle"),
            quote,
        ],
    )
    .await;
    engine
}

fn files_with(folder: &Path, what: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, what));
        } else if std::fs::read(&path).is_ok_and(|b| b.windows(what.len()).any(|w| w == what.as_bytes())) {
            found.push(path.display().to_string());
        }
    }
    found
}

async fn stop(engine: Arc<Engine>) {
    tokio::task::spawn_blocking(move || engine.stop()).await.unwrap();
}

/// Mentions once everything that was taken is stored.
async fn stored(engine: &Engine, mentions: u64) {
    while engine.store.snapshot().total().unwrap() != mentions {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_post_is_gone_from_answers_at_once_and_from_the_disk_when_the_clock_strikes() {
    let dir = tempfile::tempdir().unwrap();
    let engine = filled(dir.path()).await;
    stored(&engine, 3).await;
    let clock = Clock { after_ms: 12 * HOUR };
    assert_eq!(engine.control.purge_since().unwrap(), None);
    assert_eq!(
        clock.tick(&engine, i64::MAX, false).await.unwrap(),
        None,
        "nothing was deleted"
    );

    let gone = RawPost {
        event: Event::Delete,
        ..raw("1", "")
    };
    push(&engine, [gone]).await;
    stored(&engine, 2).await;
    assert!(
        !files_with(dir.path(), MARK).is_empty(),
        "deleted is not off the disk"
    );
    let since = engine.control.purge_since().unwrap().unwrap();
    assert_eq!(
        clock.tick(&engine, since + 12 * HOUR - 1, false).await.unwrap(),
        None
    );
    let purge = clock
        .tick(&engine, since + 12 * HOUR, false)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((purge.journal_posts, purge.log_truncated), (2, true));
    assert!(
        files_with(dir.path(), MARK).is_empty(),
        "{:?}",
        files_with(dir.path(), MARK)
    );
    assert_eq!(engine.control.purge_since().unwrap(), None);
    // A deletion suppresses nobody, and what quoted the post is still there.
    assert_eq!(engine.control.suppression_entries().unwrap(), []);
    push(&engine, [raw("4", "the same author's next kettle")]).await;
    stored(&engine, 3).await;
    let rows = engine.control.audit_page(None, 9).unwrap();
    assert_eq!(
        (rows.len(), rows[0].action.as_str(), rows[0].actor.as_str()),
        (1, "purge", "server")
    );
    stop(engine).await;
    assert!(
        files_with(dir.path(), MARK).is_empty(),
        "{:?}",
        files_with(dir.path(), MARK)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_platform_says_of_an_account_takes_all_its_posts_and_their_quotations() {
    let dir = tempfile::tempdir().unwrap();
    let engine = filled(dir.path()).await;
    stored(&engine, 3).await;
    let left = SourceEvent::AuthorGone {
        platform: "test",
        author_id: "author of 1".into(),
    };
    engine.intake.ingest("push", vec![left]).await.unwrap();
    stored(&engine, 2).await;
    engine.purge().await.unwrap();
    assert!(
        files_with(dir.path(), MARK).is_empty(),
        "{:?}",
        files_with(dir.path(), MARK)
    );
    // A restart replays nothing of it.
    stop(engine).await;
    let engine = opened(dir.path()).await;
    assert_eq!(engine.store.snapshot().total().unwrap(), 2);
    stop(engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_cut_short_is_finished_by_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let engine = filled(dir.path()).await;
    stored(&engine, 3).await;
    let asked = Asked {
        author: "author of 1".into(),
        platform: None,
        reason: Some("asked by the author of 1".into()),
    };
    let by = AuditEvent::new("local", AccessRole::Admin, Action::Erase);
    let begun = engine.begin_erasure(asked, by).await.unwrap();
    let id = begun.erasure.id.clone();
    assert_eq!(begun.erasure.reason.as_deref(), Some("asked by the [author]"));
    drop(begun);
    stop(engine).await;
    assert!(!files_with(dir.path(), MARK).is_empty());

    let engine = opened(dir.path()).await;
    assert!(!engine.control.erasure(&id).unwrap().done);
    let again = SourceEvent::Post(Box::new(raw("1", "a kettle of the same author")));
    let receipt = engine.intake.ingest("push", vec![again]).await.unwrap();
    assert_eq!(
        receipt.refused[0].1, "suppressed",
        "noted is enough to be refused"
    );
    assert_eq!(engine.resume_erasures().await.unwrap(), 1);
    assert!(files_with(dir.path(), MARK).is_empty());
    let done = engine.control.erasure(&id).unwrap();
    let receipt = done.receipt.unwrap();
    let keys = engine.control.signing_keys().unwrap();
    let checked = Receipt::check(&receipt, &keys, Some(&engine.control));
    assert!(matches!(checked, Checked::Holds(_)), "{checked:?}");
    assert!(
        receipt.contains("\"mentions\": 1") && receipt.contains("\"quotations\": 1"),
        "{receipt}"
    );
    assert_eq!(engine.resume_erasures().await.unwrap(), 0);
    stop(engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_that_fails_midway_is_tried_again_while_the_server_runs() {
    let dir = tempfile::tempdir().unwrap();
    let engine = filled(dir.path()).await;
    stored(&engine, 3).await;
    // Something that the purge, which comes after the posts were deleted, cannot take away.
    let broken = dir.path().join("backup.staging");
    std::fs::write(&broken, "").unwrap();
    let asked = Asked {
        author: "author of 1".into(),
        platform: None,
        reason: None,
    };
    let by = AuditEvent::new("local", AccessRole::Admin, Action::Erase);
    let begun = engine.begin_erasure(asked, by).await.unwrap();
    let id = begun.erasure.id.clone();
    let finishing = engine.clone();
    let work = tokio::spawn(async move { finishing.finish_erasure_at_last(&begun).await });
    stored(&engine, 2).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert!(!engine.control.erasure(&id).unwrap().done);
    std::fs::remove_file(&broken).unwrap();
    let receipt = work.await.unwrap().to_json();
    // The counts are those of before the first try.
    assert!(receipt.contains("\"mentions\": 1"), "{receipt}");
    assert!(engine.control.erasure(&id).unwrap().done);
    assert!(files_with(dir.path(), MARK).is_empty());
    stop(engine).await;
}
