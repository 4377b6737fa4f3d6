//! A simulation of workers that own partitions of a stream and may die. Its tests hold it against closed forms.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

/// What is simulated. Times are in seconds.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    /// Batches a second, all together.
    pub(crate) rate: f64,
    /// Mean seconds of one core for a batch; drawn from an exponential distribution.
    pub(crate) service: f64,
    /// Machines.
    pub(crate) machines: usize,
    /// Cores of a machine that work on batches; they share the queue of the machine's partitions.
    pub(crate) cores: usize,
    /// Partitions; partition `p` belongs to machine `p mod machines` until that dies.
    pub(crate) partitions: usize,
    /// Share of the stream that goes to partition 0 beside its fair part.
    pub(crate) hot: f64,
    /// Machine 0 dies at the first time, and its partitions have new owners at the second.
    pub(crate) death: Option<(f64, f64)>,
    /// How long it goes on.
    pub(crate) until: f64,
    pub(crate) seed: u64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) arrived: usize,
    pub(crate) done: usize,
    /// Batches that wait or are under way at the end.
    pub(crate) left: usize,
    /// Mean and 99th percentile of the seconds until a core takes a batch.
    pub(crate) wait: f64,
    pub(crate) wait_99: f64,
    /// The most that waited at once.
    pub(crate) longest: usize,
    /// Seconds from the death until nothing that arrived before the partitions had new owners waits any more.
    pub(crate) recovered: Option<f64>,
    /// Busy share of the busiest machine that lives to the end.
    pub(crate) busiest: f64,
}

#[derive(Debug, PartialEq)]
struct Event {
    at: f64,
    what: What,
}

#[derive(Debug, PartialEq)]
enum What {
    Arrival,
    /// A core is done with a batch; what a machine had under way when it died comes again.
    Done {
        machine: usize,
        batch: usize,
    },
    Death,
    Moved,
}

impl Eq for Event {}
impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        other.at.total_cmp(&self.at)
    }
}
impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[derive(Debug, Clone, Copy)]
struct Batch {
    number: usize,
    partition: usize,
    arrived: f64,
}

#[derive(Debug, Default, Clone)]
struct Machine {
    waiting: VecDeque<Batch>,
    /// What is under way.
    working: Vec<Batch>,
    busy: f64,
    dead: bool,
}

/// Runs it; the same setting gives the same outcome.
pub(crate) fn simulate(setting: &Setting) -> Outcome {
    let mut run = Run {
        random: StdRng::seed_from_u64(setting.seed),
        events: BinaryHeap::new(),
        machines: vec![Machine::default(); setting.machines],
        owners: (0..setting.partitions).map(|p| p % setting.machines).collect(),
        waits: Vec::new(),
        arrived: 0,
        done: 0,
        longest: 0,
        behind: None,
        recovered: None,
        setting,
    };
    run.go();
    run.outcome()
}

struct Run<'a> {
    setting: &'a Setting,
    random: StdRng,
    events: BinaryHeap<Event>,
    machines: Vec<Machine>,
    owners: Vec<usize>,
    waits: Vec<f64>,
    arrived: usize,
    done: usize,
    longest: usize,
    /// When the partitions of the dead machine had new owners.
    behind: Option<f64>,
    recovered: Option<f64>,
}

impl Run<'_> {
    fn exponential(&mut self, mean: f64) -> f64 {
        let uniform: f64 = self.random.random();
        -mean * (1.0 - uniform).ln()
    }

    fn go(&mut self) {
        let first = self.exponential(1.0 / self.setting.rate);
        self.push(first, What::Arrival);
        if let Some((dies, moved)) = self.setting.death {
            self.push(dies, What::Death);
            self.push(moved, What::Moved);
        }
        while let Some(Event { at, what }) = self.events.pop() {
            if at > self.setting.until {
                return;
            }
            match what {
                What::Arrival => {
                    self.arrived += 1;
                    let partition = self.partition();
                    let owner = self.owners[partition];
                    let batch = Batch {
                        number: self.arrived,
                        partition,
                        arrived: at,
                    };
                    self.machines[owner].waiting.push_back(batch);
                    self.begin(owner, at);
                    let next = at + self.exponential(1.0 / self.setting.rate);
                    self.push(next, What::Arrival);
                }
                What::Done { machine, .. } if self.machines[machine].dead => {}
                What::Done { machine, batch } => {
                    self.machines[machine].working.retain(|b| b.number != batch);
                    self.done += 1;
                    self.begin(machine, at);
                }
                What::Death => {
                    let machine = &mut self.machines[0];
                    machine.dead = true;
                    // What was under way was not acknowledged: it is read again.
                    let again: Vec<_> = machine.working.drain(..).collect();
                    again
                        .into_iter()
                        .rev()
                        .for_each(|b| machine.waiting.push_front(b));
                }
                What::Moved => self.moved(at),
            }
            let waiting = self.machines.iter().map(|m| m.waiting.len()).sum();
            self.longest = self.longest.max(waiting);
            self.look_behind(at);
        }
    }

    fn push(&mut self, at: f64, what: What) {
        self.events.push(Event { at, what });
    }

    fn partition(&mut self) -> usize {
        let uniform: f64 = self.random.random();
        match uniform < self.setting.hot {
            true => 0,
            false => self.random.random_range(0..self.setting.partitions),
        }
    }

    /// Free cores take what waits.
    fn begin(&mut self, machine: usize, at: f64) {
        while !self.machines[machine].dead && self.machines[machine].working.len() < self.setting.cores {
            let Some(batch) = self.machines[machine].waiting.pop_front() else {
                return;
            };
            let service = self.exponential(self.setting.service);
            self.waits.push(at - batch.arrived);
            self.machines[machine].working.push(batch);
            self.machines[machine].busy += service;
            let done = What::Done {
                machine,
                batch: batch.number,
            };
            self.push(at + service, done);
        }
    }

    /// The partitions of the dead machine go to the others, with what waits there.
    fn moved(&mut self, at: f64) {
        let others = self.setting.machines - 1;
        for (partition, owner) in self.owners.iter_mut().enumerate().filter(|(_, o)| **o == 0) {
            *owner = 1 + partition / self.setting.machines % others;
        }
        for batch in std::mem::take(&mut self.machines[0].waiting) {
            self.machines[self.owners[batch.partition]]
                .waiting
                .push_back(batch);
        }
        (1..self.setting.machines).for_each(|machine| self.begin(machine, at));
        self.behind = Some(at);
    }

    fn look_behind(&mut self, at: f64) {
        let (Some(moved), None, Some((died, _))) = (self.behind, self.recovered, self.setting.death) else {
            return;
        };
        let is_old = |m: &Machine| m.waiting.iter().any(|b| b.arrived < moved);
        if !self.machines.iter().any(is_old) {
            self.recovered = Some(at - died);
        }
    }

    fn outcome(mut self) -> Outcome {
        self.waits.sort_by(f64::total_cmp);
        let count = self.waits.len().max(1);
        let left = self
            .machines
            .iter()
            .map(|m| m.waiting.len() + m.working.len())
            .sum();
        let whole = self.setting.until * self.setting.cores as f64;
        let living = self.machines.iter().filter(|m| !m.dead);
        Outcome {
            arrived: self.arrived,
            done: self.done,
            left,
            wait: self.waits.iter().sum::<f64>() / count as f64,
            wait_99: self.waits.get(count * 99 / 100).copied().unwrap_or(0.0),
            longest: self.longest,
            recovered: self.recovered,
            busiest: living.map(|m| m.busy / whole).fold(0.0, f64::max),
        }
    }
}

#[cfg(test)]
mod tests;
