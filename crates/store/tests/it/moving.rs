//! All mentions carried into another store: the same answers there and back, after kills, changes meanwhile, and tampering.

use crate::cluster::{self, Server, Tally, report, say, scattered};
use crate::conformance::{Both, runner, some};
use crate::conformance_layout::ask;
use crate::made::{self, DAY, START};
use crate::model::{self, DIMENSIONS, Run, Step};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use post::Counts;
use proptest::test_runner::TestRunner;
use serde_json::json;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Instant;
use store::elastic::{self, Settings};
use store::moving::{self, Checksum, Move, Pass, Source};
use store::{Change, Error, Filter, Location, Mention, Options, Snapshot, Store};

fn folder(dir: &Path) -> Location {
    Location::Folder(dir.to_owned(), Options::default())
}

/// A store of so many posts on many days.
fn posts(count: u8, monitors: u8) -> Run {
    let mut run = Run::new(4);
    for n in 0..count {
        run.step(scattered(Step::Change(model::put(
            n,
            u32::from(n) * 31,
            monitors,
        ))));
    }
    run
}

/// Posts, and then a random history of the first forty of them; the generations there were.
fn history(runner: &mut TestRunner, run: &mut Run, posts: u8, steps: usize) -> Vec<u64> {
    for n in 0..posts {
        let version = u32::from(n).wrapping_mul(2_654_435) >> 3;
        run.step(scattered(Step::Change(model::put(n, version, 1 + n % 15))));
    }
    let mut generations = vec![run.finish().generation()];
    for _ in 0..steps {
        let step = some(runner, model::step());
        let is_commit = matches!(step, Step::Commit);
        run.step(scattered(step));
        if is_commit {
            generations.push(run.finish().generation());
        }
    }
    generations.push(run.finish().generation());
    generations
}

/// The sum over all days.
fn checksum(of: &Snapshot) -> Checksum {
    let days = of.days().unwrap();
    let sums = days.keys().map(|day| of.checksum(*day).unwrap());
    sums.fold(Checksum::default(), Checksum::and)
}

/// A move to a target, with its state in a file.
struct To<'a> {
    target: &'a Location,
    file: PathBuf,
    position: u64,
}

impl To<'_> {
    fn open(&self) -> Move {
        Move::open(self.target, "there", self.file.clone(), false, self.position).unwrap()
    }

    /// Passes until there is nothing to do; what was done in all.
    fn moved(&self, to: &mut Move, source: &Snapshot) -> Pass {
        let mut all = Pass::default();
        loop {
            let pass = to.pass(source, &mut |_| {}).unwrap();
            all.put += pass.put;
            all.removed += pass.removed;
            all.read += pass.read;
            all.differences.extend(pass.differences);
            if pass.compared == 0 {
                return all;
            }
        }
    }

    /// From nothing to the end.
    fn whole(&self, source: &Snapshot) -> Pass {
        let mut to = self.open();
        let done = self.moved(&mut to, source);
        assert_eq!(done.differences, []);
        to.seal(self.position, source.generation(), done.removed > 0)
            .unwrap();
        done
    }
}

fn alike(embedded: Snapshot, elastic: elastic::Snapshot) -> Both {
    Both {
        embedded,
        elastic,
        tally: Tally::default(),
        asked: 0,
    }
}

/// Puts questions to both.
fn asked(both: &mut Both, runner: &mut TestRunner, mentions: &[Mention], generations: &[u64]) {
    both.look_up(mentions);
    let everything = Filter::default();
    both.ask(&everything, &everything, &DIMENSIONS);
    both.singles(&everything);
    for _ in 0..3 {
        let f = some(runner, model::filter());
        both.ask(&f, &f, &DIMENSIONS[..6]);
        both.singles(&f);
    }
    for _ in 0..6 {
        let q = some(runner, model::search());
        let f = Filter {
            q,
            ..Filter::default()
        };
        both.ask(&f, &f, &[]);
    }
    for generation in generations.iter().rev().take(4) {
        let upto = Filter {
            upto: Some(*generation),
            ..Filter::default()
        };
        both.ask(&upto, &upto, &[]);
    }
}

