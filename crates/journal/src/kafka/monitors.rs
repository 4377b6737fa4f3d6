//! The monitor sets: one ordered topic of changes, and a stamp on every post.
//!
//! ```text
//! topic  <prefix>.monitors, compacted, one partition
//! key    version u64, big-endian
//! value  format u8 | postcard (a whole set, or the change that makes this version of the one before it)
//! ```
//! In the local journal a post is matched under the set that stands before it in the one sequence. Partitions have no
//! common sequence, so each collector **stamps** every post with the newest version it knows when it sends it, after
//! that version was acknowledged here. A worker matches the post under the version of its stamp, whichever worker that
//! is and however often the post is delivered: exactly one version, as in the local journal. For a moment after a change
//! the stamps of several collectors alternate; a backfill of a monitor therefore covers the posts whose stamps are older than
//! the monitor, and live matching has exactly the others.
//!
//! Versions come from the control state, which gives none out twice. Compaction keeps every version until
//! [`MonitorLog::fold`] puts the whole set in the place of the oldest one needed and deletes those before it.

use crate::entry::Entry;
use crate::kafka::error::{Error, Result};
use crate::kafka::send::{Outgoing, Sender};
use crate::kafka::settings::Settings;
use crate::kafka::table::{Noted, Row, Table};
use crate::monitors::{InForce, MonitorChange, MonitorSet};
use post::Millis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included, Unbounded};
use std::sync::Arc;

const FORMAT: u8 = 1;
/// Sets kept as they are: while collectors follow a change, posts alternate between two.
const KEPT: usize = 4;

/// What makes a version. Variants are numbered by their order: add only at the end.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Made {
    Set(MonitorSet),
    Change(MonitorChange),
}

/// All versions of the monitor set that are kept.
pub(crate) struct MonitorLog {
    table: Table,
    versions: BTreeMap<u64, Made>,
    built: Vec<Arc<MonitorSet>>,
}

impl MonitorLog {
    pub(crate) fn open(settings: &Settings) -> Result<MonitorLog> {
        let mut log = MonitorLog {
            table: Table::open(settings, settings.monitors())?,
            versions: BTreeMap::new(),
            built: Vec::new(),
        };
        log.read_until_end()?;
        Ok(log)
    }

    fn read_until_end(&mut self) -> Result<()> {
        let versions = &mut self.versions;
        self.table.until_end(|row| note(row, versions))
    }

    /// Takes up what has arrived, without waiting.
    pub(crate) fn follow(&mut self) -> Result<()> {
        let versions = &mut self.versions;
        self.table.arrived(|row| note(row, versions))
    }

    /// The newest version known here; 0 before the first.
    pub(crate) fn newest(&self) -> u64 {
        self.versions.last_key_value().map_or(0, |(version, _)| *version)
    }

    /// Publishes a set or a change: acknowledged by all in-sync replicas when this returns.
    pub(crate) fn publish(&mut self, entry: &Entry, at: Millis, sender: &mut Sender) -> Result<()> {
        let (version, made) = match entry {
            Entry::MonitorSet(set) => (set.version, Made::Set(set.clone())),
            Entry::MonitorChange(change) => (change.version, Made::Change(change.clone())),
            _ => return Ok(()),
        };
        self.put(version, Some(&made), at, sender)?;
        sender.wait()?;
        self.versions.insert(version, made);
        Ok(())
    }

    /// The set in force for a post with this stamp; `None` before the first set.
    pub(crate) fn at(&mut self, version: u64) -> Result<Option<Arc<MonitorSet>>> {
        if version > self.newest() {
            // The stamp was given after the version was acknowledged, so it is there.
            self.read_until_end()?;
        }
        if version > self.newest() {
            return Err(Error::UnknownMonitors {
                version,
                newest: self.newest(),
                topic: self.table.topic().to_owned(),
            });
        }
        let Some((&made, _)) = self.versions.range(..=version).next_back() else {
            return Ok(None);
        };
        if let Some(set) = self.built.iter().find(|set| set.version == made) {
            return Ok(Some(set.clone()));
        }
        let set = Arc::new(build(&self.versions, made));
        if self.built.len() == KEPT {
            self.built.remove(0);
        }
        self.built.push(set.clone());
        Ok(Some(set))
    }

