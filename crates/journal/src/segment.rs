//! One segment file: its name, its header, its birth and its end.
//!
//! ```text
//! "GSJ1" | format u16 | post form u16 | first u64 | follows u64 | nonce [24] | wrapped key [48] | crc u32
//! ```
//! `first` is the position of its first entry, `follows` the position at which the segment before it ended (they differ
//! only where [`crate::Journal::advance_to`] skipped). The key is wrapped under the installation key and bound to the
//! bytes before it. The CRC-32 covers all before itself. Records follow; the first carries the cursors and the
//! monitors in force, so that dropping older segments loses neither.

use crate::entry::Position;
use crate::error::{At, Error, Result};
use crate::record::{self, Context};
use crate::seal::{NONCE, SegmentKey, WRAPPED, Wrapped};
use post::{Millis, POST_VERSION};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// The newest format this program reads, and the one it writes. Format 1 knows neither keyword lists nor changes of
/// the monitor set.
pub(crate) const FORMAT: u16 = 2;
const MAGIC: &[u8; 4] = b"GSJ1";
pub(crate) const PLACE: usize = 24;
/// Length of the header.
pub(crate) const HEADER: usize = PLACE + NONCE + WRAPPED + 4;
pub(crate) const UNFINISHED: &str = "tmp";

/// A segment as the program knows it: all before `bytes` is durable.
#[derive(Clone)]
pub(crate) struct Segment {
    pub(crate) path: PathBuf,
    pub(crate) first: Position,
    /// One past its last entry.
    pub(crate) end: Position,
    /// The earliest and latest `seen_at` of its entries.
    pub(crate) span: Option<(Millis, Millis)>,
    pub(crate) bytes: u64,
    pub(crate) key: SegmentKey,
    /// The form of its records.
    pub(crate) format: u16,
    /// The form of its posts.
    pub(crate) form: u16,
    /// How often its file was written anew by this process.
    pub(crate) edition: u32,
}

impl Segment {
    /// Whether both are the same file.
    pub(crate) fn is_same(&self, other: &Segment) -> bool {
        (self.first, self.edition) == (other.first, other.edition)
    }

    /// Takes note of a record of `bytes` that is now durable.
    pub(crate) fn extend(&mut self, end: Position, bytes: u64, seen_at: Millis) {
        if end > self.end {
            self.span = Some(
                self.span
                    .map_or((seen_at, seen_at), |(a, b)| (a.min(seen_at), b.max(seen_at))),
            );
        }
        self.end = end;
        self.bytes += bytes;
    }
}

/// What a header says.
pub(crate) struct Header {
    pub(crate) first: Position,
    pub(crate) follows: Position,
    pub(crate) key: SegmentKey,
    pub(crate) format: u16,
    pub(crate) form: u16,
}

/// `seg-<first position, 20 digits>.gsj`
pub(crate) fn path(dir: &Path, first: Position) -> PathBuf {
    dir.join(format!("seg-{:020}.gsj", first.0))
}

/// The segment files of `dir` in the order of their positions. Unfinished ones, which hold nothing that was
/// acknowledged, are left out.
pub(crate) fn list(dir: &Path) -> Result<Vec<(Position, PathBuf)>> {
    let mut found = Vec::new();
    for item in fs::read_dir(dir).at("read folder", dir)? {
        let path = item.at("read folder", dir)?.path();
        if path.extension().is_some_and(|e| e == "gsj") {
            let first = position(&path);
            let reason = "its name is not seg-<20 digits>.gsj";
            found.push((
                first.ok_or_else(|| Error::NotASegment {
                    path: path.clone(),
                    reason,
                })?,
                path,
            ));
        }
    }
    found.sort();
    Ok(found)
}

fn position(path: &Path) -> Option<Position> {
    let digits = path.file_stem()?.to_str()?.strip_prefix("seg-")?;
    let digits = Some(digits).filter(|d| d.len() == 20 && d.bytes().all(|b| b.is_ascii_digit()))?;
    digits.parse().ok().map(Position)
}

