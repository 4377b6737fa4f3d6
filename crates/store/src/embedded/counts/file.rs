//! The counts of a partition on the disk: a file that records are added to, and that is replaced whole where most of it is
//! outdated.
//!
//! `GSCOUNTS`, the format as four bytes, then records: the length and the CRC-32 of what follows, then postcard of a list
//! of posts with their counts. The name begins with a dot, so that a backup copies the file instead of linking it: the
//! copy must not grow past the documents that it belongs to.

use super::later::Late;
use crate::Error;
use post::{Counts, PostKey};
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

const NAME: &str = ".counts";
/// Swept at the next start, as all files of this kind.
const DRAFT: &str = ".tmp-counts";
const MAGIC: &[u8; 8] = b"GSCOUNTS";
const FORMAT: u32 = 1;
const HEADER: usize = 12;
/// Posts of one record of a file that is written anew.
const AT_ONCE: usize = 20_000;
/// Outdated entries that are let be.
const LET_BE: usize = 50_000;

type Entry = ([u8; 16], Option<(Counts, u64)>);

pub(super) struct File {
    path: PathBuf,
    /// Bytes that are good; what stands behind them is cut off.
    length: u64,
    /// Entries written, outdated ones included.
    entries: usize,
}

impl File {
    /// Opens the file of a partition and reads it. A torn end, as a crash leaves it, is forgotten.
    pub(super) fn open(partition: &Path) -> Result<(Self, BTreeMap<PostKey, Option<Late>>), Error> {
        let path = partition.join(NAME);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(Error::io("read", &path)(e)),
        };
        let (mut found, mut entries, mut at) = (BTreeMap::new(), 0, 0);
        if bytes.len() >= HEADER {
            header(&bytes, &path)?;
            at = HEADER;
            while let Some(list) = record(&bytes, &mut at, &path)? {
                entries += list.len();
                for (post, late) in list {
                    let late = late.map(|(counts, generation)| Late { counts, generation });
                    found.insert(PostKey(post), late);
                }
            }
        }
        if at < bytes.len() {
            tracing::warn!(file = %path.display(), bytes = bytes.len() - at, "the end of a file of counts was torn");
        }
        let file = Self {
            path,
            length: at as u64,
            entries,
        };
        Ok((file, found))
    }

    pub(super) fn entries(&self) -> usize {
        self.entries
    }

    /// Whether it is time to write the file anew, when so many entries stand for something.
    pub(super) fn is_mostly_outdated(&self, living: usize) -> bool {
        self.entries > 2 * living + LET_BE
    }

    /// Adds a record, durably.
    pub(super) fn append(&mut self, changed: &BTreeMap<PostKey, Option<Late>>) -> Result<(), Error> {
        let mut bytes = Vec::new();
        if self.length == 0 {
            bytes.extend(first_bytes());
        }
        let list = changed.iter().map(|(post, late)| entry(*post, late.as_ref()));
        self.encode(list.collect(), &mut bytes)?;
        let write = || -> io::Result<()> {
            let is_new = !self.path.exists();
            let mut file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&self.path)?;
            file.set_len(self.length)?;
            io::Seek::seek(&mut file, io::SeekFrom::End(0))?;
            file.write_all(&bytes)?;
            file.sync_data()?;
            match self.path.parent() {
                Some(folder) if is_new => fs::File::open(folder)?.sync_all(),
                _ => Ok(()),
            }
        };
        write().map_err(Error::io("write", &self.path))?;
        self.length += bytes.len() as u64;
        self.entries += changed.len();
        Ok(())
    }

    /// Replaces everything, whole or not at all.
    pub(super) fn replace(&mut self, living: impl Iterator<Item = (PostKey, Late)>) -> Result<(), Error> {
        let list: Vec<Entry> = living.map(|(post, late)| entry(post, Some(&late))).collect();
        let mut bytes = first_bytes();
        for some in list.chunks(AT_ONCE) {
            self.encode(some.to_vec(), &mut bytes)?;
        }
        let draft = self.path.with_file_name(DRAFT);
        let write = || -> io::Result<()> {
            let mut file = fs::File::create(&draft)?;
            file.write_all(&bytes)?;
            file.sync_data()?;
            fs::rename(&draft, &self.path)?;
            self.path
                .parent()
                .map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
        };
        write().map_err(Error::io("write", &self.path))?;
        self.length = bytes.len() as u64;
        self.entries = list.len();
        Ok(())
    }

    fn encode(&self, list: Vec<Entry>, out: &mut Vec<u8>) -> Result<(), Error> {
        let bytes = postcard::to_stdvec(&list).map_err(|e| damaged(&self.path, &e.to_string()))?;
        out.extend((bytes.len() as u32).to_le_bytes());
        out.extend(crc32fast::hash(&bytes).to_le_bytes());
        out.extend(bytes);
        Ok(())
    }
}