    /// Puts the whole set in the place of version `oldest` and deletes the versions before it: for when no post with
    /// an older stamp is kept any more.
    pub(crate) fn fold(&mut self, oldest: u64, at: Millis, sender: &mut Sender) -> Result<()> {
        self.read_until_end()?;
        let Some((&version, _)) = self.versions.range(..=oldest).next_back() else {
            return Ok(());
        };
        let before: Vec<u64> = self.versions.range(..version).map(|(v, _)| *v).collect();
        if before.is_empty() {
            return Ok(());
        }
        let set = Made::Set(build(&self.versions, version));
        self.put(version, Some(&set), at, sender)?;
        // Only once the whole set is there may what it was made of go.
        sender.wait()?;
        for version in &before {
            self.put(*version, None, at, sender)?;
        }
        sender.wait()?;
        self.versions.insert(version, set);
        self.versions.retain(|v, _| *v >= version);
        Ok(())
    }

    fn put(&self, version: u64, made: Option<&Made>, at: Millis, sender: &mut Sender) -> Result<()> {
        let value = made.map(|made| postcard::to_extend(made, vec![FORMAT]));
        let value = value.transpose().map_err(crate::Error::Encode)?;
        sender.put(Outgoing::new(
            self.table.topic(),
            version.to_be_bytes(),
            value,
            at,
        ))
    }
}

/// The set of a version: the newest whole set up to it, and the changes since.
fn build(versions: &BTreeMap<u64, Made>, version: u64) -> MonitorSet {
    let whole = versions.range(..=version).rev().find_map(|(v, made)| match made {
        Made::Set(set) => Some((*v, set)),
        Made::Change(_) => None,
    });
    let from = whole.map_or(Unbounded, |(v, _)| Excluded(v));
    let mut set = whole.map_or_else(InForce::default, |(_, set)| InForce::new(set.clone(), None));
    for made in versions.range((from, Included(version))).map(|(_, made)| made) {
        if let Made::Change(change) = made {
            set.apply(change.clone(), None);
        }
    }
    set.to_set()
}

fn note(row: Row<'_>, versions: &mut BTreeMap<u64, Made>) -> Noted {
    let version = row.key.try_into().map_err(|_| "its key is not a version")?;
    let version = u64::from_be_bytes(version);
    match row.value {
        Some([FORMAT, made @ ..]) => {
            let made = postcard::from_bytes(made).map_err(|_| "its value is not a monitor set")?;
            versions.insert(version, made);
        }
        Some([format, ..]) if *format > FORMAT => {
            return Err("its format is newer than this program: use a newer groundswell");
        }
        Some(_) => return Err("its value is not a monitor set"),
        None => drop(versions.remove(&version)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MonitorDef;

    fn def(id: &str, version: u32) -> MonitorDef {
        MonitorDef {
            id: id.into(),
            project: "p".into(),
            version,
            query: format!("lantern{version}"),
            active: true,
        }
    }

    fn versions() -> BTreeMap<u64, Made> {
        let set = MonitorSet {
            version: 2,
            monitors: vec![def("a", 1)],
            lists: Vec::new(),
        };
        let put = |version, def| {
            Made::Change(MonitorChange {
                version,
                put: vec![def],
                ..MonitorChange::default()
            })
        };
        BTreeMap::from([
            (2, Made::Set(set)),
            (3, put(3, def("b", 1))),
            (7, put(7, def("a", 2))),
        ])
    }

    #[test]
    fn a_version_is_its_newest_whole_set_and_the_changes_since() {
        let versions = versions();
        assert_eq!(build(&versions, 2).monitors, vec![def("a", 1)]);
        assert_eq!(build(&versions, 3).monitors, vec![def("a", 1), def("b", 1)]);
        assert_eq!(build(&versions, 7).monitors, vec![def("a", 2), def("b", 1)]);
    }

    #[test]
    fn folding_changes_no_set_that_is_kept() {
        let mut folded = versions();
        let want = build(&folded, 7);
        let set = Made::Set(build(&folded, 3));
        folded.insert(3, set);
        folded.retain(|v, _| *v >= 3);
        assert_eq!(build(&folded, 7), want);
    }
}
