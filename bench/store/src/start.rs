//! The first answer after a start, when nothing is in the process's memory: by rollups, and counted.

use crate::clock::{line, process_time, thread_time};
use crate::overview::overview;
use crate::questions::{self, all};
use anyhow::Result;
use post::AuthorKey;
use std::path::Path;
use std::time::Instant;
use store::{Choice, Filter, Options, Question, Store};

/// Closes and opens the store for each question.
pub(crate) fn ask(mut store: Store, folder: &Path) -> Result<Store> {
    println!("\nFirst answer after a start: processor (wall) ms");
    let (before, begin) = (process_time(), Instant::now());
    let made = store.roll_up()?;
    let (busy, total) = (
        process_time().saturating_sub(before),
        store.reader().snapshot().total()?,
    );
    if made > 0 {
        let each = busy.as_secs_f64() * 1e6 / total as f64;
        let wall = begin.elapsed().as_secs_f64();
        line(
            &format!("{made} rollups made in {wall:.1} s"),
            &format!("{each:.2} µs"),
            "processor, a mention",
        );
    }
    for (name, cuts, measures) in questions::charts() {
        // All but an author that there is not: no rollup knows.
        let counted = Filter {
            authors: Choice::except([AuthorKey([0; 16])]),
            ..all()
        };
        let mut times = [(0.0, 0.0); 2];
        for (time, filter) in times.iter_mut().zip([all(), counted]) {
            let question = Question {
                filter,
                cuts: cuts.clone(),
                measures,
            };
            (store, *time) = first(store, folder, |store| {
                Ok(store.reader().snapshot().table(&question)?.total.mentions)
            })?;
        }
        let [rolled, counted] = times;
        line(
            name,
            &format!("{:.1} ({:.1})", rolled.0, rolled.1),
            &format!("≤ 20 ms    counted {:.1} ({:.1})", counted.0, counted.1),
        );
    }
    let to = questions::all().to.unwrap_or_default();
    let (store, (cpu, wall)) = first(store, folder, |store| overview(&store.reader().snapshot(), to))?;
    line(
        "overview: fifteen answers",
        &format!("{cpu:.0} ({wall:.0})"),
        "≤ 800 ms",
    );
    Ok(store)
}

/// What a question takes a store that was opened for it.
fn first(store: Store, folder: &Path, ask: impl Fn(&Store) -> Result<u64>) -> Result<(Store, (f64, f64))> {
    drop(store);
    let store = Store::open(folder, Options::default())?.0;
    let (begin, start) = (Instant::now(), thread_time());
    ask(&store)?;
    let cpu = (thread_time() - start).as_secs_f64() * 1e3;
    Ok((store, (cpu, begin.elapsed().as_secs_f64() * 1e3)))
}
