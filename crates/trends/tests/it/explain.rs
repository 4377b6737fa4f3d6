//! Explained peaks.

use trends::explain::{Dimension, Item, explain};
use trends::random::Random;

fn item(key: u64, text: &str) -> Item<'_> {
    Item {
        key,
        author: key,
        at: key as i64,
        platform: key % 2,
        tier: 0,
        group: key,
        topic: key % 5,
        language: 0,
        place: 0,
        repost_of: None,
        sentiment: Some(1),
        text,
    }
}

fn talk(n: u64, random: &mut Random) -> Vec<String> {
    let word = |random: &mut Random| format!("word{}", random.below(80));
    (0..n)
        .map(|_| {
            format!(
                "{} {} {} {}",
                word(random),
                word(random),
                word(random),
                word(random)
            )
        })
        .collect()
}

#[test]
fn the_cause_is_named_with_its_first_post_its_mood_and_what_is_owed_to_reposts() {
    let mut random = Random::new(1);
    let before = talk(400, &mut random);
    let mut inside = talk(100, &mut random);
    inside.extend((0..60).map(|i| format!("word{} battery recall for everyone {}", i % 7, i % 9)));
    let before: Vec<Item> = before
        .iter()
        .enumerate()
        .map(|(i, t)| item(1000 + i as u64, t))
        .collect();
    let mut peak: Vec<Item> = inside
        .iter()
        .enumerate()
        .map(|(i, t)| item(i as u64, t))
        .collect();
    for cause in &mut peak[100..] {
        cause.sentiment = Some(0);
        cause.platform = 1;
    }
    for copy in &mut peak[120..150] {
        copy.repost_of = Some(119);
        copy.group = 119;
        copy.text = peak_text();
    }
    let found = explain(&peak, &before, 4.0);
    assert_eq!((found.posts, found.expected, found.excess), (160, 100.0, 60.0));
    let first: Vec<&str> = found.terms.iter().take(3).map(|t| t.text.as_str()).collect();
    assert!(
        first
            .iter()
            .any(|t| t.contains("battery") || t.contains("recall")),
        "{first:?}"
    );
    assert_eq!(found.first, Some((100, 100)));
    let reposts = found.reposts.unwrap();
    assert_eq!((reposts.of, reposts.posts), (119, 30));
    let (now, usual) = (found.sentiment.0.unwrap(), found.sentiment.1.unwrap());
    assert!(now.high < usual.low);
    assert!(found.medoids.len() == 3 && found.medoids.iter().any(|m| m.post >= 100));
    let platforms = found
        .parts
        .iter()
        .find(|p| p.dimension == Dimension::Platform)
        .unwrap();
    assert_eq!(
        (platforms.parts[0].value, platforms.parts[0].excess),
        (Some(1), 60.0)
    );
    assert!(!platforms.parts[0].evidence.is_empty());
}

fn peak_text() -> &'static str {
    "the battery recall for everyone is here"
}

#[test]
fn one_author_who_repeats_a_word_explains_nothing() {
    let mut random = Random::new(2);
    let (before, inside) = (talk(400, &mut random), talk(100, &mut random));
    let before: Vec<Item> = before
        .iter()
        .enumerate()
        .map(|(i, t)| item(1000 + i as u64, t))
        .collect();
    let mut peak: Vec<Item> = inside
        .iter()
        .enumerate()
        .map(|(i, t)| item(i as u64, t))
        .collect();
    for i in 0..100 {
        peak.push(Item {
            author: 7,
            ..item(5000 + i, "unbelievable bargain")
        });
    }
    let found = explain(&peak, &before, 4.0);
    assert!(
        found.terms.iter().all(|t| !t.text.contains("bargain")),
        "{:?}",
        found.terms
    );
}

#[test]
fn nothing_before_and_nothing_inside_are_no_trouble() {
    let posts = [item(1, "a first post"), item(2, "a second post")];
    let found = explain(&posts, &[], 4.0);
    assert_eq!((found.excess, found.sentiment.0), (2.0, None));
    let empty = explain(&[], &posts, 4.0);
    assert!(
        empty.excess < 0.0
            && empty
                .parts
                .iter()
                .all(|p| p.parts.iter().all(|p| p.share.is_none()))
    );
}
