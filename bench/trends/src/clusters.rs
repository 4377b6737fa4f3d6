//! Topics on tweets whose topics are known.

use crate::input;
use crate::report::{line, timed};
use anyhow::Result;
use std::collections::BTreeMap;
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
    Ok(())
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
