//! Damage is named, never skipped and never a panic.

use crate::support::{KEY, batch, copy, entries, open, options, segments};
use journal::{Error, Journal, JournalHandle, Options, Position};
use std::fs;
use std::path::Path;

fn open_error(dir: &Path, options: Options) -> Error {
    match Journal::open(dir, options) {
        Err(error) => error,
        Ok(_) => panic!("opened"),
    }
}

fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// Three segments of one batch each.
fn three() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(
        dir.path(),
        Options {
            segment_bytes: 1,
            ..options()
        },
    )
    .unwrap()
    .0;
    for n in 0..3 {
        journal.append(&batch(n * 2, 2)).unwrap();
    }
    dir
}

#[test]
fn a_damaged_record_of_a_sealed_segment_is_named_with_its_place() {
    let dir = three();
    let file = segments(dir.path()).remove(0);
    let last = fs::metadata(&file).unwrap().len() as usize - 1;
    edit(&file, |b| b[last] ^= 1);
    let error = open_error(dir.path(), options());
    assert!(
        matches!(&error, Error::Damaged { path, offset, .. } if *path == file && *offset > 100),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains("seg-00000000000000000000.gsj is damaged at byte "),
        "{error}"
    );
    edit(&file, |b| b.truncate(last));
    assert!(matches!(open_error(dir.path(), options()), Error::Damaged { .. }));
}

#[test]
fn damage_before_intact_records_of_the_last_segment_is_no_torn_tail() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append(&batch(0, 2)).unwrap();
    let file = segments(dir.path()).remove(0);
    let start = fs::metadata(&file).unwrap().len() as usize;
    journal.append(&batch(2, 2)).unwrap();
    journal.append(&batch(4, 2)).unwrap();
    drop(journal);
    for place in [start, start + 3, start + 5, start + 9, start + 200] {
        let dir = copy(dir.path());
        let file = segments(dir.path()).remove(0);
        let before = fs::metadata(&file).unwrap().len();
        edit(&file, |b| b[place] ^= 0x40);
        let error = open_error(dir.path(), options());
        let at_start = matches!(&error, Error::Damaged { offset, .. } if *offset == start as u64);
        assert!(at_start, "{place}: {error}");
        assert_eq!(fs::metadata(&file).unwrap().len(), before, "nothing may be cut");
    }
}

#[test]
fn no_flipped_bit_panics_or_changes_an_entry() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append(&batch(0, 2)).unwrap();
    journal.append(&batch(2, 1)).unwrap();
    let want = entries(&journal, 0);
    drop(journal);
    let len = fs::metadata(&segments(dir.path())[0]).unwrap().len() as usize;
    for bit in (0..len * 8).step_by(29) {
        let dir = copy(dir.path());
        edit(&segments(dir.path())[0], |b| b[bit / 8] ^= 1 << (bit % 8));
        if let Ok((journal, _)) = Journal::open(dir.path(), options()) {
            let kept = entries(&journal, 0);
            assert_eq!(kept, want[..kept.len()], "bit {bit}");
            assert_eq!(
                kept.len(),
                2,
                "bit {bit}: only the last record may be taken for torn"
            );
        }
    }
}

#[test]
fn damage_that_appears_later_is_told_by_the_reader() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append(&batch(0, 2)).unwrap();
    let file = segments(dir.path()).remove(0);
    edit(&file, |b| {
        let last = b.len() - 1;
        b[last] ^= 1;
    });
    let mut reader = journal.reader(Position(0));
    assert!(matches!(reader.next(), Some(Err(Error::Damaged { path, .. })) if path == file));
    assert!(reader.next().is_none());
}

#[test]
fn a_missing_segment_is_named() {
    let dir = three();
    fs::remove_file(&segments(dir.path())[1]).unwrap();
    let error = open_error(dir.path(), options());
    assert!(
        matches!(&error, Error::Gap { follows, end, .. } if (*follows, *end) == (Position(4), Position(2))),
        "{error}"
    );
}

#[test]
fn another_installation_key_is_refused() {
    let dir = three();
    let error = open_error(dir.path(), Options::new([8; 32]));
    assert!(matches!(error, Error::WrongKey { .. }), "{error}");
    assert!(matches!(
        JournalHandle::open(dir.path(), [8; 32]),
        Err(Error::WrongKey { .. })
    ));
    assert!(JournalHandle::open(dir.path(), KEY).is_ok());
}

#[test]
fn newer_formats_and_foreign_files_are_refused() {
    let check = |change: &dyn Fn(&mut Vec<u8>), want: &str| {
        let dir = three();
        edit(&segments(dir.path())[2], |b| change(b));
        let error = open_error(dir.path(), options()).to_string();
        assert!(
            error.contains(want) && error.contains("seg-00000000000000000004.gsj"),
            "{error}"
        );
    };
    check(&|b| b[4] = 3, "has journal format 3, this program reads up to 2");
    check(&|b| b[0] = b'X', "does not begin with GSJ1");
    check(&|b| b.truncate(40), "shorter than a header");
    check(&|b| b.clear(), "shorter than a header");
    check(&|b| b[90] ^= 1, "damaged at byte 0");
    check(&|b| b[..100].fill(0), "header is empty");
    check(
        &|b| {
            b[6] = 99;
            let crc = crc32fast::hash(&b[..96]);
            b[96..100].copy_from_slice(&crc.to_le_bytes());
        },
        "holds posts of form 99",
    );
}

#[test]
fn a_file_with_a_foreign_name_is_refused() {
    for name in [
        "seg-1.gsj",
        "seg-0000000000000000000x.gsj",
        "other.gsj",
        "seg-99999999999999999999.gsj",
    ] {
        let dir = three();
        fs::write(dir.path().join(name), b"?").unwrap();
        assert!(
            matches!(open_error(dir.path(), options()), Error::NotASegment { .. }),
            "{name}"
        );
    }
    let dir = three();
    fs::rename(
        &segments(dir.path())[0],
        dir.path().join("seg-00000000000000000001.gsj"),
    )
    .unwrap();
    assert!(
        open_error(dir.path(), options())
            .to_string()
            .contains("name and its header disagree")
    );
}

#[test]
fn a_second_writer_is_refused_while_the_first_lives() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path());
    let error = open_error(dir.path(), options());
    assert!(
        matches!(&error, Error::Locked { path } if path == dir.path()),
        "{error}"
    );
    drop(first);
    assert!(Journal::open(dir.path(), options()).is_ok());
}

#[test]
fn what_is_no_folder_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("journal");
    fs::write(&file, b"").unwrap();
    let error = open_error(&file, options()).to_string();
    assert!(
        error.starts_with("cannot create folder") && error.contains("journal"),
        "{error}"
    );
    let dir = three();
    let segment = segments(dir.path()).remove(0);
    fs::remove_file(&segment).unwrap();
    fs::create_dir(&segment).unwrap();
    assert!(matches!(open_error(dir.path(), options()), Error::Io { path, .. } if path == segment));
}
