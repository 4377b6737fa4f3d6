//! The two back ends answer alike: one random history, then every kind of request to both.
//!
//! Distinct counts may differ by 2 %, since clusters estimate them; everything else is compared exactly.

use crate::cluster::{Pair, Server, Tally, near, near_cells, report};
use crate::made::{self, DAY, START};
use crate::model::{self, DIMENSIONS, Step};
use crate::tables;
use jiff::tz::TimeZone;
use post::Kind;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;
use store::elastic;
use store::{
    Calendar, Change, Choice, Choose, Class, Clock, Cut, Dimension, Error, Filter, Measures, Mention,
    Question, Scores, Snapshot, Sort,
};

/// Posts put first; the random history works on the first forty of them.
const POSTS: u8 = 150;
const STEPS: usize = 160;
const FILTERS: usize = 20;
const SEARCHES: usize = 90;
const QUESTIONS: usize = 120;

pub struct Both {
    pub embedded: Snapshot,
    pub elastic: elastic::Snapshot,
    pub tally: Tally,
    /// How many filters were asked about.
    pub asked: usize,
}

impl Both {
    /// Commits, and asks of what is there then.
    pub fn new(pair: &mut Pair) -> Self {
        let (embedded, elastic) = pair.commit();
        Self {
            embedded,
            elastic,
            tally: Tally::default(),
            asked: 0,
        }
    }

    /// Commits what came since, and asks of that from here on.
    pub fn turn(&mut self, pair: &mut Pair) {
        (self.embedded, self.elastic) = pair.commit();
    }

    /// Every way to ask about a filter but tables; `f` is the filter of the embedded store, `g` of the cluster: they
    /// differ in the number of a generation. Limits and intervals change from call to call.
    pub fn ask(&mut self, f: &Filter, g: &Filter, dimensions: &[Dimension]) {
        self.asked += 1;
        let turn = self.asked;
        let (one, other, tally) = (&self.embedded, &self.elastic, &mut self.tally);
        tally.exact(|| format!("count {f:?}"), one.count(f), other.count(g));
        tally.compare(
            || format!("figures {f:?}"),
            one.figures(f),
            other.figures(g),
            |a, b| near(a.authors, &mut b.authors),
        );
        for (limit, pages) in [(7, 3), (1_000, 1)] {
            let mut after = None;
            for _ in 0..pages {
                let page = one.mentions(f, after, limit);
                let next = page.as_ref().ok().and_then(|page| page.next);
                let what = || format!("page of {limit} after {after:?} {f:?}");
                tally.exact(what, page, other.mentions(g, after, limit));
                match next {
                    Some(_) => after = next,
                    None => break,
                }
            }
        }
        // Each filter in one order, small pages to the end of two.
        let sort = match f.q {
            // How well mentions answer a search is worked out twice.
            Some(_) if !turn.is_multiple_of(3) => Sort::Relevance,
            _ => Sort::ALL[turn % Sort::ALL.len()],
        };
        let mut after = None;
        for _ in 0..3 {
            let page = one.sorted(f, sort, after, 5);
            let next = page.as_ref().ok().and_then(|page| page.next);
            let what = || format!("page by {sort:?} after {after:?} {f:?}");
            tally.exact(what, page, other.sorted(g, sort, after, 5));
            after = next;
            if after.is_none() {
                break;
            }
        }
        for (i, by) in dimensions.iter().enumerate() {
            for limit in [[0, 100], [2, 100], [3, 5]][(turn + i) % 3] {
                tally.compare(
                    || format!("breakdown {by:?} {limit} {f:?}"),
                    one.breakdown(f, *by, limit),
                    other.breakdown(g, *by, limit),
                    |a, b| {
                        let pairs = a.items.iter().zip(&mut b.items);
                        pairs.map(|(a, b)| near(a.authors, &mut b.authors)).sum()
                    },
                );
            }
        }
        let intervals = [(DAY, 0), (DAY, 2 * 3_600_000), (7 * DAY, 0), (3 * DAY, -DAY)];
        let by = [
            None,
            Some(Dimension::Monitor),
            Some(Dimension::Sentiment),
            Some(Dimension::Source),
            Some(Dimension::Lang),
            Some(Dimension::Kind),
        ];
        let split = by[turn % by.len()];
        for by in [None, split] {
            let (interval, offset) = intervals[(turn / by.map_or(1, |_| 3)) % intervals.len()];
            tally.exact(
                || format!("series {by:?} {interval} {offset} {f:?}"),
                one.series(f, by, interval, offset),
                other.series(g, by, interval, offset),
            );
        }
    }

