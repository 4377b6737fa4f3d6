//! What can go wrong.

use std::path::{Path, PathBuf};

/// An error of the store. Each names the place.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder or a file in it cannot be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, such as `read`.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Another process has the store open.
    #[error("the store in {} is in use by another process", path.display())]
    InUse {
        /// The store's folder.
        path: PathBuf,
    },
    /// Written by a newer version of the program.
    #[error("{} has {what} {found}, this program knows up to {known}: use a newer groundswell", path.display())]
    Newer {
        /// The file or partition.
        path: PathBuf,
        /// What is newer: `format`, `tokeniser version`, `post version`.
        what: &'static str,
        /// The version found.
        found: u32,
        /// The newest version understood.
        known: u32,
    },
    /// A file does not hold what it should.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged {
        /// The file or partition.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The index of a partition failed.
    #[error("index {}: {source}", path.display())]
    Index {
        /// The partition.
        path: PathBuf,
        /// What Tantivy says.
        source: Box<tantivy::TantivyError>,
    },
    /// A cluster cannot be reached, refuses, or answers only in part.
    #[error("cannot {action} {place}: {reason}")]
    Cluster {
        /// What was tried, such as `search`.
        action: &'static str,
        /// The cluster and the index, never with a password.
        place: String,
        /// The HTTP status, where there was an answer.
        status: Option<u16>,
        /// What the cluster or the network says. Never holds a document's content.
        reason: String,
    },
    /// A store that nobody may open: one that is being filled, or that was left.
    #[error("{place} is closed: {why}")]
    Closed {
        /// The folder, or the cluster and the index.
        place: String,
        /// Why, and what to do.
        why: String,
    },
    /// A question whose answer would be too large: how large, and how large one may be. Nothing was counted.
    #[error("{0}")]
    TooLarge(String),
    /// A question that cannot be answered as put.
    #[error("{0}")]
    Question(String),
}

impl Error {
    /// The file or folder it is about, where that is one of the store's.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Error::Io { path, .. }
            | Error::InUse { path }
            | Error::Newer { path, .. }
            | Error::Damaged { path, .. }
            | Error::Index { path, .. } => Some(path),
            Error::Cluster { .. } | Error::Closed { .. } | Error::TooLarge(_) | Error::Question(_) => None,
        }
    }

    /// Whether the disk, a quota or a size limit is exhausted.
    pub fn is_disk_full(&self) -> bool {
        use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        let full = |e: &std::io::Error| matches!(e.kind(), StorageFull | QuotaExceeded | FileTooLarge);
        match self {
            Error::Io { source, .. } => full(source),
            Error::Index { source, .. } => match source.as_ref() {
                tantivy::TantivyError::IoError(e) => full(e),
                tantivy::TantivyError::OpenWriteError(_) => true,
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether what was to be opened does not hold what was written, other than because a newer program wrote it or the
    /// system could not read it now.
    pub(crate) fn is_damage(&self) -> bool {
        use std::io::ErrorKind::{InvalidData, NotFound, UnexpectedEof};
        use tantivy::TantivyError as T;
        use tantivy::directory::error::OpenReadError;
        let torn = |e: &std::io::Error| matches!(e.kind(), InvalidData | NotFound | UnexpectedEof);
        match self {
            Error::Damaged { .. } => true,
            Error::Io { source, .. } => torn(source),
            Error::Index { source, .. } => match source.as_ref() {
                T::IoError(e) => torn(e),
                T::OpenReadError(OpenReadError::FileDoesNotExist(_)) => true,
                T::OpenReadError(OpenReadError::IoError { io_error, .. }) => torn(io_error),
                T::DataCorruption(_)
                | T::SchemaError(_)
                | T::FieldNotFound(_)
                | T::InvalidArgument(_)
                | T::InternalError(_)
                | T::DeserializeError(_) => true,
                _ => false,
            },
            _ => false,
        }
    }

    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error + use<> {
        let path = path.to_owned();
        move |source| Error::Io { action, path, source }
    }

    pub(crate) fn index(path: &Path) -> impl Fn(tantivy::TantivyError) -> Error + use<> {
        let path = path.to_owned();
        move |source| Error::Index {
            path: path.clone(),
            source: Box::new(source),
        }
    }
}
