//! Damage on disk: what is whole goes on answering, and what is not is named, kept and made anew.

use crate::made;
use post::Counts;
use std::fs;
use std::path::{Path, PathBuf};
use store::{Change, Filter, Options, Rebuild, Recovery, Store, StoreReader, check};

/// Post 7 is old and goes to a partition of its own.
const OLD: u8 = 7;

fn put(n: u8) -> Change {
    Change::Put {
        post: made::post_key(n),
        mentions: vec![made::mention(n, 0, 0)],
    }
}

fn open(dir: &Path) -> (Store, Recovery) {
    Store::open(dir, Options::default()).unwrap()
}

/// A closed store of four posts, one of them old.
fn store() -> tempfile::TempDir {
    let dir = made::folder();
    let (mut store, _) = open(dir.path());
    store.apply([put(1), put(2), put(3), put(OLD)], 4).unwrap();
    store.commit().unwrap();
    store.close().unwrap();
    dir
}

fn partition(dir: &Path, begins: &str) -> PathBuf {
    let mut found = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
    let named = |p: &PathBuf| p.file_name().unwrap().to_str().unwrap().starts_with(begins);
    found.find(named).unwrap()
}

/// Changes bytes in the middle of the partition's file of this kind.
fn damage(partition: &Path, kind: &str) -> PathBuf {
    let mut files = fs::read_dir(partition).unwrap().map(|e| e.unwrap().path());
    let path = files.find(|p| p.extension().is_some_and(|e| e == kind)).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let end = bytes.len().min(80);
    bytes[4..end].iter_mut().for_each(|b| *b ^= 0xA5);
    // In place, as a bad block changes: what is mapped changes with it.
    use std::io::Write;
    let mut file = fs::File::options().write(true).open(&path).unwrap();
    file.write_all(&bytes).unwrap();
    path
}

fn posts(reader: &StoreReader) -> usize {
    let page = reader.snapshot().mentions(&Filter::default(), None, 100).unwrap();
    assert_eq!(page.items.len() as u64, page.total);
    page.items.len()
}

fn left_out(reader: &StoreReader) -> Vec<String> {
    let left = reader.snapshot().left_out();
    left.into_iter()
        .map(|l| format!("{}: {}", l.partition, l.reason))
        .collect()
}

#[test]
fn a_torn_partition_is_set_aside_and_the_others_answer() {
    let dir = store();
    let old = partition(dir.path(), "year-");
    fs::write(old.join("meta.json"), "{").unwrap();
    for _ in 0..2 {
        let (store, recovery) = open(dir.path());
        assert_eq!(
            (recovery.partitions, recovery.left_out, recovery.position),
            (1, 1, 4)
        );
        assert_eq!(posts(&store.reader()), 3);
        let left = left_out(&store.reader());
        assert!(
            left.len() == 1 && left[0].starts_with("year-2023-01-01: index "),
            "{left:?}"
        );
    }
    assert!(
        dir.path().join("year-2023-01-01.damaged-1/meta.json").exists(),
        "it is kept"
    );
    // What comes for its time is stored, and the answers go on saying that more was there.
    let (mut store, _) = open(dir.path());
    store.apply([put(OLD)], 5).unwrap();
    store.commit().unwrap();
    assert_eq!((posts(&store.reader()), left_out(&store.reader()).len()), (4, 1));
}

#[test]
fn a_folder_that_is_gone_is_missed() {
    let dir = store();
    fs::remove_dir_all(partition(dir.path(), "year-")).unwrap();
    let (store, recovery) = open(dir.path());
    assert_eq!((recovery.partitions, recovery.left_out), (1, 1));
    assert_eq!(left_out(&store.reader()), ["year-2023-01-01: its folder is gone"]);
    assert_eq!(posts(&store.reader()), 3);
}

#[test]
fn a_partition_without_its_description_is_not_taken_for_one_never_made() {
    let dir = store();
    let old = partition(dir.path(), "year-");
    fs::remove_file(old.join("meta.json")).unwrap();
    let (store, recovery) = open(dir.path());
    assert_eq!((recovery.swept, recovery.left_out), (0, 1));
    assert_eq!(left_out(&store.reader()).len(), 1);
    assert!(
        fs::read_dir(dir.path().join("year-2023-01-01.damaged-1"))
            .unwrap()
            .count()
            > 5
    );
}

#[test]
fn answers_go_round_what_is_damaged_while_the_store_is_open() {
    let dir = store();
    let (mut store, _) = open(dir.path());
    let reader = store.reader();
    let file = damage(&partition(dir.path(), "year-"), "store");
    assert_eq!(posts(&reader), 3);
    let left = left_out(&reader);
    assert!(
        left.len() == 1 && left[0].contains(file.file_name().unwrap().to_str().unwrap()),
        "{left:?}"
    );
    assert_eq!(reader.snapshot().count(&Filter::default()).unwrap(), 3);
    // The next commit sets it aside for good, with what was applied meanwhile.
    store.apply([put(4)], 5).unwrap();
    assert_eq!(store.commit().unwrap().position, 5);
    assert_eq!((posts(&reader), left_out(&reader).len()), (4, 1));
    assert!(dir.path().join("year-2023-01-01.damaged-1").exists());
    drop((store, reader));
    let (store, recovery) = open(dir.path());
    assert_eq!((posts(&store.reader()), recovery.left_out), (4, 1));
}

