//! Writes the cards of the shipped models: what they were trained on, and how good they are on the development parts.
//! The full tier is judged as it is served: pooled with the fast one, by a blend learnt without the post it answers.

use crate::blend::{crossed, plain};
use crate::judge::{Judged, Observed, Pair};
use crate::quality::{Chosen, of_all};
use crate::rows::lines;
use anyhow::Result;
use models::artefact::Artefact;
use models::calibrate::{brier, ece, ece_by_chance, reliability};
use models::card::{Calibration, Card, DataSet, Manifest};
use models::metrics::{Answer, evaluate};
use models::{Models, SENTIMENT_LABELS, TASKS, Tier};
use std::collections::BTreeMap;
use std::path::Path;

/// What all cards of a tier share.
struct Maker<'m> {
    models: &'m Models,
    plain: &'m Judged,
    tier: Tier,
    chosen: Chosen,
    id: &'m str,
    weights: Vec<u8>,
    trained_on: &'m BTreeMap<String, Vec<DataSet>>,
    manifest: &'m Manifest,
}

/// Writes `models/*/cards.json`.
pub(crate) fn write(models: &Models, folder: &Path, observed: &Observed) -> Result<()> {
    let manifest = Manifest::load(&std::fs::read("training/manifest.json")?)?;
    let trained_on = trained_on(&folder.join("train.jsonl"), &manifest)?;
    let (judged, plain) = (crossed(observed), plain(observed));
    let full = models.encoder.as_ref().map_or("", |e| e.id());
    let parts: [(Tier, Chosen, &str, &str); 2] = [
        (Tier::Fast, |p| &p.fast, models.panel.id(), "panel/weights.gsp"),
        (Tier::Full, |p| &p.full, full, "encoder/weights.gst"),
    ];
    for (tier, chosen, id, file) in parts {
        let path = Path::new("models").join(file);
        let maker = Maker {
            models,
            plain: &plain,
            tier,
            chosen,
            id,
            weights: std::fs::read(&path)?,
            trained_on: &trained_on,
            manifest: &manifest,
        };
        let cards: Vec<Card> = judged.iter().map(|(task, sets)| maker.card(task, sets)).collect();
        let mut json = serde_json::to_vec_pretty(&cards)?;
        json.push(b'\n');
        std::fs::write(path.with_file_name("cards.json"), json)?;
    }
    println!("{} cards of each tier written", judged.len());
    Ok(())
}

/// The sets that gave labels for each task, with how many texts.
fn trained_on(path: &Path, manifest: &Manifest) -> Result<BTreeMap<String, Vec<DataSet>>> {
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
    let describe = |(name, texts): (String, usize)| manifest.data_set(&name, texts);
    Ok(counts
        .into_iter()
        .map(|(task, sets)| (task, sets.into_iter().map(describe).collect()))
        .collect())
}

impl Maker<'_> {
    fn card(&self, task: &str, sets: &BTreeMap<String, Vec<Pair>>) -> Card {
        let other = TASKS.iter().find(|(name, _)| *name == task);
        let labels = other.map_or(&SENTIMENT_LABELS[..], |(_, labels)| labels);
        let labels: Vec<String> = labels.iter().map(|l| (*l).to_owned()).collect();
        let answers = |pairs: &Vec<Pair>| -> Vec<Answer> { pairs.iter().map(self.chosen).cloned().collect() };
        let (probabilities, truth) = of_all(sets, self.chosen);
        let before = of_all(&self.plain[task], self.chosen);
        let (temperature, temperature_by_lang) = temperatures(self.models, self.tier, task);
        let head = self.models.panel.head(task);
        Card {
            id: self.id.to_owned(),
            task: task.to_owned(),
            tier: if self.tier == Tier::Fast { "fast" } else { "full" }.to_owned(),
            checksum: Artefact::checksum(&self.weights),
            bytes: self.weights.len(),
            languages: head.map(|h| h.languages.clone()).unwrap_or_default(),
            date: jiff::Zoned::now().date().to_string(),
            seed: 1,
            trained_on: self.trained_on.get(task).cloned().unwrap_or_default(),
            validation: sets
                .iter()
                .map(|(set, pairs)| (set.clone(), evaluate(&labels, &answers(pairs))))
                .collect(),
            calibration: Calibration {
                method: "tiers pooled by logarithms, weights by language; figures out of fold".to_owned(),
                temperature: [(task.to_owned(), temperature)].into(),
                temperature_by_lang,
                ece_before: Some(ece(&before.0, &before.1)),
                ece_by_chance: Some(ece_by_chance(&probabilities)),
                ece: ece(&probabilities, &truth),
                brier: brier(&probabilities, &truth),
                reliability: reliability(&probabilities, &truth),
            },
            known_failures: self.manifest.failures(task),
            labels,
        }
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