    pub fn table(&mut self, question: &Question) {
        let plain = |answer: Result<store::Table, Error>| {
            answer.map(|table| {
                let keys: Vec<Vec<store::Key>> = table.axes.into_iter().map(|a| a.keys).collect();
                (keys, table.cells, table.rows, vec![table.total])
            })
        };
        self.tally.compare(
            || format!("table {question:?}"),
            plain(self.embedded.table(question).map(|table| (*table).clone())),
            plain(self.elastic.table(question)),
            |a, b| near_cells(&a.1, &mut b.1) + near_cells(&a.2, &mut b.2) + near_cells(&a.3, &mut b.3),
        );
    }

    /// Every dimension, cut further in every way.
    pub fn every_cut(&mut self) {
        let kolkata = TimeZone::get("Asia/Kolkata").unwrap();
        let within = [
            Cut::Time(Calendar::utc(store::Step::Week)),
            Cut::Clock(Clock::WeekHour, kolkata),
            Cut::Values(Dimension::Sentiment, Choose::Top(3)),
        ];
        for (i, by) in DIMENSIONS.into_iter().enumerate() {
            for (k, inner) in within.iter().enumerate() {
                let choose = if k == 1 { Choose::Most(3) } else { Choose::Top(3) };
                let mut cuts = vec![Cut::Values(by, choose), inner.clone()];
                cuts.rotate_left(k % 2);
                self.table(&Question {
                    filter: Filter {
                        from: Some(START - 10 * DAY),
                        to: Some(START + 30 * DAY),
                        ..Filter::default()
                    },
                    cuts,
                    // The audience is dear: in turn.
                    measures: Measures {
                        audience: (i + k) % 3 == 0,
                        ..Measures::ALL
                    },
                });
            }
        }
    }

    /// Everything that is asked without a filter.
    pub fn look_up(&mut self, mentions: &[Mention]) {
        let (one, other, tally) = (&self.embedded, &self.elastic, &mut self.tally);
        tally.exact(|| "total".to_owned(), one.total(), other.total());
        tally.exact(|| "platforms".to_owned(), one.platforms(), other.platforms());
        tally.exact(
            || "count by monitor".to_owned(),
            one.count_by_monitor(),
            other.count_by_monitor(),
        );
        // The embedded store may count one deleted lately.
        let oldest = mentions.iter().map(|m| m.post.created_at).min();
        tally.exact(|| "oldest".to_owned(), Ok(oldest), other.oldest());
        for mention in mentions {
            let what = || format!("mention {}", mention.id);
            tally.exact(what, one.mention(mention.id), other.mention(mention.id));
        }
        let numbers: Vec<u64> = mentions.iter().map(|m| store::mention_number(m.id)).collect();
        let absent = [0, 7, u64::MAX];
        let by_id = |found: Result<Vec<Mention>, Error>| {
            found.map(|mut all| {
                all.sort_by_key(|m| m.id);
                all
            })
        };
        for post in (0..POSTS).map(made::post_key) {
            let what = || format!("post {post}");
            tally.exact(what, by_id(one.of_post(post)), by_id(other.of_post(post)));
        }
        for author in (0..5).map(made::author_key) {
            let what = || format!("author {author}");
            let (a, b) = (
                listed(|f| one.of_author(author, f)),
                listed(|f| other.of_author(author, f)),
            );
            tally.exact(what, a, b);
        }
        for kind in Kind::ALL {
            let (a, b) = (
                listed(|f| one.of_kind(kind, f)),
                listed(|f| other.of_kind(kind, f)),
            );
            tally.exact(|| format!("kind {kind:?}"), a, b);
        }
        self.by_number(&[&absent[..], &numbers[..numbers.len().min(40)]].concat());
    }
}

/// The mentions that are told one by one, in the order of their ids.
fn listed(ask: impl FnOnce(&mut dyn FnMut(Mention)) -> Result<(), Error>) -> Result<Vec<Mention>, Error> {
    let mut list = Vec::new();
    ask(&mut |m| list.push(m))?;
    list.sort_by_key(|m| m.id);
    Ok(list)
}

pub fn some<S: Strategy>(runner: &mut TestRunner, strategy: S) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

/// The same in every run.
pub fn runner() -> TestRunner {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(Config::default(), rng)
}