fn entry(post: PostKey, late: Option<&Late>) -> Entry {
    (post.0, late.map(|l| (l.counts, l.generation)))
}

fn first_bytes() -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(FORMAT.to_le_bytes());
    bytes
}

fn header(bytes: &[u8], path: &Path) -> Result<(), Error> {
    if !bytes.starts_with(MAGIC) {
        return Err(damaged(path, "it does not begin as a file of counts does"));
    }
    let found = number(bytes, MAGIC.len()).unwrap_or(0);
    match found > FORMAT {
        true => Err(Error::Newer {
            path: path.to_owned(),
            what: "format",
            found,
            known: FORMAT,
        }),
        false => Ok(()),
    }
}

/// The record that begins at `at`, which is moved behind it; `None` at the end, torn or not.
fn record(bytes: &[u8], at: &mut usize, path: &Path) -> Result<Option<Vec<Entry>>, Error> {
    let (Some(length), Some(sum)) = (number(bytes, *at), number(bytes, *at + 4)) else {
        return Ok(None);
    };
    let begin = *at + 8;
    let end = begin.saturating_add(length as usize);
    let Some(content) = bytes.get(begin..end) else {
        return Ok(None);
    };
    if crc32fast::hash(content) != sum {
        // Only the last record can be torn.
        return match end == bytes.len() {
            true => Ok(None),
            false => Err(damaged(
                path,
                &format!("the record at byte {at} has a wrong checksum"),
            )),
        };
    }
    let list = postcard::from_bytes(content).map_err(|e| damaged(path, &e.to_string()))?;
    *at = end;
    Ok(Some(list))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn damaged(path: &Path, reason: &str) -> Error {
    Error::Damaged {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }
}

/// The name of the file, for those who move a partition.
pub(in crate::embedded) const FILE: &str = NAME;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn one(n: u8, likes: u64) -> BTreeMap<PostKey, Option<Late>> {
        let counts = Counts {
            likes: Some(likes),
            ..Counts::default()
        };
        BTreeMap::from([(
            PostKey([n; 16]),
            Some(Late {
                counts,
                generation: 7,
            }),
        )])
    }

    #[test]
    fn a_torn_end_is_cut_off_and_what_comes_later_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let (mut file, _) = File::open(dir.path()).unwrap();
        file.append(&one(1, 5)).unwrap();
        file.append(&one(2, 6)).unwrap();
        let whole = fs::read(dir.path().join(NAME)).unwrap();
        for cut in (file.length as usize - 30)..whole.len() {
            fs::write(dir.path().join(NAME), &whole[..cut]).unwrap();
            let (mut file, found) = File::open(dir.path()).unwrap();
            assert_eq!(found, one(1, 5), "cut at {cut}");
            file.append(&one(3, 9)).unwrap();
            let found = File::open(dir.path()).unwrap().1;
            assert_eq!(found.keys().map(|k| k.0[0]).collect::<Vec<_>>(), [1, 3]);
        }
    }

    #[test]
    fn damage_and_newer_formats_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let (mut file, _) = File::open(dir.path()).unwrap();
        file.append(&one(1, 5)).unwrap();
        file.append(&one(2, 6)).unwrap();
        let path = dir.path().join(NAME);
        let whole = fs::read(&path).unwrap();
        let mut wrong = whole.clone();
        wrong[HEADER + 10] ^= 1;
        fs::write(&path, wrong).unwrap();
        let error = File::open(dir.path()).err().unwrap().to_string();
        assert!(error.contains("byte 12 has a wrong checksum"), "{error}");
        let mut newer = whole;
        newer[8] = 9;
        fs::write(&path, newer).unwrap();
        let error = File::open(dir.path()).err().unwrap().to_string();
        assert!(
            error.contains("has format 9, this program knows up to 1"),
            "{error}"
        );
    }

    #[test]
    fn the_form_of_version_1_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (mut file, _) = File::open(dir.path()).unwrap();
        file.append(&one(1, 300)).unwrap();
        let mut golden = b"GSCOUNTS\x01\0\0\0\x1a\0\0\0".to_vec();
        let content = [&[1u8][..], &[1; 16], &[1, 1, 0xac, 2, 0, 0, 0, 0, 7]].concat();
        golden.extend(crc32fast::hash(&content).to_le_bytes());
        golden.extend(content);
        assert_eq!(fs::read(dir.path().join(NAME)).unwrap(), golden);
    }
}