#[test]
fn there_and_back_gives_the_same_answers() {
    let Some(server) = Server::start() else {
        return;
    };
    let begin = Instant::now();
    let runner = &mut runner();
    let mut run = Run::new(4);
    let generations = history(runner, &mut run, 120, 120);
    let (source, position) = (run.finish(), run.store().position());
    let (dir, settings) = (made::folder(), cluster::settings(&server.url));
    let there = Location::Cluster(settings.clone());
    let to = To {
        target: &there,
        file: dir.path().join("there.json"),
        position,
    };
    let done = to.whole(&source);
    assert_eq!((done.put, done.removed), (source.total().unwrap(), 0));

    let (mut elastic, recovery) = elastic::Store::open(settings.clone()).unwrap();
    assert_eq!((recovery.position, recovery.mentions), (position, done.put));
    let moved = elastic.reader().snapshot();
    assert_eq!(moved.generation(), source.generation());
    let written = begin.elapsed();
    let mut both = alike(source.clone(), moved);
    asked(&mut both, runner, &run.oracle.mentions, &generations);

    // Both go on.
    for _ in 0..40 {
        if let Step::Change(change) = scattered(some(runner, model::step())) {
            run.step(Step::Change(change.clone()));
            elastic.apply([change], position + 1).unwrap();
        }
    }
    let generation = elastic.commit().unwrap().generation;
    let later = run.finish();
    assert_eq!(generation, later.generation());
    (both.embedded, both.elastic) = (later, elastic.reader().snapshot());
    asked(&mut both, runner, &run.oracle.mentions, &[]);

    let back = dir.path().join("back");
    let here = folder(&back);
    let from = Source::open(&there).unwrap();
    assert_eq!(from.position, position + 1);
    let to = To {
        target: &here,
        file: dir.path().join("back.json"),
        position: from.position,
    };
    let done = to.whole(&from.snapshot);
    assert_eq!(done.put, from.snapshot.total().unwrap());
    let (store, recovery) = Store::open(&back, Options::default()).unwrap();
    assert_eq!((recovery.position, recovery.mentions), (position + 1, done.put));
    let snapshot = store.reader().snapshot();
    assert_eq!(snapshot.generation(), generation);
    assert_eq!(checksum(&snapshot), checksum(&from.snapshot));
    both.embedded = snapshot;
    asked(&mut both, runner, &run.oracle.mentions, &generations);
    both.every_cut();
    report("there and back", &both.tally, written, begin.elapsed());
}

/// Calls with a folder, and with a cluster where there is one.
fn each_kind(test: impl Fn(&Location)) {
    let dir = made::folder();
    test(&folder(dir.path()));
    if let Some(server) = Server::start() {
        test(&Location::Cluster(cluster::settings(&server.url)));
    }
}

fn target_of(location: &Location) -> Snapshot {
    Store::open_at(location).unwrap().0.reader().snapshot()
}

#[test]
fn what_changes_during_a_move_arrives() {
    each_kind(|target| {
        let (mut run, dir, runner) = (Run::new(4), made::folder(), &mut runner());
        history(runner, &mut run, 60, 40);
        let to = To {
            target,
            file: dir.path().join("move.json"),
            position: 1_000,
        };
        let mut under_way = to.open();
        let first = to.moved(&mut under_way, &run.finish());
        assert!(first.put > 0 && first.removed == 0 && first.differences.is_empty());
        drop(under_way.pause().unwrap());
        // Nobody opens it meanwhile.
        assert!(matches!(
            Store::open_at(target).map(drop),
            Err(Error::Closed { .. })
        ));
        for n in 0..40 {
            let counts = Counts {
                likes: Some(900 + u64::from(n)),
                ..Counts::default()
            };
            let post = made::post_key(n);
            run.step(match n % 4 {
                0 => Step::Change(Change::Engagement { post, counts }),
                1 => Step::Change(Change::Delete(post)),
                2 => scattered(Step::Change(model::put(n, 77, 15))),
                _ => scattered(Step::Change(model::put(100 + n, 5, 3))),
            });
        }
        run.step(Step::Change(Change::DeleteAuthor(made::author_key(1))));
        run.step(Step::Change(Change::DropMonitor {
            monitor: made::monitor_name(2),
        }));
        let source = run.finish();
        let mut under_way = to.open();
        let second = to.moved(&mut under_way, &source);
        assert!(
            second.put > 0 && second.removed > 0 && second.put < source.total().unwrap(),
            "{second:?}"
        );
        under_way.seal(to.position, source.generation(), true).unwrap();
        let moved = target_of(target);
        assert_eq!(checksum(&moved), checksum(&source));
        assert_eq!(moved.generation(), source.generation());
        assert_eq!(moved.days().unwrap(), source.days().unwrap());
    });
}

