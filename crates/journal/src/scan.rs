//! Reading a folder at start: every header and checksum, and the torn tail.

use crate::entry::{Cursor, Position};
use crate::error::{At, Error, Result};
use crate::monitors::InForce;
use crate::record::{self, HEAD, Head, MAX_PAYLOAD, PREFIX};
use crate::records::{Fault, Records};
use crate::segment::{self, HEADER, Header, Segment};
use crate::state::State;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// What opening a journal found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// Segment files.
    pub segments: usize,
    /// The oldest position kept.
    pub first: Position,
    /// The position of the next entry.
    pub next: Position,
    /// What a crash left behind the last whole record, if it left something. None of it was acknowledged.
    pub cut: Option<Cut>,
}

/// A torn tail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The file.
    pub path: PathBuf,
    /// Where the whole records end.
    pub offset: u64,
    /// Bytes behind them.
    pub bytes: u64,
    /// What was wrong with them.
    pub reason: &'static str,
}

/// Reads all segments of `dir`. Changes nothing: cutting is the writer's.
pub(crate) fn scan(dir: &Path, installation: &[u8; 32]) -> Result<(State, Option<Cut>, Vec<PathBuf>)> {
    let mut state = State::default();
    let (mut cut, mut destroyed) = (None, Vec::new());
    let files = segment::list(dir)?;
    for (index, (_, path)) in files.iter().enumerate() {
        let mut file = File::open(path).at("open", path)?;
        match segment::read_header(path, &mut file, installation)? {
            None if state.segments.is_empty() => destroyed.push(path.clone()),
            None => return Err(damaged(path, 0, "header is empty")),
            Some(header) => {
                check_order(path, &header, &state)?;
                let last = index + 1 == files.len();
                cut = read_segment(path, file, header, last, &mut state)?;
            }
        }
    }
    Ok((state, cut, destroyed))
}

fn check_order(path: &Path, header: &Header, state: &State) -> Result<()> {
    match state.segments.back() {
        Some(before) if before.end != header.follows || header.first < header.follows => Err(Error::Gap {
            path: path.to_path_buf(),
            follows: header.follows,
            end: before.end,
        }),
        _ => Ok(()),
    }
}

fn read_segment(
    path: &Path,
    file: File,
    header: Header,
    last: bool,
    state: &mut State,
) -> Result<Option<Cut>> {
    let Header {
        first,
        key,
        format,
        form,
        ..
    } = header;
    let length = file.metadata().at("read", path)?.len();
    let mut segment = Segment {
        path: path.to_path_buf(),
        first,
        end: first,
        span: None,
        bytes: HEADER as u64,
        key,
        format,
        form,
        edition: 0,
    };
    let mut records = Records::new(file, HEADER as u64).at("read", path)?;
    let cut = loop {
        let offset = records.offset();
        match records.next(length) {
            Ok(None) => break None,
            Ok(Some((head, _))) if head.first != segment.end => {
                return Err(damaged(path, offset, "record is out of order"));
            }
            Ok(Some((head, payload))) => {
                note(&head, payload, format, form, state)
                    .ok_or_else(|| damaged(path, offset, "record cannot be read"))?;
                segment.extend(head.end(), (PREFIX + payload.len()) as u64, head.seen_at);
            }
            Err(Fault::Bad(reason)) if last => break Some(torn(path, offset, length, segment.end, reason)?),
            Err(Fault::Bad(reason)) => return Err(damaged(path, offset, reason)),
            Err(Fault::Read(source)) => {
                return Err(Error::Io {
                    action: "read",
                    path: path.to_path_buf(),
                    source,
                });
            }
        }
    };
    state.segments.push_back(segment);
    Ok(cut)
}

