//! What each monitor costs.

use foldhash::HashMap;

/// What is told of each candidate.
pub(crate) trait Observer {
    /// A post comes next.
    fn post(&mut self);
    /// Its candidates come next.
    fn begin(&mut self);
    /// A candidate was tried.
    fn candidate(&mut self, id: u32, holds: bool);
}

impl Observer for () {
    fn post(&mut self) {}
    fn begin(&mut self) {}
    fn candidate(&mut self, _: u32, _: bool) {}
}

/// What one monitor cost over the posts metered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Posts for which its program was run.
    pub candidates: u64,
    /// Posts that matched.
    pub matches: u64,
    /// Time its program took, with what it cost to bring it near.
    pub nanoseconds: u64,
}

/// Collects what monitors cost. Reading a clock for each candidate takes longer than most candidates do, so only a
/// sample of posts should be metered.
#[derive(Debug)]
pub struct Meter {
    clock: fn() -> u64,
    last: u64,
    /// Posts metered.
    pub posts: u64,
    /// Costs by the id of the monitor.
    pub costs: HashMap<u32, Cost>,
}

impl Meter {
    /// A meter that reads nanoseconds from `clock`.
    pub fn new(clock: fn() -> u64) -> Self {
        Self {
            clock,
            last: 0,
            posts: 0,
            costs: HashMap::default(),
        }
    }
}

impl Observer for Meter {
    fn post(&mut self) {
        self.posts += 1;
    }

    fn begin(&mut self) {
        self.last = (self.clock)();
    }

    fn candidate(&mut self, id: u32, holds: bool) {
        let now = (self.clock)();
        let cost = self.costs.entry(id).or_default();
        cost.candidates += 1;
        cost.matches += u64::from(holds);
        cost.nanoseconds += now.saturating_sub(self.last);
        // What the meter itself does is nobody's cost.
        self.last = (self.clock)();
    }
}
