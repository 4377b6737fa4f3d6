//! Writes the cards of the shipped models: what they were trained on, and how good they are on the development parts.
//!
//! `cargo run --release -p groundswell --example cards -- TRAIN.jsonl VAL.jsonl [POSTS]`
//!
//! Rows as training/encoder/data.py writes them; of each set the first POSTS (4,000) are judged. The full tier is judged
//! as it is served: averaged with the fast one.

use anyhow::{Context, Result};
use models::artefact::Artefact;
use models::calibrate::{brier, ece, reliability};
use models::card::{Calibration, Card, DataSet};
use models::metrics::{Answer, evaluate};
use models::{Ask, Models, Reader, SENTIMENT_LABELS, Said, TASKS, Tier};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::Range;

/// A row as the training scripts write it; places are characters.
#[derive(Deserialize)]
struct Row {
    text: String,
    lang: Option<String>,
    set: String,
    labels: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    targets: Vec<(Vec<[usize; 2]>, usize)>,
}

#[derive(Deserialize)]
struct Manifest {
    sets: Vec<DataSet>,
    known_failures: BTreeMap<String, Vec<String>>,
}

/// Answers by set, for each task.
type Judged = BTreeMap<String, BTreeMap<String, Vec<Answer>>>;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let posts = args.get(2).map_or(Ok(4_000), |n| n.parse())?;
    let manifest: Manifest = serde_json::from_slice(&std::fs::read("training/manifest.json")?)?;
    let trained_on = trained_on(&args[0], &manifest)?;
    let models = groundswell::weights::embedded()?;
    let rows = rows(&args[1], posts)?;
    eprintln!("{} posts to judge", rows.len());
    let (fast, full) = judge(&models, &rows);
    let parts = [
        (Tier::Fast, fast, models.panel.id(), "panel", "weights.gsp"),
        (
            Tier::Full,
            full,
            models.encoder.as_ref().map_or("", |e| e.id()),
            "encoder",
            "weights.gst",
        ),
    ];
    for (tier, judged, id, folder, file) in parts {
        let weights = std::fs::read(format!("models/{folder}/{file}"))?;
        let cards: Vec<Card> = judged
            .iter()
            .map(|(task, sets)| card(&models, tier, task, sets, id, &weights, &trained_on, &manifest))
            .collect();
        let mut json = serde_json::to_vec_pretty(&cards)?;
        json.push(b'\n');
        std::fs::write(format!("models/{folder}/cards.json"), json)?;
        for card in &cards {
            for (set, q) in &card.validation {
                let (accuracy, f1, recall) = (100.0 * q.accuracy, 100.0 * q.macro_f1, 100.0 * q.macro_recall);
                println!(
                    "{id} {:10} {set:22} n {:5} accuracy {accuracy:.1} macro-F1 {f1:.1} macro-recall {recall:.1} ECE {:.3}",
                    card.task, q.n, q.ece
                );
            }
            println!(
                "{id} {:10} ECE {:.3} over all sets",
                card.task, card.calibration.ece
            );
        }
    }
    Ok(())
}

fn lines(path: &str) -> Result<impl Iterator<Item = Result<Row>>> {
    let file = File::open(path).with_context(|| path.to_owned())?;
    Ok(BufReader::new(file)
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?)))
}

fn rows(path: &str, limit: usize) -> Result<Vec<Row>> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = Vec::new();
    for row in lines(path)? {
        let row = row?;
        let n = seen.entry(row.set.clone()).or_default();
        *n += 1;
        if *n <= limit {
            out.push(row);
        }
    }
    Ok(out)
}

/// The sets that gave labels for each task, with how many texts.
fn trained_on(path: &str, manifest: &Manifest) -> Result<BTreeMap<String, Vec<DataSet>>> {
    let mut counts: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for row in lines(path)? {
        let row = row?;
        let target = (!row.targets.is_empty()).then_some("target");
        for task in row.labels.keys().map(String::as_str).chain(target) {
            *counts
                .entry(task.to_owned())
                .or_default()
                .entry(row.set.clone())
                .or_default() += 1;
        }
    }
    let describe = |(name, texts): (String, usize)| {
        let known = manifest.sets.iter().filter(|s| name.starts_with(&s.name));
        let known = known.max_by_key(|s| s.name.len());
        DataSet {
            licence: known.map(|s| s.licence.clone()).unwrap_or_default(),
            source: known.map(|s| s.source.clone()).unwrap_or_default(),
            name,
            texts,
        }
    };
    Ok(counts
        .into_iter()
        .map(|(task, sets)| (task, sets.into_iter().map(describe).collect()))
        .collect())
}