/// Takes over the cursors and monitors of a record.
fn note(head: &Head, payload: &[u8], format: u16, form: u16, state: &mut State) -> Option<()> {
    let context = record::context(payload, head, format)?;
    state.note_cursors(&context.cursors);
    // What a segment carries is known, but for the oldest.
    if let (Some(set), None) = (context.monitors, &state.monitors) {
        state.monitors = Some(InForce::new(set, None));
    }
    if head.has_monitors {
        record::monitors(payload, head, form, head.end(), &mut state.monitors)?;
    }
    Some(())
}

/// A bad record is a torn tail only if nothing whole follows it. Otherwise acknowledged records would go with it.
pub(crate) fn torn(
    path: &Path,
    offset: u64,
    length: u64,
    next: Position,
    reason: &'static str,
) -> Result<Cut> {
    let mut tail = Vec::new();
    let mut file = File::open(path).at("open", path)?;
    file.seek(SeekFrom::Start(offset)).at("read", path)?;
    let most = 2 * (PREFIX + MAX_PAYLOAD) as u64;
    file.take(most).read_to_end(&mut tail).at("read", path)?;
    if (1..tail.len()).any(|at| is_whole(&tail[at..], next)) {
        return Err(damaged(path, offset, reason));
    }
    Ok(Cut {
        path: path.to_path_buf(),
        offset,
        bytes: length - offset,
        reason,
    })
}

/// Where the whole records behind a damaged one end: `None` where none follows.
pub(crate) fn end_behind(path: &Path, offset: u64, next: Position) -> Result<Option<Position>> {
    let mut tail = Vec::new();
    let mut file = File::open(path).at("open", path)?;
    file.seek(SeekFrom::Start(offset)).at("read", path)?;
    file.read_to_end(&mut tail).at("read", path)?;
    let (mut at, mut end) = (1, None);
    while at < tail.len() {
        if !is_whole(&tail[at..], next) {
            at += 1;
            continue;
        }
        let prefix = tail[at..].first_chunk::<PREFIX>().copied().unwrap_or_default();
        let whole = PREFIX + record::prefix(prefix).0;
        end = end.max(record::head(&tail[at + PREFIX..at + whole]).map(|head| head.end()));
        at += whole;
    }
    Ok(end)
}

/// Whether `bytes` begin with a record that could come at or after `next`.
fn is_whole(bytes: &[u8], next: Position) -> bool {
    let Some(prefix) = bytes.first_chunk::<PREFIX>() else {
        return false;
    };
    let (len, crc) = record::prefix(*prefix);
    if !(HEAD..=MAX_PAYLOAD).contains(&len) {
        return false;
    }
    let Some(payload) = bytes.get(PREFIX..PREFIX + len) else {
        return false;
    };
    record::head(payload).is_some_and(|head| head.first >= next) && crc32fast::hash(payload) == crc
}

fn damaged(path: &Path, offset: u64, reason: &'static str) -> Error {
    Error::Damaged {
        path: path.to_path_buf(),
        offset,
        reason,
    }
}

/// Removes what a crash left: unfinished segments, destroyed ones, the torn tail.
pub(crate) fn repair(dir: &Path, cut: Option<&Cut>, destroyed: &[PathBuf]) -> Result<()> {
    let unfinished = segment::remove_unfinished(dir)?;
    for path in destroyed {
        fs::remove_file(path).at("remove", path)?;
    }
    if let Some(Cut { path, offset, .. }) = cut {
        let file = File::options().write(true).open(path).at("open", path)?;
        file.set_len(*offset)
            .and_then(|()| file.sync_all())
            .at("cut the torn tail of", path)?;
    }
    if unfinished > 0 || !destroyed.is_empty() {
        segment::sync_folder(dir)
    } else {
        Ok(())
    }
}

impl State {
    /// Remembers the newest cursor of each source.
    pub(crate) fn note_cursors(&mut self, cursors: &[Cursor]) {
        for cursor in cursors {
            match self.cursors.iter_mut().find(|c| c.source == cursor.source) {
                Some(known) => known.value.clone_from(&cursor.value),
                None => self.cursors.push(cursor.clone()),
            }
        }
    }
}