#[test]
fn the_writer_goes_round_what_is_damaged() {
    let dir = store();
    let (mut store, _) = open(dir.path());
    damage(&partition(dir.path(), "year-"), "store");
    store.apply([put(4)], 5).unwrap();
    let counts = Change::Engagement {
        post: made::post_key(OLD),
        counts: Counts::default(),
    };
    assert!(
        store.apply([counts.clone()], 6).is_err(),
        "its mention cannot be read"
    );
    store.apply([counts], 6).unwrap();
    assert_eq!(store.commit().unwrap().position, 6);
    assert_eq!((posts(&store.reader()), left_out(&store.reader()).len()), (4, 1));
}

#[test]
fn retention_is_not_taken_for_loss() {
    let dir = store();
    let (mut store, _) = open(dir.path());
    let due = store::Due {
        platform: made::mention(OLD, 0, 0).post.platform,
        project: "alpha".to_owned(),
        text: None,
        features: None,
        aggregates: Some(made::START + 1000 * made::DAY),
    };
    assert_eq!(store.expire(&[due]).unwrap().folders, 1);
    store.commit().unwrap();
    store.close().unwrap();
    assert_eq!(open(dir.path()).1.left_out, 0);
}

#[test]
fn a_check_of_a_whole_store_finds_nothing() {
    let dir = store();
    let report = check(dir.path()).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    assert!(
        report.partitions.iter().all(|p| p.problems.is_empty()),
        "{:?}",
        report.partitions
    );
    let mentions: Vec<u64> = report.partitions.iter().map(|p| p.mentions).collect();
    assert_eq!(
        (mentions, report.position, report.numbers.len()),
        (vec![3, 1], 4, 4)
    );
    let held = open(dir.path());
    assert!(check(dir.path()).is_err(), "a store in use cannot be checked");
    drop(held);
    assert!(check(&dir.path().join("none")).unwrap().partitions.is_empty());
}

#[test]
fn a_check_names_every_damaged_file() {
    for kind in ["store", "term", "idx", "pos", "fast", "fieldnorm"] {
        let dir = store();
        let file = damage(&partition(dir.path(), "month-"), kind);
        let report = check(dir.path()).unwrap();
        let named: Vec<&String> = report.partitions[0].problems.iter().map(|p| &p.place).collect();
        assert!(named.contains(&&file.display().to_string()), "{kind}: {named:?}");
        assert!(report.partitions[1].problems.is_empty());
    }
    let dir = store();
    let month = partition(dir.path(), "month-");
    let file = damage(&month, "store");
    fs::remove_file(&file).unwrap();
    fs::write(month.join("0123456789abcdef0123456789abcdef.idx"), "").unwrap();
    fs::remove_dir_all(partition(dir.path(), "year-")).unwrap();
    let report = check(dir.path()).unwrap();
    let said: Vec<String> = report.partitions[0]
        .problems
        .iter()
        .map(|p| format!("{} {}", p.place, p.what))
        .collect();
    assert!(
        said.iter()
            .any(|s| s == &format!("{} it is gone", file.display())),
        "{said:?}"
    );
    assert!(
        said.iter()
            .any(|s| s.contains("0123456789abcdef.idx it belongs to no segment")),
        "{said:?}"
    );
    let missed: Vec<&String> = report.problems.iter().map(|p| &p.what).collect();
    assert_eq!(missed, ["it is left out of answers: its folder is gone"]);
}

#[test]
fn what_is_left_out_is_made_anew_and_what_came_meanwhile_stays() {
    let dir = store();
    fs::write(partition(dir.path(), "month-").join("meta.json"), "{").unwrap();
    let (mut store, _) = open(dir.path());
    store.apply([put(4)], 5).unwrap();
    store.commit().unwrap();
    store.close().unwrap();
    let old = partition(dir.path(), "year-").join("meta.json");
    let untouched = fs::metadata(&old).unwrap().modified().unwrap();

    let mut rebuild = Rebuild::begin(dir.path(), &[], Options::default())
        .unwrap()
        .unwrap();
    assert_eq!(rebuild.position(), 5);
    assert!(rebuild.concerns(&made::post(1, 0)) && !rebuild.concerns(&made::post(OLD, 0)));
    // The journal has lost post 1, and knows that post 3 is gone.
    rebuild
        .apply([put(2), put(3), Change::Delete(made::post_key(3))])
        .unwrap();
    let made = rebuild.finish().unwrap();
    assert_eq!((made.len(), made[0].mentions), (1, 2));
    assert!(
        made[0].aside.as_ref().unwrap().join("meta.json").exists(),
        "what was damaged is kept"
    );

    let (store, recovery) = open(dir.path());
    assert_eq!(
        (recovery.left_out, recovery.position, recovery.mentions),
        (0, 5, 3)
    );
    assert_eq!(posts(&store.reader()), 3);
    drop(store);
    assert_eq!(fs::metadata(&old).unwrap().modified().unwrap(), untouched);
    let report = check(dir.path()).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    assert!(
        Rebuild::begin(dir.path(), &[], Options::default())
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_rebuild_that_is_cut_short_changes_nothing() {
    let dir = store();
    fs::write(partition(dir.path(), "month-").join("meta.json"), "{").unwrap();
    let damaged = [("month-2026-01-01".to_owned(), "torn".to_owned())];
    let mut rebuild = Rebuild::begin(dir.path(), &damaged, Options::default())
        .unwrap()
        .unwrap();
    rebuild.apply([put(1), put(2)]).unwrap();
    drop(rebuild);
    let (_, recovery) = open(dir.path());
    assert_eq!((recovery.mentions, recovery.left_out, recovery.swept), (1, 1, 1));
}
