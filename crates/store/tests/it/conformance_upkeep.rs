//! What is past its time, what is taken off the disks, who may write, and documents of an older layout.

use crate::cluster::{self, Server, report, say};
use crate::conformance::{Both, history, runner, some};
use crate::made::{self, DAY, START};
use crate::model::{self, DIMENSIONS, Step};
use post::{Counts, Millis};
use proptest::test_runner::TestRunner;
use std::time::Instant;
use store::elastic::Store;
use store::{Change, Due, Expired, Filter};

fn limit(runner: &mut TestRunner) -> Option<Millis> {
    let hours = proptest::option::weighted(0.4, -12i64..200);
    // Two of three near the newest posts, the others near the archive.
    let archived = some(runner, 0..3) == 0;
    let begin = if archived { START - 900 * DAY } else { START };
    some(runner, hours).map(|hour| begin + hour * 3_600_000 + 1)
}

fn due(runner: &mut TestRunner) -> Vec<Due> {
    let mut all = Vec::new();
    for platform in ["bluesky", "mastodon", "x"] {
        for project in ["alpha", "beta"] {
            all.push(Due {
                platform: platform.to_owned(),
                project: project.to_owned(),
                text: limit(runner),
                features: limit(runner),
                aggregates: limit(runner),
            });
        }
    }
    all
}

/// The posts in order, each once: of a folder that goes as a whole the embedded store names those again that were replaced
/// lately, and those that went.
fn sorted(mut gone: Expired) -> Expired {
    gone.posts.sort();
    gone.posts.dedup();
    gone
}

#[test]
fn what_is_past_its_time_goes_alike() {
    let Some(server) = Server::start() else {
        return;
    };
    let begin = Instant::now();
    let runner = &mut runner();
    // A real cluster is asked less: it does what the stand-in does, a hundred times slower.
    let (posts, steps, filters) = if server.is_real() {
        (50, 10, 1)
    } else {
        (90, 30, 4)
    };
    let mut pair = history(&server, runner, posts, steps);
    let mut both = Both::new(&mut pair);
    let written = begin.elapsed();
    let mut gone = Expired::default();
    let passes: &[u64] = if server.is_real() {
        &[0, 1, 5]
    } else {
        &[0, 1, 2, 3, 4, 5]
    };
    for &pass in passes {
        let due = match pass {
            // At last whole partitions go.
            5 => due(runner)
                .into_iter()
                .map(|one| Due {
                    aggregates: Some(START + 30 * DAY),
                    ..one
                })
                .collect(),
            _ => due(runner),
        };
        let (one, other) = (pair.run.store().expire(&due), pair.elastic().expire(&due));
        let (mut one, other) = (one.map(sorted), other.map(sorted));
        if let (Ok(one), Ok(other)) = (&mut one, &other) {
            if one.folders > 0 {
                one.posts.retain(|post| other.posts.contains(post));
            }
            gone.texts += one.texts;
            gone.features += one.features;
            gone.mentions += one.mentions;
            gone.folders += one.folders;
        }
        both.tally.exact(|| format!("expired {due:?}"), one, other);
        for n in 0..40 {
            let counts = Counts {
                likes: Some(u64::from(n) + pass),
                ..Counts::default()
            };
            pair.step(Step::Change(Change::Engagement {
                post: made::post_key(n),
                counts,
            }));
        }
        both.turn(&mut pair);
        both.ask(&Filter::default(), &Filter::default(), &DIMENSIONS);
        for _ in 0..filters {
            let f = some(runner, model::filter());
            both.ask(&f, &f, &DIMENSIONS);
        }
        // A second pass over the same finds nothing to do.
        let again = pair.elastic().expire(&due).unwrap();
        assert_eq!((again.texts, again.features, again.mentions), (0, 0, 0));
        if pass < 4 {
            for n in 0..20 {
                pair.step(Step::Change(model::put(n, 7 + n as u32 * 3 + pass as u32, 15)));
            }
            both.turn(&mut pair);
        }
    }
    assert!(
        gone.texts > 0 && gone.features > 0 && gone.mentions > 0 && gone.folders > 0,
        "{gone:?}"
    );
    report("expiry", &both.tally, written, begin.elapsed());
}

#[test]
fn a_purge_leaves_nothing_deleted_and_changes_no_answer() {
    let Some(server) = Server::start() else {
        return;
    };
    let begin = Instant::now();
    let runner = &mut runner();
    let mut pair = history(&server, runner, 40, 0);
    let mut both = Both::new(&mut pair);
    for round in 0..3 {
        for n in 10 * round..10 * round + 15 {
            pair.step(Step::Change(model::put(n, 40 + u32::from(round), 7)));
        }
        both.turn(&mut pair);
    }
    for (one, other) in pair.generations.clone() {
        both.rewritten(one, other);
    }
    for n in 0..20 {
        pair.step(Step::Change(Change::Delete(made::post_key(n))));
    }
    pair.step(Step::Change(Change::DeleteAuthor(made::author_key(3))));
    both.turn(&mut pair);
    let purged = pair.elastic().purge().unwrap();
    say(&format!(
        "purge: {} deleted mentions gone from {} indices in {:.1} s",
        purged.mentions,
        purged.segments,
        begin.elapsed().as_secs_f64()
    ));
    assert!(pair.elastic().stale().unwrap().is_empty());
    assert_eq!(pair.elastic().purge().unwrap(), store::Purged::default());
    both.turn(&mut pair);
    both.ask(&Filter::default(), &Filter::default(), &DIMENSIONS);
    assert!(both.tally.differ.is_empty(), "{:?}", both.tally.differ);
}

#[test]
fn a_writer_that_another_has_followed_writes_nothing_more() {
    let Some(server) = Server::start() else {
        return;
    };
    let settings = cluster::settings(&server.url);
    let (mut first, _) = Store::open(settings.clone()).unwrap();
    first.apply([model::put(1, 9, 1)], 1).unwrap();
    first.commit().unwrap();
    let (mut second, recovery) = Store::open(settings).unwrap();
    assert_eq!((recovery.position, recovery.mentions), (1, 1));
    second
        .apply([model::put(1, 12, 1), model::put(2, 12, 1)], 3)
        .unwrap();
    second.commit().unwrap();
    let before = second
        .reader()
        .snapshot()
        .mentions(&Filter::default(), None, 9)
        .unwrap();
    // The first knows nothing of it and goes on.
    first.apply([model::put(1, 15, 3)], 2).unwrap();
    let error = first.commit().unwrap_err().to_string();
    assert!(error.contains("another writer"), "{error}");
    first.apply([], 9).unwrap();
    let error = first.commit().unwrap_err().to_string();
    assert!(error.contains("another writer"), "{error}");
    let page = second
        .reader()
        .snapshot()
        .mentions(&Filter::default(), None, 9)
        .unwrap();
    let of_post_2 = |page: &store::Page| {
        page.items
            .iter()
            .filter(|m| m.post.key == made::post_key(2))
            .count()
    };
    assert_eq!(of_post_2(&page), of_post_2(&before));
    second.apply([model::put(1, 12, 1)], 4).unwrap();
    assert_eq!(second.commit().unwrap().position, 4);
}
