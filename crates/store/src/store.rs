//! The writing side, wherever mentions are kept.

use crate::moving::{Carried, Listed};
use crate::{
    Change, Commit, Due, Error, Expired, LeftOut, Mention, Options, Purged, Recovery, Scores, StoreReader,
    elastic, embedded,
};
use post::PostKey;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where mentions are kept.
#[derive(Debug, Clone)]
pub enum Location {
    /// In a folder of this machine.
    Folder(PathBuf, Options),
    /// In a cluster of OpenSearch or Elasticsearch.
    Cluster(elastic::Settings),
}

/// The one writer of a folder of mentions, or of a prefix of a cluster.
///
/// After an error of [`Store::apply`] or [`Store::commit`], call it again with the same arguments once the fault is gone.
pub enum Store {
    /// In a folder.
    Embedded(Box<embedded::Store>),
    /// In a cluster.
    Elastic(Box<elastic::Store>),
}

/// A part of the store that holds what was deleted.
#[derive(Debug, Clone)]
pub enum Stale {
    /// Of a folder.
    Embedded(embedded::Stale),
    /// Of a cluster.
    Elastic(elastic::Stale),
}

impl Store {
    /// Opens the store in this folder, making it where there is none.
    pub fn open(dir: &Path, options: Options) -> Result<(Self, Recovery), Error> {
        let (store, recovery) = embedded::Store::open(dir, options)?;
        Ok((Self::Embedded(Box::new(store)), recovery))
    }

    /// Opens the store at a location, making it where there is none.
    pub fn open_at(location: &Location) -> Result<(Self, Recovery), Error> {
        match location {
            Location::Folder(dir, options) => Self::open(dir, options.clone()),
            Location::Cluster(settings) => {
                let (store, recovery) = elastic::Store::open(settings.clone())?;
                Ok((Self::Elastic(Box::new(store)), recovery))
            }
        }
    }

    /// The next journal position that the last commit does not hold: replay from here.
    pub fn position(&self) -> u64 {
        match self {
            Self::Embedded(store) => store.position(),
            Self::Elastic(store) => store.position(),
        }
    }

    /// Posts changed since the last commit. Commit about every second, and before this passes some ten thousand.
    pub fn pending(&self) -> usize {
        match self {
            Self::Embedded(store) => store.pending(),
            Self::Elastic(store) => store.pending(),
        }
    }

    /// A handle for questions, for any thread.
    pub fn reader(&self) -> StoreReader {
        match self {
            Self::Embedded(store) => StoreReader::Embedded(store.reader()),
            Self::Elastic(store) => StoreReader::Elastic(store.reader()),
        }
    }

