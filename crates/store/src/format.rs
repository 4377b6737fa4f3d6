//! The format stamp: in `store.json` for the whole store, in the commit payload of each partition.

use crate::Error;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The layout of fields, columns and folders. Bump on any change that an older program would misread.
pub(crate) const FORMAT_VERSION: u32 = 5;

/// The format since which the fields of a partition are these; one of an older format is written anew. Format 4 only put
/// engagement beside the documents; format 5 knows copies and topics.
pub(crate) const LAYOUT: u32 = 5;

/// What wrote a store or partition, and how far it had read the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    /// [`FORMAT_VERSION`].
    pub(crate) format: u32,
    /// [`text::TOKENISER_VERSION`].
    pub(crate) tokeniser: u32,
    /// [`post::POST_VERSION`].
    pub(crate) post: u32,
    /// The next journal position that is not absorbed yet.
    pub(crate) position: u64,
    /// The number of the commit, growing over restarts.
    pub(crate) generation: u64,
}

impl Stamp {
    /// The stamp of this program at a journal position and commit.
    pub(crate) fn at(position: u64, generation: u64) -> Self {
        let post = u32::from(post::POST_VERSION);
        Self {
            format: FORMAT_VERSION,
            tokeniser: text::TOKENISER_VERSION,
            post,
            position,
            generation,
        }
    }

    /// Reads a stamp and refuses what a newer program wrote.
    pub(crate) fn parse(json: &str, path: &Path) -> Result<Self, Error> {
        let damaged = |e: serde_json::Error| Error::Damaged {
            path: path.to_owned(),
            reason: e.to_string(),
        };
        // The version alone first: a newer format may have other fields.
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let version: Version = serde_json::from_str(json).map_err(damaged)?;
        let newer = |what, found, known| match found > known {
            true => Err(Error::Newer {
                path: path.to_owned(),
                what,
                found,
                known,
            }),
            false => Ok(()),
        };
        newer("format", version.format, FORMAT_VERSION)?;
        let stamp: Stamp = serde_json::from_str(json).map_err(damaged)?;
        newer("tokeniser version", stamp.tokeniser, text::TOKENISER_VERSION)?;
        newer("post version", stamp.post, u32::from(post::POST_VERSION))?;
        Ok(stamp)
    }

    /// The stamp as JSON.
    pub(crate) fn to_json(self) -> String {
        serde_json::json!(self).to_string()
    }

    /// The stamp of a whole store; `None` where there is none yet.
    pub(crate) fn load(store: &Path) -> Result<Option<Self>, Error> {
        let path = file(store);
        match fs::read_to_string(&path) {
            Ok(json) => Self::parse(&json, &path).map(Some),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Error::io("read", &path)(e)),
        }
    }

    /// Replaces the stamp of a whole store, durably and whole or not at all.
    pub(crate) fn save(self, store: &Path) -> Result<(), Error> {
        replace(&file(store), self.to_json().as_bytes())
    }
}

/// Replaces a file, durably and whole or not at all.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let draft = path.with_extension("json.tmp");
    let write = || {
        let mut f = File::create(&draft)?;
        f.write_all(bytes)?;
        f.sync_data()?;
        fs::rename(&draft, path)?;
        path.parent()
            .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    write().map_err(Error::io("write", path))
}

fn file(store: &Path) -> PathBuf {
    store.join("store.json")
}
