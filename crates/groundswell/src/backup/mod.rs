//! Backups: a `.tar.zst` of database, journal and store, with the installation's keys wrapped under a passphrase.
//!
//! A server may be running. The store's files are taken first, then the journal, then the database: what is restored
//! replays from the store's position, and has every identity that the store's mentions need. The texts of posts lie in
//! the archive as they lie in the data folder; what names people is sealed there as well.
//!
//! The last entry lists every file with its size and SHA-256: an archive without it is cut short.

mod archive;
mod checksums;
mod files;
mod sealed;

pub use archive::{read, write};
pub use checksums::{Verified, verify, verify_bytes};
pub(crate) use files::link_store;
pub use sealed::Sealed;

use serde::{Deserialize, Serialize};

/// What an archive says about itself, in its first entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the archive.
    pub format: u32,
    /// The program that wrote it.
    pub program: String,
    /// When it was begun.
    pub made_at: i64,
    /// The installation's keys.
    pub keys: Sealed,
}

/// The form that this program writes and the newest it reads. Form 1 has no checksums.
pub const FORMAT: u32 = 2;
