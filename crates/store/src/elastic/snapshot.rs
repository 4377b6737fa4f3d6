//! What questions are asked on.

use super::api::Cluster;
use crate::{Error, Mention};
use post::MentionId;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the writer and its readers share.
pub(super) struct Shared {
    cluster: Arc<Cluster>,
    generation: AtomicU64,
}

impl Shared {
    pub(super) fn new(cluster: Arc<Cluster>, generation: u64) -> Arc<Self> {
        Arc::new(Self {
            cluster,
            generation: AtomicU64::new(generation),
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

    /// The cluster as it is, with the generation of the newest commit.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            generation: self.generation(),
            shared: self.shared.clone(),
        }
    }

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

    pub(super) fn cluster(&self) -> &Cluster {
        &self.shared.cluster
    }
}
