//! `groundswell classify`: posts in, labels with probabilities out.

use super::model_io::{Answered, BATCH, Model, Row, Tier, rows};
use anyhow::Result;
use clap::Args;
use serde::Serialize;
use serde_json::{Map, Value};
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Of models with very many labels, those less likely are not printed.
const LEAST: f32 = 0.0005;

/// Give each post a label: its sentiment (toward a name, too), emotion, language, or that of your own classifier.
#[derive(Args, Debug)]
pub(super) struct ClassifyArgs {
    /// `sentiment`, `target`, `emotion`, `offensive`, `irony`, `complaint`, `language`, or the name of a classifier you
    /// trained.
    #[arg(long)]
    task: String,
    /// Posts, {"id","text","lang"?} a line, for `target` with "target" or "targets"; `-` or none is standard input, .gz
    /// and .zst are read as they are.
    files: Vec<String>,
    /// Folder of trained models: DIR/TASK/weights.gsm or DIR/weights.gsm, of your own weights.gsc.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Which models answer.
    #[arg(long, value_enum, default_value_t = Tier::Auto)]
    tier: Tier,
    /// Exit with status 1 if a line was refused.
    #[arg(long)]
    strict: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a Value,
    task: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    label: &'a str,
    probabilities: Map<String, Value>,
    model: &'a str,
    lang: &'a str,
    abstained: bool,
}

/// Runs the command.
pub(super) fn run(args: ClassifyArgs) -> Result<ExitCode> {
    let model = Model::find(&args.task, args.models.as_deref())?;
    let mut asker = model.asker(args.tier);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut batch: Vec<Row> = Vec::with_capacity(BATCH);
    let mut flush = |batch: &mut Vec<Row>| -> Result<()> {
        for answer in asker.answer(batch, true)? {
            print(&mut out, &args.task, &model, &batch[answer.row], &answer)?;
        }
        batch.clear();
        Ok(out.flush()?)
    };
    let refused = rows(&args.files, |row: Row| {
        batch.push(row);
        match batch.len() {
            BATCH => flush(&mut batch),
            _ => Ok(()),
        }
    })?;
    flush(&mut batch)?;
    Ok(if args.strict && refused > 0 {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

fn print(out: &mut impl Write, task: &str, model: &Model, row: &Row, answer: &Answered) -> Result<()> {
    let line = Line {
        id: row.id.as_ref().unwrap_or(&Value::Null),
        task,
        target: answer.target.as_deref(),
        label: &model.labels()[answer.label],
        probabilities: named(model.labels(), &answer.probabilities),
        model: &answer.model,
        lang: &answer.lang,
        abstained: answer.abstained,
    };
    serde_json::to_writer(&mut *out, &line)?;
    Ok(out.write_all(b"\n")?)
}

fn named(labels: &[String], probabilities: &[f32]) -> Map<String, Value> {
    let few = labels.len() <= 20;
    let rounded = |p: f32| Value::from((f64::from(p) * 1e6).round() / 1e6);
    let kept = labels
        .iter()
        .zip(probabilities)
        .filter(|(_, p)| few || **p >= LEAST);
    kept.map(|(l, p)| (l.clone(), rounded(*p))).collect()
}
