//! A text past its time is on no disk, wherever it stood.

use crate::server::config;
use groundswell::config::load;
use groundswell::live::Live;
use groundswell::pipeline::Engine;
use groundswell::{clock, retention, serve};
use journal::Entry;
use post::RawPost;
use sources::SourceEvent;
use std::path::Path;
use std::sync::Arc;

const DAY: i64 = 24 * 3_600_000;

fn aged(n: u32, platform: &str, days: i64, text: &str) -> SourceEvent {
    let at = post::to_rfc3339(clock::now() - days * DAY);
    SourceEvent::Post(Box::new(RawPost {
        uid: Some(format!("{platform}:n{n}")),
        platform: Some(platform.to_owned()),
        created_at: Some(at.clone()),
        seen_at: Some(at),
        text: text.to_owned(),
        ..RawPost::default()
    }))
}

fn holds(folder: &Path, what: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, what);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(what.len()).any(|w| w == what.as_bytes())
    })
}

fn journaled(engine: &Engine) -> Vec<String> {
    let mut reader = engine.journal.reader(engine.journal.first_position());
    let mut texts = Vec::new();
    while let Some(batch) = reader.next_batch() {
        for read in batch.unwrap() {
            if let Entry::Post { post, .. } = read.entry {
                texts.push(post.text.clone());
            }
        }
    }
    texts
}

async fn started(path: &Path) -> Arc<Engine> {
    let config = load(Some(path)).unwrap();
    serve::start_engine(&config, &Live::default(), &Arc::default())
        .await
        .unwrap()
        .0
}

#[test]
fn a_text_of_31_days_leaves_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let more = "[journal]\nmax_hours = 10000\n[[monitor]]\nname = \"K\"\nquery = \"kettle\"\n";
    let path = config(folder.path(), more);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let engine = started(&path).await;
        let posts = vec![
            aged(1, "youtube", 31, "a kettle zyzzyvaold"),
            aged(2, "youtube", 2, "a kettle zyzzyvanew"),
            aged(3, "youtube", 31, "nobody asked for quaggaold"),
            aged(4, "bluesky", 31, "a kettle zyzzyvablue"),
        ];
        engine.intake.ingest("test", posts).await.unwrap();
        while engine.store.snapshot().total().unwrap() < 3 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let store = folder.path().join("data/store");
        assert!(holds(&store, "zyzzyvaold"), "terms stand on the disk as they are");

        let now = clock::now();
        let pass = retention::pass(&engine, &[], now).await.unwrap();
        assert_eq!((pass.mentions.features, pass.mentions.texts), (1, 0));
        assert!(!pass.journal, "as far as arrivals go, all came just now");
        let again = retention::pass(&engine, &[], now).await.unwrap();
        assert_eq!(again.mentions, store::Expired::default());
        engine.purge().await.unwrap();

        assert!(!holds(&store, "zyzzyvaold"));
        assert!(holds(&store, "zyzzyvanew") && holds(&store, "zyzzyvablue"));
        let left = journaled(&engine);
        assert_eq!(left, ["a kettle zyzzyvanew", "a kettle zyzzyvablue"]);
        assert_eq!(
            engine.store.snapshot().total().unwrap(),
            3,
            "all are still counted"
        );
        let later = retention::pass(&engine, &[], now + 31 * DAY).await.unwrap();
        assert!(later.journal && later.mentions.features == 1, "{later:?}");
        tokio::task::spawn_blocking(move || engine.stop()).await.unwrap();

        // Nor does it come back.
        let engine = started(&path).await;
        assert_eq!(engine.store.snapshot().total().unwrap(), 3);
        assert!(!holds(&folder.path().join("data"), "zyzzyvaold"));
        tokio::task::spawn_blocking(move || engine.stop()).await.unwrap();
    });
}
