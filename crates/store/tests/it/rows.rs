//! Mentions one by one, as their columns know them.

use crate::made::{self, DAY};
use std::collections::{BTreeMap, BTreeSet};
use store::{Change, Choice, Filter, Mention, Options, Snapshot, Store};

/// A store with the mentions of 120 posts by monitors 0 to 2, in several commits and partitions.
fn stored() -> (tempfile::TempDir, Store, Vec<Mention>) {
    let dir = made::folder();
    let (mut store, _) = Store::open(dir.path(), Options::default()).unwrap();
    let mut all = Vec::new();
    for n in 0..120u8 {
        let monitors = (0..3).filter(|m| (n + 1) >> m & 1 == 1);
        let mentions: Vec<Mention> = monitors.map(|m| made::mention(n, u32::from(n) % 7, m)).collect();
        all.extend(mentions.clone());
        let post = made::post_key(n);
        store
            .apply([Change::Put { post, mentions }], u64::from(n) + 1)
            .unwrap();
        if n % 50 == 0 {
            store.commit().unwrap();
        }
    }
    store.commit().unwrap();
    (dir, store, all)
}

fn found(snapshot: &Snapshot, filter: &Filter, monitors: &[String]) -> BTreeMap<String, (u16, i64)> {
    let rows = snapshot.rows(filter, monitors, 1_000).unwrap();
    rows.iter()
        .map(|row| {
            (
                snapshot.row_mention(row).unwrap().id.to_string(),
                (row.monitor, row.at),
            )
        })
        .collect()
}

#[test]
fn rows_are_the_mentions_that_pass_and_lead_to_them() {
    let (_dir, store, all) = stored();
    let snapshot = store.reader().snapshot();
    let monitors: Vec<String> = [2, 0].map(made::monitor_name).into();
    let place = |m: &Mention| {
        monitors
            .iter()
            .position(|name| *name == m.monitor)
            .map(|at| at as u16)
    };
    for filter in [
        Filter::default(),
        Filter {
            from: Some(made::START + DAY),
            to: Some(made::START + 3 * DAY),
            ..Filter::default()
        },
        Filter {
            sources: Choice::only(["x".to_owned()]),
            ..Filter::default()
        },
    ] {
        let passes = |m: &&Mention| {
            m.post.author.is_some()
                && filter.from.is_none_or(|from| m.post.created_at >= from)
                && filter.to.is_none_or(|to| m.post.created_at < to)
                && (filter.sources.is_all() || m.post.platform == "x")
        };
        let expected: BTreeMap<_, _> = all
            .iter()
            .filter(passes)
            .filter_map(|m| Some((m.id.to_string(), (place(m)?, m.post.created_at))))
            .collect();
        assert!(expected.len() > 20);
        assert_eq!(found(&snapshot, &filter, &monitors), expected);
        let times = all.iter().filter(|m| passes(m) || m.post.author.is_none());
        let times: BTreeSet<i64> = times
            .filter(|m| filter.from.is_none_or(|from| m.post.created_at >= from))
            .filter(|m| filter.to.is_none_or(|to| m.post.created_at < to))
            .filter(|m| filter.sources.is_all() || m.post.platform == "x")
            .map(|m| m.post.created_at)
            .collect();
        let extent = times.first().copied().zip(times.last().copied());
        assert_eq!(snapshot.extent(&filter).unwrap(), extent);
    }
}

#[test]
fn equal_texts_of_an_author_have_equal_numbers() {
    let (_dir, store, all) = stored();
    let snapshot = store.reader().snapshot();
    let monitors: Vec<String> = (0..3).map(made::monitor_name).collect();
    let rows = snapshot.rows(&Filter::default(), &monitors, 1_000).unwrap();
    let mut texts: BTreeMap<String, BTreeSet<Option<u64>>> = BTreeMap::new();
    let mut authors: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    for row in &rows {
        let mention = snapshot.row_mention(row).unwrap();
        texts
            .entry(match mention.group {
                Some(group) => group.to_string(),
                None => format!("{:?}{}", mention.post.title, mention.post.text),
            })
            .or_default()
            .insert(row.text);
        let author = mention.post.author.unwrap().key.to_string();
        authors.entry(row.author).or_default().insert(author);
    }
    assert!(
        texts
            .values()
            .all(|numbers| numbers.len() == 1 && !numbers.contains(&None))
    );
    assert!(authors.len() == 4 && authors.values().all(|keys| keys.len() == 1));
    assert!(all.len() > rows.len(), "some have no author");
}

#[test]
fn too_many_are_refused_with_their_number_and_nothing_has_no_extent() {
    let (_dir, store, all) = stored();
    let snapshot = store.reader().snapshot();
    let monitors: Vec<String> = (0..3).map(made::monitor_name).collect();
    let refused = snapshot
        .rows(&Filter::default(), &monitors, 100)
        .unwrap_err()
        .to_string();
    assert!(refused.contains(&format!("{} mentions", all.len())), "{refused}");
    let nothing = Filter {
        to: Some(0),
        ..Filter::default()
    };
    assert_eq!(snapshot.extent(&nothing).unwrap(), None);
}

#[test]
fn post_rows_say_what_each_post_is_labelled_and_which_values_it_has() {
    let (_dir, store, all) = stored();
    let snapshot = store.reader().snapshot();
    let values: Vec<String> = ["price", "camera", "taste"].map(str::to_owned).into();
    let by = Some((store::Dimension::Aspect, &values[..]));
    let filter = Filter {
        monitors: Choice::only([made::monitor_name(1)]),
        ..Filter::default()
    };
    type Said = (i64, u64, Option<store::Label>, u64);
    let mut found: Vec<Said> = snapshot
        .post_rows(&filter, by, 1_000)
        .unwrap()
        .into_iter()
        .map(|r| (r.at, r.engagement, r.label, r.values))
        .collect();
    let of = all.iter().filter(|m| m.monitor == made::monitor_name(1));
    let mut expected: Vec<Said> = of
        .map(|m| {
            let counts = &m.post.counts;
            let parts = [counts.likes, counts.reposts, counts.replies, counts.quotes];
            let has = |v: &String| m.scores.aspects.iter().any(|a| a.term == *v);
            let bits = (0..values.len())
                .filter(|i| has(&values[*i]))
                .fold(0, |bits, i| bits | 1 << i);
            let label = m.sentiment.as_ref().map(|s| s.label());
            (m.post.created_at, parts.into_iter().flatten().sum(), label, bits)
        })
        .collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert!(
        expected.len() > 30 && expected.iter().any(|e| e.3 != 0),
        "{expected:?}"
    );
    assert_eq!(found, expected);
    let refused = |by, most| {
        snapshot
            .post_rows(&filter, Some((by, &values[..])), most)
            .is_err()
    };
    assert!(refused(store::Dimension::Sentiment, 1_000) && refused(store::Dimension::Aspect, 3));
}
