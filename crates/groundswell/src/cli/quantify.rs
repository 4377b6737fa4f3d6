//! `groundswell quantify`: scored posts in, the share of each class out, corrected for what the model gets wrong.

use super::lines::{self, Line, Lines};
use super::model_io::{BATCH, Model, Row, Tier};
use anyhow::{Context, Result, bail};
use clap::Args;
use models::card::Card;
use models::linear::argmax;
use models::quantify::{Calibration, Quantified, Quantifier};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const SEED: u64 = 23;
/// Posts that stand for the cards' confusion matrix at most: a bootstrap of more gains nothing.
const MOST: u64 = 20_000;

/// Tell the share of each class among scored posts, with 95 % intervals.
///
/// Counting labels gets shares wrong: a model errs toward the classes it saw most. What it is known to get wrong, on
/// labelled posts, is taken out again.
#[derive(Args, Debug)]
pub(super) struct QuantifyArgs {
    /// Scored posts, {"probabilities":{…}} a line, as `classify` writes them; `-` or none is standard input.
    files: Vec<String>,
    /// What they were scored for.
    #[arg(long, default_value = "sentiment")]
    task: String,
    /// Labelled posts like these ones, {"text","label","lang"?} or {"probabilities","truth"} a line; without them the
    /// confusion matrices on the model's card are used.
    #[arg(long)]
    labelled: Option<PathBuf>,
    /// Folder of the trained model that reads the labelled texts.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Which models read the labelled texts.
    #[arg(long, value_enum, default_value_t = Tier::Auto)]
    tier: Tier,
}

/// A scored post.
#[derive(Deserialize)]
struct Scored {
    probabilities: BTreeMap<String, f32>,
    model: Option<String>,
    truth: Option<String>,
}

/// Runs the command.
pub(super) fn run(args: QuantifyArgs) -> Result<ExitCode> {
    let standard = ["-".to_owned()];
    let files = if args.files.is_empty() {
        &standard[..]
    } else {
        &args.files
    };
    let (mut scored, mut refused) = (Vec::new(), 0);
    for file in files {
        refused += read(Path::new(file), |bytes| {
            scored.push(serde_json::from_slice::<Scored>(bytes)?);
            Ok(())
        })?;
    }
    if scored.is_empty() {
        bail!("no scored post to tell shares of");
    }
    let (calibration, method) = match &args.labelled {
        Some(path) => (labelled(&args, path)?, "pacc"),
        None => (from_card(&args.task, scored[0].model.as_deref())?, "acc"),
    };
    let soft = table(&scored, calibration.labels(), method == "acc")?;
    let quantified = Quantifier::new(calibration, SEED).shares(&soft)?;
    print(&quantified, method)?;
    Ok(ExitCode::from(u8::from(refused > 0)))
}

fn print(quantified: &Quantified, method: &str) -> Result<()> {
    for share in &quantified.shares {
        let mut share = share.clone();
        if share.method == "pacc" {
            method.clone_into(&mut share.method);
        }
        println!("{}", serde_json::to_string(&share)?);
    }
    if quantified.uncertain && method == "pacc" {
        eprintln!(
            "these posts differ from the labelled ones in more than shares: label 50 of them to be sure"
        );
    }
    Ok(())
}

