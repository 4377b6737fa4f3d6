//! What was deleted leaves no byte.

use crate::made;
use std::fs;
use std::path::Path;
use store::{Change, Filter, Mention, Options, Purged, Store};

/// A mention whose text, hashtag, link and language nobody else has.
fn marked(n: u8, mark: &str) -> Mention {
    let mut mention = made::mention(n, 1, 0);
    mention.post.text = format!("the battery of {mark}text #{mark}tag");
    mention.post.hashtags = vec![format!("{mark}tag")];
    mention.post.urls = vec![format!("https://{mark}site.example/a")];
    mention.post.community = Some(format!("{mark}community"));
    mention
}

fn put(mention: Mention) -> Change {
    Change::Put {
        post: mention.post.key,
        mentions: vec![mention],
    }
}

fn bytes(folder: &Path, out: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => bytes(&path, out),
            false => out.extend(fs::read(&path).unwrap()),
        }
    }
}

fn occurrences(folder: &Path, what: &[u8]) -> usize {
    let mut all = Vec::new();
    bytes(folder, &mut all);
    all.windows(what.len()).filter(|w| *w == what).count()
}

/// 60 posts in several partitions and segments, two of them marked.
fn filled(folder: &Path) -> Store {
    let (mut store, _) = Store::open(folder, Options::default()).unwrap();
    store
        .apply((0..30).map(|n| put(made::mention(n, 0, 0))), 30)
        .unwrap();
    store
        .apply([put(marked(40, "zebra")), put(marked(41, "otter"))], 32)
        .unwrap();
    store.commit().unwrap();
    store
        .apply((60..90).map(|n| put(made::mention(n, 0, 0))), 62)
        .unwrap();
    store.commit().unwrap();
    store
}

#[test]
fn a_purge_takes_text_terms_and_keys_of_the_deleted_off_the_disk() {
    let dir = made::folder();
    let mut store = filled(dir.path());
    let old = store.reader().snapshot();
    store.apply([Change::Delete(made::post_key(40))], 63).unwrap();
    store.commit().unwrap();
    assert!(occurrences(dir.path(), b"zebra") > 3, "deleted is not gone");
    let generation = store.reader().generation();
    let before = store.reader().snapshot().figures(&Filter::default()).unwrap();

    let purged = store.purge().unwrap();
    assert_eq!((purged.segments, purged.mentions), (1, 1));
    assert_eq!(occurrences(dir.path(), b"zebra"), 0);
    assert_eq!(occurrences(dir.path(), &made::post_key(40).0), 0);
    assert!(
        occurrences(dir.path(), b"otter") > 3,
        "what was not deleted stays"
    );
    // Nothing that can be asked has changed, and a snapshot taken before still answers.
    let now = store.reader().snapshot();
    assert_eq!(
        (now.generation(), now.figures(&Filter::default()).unwrap()),
        (generation, before)
    );
    assert_eq!(old.total().unwrap(), now.total().unwrap() + 1);
    assert_eq!(
        old.mentions(&Filter::default(), None, 100).unwrap().items.len(),
        62
    );
    assert_eq!(store.purge().unwrap(), Purged::default());

    // The store goes on, here and after a restart.
    store.apply([put(marked(42, "heron"))], 64).unwrap();
    store.commit().unwrap();
    drop(store);
    let (store, recovery) = Store::open(dir.path(), Options::default()).unwrap();
    assert_eq!((recovery.mentions, store.position()), (62, 64));
}

#[test]
fn an_edit_leaves_nothing_of_the_old_text_and_a_whole_partition_can_go() {
    let dir = made::folder();
    let mut store = filled(dir.path());
    let mut edited = marked(41, "badger");
    edited.post.author = None;
    store.apply([put(edited)], 63).unwrap();
    store
        .apply(
            (0..90)
                .filter(|n| *n != 41)
                .map(|n| Change::Delete(made::post_key(n))),
            64,
        )
        .unwrap();
    store.purge().unwrap();
    assert_eq!(store.reader().snapshot().total().unwrap(), 1);
    for gone in ["otter", "zebra", "camera"] {
        assert_eq!(occurrences(dir.path(), gone.as_bytes()), 0, "{gone}");
    }
    assert!(occurrences(dir.path(), b"badger") > 3);
}

#[test]
fn files_that_a_crash_left_go_too() {
    let dir = made::folder();
    let mut store = filled(dir.path());
    let partition = fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.is_dir() && occurrences(p, b"zebra") > 0)
        .unwrap();
    let kept: Vec<_> = fs::read_dir(&partition)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    let copies: Vec<_> = kept.iter().map(|p| (p.clone(), fs::read(p).unwrap())).collect();
    store.apply([Change::Delete(made::post_key(40))], 63).unwrap();
    store.purge().unwrap();
    drop(store);
    // The old segments' files are back, known to the folder's list but to no commit.
    for (path, bytes) in copies {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == ".managed.json" || (!path.exists() && name != "meta.json") {
            fs::write(&path, bytes).unwrap();
        }
    }
    assert!(occurrences(dir.path(), b"zebra") > 3);
    let (mut store, _) = Store::open(dir.path(), Options::default()).unwrap();
    store.purge().unwrap();
    assert_eq!(occurrences(dir.path(), b"zebra"), 0);
    assert_eq!(store.reader().snapshot().total().unwrap(), 61);
}

/// A mention of post number `n` by one of the made-up authors.
fn numbered(n: u32, author: u8) -> Mention {
    let mut mention = made::mention((n % 60) as u8, 1, 0);
    mention.id.0[..4].copy_from_slice(&n.to_be_bytes());
    mention.post.key.0[..4].copy_from_slice(&n.to_be_bytes());
    if let Some(written_by) = &mut mention.post.author {
        written_by.key = made::author_key(author);
    }
    mention
}

#[test]
fn an_author_of_thousands_of_mentions_is_gone_with_what_was_not_committed_yet() {
    let folder = made::folder();
    let (mut store, _) = Store::open(folder.path(), Options::default()).unwrap();
    let by = |n: u32| if n.is_multiple_of(50) { 1 } else { 2 };
    store
        .apply((0..5_000).map(|n| put(numbered(n, by(n)))), 1)
        .unwrap();
    store.commit().unwrap();
    store
        .apply((5_000..5_100).map(|n| put(numbered(n, by(n)))), 2)
        .unwrap();
    store
        .apply(
            [Change::DeleteAuthor(made::author_key(2)), put(numbered(9_999, 1))],
            3,
        )
        .unwrap();
    store.commit().unwrap();
    let left = |store: &Store| {
        let found = store.reader().snapshot();
        let of = |author| {
            let authors = store::Choice::only([made::author_key(author)]);
            found
                .count(&Filter {
                    authors,
                    ..Filter::default()
                })
                .unwrap()
        };
        (of(1), of(2), found.total().unwrap())
    };
    // One post in five has no author.
    let expected = left(&store);
    assert_eq!((expected.1, store.position()), (0, 3));
    assert!((80..=103).contains(&expected.0), "{expected:?}");
    assert_eq!(
        expected.2,
        expected.0 + (0..5_100).chain([9_999]).filter(|n| n % 60 % 5 == 4).count() as u64
    );
    drop(store);
    let (store, _) = Store::open(folder.path(), Options::default()).unwrap();
    assert_eq!(left(&store), expected);
}
