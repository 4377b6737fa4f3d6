//! The state of a detector as bytes, with its kind and version in front.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A state that can be kept and taken up again.
pub trait State: Serialize + DeserializeOwned {
    /// What it is: four letters, the same for ever.
    const KIND: [u8; 4];
    /// The version of its form; an older or newer one is refused.
    const VERSION: u16;
}

/// Why a snapshot cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// It begins with another kind's letters, or is too short to begin with any.
    #[error("the snapshot is not of kind {0}")]
    Kind(String),
    /// It was written in another version.
    #[error("the snapshot has version {found}, this program reads {expected}")]
    Version {
        /// The version it has.
        found: u16,
        /// The one that is read.
        expected: u16,
    },
    /// Its content is damaged.
    #[error("the snapshot is damaged: {0}")]
    Damaged(String),
}

/// The state as bytes.
///
/// # Errors
/// Never for the states of this crate; the form of a foreign one may refuse.
pub fn write<S: State>(state: &S) -> Result<Vec<u8>, SnapshotError> {
    let mut out = S::KIND.to_vec();
    out.extend(S::VERSION.to_le_bytes());
    postcard::to_extend(state, out).map_err(|e| SnapshotError::Damaged(e.to_string()))
}

/// The state that was written by [`write()`].
///
/// # Errors
/// Another kind, another version, or damage.
pub fn read<S: State>(bytes: &[u8]) -> Result<S, SnapshotError> {
    let kind = || SnapshotError::Kind(String::from_utf8_lossy(&S::KIND).into_owned());
    let (found, rest) = bytes.split_first_chunk::<4>().ok_or_else(kind)?;
    if *found != S::KIND {
        return Err(kind());
    }
    let (version, rest) = rest.split_first_chunk::<2>().ok_or_else(kind)?;
    let found = u16::from_le_bytes(*version);
    if found != S::VERSION {
        return Err(SnapshotError::Version {
            found,
            expected: S::VERSION,
        });
    }
    postcard::from_bytes(rest).map_err(|e| SnapshotError::Damaged(e.to_string()))
}
