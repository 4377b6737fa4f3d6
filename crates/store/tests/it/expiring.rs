//! What is past its time goes: text, then what leads to a person, then the mention, then the folder.

use crate::made::{self, DAY, START};
use post::{Counts, Post, PostKey};
use std::path::Path;
use store::{
    Change, Choice, Dimension, Due, Expired, Filter, Mention, Options, Period, Snapshot, Stage, Store,
};

/// Mention of post `n` by `monitor`, received at `seen`; even posts are of `youtube`, odd ones of `x`.
fn mention(n: u8, monitor: u8, seen: i64) -> Mention {
    let mut m = made::mention(n, 12, monitor);
    m.post = Post {
        platform: if n.is_multiple_of(2) { "youtube" } else { "x" }.to_owned(),
        created_at: seen - 1_000,
        seen_at: seen,
        text: format!("battery of number{n} #Recall"),
        quoted_text: Some("a quoted word".to_owned()),
        urls: vec!["https://news.example/a".to_owned()],
        ..m.post
    };
    m
}

fn open(dir: &Path, period: Period) -> Store {
    let options = Options {
        period,
        ..Options::default()
    };
    Store::open(dir, options).unwrap().0
}

fn fill(store: &mut Store, mentions: &[Mention]) {
    for m in mentions {
        let of_post: Vec<Mention> = mentions
            .iter()
            .filter(|o| o.post.key == m.post.key)
            .cloned()
            .collect();
        let put = Change::Put {
            post: m.post.key,
            mentions: of_post,
        };
        store.apply([put], 1).unwrap();
    }
    store.commit().unwrap();
}

fn expire(store: &mut Store, due: &[Due]) -> (Expired, Snapshot) {
    let gone = store.expire(due).unwrap();
    store.commit().unwrap();
    (gone, store.reader().snapshot())
}

fn due(platform: &str, project: &str) -> Due {
    Due {
        platform: platform.to_owned(),
        project: project.to_owned(),
        text: None,
        features: None,
        aggregates: None,
    }
}

fn all(snapshot: &Snapshot) -> Vec<Mention> {
    snapshot.mentions(&Filter::default(), None, 100).unwrap().items
}

fn key(n: u8) -> PostKey {
    made::post_key(n)
}

#[test]
fn text_goes_and_the_rest_stays() {
    let dir = made::folder();
    let mut store = open(dir.path(), Period::Month);
    let (old, new) = (mention(0, 0, START), mention(2, 0, START + 30 * DAY));
    fill(
        &mut store,
        &[
            old.clone(),
            new.clone(),
            mention(1, 0, START),
            mention(0, 3, START),
        ],
    );
    let limit = Due {
        text: Some(START + DAY),
        ..due("youtube", "alpha")
    };
    let (gone, snapshot) = expire(&mut store, std::slice::from_ref(&limit));
    assert_eq!(
        (gone.texts, gone.features, gone.mentions, gone.folders),
        (1, 0, 0, 0)
    );
    assert_eq!(gone.posts, []);
    let left = snapshot.mention(old.id).unwrap().unwrap();
    assert_eq!(Stage::of(&left.post), Stage::Features);
    assert_eq!(
        (left.post.text.as_str(), left.post.title, left.post.quoted_text),
        ("", None, None)
    );
    assert!(left.post.hashtags.is_empty() && left.post.urls.is_empty());
    assert_eq!(
        (left.sentiment, left.lang, left.post.counts, left.primary),
        (old.sentiment, old.lang, old.post.counts, true)
    );
    assert_eq!(
        left.post.author.map(|a| a.key),
        old.post.author.as_ref().map(|a| a.key)
    );
    // Another project, another platform and what is younger keep theirs.
    assert_eq!(
        all(&snapshot)
            .iter()
            .filter(|m| Stage::of(&m.post) == Stage::Text)
            .count(),
        3
    );
    let tagged = Filter {
        hashtags: Choice::only(["recall".to_owned()]),
        project: Some("alpha".to_owned()),
        sources: Choice::only(["youtube".to_owned()]),
        ..Filter::default()
    };
    let page = snapshot.mentions(&tagged, None, 9).unwrap();
    assert_eq!(page.items.iter().map(|m| m.id).collect::<Vec<_>>(), [new.id]);
    // The marks are no projects.
    let marks = Filter {
        project: Some("\u{1}t".to_owned()),
        ..Filter::default()
    };
    assert_eq!(snapshot.count(&marks).unwrap(), 0);
    // A second pass finds nothing to do.
    let (again, _) = expire(&mut store, &[limit]);
    assert_eq!(again, Expired::default());
}

