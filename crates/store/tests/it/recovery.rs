//! Opening what a crash, another process or another version left.

use crate::made;
use std::fs;
use store::{Change, Error, Filter, Options, Recovery, Store};

fn put(n: u8) -> Change {
    Change::Put {
        post: made::post_key(n),
        mentions: vec![made::mention(n, 0, 0)],
    }
}

#[test]
fn an_empty_folder_is_a_new_store() {
    let dir = made::folder();
    let (store, recovery) = Store::open(&dir.path().join("deep/store"), Options::default()).unwrap();
    assert_eq!(recovery, Recovery::default());
    let snapshot = store.reader().snapshot();
    assert_eq!(
        snapshot.figures(&Filter::default()).unwrap(),
        store::Figures::default()
    );
    assert!(
        snapshot
            .mentions(&Filter::default(), None, 10)
            .unwrap()
            .items
            .is_empty()
    );
    assert!(
        snapshot
            .series(&Filter::default(), None, 1_000, 0)
            .unwrap()
            .times
            .is_empty()
    );
}

#[test]
fn what_is_not_committed_is_neither_seen_nor_kept() {
    let dir = made::folder();
    let (mut store, _) = Store::open(dir.path(), Options::default()).unwrap();
    store.apply([put(1), put(2)], 2).unwrap();
    let first = store.commit().unwrap();
    store.apply([put(3)], 3).unwrap();
    assert_eq!(store.reader().snapshot().total().unwrap(), 2);
    assert_eq!((store.position(), first.generation), (2, 1));
    drop(store);
    let (mut store, recovery) = Store::open(dir.path(), Options::default()).unwrap();
    assert_eq!((recovery.position, recovery.mentions), (2, 2));
    assert_eq!(store.commit().unwrap(), first, "nothing new, no new generation");
}

#[test]
fn a_position_passes_on_without_mentions() {
    let dir = made::folder();
    let (mut store, _) = Store::open(dir.path(), Options::default()).unwrap();
    store.apply([put(1)], 1).unwrap();
    store.commit().unwrap();
    store.apply([], 900).unwrap();
    store.commit().unwrap();
    drop(store);
    assert_eq!(
        Store::open(dir.path(), Options::default()).unwrap().1.position,
        900
    );
}

#[test]
fn without_its_stamp_the_least_position_counts() {
    let dir = made::folder();
    let (mut store, _) = Store::open(dir.path(), Options::default()).unwrap();
    // Post 7 is old and goes to a partition of its own.
    store.apply([put(7)], 1).unwrap();
    store.commit().unwrap();
    store.apply([put(1)], 2).unwrap();
    store.commit().unwrap();
    store.close().unwrap();
    fs::remove_file(dir.path().join("store.json")).unwrap();
    let (_, recovery) = Store::open(dir.path(), Options::default()).unwrap();
    assert_eq!(
        (recovery.position, recovery.partitions, recovery.mentions),
        (1, 2, 2)
    );
}

#[test]
fn leftovers_are_swept() {
    let dir = made::folder();
    let (mut store, _) = Store::open(dir.path(), Options::default()).unwrap();
    store.apply([put(1)], 1).unwrap();
    store.commit().unwrap();
    store.close().unwrap();
    let partition = fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.is_dir())
        .unwrap();
    fs::write(partition.join(".tmpAbC123"), "half").unwrap();
    fs::create_dir(dir.path().join("month-2031-01-01")).unwrap();
    fs::create_dir(dir.path().join("somebody-elses")).unwrap();
    let (_, recovery) = Store::open(dir.path(), Options::default()).unwrap();
    assert_eq!(
        (recovery.swept, recovery.partitions, recovery.mentions),
        (2, 1, 1)
    );
    assert!(!partition.join(".tmpAbC123").exists());
    assert!(dir.path().join("somebody-elses").exists());
}

#[test]
fn two_writers_are_refused() {
    let dir = made::folder();
    let (first, _) = Store::open(dir.path(), Options::default()).unwrap();
    let second = Store::open(dir.path(), Options::default());
    assert!(matches!(second.map(|_| ()), Err(Error::InUse { path }) if path == dir.path()));
    drop(first);
    assert!(Store::open(dir.path(), Options::default()).is_ok());
}

