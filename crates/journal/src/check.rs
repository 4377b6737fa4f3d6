//! Whether a journal's files hold what was written: every header, checksum and entry, and no segment missing.
//!
//! [`check`] changes nothing, and unlike opening goes on behind what is damaged. [`set_aside`] lets a journal open again
//! whose damage lies where the store has everything.

use crate::entry::Position;
use crate::error::{At, Error, Result};
use crate::journal::Lock;
use crate::record;
use crate::records::{Fault, Records};
use crate::scan;
use crate::segment::{self, HEADER, Header, Segment};
use post::Millis;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// What is wrong with a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// Bytes changed. Entries from one position on cannot be read.
    Damaged {
        /// Where in the file.
        offset: u64,
        /// The position of the first entry that cannot be read.
        from: Position,
        /// One past the last entry that cannot be read; `None` where that is not known.
        upto: Option<Position>,
        /// What is wrong.
        reason: String,
    },
    /// Entries between the segment before it and this one are missing.
    Gap {
        /// Where the segment before it ends.
        from: Position,
        /// Where it should have ended.
        to: Position,
    },
    /// What a crash left behind the last whole record. None of it was acknowledged; the next start cuts it.
    Torn {
        /// Where in the file.
        offset: u64,
        /// Bytes.
        bytes: u64,
    },
    /// Its key was destroyed before its file could be removed; the next start removes it.
    Destroyed,
}

/// A segment as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentReport {
    /// Its file.
    pub path: PathBuf,
    /// The position of its first entry, by its name.
    pub first: Position,
    /// One past its last entry that can be read.
    pub end: Position,
    /// Its bytes.
    pub bytes: u64,
    /// The earliest and latest `seen_at` of its entries.
    pub span: Option<(Millis, Millis)>,
    /// What is wrong with it.
    pub flaws: Vec<Flaw>,
}

/// Reads every byte of the journal in `dir`, whose segments' keys are wrapped by `key`. Nobody should be writing it:
/// hold a [`Lock`]. Fails only where the folder cannot be read.
pub fn check(dir: &Path, key: &[u8; 32]) -> Result<Vec<SegmentReport>> {
    let files = segment::list(dir)?;
    let (mut reports, mut before): (Vec<SegmentReport>, Option<Position>) = (Vec::new(), None);
    for (index, (first, path)) in files.iter().enumerate() {
        let mut report = SegmentReport {
            path: path.clone(),
            first: *first,
            end: *first,
            bytes: fs::metadata(path).at("read", path)?.len(),
            span: None,
            flaws: Vec::new(),
        };
        let mut file = File::open(path).at("open", path)?;
        match segment::read_header(path, &mut file, key) {
            Ok(None) => report.flaws.push(Flaw::Destroyed),
            Ok(Some(header)) => {
                if let Some(end) = before.filter(|end| *end != header.follows) {
                    report.flaws.push(Flaw::Gap {
                        from: end,
                        to: header.follows,
                    });
                }
                records(&mut report, file, header, index + 1 == files.len())?;
            }
            Err(error @ Error::Io { .. }) => return Err(error),
            Err(error) => report.flaws.push(damaged(0, *first, error.to_string())),
        }
        // Where the end is not known nothing can be said of what follows.
        let is_whole = !report
            .flaws
            .iter()
            .any(|f| matches!(f, Flaw::Damaged { .. } | Flaw::Destroyed));
        before = is_whole.then_some(report.end);
        reports.push(report);
    }
    let begins: Vec<Position> = reports.iter().map(|r| r.first).collect();
    for (report, next) in reports
        .iter_mut()
        .zip(begins.iter().skip(1).copied().map(Some).chain([None]))
    {
        let path = &report.path;
        for flaw in &mut report.flaws {
            if let Flaw::Damaged {
                offset, from, upto, ..
            } = flaw
            {
                *upto = match next {
                    Some(next) => Some(next),
                    // A header tells nothing of what follows it.
                    None if *offset < HEADER as u64 => None,
                    None => scan::end_behind(path, *offset, *from)?,
                };
            }
        }
    }
    Ok(reports)
}

