//! Taking what is gone off the cluster's disks, and seeing that it is.
//!
//! A deleted or replaced document stays in its segment, text and terms and all, until the segment is merged. Indices are
//! made so that a merge that is asked for writes every such segment anew. The cluster keeps what was deleted for copies
//! that may have missed it, for about half a minute: so it is asked until it says that nothing deleted is left.

use super::api::Cluster;
use super::client::Call;
use super::store::Store;
use crate::{Error, Purged};
use reqwest::Method;
use std::time::{Duration, Instant};

/// How long a merge may take.
const MERGE: Duration = Duration::from_secs(4 * 3_600);
/// How long the cluster may go on keeping what was deleted, and how often it is asked.
const VERIFY: Duration = Duration::from_secs(180);
const AGAIN: Duration = Duration::from_secs(2);

/// An index that holds what was deleted.
#[derive(Debug, Clone)]
pub struct Stale {
    index: String,
}

impl Store {
    /// Takes every byte of what was deleted or replaced off the cluster's disks, and waits for it.
    pub fn purge(&mut self) -> Result<Purged, Error> {
        let mut purged = Purged::default();
        for stale in self.stale()? {
            let mentions = self.purge_one(&stale)?;
            purged.segments += usize::from(mentions > 0);
            purged.mentions += mentions;
        }
        Ok(purged)
    }

    /// Commits what was applied and says what holds bytes of what is gone by then. Once [`Store::purge_one`] was called
    /// for each, whatever was applied in between, none of these bytes is left.
    pub fn stale(&mut self) -> Result<Vec<Stale>, Error> {
        self.commit()?;
        let mut stale = Vec::new();
        for index in self.places.live() {
            if self.cluster.deleted_in(&index)?.in_all > 0 {
                stale.push(Stale { index });
            }
        }
        Ok(stale)
    }

    /// Writes a stale index anew, verifies that nothing deleted is left in it, and says how many deleted mentions it held.
    /// Segments that were written meanwhile may hold some again: those are of the next purge.
    pub fn purge_one(&mut self, stale: &Stale) -> Result<u64, Error> {
        self.commit()?;
        // One that went as a whole, or was laid out anew, is gone.
        if !self.places.live().contains(&stale.index) {
            return Ok(0);
        }
        let deleted = self.cluster.deleted_in(&stale.index)?.once;
        let begin = Instant::now();
        loop {
            self.cluster.expunge(&stale.index)?;
            let left = self.cluster.deleted_in(&stale.index)?.in_all;
            if left == 0 {
                return Ok(deleted);
            }
            if begin.elapsed() > VERIFY {
                return Err(Error::Cluster {
                    action: "purge",
                    place: self.cluster.place_of(&stale.index),
                    status: None,
                    reason: format!("{left} deleted mentions are still on its disks: is a copy of it away?"),
                });
            }
            std::thread::sleep(AGAIN);
        }
    }
}

/// Documents that were deleted or replaced and whose bytes are still there.
struct Deleted {
    /// Not counting copies of shards.
    once: u64,
    in_all: u64,
}

impl Cluster {
    fn deleted_in(&self, index: &str) -> Result<Deleted, Error> {
        let path = format!("{index}/_stats/docs");
        let answer = self.call("measure", Method::GET, &path, None)?;
        let deleted = |of: &str| answer["_all"][of]["docs"]["deleted"].as_u64().unwrap_or(0);
        Ok(Deleted {
            once: deleted("primaries"),
            in_all: deleted("total"),
        })
    }

    /// Writes the segments with deleted documents anew, and the log of what was written with them.
    fn expunge(&self, index: &str) -> Result<(), Error> {
        let path = format!("{index}/_forcemerge?only_expunge_deletes=true&flush=true");
        self.whole_shards(Call {
            patience: Some(MERGE),
            ..Call::new("purge", Method::POST, &path)
        })?;
        let path = format!("{index}/_flush?force=true&wait_if_ongoing=true");
        self.whole_shards(Call::new("purge", Method::POST, &path))?;
        self.refresh_index(index)
    }
}
