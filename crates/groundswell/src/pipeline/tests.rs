//! A set that was changed step by step matches as one compiled whole.
#![allow(clippy::unwrap_used)]

use super::{Monitors, Snapshot};
use journal::{MonitorChange, MonitorDef, MonitorSet};
use post::Pseudonyms;
use query::{Document, Scratch};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const WORDS: [&str; 8] = ["river", "acme", "lamp", "tea", "train", "moon", "cat", "salt"];

fn def(id: u32, version: u32, rng: &mut StdRng) -> MonitorDef {
    let mut word = || WORDS[rng.random_range(0..WORDS.len())];
    let query = format!("{} OR ({} NOT {})", word(), word(), word());
    MonitorDef {
        id: format!("m{id}"),
        project: "p".into(),
        version,
        query,
        active: rng.random_range(0..5) > 0,
    }
}

fn found(snapshot: &Snapshot, text: &str) -> Vec<(String, u32)> {
    let mut hits = Vec::new();
    let document = Document {
        text,
        ..Document::default()
    };
    snapshot.matches(&document, &mut Scratch::default(), &mut hits);
    let mut found: Vec<_> = hits
        .iter()
        .map(|&slot| snapshot.hit(slot).unwrap())
        .map(|w| (w.def.id.clone(), w.def.version))
        .collect();
    found.sort();
    found
}

#[test]
fn a_set_changed_step_by_step_matches_as_one_compiled_whole() {
    let pseudonyms = Pseudonyms::new(&[3; 32]);
    let mut rng = StdRng::seed_from_u64(1);
    let first: Vec<MonitorDef> = (0..60).map(|id| def(id, 1, &mut rng)).collect();
    let mut monitors = Monitors::new(
        MonitorSet {
            version: 1,
            monitors: first,
            ..MonitorSet::default()
        },
        &pseudonyms,
    );
    for step in 2..200u32 {
        let put: Vec<MonitorDef> = (0..rng.random_range(0..4))
            .map(|n| def(rng.random_range(0..25) * 4 + n, step, &mut rng))
            .collect();
        let remove = vec![
            format!("m{}", 100 + step % 7),
            format!("m{}", rng.random_range(0..100) / 4 * 4 + 3),
        ];
        let remove: Vec<String> = remove
            .into_iter()
            .filter(|id| !put.iter().any(|m| m.id == *id))
            .collect();
        let known = monitors.snapshot().monitor(&remove[remove.len() - 1]).is_some();
        let dropped = monitors.apply(MonitorChange {
            version: u64::from(step),
            put,
            remove: remove.clone(),
            ..MonitorChange::default()
        });
        assert_eq!(dropped.contains(&remove[remove.len() - 1]), known);
        monitors.tend();
        let now = monitors.snapshot();
        let whole = Snapshot::compile(now.set(), &pseudonyms);
        assert_eq!((now.version, now.matched()), (u64::from(step), whole.matched()));
        for _ in 0..5 {
            let text: Vec<&str> = (0..3).map(|_| WORDS[rng.random_range(0..WORDS.len())]).collect();
            let text = text.join(" ");
            assert_eq!(found(now, &text), found(&whole, &text), "{text} at {step}");
        }
    }
    // What is compiled beside the stream is taken over, and changes nothing.
    for _ in 0..500 {
        monitors.tend();
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let now = monitors.snapshot();
    let whole = Snapshot::compile(now.set(), &pseudonyms);
    for word in WORDS {
        assert_eq!(found(now, word), found(&whole, word));
    }
}

#[test]
fn a_paused_monitor_keeps_its_mentions_and_a_changed_one_drops_them() {
    let mut rng = StdRng::seed_from_u64(2);
    let one = MonitorDef {
        active: true,
        ..def(1, 1, &mut rng)
    };
    let set = MonitorSet {
        version: 1,
        monitors: vec![one.clone()],
        ..MonitorSet::default()
    };
    let mut monitors = Monitors::new(set, &Pseudonyms::new(&[3; 32]));
    let mut put = |version, def: MonitorDef| {
        monitors.apply(MonitorChange {
            version,
            put: vec![def],
            ..MonitorChange::default()
        })
    };
    let paused = MonitorDef {
        active: false,
        ..one.clone()
    };
    assert!(put(2, paused).is_empty());
    assert!(put(3, one.clone()).is_empty());
    assert_eq!(put(4, MonitorDef { version: 2, ..one }), ["m1"]);
    assert_eq!(monitors.replace(MonitorSet::default()), ["m1"]);
    assert_eq!(monitors.snapshot().matched(), 0);
}