/// Removes what a crash left of segments that were being made, and says how many there were.
pub(crate) fn remove_unfinished(dir: &Path) -> Result<usize> {
    let mut removed = 0;
    for item in fs::read_dir(dir).at("read folder", dir)? {
        let path = item.at("read folder", dir)?.path();
        if path.extension().is_some_and(|e| e == UNFINISHED) {
            fs::remove_file(&path).at("remove", &path)?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Makes a segment with `context` as its first record. It appears under its name whole and durable, or not at all.
pub(crate) fn create(
    dir: &Path,
    first: Position,
    follows: Position,
    context: &Context,
    installation: &[u8; 32],
) -> Result<(Segment, File)> {
    let path = path(dir, first);
    let unfinished = path.with_extension(UNFINISHED);
    let (key, mut bytes) = header(first, follows, installation)?;
    let mut record = Vec::new();
    record::encode_carried(context, first, &key, &mut record)?;
    bytes.extend_from_slice(&record);
    let written = write_durably(&unfinished, &bytes).and_then(|file| {
        fs::rename(&unfinished, &path)?;
        Ok(file)
    });
    let file = written
        .inspect_err(|_| drop(fs::remove_file(&unfinished)))
        .at("write", &path)?;
    sync_folder(dir)?;
    let segment = Segment {
        path,
        first,
        end: first,
        span: None,
        bytes: bytes.len() as u64,
        key,
        format: FORMAT,
        form: POST_VERSION,
        edition: 0,
    };
    Ok((segment, file))
}

fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<File> {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(file)
}

pub(crate) fn header(
    first: Position,
    follows: Position,
    installation: &[u8; 32],
) -> Result<(SegmentKey, Vec<u8>)> {
    let mut bytes = Vec::with_capacity(HEADER);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    bytes.extend_from_slice(&POST_VERSION.to_le_bytes());
    bytes.extend_from_slice(&first.0.to_le_bytes());
    bytes.extend_from_slice(&follows.0.to_le_bytes());
    let (key, wrapped) = SegmentKey::create(installation, &bytes)?;
    bytes.extend_from_slice(&wrapped.nonce);
    bytes.extend_from_slice(&wrapped.bytes);
    bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
    Ok((key, bytes))
}

/// Reads and checks the header of `file`; `None` where its key was destroyed before its file could be removed.
pub(crate) fn read_header(path: &Path, file: &mut File, installation: &[u8; 32]) -> Result<Option<Header>> {
    let not = |reason| Error::NotASegment {
        path: path.to_path_buf(),
        reason,
    };
    let mut bytes = [0u8; HEADER];
    file.read_exact(&mut bytes)
        .map_err(|source| match source.kind() {
            ErrorKind::UnexpectedEof => not("it is shorter than a header"),
            _ => Error::Io {
                action: "read",
                path: path.to_path_buf(),
                source,
            },
        })?;
    if bytes == [0u8; HEADER] {
        return Ok(None);
    }
    let number = |at: usize| {
        bytes[at..]
            .first_chunk::<8>()
            .map_or(0, |b| u64::from_le_bytes(*b))
    };
    let (format, form) = (number(4) as u16, (number(4) >> 16) as u16);
    if &bytes[..4] != MAGIC {
        return Err(not("it does not begin with GSJ1"));
    }
    if format > FORMAT {
        return Err(Error::NewerFormat {
            path: path.to_path_buf(),
            found: format,
            supported: FORMAT,
        });
    }
    if crc32fast::hash(&bytes[..HEADER - 4]).to_le_bytes() != bytes[HEADER - 4..] {
        return Err(Error::Damaged {
            path: path.to_path_buf(),
            offset: 0,
            reason: "header has another checksum",
        });
    }
    if !(1..=POST_VERSION).contains(&form) {
        return Err(Error::PostForm {
            path: path.to_path_buf(),
            found: form,
            supported: POST_VERSION,
        });
    }
    let (first, follows) = (Position(number(8)), Position(number(16)));
    if position(path) != Some(first) {
        return Err(not("its name and its header disagree on its first position"));
    }
    let mut wrapped = Wrapped {
        nonce: [0; NONCE],
        bytes: [0; WRAPPED],
    };
    wrapped.nonce.copy_from_slice(&bytes[PLACE..PLACE + NONCE]);
    wrapped.bytes.copy_from_slice(&bytes[PLACE + NONCE..HEADER - 4]);
    let key = SegmentKey::unwrap(installation, &bytes[..PLACE], &wrapped).ok_or_else(|| Error::WrongKey {
        path: path.to_path_buf(),
    })?;
    Ok(Some(Header {
        first,
        follows,
        key,
        format,
        form,
    }))
}

/// Removes a segment: its key first, so that what the disk still holds of it stays sealed.
pub(crate) fn destroy(path: &Path) -> Result<()> {
    let mut file = OpenOptions::new().write(true).open(path).at("open", path)?;
    file.write_all(&[0u8; HEADER])
        .and_then(|()| file.sync_all())
        .at("destroy the key of", path)?;
    fs::remove_file(path).at("remove", path)
}

/// Makes the names in `dir` durable.
pub(crate) fn sync_folder(dir: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(dir)
            .and_then(|d| d.sync_all())
            .at("sync folder", dir)?;
    }
    Ok(())
}
