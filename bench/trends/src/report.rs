//! Lines of the table, and the processor's time.

use std::time::Duration;

/// The head of the table.
pub(crate) fn head() {
    println!("{:68} {:>18}  goal", "", "measured");
}

/// One line: what was measured, the figure, and the goal.
pub(crate) fn line(what: &str, measured: &str, goal: &str) {
    println!("{what:68} {measured:>18}  {goal}");
}

/// The processor's time that this thread has taken, as Linux counts it; 0 elsewhere. Other work on the machine does not
/// distort it.
pub(crate) fn thread_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = text.split(' ').next().and_then(|n| n.parse().ok());
    Duration::from_nanos(first.unwrap_or(0))
}

/// What `work` gives, and the processor's seconds that it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = thread_time();
    let out = work();
    (out, thread_time().saturating_sub(start).as_secs_f64())
}
