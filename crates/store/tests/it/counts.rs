//! Engagement beside the documents: told post by post it gives the same answers as known from the first.

use crate::made::{self, DAY, START};
use crate::model::{self, Run, Step};
use crate::oracle::renewed;
use crate::tables;
use post::{Counts, PostKey};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use store::{Change, Choice, Due, Filter, Measures, Options, Question, Snapshot, Store};

fn likes(likes: u64) -> Counts {
    Counts {
        likes: Some(likes),
        ..Counts::default()
    }
}

fn counted(n: u8, counts: Counts) -> Change {
    Change::Engagement {
        post: made::post_key(n),
        counts,
    }
}

fn put(n: u8) -> Change {
    model::put(n, 5, 1)
}

fn edit(n: u8, counts: Counts) -> Change {
    let mut mention = made::mention(n, 13, 0);
    mention.post.counts = counts;
    Change::Put {
        post: mention.post.key,
        mentions: vec![mention],
    }
}

fn counts_of(snapshot: &Snapshot, n: u8) -> Option<Counts> {
    snapshot
        .mention(made::mention_id(n, 0))
        .unwrap()
        .map(|m| m.post.counts)
}

fn engagement(snapshot: &Snapshot, filter: &Filter) -> u64 {
    snapshot.figures(filter).unwrap().engagement
}

/// The history in which every post has its last counts from the first.
fn at_once(steps: &[Step]) -> Vec<Step> {
    let mut known: BTreeMap<PostKey, Counts> = BTreeMap::new();
    let mut last: Vec<Counts> = Vec::new();
    // Backwards: what a post has in the end, of those steps that its next removal does not undo.
    for step in steps.iter().rev() {
        last.push(Counts::default());
        let Step::Change(change) = step else { continue };
        match change {
            Change::Engagement { post, counts } => {
                let later = known.get(post).copied().unwrap_or_default();
                known.insert(*post, renewed(*counts, later));
            }
            Change::Put { post, mentions } => {
                let own = mentions.first().map(|m| m.post.counts).unwrap_or_default();
                let later = known.get(post).copied().unwrap_or_default();
                let all = renewed(own, later);
                known.insert(*post, all);
                last.pop();
                last.push(all);
            }
            _ => known.clear(),
        }
    }
    last.reverse();
    let with = |(step, counts): (&Step, Counts)| match step {
        Step::Change(Change::Engagement { .. }) => None,
        Step::Change(Change::Put { post, mentions }) => {
            let mut mentions = mentions.clone();
            mentions.iter_mut().for_each(|m| m.post.counts = counts);
            Some(Step::Change(Change::Put {
                post: *post,
                mentions,
            }))
        }
        other => Some(other.clone()),
    };
    steps.iter().zip(last).filter_map(with).collect()
}

