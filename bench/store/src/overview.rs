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
/// Posts committed between two askings.
const WRITTEN: usize = 900;
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

/// The tables of the overview, as `groundswell/src/api/measure/named/overview.rs` asks for them where there are so many
/// mentions. The made-up mentions have no country.
fn tables() -> Vec<Table> {
    let day = Cut::Time(Calendar::utc(Step::Day));
    let top = |dimension, limit| Cut::Values(dimension, Choose::Top(limit));
    let most = |dimension, limit| Cut::Values(dimension, Choose::Most(limit));
    let none = Measures::default();
    let sentiment = Measures {
        sentiment: true,
        ..none
    };
    let voice = Measures {
        authors: true,
        engagement: true,
        ..sentiment
    };
    let engagement = Measures {
        engagement: true,
        ..none
    };
    vec![
        ("headline figures", vec![], Measures::ALL),
        ("days with sentiment", vec![day], sentiment),
        ("voices of the monitors", vec![top(Dimension::Monitor, 20)], voice),
        (
            "platforms with sentiment",
            vec![top(Dimension::Source, 10)],
            sentiment,
        ),
        (
            "languages with sentiment",
            vec![top(Dimension::Lang, 10)],
            sentiment,
        ),
        ("kinds", vec![top(Dimension::Kind, 10)], none),
        ("emotions", vec![top(Dimension::Emotion, 10)], none),
        (
            "authors with engagement",
            vec![top(Dimension::Author, 10)],
            engagement,
        ),
        ("hashtags", vec![most(Dimension::Hashtag, 10)], none),
        ("terms", vec![most(Dimension::Term, 10)], none),
        ("sites", vec![most(Dimension::Site, 10)], none),
        ("links", vec![most(Dimension::Link, 10)], none),
        (
            "hours of the week",
            vec![Cut::Clock(Clock::WeekHour, TimeZone::UTC)],
            none,
        ),
    ]
}

/// What the headline figures are compared with.
fn before(to: i64) -> Question {
    Question {
        filter: period(to - DAYS * 24 * 3_600_000),
        cuts: Vec::new(),
        measures: Measures::ALL,
    }
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
    sum += snapshot.table(&before(to))?.total.mentions;
    Ok(sum + snapshot.mentions(&filter, None, 10)?.total)
}

/// What each answer costs when nothing is kept but what those before it left, and again after a commit.
fn one_by_one(store: &mut Store, to: i64) -> Result<()> {
    println!(
        "\nThe overview's answers, one after the other, ms: processor (wall), and after a commit of {WRITTEN} posts"
    );
    let reader = store.reader();
    reader.forget();
    let first = each_timed(&reader.snapshot(), to)?;
    let mut numbers = Numbers(reader.generation());
    let batch: Vec<Change> = (0..WRITTEN)
        .map(|_| change(&mut numbers, START + SPAN - 1))
        .collect();
    store.apply(batch, 0)?;
    store.commit()?;
    for (first, then) in first.into_iter().zip(each_timed(&reader.snapshot(), to)?) {
        let (name, (busy, wall)) = first;
        line(
            name,
            &format!("{busy:.1} ({wall:.1})"),
            &format!("{:.1} ({:.1})", then.1.0, then.1.1),
        );
    }
    Ok(())
}

/// Every answer's name and times.
fn each_timed(snapshot: &Snapshot, to: i64) -> Result<Vec<(&'static str, (f64, f64))>> {
    let filter = period(to);
    let mut times = Vec::new();
    for (name, cuts, measures) in tables() {
        let question = Question {
            filter: filter.clone(),
            cuts,
            measures,
        };
        times.push((name, timed(|| Ok(snapshot.table(&question).map(|_| ())?))?));
    }
    times.push((
        "headline figures before",
        timed(|| Ok(snapshot.table(&before(to)).map(|_| ())?))?,
    ));
    times.push((
        "newest mentions",
        timed(|| Ok(snapshot.mentions(&filter, None, 10).map(|_| ())?))?,
    ));
    Ok(times)
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
    one_by_one(store, to)?;
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
    println!("\nOverview of {DAYS} days: fifteen answers, {CLIENTS} clients once a second, 1,000 mentions/s");
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
