//! What people and rules did with mentions, beside both back ends.

use crate::cluster::{Pair, Server, report};
use crate::conformance::{Both, history, runner, some};
use crate::made::{self, DAY, START};
use crate::marking;
use crate::model::{self, Step};
use crate::tables;
use proptest::test_runner::TestRunner;
use std::time::Instant;
use store::{Choice, Choose, Cut, Dimension, Filter, Mark, Marked, Question, mention_number};

const BY: [Dimension; 5] = [
    Dimension::Sentiment,
    Dimension::Tag,
    Dimension::Category,
    Dimension::Status,
    Dimension::Assignee,
];

/// Marks of about half of what is stored, and of some that is not.
fn marks(pair: &Pair, runner: &mut TestRunner) -> Vec<Marked> {
    let mut all = Vec::new();
    for (i, m) in pair.run.oracle.mentions.iter().enumerate() {
        let mark = some(runner, marking::mark());
        if i % 2 == 0 {
            continue;
        }
        all.push(Marked {
            number: mention_number(m.id),
            created_at: m.post.created_at,
            mark: Mark {
                category: (i % 3 == 0).then(|| format!("complaint/{}", i % 5)),
                assignee: (i % 5 < 2).then(|| ["ann", "ben"][i % 2].to_owned()),
                ..mark
            },
        });
    }
    all.push(Marked {
        number: mention_number(made::mention_id(249, 0)),
        created_at: START,
        mark: some(runner, marking::mark()),
    });
    all
}

fn ask(both: &mut Both, runner: &mut TestRunner) {
    let words = [
        "tag:fix",
        "tag:vip",
        "status:open",
        "starred",
        "muted",
        "corrected",
        "assignee:ann",
        "category:complaint/0",
        "tag:none",
    ];
    both.ask(&Filter::default(), &Filter::default(), &BY);
    both.singles(&Filter::default());
    for (i, word) in words.iter().enumerate() {
        let word = (*word).to_owned();
        let other = words[(i * 5 + 2) % words.len()].to_owned();
        for marks in [
            vec![Choice::only([word.clone()])],
            vec![Choice::except([word.clone()])],
            vec![Choice::only([word.clone(), other.clone()])],
            vec![Choice::only([word]), Choice::except([other])],
        ] {
            let f = Filter {
                marks,
                ..some(runner, model::filter())
            };
            both.ask(&f, &f, &BY);
            let plain = Filter {
                marks: f.marks,
                ..Filter::default()
            };
            both.ask(&plain, &plain, &BY[i % 2..i % 2 + 1]);
            both.singles(&plain);
        }
    }
    for (i, by) in BY.into_iter().enumerate() {
        for choose in [
            Choose::Top(2),
            Choose::Most(2),
            Choose::These(vec!["vip".to_owned(), "open".to_owned(), "positive".to_owned()]),
        ] {
            for inner in [
                None,
                Some(Cut::Values(Dimension::Sentiment, Choose::Top(3))),
                Some(Cut::Values(Dimension::Monitor, Choose::Top(2))),
                Some(Cut::Values(BY[(i + 2) % BY.len()], Choose::Most(2))),
            ] {
                let mut cuts = vec![Cut::Values(by, choose.clone())];
                cuts.extend(inner);
                both.table(&Question {
                    filter: Filter {
                        from: Some(START - 10 * DAY),
                        to: Some(START + 30 * DAY),
                        ..Filter::default()
                    },
                    cuts,
                    measures: some(runner, tables::measures()),
                });
            }
        }
    }
}

#[test]
fn marks_are_found_and_counted_alike() {
    let Some(server) = Server::start() else {
        return;
    };
    let begin = Instant::now();
    let runner = &mut runner();
    let mut pair = history(&server, runner, 60, 30);
    let mut both = Both::new(&mut pair);
    let written = begin.elapsed();
    let first = marks(&pair, runner);
    let before = both.elastic.clone();
    let versions = (
        pair.run.store().reader().mark(first.clone()),
        pair.elastic().reader().mark(first.clone()),
    );
    assert_eq!(versions, (1, 1));
    both.turn(&mut pair);
    ask(&mut both, runner);
    // A snapshot keeps the marks it was taken with.
    let starred = Filter {
        marks: vec![Choice::only(["starred".to_owned()])],
        ..Filter::default()
    };
    assert_eq!(before.count(&starred).unwrap(), 0);
    assert!(both.elastic.count(&starred).unwrap() > 0);
    // Some marks are taken away, others change, mentions go and come back.
    let mut second = marks(&pair, runner);
    second
        .iter_mut()
        .step_by(3)
        .for_each(|m| m.mark = Mark::default());
    pair.run.store().reader().mark(second.clone());
    pair.elastic().reader().mark(second);
    for n in 0..10 {
        pair.step(Step::Change(store::Change::Delete(made::post_key(n))));
    }
    for n in 0..5 {
        pair.step(Step::Change(model::put(n, 9, 15)));
    }
    both.turn(&mut pair);
    ask(&mut both, runner);
    report("marks", &both.tally, written, begin.elapsed());
}
