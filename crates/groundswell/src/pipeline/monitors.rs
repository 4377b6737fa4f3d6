//! The monitor set in force and its one writer.
//!
//! A change costs what it changes: the matcher takes it into its delta, the table copies the pieces it touches. When
//! much has changed, a new base is compiled in a thread beside the stream and taken over between two batches.

use super::costs::Cost;
use super::snapshot::Snapshot;
use super::table::{Table, Watched};
use crate::lists::{self, Lists};
use journal::{MonitorChange, MonitorDef, MonitorSet};
use post::Pseudonyms;
use query::{Atom, LiveMonitors, Query};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

/// A change that adds more than this, and more than half of the monitors there are, is compiled at once into a new base:
/// at the start. Any other goes into the delta, and the base is made beside the stream.
const LARGE: usize = 1_000;

/// Metered posts after which anchors are first chosen by what the stream holds; then each time their number has
/// doubled, and at last every [`LAST_ANCHORS`].
const FIRST_ANCHORS: u64 = 1 << 10;
const LAST_ANCHORS: u64 = 1 << 16;

/// The monitor set in force.
pub(super) struct Monitors {
    matcher: LiveMonitors,
    snapshot: Arc<Snapshot>,
    next_slot: u32,
    base: Option<Receiver<Base>>,
    /// The keyword lists by project, as the parser takes them.
    parsed_lists: HashMap<String, query::Lists>,
    /// Posts metered when anchors were last chosen for all monitors.
    anchored_after: u64,
    /// Whether compiling a base failed.
    gave_up: bool,
    pseudonyms: Pseudonyms,
}

/// A compiled base. It holds the monitors of its moment: those with a slot from `next_slot` on came since.
struct Base {
    set: query::MonitorSet,
    next_slot: u32,
}

impl Monitors {
    /// Compiles a set.
    pub(super) fn new(set: MonitorSet, pseudonyms: &Pseudonyms) -> Self {
        let matcher = LiveMonitors::new(0, std::iter::empty(), None, None);
        let snapshot = Arc::new(Snapshot {
            version: 0,
            table: Table::default(),
            matcher: matcher.snapshot(),
            lists: Arc::default(),
            metered: Arc::default(),
            pseudonyms: pseudonyms.clone(),
        });
        let mut monitors = Self {
            matcher,
            snapshot,
            next_slot: 0,
            base: None,
            parsed_lists: HashMap::new(),
            anchored_after: 0,
            gave_up: false,
            pseudonyms: pseudonyms.clone(),
        };
        monitors.replace(set);
        monitors
    }

    /// The set as it is now.
    pub(super) fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// Puts another set in force; see [`Monitors::apply`].
    pub(super) fn replace(&mut self, set: MonitorSet) -> Vec<String> {
        let change = self.snapshot.set().change_to(&set);
        self.apply(change)
    }

    /// Puts a change in force. Gives the monitors whose mentions go: those that are gone and those whose query
    /// changed, whose own are found again by a search of the past.
    pub(super) fn apply(&mut self, change: MonitorChange) -> Vec<String> {
        let mut next = (*self.snapshot).clone();
        next.version = change.version;
        for project in change_lists(&mut next.lists, &change) {
            let lists = next.lists.get(&project).map(lists::read).unwrap_or_default();
            self.parsed_lists.insert(project, lists);
        }
        let (mut dropped, mut gone, mut come) = (Vec::new(), Vec::new(), Vec::new());
        for id in change.remove {
            if let Some(old) = next.table.take(&id) {
                gone.extend(old.query.as_ref().map(|_| old.slot));
                dropped.push(id);
            }
        }
        for def in change.put {
            if let Some(old) = next.table.take(&def.id) {
                gone.extend(old.query.as_ref().map(|_| old.slot));
                if old.def.version != def.version {
                    dropped.push(def.id.clone());
                }
            }
            let new = Arc::new(self.watch(def));
            next.table.put(new.clone());
            if new.query.is_some() {
                come.push(new);
            }
        }
        self.compile(&next, &gone, &come);
        next.matcher = self.matcher.snapshot();
        self.snapshot = Arc::new(next);
        dropped
    }

    /// A query that does not parse is left out and named in the log: the API lets none in.
    fn watch(&mut self, def: MonitorDef) -> Watched {
        let none = query::Lists::new();
        let lists = self.parsed_lists.get(&def.project).unwrap_or(&none);
        let query = def.active.then(|| query::parse_with(&def.query, lists));
        let query = query.and_then(|parsed| {
            parsed
                .inspect_err(|problems| {
                    let why = problems.first().map_or_else(String::new, |p| p.message.clone());
                    tracing::error!(monitor = %def.id, %why, "a monitor's query does not parse; it is not matched");
                })
                .ok()
        });
        let slot = self.next_slot;
        self.next_slot += u32::from(query.is_some());
        let cost = Cost::begin(self.snapshot.metered.posts());
        Watched {
            def,
            query,
            slot,
            cost,
        }
    }