#[test]
fn then_what_leads_to_a_person_and_then_the_mention() {
    let dir = made::folder();
    let mut store = open(dir.path(), Period::Month);
    fill(
        &mut store,
        &[mention(0, 0, START), mention(0, 3, START), mention(1, 0, START)],
    );
    let features = |project: &str| Due {
        features: Some(START + DAY),
        ..due("youtube", project)
    };
    let (gone, snapshot) = expire(&mut store, &[features("alpha")]);
    assert_eq!((gone.texts, gone.features, gone.mentions), (0, 1, 0));
    assert_eq!(gone.posts, [], "the other project still holds its text");
    let left = snapshot.mention(made::mention_id(0, 0)).unwrap().unwrap();
    assert_eq!(Stage::of(&left.post), Stage::Aggregates);
    assert_eq!(
        (left.post.author, left.post.reply_to, left.post.counts),
        (None, None, Counts::default())
    );
    let (gone, _) = expire(&mut store, &[features("alpha"), features("beta")]);
    assert_eq!((gone.features, gone.posts), (1, vec![key(0)]));
    // Late counts do not bring it back.
    let counts = Counts {
        likes: Some(7),
        ..Counts::default()
    };
    store
        .apply([Change::Engagement { post: key(0), counts }], 2)
        .unwrap();
    let (gone, _) = expire(&mut store, &[features("alpha"), features("beta")]);
    assert_eq!(gone.features, 0);
    let whole = Due {
        aggregates: Some(START + DAY),
        ..due("youtube", "alpha")
    };
    let (gone, snapshot) = expire(&mut store, &[whole]);
    assert_eq!((gone.mentions, gone.folders), (1, 0));
    assert_eq!(all(&snapshot).len(), 2);
    let sources = snapshot
        .breakdown(&Filter::default(), Dimension::Source, 9)
        .unwrap();
    let sums: Vec<_> = sources
        .items
        .iter()
        .map(|i| (i.key.as_str(), i.mentions))
        .collect();
    assert_eq!(
        sums,
        [("x", 1), ("youtube", 1)],
        "beta's mention of post 0 is primary there"
    );
}

#[test]
fn a_partition_of_which_everything_goes_is_a_folder_less() {
    let dir = made::folder();
    let mut store = open(dir.path(), Period::Day);
    fill(
        &mut store,
        &[
            mention(0, 0, START + 2_000),
            mention(2, 0, START + DAY / 2),
            mention(4, 0, START + 3 * DAY),
        ],
    );
    let folders = || {
        std::fs::read_dir(dir.path())
            .unwrap()
            .filter(|e| e.as_ref().unwrap().path().is_dir())
            .count()
    };
    assert_eq!(folders(), 2);
    let before = store.reader().snapshot();
    let whole = |at| Due {
        aggregates: Some(at),
        ..due("youtube", "alpha")
    };
    let (gone, snapshot) = expire(&mut store, &[whole(START + 2 * DAY)]);
    assert_eq!((gone.mentions, gone.folders, gone.posts.len()), (2, 1, 2));
    assert_eq!((folders(), all(&snapshot).len()), (1, 1));
    assert_eq!(all(&before).len(), 3, "a snapshot does not change");
    store.close().unwrap();
    let store = open(dir.path(), Period::Day);
    assert_eq!(all(&store.reader().snapshot()).len(), 1);
}

#[test]
fn one_that_stays_keeps_the_folder() {
    let dir = made::folder();
    let mut store = open(dir.path(), Period::Day);
    fill(&mut store, &[mention(0, 0, START), mention(1, 0, START)]);
    let whole = Due {
        aggregates: Some(START + 2 * DAY),
        ..due("youtube", "alpha")
    };
    let (gone, snapshot) = expire(&mut store, &[whole]);
    assert_eq!((gone.mentions, gone.folders), (1, 0));
    assert_eq!(all(&snapshot).len(), 1);
}

#[test]
fn the_limit_itself_is_exact() {
    let dir = made::folder();
    let mut store = open(dir.path(), Period::Month);
    fill(&mut store, &[mention(0, 0, START), mention(2, 0, START + 1)]);
    let limit = Due {
        text: Some(START + 1),
        ..due("youtube", "alpha")
    };
    let (gone, snapshot) = expire(&mut store, &[limit]);
    assert_eq!(gone.texts, 1);
    let whole = snapshot.mention(made::mention_id(2, 0)).unwrap().unwrap();
    assert_eq!(Stage::of(&whole.post), Stage::Text);
}
