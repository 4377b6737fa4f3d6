//! The only file that calls the matcher.

use crate::ALLOCATOR;
use crate::frequencies::Frequencies;
use crate::measure::timed;
use crate::workload::{Post, Workload};
use query::{MonitorSet, Query, Scratch};

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

/// Seconds of processor time that one more monitor takes until it is matched.
///
/// HOOK: to be measured on `LiveMonitors` when it is there. Until then it is the compilation of a set of one, which is
/// what an addition to a delta costs at least.
pub(crate) fn addition(query: &Query, frequencies: &Frequencies) -> f64 {
    timed(|| set([(u32::MAX, query)], frequencies)).1
}
