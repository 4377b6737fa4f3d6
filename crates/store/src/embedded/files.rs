//! The files of a partition against the checksums they were written with.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use tantivy::Index;
use tantivy::directory::error::OpenReadError;
use tantivy::index::{SegmentComponent, SegmentMeta};

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Its bytes are not those that were written.
    Changed,
    /// It is not there.
    Gone,
    /// It cannot be read.
    Unreadable(String),
}

/// The files of the living segments that are not what was written.
pub(super) fn faults(index: &Index, partition: &Path) -> Vec<(PathBuf, Fault)> {
    let metas = match index.searchable_segment_metas() {
        Ok(metas) => metas,
        Err(error) => {
            return vec![(partition.join("meta.json"), Fault::Unreadable(error.to_string()))];
        }
    };
    let mut files: Vec<PathBuf> = metas.iter().flat_map(of_segment).collect();
    files.sort();
    files
        .into_iter()
        .filter_map(|file| Some((partition.join(&file), fault(index, &file)?)))
        .collect()
}

fn fault(index: &Index, file: &Path) -> Option<Fault> {
    // A footer of damaged bytes may make Tantivy panic.
    let checked = catch_unwind(AssertUnwindSafe(|| index.directory().validate_checksum(file)));
    match checked {
        Ok(Ok(true)) => None,
        Ok(Ok(false)) | Err(_) => Some(Fault::Changed),
        Ok(Err(OpenReadError::FileDoesNotExist(_))) => Some(Fault::Gone),
        Ok(Err(OpenReadError::IoError { io_error, .. }))
            if matches!(
                io_error.kind(),
                std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidData
            ) =>
        {
            Some(Fault::Changed)
        }
        Ok(Err(error)) => Some(Fault::Unreadable(error.to_string())),
    }
}

/// The files of a segment, as their names in the folder.
fn of_segment(meta: &SegmentMeta) -> Vec<PathBuf> {
    use SegmentComponent::{Delete, FastFields, FieldNorms, Positions, Postings, Store, Terms};
    [Postings, Positions, FastFields, FieldNorms, Terms, Store]
        .into_iter()
        .chain(meta.has_deletes().then_some(Delete))
        .map(|component| meta.relative_path(component))
        .collect()
}

/// The files of the living segments that are not there; nothing is read of the others.
pub(super) fn gone(index: &Index, partition: &Path) -> Vec<PathBuf> {
    let metas = index.searchable_segment_metas().unwrap_or_default();
    let files = metas.iter().flat_map(of_segment).map(|file| partition.join(file));
    files.filter(|file| !file.exists()).collect()
}

/// Files of a partition's folder that belong to no living segment: a crash left them, and the next commit takes them.
pub(super) fn orphans(index: &Index, partition: &Path) -> Vec<PathBuf> {
    let metas = index.searchable_segment_metas().unwrap_or_default();
    let living: BTreeSet<PathBuf> = metas.iter().flat_map(of_segment).collect();
    let entries = fs::read_dir(partition).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| PathBuf::from(entry.file_name()))
        .filter(|name| {
            let text = name.to_string_lossy();
            let is_segments = text.split('.').next().is_some_and(|id| id.len() == 32);
            text.starts_with(".tmp") || (is_segments && !living.contains(name))
        })
        .map(|name| partition.join(name))
        .collect();
    found.sort();
    found
}