fn fault(stamp: &str) -> (String, String) {
    let dir = made::folder();
    let path = dir.path().join("store.json");
    fs::write(&path, stamp).unwrap();
    let error = Store::open(dir.path(), Options::default())
        .map(|_| ())
        .unwrap_err();
    (error.to_string(), path.display().to_string())
}

#[test]
fn newer_and_damaged_stores_are_refused_by_name() {
    let (message, path) = fault(r#"{"format":999,"something":"else"}"#);
    assert_eq!(
        message,
        format!("{path} has format 999, this program knows up to 5: use a newer groundswell")
    );
    let (message, path) = fault(r#"{"format":1,"tokeniser":77,"post":1,"position":3,"generation":1}"#);
    assert!(
        message.starts_with(&format!("{path} has tokeniser version 77")),
        "{message}"
    );
    let (message, path) = fault(r#"{"format":1,"toke"#);
    assert!(message.starts_with(&format!("{path} is damaged")), "{message}");
}

#[test]
fn a_file_in_the_place_of_the_folder_is_named() {
    let dir = made::folder();
    let path = dir.path().join("store");
    fs::write(&path, "not a folder").unwrap();
    let error = Store::open(&path, Options::default()).map(|_| ()).unwrap_err();
    assert!(
        matches!(&error, Error::Io { path: named, .. } if *named == path),
        "{error}"
    );
}

/// The posts stored, by their keys.
fn stored(store: &Store) -> Vec<post::PostKey> {
    let page = store
        .reader()
        .snapshot()
        .mentions(&Filter::default(), None, 100)
        .unwrap();
    let mut keys: Vec<_> = page.items.iter().map(|m| m.post.key).collect();
    keys.sort_unstable();
    keys
}

fn keys(numbers: &[u8]) -> Vec<post::PostKey> {
    let mut keys: Vec<_> = numbers.iter().map(|n| made::post_key(*n)).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn goes_on_once_a_fault_of_a_partition_is_gone() {
    let dir = made::folder();
    let (mut store, _) = Store::open(dir.path(), Options::default()).unwrap();
    store.apply([put(1), put(2), put(3)], 3).unwrap();
    store.commit().unwrap();
    store
        .apply([put(4), Change::Delete(made::post_key(2))], 5)
        .unwrap();
    let partition = fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.is_dir())
        .unwrap();
    let away = dir.path().join("away");
    fs::rename(&partition, &away).unwrap();
    for _ in 0..3 {
        assert!(store.commit().is_err());
    }
    assert_eq!(store.position(), 3);
    assert_eq!(
        store.reader().snapshot().total().unwrap(),
        3,
        "readers go on with what they know"
    );
    fs::rename(&away, &partition).unwrap();
    let commit = store.commit().unwrap();
    assert_eq!((commit.position, commit.generation), (5, 2));
    assert_eq!(stored(&store), keys(&[1, 3, 4]));
}

#[test]
fn a_refused_change_can_be_applied_again() {
    let dir = made::folder();
    let (mut store, _) = Store::open(dir.path(), Options::default()).unwrap();
    // Post 7 needs a partition of its own, whose place is taken.
    let taken = dir.path().join("year-2023-01-01");
    fs::write(&taken, "").unwrap();
    let changes = [put(1), put(7)];
    assert!(store.apply(changes.clone(), 2).is_err());
    assert!(store.apply(changes.clone(), 2).is_err());
    fs::remove_file(&taken).unwrap();
    store.apply(changes, 2).unwrap();
    store.commit().unwrap();
    assert_eq!(stored(&store), keys(&[1, 7]));
}

#[test]
fn a_position_that_cannot_be_written_is_not_given() {
    let dir = made::folder();
    let (mut store, _) = Store::open(dir.path(), Options::default()).unwrap();
    store.apply([put(1)], 1).unwrap();
    let draft = dir.path().join("store.json.tmp");
    fs::create_dir(&draft).unwrap();
    assert!(store.commit().is_err());
    assert_eq!(
        (store.position(), store.reader().snapshot().total().unwrap()),
        (0, 0)
    );
    fs::remove_dir(&draft).unwrap();
    assert_eq!(store.commit().unwrap().position, 1);
    assert_eq!(stored(&store), keys(&[1]));
}
