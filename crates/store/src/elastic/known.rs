//! Posts as the writer knows them: what the cluster holds of them, and what it shall hold.

use super::bulk::Bulk;
use super::mapping::{document, document_id};
use crate::document::written;
use crate::{Error, Mention};
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
    index: String,
    written: u64,
    /// Whether the cluster has it otherwise, or not at all.
    fresh: bool,
}

impl Known {
    /// Takes note of what the cluster holds.
    pub(super) fn stored(&mut self, index: String, mention: Mention, written: u64) {
        self.stored.insert((index.clone(), document_id(mention.id)));
        self.now.push(Held {
            mention,
            index,
            written,
            fresh: false,
        });
    }

    /// Adds a mention, to be written.
    pub(super) fn add(&mut self, mention: Mention, index: String, written: u64) {
        self.now.push(Held {
            mention,
            index,
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
    pub(super) fn write(&self, bulk: &mut Bulk<'_>, tokens: &mut Tokens) -> Result<(), Error> {
        let mut gone = self.stored.clone();
        for held in &self.now {
            let id = document_id(held.mention.id);
            if held.fresh {
                let document = document(&held.mention, held.written, tokens).map_err(|e| Error::Damaged {
                    path: id.clone().into(),
                    reason: e.to_string(),
                })?;
                bulk.index(&held.index, &id, &document)?;
            }
            gone.remove(&(held.index.clone(), id));
        }
        gone.iter().try_for_each(|(index, id)| bulk.delete(index, id))
    }

    /// The indices it shall stand in.
    pub(super) fn indices(&self) -> impl Iterator<Item = &String> {
        self.now.iter().filter(|held| held.fresh).map(|held| &held.index)
    }
}
