//! Topics.

use trends::random::Random;
use trends::snapshot;
use trends::terms::Terms;
use trends::topics::{Config, Topics};

const SUBJECTS: [[&str; 6]; 4] = [
    ["battery", "phone", "hot", "charger", "recall", "screen"],
    ["train", "delay", "station", "ticket", "platform", "conductor"],
    ["goal", "match", "striker", "referee", "penalty", "stadium"],
    ["oven", "bread", "recipe", "flour", "butter", "baker"],
];

/// A post about a subject.
fn text(subject: usize, random: &mut Random) -> String {
    let words = SUBJECTS[subject];
    (0..4)
        .map(|_| words[random.below(words.len())])
        .collect::<Vec<_>>()
        .join(" ")
}

fn fed(topics: &mut Topics, posts: u64, random: &mut Random) -> Vec<(usize, u64)> {
    let mut terms = Terms::new();
    (0..posts)
        .map(|i| {
            let subject = random.below(4);
            terms.read(&text(subject, random));
            (subject, topics.assign(i, None, &terms).unwrap())
        })
        .collect()
}

/// The topic most posts of a subject went to.
fn home(found: &[(usize, u64)], subject: usize) -> u64 {
    let mut ids: Vec<u64> = found
        .iter()
        .filter(|(s, _)| *s == subject)
        .map(|(_, id)| *id)
        .collect();
    ids.sort_unstable();
    *ids.chunk_by(|a, b| a == b)
        .max_by_key(|c| c.len())
        .unwrap()
        .first()
        .unwrap()
}

#[test]
fn subjects_become_topics_with_their_words_and_a_post_that_stands_for_them() {
    let mut topics = Topics::new(Config::default());
    let found = fed(&mut topics, 400, &mut Random::new(1));
    for (subject, words) in SUBJECTS.iter().enumerate() {
        let summary = topics.summary(home(&found, subject)).unwrap();
        assert!(summary.posts > 20, "{summary:?}");
        assert!(
            summary.terms.iter().all(|(t, _)| words.contains(&t.as_str())),
            "{summary:?}"
        );
        let medoid = summary.medoid.unwrap() as usize;
        assert_eq!(found[medoid].0, subject);
    }
}

#[test]
fn ids_outlive_a_restart_and_a_merge() {
    let mut random = Random::new(2);
    let mut topics = Topics::new(Config::default());
    let found = fed(&mut topics, 300, &mut random);
    let mut again: Topics = snapshot::read(&snapshot::write(&topics).unwrap()).unwrap();
    assert_eq!(
        fed(&mut topics, 100, &mut random.clone()),
        fed(&mut again, 100, &mut random)
    );
    let (a, b) = (home(&found, 0), home(&found, 1));
    let (old, new) = (a.max(b), a.min(b));
    let posts = topics.posts(a) + topics.posts(b);
    let merged = topics.merge(&[(a, vec![1.0, 0.1]), (b, vec![1.0, 0.0])], 0.9);
    assert_eq!(merged, [(old, new)]);
    assert_eq!((topics.resolve(old), topics.posts(old)), (new, posts));
    let found = fed(&mut topics, 100, &mut random);
    assert!(found.iter().all(|(_, id)| *id != old) && found.iter().any(|(_, id)| *id == new));
    assert!(topics.posts(old) > posts);
}

#[test]
fn topics_that_nobody_writes_about_are_forgotten() {
    let config = Config {
        idle_posts: 50,
        ..Config::default()
    };
    let mut topics = Topics::new(config);
    let mut terms = Terms::new();
    for i in 0..5000u64 {
        terms.read(&format!("only{i} once{i} said{i}"));
        topics.assign(i, Some(i), &terms);
    }
    assert!(topics.alive().len() <= 52, "{}", topics.alive().len());
    assert!(topics.bytes() < 4_000_000, "{}", topics.bytes());
    assert_eq!(topics.summary(1), None);
}

#[test]
fn copies_go_where_their_first_post_went() {
    let mut topics = Topics::new(Config::default());
    let mut terms = Terms::new();
    terms.read("battery recall");
    let first = topics.assign(1, Some(9), &terms);
    terms.read("something else entirely");
    assert_eq!(topics.assign(2, Some(9), &terms), first);
    assert_ne!(topics.assign(3, None, &terms), first);
    terms.read("");
    assert_eq!(topics.assign(4, None, &terms), None);
}

#[test]
fn branches_keep_their_ids() {
    let mut random = Random::new(5);
    let mut topics = Topics::new(Config::default());
    fed(&mut topics, 500, &mut random);
    let before = topics.tree(3, 0.0);
    assert!(before.len() <= 3.max(topics.alive().len()));
    fed(&mut topics, 50, &mut random);
    let after = topics.tree(3, 0.0);
    let kept = after
        .iter()
        .filter(|b| before.iter().any(|o| o.id == b.id))
        .count();
    assert!(kept >= 2, "{before:?} {after:?}");
    let all: u64 = after.iter().map(|b| b.posts).sum();
    assert_eq!(
        all,
        topics.alive().iter().map(|id| topics.posts(*id)).sum::<u64>()
    );
}

#[test]
fn what_an_earlier_run_assigned_keeps_its_topic() {
    let mut random = Random::new(3);
    let mut first = Topics::new(Config::default());
    let mut terms = Terms::new();
    let mut told = Vec::new();
    for i in 0..200 {
        let subject = random.below(4);
        let text = text(subject, &mut random);
        terms.read(&text);
        told.push((subject, text, first.assign(i, Some(i), &terms).unwrap()));
    }
    // Nothing is left of the state but what ids mean.
    let mut second = first.emptied();
    assert!(second.alive().is_empty());
    for (i, (_, text, id)) in (0..).zip(&told) {
        terms.read(text);
        second.restore(i, Some(i), &terms, *id);
    }
    let found: Vec<(usize, u64)> = told.iter().map(|(subject, _, id)| (*subject, *id)).collect();
    for subject in 0..4 {
        let id = home(&found, subject);
        assert_eq!(first.posts(id), second.posts(id));
        assert_eq!(
            second.of_group(told.iter().position(|t| t.2 == id).unwrap() as u64),
            Some(id)
        );
    }
    terms.read("an entirely different matter");
    let new = second.assign(999, None, &terms).unwrap();
    assert!(told.iter().all(|(_, _, id)| *id < new), "no id is given twice");
}

#[test]
fn topics_of_the_same_words_are_merged_and_others_are_not() {
    let mut topics = Topics::new(Config::default());
    let mut terms = Terms::new();
    let mut random = Random::new(5);
    let say = |topics: &mut Topics, n: u64, subject: usize, id: u64, random: &mut Random| {
        let mut terms = Terms::new();
        terms.read(&text(subject, random));
        topics.restore(n, None, &terms, id);
    };
    for n in 0..40 {
        say(&mut topics, n, 0, 1 + n % 2, &mut random);
        say(&mut topics, 100 + n, 1, 3, &mut random);
    }
    assert_eq!(topics.merge_by_words(0.6), [(2, 1)]);
    assert_eq!((topics.resolve(2), topics.posts(1)), (1, 40));
    let mut all = topics.all_of(1);
    all.sort_unstable();
    assert_eq!(all, [1, 2]);
    terms.read("battery charger");
    assert_eq!(topics.assign(500, None, &terms), Some(1));
}
