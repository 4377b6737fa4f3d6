//! The cards of a panel's heads, as it is judged.

use crate::judge::{TARGET, answers, describe};
use crate::rows::HEADS;
use models::Language;
use models::artefact::Artefact;
use models::calibrate::{brier, ece, reliability};
use models::card::{Calibration, Card, DataSet, Manifest};
use models::metrics::{Answer, evaluate};
use models::panel::train::Row;
use models::panel::{HeadCalibration, Panel};
use std::collections::BTreeMap;
use std::error::Error;

/// Writes the cards of the panel in `bytes` to `file`.
pub(crate) fn write(
    file: &str,
    bytes: &[u8],
    language: Option<&Language>,
    (train, val): (&[Row], &[Row]),
) -> Result<(), Box<dyn Error>> {
    let panel = Panel::load(bytes)?;
    let manifest = Manifest::load(&std::fs::read("training/manifest.json")?)?;
    let mut by_head: BTreeMap<usize, BTreeMap<String, Vec<Answer>>> = BTreeMap::new();
    for ((set, head), said) in answers(&panel, language, val) {
        by_head.entry(head).or_default().insert(set, said);
    }
    let card = |(head, sets): (&usize, &BTreeMap<String, Vec<Answer>>)| {
        let mut card = judged(&panel, *head, sets);
        card.checksum = Artefact::checksum(bytes);
        card.bytes = bytes.len();
        card.trained_on = trained_on(*head, train, &manifest);
        card.known_failures = manifest.failures(&card.task);
        card
    };
    let cards: Vec<Card> = by_head.iter().map(card).collect();
    let mut json = serde_json::to_vec_pretty(&cards)?;
    json.push(b'\n');
    Ok(std::fs::write(file, json)?)
}

/// What is known of a head by its answers.
fn judged(panel: &Panel, head: usize, sets: &BTreeMap<String, Vec<Answer>>) -> Card {
    let (task, labels) = describe(head);
    let toward = panel.header().target.as_ref().filter(|_| head == TARGET);
    let own = toward
        .map(|t| &t.calibration)
        .or_else(|| panel.head(&task).map(|h| &h.calibration));
    let calibration = own.map_or_else(HeadCalibration::default, Clone::clone);
    let all = sets.values().flatten();
    let (probabilities, truth): (Vec<Vec<f32>>, Vec<u16>) =
        all.map(|a| (a.probabilities.clone(), a.truth)).unzip();
    Card {
        id: panel.id().to_owned(),
        tier: "fast".to_owned(),
        checksum: String::new(),
        bytes: 0,
        languages: panel.head(&task).map(|h| h.languages.clone()).unwrap_or_default(),
        date: std::env::var("DATE").unwrap_or_default(),
        seed: 1,
        trained_on: Vec::new(),
        validation: sets
            .iter()
            .map(|(set, said)| (set.clone(), evaluate(&labels, said)))
            .collect(),
        calibration: Calibration {
            method: "temperature by language, fitted on validation".to_owned(),
            temperature: [(task.clone(), calibration.temperature)].into(),
            temperature_by_lang: calibration.temperature_by_lang,
            ece_before: None,
            ece: ece(&probabilities, &truth),
            brier: brier(&probabilities, &truth),
            reliability: reliability(&probabilities, &truth),
        },
        known_failures: Vec::new(),
        labels,
        task,
    }
}

/// The sets that gave labels of a head, with how many texts.
fn trained_on(head: usize, train: &[Row], manifest: &Manifest) -> Vec<DataSet> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in train {
        let has = row.labels.iter().any(|l| l.0 == head) || (head == HEADS.len() && !row.spots.is_empty());
        if has {
            *counts.entry(&row.set).or_default() += 1;
        }
    }
    let one = |(name, texts): (&str, usize)| manifest.data_set(name, texts);
    counts.into_iter().map(one).collect()
}
