//! Marks beside the documents: what people did is found, counted and taken back, and holds over commits.

use crate::made::{self, DAY, START};
use crate::model::{self, Run};
use proptest::prelude::*;
use std::collections::BTreeMap;
use store::{
    Choice, Choose, Cut, Dimension, Filter, Key, Label, Mark, Marked, Measures, Mention, Question, Snapshot,
};

pub fn mark() -> impl Strategy<Value = Mark> {
    let tags =
        proptest::sample::subsequence(vec!["fix".to_owned(), "legal".to_owned(), "vip".to_owned()], 0..3);
    let status = proptest::option::of(proptest::sample::select(vec![
        "open".to_owned(),
        "closed".to_owned(),
    ]));
    let label = proptest::option::weighted(0.4, proptest::sample::select(Label::ALL.to_vec()));
    (tags, status, any::<[bool; 2]>(), label).prop_map(|(tags, status, [starred, muted], sentiment)| Mark {
        tags,
        status,
        starred,
        muted,
        sentiment,
        ..Mark::default()
    })
}

/// Marks of some posts' mentions by monitor 0; those that are not stored are there, too.
fn marks() -> impl Strategy<Value = BTreeMap<u8, Mark>> {
    proptest::collection::btree_map(0u8..40, mark(), 0..25)
}

fn marked(marks: &BTreeMap<u8, Mark>) -> Vec<Marked> {
    let one = |(n, mark): (&u8, &Mark)| Marked {
        number: store::mention_number(made::mention_id(*n, 0)),
        created_at: made::post(*n, 5).created_at,
        mark: mark.clone(),
    };
    marks.iter().map(one).collect()
}

/// The mark of a mention, if its post was published on a day that was said with the mark.
fn of<'m>(snapshot: &'m Snapshot, m: &Mention) -> Option<&'m Mark> {
    snapshot.marks().of(m.id)
}

fn label(snapshot: &Snapshot, m: &Mention) -> Option<Label> {
    let corrected = of(snapshot, m).and_then(|mark| mark.sentiment);
    corrected.or(m.sentiment.as_ref().map(store::Sentiment::label))
}

fn check(snapshot: &Snapshot, mentions: &[Mention]) {
    let words = [
        "tag:fix",
        "tag:legal",
        "status:open",
        "starred",
        "muted",
        "corrected",
        "tag:none",
    ];
    let count = |filter: &Filter| snapshot.count(filter).unwrap();
    let has = |m: &&Mention, word: &str| {
        of(snapshot, m).is_some_and(|mark| mark.words().contains(&word.to_owned()))
    };
    for word in words {
        let with = Filter {
            marks: vec![Choice::only([word.to_owned()])],
            ..Filter::default()
        };
        let without = Filter {
            marks: vec![Choice::except([word.to_owned()])],
            ..Filter::default()
        };
        let expected = mentions.iter().filter(|m| has(m, word)).count() as u64;
        assert_eq!(count(&with), expected, "{word}");
        assert_eq!(count(&without), mentions.len() as u64 - expected, "not {word}");
        assert_eq!(
            snapshot.mentions(&with, None, 50).unwrap().items.len() as u64,
            expected
        );
    }
    for wanted in Label::ALL {
        let filter = Filter {
            sentiments: Choice::only([wanted]),
            ..Filter::default()
        };
        let expected = mentions
            .iter()
            .filter(|m| label(snapshot, m) == Some(wanted))
            .count() as u64;
        assert_eq!(count(&filter), expected, "{wanted:?}");
        assert_eq!(
            snapshot.figures(&Filter::default()).unwrap().sentiment[wanted as usize],
            expected
        );
    }
    let question = Question {
        filter: Filter::default(),
        cuts: vec![
            Cut::Values(Dimension::Tag, Choose::Top(2)),
            Cut::Values(Dimension::Sentiment, Choose::Top(3)),
        ],
        measures: Measures {
            sentiment: true,
            ..Measures::default()
        },
    };
    let table = snapshot.table(&question).unwrap();
    let listed: Vec<String> = table.axes[0]
        .keys
        .iter()
        .filter_map(|key| match key {
            Key::Value(tag) => Some(tag.clone()),
            _ => None,
        })
        .collect();
    for (row, key) in table.axes[0].keys.iter().enumerate() {
        let is_here = |m: &&Mention| {
            let tags = of(snapshot, m).map(|mark| mark.tags.clone()).unwrap_or_default();
            match key {
                Key::Value(tag) => tags.contains(tag),
                _ => !tags.is_empty() && !tags.iter().any(|t| listed.contains(t)),
            }
        };
        let here: Vec<&Mention> = mentions.iter().filter(is_here).collect();
        assert_eq!(table.rows[row].mentions, here.len() as u64, "{key:?}");
        for wanted in Label::ALL {
            let expected = here.iter().filter(|m| label(snapshot, m) == Some(wanted)).count() as u64;
            assert_eq!(table.cell(row, wanted as usize).unwrap().mentions, expected);
            assert_eq!(table.rows[row].sentiment[wanted as usize], expected);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 30, ..ProptestConfig::default() })]

    #[test]
    fn marks_are_found_and_counted_as_they_are_by_now(first in marks(), second in marks()) {
        let mut run = Run::new(2);
        for n in 0..30 {
            // Version 5 of each post, which the days of the marks are of.
            run.step(model::Step::Change(model::put(n, 5, 1)));
        }
        let before = run.finish();
        run.store().reader().mark(marked(&first));
        let snapshot = run.store().reader().snapshot();
        check(&snapshot, &run.oracle.mentions);
        check(&before, &run.oracle.mentions);
        for n in 20..36 {
            run.step(model::Step::Change(model::put(n, 5, 1)));
        }
        run.store().reader().mark(marked(&second));
        let snapshot = run.finish();
        check(&snapshot, &run.oracle.mentions);
        let none: Vec<Marked> = marked(&first)
            .into_iter()
            .chain(marked(&second))
            .map(|m| Marked { mark: Mark::default(), ..m })
            .collect();
        run.store().reader().mark(none);
        let empty = Filter { marks: vec![Choice::only(["starred".to_owned()])], ..Filter::default() };
        prop_assert_eq!(run.store().reader().snapshot().count(&empty).unwrap(), 0);
        check(&snapshot, &run.oracle.mentions);
    }
}

#[test]
fn a_permalinks_snapshot_keeps_its_marks() {
    let mut run = Run::new(1);
    run.step(model::Step::Change(model::put(1, 5, 1)));
    let before = run.finish();
    let starred = Mark {
        starred: true,
        ..Mark::default()
    };
    let version = run.store().reader().mark(marked(&BTreeMap::from([(1, starred)])));
    assert_eq!((before.marks().version(), version), (0, 1));
    let filter = Filter {
        marks: vec![Choice::only(["starred".to_owned()])],
        from: Some(START - 2_000 * DAY),
        ..Filter::default()
    };
    assert_eq!(before.count(&filter).unwrap(), 0);
    assert_eq!(run.finish().count(&filter).unwrap(), 1);
}
