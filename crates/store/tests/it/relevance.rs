//! The order by relevance is that of Okapi BM25, worked out here over plain lists of words.

use crate::made;
use post::{MentionId, PostKey};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{Change, Error, Filter, Mention, Options, Search, Snapshot, Sort, Store};

/// Significant in English, all of them, and none begins another but the last two.
const WORDS: [&str; 7] = [
    "battery", "screen", "delivery", "refund", "camera", "charge", "charger",
];

/// A post of these words, so many days after the first.
fn mention(n: u16, words: &[usize]) -> Mention {
    let mut mention = made::mention(1, 0, 0);
    let key = u128::from(n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    mention.id = MentionId(key.to_be_bytes());
    mention.primary = true;
    mention.lang = "en".to_owned();
    mention.post.key = PostKey(key.to_be_bytes());
    mention.post.title = None;
    mention.post.created_at = made::START + i64::from(n % 3) * made::DAY * 20;
    mention.post.seen_at = mention.post.created_at;
    let words: Vec<&str> = words.iter().map(|w| WORDS[*w]).collect();
    mention.post.text = words.join(" ");
    mention
}

fn stored(mentions: &[Mention]) -> (tempfile::TempDir, Store) {
    let dir = made::folder();
    let options = Options {
        large_segment: 5,
        ..Options::default()
    };
    let (mut store, _) = Store::open(dir.path(), options).unwrap();
    for some in mentions.chunks(20) {
        let puts = some.iter().map(|m| Change::Put {
            post: m.post.key,
            mentions: vec![m.clone()],
        });
        store.apply(puts.collect::<Vec<_>>(), 0).unwrap();
        store.commit().unwrap();
    }
    (dir, store)
}

fn asking(text: &str) -> Filter {
    Filter {
        q: Some(Search {
            query: Arc::new(query::parse(text).unwrap()),
            pseudonyms: None,
        }),
        ..Filter::default()
    }
}

/// All pages of so many.
fn paged(snapshot: &Snapshot, filter: &Filter, limit: usize) -> Vec<MentionId> {
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = snapshot.sorted(filter, Sort::Relevance, after, limit).unwrap();
        ids.extend(page.items.iter().map(|m| m.id));
        match page.next {
            Some(next) => after = Some(next),
            None => return ids,
        }
    }
}

/// Thousandths of the score of a text for some words, among texts.
fn score(text: &[usize], wanted: &BTreeSet<usize>, all: &[Vec<usize>]) -> i64 {
    let distinct: BTreeSet<usize> = text.iter().copied().collect();
    let mut score = 0.0;
    for word in wanted {
        let times = text.iter().filter(|w| *w == word).count() as f64;
        let having = all.iter().filter(|text| text.contains(word)).count() as f64;
        let weight = ((all.len() as f64 - having + 0.5) / (having + 0.5) + 1.0).ln();
        score += weight * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * distinct.len() as f64 / 10.0));
    }
    (score * 1_000.0).round() as i64
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn mentions_stand_in_the_order_of_bm25(
        texts in proptest::collection::vec(proptest::collection::vec(0usize..7, 1..14), 1..90),
        wanted in proptest::collection::btree_set(0usize..7, 1..4),
        without in 0usize..7,
        limit in 1usize..9,
    ) {
        let mentions: Vec<Mention> = texts.iter().enumerate().map(|(n, t)| mention(n as u16, t)).collect();
        let (_dir, store) = stored(&mentions);
        let any: Vec<&str> = wanted.iter().map(|w| WORDS[*w]).collect();
        let without = Some(without).filter(|w| !wanted.contains(w));
        let not = without.map(|w| format!(" AND NOT {}", WORDS[w])).unwrap_or_default();
        let filter = asking(&format!("({}){not}", any.join(" OR ")));
        let mut expected: Vec<_> = texts
            .iter()
            .zip(&mentions)
            .filter(|(text, _)| text.iter().any(|w| wanted.contains(w)) && !text.iter().any(|w| Some(*w) == without))
            .map(|(text, m)| (score(text, &wanted, &texts), m.post.created_at, m.id))
            .collect();
        expected.sort_by(|a, b| b.cmp(a));
        let expected: Vec<MentionId> = expected.into_iter().map(|(_, _, id)| id).collect();
        prop_assert_eq!(paged(&store.reader().snapshot(), &filter, limit), expected);
    }
}

#[test]
fn what_begins_so_weighs_once_and_phrases_by_their_words() {
    let texts = [
        vec![5, 6, 6, 6],
        vec![5, 5, 0],
        vec![5, 1],
        vec![1, 5, 2, 3],
        vec![0, 2],
    ];
    let mentions: Vec<Mention> = texts
        .iter()
        .enumerate()
        .map(|(n, t)| mention(n as u16 * 3, t))
        .collect();
    let (_dir, store) = stored(&mentions);
    let snapshot = store.reader().snapshot();
    let order = |text: &str| {
        let found = paged(&snapshot, &asking(text), 2);
        let place = |id: &MentionId| mentions.iter().position(|m| m.id == *id).unwrap();
        found.iter().map(place).collect::<Vec<_>>()
    };
    // All have it once: the shorter first, and of equal ones the newest, which has the larger id here or not.
    let prefixed = order("charge*");
    assert_eq!(prefixed.len(), 4);
    assert_eq!(prefixed[3], 3, "the longest comes last: {prefixed:?}");
    assert_eq!(order("\"screen charge\""), [3], "verified, and ranked");
    assert_eq!(order("charger OR charge")[0], 0);
}

#[test]
fn without_a_search_the_order_is_refused() {
    let (_dir, store) = stored(&[mention(1, &[1])]);
    let refused = store
        .reader()
        .snapshot()
        .sorted(&Filter::default(), Sort::Relevance, None, 5);
    let Err(Error::Question(why)) = refused else {
        panic!("{refused:?}")
    };
    assert!(why.contains("needs a search"), "{why}");
}
