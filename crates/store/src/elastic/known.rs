//! Posts as the writer knows them: what the cluster holds of them, and what it shall hold.

use super::bulk::Bulk;
use super::mapping::{document, document_id};
use super::places::Places;
use crate::document::written;
use crate::{Error, Mention};
use serde_json::Value;
use std::collections::BTreeSet;
use text::Tokens;

/// A post since the last flush.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Its mentions as they are now.
    pub(super) now: Vec<Held>,
    /// Index and `_id` of what the cluster holds of it.
    stored: BTreeSet<(String, String)>,
}

/// A mention of a post.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) mention: Mention,
    /// Its time partition.
    partition: String,
    written: u64,
    /// Whether the cluster has it otherwise, or not at all.
    fresh: bool,
}

impl Known {
    /// Takes note of what the cluster holds.
    pub(super) fn stored(&mut self, index: String, partition: String, mention: Mention, written: u64) {
        self.stored.insert((index, document_id(mention.id)));
        self.now.push(Held {
            mention,
            partition,
            written,
            fresh: false,
        });
    }

    /// Adds a mention, to be written.
    pub(super) fn add(&mut self, mention: Mention, partition: String, written: u64) {
        self.now.push(Held {
            mention,
            partition,
            written,
            fresh: true,
        });
    }

    /// Whether there is or was anything of it.
    pub(super) fn is_anything(&self) -> bool {
        !self.now.is_empty() || !self.stored.is_empty()
    }

    /// Whether all the cluster holds of it came after a generation.
    pub(super) fn came_after(&self, generation: u64) -> bool {
        let later = |held: &Held| {
            !held.fresh && held.written >= written(generation + 1, false) && held.written & 1 == 0
        };
        !self.now.is_empty() && self.now.iter().all(later)
    }

    /// Its mentions.
    pub(super) fn mentions(&self) -> Vec<Mention> {
        self.now.iter().map(|held| held.mention.clone()).collect()
    }

    /// Whether the cluster does not hold what it shall.
    pub(super) fn is_changed(&self) -> bool {
        self.now.iter().any(|held| held.fresh) || self.now.len() != self.stored.len()
    }

    /// Writes what the cluster does not hold, and deletes what it shall not.
    pub(super) fn write(
        &self,
        places: &Places,
        bulk: &mut Bulk<'_>,
        tokens: &mut Tokens,
    ) -> Result<(), Error> {
        let mut gone = self.stored.clone();
        for held in &self.now {
            let id = document_id(held.mention.id);
            let Some(place) = places.of(&held.partition) else {
                continue;
            };
            if held.fresh {
                let document = made(&held.mention, held.written, tokens)?;
                bulk.index(&place.live, &id, &place.fitted(&document))?;
                if let Some(next) = &place.next {
                    bulk.index(next, &id, &document)?;
                }
            }
            gone.remove(&(place.live.clone(), id));
        }
        for (index, id) in &gone {
            bulk.delete(index, id)?;
            let of_index = places.by_partition.values().find(|place| place.live == *index);
            if let Some(next) = of_index.and_then(|place| place.next.as_ref()) {
                bulk.delete(next, id)?;
            }
        }
        Ok(())
    }

    /// The partitions it shall stand in.
    pub(super) fn partitions(&self) -> impl Iterator<Item = &String> {
        self.now
            .iter()
            .filter(|held| held.fresh)
            .map(|held| &held.partition)
    }
}

/// The document of a mention.
pub(super) fn made(mention: &Mention, written: u64, tokens: &mut Tokens) -> Result<Value, Error> {
    document(mention, written, tokens).map_err(|e| Error::Damaged {
        path: document_id(mention.id).into(),
        reason: e.to_string(),
    })
}
