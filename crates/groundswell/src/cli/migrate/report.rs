//! What is told of a move.

use post::{Millis, to_rfc3339};
use std::cell::Cell;
use std::time::{Duration, Instant};
use store::moving::{Pass, Progress, State};

/// A line about progress comes this often.
const OFTEN: Duration = Duration::from_secs(5);
const DAY: Millis = 24 * 3_600_000;
/// Days that differ are named up to this many.
const MOST_NAMED: usize = 20;

/// A pass as it is told of.
pub(super) struct Report {
    begin: Instant,
    cpu: Duration,
    told: Cell<Instant>,
}

impl Report {
    pub(super) fn begin() -> Self {
        Self {
            begin: Instant::now(),
            cpu: cpu(),
            told: Cell::new(Instant::now()),
        }
    }

    /// Tells now and then how far a pass is.
    pub(super) fn teller(&self) -> impl FnMut(Progress) + use<'_> {
        |progress| {
            if self.is_time() {
                eprintln!(
                    "{}: {} of {} mentions, {:.0} s",
                    date(progress.day),
                    progress.done,
                    progress.all,
                    self.seconds()
                );
            }
        }
    }

    /// Whether it is time to tell how far a pass is.
    pub(super) fn is_time(&self) -> bool {
        let is_time = self.told.get().elapsed() > OFTEN;
        if is_time {
            self.told.set(Instant::now());
        }
        is_time
    }

    pub(super) fn seconds(&self) -> f64 {
        self.begin.elapsed().as_secs_f64()
    }

    /// What a pass did, and what it cost.
    pub(super) fn pass(&self, pass: &Pass) {
        let (seconds, cpu) = (self.seconds(), (cpu() - self.cpu).as_secs_f64());
        let each = |n: f64| if pass.read > 0 { n / pass.read as f64 } else { 0.0 };
        println!(
            "{} mentions; {} put, {} removed, {} days with {} mentions read from both sides and compared, {} differ; {seconds:.1} s \
             ({:.0} mentions/s, {:.0} µs of our CPU each)",
            pass.mentions,
            pass.put,
            pass.removed,
            pass.compared,
            pass.read,
            pass.differences.len(),
            pass.read as f64 / seconds.max(1e-6),
            each(cpu) * 1e6,
        );
        for difference in pass.differences.iter().take(MOST_NAMED) {
            println!(
                "DIFFERENT {}: {} mentions with checksum {} in the source, {} with {} in the target",
                date(difference.day),
                difference.source.mentions,
                difference.source,
                difference.target.mentions,
                difference.target
            );
        }
    }
}

/// Counts and checksums that were found the same on both sides.
pub(super) fn months(state: &State) {
    for (month, sum) in state.months() {
        println!("{month}  {:>10} mentions  {sum}", sum.mentions);
    }
}

fn date(day: i64) -> String {
    let at = to_rfc3339(day.saturating_mul(DAY));
    at.split('T').next().unwrap_or_default().to_owned()
}

/// What this process has used of the processors.
fn cpu() -> Duration {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(used.tv_sec.unsigned_abs(), used.tv_nsec.unsigned_abs() as u32)
}
