//! Laying out documents anew without stopping.
//!
//! An index of an older format stays under the alias and goes on to be written to. Beside it a new one is filled, some
//! pages after each commit; what is written meanwhile is written to both, and since the copy is of a lower version it
//! never takes the place of what came later. When all is copied the alias turns to the new one, and the old one goes. A
//! copy that a crash cut short is begun anew.

use super::bulk::Bulk;
use super::fetch::PAGE;
use super::known::made;
use super::mapping::document_id;
use super::places::Place;
use super::store::Store;
use crate::Error;
use serde_json::{Value, json};

/// A copy under way.
#[derive(Debug)]
pub(super) struct Copying {
    partition: String,
    /// The place of the last mention that was copied.
    after: Option<Value>,
}

impl Store {
    /// Whether an index is of an older format. Until it is laid out anew, what only newer formats know of its documents
    /// (when they were received, whether they stood there before) is not found.
    pub fn is_reindexing(&self) -> bool {
        self.places
            .by_partition
            .values()
            .any(|place| place.old_fields.is_some())
    }

    /// Copies up to about so many mentions from indices of an older format, and says how many. Every commit copies some.
    pub fn reindex(&mut self, most: usize) -> Result<usize, Error> {
        let mut copied = 0;
        while copied < most && self.is_reindexing() {
            self.flush()?;
            copied += self.copy_page()?;
        }
        Ok(copied)
    }

    /// Copies what is left.
    pub(super) fn finish_reindexing(&mut self) -> Result<(), Error> {
        self.reindex(usize::MAX).map(drop)
    }

    fn copy_page(&mut self) -> Result<usize, Error> {
        let copying = match self.copying.take() {
            Some(copying) => copying,
            None => match self.begin_copy()? {
                Some(copying) => copying,
                None => return Ok(0),
            },
        };
        let Some(Place {
            live,
            next: Some(next),
            ..
        }) = self.places.of(&copying.partition)
        else {
            return Ok(0);
        };
        let (live, next) = (live.clone(), next.clone());
        let everything = json!({"match_all": {}});
        let hits = self
            .cluster
            .hits_in(&live, &everything, copying.after.as_ref(), PAGE)?;
        let mut bulk = Bulk::yielding(&self.cluster, self.first_version());
        for hit in &hits {
            let document = made(&hit.mention, hit.written, &mut self.tokens)?;
            bulk.index(&next, &document_id(hit.mention.id), &document)?;
        }
        bulk.finish()?;
        match hits.last() {
            Some(last) if hits.len() >= PAGE => {
                self.copying = Some(Copying {
                    after: Some(last.sort.clone()),
                    ..copying
                });
            }
            _ => self.turn(&copying.partition, &live, &next)?,
        }
        Ok(hits.len().max(1))
    }

    /// Makes the index to be filled for the first partition of an older format.
    fn begin_copy(&mut self) -> Result<Option<Copying>, Error> {
        let mut places = self.places.by_partition.iter_mut();
        let Some((partition, place)) = places.find(|(_, place)| place.old_fields.is_some()) else {
            return Ok(None);
        };
        let next = self.cluster.settings.index(partition);
        tracing::info!(
            from = place.live,
            to = next,
            "an index of an older format is laid out anew"
        );
        self.cluster.delete_index(&next)?;
        self.cluster.make_beside(&next)?;
        place.next = Some(next);
        Ok(Some(Copying {
            partition: partition.clone(),
            after: None,
        }))
    }

    /// Lets the new index take the old one's place, where it has as many mentions.
    fn turn(&mut self, partition: &str, live: &str, next: &str) -> Result<(), Error> {
        self.cluster.refresh_index(next)?;
        let everything = json!({"match_all": {}});
        let count = |index: &str| self.cluster.count_in(index, &everything);
        let (had, has) = (count(live)?, count(next)?);
        let Some(place) = self.places.by_partition.get_mut(partition) else {
            return Ok(());
        };
        if had != has {
            // The next pass begins anew.
            place.next = None;
            return Err(Error::Damaged {
                path: self.cluster.place_of(next).into(),
                reason: format!("{has} of {had} mentions were copied to it"),
            });
        }
        self.cluster.alias(&[("remove", live), ("add", next)])?;
        place.live = next.to_owned();
        (place.next, place.old_fields) = (None, None);
        self.cluster.delete_index(live)?;
        tracing::info!(index = next, mentions = has, "an index was laid out anew");
        Ok(())
    }
}
