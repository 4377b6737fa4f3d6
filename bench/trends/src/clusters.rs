//! Topics on tweets whose topics are known.

use crate::input;
use crate::report::{line, timed};
use anyhow::Result;
use models::encoder::{Encoder, Scratch};
use std::collections::{BTreeMap, BTreeSet};
use trends::terms::Terms;
use trends::topics::{Config, Topics};

/// The labelled tweets in their order: cluster and text.
pub(crate) fn load() -> Option<Vec<(u32, String)>> {
    let rows = input::rows("clustering/mstream_tweets_T.jsonl.gz")?;
    let row = |v: &serde_json::Value| {
        let text = v["textCleaned"].as_str()?.to_owned();
        Some((v["clusterNo"].as_u64()? as u32, text))
    };
    Some(rows.iter().filter_map(row).collect())
}

pub(crate) fn run() -> Result<()> {
    let Some(rows) = load() else { return Ok(()) };
    let (found, seconds) = timed(|| assign(&rows));
    let again = assign(&rows);
    let pairs: Vec<(u32, u64)> = rows.iter().map(|(c, _)| *c).zip(found.iter().copied()).collect();
    line(
        "topics, MStream Tweets-T: NMI",
        &format!("{:.3}", nmi(&pairs)),
        "≥ 0.90",
    );
    let (precision, recall) = b_cubed(&pairs);
    line(
        "topics: B³ F1 (precision, recall)",
        &format!(
            "{:.3} ({precision:.2}, {recall:.2})",
            2.0 * precision * recall / (precision + recall)
        ),
        "≥ 0.76",
    );
    line(
        "topics: adjusted Rand index",
        &format!("{:.3}", ari(&pairs)),
        "≥ 0.75",
    );
    line(
        "topics: posts a processor second",
        &format!("{:.0}", rows.len() as f64 / seconds),
        "≥ 50,000",
    );
    let same = found.iter().zip(&again).filter(|(a, b)| a == b).count();
    line(
        "topics: posts with the same id on replay",
        &format!("{:.1} %", 100.0 * same as f64 / rows.len() as f64),
        "≥ 95 %",
    );
    merged(&rows)
}

/// Posts between two merges.
const HOUR: usize = 2_000;
/// Topics of so many posts are merged: an embedding of one text says little.
const ENOUGH: u32 = 3;

/// The same with topics merged by the mean embedding of their posts, at several similarities.
fn merged(rows: &[(u32, String)]) -> Result<()> {
    let read = |name: &str| std::fs::read(format!("models/encoder/{name}.gst"));
    let (Ok(vocabulary), Ok(weights)) = (read("vocabulary"), read("weights")) else {
        println!("topics: no encoder in models/encoder, merges are not measured");
        return Ok(());
    };
    let encoder = Encoder::load(vocabulary, &weights)?;
    let mut scratch = Scratch::new();
    let (states, seconds) = timed(|| {
        let mut states: Vec<Vec<f32>> = Vec::with_capacity(rows.len());
        for chunk in rows.chunks(256) {
            let texts: Vec<&str> = chunk.iter().map(|(_, text)| text.as_str()).collect();
            let encoded = encoder.encode(&texts, &mut scratch);
            states.extend((0..encoded.len()).map(|i| encoded.post(i).to_vec()));
        }
        states
    });
    println!(
        "topics: {:.0} posts a processor second are embedded",
        rows.len() as f64 / seconds
    );
    for similarity in [2.0, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6] {
        let (found, merges) = assign_merged(rows, &states, similarity);
        let pairs: Vec<(u32, u64)> = rows.iter().map(|(c, _)| *c).zip(found).collect();
        let (precision, recall) = b_cubed(&pairs);
        line(
            &format!("topics merged by embeddings from {similarity} on: NMI, B³ F1, ARI (merges)"),
            &format!(
                "{:.3}, {:.3}, {:.3} ({merges})",
                nmi(&pairs),
                2.0 * precision * recall / (precision + recall),
                ari(&pairs)
            ),
            "more than without",
        );
    }
    Ok(())
}

