//! The only file that calls the matcher.

use crate::ALLOCATOR;
use crate::frequencies::Frequencies;
use crate::measure::timed;
use crate::workload::{Post, Workload};
use query::{LiveMonitors, MonitorSet, Query, Scratch};

/// The monitors of a workload, compiled.
#[derive(Debug)]
pub(crate) struct Ours {
    set: MonitorSet,
    /// Seconds of processor time.
    pub(crate) compile: f64,
    /// Of the set, without its source and without scratch.
    pub(crate) bytes: usize,
}

impl Ours {
    pub(crate) fn compile(workload: &Workload, frequencies: &Frequencies) -> Self {
        let before = ALLOCATOR.allocated();
        let (set, compile) = timed(|| set(workload.queries.iter().map(|(id, q)| (*id, q)), frequencies));
        Self {
            set,
            compile,
            bytes: ALLOCATOR.allocated() - before,
        }
    }

    /// Matches posts one after the other; gives the number of candidates, and each match to `each`.
    pub(crate) fn run(&self, posts: &[Post], scratch: &mut Scratch, mut each: impl FnMut(&Post, u32)) -> u64 {
        let (mut found, mut candidates) = (Vec::new(), 0);
        for post in posts {
            let work = self.set.matches(&post.document(), scratch, &mut found);
            candidates += u64::from(work.candidates);
            found.iter().for_each(|&id| each(post, id));
        }
        candidates
    }

    /// Bytes of one thread's scratch after some posts.
    pub(crate) fn scratch_bytes(&self, posts: &[Post]) -> usize {
        let before = ALLOCATOR.allocated();
        let mut scratch = Scratch::new();
        self.run(posts, &mut scratch, |_, _| {});
        ALLOCATOR.allocated() - before
    }
}

fn set<'q>(monitors: impl IntoIterator<Item = (u32, &'q Query)>, frequencies: &Frequencies) -> MonitorSet {
    MonitorSet::with_frequencies(1, monitors, None, Some(&|atom| frequencies.of(atom)))
}

/// Additions that are timed: as many as a delta may hold before its base is compiled anew.
const ADDITIONS: usize = 400;

/// Seconds of processor time that each of some last monitors takes, added to the others one by one while they are
/// matched, until a snapshot with it is there.
pub(crate) fn additions(workload: &Workload, frequencies: &Frequencies) -> Vec<f64> {
    let frequency = |atom: query::Atom<'_>| frequencies.of(atom);
    let numbered: Vec<(u32, &Query)> = (0..).zip(workload.queries.iter().map(|(_, q)| q)).collect();
    let (before, last) = numbered.split_at(numbered.len() - ADDITIONS.min(numbered.len() / 2));
    let mut live = LiveMonitors::new(0, before.iter().copied(), None, Some(&frequency));
    (1..)
        .zip(last)
        .map(|(version, added)| {
            let change = || {
                live.change(version, &[], std::slice::from_ref(added), None, Some(&frequency));
                live.snapshot()
            };
            timed(change).1
        })
        .collect()
}
