//! What the models are worth: quality and speed of both tiers in one run, beside VADER and ONNX Runtime.
//!
//! `cargo run --release -p bench-models -- [WHAT…] [--rows FOLDER] [--posts N]`
//!
//! WHAT is `quality`, `cascade`, `speed`, `brands` (the default is all four) or `cards`, which writes the cards of the
//! shipped models. FOLDER holds the rows that `training/encoder/data.py` writes; without it they are made from the shared
//! data, in `target/bench-models`. Only development parts are read, so the models were tuned, but not trained, on them.

mod brands;
mod cards;
mod cascade;
mod goals;
mod judge;
mod quality;
mod rivals;
mod rows;
mod speed;

use anyhow::{Result, bail};
use std::path::PathBuf;

/// What the command line asks for.
struct Arguments {
    what: Vec<String>,
    rows: Option<PathBuf>,
    posts: usize,
}

fn arguments() -> Result<Arguments> {
    let mut out = Arguments {
        what: Vec::new(),
        rows: None,
        posts: 2_500,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match (arg.as_str(), args.size_hint().0) {
            ("--rows", 1..) => out.rows = args.next().map(PathBuf::from),
            ("--posts", 1..) => out.posts = args.next().unwrap_or_default().parse()?,
            ("quality" | "cascade" | "speed" | "brands" | "cards", _) => out.what.push(arg),
            _ => bail!("unknown argument {arg:?}"),
        }
    }
    if out.what.is_empty() {
        out.what = ["quality", "cascade", "speed", "brands"]
            .map(str::to_owned)
            .to_vec();
    }
    Ok(out)
}

fn main() -> Result<()> {
    let args = arguments()?;
    let wants = |what: &str| args.what.iter().any(|w| w == what);
    if wants("speed") {
        speed::loading()?;
    }
    let models = groundswell::weights::embedded()?;
    if wants("brands") {
        brands::run(&models)?;
    }
    if !["quality", "cascade", "speed", "cards"].into_iter().any(wants) {
        return Ok(());
    }
    let Some(folder) = rows::folder(args.rows)? else {
        println!("the shared data is not there: nothing to judge by");
        return Ok(());
    };
    if wants("speed") {
        speed::run(&models, &rows::read(&folder.join("val.jsonl"), 2_000)?)?;
    }
    if wants("quality") || wants("cascade") {
        let read = rows::read(&folder.join("val.jsonl"), args.posts)?;
        let judged = judge::judge(&models, &read);
        if wants("quality") {
            quality::run(&judged);
        }
        if wants("cascade") {
            cascade::run(&judged);
        }
    }
    if wants("cards") {
        cards::write(&models, &folder, args.posts)?;
    }
    Ok(())
}
