//! The writing side: one [`Store`] per prefix.

use super::api::Cluster;
use super::bulk::Bulk;
use super::known::Known;
use super::settings::Settings;
use super::snapshot::{Shared, StoreReader};
use crate::format::Stamp;
use crate::{Commit, Error};
use foldhash::{HashMap, HashSet};
use post::PostKey;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use text::Tokens;

/// The one writer of a prefix of a cluster. Nothing stops a second one: whoever runs it sees to that.
///
/// What is applied is kept in memory until [`Store::commit`], or until it is much. After an error of [`Store::apply`]
/// or [`Store::commit`], call it again with the same arguments once the fault is gone.
pub struct Store {
    pub(super) cluster: Arc<Cluster>,
    /// The posts met since the last flush.
    pub(super) known: HashMap<PostKey, Known>,
    /// Posts that came since the last [`Store::commit`].
    pub(super) new: HashSet<PostKey>,
    /// Until the first commit: the generation of the last. What a killed process wrote after it comes again from the
    /// journal.
    pub(super) sealed: Option<u64>,
    pub(super) tokens: Tokens,
    /// The indices there are.
    indices: BTreeSet<String>,
    /// What the cluster says.
    stamp: Stamp,
    /// The journal position of what was applied.
    pub(super) applied: u64,
    /// Whether anything was written since the last [`Store::commit`].
    pub(super) changed: bool,
    /// Whether mentions were replaced or went since the last [`Store::commit`].
    pub(super) replaced: bool,
    shared: Arc<Shared>,
}

/// What was found on opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovery {
    /// The journal position to replay from.
    pub position: u64,
    /// Indices of mentions.
    pub partitions: usize,
    /// Mentions.
    pub mentions: u64,
}

impl Store {
    /// Opens the store of this prefix; its indices are made when they are first written to.
    pub fn open(settings: Settings) -> Result<(Self, Recovery), Error> {
        let cluster = Arc::new(Cluster::connect(settings)?);
        let stamp = cluster.stamp()?.unwrap_or(Stamp::at(0, 0));
        let indices = cluster.indices()?;
        // What a writer wrote and did not commit before it died is there: it is seen, and the replay says it again.
        cluster.refresh()?;
        let recovery = Recovery {
            position: stamp.position,
            partitions: indices.len(),
            mentions: cluster.count(&json!({"match_all": {}}))?,
        };
        let store = Self {
            shared: Shared::new(cluster.clone(), stamp.generation),
            cluster,
            known: HashMap::default(),
            new: HashSet::default(),
            sealed: Some(stamp.generation),
            tokens: Tokens::new(),
            indices,
            stamp,
            applied: stamp.position,
            changed: false,
            replaced: false,
        };
        Ok((store, recovery))
    }

    /// The next journal position that the last commit does not hold: replay from here.
    pub fn position(&self) -> u64 {
        self.stamp.position
    }

    /// Posts changed since the last commit. Commit about every second, and before this passes some ten thousand.
    pub fn pending(&self) -> usize {
        self.known.values().filter(|known| known.is_changed()).count()
    }

    /// A handle for questions, for any thread.
    pub fn reader(&self) -> StoreReader {
        StoreReader::new(self.shared.clone())
    }

    /// Makes durable and visible what was applied.
    ///
    /// Documents are written first and the store's position last, so that a crash in between leaves a position that is
    /// too low, never one that is too high.
    pub fn commit(&mut self) -> Result<Commit, Error> {
        self.flush()?;
        let stamp = Stamp::at(self.applied, self.stamp.generation + u64::from(self.changed));
        if stamp != self.stamp {
            self.cluster.save(stamp)?;
            self.stamp = stamp;
        }
        self.changed = false;
        self.new.clear();
        self.sealed = None;
        self.shared.publish(stamp.generation);
        Ok(Commit {
            generation: stamp.generation,
            position: stamp.position,
            replaced: std::mem::take(&mut self.replaced),
        })
    }

    /// Closes the store. What is not committed is lost.
    pub fn close(self) -> Result<(), Error> {
        Ok(())
    }

    /// The generation of the last commit.
    pub(super) fn generation(&self) -> u64 {
        self.stamp.generation
    }

    /// Writes what is kept in memory. Readers see it from here on, though its generation comes with the commit.
    pub(super) fn flush(&mut self) -> Result<(), Error> {
        let changed: Vec<&Known> = self.known.values().filter(|known| known.is_changed()).collect();
        for index in changed.iter().flat_map(|known| known.indices()) {
            if !self.indices.contains(index) {
                self.cluster.make_mentions(index)?;
                self.indices.insert(index.clone());
            }
        }
        if !changed.is_empty() {
            let mut bulk = Bulk::new(&self.cluster);
            for known in changed {
                known.write(&mut bulk, &mut self.tokens)?;
            }
            bulk.finish()?;
            self.cluster.refresh()?;
        }
        self.known.clear();
        Ok(())
    }
}
