//! The most frequent of very many values, over partitions that differ.

use crate::made::{self, DAY};
use std::collections::BTreeMap;
use store::{Change, Dimension, Filter, Options, Period, Store};

#[test]
fn the_most_frequent_of_many_values_are_found() {
    let dir = made::folder();
    let options = Options {
        period: Period::Week,
        open_writers: 8,
        ..Options::default()
    };
    let (mut store, _) = Store::open(dir.path(), options).unwrap();
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    // Of each post's tags one is its own, and one is met the oftener the smaller its number is; `middling` is the
    // first in no week, but among the first in all.
    for n in 0..250u8 {
        let mut mention = made::mention(n, 0, 0);
        let week = i64::from(n % 4);
        mention.post.created_at = made::START + 7 * DAY * week;
        mention.post.seen_at = mention.post.created_at;
        let often = format!("week{week}-{}", (n / 4) % 8 % 5);
        mention.post.hashtags = vec![format!("own{n}"), often];
        if n % 6 == 0 {
            mention.post.hashtags.push("middling".to_owned());
        }
        for tag in &mention.post.hashtags {
            *expected.entry(tag.clone()).or_default() += 1;
        }
        store
            .apply(
                [Change::Put {
                    post: mention.post.key,
                    mentions: vec![mention],
                }],
                u64::from(n) + 1,
            )
            .unwrap();
    }
    store.commit().unwrap();
    let snapshot = store.reader().snapshot();
    let mut expected: Vec<(String, u64)> = expected.into_iter().collect();
    expected.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    for limit in [1, 2, 5, 12, 40, 400] {
        let found = snapshot
            .breakdown(&Filter::default(), Dimension::Hashtag, limit)
            .unwrap();
        let found: Vec<(String, u64)> = found.items.into_iter().map(|i| (i.key, i.mentions)).collect();
        assert_eq!(found, expected[..limit.min(expected.len())], "limit {limit}");
    }
    assert_eq!(expected[0].0, "middling");
}

#[test]
fn words_of_scripts_without_spaces_are_runs_of_katakana_and_pairs_of_others() {
    let dir = made::folder();
    let (mut store, _) = Store::open(dir.path(), Options::default()).unwrap();
    let mut mention = made::mention(1, 0, 0);
    mention.post.title = None;
    mention.post.text = "バッテリーがすぐ減る充電器 สวย".to_owned();
    let change = Change::Put {
        post: mention.post.key,
        mentions: vec![mention],
    };
    store.apply([change], 1).unwrap();
    store.commit().unwrap();
    let snapshot = store.reader().snapshot();
    let found = snapshot
        .breakdown(&Filter::default(), Dimension::Term, 10)
        .unwrap();
    let mut words: Vec<String> = found.items.into_iter().map(|item| item.key).collect();
    words.sort();
    assert_eq!(words, ["วย", "สว", "バッテリー", "充電", "電器"]);
}
