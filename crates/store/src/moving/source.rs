//! What is moved.

use crate::{Error, Location, Snapshot, Store, elastic};

/// A store as it is by now, to be read whole.
pub struct Source {
    /// Its mentions.
    pub snapshot: Snapshot,
    /// The next journal position that it has not absorbed.
    pub position: u64,
    /// The number of its last commit.
    pub generation: u64,
    /// Holds the folder's lock.
    _store: Option<Store>,
}

impl Source {
    /// Opens a folder that nobody is using (links to the files of one that somebody uses make one), or a cluster, whose writer is not
    /// disturbed. A store that leaves out damaged partitions is refused: what cannot be read cannot be moved.
    pub fn open(location: &Location) -> Result<Self, Error> {
        match location {
            Location::Folder(dir, options) => {
                let (store, _) = Store::open(dir, options.clone())?;
                if let Some(left) = store.left_out().first() {
                    return Err(Error::Damaged {
                        path: dir.join(&left.partition),
                        reason: format!(
                            "{}; `groundswell store check` says what can be saved",
                            left.reason
                        ),
                    });
                }
                let snapshot = store.reader().snapshot();
                Ok(Self {
                    position: store.position(),
                    generation: snapshot.generation(),
                    snapshot,
                    _store: Some(store),
                })
            }
            Location::Cluster(settings) => {
                let (reader, position) = elastic::StoreReader::open_at(settings.clone())?;
                Ok(Self {
                    position,
                    generation: reader.generation(),
                    snapshot: Snapshot::Elastic(reader.snapshot()),
                    _store: None,
                })
            }
        }
    }
}
