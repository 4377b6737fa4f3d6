//! A stream of so many mentions a second through both tiers, as the pipeline reads it: batches from a queue, two threads,
//! the cascade's purse. It tells what is served, how late, by which tier, at what cost, and how good the answers are.

use crate::goals::GOALS;
use crate::judge::{Judged, Pair, answers};
use crate::quality::sets;
use crate::rows::Row;
use anyhow::{Context, Result};
use groundswell::scoring::{Cascade, Settings};
use models::metrics::Answer;
use models::{Ask, Models, Reader, Said, Tier};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Threads that score.
const THREADS: usize = 2;
/// Mentions a second that are offered.
const RATES: [usize; 4] = [100, 300, 1_000, 5_000];
/// Seconds for which each rate is held; posts come again when all were offered.
const SECONDS: usize = 20;
/// Mentions that are scored together at most.
const BATCH: usize = 128;
/// How often a thread looks for more.
const PAUSE: Duration = Duration::from_millis(20);

/// What one rate came to.
struct Outcome {
    /// The place of each row, and what was said of it.
    said: Vec<(usize, Said)>,
    seconds: f64,
    cpu: f64,
    /// Seconds for which a thread could have run and got no processor: figures with many of them say little.
    waited: f64,
    /// The longest time between the moment a mention was due and its score.
    latest: Duration,
}

/// Offers the rows at each rate.
pub(crate) fn run(models: &Models, rows: &[Row]) -> Result<()> {
    println!("== sustained: {THREADS} threads, {}", settings());
    let rows = shuffled(rows);
    let alone = alone(models, &rows);
    for rate in RATES {
        let outcome = hold(models, &rows, rate)?;
        let n = outcome.said.len();
        let full = outcome.said.iter().filter(|(_, s)| s.tier == Tier::Full).count();
        println!(
            "{rate:5}/s offered: {:.0}/s served, at most {:.1} s late; {:.0} % by the full tier; a second took {:.2} \
             cpu-s, and {:.2} s of waiting for a processor that others had",
            n as f64 / outcome.seconds,
            outcome.latest.as_secs_f64(),
            100.0 * full as f64 / n.max(1) as f64,
            outcome.cpu / outcome.seconds,
            outcome.waited / outcome.seconds
        );
        quality(&rows, &alone, &outcome);
    }
    Ok(())
}

/// What each tier says of each row when it is asked about all of them.
fn alone(models: &Models, rows: &[&Row]) -> Vec<(Said, Said)> {
    let mut reader = Reader::new(models);
    let mut out = Vec::new();
    for batch in rows.chunks(512) {
        let asks: Vec<Ask<'_>> = batch
            .iter()
            .map(|row| row.ask(reader.language(&row.text)))
            .collect();
        let fast: Vec<Said> = asks.iter().map(|a| reader.fast(a)).collect();
        let all: Vec<&Ask<'_>> = asks.iter().collect();
        let full = reader.full(&all, &fast.iter().collect::<Vec<_>>());
        out.extend(fast.into_iter().zip(full));
    }
    out
}

fn settings() -> String {
    let Settings { sure, share } = Settings::default();
    format!("the full tier asked below {sure}, with {share} of the processor's time")
}

