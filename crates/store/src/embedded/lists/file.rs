//! The file of a segment's lists: `GSLISTS` and the format as a byte, then the lists one behind the other. Where each
//! begins and its checksum stand in the segment's rollup.

use super::{Directory, Entry, Group};
use crate::Error;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tantivy::index::SegmentId;

const MAGIC: &[u8; 8] = b"GSLISTS\x01";
/// How the names of such files end.
pub(in crate::embedded) const EXTENSION: &str = "lists";

fn path(partition: &Path, segment: SegmentId) -> PathBuf {
    partition.join(format!("{}.{EXTENSION}", segment.uuid_string()))
}

/// Writes the file, which is there whole or not at all.
pub(in crate::embedded) struct Writer {
    file: BufWriter<File>,
    draft: PathBuf,
    path: PathBuf,
    at: u64,
    directory: Directory,
}

impl Writer {
    /// Begins the file of a segment.
    pub(in crate::embedded) fn new(partition: &Path, segment: SegmentId) -> Result<Self, Error> {
        let path = path(partition, segment);
        let draft = partition.join(format!(".tmp-{}-{EXTENSION}", segment.uuid_string()));
        let begin = || {
            let mut file = BufWriter::new(File::create(&draft)?);
            file.write_all(MAGIC)?;
            Ok(file)
        };
        let file = begin().map_err(Error::io("write", &path))?;
        Ok(Self {
            file,
            draft,
            path,
            at: MAGIC.len() as u64,
            directory: Directory::new(),
        })
    }

    /// Adds the lists of a column and a group.
    pub(super) fn add(&mut self, column: u8, group: Group, bytes: &[u8]) -> Result<(), Error> {
        self.file
            .write_all(bytes)
            .map_err(Error::io("write", &self.path))?;
        let Ok(len) = u32::try_from(bytes.len()) else {
            // Nobody will find it: its documents are counted.
            self.at += bytes.len() as u64;
            return Ok(());
        };
        self.directory.push(Entry {
            column,
            group,
            at: self.at,
            len,
            checksum: crc32fast::hash(bytes),
        });
        self.at += u64::from(len);
        Ok(())
    }

    /// Ends the file and says where everything is.
    pub(in crate::embedded) fn finish(self) -> Result<Directory, Error> {
        let end = |file: BufWriter<File>| -> io::Result<()> {
            file.into_inner()
                .map_err(io::IntoInnerError::into_error)?
                .sync_data()?;
            fs::rename(&self.draft, &self.path)
        };
        end(self.file).map_err(Error::io("write", &self.path))?;
        Ok(self.directory)
    }
}

/// The bytes of some lists; `None` where they cannot be read, which is no harm.
pub(super) fn read(partition: &Path, segment: SegmentId, entry: &Entry) -> Option<Vec<u8>> {
    let path = path(partition, segment);
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(&path)?;
        file.seek(SeekFrom::Start(entry.at))?;
        let mut bytes = Vec::with_capacity(entry.len as usize);
        file.take(u64::from(entry.len)).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) if crc32fast::hash(&bytes) == entry.checksum => Some(bytes),
        Ok(_) => {
            tracing::warn!(file = %path.display(), "lists are damaged; documents are counted instead");
            None
        }
        Err(error) => {
            tracing::warn!(file = %path.display(), %error, "lists cannot be read; documents are counted instead");
            None
        }
    }
}