/// New posts, edits and counts that come for posts that are there, with commits and crashes in between.
fn history() -> impl Strategy<Value = Vec<Step>> {
    let few = || proptest::option::of(0u64..9);
    let step = prop_oneof![
        4 => (0u8..24, 0u32..600).prop_map(|(n, v)| Step::Change(model::put(n, v, 3))),
        6 => (0u8..24, few(), few(), few()).prop_map(|(n, likes, replies, views)| {
            Step::Change(counted(n, Counts { likes, replies, views, ..Counts::default() }))
        }),
        2 => Just(Step::Commit),
        1 => Just(Step::Crash),
    ];
    let all = (0..24).map(|n| Step::Change(model::put(n, u32::from(n) * 7, 3)));
    proptest::collection::vec(step, 10..80).prop_map(move |steps| all.clone().chain(steps).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn told_later_is_as_known_at_once(
        steps in history(),
        filters in proptest::collection::vec(tables::bounded(), 12),
        measures in tables::measures(),
        cuts in proptest::collection::vec(tables::cut(), 0..3),
    ) {
        let (mut later, mut once) = (Run::new(2), Run::new(2));
        at_once(&steps).into_iter().for_each(|s| once.step(s));
        steps.into_iter().for_each(|s| later.step(s));
        let (later, once) = (later.finish(), once.finish());
        let ranges = [(None, None), (Some(3), None), (None, Some(9)), (Some(4), Some(12))];
        for (i, filter) in filters.into_iter().enumerate() {
            let (engagement_from, engagement_to) = ranges[i % ranges.len()];
            let filter = match i % 3 {
                0 => Filter { engagement_from, engagement_to, ..Filter { from: filter.from, to: filter.to, ..Filter::default() } },
                _ => Filter { engagement_from, engagement_to, ..filter },
            };
            prop_assert_eq!(later.figures(&filter).unwrap(), once.figures(&filter).unwrap());
            prop_assert_eq!(later.mentions(&filter, None, 50).unwrap(), once.mentions(&filter, None, 50).unwrap());
            let measures = Measures { engagement: true, ..measures };
            let question = Question { filter, cuts: cuts.clone(), measures };
            let (a, b) = (later.table(&question).unwrap(), once.table(&question).unwrap());
            prop_assert_eq!((&a.cells, &a.rows, a.total), (&b.cells, &b.rows, b.total));
        }
    }
}

#[test]
fn a_document_is_not_written_again_for_counts() {
    let mut run = Run::new(1);
    for n in 0..20 {
        run.step(Step::Change(put(n)));
    }
    let before = run.finish();
    run.step(Step::Change(counted(3, likes(50))));
    let after = run.finish();
    assert_eq!(
        (after.total().unwrap(), after.generation()),
        (20, before.generation() + 1)
    );
    assert_eq!(
        counts_of(&before, 3),
        Some(likes(5)),
        "an old snapshot stays as it was"
    );
    assert_eq!(counts_of(&after, 3), Some(likes(50)));
    // No document was deleted: a purge finds nothing to write anew.
    assert_eq!(run.store().purge().unwrap().segments, 0);
    // A permalink says that it was changed, and a rule looks at it again.
    let since = Filter {
        since: Some(before.generation()),
        ..Filter::default()
    };
    assert_eq!(after.count(&since).unwrap(), 1);
    assert_eq!(
        after
            .rewritten_since(&Filter::default(), before.generation())
            .unwrap(),
        1
    );
    let upto = Filter {
        upto: Some(before.generation()),
        ..Filter::default()
    };
    assert_eq!(after.count(&upto).unwrap(), 19);
}

#[test]
fn an_edit_keeps_the_newest_counts_and_a_new_life_begins_with_none() {
    let mut run = Run::new(1);
    run.step(Step::Change(put(3)));
    run.step(Step::Change(counted(
        3,
        Counts {
            views: Some(9),
            ..likes(50)
        },
    )));
    run.finish();
    run.step(Step::Change(edit(3, Counts::default())));
    let now = run.finish();
    assert_eq!(
        counts_of(&now, 3),
        Some(Counts {
            views: Some(9),
            ..likes(50)
        })
    );
    run.step(Step::Change(edit(3, likes(51))));
    let now = run.finish();
    assert_eq!(
        counts_of(&now, 3),
        Some(Counts {
            views: Some(9),
            ..likes(51)
        })
    );
    run.step(Step::Change(counted(3, likes(60))));
    run.step(Step::Change(Change::Delete(made::post_key(3))));
    run.step(Step::Change(counted(3, likes(70))));
    run.finish();
    run.step(Step::Change(edit(3, Counts::default())));
    let now = run.finish();
    assert_eq!(counts_of(&now, 3), Some(Counts::default()));
    assert_eq!(engagement(&now, &Filter::default()), 0);
}

fn open(dir: &Path) -> Store {
    Store::open(dir, Options::default()).unwrap().0
}

#[test]
fn counts_hold_over_restarts_and_a_lost_commit_comes_again_from_the_journal() {
    let dir = made::folder();
    let mut store = open(dir.path());
    store.apply([put(1), put(2)], 2).unwrap();
    store.apply([counted(1, likes(40))], 3).unwrap();
    store.commit().unwrap();
    store.apply([counted(2, likes(90))], 4).unwrap();
    drop(store);
    let mut store = open(dir.path());
    assert_eq!(store.position(), 3);
    let found = store.reader().snapshot();
    assert_eq!(
        (counts_of(&found, 1), counts_of(&found, 2)),
        (Some(likes(40)), Some(likes(5)))
    );
    store.apply([counted(2, likes(90))], 4).unwrap();
    store.commit().unwrap();
    let found = store.reader().snapshot();
    assert_eq!(engagement(&found, &Filter::default()), 130);
}

/// The file of counts, in whichever partition it lies.
fn file(dir: &Path) -> std::path::PathBuf {
    let folders = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
    folders.map(|f| f.join(".counts")).find(|f| f.exists()).unwrap()
}

#[test]
fn killed_between_documents_and_counts_nothing_is_lost_or_doubled() {
    let dir = made::folder();
    let mut store = open(dir.path());
    store.apply([put(1), put(2), put(3)], 3).unwrap();
    store
        .apply([counted(1, likes(40)), counted(2, likes(70))], 5)
        .unwrap();
    store.commit().unwrap();
    // What is lost when the process dies after the documents were committed.
    let (counts, stamp) = (
        fs::read(file(dir.path())).unwrap(),
        fs::read(dir.path().join("store.json")).unwrap(),
    );
    let again = [
        edit(1, Counts::default()),
        Change::Delete(made::post_key(2)),
        counted(3, likes(8)),
    ];
    store.apply(again.clone(), 8).unwrap();
    store.commit().unwrap();
    store.close().unwrap();
    fs::write(file(dir.path()), counts).unwrap();
    fs::write(dir.path().join("store.json"), stamp).unwrap();
    let mut store = open(dir.path());
    assert_eq!(store.position(), 5);
    store.apply(again, 8).unwrap();
    store.commit().unwrap();
    let found = store.reader().snapshot();
    assert_eq!(
        (counts_of(&found, 1), counts_of(&found, 2), counts_of(&found, 3)),
        (Some(likes(40)), None, Some(likes(8)))
    );
    assert_eq!(engagement(&found, &Filter::default()), 48);
}

fn holds(dir: &Path, post: PostKey) -> bool {
    let bytes = fs::read(file(dir)).unwrap();
    bytes.windows(16).any(|w| w == post.0)
}

#[test]
fn counts_of_what_was_erased_leave_no_byte() {
    let dir = made::folder();
    let mut store = open(dir.path());
    store.apply([put(1), put(2), put(6)], 3).unwrap();
    store
        .apply([counted(1, likes(40)), counted(2, likes(70))], 5)
        .unwrap();
    store.commit().unwrap();
    // Author 1 wrote posts 1 and 6.
    store
        .apply([Change::DeleteAuthor(made::author_key(1))], 6)
        .unwrap();
    store.commit().unwrap();
    assert!(holds(dir.path(), made::post_key(1)), "deleted is not gone");
    store.purge().unwrap();
    assert!(!holds(dir.path(), made::post_key(1)) && holds(dir.path(), made::post_key(2)));
    assert_eq!(engagement(&store.reader().snapshot(), &Filter::default()), 70);
    drop(store);
    let found = open(dir.path()).reader().snapshot();
    assert_eq!(counts_of(&found, 2), Some(likes(70)));
}

#[test]
fn counts_go_with_what_leads_to_a_person_and_do_not_come_back() {
    let dir = made::folder();
    let mut store = open(dir.path());
    store.apply([put(1), put(2)], 2).unwrap();
    store.apply([counted(1, likes(40))], 3).unwrap();
    store.commit().unwrap();
    let due = |platform: &str| Due {
        platform: platform.to_owned(),
        project: "alpha".to_owned(),
        text: None,
        features: Some(START + 900 * DAY),
        aggregates: None,
    };
    store.expire(&["bluesky", "mastodon", "x"].map(due)).unwrap();
    store.commit().unwrap();
    store
        .apply([counted(1, likes(41)), counted(2, likes(7))], 5)
        .unwrap();
    store.commit().unwrap();
    let found = store.reader().snapshot();
    assert_eq!(
        (found.total().unwrap(), engagement(&found, &Filter::default())),
        (2, 0)
    );
    assert_eq!(counts_of(&found, 1), Some(Counts::default()));
}

#[test]
fn a_rule_by_engagement_finds_what_crossed_its_border() {
    let mut run = Run::new(1);
    for n in 0..10 {
        run.step(Step::Change(put(n)));
    }
    let before = run.finish().generation();
    run.step(Step::Change(counted(4, likes(500))));
    let now = run.finish();
    let loud = Filter {
        engagement_from: Some(100),
        since: Some(before),
        monitors: Choice::only([made::monitor_name(0)]),
        ..Filter::default()
    };
    let found = now.mentions(&loud, None, 10).unwrap();
    assert_eq!(
        found.items.iter().map(|m| m.id).collect::<Vec<_>>(),
        [made::mention_id(4, 0)]
    );
    assert_eq!(now.numbers(&loud).unwrap().len(), 1);
}