    /// Applies changes in their order. `upto` is the next journal position after those that these changes came from;
    /// the next commit carries it. One lower than an earlier one has no effect.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = Change>, upto: u64) -> Result<(), Error> {
        match self {
            Self::Embedded(store) => store.apply(changes, upto),
            Self::Elastic(store) => store.apply(changes, upto),
        }
    }

    /// Gives a post's mentions new scores where `change` has some for them; the post stays as it is. `change` sees each
    /// mention as it is now. Says whether any was changed.
    pub fn rescore(
        &mut self,
        post: PostKey,
        change: &mut dyn FnMut(&Mention) -> Option<Scores>,
    ) -> Result<bool, Error> {
        match self {
            Self::Embedded(store) => store.rescore(post, change),
            Self::Elastic(store) => store.rescore(post, change),
        }
    }

    /// Makes durable and visible what was applied. The position comes last, so that a crash in between leaves one that is
    /// too low, never one that is too high.
    pub fn commit(&mut self) -> Result<Commit, Error> {
        match self {
            Self::Embedded(store) => store.commit(),
            Self::Elastic(store) => store.commit(),
        }
    }

    /// Takes away what is past its time; the next commit makes it durable and visible. A partition of which everything
    /// goes is removed at once.
    pub fn expire(&mut self, due: &[Due]) -> Result<Expired, Error> {
        match self {
            Self::Embedded(store) => store.expire(due),
            Self::Elastic(store) => store.expire(due),
        }
    }

    /// Takes every byte of what was deleted or replaced off the disks, and waits for it.
    pub fn purge(&mut self) -> Result<Purged, Error> {
        match self {
            Self::Embedded(store) => store.purge(),
            Self::Elastic(store) => store.purge(),
        }
    }

    /// Commits what was applied and says what holds bytes of what is gone by then. Once [`Store::purge_one`] was called
    /// for each, whatever was applied in between, none of these bytes is left.
    pub fn stale(&mut self) -> Result<Vec<Stale>, Error> {
        Ok(match self {
            Self::Embedded(store) => store.stale()?.into_iter().map(Stale::Embedded).collect(),
            Self::Elastic(store) => store.stale()?.into_iter().map(Stale::Elastic).collect(),
        })
    }

    /// Writes one stale part anew and says how many deleted mentions it held. One of another place holds none.
    pub fn purge_one(&mut self, stale: &Stale) -> Result<u64, Error> {
        match (self, stale) {
            (Self::Embedded(store), Stale::Embedded(stale)) => store.purge_one(stale),
            (Self::Elastic(store), Stale::Elastic(stale)) => store.purge_one(stale),
            _ => Ok(0),
        }
    }

    /// Makes the hourly rollups that large segments lack, and says how many; a cluster has none.
    pub fn roll_up(&mut self) -> Result<usize, Error> {
        match self {
            Self::Embedded(store) => store.roll_up(),
            Self::Elastic(_) => Ok(0),
        }
    }

    /// What answers leave out; of a cluster nothing, since one that cannot answer in whole does not answer.
    pub fn left_out(&self) -> &[LeftOut] {
        match self {
            Self::Embedded(store) => store.left_out(),
            Self::Elastic(_) => &[],
        }
    }

    /// Opens a store that may be closed.
    pub(crate) fn open_closed(location: &Location) -> Result<Self, Error> {
        match location {
            Location::Folder(dir, options) => {
                let (store, _) = embedded::Store::open_closed(dir, options.clone())?;
                Ok(Self::Embedded(Box::new(store)))
            }
            Location::Cluster(settings) => {
                let (store, _) = elastic::Store::open_closed(settings.clone())?;
                Ok(Self::Elastic(Box::new(store)))
            }
        }
    }

    /// Closes the store to everybody else, or opens it.
    pub(crate) fn close_as(&mut self, why: Option<&str>) -> Result<(), Error> {
        match self {
            Self::Embedded(store) => store.close_as(why),
            Self::Elastic(store) => store.close_as(why),
        }
    }

    /// Of each partition what changes with every writing to it.
    pub(crate) fn change_marks(&self) -> Result<BTreeMap<String, String>, Error> {
        match self {
            Self::Embedded(store) => store.change_marks(),
            Self::Elastic(store) => store.change_marks(),
        }
    }

    /// Removes mentions from where they were listed.
    pub(crate) fn take_away(&mut self, listed: &[Listed]) -> Result<(), Error> {
        match self {
            Self::Embedded(store) => store.take_away(listed),
            Self::Elastic(store) => store.take_away(listed),
        }
    }

    /// Begins to be filled by a move: until [`Store::rest`] or [`Store::seal`], what a partition needs to be safe may be left out
    /// while it is new.
    pub(crate) fn fill(&mut self) -> Result<(), Error> {
        match self {
            Self::Embedded(_) => Ok(()),
            Self::Elastic(store) => store.fill(),
        }
    }

    /// Makes durable what was written while it was filled.
    pub(crate) fn harden(&mut self) -> Result<(), Error> {
        match self {
            Self::Embedded(_) => Ok(()),
            Self::Elastic(store) => store.harden(),
        }
    }

    /// Writes mentions as they are, as many as `next` gives until it gives none. None of them may be there.
    pub(crate) fn carry(
        &mut self,
        next: &mut dyn FnMut() -> Result<Option<Vec<Carried>>, Error>,
    ) -> Result<(), Error> {
        match self {
            Self::Embedded(store) => {
                while let Some(mentions) = next()? {
                    store.carry(&mentions)?;
                }
                Ok(())
            }
            Self::Elastic(store) => store.carry(next),
        }
    }

    /// Lets readers see what was carried and taken away.
    pub(crate) fn settle(&mut self) -> Result<(), Error> {
        match self {
            Self::Embedded(store) => store.settle(),
            Self::Elastic(store) => store.settle(),
        }
    }

    /// Ends what the store does by itself, and being filled.
    pub(crate) fn rest(&mut self) -> Result<(), Error> {
        match self {
            Self::Embedded(store) => store.rest(),
            Self::Elastic(store) => store.filled(),
        }
    }

    /// Takes over the position and generation of another store.
    pub(crate) fn seal(&mut self, position: u64, generation: u64) -> Result<(), Error> {
        match self {
            Self::Embedded(store) => store.seal(position, generation),
            Self::Elastic(store) => store.seal(position, generation),
        }
    }

    /// Closes the store. What is not committed is lost.
    pub fn close(self) -> Result<(), Error> {
        match self {
            Self::Embedded(store) => store.close(),
            Self::Elastic(store) => store.close(),
        }
    }
}
