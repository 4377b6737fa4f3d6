//! The card and the golden answers of the language model.

use models::artefact::Artefact;
use models::calibrate::{brier, ece, reliability};
use models::card::{Calibration, Card, DataSet, Manifest};
use models::metrics::{Answer, evaluate};
use models::train::Labelled;
use models::{Language, Scratch};
use std::collections::BTreeMap;
use std::error::Error;
use text::Tokens;

/// Writes card.json, and golden.jsonl anew for the texts it has.
pub(crate) fn write(
    out: &str,
    artefact: &Artefact,
    train: &[Labelled],
    sets: &[(String, Vec<Labelled>)],
) -> Result<(), Box<dyn Error>> {
    let bytes = artefact.to_bytes()?;
    let model = Language::load(&bytes)?;
    let mut labels: Vec<String> = model.languages().iter().map(|l| (*l).to_owned()).collect();
    labels.push("und".to_owned());
    let mut validation = BTreeMap::new();
    let mut all = Vec::new();
    for (name, texts) in sets {
        let said = answers(&model, &labels, texts);
        let mut quality = evaluate(&labels, &said);
        quality.confusion.clear();
        quality.labels.clear();
        quality.by_lang.clear();
        quality.per_class.retain(|_, c| c.n > 0);
        validation.insert(name.clone(), quality);
        all.extend(said);
    }
    let (probabilities, truth): (Vec<Vec<f32>>, Vec<u16>) =
        all.iter().map(|a| (a.probabilities.clone(), a.truth)).unzip();
    let manifest = Manifest::load(&std::fs::read("training/manifest.json")?)?;
    let heads = || artefact.heads.iter();
    let card = Card {
        id: artefact.id.clone(),
        task: "language".to_owned(),
        tier: "fast".to_owned(),
        checksum: Artefact::checksum(&bytes),
        bytes: bytes.len(),
        languages: labels.clone(),
        labels,
        date: std::env::var("DATE").unwrap_or_default(),
        seed: 1,
        trained_on: data_sets(train, &manifest),
        validation,
        calibration: Calibration {
            method: "temperature, fitted on validation".to_owned(),
            temperature: heads().map(|h| (h.name.clone(), h.temperature)).collect(),
            temperature_by_lang: BTreeMap::new(),
            ece_before: None,
            ece_by_chance: None,
            ece: ece(&probabilities, &truth),
            brier: brier(&probabilities, &truth),
            reliability: reliability(&probabilities, &truth),
        },
        known_failures: manifest.failures("language"),
    };
    let mut json = serde_json::to_vec_pretty(&card)?;
    json.push(b'\n');
    std::fs::write(format!("{out}/card.json"), json)?;
    println!("ECE {:.4}", card.calibration.ece);
    golden(out, &model)
}

fn answers(model: &Language, labels: &[String], texts: &[Labelled]) -> Vec<Answer> {
    let (mut tokens, mut scratch) = (Tokens::new(), Scratch::new());
    let place = |lang: &str| labels.iter().position(|l| l == lang);
    let one = |l: &Labelled| {
        tokens.read(&l.text);
        let mut p = vec![0.0; labels.len()];
        for (lang, said) in model.ranking(&tokens, &mut scratch) {
            if let Some(k) = place(lang) {
                p[k] = if lang == "und" { 1.0 } else { said };
            }
        }
        Answer::of(p, place(&l.label).unwrap_or(labels.len()) as u16, None)
    };
    texts.iter().map(one).collect()
}

/// Texts by data set.
fn data_sets(train: &[Labelled], manifest: &Manifest) -> Vec<DataSet> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    train.iter().for_each(|l| *counts.entry(&l.set).or_default() += 1);
    let one = |(name, texts): (&str, usize)| manifest.data_set(name, texts);
    counts.into_iter().map(one).collect()
}

/// What the model says of the texts in golden.jsonl; languages below 0.0005 are left out.
fn golden(out: &str, model: &Language) -> Result<(), Box<dyn Error>> {
    let file = format!("{out}/golden.jsonl");
    let Ok(old) = std::fs::read_to_string(&file) else {
        return Ok(());
    };
    let mut new = String::new();
    for line in old.lines() {
        let mut row: serde_json::Value = serde_json::from_str(line)?;
        let tokens = Tokens::of(row["text"].as_str().unwrap_or_default());
        let ranking = model.ranking(&tokens, &mut Scratch::new());
        let said: BTreeMap<&str, f64> = ranking
            .iter()
            .filter(|r| r.1 >= 0.0005)
            .map(|(l, p)| (*l, (f64::from(*p) * 1e6).round() / 1e6))
            .collect();
        row["label"] = ranking.first().map_or("und", |r| r.0).into();
        row["probabilities"] = serde_json::to_value(said)?;
        new.push_str(&serde_json::to_string(&row)?);
        new.push('\n');
    }
    std::fs::write(file, new)?;
    Ok(())
}
