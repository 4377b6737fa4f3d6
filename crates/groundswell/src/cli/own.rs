//! A classifier of one's own on the command line: trained from files, and asked.

use super::lines;
use super::model_io::{Answered, Row, SURE, Tier};
use anyhow::{Context, Result, bail};
use models::custom::{
    CustomModel, Embeddings, Limits, Options, Progress, Report, Row as Labelled, Rows, Scratch, Stage, train,
};
use models::{Models, Reader};
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// The file of the weights.
pub(super) const WEIGHTS: &str = "weights.gsc";
/// The file of the report.
const REPORT: &str = "report.json";

/// Trains a classifier named `id` on files and writes weights and report into `out`. Says how many rows were refused.
pub(super) fn fit(id: &str, files: &[String], full: bool, seed: u64, out: &Path) -> Result<usize> {
    let (mut rows, mut refused) = (Vec::new(), 0);
    for name in files {
        refused += read(name, &mut rows)?;
    }
    let models = if full {
        Some(crate::weights::embedded()?)
    } else {
        None
    };
    let encoder = models.as_ref().and_then(|m| m.encoder.as_ref());
    let options = Options {
        seed,
        ..Options::named(id)
    };
    let mut shown = None;
    let trained = train(&rows, &options, encoder, &mut |news| {
        tell(news, &mut shown);
        true
    })?;
    std::fs::create_dir_all(out).with_context(|| out.display().to_string())?;
    let mut report = serde_json::to_vec_pretty(&trained.report)?;
    report.push(b'\n');
    for (file, bytes) in [(WEIGHTS, trained.model.save()?), (REPORT, report)] {
        let path = out.join(file);
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    print(id, &trained.report);
    Ok(refused)
}

fn read(name: &str, rows: &mut Vec<Labelled>) -> Result<usize> {
    let path = Path::new(name);
    let limits = Limits::default();
    let mut file = Vec::new();
    let most = limits.bytes as u64 + 1;
    let reader = lines::open(path)?;
    reader
        .take(most)
        .read_to_end(&mut file)
        .with_context(|| format!("cannot read {name}"))?;
    let read = Rows::read(&file, limits).with_context(|| lines::shown(path))?;
    for problem in &read.problems {
        eprintln!("{}: {problem}", lines::shown(path));
    }
    let untold = read.refused - read.problems.len();
    if untold > 0 {
        eprintln!("{}: {untold} further rows are left out", lines::shown(path));
    }
    rows.extend(read.rows);
    Ok(read.refused)
}

/// Tells each stage when it begins, and how far the long ones are.
fn tell(news: Progress, shown: &mut Option<(Stage, usize)>) {
    let step = match news.stage {
        Stage::Validating => news.done,
        _ => news.done * 10 / news.of.max(1),
    };
    if shown.replace((news.stage, step)) != Some((news.stage, step)) {
        let stage = format!("{:?}", news.stage).to_lowercase();
        eprintln!("{stage}: {} of {}", news.done, news.of);
    }
}

fn print(id: &str, report: &Report) {
    let percent =
        |v: f64, [low, high]: [f64; 2]| format!("{:.1} [{:.1}, {:.1}]", 100.0 * v, 100.0 * low, 100.0 * high);
    let q = &report.quality;
    println!(
        "{id}: {} rows, {} labels; cross-validated accuracy {} %, macro-F1 {} %, ECE {:.3}",
        report.rows,
        report.labels.len(),
        percent(q.accuracy, q.intervals.accuracy),
        percent(q.macro_f1, q.intervals.macro_f1),
        q.ece
    );
    for warning in &report.warnings {
        println!("warning: {warning}");
    }
}

/// A trained classifier, with the models that come with the program.
pub(super) struct Own {
    pub(super) model: CustomModel,
    pub(super) models: Models,
}

impl Own {
    /// Reads weights.
    pub(super) fn load(file: &[u8]) -> Result<Self> {
        let (model, models) = (CustomModel::load(file)?, crate::weights::embedded()?);
        if let Some(encoder) = model.encoder()
            && models.encoder.as_ref().is_none_or(|e| e.id() != encoder)
        {
            eprintln!(
                "it was trained with {encoder}, which this build does not have: its words answer alone"
            );
        }
        Ok(Self { model, models })
    }

    /// Answers a batch.
    pub(super) fn answer(
        &self,
        tier: Tier,
        rows: &[Row],
        reader: &mut Reader<'_>,
        with_lang: bool,
    ) -> Vec<Answered> {
        let mut scratch = Scratch::new();
        let mut out: Vec<Answered> = (0..rows.len())
            .map(|i| self.one(i, &rows[i], None, &mut scratch))
            .collect();
        for answered in &mut out {
            let row = &rows[answered.row];
            let claimed = row.lang.as_deref().filter(|_| with_lang);
            answered.lang = claimed.unwrap_or_else(|| reader.language(&row.text)).to_owned();
        }
        let encoder = self
            .models
            .encoder
            .as_ref()
            .filter(|e| self.model.encoder() == Some(e.id()));
        let Some(encoder) = encoder else { return out };
        let chosen: Vec<usize> = match tier {
            Tier::Fast => Vec::new(),
            Tier::Full => (0..rows.len()).collect(),
            Tier::Auto => (0..rows.len())
                .filter(|&i| out[i].probabilities[out[i].label] < SURE)
                .collect(),
        };
        let texts: Vec<&str> = chosen.iter().map(|&i| rows[i].text.as_str()).collect();
        let states = Embeddings::of(encoder, &texts, &mut |_| {});
        for (place, &i) in chosen.iter().enumerate() {
            let lang = std::mem::take(&mut out[i].lang);
            out[i] = Answered {
                lang,
                ..self.one(i, &rows[i], Some(states.post(place)), &mut scratch)
            };
        }
        out
    }

    fn one(&self, place: usize, row: &Row, states: Option<&[f32]>, scratch: &mut Scratch) -> Answered {
        let class = self.model.classify(&row.text, states, scratch);
        Answered {
            row: place,
            target: None,
            probabilities: scratch.probabilities().to_vec(),
            label: class.place,
            lang: String::new(),
            abstained: class.abstain,
            model: self.model.id().to_owned(),
        }
    }
}

/// Whether a task is one of those the other trainer trains.
pub(super) fn is_built_in(task: &str) -> bool {
    matches!(task, "sentiment" | "language")
}

/// Trains as the command line asks.
pub(super) fn run(task: &str, args: &super::train::TrainArgs) -> Result<ExitCode> {
    if let Some(option) = args.foreign_option() {
        bail!("{option} is for the tasks sentiment and language; {task} is a classifier of your own");
    }
    let id = format!("{task}@{}", args.model_version);
    let refused = fit(&id, &args.data, args.tier != Tier::Fast, args.seed, &args.out)?;
    Ok(match args.strict && refused > 0 {
        true => ExitCode::from(1),
        false => ExitCode::SUCCESS,
    })
}