/// Calls `each` with every line and returns how many were refused; those are reported.
fn read(path: &Path, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<usize> {
    let mut refused = 0;
    for line in Lines::new(lines::open(path)?) {
        let Line { number, bytes } = line.with_context(|| format!("cannot read {}", path.display()))?;
        let done = bytes.map_err(anyhow::Error::from).and_then(|b| each(&b));
        if let Err(e) = done {
            eprintln!("{}:{number}: {e}", lines::shown(path));
            refused += 1;
        }
    }
    Ok(refused)
}

/// The probabilities row by row; `hard` keeps the likeliest label alone.
fn table(scored: &[Scored], labels: &[String], hard: bool) -> Result<Vec<f32>> {
    let mut out = Vec::with_capacity(scored.len() * labels.len());
    for (i, post) in scored.iter().enumerate() {
        if let Some(name) = post.probabilities.keys().find(|k| !labels.contains(k)) {
            bail!(
                "post {}: label {name:?} is not one of {}",
                i + 1,
                labels.join(", ")
            );
        }
        let mut row: Vec<f32> = labels
            .iter()
            .map(|l| post.probabilities.get(l).copied().unwrap_or(0.0))
            .collect();
        // `classify` rounds what it prints and leaves out the least likely of many labels.
        let sum: f32 = row.iter().sum();
        if !(sum.is_finite() && (0.5..1.5).contains(&sum)) {
            bail!("post {}: its probabilities sum to {sum}, not to 1", i + 1);
        }
        let best = argmax(&row);
        for (k, p) in row.iter_mut().enumerate() {
            *p = if hard {
                f32::from(u8::from(k == best))
            } else {
                *p / sum
            };
        }
        out.extend(row);
    }
    Ok(out)
}

/// What is known from labelled posts: scored ones as they are, texts after the model has read them.
fn labelled(args: &QuantifyArgs, path: &Path) -> Result<Calibration> {
    let (mut scored, mut rows): (Vec<Scored>, Vec<Row>) = (Vec::new(), Vec::new());
    read(path, |bytes| {
        match serde_json::from_slice::<Scored>(bytes) {
            Ok(post) if post.truth.is_some() => scored.push(post),
            _ => rows.push(serde_json::from_slice(bytes)?),
        }
        Ok(())
    })?;
    rows.retain(|r| r.label.is_some());
    let (labels, mut truth, mut soft);
    if rows.is_empty() {
        let names = scored.iter().flat_map(|p| p.probabilities.keys());
        labels = names
            .cloned()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>();
        truth = scored
            .iter()
            .map(|p| place(&labels, p.truth.as_deref()))
            .collect::<Result<Vec<_>>>()?;
        soft = table(&scored, &labels, false)?;
    } else {
        let model = Model::find(&args.task, args.models.as_deref())?;
        let mut asker = model.asker(args.tier);
        (labels, truth, soft) = (model.labels().to_vec(), Vec::new(), Vec::new());
        for batch in rows.chunks(BATCH) {
            for answer in asker.answer(batch, true)? {
                truth.push(place(&labels, batch[answer.row].label.as_deref())?);
                soft.extend(answer.probabilities);
            }
        }
    }
    Ok(Calibration::new(labels, truth, soft)?)
}

fn place(labels: &[String], label: Option<&str>) -> Result<u16> {
    let label = label.unwrap_or_default();
    let at = labels.iter().position(|l| l == label);
    let at = at.with_context(|| format!("label {label:?} is not one of {}", labels.join(", ")))?;
    Ok(at as u16)
}

/// What the card says the model takes for what. Without a model's name the full tier's card stands.
fn from_card(task: &str, model: Option<&str>) -> Result<Calibration> {
    let cards: Vec<Card> = crate::weights::cards()?
        .into_iter()
        .filter(|c| c.task == task)
        .collect();
    let named = cards.iter().find(|c| Some(c.id.as_str()) == model);
    let card = named
        .or_else(|| cards.last())
        .with_context(|| format!("no card for task {task}; name labelled posts with --labelled"))?;
    let k = card.labels.len();
    let mut cells = vec![0u64; k * k];
    for quality in card.validation.values() {
        for (truth, row) in quality.confusion.iter().enumerate().take(k) {
            for (given, n) in row.iter().enumerate().take(k) {
                cells[truth * k + given] += n;
            }
        }
    }
    let (mut truth, mut soft) = (Vec::new(), Vec::new());
    let shrink = (cells.iter().sum::<u64>() / MOST).max(1);
    for (cell, n) in cells.iter().enumerate() {
        for _ in 0..n.div_ceil(shrink) {
            truth.push((cell / k) as u16);
            soft.extend((0..k).map(|l| f32::from(u8::from(l == cell % k))));
        }
    }
    Ok(Calibration::new(card.labels.clone(), truth, soft)?)
}
