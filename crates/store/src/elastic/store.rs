//! The writing side: one [`Store`] per prefix.

use super::api::{Cluster, State};
use super::bulk::Bulk;
use super::known::Known;
use super::places::{self, Places};
use super::reindex::Copying;
use super::settings::Settings;
use super::snapshot::{Shared, StoreReader};
use crate::format::Stamp;
use crate::{Commit, Error, LeftOut, Recovery};
use foldhash::{HashMap, HashSet};
use post::PostKey;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use text::Tokens;

/// A writer's versions begin with its number and these bits for the count of its writings.
const WRITINGS: u32 = 40;
/// Mentions of an older format that a commit lays out anew.
const COPIED_AT_A_COMMIT: usize = 1_000;

/// The one writer of a prefix of a cluster. Each that opens the store is numbered, and its number is the head of the
/// version of all it writes: one that another has followed is refused by the cluster.
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
    pub(super) places: Places,
    /// Indices that a move is filling.
    pub(super) filling: BTreeSet<String>,
    /// An index that is being laid out anew.
    pub(super) copying: Option<Copying>,
    /// Its number among the writers of the store, and how often it has written.
    pub(super) writer: u64,
    writings: u64,
    /// Why nobody else may open it, if so.
    pub(super) closed: Option<String>,
    /// What the cluster says.
    pub(super) stamp: Stamp,
    /// The journal position of what was applied.
    pub(super) applied: u64,
    /// Whether anything was written since the last [`Store::commit`].
    pub(super) changed: bool,
    /// Whether mentions were replaced or went since the last [`Store::commit`].
    pub(super) replaced: bool,
    pub(super) shared: Arc<Shared>,
}

impl Store {
    /// Opens the store of this prefix; its indices are made when they are first written to.
    pub fn open(settings: Settings) -> Result<(Self, Recovery), Error> {
        let cluster = Cluster::connect(settings)?;
        let state = cluster.state()?;
        cluster.refuse_closed(&state)?;
        Self::take_over(cluster, state)
    }

    /// The same for one that may be closed.
    pub(crate) fn open_closed(settings: Settings) -> Result<(Self, Recovery), Error> {
        let cluster = Cluster::connect(settings)?;
        let state = cluster.state()?;
        let (mut store, recovery) = Self::take_over(cluster, state)?;
        store.finish_reindexing()?;
        Ok((store, recovery))
    }

    pub(super) fn take_over(cluster: Cluster, state: State) -> Result<(Self, Recovery), Error> {
        let cluster = Arc::new(cluster);
        let stamp = state.stamp.unwrap_or(Stamp::at(0, 0));
        // What a newer program wrote is refused before anything is taken over.
        places::indices(&cluster)?;
        let writer = state.writer + 1;
        let state = State { writer, ..state };
        cluster.save(&state, writer << WRITINGS)?;
        let places = Places::find(&cluster)?;
        // What a writer wrote and did not commit before it died is there: it is seen, and the replay says it again.
        cluster.refresh()?;
        let recovery = Recovery {
            position: stamp.position,
            partitions: places.by_partition.len(),
            mentions: cluster.count(&json!({"match_all": {}}))?,
            ..Recovery::default()
        };
        let store = Self {
            shared: Shared::new(cluster.clone(), stamp.generation),
            cluster,
            known: HashMap::default(),
            new: HashSet::default(),
            sealed: Some(stamp.generation),
            tokens: Tokens::new(),
            places,
            filling: BTreeSet::new(),
            copying: None,
            writer,
            writings: 0,
            closed: state.closed,
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
            self.save(stamp)?;
            self.stamp = stamp;
        }
        self.changed = false;
        self.new.clear();
        self.sealed = None;
        self.shared.publish(stamp.generation);
        if let Err(error) = self.reindex(COPIED_AT_A_COMMIT) {
            // It is tried again after the next commit; this one is made.
            tracing::warn!(%error, "an index of an older format was not laid out anew");
        }
        Ok(Commit {
            generation: stamp.generation,
            position: stamp.position,
            replaced: std::mem::take(&mut self.replaced),
        })
    }

    /// What answers leave out: nothing, since a cluster that cannot answer in whole does not answer.
    pub fn left_out(&self) -> &[LeftOut] {
        &[]
    }

    /// Makes the hourly rollups that are missing: a cluster has none.
    pub fn roll_up(&mut self) -> Result<usize, Error> {
        Ok(0)
    }

    pub(super) fn save(&mut self, stamp: Stamp) -> Result<(), Error> {
        let state = State {
            stamp: Some(stamp),
            writer: self.writer,
            closed: self.closed.clone(),
        };
        let version = self.next_version();
        self.cluster.save(&state, version)
    }

    /// The version of what is written next: no two writings have the same.
    pub(super) fn next_version(&mut self) -> u64 {
        self.writings += 1;
        self.first_version() + self.writings
    }

    /// A version below all that this writer writes, and above all that those before it wrote.
    pub(super) fn first_version(&self) -> u64 {
        self.writer << WRITINGS
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
        let version = self.next_version();
        let changed: Vec<&Known> = self.known.values().filter(|known| known.is_changed()).collect();
        for partition in changed.iter().flat_map(|known| known.partitions()) {
            self.places.make(&self.cluster, partition)?;
        }
        if !changed.is_empty() {
            self.cluster.refuse_later_writer(self.writer)?;
            let mut bulk = Bulk::new(&self.cluster, version);
            for known in changed {
                known.write(&self.places, &mut bulk, &mut self.tokens)?;
            }
            bulk.finish()?;
            self.cluster.refresh()?;
        }
        self.known.clear();
        Ok(())
    }
}
