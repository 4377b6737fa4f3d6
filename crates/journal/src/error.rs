//! Why the journal cannot do what was asked.

use crate::Position;
use std::io;
use std::path::{Path, PathBuf};

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Why the journal cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process writes this journal.
    #[error("journal {} is in use by another process", path.display())]
    Locked {
        /// The journal's folder.
        path: PathBuf,
    },
    /// The file does not begin as a segment does.
    #[error("{} is not a journal segment: {reason}", path.display())]
    NotASegment {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A newer program wrote it.
    #[error("{} has journal format {found}, this program reads up to {supported}: use a newer groundswell", path.display())]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u16,
        /// The newest format known here.
        supported: u16,
    },
    /// Its posts have a form that this program does not know.
    #[error("{} holds posts of form {found}, this program reads forms 1 to {supported}", path.display())]
    PostForm {
        /// The file.
        path: PathBuf,
        /// Its form.
        found: u16,
        /// The newest form known here.
        supported: u16,
    },
    /// The installation key is not the one that wrapped this segment's key.
    #[error("{} was written under another installation key: restore the key file that belongs to this folder", path.display())]
    WrongKey {
        /// The file.
        path: PathBuf,
    },
    /// Bytes changed after they were written.
    #[error("{} is damaged at byte {offset}: {reason}; restore the file from a backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where the damaged record begins.
        offset: u64,
        /// What is wrong there.
        reason: &'static str,
    },
    /// A segment is missing before this one.
    #[error("{} follows position {follows}, but the segment before it ends at {end}: a segment file is missing", path.display())]
    Gap {
        /// The file.
        path: PathBuf,
        /// Where its predecessor ended when it was made.
        follows: Position,
        /// Where the segment found before it ends.
        end: Position,
    },
    /// The batch does not fit in a record.
    #[error("batch of {bytes} bytes is over the limit of {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The most a record may have.
        limit: usize,
    },
    /// A value cannot be written.
    #[error("cannot encode a batch: {0}")]
    Encode(postcard::Error),
    /// Sealing failed, which only an absurdly large batch can cause.
    #[error("cannot seal the identities of a batch")]
    Seal,
    /// The system has no randomness to give.
    #[error("no randomness from the system: {0}")]
    Random(getrandom::Error),
    /// The journal in Kafka.
    #[cfg(feature = "kafka")]
    #[error(transparent)]
    Kafka(Box<crate::kafka::Error>),
}

#[cfg(feature = "kafka")]
impl From<crate::kafka::Error> for Error {
    fn from(error: crate::kafka::Error) -> Self {
        match error {
            crate::kafka::Error::Record(error) => error,
            error => Error::Kafka(Box::new(error)),
        }
    }
}

impl Error {
    /// Whether a file was changed or lost: [`crate::check`] says how much of the journal that concerns.
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            Error::Damaged { .. } | Error::NotASegment { .. } | Error::Gap { .. }
        )
    }

    /// Whether the disk, a quota or a size limit is exhausted: the same batch can be appended once there is space.
    pub fn is_disk_full(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        matches!(self, Error::Io { source, .. } if matches!(source.kind(), StorageFull | QuotaExceeded | FileTooLarge))
    }
}

/// Gives an [`io::Error`] its place.
pub(crate) trait At<T> {
    fn at(self, action: &'static str, path: &Path) -> Result<T>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, action: &'static str, path: &Path) -> Result<T> {
        self.map_err(|source| Error::Io {
            action,
            path: path.to_path_buf(),
            source,
        })
    }
}