/// The rows in an order in which no set comes at once: a stride by the golden section, without a common factor.
fn shuffled(rows: &[Row]) -> Vec<&Row> {
    let n = rows.len().max(1);
    let stride = (n * 618 / 1_000..).find(|s| gcd(*s, n) == 1).unwrap_or(1);
    (0..rows.len()).map(|i| &rows[i * stride % n]).collect()
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Holds one rate: mention `i` is due `i / rate` seconds after the start.
fn hold(models: &Models, rows: &[&Row], rate: usize) -> Result<Outcome> {
    let offered = rate * SECONDS;
    let cascade = Cascade::new(Settings::default(), THREADS);
    let (next, start) = (AtomicUsize::new(0), Instant::now());
    let due = |i: usize| start + Duration::from_secs_f64(i as f64 / rate as f64);
    let gathered = Mutex::new((Vec::new(), Duration::ZERO, 0.0, 0.0));
    std::thread::scope(|scope| -> Result<()> {
        let work = || -> Result<()> {
            let mut reader = Reader::new(models);
            let (mut said, mut latest) = (Vec::new(), Duration::ZERO);
            let before = crate::speed::scheduled()?;
            loop {
                let here = (start.elapsed().as_secs_f64() * rate as f64) as usize;
                let here = here.min(offered);
                let from = next.fetch_update(Ordering::AcqRel, Ordering::Acquire, |at| {
                    (at < here).then(|| here.min(at + BATCH))
                });
                let Ok(from) = from else {
                    if here == offered {
                        break;
                    }
                    std::thread::sleep(PAUSE);
                    continue;
                };
                let places = (from..here.min(from + BATCH)).map(|i| i % rows.len());
                let mut asks: Vec<Ask<'_>> = places
                    .clone()
                    .map(|i| rows[i].ask(reader.language(&rows[i].text)))
                    .collect();
                let answers = cascade.read(&mut reader, &mut asks, |_| true);
                latest = latest.max(Instant::now().saturating_duration_since(due(from)));
                said.extend(places.zip(answers));
            }
            let now = crate::speed::scheduled()?;
            let mut all = gathered.lock().ok().context("a thread failed")?;
            all.0.extend(said);
            all.1 = all.1.max(latest);
            all.2 += now.0 - before.0;
            all.3 += now.1 - before.1;
            Ok(())
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .try_for_each(|t| t.join().ok().context("a thread failed")?)
    })?;
    let seconds = start.elapsed().as_secs_f64();
    let (said, latest, cpu, waited) = gathered.into_inner().ok().context("a thread failed")?;
    Ok(Outcome {
        said,
        seconds,
        cpu,
        waited,
        latest,
    })
}

/// Prints the figure of each goal as it was served, beside those of both tiers on the same posts.
fn quality(rows: &[&Row], alone: &[(Said, Said)], outcome: &Outcome) {
    let mut judged = [Judged::new(), Judged::new()];
    for (i, served) in &outcome.said {
        let (fast, full) = &alone[*i];
        put(&mut judged[0], rows[*i], served, full);
        put(&mut judged[1], rows[*i], fast, full);
    }
    for goal in &GOALS {
        let figure = |judged: &Judged, full: bool| {
            let sets = sets(judged, goal);
            let chosen = |p: &'_ Pair| if full { p.full.clone() } else { p.fast.clone() };
            let of_set = |pairs: &[Pair]| {
                let answers: Vec<Answer> = pairs.iter().map(chosen).collect();
                goal.metric.figure(answers.iter())
            };
            let n: usize = sets.iter().map(|s| s.1.len()).sum();
            let sum: f64 = sets.iter().map(|s| of_set(s.1)).sum();
            (n, sum / sets.len().max(1) as f64)
        };
        let (n, served) = figure(&judged[0], false);
        let ((_, fast), (_, full)) = (figure(&judged[1], false), figure(&judged[0], true));
        let mark = if served >= full - 2.0 { "within 2" } else { "short" };
        println!(
            "    {:36} n {n:5} served {served:.1} ({mark} of full {full:.1}; fast {fast:.1})",
            goal.what
        );
    }
}

fn put(judged: &mut Judged, row: &Row, fast: &Said, full: &Said) {
    for (fast, full) in answers(row, fast).into_iter().zip(answers(row, full)) {
        let labels = fast.question.labels();
        let answer = |p: Vec<f32>| {
            let p = if p.is_empty() {
                vec![1.0 / labels as f32; labels]
            } else {
                p
            };
            Answer::of(p, fast.truth, row.lang.clone())
        };
        let sets = judged.entry(fast.question.name().to_owned()).or_default();
        sets.entry(row.set.clone()).or_default().push(Pair {
            fast: answer(fast.probabilities),
            full: answer(full.probabilities),
        });
    }
}