#[test]
fn a_move_that_is_killed_goes_on_and_writes_nothing_twice() {
    each_kind(|target| {
        let (mut run, dir) = (posts(120, 15), made::folder());
        let source = run.finish();
        let days = source.days().unwrap().len();
        let to = To {
            target,
            file: dir.path().join("move.json"),
            position: 1_000,
        };
        for killed_at in [1, days / 2, days - 1] {
            let mut under_way = to.open();
            let mut day = 0;
            let killed = catch_unwind(AssertUnwindSafe(|| {
                under_way.pass(&source, &mut |_| {
                    day += 1;
                    assert!(day <= killed_at, "killed");
                })
            }));
            assert!(killed.is_err());
        }
        // What was written down is lost, too: it is of the last seconds at most otherwise.
        let _ = std::fs::remove_file(&to.file);
        let held = |days: &std::collections::BTreeMap<i64, moving::DayMark>| -> u64 {
            days.values().map(|mark| mark.mentions).sum()
        };
        let mut under_way = to.open();
        let rest = to.moved(&mut under_way, &source);
        assert_eq!((rest.differences, rest.removed), (Vec::new(), 0));
        assert!(
            rest.put < held(&source.days().unwrap()),
            "what was there is not put again"
        );
        let state = under_way.seal(to.position, source.generation(), false).unwrap();
        assert_eq!(state.days.len(), days);
        assert_eq!(checksum(&target_of(target)), checksum(&source));
    });
}

/// Of each index of mentions: when what is written goes to the disks, and how many copies there are.
fn set_up(settings: &Settings) -> Vec<(String, String)> {
    let path = format!("{}-mentions-*/_settings", settings.prefix);
    let found = ask(settings.address(), "GET", &path, "");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("request").to_owned();
    let all = found.as_object().unwrap().values();
    all.map(|of| {
        let of = &of["settings"]["index"];
        (
            text(&of["translog"]["durability"]),
            text(&of["number_of_replicas"]),
        )
    })
    .collect()
}

#[test]
fn an_index_is_as_it_shall_be_before_anybody_can_open_it() {
    let Some(server) = Server::start() else {
        return;
    };
    let (mut run, dir) = (posts(60, 3), made::folder());
    let source = run.finish();
    let settings = cluster::settings(&server.url);
    let target = Location::Cluster(settings.clone());
    let to = To {
        target: &target,
        file: dir.path().join("move.json"),
        position: 1_000,
    };
    let all_are = |durability: &str, copies: &str| {
        let found = set_up(&settings);
        let is_so = |of: &(String, String)| of.0 == durability && of.1 == copies;
        assert!(!found.is_empty() && found.iter().all(is_so), "{found:?}");
    };
    let mut killed = to.open();
    killed.pass(&source, &mut |_| {}).unwrap();
    drop(killed);
    all_are("async", "0");
    // Whoever goes on ends it, whether the move ends or rests.
    to.open().pause().unwrap();
    all_are("request", "1");
    let mut under_way = to.open();
    assert_eq!(to.moved(&mut under_way, &source).put, 0);
    all_are("request", "1");
    under_way.seal(to.position, source.generation(), false).unwrap();
    assert_eq!(checksum(&target_of(&target)), checksum(&source));
    // The same where it never rests.
    let settings = cluster::settings(&server.url);
    let target = Location::Cluster(settings.clone());
    let whole = To {
        target: &target,
        file: dir.path().join("whole.json"),
        position: 1_000,
    };
    whole.whole(&source);
    let found = set_up(&settings);
    assert!(
        found.iter().all(|of| of.0 == "request" && of.1 == "1"),
        "{found:?}"
    );
}

