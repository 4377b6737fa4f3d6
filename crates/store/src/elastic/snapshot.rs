//! What questions are asked on.

use super::api::Cluster;
use super::marked::Overlay;
use super::places;
use super::settings::Settings;
use crate::{Error, LeftOut, Marked, Marks, Mention};
use post::MentionId;
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// What the writer and its readers share.
pub(super) struct Shared {
    cluster: Arc<Cluster>,
    generation: AtomicU64,
    overlay: RwLock<Arc<Overlay>>,
}

impl Shared {
    pub(super) fn new(cluster: Arc<Cluster>, generation: u64) -> Arc<Self> {
        Arc::new(Self {
            cluster,
            generation: AtomicU64::new(generation),
            overlay: RwLock::default(),
        })
    }

    pub(super) fn publish(&self, generation: u64) {
        self.generation.store(generation, Ordering::Release);
    }
}

/// A handle for questions; cheap to clone, for any thread.
#[derive(Clone)]
pub struct StoreReader {
    shared: Arc<Shared>,
}

impl StoreReader {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// A handle for questions on what a writer elsewhere keeps, which is not disturbed. Its generation stays that of the
    /// commit which is the newest now.
    pub fn open(settings: Settings) -> Result<Self, Error> {
        Self::open_at(settings).map(|(reader, _)| reader)
    }

    /// The same, with the journal position of that commit.
    pub(crate) fn open_at(settings: Settings) -> Result<(Self, u64), Error> {
        let cluster = Arc::new(Cluster::connect(settings)?);
        places::indices(&cluster)?;
        let state = cluster.state()?;
        cluster.refuse_closed(&state)?;
        let (generation, position) = state
            .stamp
            .map_or((0, 0), |stamp| (stamp.generation, stamp.position));
        Ok((Self::new(Shared::new(cluster, generation)), position))
    }

    /// The cluster as it is, with the generation of the newest commit, and the marks as they are now.
    pub fn snapshot(&self) -> Snapshot {
        let overlay = self.shared.overlay.read().unwrap_or_else(PoisonError::into_inner);
        Snapshot {
            generation: self.generation(),
            shared: self.shared.clone(),
            overlay: overlay.clone(),
        }
    }

    /// Changes what people and rules did with mentions, for every snapshot from now on, and gives its version. Marks are
    /// kept in memory alone: whoever changes them keeps them.
    pub fn mark(&self, changes: impl IntoIterator<Item = Marked>) -> u64 {
        let mut overlay = self
            .shared
            .overlay
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let marks = overlay.marks.with(changes);
        let version = marks.version();
        *overlay = Arc::new(Overlay::new(marks));
        version
    }

    /// Forgets what is kept of earlier answers: nothing is.
    pub fn forget(&self) {}

    /// The generation of the newest commit.
    pub fn generation(&self) -> u64 {
        self.shared.generation.load(Ordering::Acquire)
    }

    /// Bytes on the cluster's disks, copies included.
    pub fn bytes(&self) -> Result<u64, Error> {
        self.shared.cluster.bytes()
    }
}

/// The mentions in the cluster. Unlike the embedded store's it moves on: a question asked after the next commit sees
/// that commit. What was written since can be left out with [`crate::Filter::upto`].
#[derive(Clone)]
pub struct Snapshot {
    shared: Arc<Shared>,
    generation: u64,
    overlay: Arc<Overlay>,
}

impl Snapshot {
    /// The number of the commit that was the newest when it was taken.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// All mentions of all projects.
    pub fn total(&self) -> Result<u64, Error> {
        self.cluster().count(&json!({"match_all": {}}))
    }

    /// The mention with this id, if it is there.
    pub fn mention(&self, id: MentionId) -> Result<Option<Mention>, Error> {
        let query = json!({"ids": {"values": [id.to_string()]}});
        Ok(self.cluster().hits(&query, None, 1)?.pop().map(|hit| hit.mention))
    }

    /// What people and rules did with mentions.
    pub fn marks(&self) -> &Marks {
        &self.overlay.marks
    }

    /// What answers leave out: nothing, since a cluster that cannot answer in whole does not answer.
    pub fn left_out(&self) -> Vec<LeftOut> {
        Vec::new()
    }

    pub(super) fn overlay(&self) -> &Overlay {
        &self.overlay
    }

    pub(super) fn cluster(&self) -> &Cluster {
        &self.shared.cluster
    }
}
