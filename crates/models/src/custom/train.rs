//! From labelled rows to a model and what is known of it.

use super::corpus::Corpus;
use super::error::CustomError;
use super::fold::Learning;
use super::groups::{Groups, key, shuffle};
use super::judge::judge;
use super::mix::Mix;
use super::model::{CustomModel, Parts};
use super::report::{LabelCount, Report, Warning};
use super::rows::Row;
use super::states::Embeddings;
use super::{FEWEST_ROWS, MAX_LABELS, warn};
use crate::encoder::Encoder;
use crate::features::Features;
use crate::quantify::Random;
use std::collections::BTreeMap;
use text::Tokens;

/// Rows from which on five folds give steady figures; fewer rows get ten.
const TEN_FOLDS_BELOW: usize = 500;

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Name and version of the model, which every score will carry: `topic@3`.
    pub id: String,
    /// Parts of the cross-validation; 0 lets the number of rows decide.
    pub folds: usize,
    /// How much rare labels count: 0 as they come, 1 as much as frequent ones.
    pub balance: f32,
    /// Share of the labelled rows the model shall not abstain on.
    pub keep: f64,
    /// Rows that are used at most; of more, so many are drawn at random.
    pub most_rows: usize,
    /// The same where an encoder reads them.
    pub most_encoded: usize,
    /// The seed of everything random.
    pub seed: u64,
}

impl Options {
    /// What works, under this name and version.
    pub fn named(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            folds: 0,
            balance: 0.5,
            keep: 0.95,
            most_rows: 100_000,
            most_encoded: 20_000,
            seed: 1,
        }
    }

    fn check(&self) -> Result<(), CustomError> {
        let wrong = |option, reason: &str| {
            Err(CustomError::Option {
                option,
                reason: reason.to_owned(),
            })
        };
        if self.id.trim().is_empty() {
            return wrong("id", "is empty");
        }
        if self.folds == 1 || self.folds > 20 {
            return wrong("folds", "is 0, or 2 to 20");
        }
        if !(0.0..=1.0).contains(&self.balance) {
            return wrong("balance", "is 0 to 1");
        }
        if !(0.0..=1.0).contains(&self.keep) {
            return wrong("keep", "is 0 to 1");
        }
        if self.most_rows.min(self.most_encoded) < FEWEST_ROWS {
            return wrong("most_rows", "is at least 10");
        }
        Ok(())
    }
}

/// What a training run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading rows.
    Reading,
    /// Encoding rows.
    Encoding,
    /// Training and judging a fold.
    Validating,
    /// Training on all rows.
    Fitting,
}

/// News of a training run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// How many rows or folds of it are done.
    pub done: usize,
    /// Of how many.
    pub of: usize,
}

impl Progress {
    fn of(stage: Stage, done: usize, of: usize) -> Self {
        Self { stage, done, of }
    }
}

/// A trained model and what is known of it.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The model.
    pub model: CustomModel,
    /// How good it is.
    pub report: Report,
}

/// Trains a model on rows, with the states of an encoder if there is one. The same rows, options and encoder give the same
/// model. `progress` says whether to go on: if not, the error is [`CustomError::Stopped`].
pub fn train(
    rows: &[Row],
    options: &Options,
    encoder: Option<&Encoder>,
    progress: &mut dyn FnMut(Progress) -> bool,
) -> Result<Trained, CustomError> {
    let used = Used::of(rows, options, encoder.is_some(), progress)?;
    let embed = |encoder: &Encoder| {
        let texts: Vec<&str> = used.places.iter().map(|&p| rows[p].text.as_str()).collect();
        let told = &mut |done| progress(Progress::of(Stage::Encoding, done, texts.len()));
        Embeddings::while_told(encoder, &texts, told).ok_or(CustomError::Stopped)
    };
    let embeddings = encoder.map(embed).transpose()?;
    fit(rows, used, options, embeddings.as_ref(), progress)
}

/// As [`train`], with the states of all rows made before.
pub fn train_on(
    rows: &[Row],
    options: &Options,
    embeddings: &Embeddings,
    progress: &mut dyn FnMut(Progress) -> bool,
) -> Result<Trained, CustomError> {
    if embeddings.len() != rows.len() {
        let reason = format!("are {}, there are {} rows", embeddings.len(), rows.len());
        return Err(CustomError::Option {
            option: "embeddings",
            reason,
        });
    }
    let used = Used::of(rows, options, true, progress)?;
    let embeddings = embeddings.select(used.places.iter().copied());
    fit(rows, used, options, Some(&embeddings), progress)
}

/// The rows that are learnt from.
struct Used {
    /// Their places among those given.
    places: Vec<usize>,
    keys: Vec<u64>,
    corpus: Corpus,
    classes: Vec<u16>,
    counts: Vec<LabelCount>,
    warnings: Vec<Warning>,
}

