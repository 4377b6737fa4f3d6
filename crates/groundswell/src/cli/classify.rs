//! `groundswell classify`: posts in, labels with probabilities out.

use super::model_io::{Model, Row, rows};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use models::Scratch;
use serde::Serialize;
use serde_json::{Map, Value};
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use text::Tokens;

/// Of models with very many labels, those less likely are not printed.
const LEAST: f32 = 0.0005;

/// Give each post a label: its sentiment, its language, or that of your own classifier.
#[derive(Args, Debug)]
pub(super) struct ClassifyArgs {
    /// `sentiment`, `language`, or the name of a classifier you trained.
    #[arg(long)]
    task: String,
    /// Posts, {"id","text","lang"?} a line; `-` or none is standard input, .gz and .zst are read as they are.
    files: Vec<String>,
    /// Folder of trained models: DIR/TASK/weights.gsm or DIR/weights.gsm.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Which models answer.
    #[arg(long, value_enum, default_value_t = Tier::Auto)]
    tier: Tier,
    /// Exit with status 1 if a line was refused.
    #[arg(long)]
    strict: bool,
}

/// Which models answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tier {
    /// The linear models.
    Fast,
    /// The encoder; this version has none.
    Full,
    /// The best there is: in this version the linear models.
    Auto,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a Value,
    task: &'a str,
    label: &'a str,
    probabilities: Map<String, Value>,
    model: &'a str,
    lang: &'a str,
    abstained: bool,
}

/// Runs the command.
pub(super) fn run(args: ClassifyArgs) -> Result<ExitCode> {
    if args.tier == Tier::Full {
        bail!("this version has no full tier; use --tier fast or auto");
    }
    let model = Model::find(&args.task, args.models.as_deref())?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut tokens, mut scratch, mut probabilities) = (Tokens::new(), Scratch::new(), Vec::new());
    let refused = rows(&args.files, |row: Row| {
        tokens.read(&row.text);
        let said = model.say(&tokens, row.lang.as_deref(), &mut scratch, &mut probabilities);
        let line = Line {
            id: row.id.as_ref().unwrap_or(&Value::Null),
            task: &args.task,
            label: &model.labels()[said.label],
            probabilities: named(model.labels(), &probabilities),
            model: model.id(),
            lang: &said.lang,
            abstained: said.abstained,
        };
        serde_json::to_writer(&mut out, &line)?;
        Ok(out.write_all(b"\n")?)
    })?;
    out.flush()?;
    Ok(if args.strict && refused > 0 {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
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