/// Posts, and then a random history of the first forty of them.
pub fn history(server: &Server, runner: &mut TestRunner, posts: u8, steps: usize) -> Pair {
    let mut pair = Pair::new(&server.url);
    for n in 0..posts {
        let version = u32::from(n).wrapping_mul(2_654_435) >> 3;
        pair.step(Step::Change(model::put(n, version, 1 + n % 15)));
    }
    pair.commit();
    for _ in 0..steps {
        let step = some(runner, model::step());
        pair.step(step);
    }
    pair
}

#[test]
fn both_back_ends_answer_alike() {
    let Some(server) = Server::start() else {
        return;
    };
    let begin = std::time::Instant::now();
    let runner = &mut runner();
    let mut pair = history(&server, runner, POSTS, STEPS);
    let mut both = Both::new(&mut pair);
    let written = begin.elapsed();
    both.look_up(&pair.run.oracle.mentions);
    both.ask(&Filter::default(), &Filter::default(), &DIMENSIONS);
    both.singles(&Filter::default());
    for _ in 0..FILTERS {
        let f = some(runner, model::filter());
        both.ask(&f, &f, &DIMENSIONS);
        both.singles(&f);
    }
    for _ in 0..SEARCHES {
        let q = some(runner, model::search());
        let f = Filter {
            q,
            ..Filter::default()
        };
        both.ask(&f, &f, &[Dimension::Term]);
    }
    for &(one, other) in &pair.generations {
        let upto = |generation| Filter {
            upto: Some(generation),
            ..Filter::default()
        };
        both.ask(&upto(one), &upto(other), &[Dimension::Monitor]);
    }
    both.every_cut();
    for n in 0..QUESTIONS {
        let (filter, q) = (some(runner, tables::bounded()), some(runner, model::search()));
        let cuts = some(runner, proptest::collection::vec(tables::cut(), 0..3));
        let measures = some(runner, tables::measures());
        // Mostly without further filters, or little would be counted.
        let filter = match n % 4 {
            0 => filter,
            k => Filter {
                from: filter.from,
                to: filter.to,
                q: q.filter(|_| k == 1),
                ..Filter::default()
            },
        };
        both.table(&Question {
            filter,
            cuts,
            measures,
        });
    }
    report("conformance", &both.tally, written, begin.elapsed());
}

#[test]
fn new_scores_are_found_and_the_post_stays() {
    let Some(server) = Server::start() else {
        return;
    };
    let mut pair = Pair::new(&server.url);
    pair.step(Step::Change(model::put(1, 9, 7)));
    let before = pair.commit().1.of_post(made::post_key(1)).unwrap();
    let mut joy = |m: &Mention| {
        (m.monitor == "m1").then(|| Scores {
            classes: vec![Class {
                task: "emotion".to_owned(),
                label: "surprise".to_owned(),
                probability: 0.9,
                model: "panel@2".to_owned(),
            }],
            ..m.scores.clone()
        })
    };
    assert!(pair.elastic().rescore(made::post_key(1), &mut joy).unwrap());
    assert!(!pair.elastic().rescore(made::post_key(2), &mut joy).unwrap());
    let commit = pair.elastic().commit().unwrap();
    assert!(commit.replaced);
    let after = pair.elastic().reader().snapshot();
    let surprised = Filter {
        monitors: Choice::only(["m1".to_owned()]),
        emotions: Choice::only(["surprise".to_owned()]),
        ..Filter::default()
    };
    assert_eq!(after.count(&surprised).unwrap(), 1);
    let posts = |list: Vec<Mention>| -> BTreeMap<_, _> { list.into_iter().map(|m| (m.id, m.post)).collect() };
    assert_eq!(posts(after.of_post(made::post_key(1)).unwrap()), posts(before));
}

#[test]
fn what_is_applied_again_changes_nothing() {
    let Some(server) = Server::start() else {
        return;
    };
    let mut pair = Pair::new(&server.url);
    for n in 0..30 {
        pair.step(Step::Change(model::put(n, u32::from(n) * 31, 1 + n % 15)));
    }
    pair.step(Step::Change(Change::DropMonitor {
        monitor: made::monitor_name(1),
    }));
    let journal = pair.journal.clone();
    let before = pair.commit().1.mentions(&Filter::default(), None, 100).unwrap();
    for _ in 0..2 {
        pair.elastic().apply(journal.clone(), 0).unwrap();
    }
    let commit = pair.elastic().commit().unwrap();
    assert_eq!(commit.position, journal.len() as u64);
    let after = pair.elastic().reader().snapshot();
    assert_eq!(after.mentions(&Filter::default(), None, 100).unwrap(), before);
    assert!(before.total > 0);
}