    fn compile(&mut self, next: &Snapshot, gone: &[u32], come: &[Arc<Watched>]) {
        let token = |handle: &str| self.pseudonyms.handle(handle);
        let words = next.metered.words();
        let frequency = |atom: Atom<'_>| words.frequency(atom);
        if come.len() > LARGE.max(next.table.matched / 2) {
            self.matcher =
                LiveMonitors::new(next.version, matched(&next.table), Some(&token), Some(&frequency));
            // What is under way was made for the matcher before.
            self.base = None;
        } else {
            let come: Vec<(u32, &Query)> = come.iter().filter_map(|w| numbered(w)).collect();
            self.matcher
                .change(next.version, gone, &come, Some(&token), Some(&frequency));
        }
    }

    /// Takes over a base that is ready, and has one made where it is worth it. To be called between batches.
    pub(super) fn tend(&mut self) {
        match self.base.as_ref().map(Receiver::try_recv) {
            Some(Ok(base)) => {
                let token = |handle: &str| self.pseudonyms.handle(handle);
                let table = &self.snapshot.table;
                let since = matched(table).filter(|(slot, _)| *slot >= base.next_slot);
                let is_alive = |slot| table.at(slot).is_some();
                let words = self.snapshot.metered.words();
                let frequency = |atom: Atom<'_>| words.frequency(atom);
                self.matcher
                    .adopt(base.set, since, is_alive, Some(&token), Some(&frequency));
                drop(words);
                self.base = None;
                let mut next = (*self.snapshot).clone();
                next.matcher = self.matcher.snapshot();
                self.snapshot = Arc::new(next);
            }
            Some(Err(TryRecvError::Empty)) => {}
            Some(Err(TryRecvError::Disconnected)) => {
                tracing::error!(
                    "the thread that compiles monitors failed; the set is matched uncompacted until the next start"
                );
                self.base = None;
                self.gave_up = true;
            }
            None if !self.gave_up && (self.matcher.wants_rebuild() || self.wants_anchors()) => self.rebuild(),
            None => {}
        }
    }

    /// Whether so many posts have come since anchors were chosen that other words may be rare now.
    fn wants_anchors(&self) -> bool {
        let metered = self.snapshot.metered.posts();
        metered >= FIRST_ANCHORS.max(self.anchored_after + self.anchored_after.min(LAST_ANCHORS))
    }

    fn rebuild(&mut self) {
        let (ready, base) = sync_channel(1);
        let (snapshot, next_slot) = (self.snapshot.clone(), self.next_slot);
        let made = std::thread::Builder::new()
            .name("compile".to_owned())
            .spawn(move || {
                let token = |handle: &str| snapshot.pseudonyms.handle(handle);
                // A copy: posts are counted on meanwhile.
                let words = snapshot.metered.words().clone();
                let frequency = |atom: Atom<'_>| words.frequency(atom);
                let set = query::MonitorSet::with_frequencies(
                    snapshot.version,
                    matched(&snapshot.table),
                    Some(&token),
                    Some(&frequency),
                );
                // Nobody waits any more where the process ends or a large change came.
                let _ = ready.send(Base { set, next_slot });
            });
        match made {
            Ok(_) => {
                self.base = Some(base);
                self.anchored_after = self.snapshot.metered.posts();
            }
            Err(error) => {
                tracing::error!(%error, "no thread to compile monitors in; the next batch tries again")
            }
        }
    }
}

/// Changes the lists; gives the projects whose lists are others now.
fn change_lists(lists: &mut Arc<BTreeMap<String, Lists>>, change: &MonitorChange) -> BTreeSet<String> {
    let removed = change.remove_lists.iter().map(|(project, _)| project.clone());
    let projects: BTreeSet<String> = removed
        .chain(change.put_lists.iter().map(|l| l.project.clone()))
        .collect();
    if projects.is_empty() {
        return projects;
    }
    let lists = Arc::make_mut(lists);
    for (project, name) in &change.remove_lists {
        if let Some(of_project) = lists.get_mut(project) {
            of_project.remove(name);
        }
    }
    for list in &change.put_lists {
        let of_project = lists.entry(list.project.clone()).or_default();
        of_project.insert(list.name.clone(), list.terms.clone());
    }
    projects
}

fn numbered(watched: &Watched) -> Option<(u32, &Query)> {
    watched.query.as_ref().map(|query| (watched.slot, query))
}

fn matched(table: &Table) -> impl Iterator<Item = (u32, &Query)> {
    table.iter().filter_map(|w| numbered(w))
}
