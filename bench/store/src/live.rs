//! A thousand mentions a second, committed every second.

use crate::clock::{line, quantile};
use crate::made::{Numbers, SPAN, START, change};
use anyhow::Result;
use std::time::{Duration, Instant};
use store::{Change, Filter, Store};

const SECONDS: u64 = 30;
const EACH: u64 = 900;

/// Writes for half a minute.
pub(crate) fn write(store: &mut Store) -> Result<()> {
    let mut numbers = Numbers(store.reader().generation());
    let (mut commits, mut visible) = (Vec::new(), Vec::new());
    for second in 0..SECONDS {
        let batch: Vec<Change> = (0..EACH)
            .map(|i| change(&mut numbers, START + SPAN + (second * 1000 + i) as i64))
            .collect();
        let begin = Instant::now();
        let before = store.reader().snapshot().count(&Filter::default())?;
        let applied = Instant::now();
        store.apply(batch, 0)?;
        let start = Instant::now();
        store.commit()?;
        commits.push(start.elapsed().as_secs_f64() * 1e3);
        assert!(store.reader().snapshot().count(&Filter::default())? > before);
        // The oldest of the batch waited a second for its commit.
        visible.push(1.0 + applied.elapsed().as_secs_f64());
        std::thread::sleep(Duration::from_secs(1).saturating_sub(begin.elapsed()));
    }
    commits.sort_by(f64::total_cmp);
    visible.sort_by(f64::total_cmp);
    println!("\n1,000 mentions/s for {SECONDS} s");
    let commit = format!(
        "{:.0} / {:.0} ms",
        quantile(&commits, 0.5),
        quantile(&commits, 0.95)
    );
    line("commit, median / 95th", &commit, "p95 ≤ 150 ms");
    let seen = format!("{:.2} s", quantile(&visible, 0.95));
    line("visible after, 95th", &seen, "≤ 2 s");
    Ok(())
}