impl Used {
    fn of(
        rows: &[Row],
        options: &Options,
        encoded: bool,
        progress: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<Self, CustomError> {
        options.check()?;
        let most = if encoded {
            options.most_encoded.min(options.most_rows)
        } else {
            options.most_rows
        };
        let mut out = Self {
            places: Vec::new(),
            keys: Vec::new(),
            corpus: Corpus::default(),
            classes: Vec::new(),
            counts: Vec::new(),
            warnings: Vec::new(),
        };
        let chosen = chosen(rows.len(), most, options.seed);
        let (mut tokens, mut features) = (Tokens::new(), Features::new());
        let of = chosen.len();
        for (done, place) in chosen.into_iter().enumerate() {
            if done % 1_000 == 0 && !progress(Progress::of(Stage::Reading, done, of)) {
                return Err(CustomError::Stopped);
            }
            tokens.read(&rows[place].text);
            if let Some(key) = key(&tokens) {
                out.corpus.push(&tokens, &mut features);
                out.keys.push(key);
                out.places.push(place);
            }
        }
        if of < rows.len() {
            out.warnings.push(Warning::Sampled {
                used: of,
                of: rows.len(),
            });
        }
        if out.places.len() < of {
            out.warnings.push(Warning::Wordless {
                rows: of - out.places.len(),
            });
        }
        out.label(rows)?;
        Ok(out)
    }

    /// Numbers the labels in their order.
    fn label(&mut self, rows: &[Row]) -> Result<(), CustomError> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let labels = self.places.iter().map(|&p| rows[p].label.as_str());
        labels.clone().for_each(|l| *counts.entry(l).or_default() += 1);
        let found = self.places.len();
        if found < FEWEST_ROWS {
            return Err(CustomError::FewRows {
                found,
                needed: FEWEST_ROWS,
            });
        }
        if counts.len() < 2 {
            let label = counts.into_keys().next().unwrap_or_default().to_owned();
            return Err(CustomError::OneLabel { label });
        }
        if counts.len() > MAX_LABELS {
            return Err(CustomError::ManyLabels {
                found: counts.len(),
                most: MAX_LABELS,
            });
        }
        let number: BTreeMap<&str, u16> = counts.keys().zip(0..).map(|(&l, i)| (l, i)).collect();
        self.classes = labels.map(|l| number[l]).collect();
        let one = |(label, rows): (&str, usize)| LabelCount {
            label: label.to_owned(),
            rows,
        };
        self.counts = counts.into_iter().map(one).collect();
        Ok(())
    }

    /// How much each row counts, one on average.
    fn costs(&self, balance: f32) -> Vec<f32> {
        let even = self.classes.len() as f32 / self.counts.len() as f32;
        let cost = |&c: &u16| {
            let rows = self.counts[usize::from(c)].rows as f32;
            (even / rows).powf(balance).clamp(0.2, 5.0)
        };
        self.classes.iter().map(cost).collect()
    }
}

/// The places of the rows that are used: all, or so many at random, in their order.
fn chosen(rows: usize, most: usize, seed: u64) -> Vec<usize> {
    let mut places: Vec<usize> = (0..rows).collect();
    if rows > most {
        shuffle(&mut places, &mut Random::new(seed));
        places.truncate(most);
        places.sort_unstable();
    }
    places
}

fn fit(
    rows: &[Row],
    used: Used,
    options: &Options,
    embeddings: Option<&Embeddings>,
    progress: &mut dyn FnMut(Progress) -> bool,
) -> Result<Trained, CustomError> {
    let n = used.classes.len();
    let costs = used.costs(options.balance);
    let labels: Vec<String> = used.counts.iter().map(|c| c.label.clone()).collect();
    let groups = Groups::new(&used.keys);
    let folds = match options.folds {
        0 if n < TEN_FOLDS_BELOW => 10,
        0 => 5,
        given => given,
    };
    let of_row = groups.folds(&used.classes, labels.len(), folds, options.seed);
    let learning = Learning {
        corpus: &used.corpus,
        embeddings,
        classes: &used.classes,
        costs: &costs,
        labels: labels.len(),
        seed: options.seed,
    };
    let told = &mut |done| progress(Progress::of(Stage::Validating, done, folds));
    let values = learning
        .validate(&of_row, folds, told)
        .ok_or(CustomError::Stopped)?;
    let langs: Vec<Option<String>> = used.places.iter().map(|&p| rows[p].lang.clone()).collect();
    let judged = judge(&values, &used.classes, &langs, &of_row, &labels, options.keep);
    if !progress(Progress::of(Stage::Fitting, 0, 1)) {
        return Err(CustomError::Stopped);
    }
    let all: Vec<u32> = (0..n as u32).collect();
    let places: Vec<usize> = (0..n).collect();
    let model = CustomModel::new(Parts {
        id: options.id.clone(),
        labels,
        rows: n,
        mix: Mix::fit(&values, &used.classes, &places),
        thresholds: judged.thresholds,
        words: learning.words(&all).quantised(),
        states: learning.states(&all),
        encoder: embeddings.map(|e| e.encoder.clone()),
    });
    progress(Progress::of(Stage::Fitting, 1, 1));
    let most_frequent = used.counts.iter().map(|c| c.rows).max().unwrap_or(0) as f64 / n as f64;
    let mut warnings = used.warnings;
    warnings.extend(warn::of_rows(&groups, &used.classes, &used.counts, &used.places));
    warnings.extend(warn::of_quality(&judged.quality, most_frequent));
    let report = Report {
        rows: n,
        labels: used.counts,
        folds,
        quality: judged.quality,
        words: judged.words,
        most_frequent,
        ece_before: judged.ece_before,
        abstention: judged.abstention,
        warnings,
    };
    Ok(Trained { model, report })
}
