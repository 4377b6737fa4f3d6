//! Time, and how it is printed.

use std::time::Duration;

/// The processor's time that this thread has taken, as Linux counts it; 0 elsewhere.
pub(crate) fn thread_time() -> Duration {
    nanoseconds("/proc/thread-self/schedstat")
}

/// The processor's time that the process has taken, threads that ended included.
pub(crate) fn process_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

fn nanoseconds(path: &str) -> Duration {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let first = text.split(' ').next().and_then(|n| n.parse().ok());
    Duration::from_nanos(first.unwrap_or(0))
}

/// Resident memory of the process in MB: all of it, and what is not mapped from files.
pub(crate) fn resident() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find(|l| l.starts_with(name));
        let kb = line
            .and_then(|l| l.split_whitespace().nth(1))
            .and_then(|n| n.parse::<u64>().ok());
        kb.unwrap_or(0) / 1024
    };
    (of("VmRSS:"), of("RssAnon:"))
}

/// One line of the table.
pub(crate) fn line(what: &str, measured: &str, goal: &str) {
    println!("{what:44} {measured:>14}  {goal}");
}

/// Milliseconds of a share of sorted times.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted
        .get((share * last as f64).round() as usize)
        .copied()
        .unwrap_or(0.0)
}
