//! `groundswell train`: labelled posts in, weights and card out.

use super::model_io::{Model, Row, Tier, rows};
use anyhow::{Context, Result, bail};
use clap::Args;
use models::artefact::Artefact;
use models::calibrate::{brier, ece, reliability};
use models::card::{Calibration, Card, DataSet, Manifest};
use models::metrics::{Answer, Quality, evaluate};
use models::train::{Config, Labelled, Progress, deduplicate, split, train_classifier, train_language};
use models::{SENTIMENT_LABELS, Script};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Train a classifier of posts, or the sentiment or language model.
#[derive(Args, Debug)]
pub(super) struct TrainArgs {
    /// `sentiment`, `language`, or a name for your own classifier, which is judged by cross-validation.
    #[arg(long)]
    task: String,
    /// Labelled posts: {"text","label"} and optionally "lang" and "set" a line; for your own classifier CSV, too, with the
    /// columns text, label and lang. .gz and .zst are read as they are.
    #[arg(long, required = true, num_args = 1..)]
    pub(super) data: Vec<String>,
    /// What your own classifier reads: `fast` words alone, `full` the encoder as well.
    #[arg(long, value_enum, default_value_t = Tier::Full)]
    pub(super) tier: Tier,
    /// Labelled posts to stop, calibrate and judge by. Without them a tenth of the data is held out.
    #[arg(long, num_args = 1..)]
    val: Vec<String>,
    /// Folder for weights.gsm and card.json; of your own classifier for weights.gsc and report.json.
    #[arg(long)]
    pub(super) out: PathBuf,
    /// Version in the model's id.
    #[arg(long = "model-version", default_value_t = 1)]
    pub(super) model_version: u32,
    /// File that names the data sets with their licences and the known failures, for the card.
    #[arg(long)]
    manifest: Option<PathBuf>,
    /// Buckets of features: two to this power.
    #[arg(long)]
    bits: Option<u8>,
    /// Penalty of an error against the size of the weights; larger fits closer.
    #[arg(long)]
    cost: Option<f32>,
    /// Weight of a word feature against a character feature.
    #[arg(long)]
    word_weight: Option<f32>,
    /// Passes over the data at most.
    #[arg(long)]
    passes: Option<usize>,
    /// Let frequent classes weigh more than rare ones.
    #[arg(long)]
    unbalanced: bool,
    /// Seed of the order of texts.
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// Day on the card; today if absent.
    #[arg(long)]
    date: Option<String>,
    /// Exit with status 1 if a line was refused.
    #[arg(long)]
    pub(super) strict: bool,
}

impl TrainArgs {
    /// An option that was given and means nothing to a classifier of one's own.
    pub(super) fn foreign_option(&self) -> Option<&'static str> {
        let given = [
            ("--val", !self.val.is_empty()),
            ("--manifest", self.manifest.is_some()),
            ("--bits", self.bits.is_some()),
            ("--cost", self.cost.is_some()),
            ("--word-weight", self.word_weight.is_some()),
            ("--passes", self.passes.is_some()),
            ("--unbalanced", self.unbalanced),
            ("--date", self.date.is_some()),
        ];
        given.into_iter().find(|g| g.1).map(|g| g.0)
    }
}

