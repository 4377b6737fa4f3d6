//! Scores of single mentions, and context beside them.

use crate::made;
use std::collections::BTreeMap;
use store::{Change, Choice, Context, Filter, Mention, Options, Store, mention_number};

fn store(dir: &std::path::Path) -> Store {
    let (mut store, _) = Store::open(dir, Options::default()).unwrap();
    let mention = |n: u8| Mention {
        monitor_version: u32::from(!n.is_multiple_of(4)),
        ..made::mention(n, u32::from(n), 0)
    };
    let put = |n: u8| Change::Put {
        post: made::post_key(n),
        mentions: vec![mention(n)],
    };
    store.apply((0..40).map(put), 1).unwrap();
    store.commit().unwrap();
    store
}

#[test]
fn scores_are_counted_by_language_platform_and_what_they_are_toward() {
    let dir = made::folder();
    let store = store(dir.path());
    let snapshot = store.reader().snapshot();
    let filter = Filter {
        context: Context::With,
        ..Filter::default()
    };
    let mut plain: BTreeMap<(String, String, bool), u64> = BTreeMap::new();
    let mut numbers = BTreeMap::new();
    for m in snapshot.mentions(&filter, None, 100).unwrap().items {
        let Some(s) = &m.sentiment else { continue };
        *plain
            .entry((m.lang.clone(), m.post.platform.clone(), s.is_toward))
            .or_default() += 1;
        numbers.insert(mention_number(m.id), s.probabilities);
    }
    let counted: BTreeMap<_, u64> = snapshot
        .soft_scores(&filter)
        .unwrap()
        .into_iter()
        .map(|(k, scores)| ((k.lang, k.source, k.is_toward), scores.values().sum()))
        .collect();
    assert!(counted.len() > 4 && counted.keys().any(|k| k.2) && counted.keys().any(|k| !k.2));
    assert_eq!(counted, plain);
    let mut seen = 0;
    snapshot
        .each_scored(&filter, &mut |scored| {
            seen += 1;
            let probabilities = numbers[&scored.number].map(|p| (p * 1000.0).round() as u64);
            assert_eq!(scored.probabilities, probabilities);
        })
        .unwrap();
    assert_eq!(seen, numbers.len());
}

#[test]
fn context_is_counted_only_where_it_is_asked_for() {
    let dir = made::folder();
    let mut store = store(dir.path());
    let count = |store: &Store, context, monitors| {
        let filter = Filter {
            context,
            monitors,
            ..Filter::default()
        };
        store.reader().snapshot().count(&filter).unwrap()
    };
    let all = Choice::default;
    assert_eq!(count(&store, Context::Without, all()), 30);
    assert_eq!(count(&store, Context::Only, all()), 10);
    assert_eq!(count(&store, Context::With, all()), 40);
    assert_eq!(
        count(&store, Context::Without, Choice::only([made::monitor_name(0)])),
        30
    );
    // What is found to match by another monitor stands for the post from then on.
    let found = Mention {
        primary: true,
        ..made::mention(4, 4, 1)
    };
    store.apply([Change::PutBackfill(Box::new(found))], 2).unwrap();
    store.commit().unwrap();
    let project = made::project_of(1) == made::project_of(0);
    assert_eq!(count(&store, Context::Without, all()), 31);
    assert_eq!(count(&store, Context::Only, all()), if project { 9 } else { 10 });
    let mentions = store.reader().snapshot().of_post(made::post_key(4)).unwrap();
    assert_eq!(mentions.len(), 2);
    let first = &store
        .reader()
        .snapshot()
        .numbered(mention_number(mentions[0].id))
        .unwrap();
    assert_eq!(first.as_ref(), Some(&mentions[0]));
}
