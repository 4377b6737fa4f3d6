//! The overview page's data, asked by twenty clients while a thousand mentions a second come in.

use crate::clock::{line, quantile};
use crate::made::{Numbers, SPAN, START, change};
use anyhow::Result;
use jiff::tz::TimeZone;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::{
    Calendar, Change, Choose, Clock, Cut, Dimension, Filter, Measures, Question, Snapshot, Step, Store,
};

const CLIENTS: usize = 20;
const SECONDS: u64 = 20;
/// Each client asks again after so long.
const PAUSE: Duration = Duration::from_millis(1_000);
const DAYS: i64 = 30;

/// Everything the overview shows of the last thirty days.
pub(crate) fn overview(snapshot: &Snapshot, to: i64) -> Result<u64> {
    let filter = Filter {
        project: Some("default".to_owned()),
        from: Some(to - DAYS * 24 * 3_600_000),
        to: Some(to),
        ..Filter::default()
    };
    let day = Cut::Time(Calendar::utc(Step::Day));
    let top = |dimension, limit| Cut::Values(dimension, Choose::Top(limit));
    let sentiment = Measures {
        sentiment: true,
        ..Measures::default()
    };
    let none = Measures::default();
    let asked = [
        (vec![], Measures::ALL),
        (vec![day.clone()], sentiment),
        (vec![top(Dimension::Monitor, 10), day], none),
        (vec![top(Dimension::Source, 10)], sentiment),
        (vec![top(Dimension::Lang, 10)], none),
        (vec![top(Dimension::Emotion, 10)], none),
        (vec![top(Dimension::Hashtag, 20)], none),
        (vec![top(Dimension::Term, 30)], none),
        (vec![top(Dimension::Site, 10)], none),
        (vec![Cut::Clock(Clock::WeekHour, TimeZone::UTC)], none),
    ];
    let mut sum = 0;
    for (cuts, measures) in asked {
        let question = Question {
            filter: filter.clone(),
            cuts,
            measures,
        };
        sum += snapshot.table(&question)?.total.mentions;
    }
    Ok(sum + snapshot.mentions(&filter, None, 20)?.total)
}

/// Twenty clients.
pub(crate) fn serve(store: &mut Store) -> Result<()> {
    let reader = store.reader();
    let to = START + SPAN + 3_600_000;
    reader.forget();
    let begin = Instant::now();
    overview(&reader.snapshot(), to)?;
    let first = begin.elapsed().as_secs_f64() * 1e3;
    let times = Mutex::new(Vec::new());
    let done = AtomicBool::new(false);
    let mut numbers = Numbers(store.reader().generation());
    let written: Result<()> = std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (reader, times, done) = (&reader, &times, &done);
            scope.spawn(move || {
                std::thread::sleep(PAUSE.mul_f64(client as f64 / CLIENTS as f64));
                while !done.load(Ordering::Relaxed) {
                    let begin = Instant::now();
                    if overview(&reader.snapshot(), to).is_err() {
                        return;
                    }
                    let ms = begin.elapsed().as_secs_f64() * 1e3;
                    times.lock().unwrap_or_else(PoisonError::into_inner).push(ms);
                    std::thread::sleep(PAUSE.saturating_sub(begin.elapsed()));
                }
            });
        }
        let written = (0..SECONDS).try_for_each(|second| {
            let begin = Instant::now();
            let batch: Vec<Change> = (0..900)
                .map(|i| change(&mut numbers, START + SPAN + (second * 1000 + i) as i64))
                .collect();
            store.apply(batch, 0)?;
            store.commit()?;
            std::thread::sleep(Duration::from_secs(1).saturating_sub(begin.elapsed()));
            Ok(())
        });
        done.store(true, Ordering::Relaxed);
        written
    });
    written?;
    let mut times = times.into_inner().unwrap_or_else(PoisonError::into_inner);
    times.sort_by(f64::total_cmp);
    println!("\nOverview of {DAYS} days: eleven answers, {CLIENTS} clients once a second, 1,000 mentions/s");
    line("nothing kept", &format!("{first:.0} ms"), "≤ 800 ms");
    let served = format!("{:.0} / {:.0} ms", quantile(&times, 0.5), quantile(&times, 0.95));
    line(
        &format!("median / 95th of {}", times.len()),
        &served,
        "p95 ≤ 150 ms",
    );
    Ok(())
}