/// Runs the command.
pub(super) fn run(args: TrainArgs) -> Result<ExitCode> {
    if !super::own::is_built_in(&args.task) {
        return super::own::run(&args.task, &args);
    }
    let manifest = match &args.manifest {
        Some(path) => {
            let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
            Manifest::load(&bytes).with_context(|| path.display().to_string())?
        }
        None => Manifest::default(),
    };
    let mut refused = 0;
    let train = load(&args.data, &args.task, &mut refused)?;
    let (train, validation) = if args.val.is_empty() {
        let (train, held) = split(train, 0.1, args.seed);
        (train, vec![("held-out".to_owned(), held)])
    } else {
        let mut sets = Vec::new();
        for file in &args.val {
            sets.push((
                stem(file),
                load(std::slice::from_ref(file), &args.task, &mut refused)?,
            ));
        }
        (train, sets)
    };
    let all: Vec<Labelled> = validation.iter().flat_map(|v| v.1.iter().cloned()).collect();
    let (train, removed) = deduplicate(train, &all);
    eprintln!(
        "{} texts, {} to validate; left out: {} that stand in validation, {} repeated",
        train.len(),
        all.len(),
        removed.in_validation,
        removed.repeated
    );
    let artefact = fit(&args, &train, &all)?;
    let bytes = artefact.to_bytes()?;
    let card = card(&args, manifest, &artefact, &bytes, &train, &validation)?;
    std::fs::create_dir_all(&args.out).with_context(|| args.out.display().to_string())?;
    write(&args.out.join("weights.gsm"), &bytes)?;
    let mut json = serde_json::to_vec_pretty(&card)?;
    json.push(b'\n');
    write(&args.out.join("card.json"), &json)?;
    for (name, q) in &card.validation {
        let (a, f, r) = (100.0 * q.accuracy, 100.0 * q.macro_f1, 100.0 * q.macro_recall);
        println!(
            "{name}: n {} accuracy {a:.2} macro-F1 {f:.2} macro-recall {r:.2} ECE {:.3}",
            q.n, q.ece
        );
    }
    Ok(if args.strict && refused > 0 {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn stem(file: &str) -> String {
    let name = Path::new(file)
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or(file);
    name.split(".jsonl").next().unwrap_or(name).to_owned()
}

fn load(files: &[String], task: &str, refused: &mut usize) -> Result<Vec<Labelled>> {
    let mut out = Vec::new();
    let mut unlabelled = 0;
    *refused += rows(files, |row: Row| {
        match row.label {
            Some(label) => out.push(Labelled {
                text: row.text,
                label,
                lang: row.lang,
                set: row.set.unwrap_or_else(|| task.to_owned()),
            }),
            None => unlabelled += 1,
        }
        Ok(())
    })?;
    if unlabelled > 0 {
        eprintln!("{unlabelled} lines without a label are left out");
        *refused += unlabelled;
    }
    if out.is_empty() {
        bail!("no labelled post in {}", files.join(", "));
    }
    Ok(out)
}

fn fit(args: &TrainArgs, train: &[Labelled], validation: &[Labelled]) -> Result<Artefact> {
    let id = format!("{}@{}", args.task, args.model_version);
    let mut progress = |p: Progress| {
        let figure = if p.macro_recall > 0.0 {
            format!(": macro-recall {:.2}", 100.0 * p.macro_recall)
        } else {
            String::new()
        };
        eprintln!("{} pass {}{figure}", p.head, p.pass);
    };
    if args.task == "language" {
        let config = |script: Script| {
            let small = if script == Script::Latin { 16 } else { 14 };
            overridden(
                args,
                Config::language(args.bits.filter(|_| script == Script::Latin).unwrap_or(small)),
            )
        };
        return Ok(train_language(&id, train, validation, config, &mut progress)?);
    }
    let default_bits = if args.task == "sentiment" { 20 } else { 18 };
    let config = overridden(args, Config::posts(args.bits.unwrap_or(default_bits)));
    let labels: &[&str] = if args.task == "sentiment" {
        &SENTIMENT_LABELS
    } else {
        &[]
    };
    Ok(train_classifier(
        &id,
        labels,
        train,
        validation,
        &config,
        &mut progress,
    )?)
}

fn overridden(args: &TrainArgs, config: Config) -> Config {
    Config {
        cost: args.cost.unwrap_or(config.cost),
        word_weight: args.word_weight.unwrap_or(config.word_weight),
        passes: args.passes.unwrap_or(config.passes),
        balance: !args.unbalanced,
        seed: args.seed,
        ..config
    }
}

/// What the trained model says of labelled posts. Their languages are given: identifying them is another model's work.
fn answers(model: &Model, texts: &[Labelled]) -> Result<Vec<Answer>> {
    let place = |label: &str| {
        model
            .labels()
            .iter()
            .position(|l| l == label)
            .unwrap_or(model.labels().len()) as u16
    };
    let rows: Vec<Row> = texts.iter().map(row).collect();
    let said = model.asker(Tier::Fast).answer(&rows, true)?;
    let one = |(l, said): (&Labelled, super::model_io::Answered)| Answer {
        given: said.label as u16,
        probabilities: said.probabilities,
        truth: place(&l.label),
        lang: l.lang.clone(),
    };
    Ok(texts.iter().zip(said).map(one).collect())
}

fn row(l: &Labelled) -> Row {
    Row {
        id: None,
        text: l.text.clone(),
        lang: l.lang.clone(),
        label: Some(l.label.clone()),
        set: Some(l.set.clone()),
        target: None,
        targets: Vec::new(),
    }
}

fn card(
    args: &TrainArgs,
    manifest: Manifest,
    artefact: &Artefact,
    bytes: &[u8],
    train: &[Labelled],
    validation: &[(String, Vec<Labelled>)],
) -> Result<Card> {
    let model = Model::load(&args.task, bytes)?;
    let labels = model.labels().to_vec();
    let mut quality: BTreeMap<String, Quality> = BTreeMap::new();
    let mut all = Vec::new();
    for (name, texts) in validation {
        let said = answers(&model, texts)?;
        quality.insert(name.clone(), compact(&args.task, evaluate(&labels, &said)));
        all.extend(said);
    }
    let plain = untempered(artefact)?;
    let plain = Model::load(&args.task, &plain)?;
    let mut before = Vec::new();
    for (_, texts) in validation {
        before.extend(answers(&plain, texts)?);
    }
    let (probabilities, truth) = pairs(&all);
    let (probabilities_before, _) = pairs(&before);
    let heads = || artefact.heads.iter();
    let languages = if artefact.languages.is_empty() && args.task == "language" {
        labels.clone()
    } else {
        artefact.languages.clone()
    };
    Ok(Card {
        id: artefact.id.clone(),
        task: args.task.clone(),
        tier: "fast".to_owned(),
        checksum: Artefact::checksum(bytes),
        bytes: bytes.len(),
        labels,
        languages,
        date: args
            .date
            .clone()
            .unwrap_or_else(|| jiff::Zoned::now().date().to_string()),
        seed: args.seed,
        trained_on: data_sets(train, &manifest),
        validation: quality,
        calibration: Calibration {
            method: "temperature, fitted on validation".to_owned(),
            temperature: heads().map(|h| (h.name.clone(), h.temperature)).collect(),
            temperature_by_lang: heads().flat_map(|h| h.temperature_by_lang.clone()).collect(),
            ece_before: Some(ece(&probabilities_before, &truth)),
            ece_by_chance: None,
            ece: ece(&probabilities, &truth),
            brier: brier(&probabilities, &truth),
            reliability: reliability(&probabilities, &truth),
        },
        known_failures: manifest.failures(&args.task),
    })
}

/// A confusion matrix of a hundred languages says nothing on a card.
fn compact(task: &str, mut quality: Quality) -> Quality {
    if task == "language" {
        quality.confusion.clear();
        quality.labels.clear();
        quality.per_class.retain(|_, c| c.n > 0);
        quality.by_lang.clear();
    }
    quality
}

fn untempered(artefact: &Artefact) -> Result<Vec<u8>> {
    let mut plain = artefact.clone();
    for head in &mut plain.heads {
        head.temperature = 1.0;
        head.temperature_by_lang.clear();
    }
    Ok(plain.to_bytes()?)
}

fn pairs(answers: &[Answer]) -> (Vec<Vec<f32>>, Vec<u16>) {
    answers.iter().map(|a| (a.probabilities.clone(), a.truth)).unzip()
}

/// Texts by data set.
fn data_sets(train: &[Labelled], manifest: &Manifest) -> Vec<DataSet> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    train.iter().for_each(|l| *counts.entry(&l.set).or_default() += 1);
    let describe = |(name, texts): (&str, usize)| manifest.data_set(name, texts);
    counts.into_iter().map(describe).collect()
}
