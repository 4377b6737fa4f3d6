//! The overview page's data, asked by twenty clients while a thousand mentions a second come in.

use crate::clock::{line, process_time, quantile};
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
/// Times it is asked with nothing kept.
const FIRST: usize = 5;

/// The last thirty days.
fn period(to: i64) -> Filter {
    Filter {
        project: Some("default".to_owned()),
        from: Some(to - DAYS * 24 * 3_600_000),
        to: Some(to),
        ..Filter::default()
    }
}

type Table = (&'static str, Vec<Cut>, Measures);

/// The tables of the overview.
fn tables() -> Vec<Table> {
    let day = Cut::Time(Calendar::utc(Step::Day));
    let top = |dimension, limit| Cut::Values(dimension, Choose::Top(limit));
    let sentiment = Measures {
        sentiment: true,
        ..Measures::default()
    };
    let none = Measures::default();
    vec![
        ("headline figures", vec![], Measures::ALL),
        ("days with sentiment", vec![day.clone()], sentiment),
        ("monitors by day", vec![top(Dimension::Monitor, 10), day], none),
        (
            "platforms with sentiment",
            vec![top(Dimension::Source, 10)],
            sentiment,
        ),
        ("languages", vec![top(Dimension::Lang, 10)], none),
        ("emotions", vec![top(Dimension::Emotion, 10)], none),
        ("hashtags", vec![top(Dimension::Hashtag, 20)], none),
        ("terms", vec![top(Dimension::Term, 30)], none),
        ("sites", vec![top(Dimension::Site, 10)], none),
        (
            "hours of the week",
            vec![Cut::Clock(Clock::WeekHour, TimeZone::UTC)],
            none,
        ),
    ]
}

/// Everything the overview shows.
pub(crate) fn overview(snapshot: &Snapshot, to: i64) -> Result<u64> {
    let filter = period(to);
    let mut sum = 0;
    for (_, cuts, measures) in tables() {
        let question = Question {
            filter: filter.clone(),
            cuts,
            measures,
        };
        sum += snapshot.table(&question)?.total.mentions;
    }
    Ok(sum + snapshot.mentions(&filter, None, 20)?.total)
}

/// What each answer costs when nothing is kept but what those before it left.
fn one_by_one(snapshot: &Snapshot, to: i64) -> Result<()> {
    println!("\nThe overview's answers, one after the other, ms: processor (wall)");
    let filter = period(to);
    for (name, cuts, measures) in tables() {
        let question = Question {
            filter: filter.clone(),
            cuts,
            measures,
        };
        let asked = timed(|| Ok(snapshot.table(&question).map(|_| ())?))?;
        line(name, &format!("{:.1} ({:.1})", asked.0, asked.1), "");
    }
    let asked = timed(|| Ok(snapshot.mentions(&filter, None, 20).map(|_| ())?))?;
    line("newest mentions", &format!("{:.1} ({:.1})", asked.0, asked.1), "");
    Ok(())
}

/// Milliseconds of the processor and of the clock.
fn timed(work: impl FnOnce() -> Result<()>) -> Result<(f64, f64)> {
    let (begin, start) = (Instant::now(), process_time());
    work()?;
    let busy = process_time().saturating_sub(start).as_secs_f64() * 1e3;
    Ok((busy, begin.elapsed().as_secs_f64() * 1e3))
}

/// Twenty clients.
pub(crate) fn serve(store: &mut Store) -> Result<()> {
    let reader = store.reader();
    let to = START + SPAN + 3_600_000;
    // Once before, so that what is measured does not wait for the disk.
    overview(&reader.snapshot(), to)?;
    let nothing_kept = || {
        reader.forget();
        reader.snapshot()
    };
    one_by_one(&nothing_kept(), to)?;
    let mut firsts = Vec::new();
    for _ in 0..FIRST {
        let snapshot = nothing_kept();
        firsts.push(timed(|| overview(&snapshot, to).map(|_| ()))?);
    }
    let (mut busy, mut firsts): (Vec<f64>, Vec<f64>) = firsts.into_iter().unzip();
    busy.sort_by(f64::total_cmp);
    firsts.sort_by(f64::total_cmp);
    let (busy, first) = (quantile(&busy, 0.5), quantile(&firsts, 0.5));
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
    line(
        "nothing kept, processor (wall)",
        &format!("{busy:.0} ({first:.0}) ms"),
        "≤ 800 ms",
    );
    let served = format!("{:.0} / {:.0} ms", quantile(&times, 0.5), quantile(&times, 0.95));
    line(
        &format!("median / 95th of {}", times.len()),
        &served,
        "p95 ≤ 150 ms",
    );
    Ok(())
}
