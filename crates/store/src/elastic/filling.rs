//! Indices that a move makes, while it fills them.
//!
//! Nobody can open the store meanwhile, and whatever is lost is written again: so until they are full they have no copies, and
//! the cluster need not put every request on its disks before it answers. `Store::harden` does that once for all, before what
//! is there is taken for done; `Store::filled` makes the index what it shall be. One that a killed move left is known by its settings.

use super::api::Cluster;
use super::client::Call;
use super::mapping;
use super::store::Store;
use crate::Error;
use reqwest::Method;
use serde_json::json;

const DURABILITY: &str = "index.translog.durability";

impl Store {
    /// Begins to be filled.
    pub(crate) fn fill(&mut self) -> Result<(), Error> {
        let live = self.places.live();
        let pattern = format!("{}-*", self.cluster.settings.all_mentions());
        let found = self.cluster.about(&format!("{pattern}/_settings"))?;
        let is_filling =
            |index: &String| found[index]["settings"]["index"]["translog"]["durability"] == "async";
        self.filling = live.into_iter().filter(is_filling).collect();
        Ok(())
    }

    /// Makes the index of a partition, to be filled.
    pub(super) fn make_filling(&mut self, partition: &str) -> Result<(), Error> {
        let index = self.cluster.settings.index(partition);
        match self.cluster.make_filling(&index)? {
            true => {
                self.filling.insert(index.clone());
                self.places.add(partition, index);
                Ok(())
            }
            false => self.places.make(&self.cluster, partition),
        }
    }

    /// Puts what was written on the cluster's disks.
    pub(crate) fn harden(&self) -> Result<(), Error> {
        self.filling
            .iter()
            .try_for_each(|index| self.cluster.flush(index))
    }

    /// Makes every index that was filled what it shall be. Its copies come by themselves.
    pub(crate) fn filled(&mut self) -> Result<(), Error> {
        while let Some(index) = self.filling.first() {
            self.cluster.flush(index)?;
            let usual = json!({
                DURABILITY: null,
                "index.number_of_replicas": self.cluster.settings.replicas,
            });
            let path = format!("{index}/_settings");
            self.cluster.call("set up", Method::PUT, &path, Some(&usual))?;
            self.filling.pop_first();
        }
        Ok(())
    }
}

impl Cluster {
    /// Makes an index to be filled; `false` where the cluster lets nobody say what that needs.
    fn make_filling(&self, index: &str) -> Result<bool, Error> {
        let mut body = mapping::mentions(&self.settings);
        body["aliases"] = json!({self.settings.all_mentions(): {}});
        body["settings"]["number_of_replicas"] = 0.into();
        body["settings"][DURABILITY] = "async".into();
        let made = self.make(index, &body);
        if let Err(Error::Cluster {
            status: Some(400 | 403),
            ..
        }) = &made
        {
            return Ok(false);
        }
        made.map(|()| true)
    }

    /// Puts what was written to an index on the disks.
    fn flush(&self, index: &str) -> Result<(), Error> {
        let path = format!("{index}/_flush?wait_if_ongoing=true");
        self.whole_shards(Call::new("flush", Method::POST, &path))
    }
}
