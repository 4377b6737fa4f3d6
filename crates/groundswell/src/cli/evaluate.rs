//! `groundswell evaluate`: labelled posts in, how good a model is on them out.

use super::model_io::{Answered, BATCH, Model, Row, Tier, rows};
use anyhow::{Result, bail};
use clap::Args;
use models::metrics::{Answer, Quality, evaluate};
use serde::Serialize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Measure a model on labelled posts.
#[derive(Args, Debug)]
pub(super) struct EvaluateArgs {
    /// `sentiment`, `target`, `emotion`, `offensive`, `irony`, `complaint`, `language`, or the name of a classifier you
    /// trained.
    #[arg(long)]
    task: String,
    /// Labelled posts, {"text","label","lang"?,"target"?} a line; `-` or none is standard input.
    files: Vec<String>,
    /// Folder of trained models: DIR/TASK/weights.gsm or DIR/weights.gsm, of your own weights.gsc.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Which models answer.
    #[arg(long, value_enum, default_value_t = Tier::Auto)]
    tier: Tier,
    /// Do not tell the model the language of the posts.
    #[arg(long)]
    without_lang: bool,
    /// Exit with status 1 if a line was refused.
    #[arg(long)]
    strict: bool,
}

#[derive(Serialize)]
struct Report {
    task: String,
    model: String,
    #[serde(flatten)]
    quality: Quality,
    /// Posts the model answered without standing by it; they are judged like all others.
    abstained: usize,
    /// On one thread, reading its tokens included.
    posts_per_second: f64,
    /// The same by the processor's time, where the system tells it.
    posts_per_cpu_second: Option<f64>,
}

/// Runs the command.
pub(super) fn run(args: EvaluateArgs) -> Result<ExitCode> {
    let model = Model::find(&args.task, args.models.as_deref())?;
    let mut labelled = Vec::new();
    let refused = rows(&args.files, |row| {
        labelled.push(row);
        Ok(())
    })?;
    let total = labelled.len();
    labelled.retain(|r: &Row| r.label.is_some());
    let unlabelled = total - labelled.len();
    if unlabelled > 0 {
        eprintln!("{unlabelled} lines without a label are left out");
    }
    if labelled.is_empty() {
        bail!("no labelled post to evaluate on");
    }
    let report = judge(&args, &model, &labelled)?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(if args.strict && refused + unlabelled > 0 {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

fn judge(args: &EvaluateArgs, model: &Model, labelled: &[Row]) -> Result<Report> {
    let mut labels = model.labels().to_vec();
    let mut asker = model.asker(args.tier);
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    let mut said: Vec<Answered> = Vec::with_capacity(labelled.len());
    for batch in labelled.chunks(BATCH) {
        // A row has one label: with several targets it is that of the first.
        let mut answers = asker.answer(batch, !args.without_lang)?;
        answers.dedup_by_key(|a| a.row);
        said.extend(answers);
    }
    let (wall, cpu) = (
        wall.elapsed().as_secs_f64(),
        cpu_seconds().zip(cpu).map(|(now, then)| now - then),
    );
    let n = labelled.len() as f64;
    let abstained = said.iter().filter(|s| s.abstained).count();
    let answers: Vec<Answer> = labelled
        .iter()
        .zip(said)
        .map(|(row, one)| Answer {
            given: one.label as u16,
            probabilities: one.probabilities,
            truth: place(&mut labels, row.label.as_deref().unwrap_or_default()),
            lang: Some(row.lang.clone().unwrap_or(one.lang)),
        })
        .collect();
    Ok(Report {
        task: args.task.clone(),
        model: model.id().to_owned(),
        quality: shortened(evaluate(&labels, &answers)),
        abstained,
        posts_per_second: n / wall.max(1e-9),
        posts_per_cpu_second: cpu.filter(|s| *s > 0.0).map(|s| n / s),
    })
}

/// The place of a label; one the model does not know is added.
fn place(labels: &mut Vec<String>, label: &str) -> u16 {
    let at = labels.iter().position(|l| l == label).unwrap_or_else(|| {
        labels.push(label.to_owned());
        labels.len() - 1
    });
    at as u16
}

/// With very many labels those that neither occur nor were given say nothing.
fn shortened(mut quality: Quality) -> Quality {
    let idle =
        |k: usize, rows: &[Vec<u64>]| rows[k].iter().all(|&n| n == 0) && rows.iter().all(|r| r[k] == 0);
    let used: Vec<usize> = (0..quality.labels.len())
        .filter(|&k| quality.labels.len() <= 20 || !idle(k, &quality.confusion))
        .collect();
    quality.confusion = used
        .iter()
        .map(|&i| used.iter().map(|&j| quality.confusion[i][j]).collect())
        .collect();
    quality.labels = used.iter().map(|&k| quality.labels[k].clone()).collect();
    quality.per_class.retain(|l, _| quality.labels.contains(l));
    quality
}

/// Seconds this thread has had the processor, from Linux's scheduler.
fn cpu_seconds() -> Option<f64> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(line.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}
