//! Clocks, processor time, medians.

use std::time::Instant;

/// Seconds on the clock and of the processor that some work took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// On the clock.
    pub(crate) wall: f64,
    /// Of all threads of this process.
    pub(crate) cpu: f64,
}

/// Runs work and measures it.
pub(crate) fn cost<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    let out = work();
    (
        out,
        Cost {
            wall: wall.elapsed().as_secs_f64(),
            cpu: cpu_seconds() - cpu,
        },
    )
}

/// Processor time of this process so far (`/proc/self/stat`, fields 14 and 15, in hundredths); 0 elsewhere.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |s| s.1);
    let ticks: f64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|f| f.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

/// The most memory this process held, in megabytes (`VmHWM`); 0 elsewhere.
pub(crate) fn peak_rss_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok())
        .unwrap_or(0.0)
        / 1024.0
}

/// Prints rates of rounds: median, least, most.
pub(crate) fn print_rates(what: &str, unit: &str, rates: &mut [f64]) {
    rates.sort_by(f64::total_cmp);
    let (Some(low), Some(high)) = (rates.first(), rates.last()) else {
        return;
    };
    println!(
        "{what}: {:.0} {unit} (median of {}, {low:.0} to {high:.0})",
        rates[rates.len() / 2],
        rates.len()
    );
}

/// The value below which a share of the values lies.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = ((sorted.len() as f64 - 1.0) * share).round() as usize;
    sorted.get(at).copied().unwrap_or(0.0)
}

/// The bytes of every file under a folder.
pub(crate) fn bytes_under(folder: &std::path::Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|e| match e.metadata() {
            Ok(m) if m.is_dir() => bytes_under(&e.path()),
            Ok(m) => m.len(),
            Err(_) => 0,
        })
        .sum()
}
