//! Rollups on the disk: `GSROLLUP`, the format as four bytes, the CRC-32 of the rest, then postcard.

use super::Rollup;
use crate::Error;
use crate::embedded::lists;
use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tantivy::index::SegmentId;

const MAGIC: &[u8; 8] = b"GSROLLUP";
const FORMAT: u32 = 2;
const HEADER: usize = 16;
const EXTENSION: &str = "rollup";

fn path(partition: &Path, segment: SegmentId) -> PathBuf {
    partition.join(format!("{}.{EXTENSION}", segment.uuid_string()))
}

/// Writes a rollup, whole or not at all.
pub(super) fn write(partition: &Path, segment: SegmentId, rollup: &Rollup) -> Result<(), Error> {
    let path = path(partition, segment);
    let damaged = |e: postcard::Error| Error::Damaged {
        path: path.clone(),
        reason: e.to_string(),
    };
    let content = postcard::to_stdvec(rollup).map_err(damaged)?;
    let mut bytes = MAGIC.to_vec();
    bytes.extend(FORMAT.to_le_bytes());
    bytes.extend(crc32fast::hash(&content).to_le_bytes());
    bytes.extend(content);
    let draft = partition.join(format!(".tmp-{}", segment.uuid_string()));
    let write = || -> io::Result<()> {
        let mut file = fs::File::create(&draft)?;
        file.write_all(&bytes)?;
        file.sync_data()?;
        fs::rename(&draft, &path)
    };
    write().map_err(Error::io("write", &path))
}

/// The rollup of a segment; `None` where there is none that can be read, which is no harm.
pub(super) fn read(partition: &Path, segment: SegmentId, max_doc: u32) -> Option<Rollup> {
    let path = path(partition, segment);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            if error.kind() != ErrorKind::NotFound {
                tracing::warn!(file = %path.display(), %error, "a rollup cannot be read");
            }
            return None;
        }
    };
    let rollup = decode(&bytes).filter(|rollup| rollup.max_doc == max_doc);
    if rollup.is_none() {
        tracing::warn!(file = %path.display(), "a rollup is damaged or of another version, and is made anew");
    }
    rollup
}

fn decode(bytes: &[u8]) -> Option<Rollup> {
    let content = bytes.get(HEADER..)?;
    let head = [
        &MAGIC[..],
        &FORMAT.to_le_bytes(),
        &crc32fast::hash(content).to_le_bytes(),
    ]
    .concat();
    if bytes[..HEADER] != head {
        return None;
    }
    postcard::from_bytes(content).ok()
}

/// Removes the rollups and lists of segments that are no more.
pub(in crate::embedded) fn sweep(partition: &Path, living: &HashSet<String>) -> Result<(), Error> {
    for entry in fs::read_dir(partition).map_err(Error::io("read", partition))? {
        let path = entry.map_err(Error::io("read", partition))?.path();
        let is_rollup = path
            .extension()
            .is_some_and(|e| e == EXTENSION || e == lists::EXTENSION);
        let segment = path.file_stem().map(|s| s.to_string_lossy().into_owned());
        if is_rollup && segment.is_some_and(|segment| !living.contains(&segment)) {
            match fs::remove_file(&path) {
                Err(e) if e.kind() != ErrorKind::NotFound => return Err(Error::io("remove", &path)(e)),
                _ => {}
            }
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::embedded::rollup::Row;

    fn rollup() -> Rollup {
        Rollup {
            max_doc: 9,
            stamp: Some(300),
            deleted: vec![2, 7],
            projects: vec!["p".to_owned()],
            rows: vec![Row {
                hour: 5,
                project: 0,
                monitor: 1,
                source: 2,
                lang: 3,
                label: 0,
                primary: true,
                mentions: 4,
                negative: 3_000,
                positive: 200,
            }],
            lists: Vec::new(),
        }
    }

    #[test]
    fn a_rollup_comes_back_and_a_damaged_one_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let id = SegmentId::generate_random();
        assert_eq!(read(dir.path(), id, 9), None);
        write(dir.path(), id, &rollup()).unwrap();
        assert_eq!(read(dir.path(), id, 9), Some(rollup()));
        assert_eq!(read(dir.path(), id, 10), None, "of a segment of another size");
        let file = path(dir.path(), id);
        let whole = fs::read(&file).unwrap();
        for at in 0..whole.len() {
            let mut wrong = whole.clone();
            wrong[at] ^= 4;
            fs::write(&file, wrong).unwrap();
            assert_eq!(read(dir.path(), id, 9), None, "byte {at}");
        }
        fs::write(&file, &whole).unwrap();
        sweep(dir.path(), &HashSet::from([id.uuid_string()])).unwrap();
        assert!(file.exists());
        sweep(dir.path(), &HashSet::new()).unwrap();
        assert!(!file.exists());
    }

    #[test]
    fn the_form_of_version_2_stays() {
        let content = postcard::to_stdvec(&rollup()).unwrap();
        let golden = [
            9, 1, 172, 2, 2, 2, 7, 1, 1, b'p', 1, 10, 0, 1, 2, 3, 0, 1, 4, 184, 23, 200, 1, 0,
        ];
        assert_eq!(content, golden);
    }
}