fn judge(models: &Models, rows: &[Row]) -> (Judged, Judged) {
    let (mut fast_judged, mut full_judged) = (Judged::new(), Judged::new());
    let mut reader = Reader::new(models);
    for batch in rows.chunks(512) {
        let asks: Vec<Ask<'_>> = batch
            .iter()
            .map(|row| ask(row, reader.language(&row.text)))
            .collect();
        let fast: Vec<Said> = asks.iter().map(|a| reader.fast(a)).collect();
        let all: Vec<&Ask<'_>> = asks.iter().collect();
        let full = reader.full(&all, &fast.iter().collect::<Vec<_>>());
        for ((row, fast), full) in batch.iter().zip(&fast).zip(&full) {
            add(&mut fast_judged, row, fast);
            add(&mut full_judged, row, full);
        }
    }
    (fast_judged, full_judged)
}

fn ask<'r>(row: &'r Row, lang: &'static str) -> Ask<'r> {
    let ends = row.text.char_indices().map(|c| c.0).chain([row.text.len()]);
    let bytes: Vec<usize> = ends.collect();
    let byte = |i: usize| bytes.get(i).copied().unwrap_or(row.text.len());
    let places = |spans: &Vec<[usize; 2]>| -> Vec<Range<usize>> {
        spans
            .iter()
            .map(|[start, end]| byte(*start)..byte(*end))
            .collect()
    };
    Ask {
        text: (&row.text).into(),
        lang: lang.into(),
        targets: row.targets.iter().map(|(spans, _)| places(spans)).collect(),
    }
}

fn add(judged: &mut Judged, row: &Row, said: &Said) {
    let mut put = |task: &str, probabilities: Vec<f32>, truth: usize| {
        let sets = judged.entry(task.to_owned()).or_default();
        let answer = Answer::of(probabilities, truth as u16, row.lang.clone());
        sets.entry(row.set.clone()).or_default().push(answer);
    };
    let class = |task: &str| row.labels.get(task).and_then(|v| v.as_u64()).map(|n| n as usize);
    if let (Some(truth), Some(score)) = (class("sentiment"), said.sentiment) {
        put("sentiment", score.probabilities.to_vec(), truth);
    }
    for ((task, _), p) in TASKS.iter().zip(&said.tasks) {
        if let (Some(truth), false) = (class(task), p.is_empty()) {
            put(task, p.clone(), truth);
        }
    }
    for ((_, truth), score) in row.targets.iter().zip(&said.toward) {
        if let Some(score) = score {
            put("target", score.probabilities.to_vec(), *truth);
        }
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "a card brings together what is known in eight places"
)]
fn card(
    models: &Models,
    tier: Tier,
    task: &str,
    sets: &BTreeMap<String, Vec<Answer>>,
    id: &str,
    weights: &[u8],
    trained_on: &BTreeMap<String, Vec<DataSet>>,
    manifest: &Manifest,
) -> Card {
    let other = TASKS.iter().find(|(name, _)| *name == task);
    let labels: Vec<String> = other
        .map_or(&SENTIMENT_LABELS[..], |(_, labels)| labels)
        .iter()
        .map(|l| (*l).to_owned())
        .collect();
    let all = sets.values().flatten();
    let (probabilities, truth): (Vec<Vec<f32>>, Vec<u16>) =
        all.map(|a| (a.probabilities.clone(), a.truth)).unzip();
    let (temperature, temperature_by_lang) = temperatures(models, tier, task);
    Card {
        id: id.to_owned(),
        task: task.to_owned(),
        tier: if tier == Tier::Fast { "fast" } else { "full" }.to_owned(),
        checksum: Artefact::checksum(weights),
        bytes: weights.len(),
        languages: models
            .panel
            .head(task)
            .map(|h| h.languages.clone())
            .unwrap_or_default(),
        date: jiff::Zoned::now().date().to_string(),
        seed: 1,
        trained_on: trained_on.get(task).cloned().unwrap_or_default(),
        validation: sets
            .iter()
            .map(|(set, a)| (set.clone(), evaluate(&labels, a)))
            .collect(),
        calibration: Calibration {
            method: "temperature by language, fitted on validation".to_owned(),
            temperature: [(task.to_owned(), temperature)].into(),
            temperature_by_lang,
            ece_before: None,
            ece: ece(&probabilities, &truth),
            brier: brier(&probabilities, &truth),
            reliability: reliability(&probabilities, &truth),
        },
        known_failures: manifest.known_failures.get(task).cloned().unwrap_or_default(),
        labels,
    }
}

fn temperatures(models: &Models, tier: Tier, task: &str) -> (f32, BTreeMap<String, f32>) {
    if let (Tier::Full, Some(head)) = (tier, models.encoder.as_ref().and_then(|e| e.head(task))) {
        return (head.temperature(None), head.temperatures().clone());
    }
    let near = models.panel.header().target.as_ref().filter(|_| task == "target");
    let calibration = near
        .map(|n| &n.calibration)
        .or_else(|| models.panel.head(task).map(|h| &h.calibration));
    calibration.map_or((1.0, BTreeMap::new()), |c| {
        (c.temperature, c.temperature_by_lang.clone())
    })
}