fn damaged(offset: u64, from: Position, reason: String) -> Flaw {
    Flaw::Damaged {
        offset,
        from,
        upto: None,
        reason,
    }
}

/// Reads the records of a segment up to the first that is not whole.
fn records(report: &mut SegmentReport, file: File, header: Header, last: bool) -> Result<()> {
    let mut segment = Segment {
        path: report.path.clone(),
        first: header.first,
        end: header.first,
        span: None,
        bytes: HEADER as u64,
        key: header.key,
        format: header.format,
        form: header.form,
        edition: 0,
    };
    let mut records = Records::new(file, HEADER as u64).at("read", &report.path)?;
    let flaw = loop {
        let offset = records.offset();
        match records.next(report.bytes) {
            Ok(None) => break None,
            Ok(Some((head, payload))) => {
                let is_next = head.first == segment.end;
                if !is_next || record::context(payload, &head, segment.format).is_none() {
                    break Some(damaged(
                        offset,
                        segment.end,
                        "record is out of order, or cannot be read".to_owned(),
                    ));
                }
                if head.count > 0 && record::entries(payload, &head, segment.form, &segment.key).is_none() {
                    break Some(damaged(
                        offset,
                        segment.end,
                        "entries of a record cannot be read".to_owned(),
                    ));
                }
                segment.extend(head.end(), payload.len() as u64, head.seen_at);
            }
            Err(Fault::Bad(reason)) if last => {
                break Some(
                    match scan::torn(&report.path, offset, report.bytes, segment.end, reason) {
                        Ok(cut) => Flaw::Torn {
                            offset: cut.offset,
                            bytes: cut.bytes,
                        },
                        Err(Error::Damaged { reason, .. }) => damaged(offset, segment.end, reason.to_owned()),
                        Err(error) => return Err(error),
                    },
                );
            }
            Err(Fault::Bad(reason)) => break Some(damaged(offset, segment.end, reason.to_owned())),
            Err(Fault::Read(source)) => {
                return Err(Error::Io {
                    action: "read",
                    path: report.path.clone(),
                    source,
                });
            }
        }
    };
    report.flaws.extend(flaw);
    (report.end, report.span) = (segment.end, segment.span);
    Ok(())
}

/// One past the last entry that is damaged or missing, the largest position where its end is not known; `None` where
/// nothing is. What the store has up to there can be set aside without loss.
pub fn harmed_upto(reports: &[SegmentReport]) -> Option<Position> {
    let upto = |flaw: &Flaw| match flaw {
        Flaw::Damaged { upto, .. } => Some(upto.unwrap_or(Position(u64::MAX))),
        Flaw::Gap { to, .. } => Some(*to),
        Flaw::Torn { .. } | Flaw::Destroyed => None,
    };
    reports.iter().flat_map(|r| &r.flaws).filter_map(upto).max()
}

/// Moves the segments up to and with the newest flawed one into `to`, so that the journal opens again without them.
/// Gives what was moved; an error leaves the journal as it was or moves the oldest alone.
///
/// What they hold is no more in the journal: whoever calls this has checked that all of it is stored. Cursors and
/// monitors are carried by the segments that stay, if one does.
pub fn set_aside(lock: &Lock, reports: &[SegmentReport], to: &Path) -> Result<Vec<PathBuf>> {
    let is_flawed = |r: &SegmentReport| {
        r.flaws
            .iter()
            .any(|f| matches!(f, Flaw::Damaged { .. } | Flaw::Gap { .. }))
    };
    let Some(newest) = reports.iter().rposition(is_flawed) else {
        return Ok(Vec::new());
    };
    // In front of a gap lies what went; behind it the segment is whole.
    let is_whole = !reports[newest]
        .flaws
        .iter()
        .any(|f| matches!(f, Flaw::Damaged { .. }));
    let upto = if is_whole { newest } else { newest + 1 };
    fs::create_dir_all(to).at("create folder", to)?;
    let mut moved = Vec::new();
    for report in &reports[..upto] {
        let place = to.join(report.path.file_name().unwrap_or_default());
        fs::rename(&report.path, &place).at("move", &report.path)?;
        moved.push(place);
    }
    segment::sync_folder(&lock.dir)?;
    Ok(moved)
}