fn assign_merged(rows: &[(u32, String)], states: &[Vec<f32>], similarity: f32) -> (Vec<u64>, usize) {
    let (mut topics, mut terms) = (Topics::new(Config::default()), Terms::new());
    let mut sums: BTreeMap<u64, (Vec<f32>, u32)> = BTreeMap::new();
    let (mut found, mut merges) = (Vec::new(), 0);
    let mut all = vec![0.0f32; states.first().map_or(0, Vec::len)];
    for (i, (_, text)) in rows.iter().enumerate() {
        terms.read(text);
        let id = topics.assign(i as u64, None, &terms);
        found.push(id.unwrap_or(u64::MAX - i as u64));
        all.iter_mut().zip(&states[i]).for_each(|(a, s)| *a += s);
        if let Some(id) = id {
            let (sum, n) = sums.entry(id).or_insert_with(|| (vec![0.0; states[i].len()], 0));
            sum.iter_mut().zip(&states[i]).for_each(|(a, s)| *a += s);
            *n += 1;
        }
        if (i + 1) % HOUR != 0 {
            continue;
        }
        // States share a large part that says nothing: what tells posts apart is the rest.
        let mean: Vec<f32> = all.iter().map(|a| a / (i + 1) as f32).collect();
        let centred = |(sum, n): &(Vec<f32>, u32)| -> Vec<f32> {
            sum.iter().zip(&mean).map(|(s, m)| s / *n as f32 - m).collect()
        };
        let alive: BTreeSet<u64> = topics.alive().into_iter().collect();
        sums.retain(|id, _| alive.contains(id));
        let near: Vec<(u64, Vec<f32>)> = sums
            .iter()
            .filter(|(_, of)| of.1 >= ENOUGH)
            .map(|(id, of)| (*id, centred(of)))
            .collect();
        for (from, into) in topics.merge(&near, similarity) {
            merges += 1;
            if let Some((sum, n)) = sums.remove(&from) {
                let to = sums.entry(into).or_insert_with(|| (vec![0.0; sum.len()], 0));
                to.0.iter_mut().zip(&sum).for_each(|(a, s)| *a += s);
                to.1 += n;
            }
        }
    }
    (found.into_iter().map(|id| topics.resolve(id)).collect(), merges)
}

fn assign(rows: &[(u32, String)]) -> Vec<u64> {
    let mut topics = Topics::new(Config::default());
    let mut terms = Terms::new();
    rows.iter()
        .enumerate()
        .map(|(i, (_, text))| {
            terms.read(text);
            topics
                .assign(i as u64, None, &terms)
                .unwrap_or(u64::MAX - i as u64)
        })
        .collect()
}

/// Sizes of the classes, of the clusters, and of both together.
type Table = (BTreeMap<u32, f64>, BTreeMap<u64, f64>, BTreeMap<(u32, u64), f64>);

fn table(pairs: &[(u32, u64)]) -> Table {
    let mut table = Table::default();
    for &(class, cluster) in pairs {
        *table.0.entry(class).or_default() += 1.0;
        *table.1.entry(cluster).or_default() += 1.0;
        *table.2.entry((class, cluster)).or_default() += 1.0;
    }
    table
}

/// Mutual information over the mean of both entropies (as scikit-learn's default).
fn nmi(pairs: &[(u32, u64)]) -> f64 {
    let (classes, clusters, both) = table(pairs);
    let n = pairs.len() as f64;
    let entropy = |sizes: &mut dyn Iterator<Item = f64>| -sizes.map(|s| s / n * (s / n).ln()).sum::<f64>();
    let shared: f64 = both
        .iter()
        .map(|((a, b), s)| s / n * (s * n / (classes[a] * clusters[b])).ln())
        .sum();
    let mean = (entropy(&mut classes.values().copied()) + entropy(&mut clusters.values().copied())) / 2.0;
    shared / mean
}

/// Precision and recall of B³ (Bagga and Baldwin 1998).
fn b_cubed(pairs: &[(u32, u64)]) -> (f64, f64) {
    let (classes, clusters, both) = table(pairs);
    let n = pairs.len() as f64;
    let sum = |size: &dyn Fn(&(u32, u64)) -> f64| both.iter().map(|(k, s)| s * s / size(k)).sum::<f64>() / n;
    (sum(&|k| clusters[&k.1]), sum(&|k| classes[&k.0]))
}

/// The Rand index, adjusted for chance (Hubert and Arabie 1985).
fn ari(pairs: &[(u32, u64)]) -> f64 {
    let (classes, clusters, both) = table(pairs);
    let twos = |sizes: &mut dyn Iterator<Item = f64>| sizes.map(|s| s * (s - 1.0) / 2.0).sum::<f64>();
    let (a, b) = (
        twos(&mut classes.values().copied()),
        twos(&mut clusters.values().copied()),
    );
    let all = twos(&mut std::iter::once(pairs.len() as f64));
    let index = twos(&mut both.values().copied());
    let expected = a * b / all;
    (index - expected) / ((a + b) / 2.0 - expected)
}