/// Makes another text stand in one document of a cluster, as if nobody had written it.
fn tamper(settings: &Settings, mention: &Mention) {
    let search = json!({"query": {"ids": {"values": [mention.id.to_string()]}}});
    let path = format!("{}-mentions/_search", settings.prefix);
    let found = ask(settings.address(), "POST", &path, &search.to_string());
    let hit = &found["hits"]["hits"][0];
    let mut other = mention.clone();
    other.post.text = "something else".to_owned();
    let mut body = postcard::to_stdvec(&other).unwrap();
    body.push(4);
    let document = json!({
        "body": STANDARD.encode(body),
        "written": hit["_source"]["written"],
        "created": mention.post.created_at,
        "id": format!("{:016x}", store::mention_number(mention.id)),
        "post": mention.post.key.to_string(),
    });
    let path = format!(
        "{}/_doc/{}?refresh=true&version={}&version_type=external",
        hit["_index"].as_str().unwrap(),
        mention.id,
        1u64 << 45
    );
    ask(settings.address(), "PUT", &path, &document.to_string());
}

#[test]
fn a_target_that_was_tampered_with_is_found() {
    let Some(server) = Server::start() else {
        return;
    };
    let (mut run, dir) = (posts(30, 3), made::folder());
    let source = run.finish();
    let settings = cluster::settings(&server.url);
    let target = Location::Cluster(settings.clone());
    let to = To {
        target: &target,
        file: dir.path().join("move.json"),
        position: 1_000,
    };
    let mut under_way = to.open();
    to.moved(&mut under_way, &source);
    under_way.pause().unwrap();
    let page = source.mentions(&Filter::default(), None, 1).unwrap();
    tamper(&settings, &page.items[0]);
    let mut under_way = to.open();
    let pass = under_way.pass(&source, &mut |_| {}).unwrap();
    let day = page.items[0].post.created_at.div_euclid(DAY);
    let named: Vec<i64> = pass.differences.iter().map(|d| d.day).collect();
    assert_eq!(named, [day]);
    assert_eq!(
        pass.differences[0].source.mentions,
        pass.differences[0].target.mentions
    );
    say(&format!("tampered with: found on day {day} of {}", pass.compared));
}

#[test]
fn a_store_that_holds_something_else_is_refused() {
    each_kind(|target| {
        let dir = made::folder();
        let file = dir.path().join("move.json");
        let (mut other, _) = Store::open_at(target).unwrap();
        other.apply([model::put(3, 9, 1)], 7).unwrap();
        other.commit().unwrap();
        other.close().unwrap();
        let error = Move::open(target, "there", file.clone(), false, 9)
            .map(drop)
            .unwrap_err();
        assert!(error.to_string().contains("holds 1 mentions already"), "{error}");
        let error = Move::open(target, "there", file.clone(), true, 6)
            .map(drop)
            .unwrap_err();
        assert!(error.to_string().contains("is further than"), "{error}");
        assert_eq!(moving::closed(target).unwrap(), None);
        // Unless it may be replaced.
        let mut run = Run::new(4);
        run.step(scattered(Step::Change(model::put(1, 9, 1))));
        let source = run.finish();
        let mut under_way = Move::open(target, "there", file, true, 9).unwrap();
        let pass = under_way.pass(&source, &mut |_| {}).unwrap();
        assert_eq!((pass.put, pass.removed), (1, 1));
        under_way.seal(9, source.generation(), true).unwrap();
        assert_eq!(checksum(&target_of(target)), checksum(&source));
        // And once it was left, nobody opens it.
        moving::close(target, "its mentions were moved to the moon").unwrap();
        let error = Store::open_at(target).map(drop).unwrap_err().to_string();
        assert!(error.contains("moved to the moon"), "{error}");
    });
}

#[test]
fn times_of_any_age_are_carried() {
    each_kind(|target| {
        let (mut run, dir) = (Run::new(4), made::folder());
        for (n, at) in (0..).zip([
            -DAY * 365 * 80,
            -1,
            0,
            START - 900 * DAY,
            START,
            START + 40_000 * DAY,
        ]) {
            let mut mention = made::mention(n, 9, 1);
            (mention.post.created_at, mention.post.seen_at) = (at, at);
            run.step(Step::Change(Change::Put {
                post: mention.post.key,
                mentions: vec![mention],
            }));
        }
        let source = run.finish();
        let to = To {
            target,
            file: dir.path().join("move.json"),
            position: 1_000,
        };
        assert_eq!(to.whole(&source).put, 6);
        assert_eq!(checksum(&target_of(target)), checksum(&source));
    });
}
