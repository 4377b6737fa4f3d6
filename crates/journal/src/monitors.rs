//! Which monitors are in force, and how one set becomes the next.
//!
//! A set travels whole only where nothing stands before it: as the first entry and at the begin of each segment. In
//! between, changes travel, as large as what they change.

use crate::entry::Position;
use post::Millis;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// All monitors and keyword lists, at one version of the set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MonitorSet {
    /// Grows by one or more with each change of any monitor or list.
    pub version: u64,
    /// The monitors, each id once.
    pub monitors: Vec<MonitorDef>,
    /// The keyword lists, each name once in a project.
    pub lists: Vec<KeywordList>,
}

/// A monitor as far as replay needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonitorDef {
    /// The monitor's id.
    pub id: String,
    /// Its project's id.
    pub project: String,
    /// The version of its query.
    pub version: u32,
    /// Its query as written.
    pub query: String,
    /// Whether it is matched.
    pub active: bool,
}

/// A keyword list: what `list:name` stands for in the queries of its project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeywordList {
    /// The project's id.
    pub project: String,
    /// The name.
    pub name: String,
    /// The terms, as written.
    pub terms: Vec<String>,
}

/// What makes one set of the one before it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MonitorChange {
    /// The version of the set made.
    pub version: u64,
    /// Monitors that are new, or stand in place of those of the same id.
    pub put: Vec<MonitorDef>,
    /// Ids of monitors that are gone.
    pub remove: Vec<String>,
    /// Lists that are new, or stand in place of those of the same name.
    pub put_lists: Vec<KeywordList>,
    /// Project and name of lists that are gone.
    pub remove_lists: Vec<(String, String)>,
}

impl MonitorChange {
    /// Whether it changes nothing but the version.
    pub fn is_empty(&self) -> bool {
        self.put.is_empty()
            && self.remove.is_empty()
            && self.put_lists.is_empty()
            && self.remove_lists.is_empty()
    }
}

impl MonitorSet {
    /// The change that makes `new` of this set.
    pub fn change_to(&self, new: &MonitorSet) -> MonitorChange {
        let (put, remove) = difference(&self.monitors, &new.monitors, |m| m.id.as_str());
        let (put_lists, remove_lists) =
            difference(&self.lists, &new.lists, |l| (l.project.as_str(), l.name.as_str()));
        let owned = |(project, name): (&str, &str)| (project.to_owned(), name.to_owned());
        MonitorChange {
            version: new.version,
            put,
            remove: remove.into_iter().map(str::to_owned).collect(),
            put_lists,
            remove_lists: remove_lists.into_iter().map(owned).collect(),
        }
    }
}

/// What is new or different in `new`, and the keys that are in `old` alone.
fn difference<'a, T: PartialEq + Clone, K: std::hash::Hash + Eq + Copy>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&'a T) -> K,
) -> (Vec<T>, Vec<K>) {
    let mut known: HashMap<K, &T> = old.iter().map(|item| (key(item), item)).collect();
    let put = new
        .iter()
        .filter(|item| known.remove(&key(item)) != Some(*item))
        .cloned()
        .collect();
    let gone = old.iter().map(key).filter(|k| known.contains_key(k)).collect();
    (put, gone)
}

/// The set in force, kept so that a change costs what it changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct InForce {
    pub(crate) version: u64,
    monitors: BTreeMap<String, Known>,
    lists: BTreeMap<(String, String), KeywordList>,
}

/// A monitor, and the position and time of the change that put it there, where that change is kept.
#[derive(Debug, Clone)]
struct Known {
    def: MonitorDef,
    since: Option<(Position, Millis)>,
}

impl InForce {
    /// Puts a change in force that was journaled at this position and time.
    pub(crate) fn apply(&mut self, change: MonitorChange, since: Option<(Position, Millis)>) {
        self.version = change.version;
        for id in &change.remove {
            self.monitors.remove(id);
        }
        for name in &change.remove_lists {
            self.lists.remove(name);
        }
        for def in change.put {
            self.monitors.insert(def.id.clone(), Known { def, since });
        }
        self.lists.extend(
            change
                .put_lists
                .into_iter()
                .map(|l| ((l.project.clone(), l.name.clone()), l)),
        );
    }

    pub(crate) fn since(&self, monitor: &str) -> Option<(Position, Millis)> {
        self.monitors.get(monitor)?.since
    }

    /// Puts a whole set in force; see [`InForce::apply`].
    pub(crate) fn new(set: MonitorSet, since: Option<(Position, Millis)>) -> Self {
        let mut new = Self::default();
        let change = MonitorChange {
            version: set.version,
            put: set.monitors,
            put_lists: set.lists,
            ..MonitorChange::default()
        };
        new.apply(change, since);
        new
    }

    /// The set, monitors by id and lists by project and name.
    pub(crate) fn to_set(&self) -> MonitorSet {
        MonitorSet {
            version: self.version,
            monitors: self.monitors.values().map(|m| m.def.clone()).collect(),
            lists: self.lists.values().cloned().collect(),
        }
    }
}
