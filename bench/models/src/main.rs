//! What the models are worth: quality and speed of both tiers in one run, beside VADER and ONNX Runtime.
//!
//! `cargo run --release -p bench-models -- [WHAT…] [--rows FOLDER] [--posts N]`
//!
//! WHAT is `quality`, `cascade`, `sustained`, `speed`, `brands` (the default is all five), `blend`, which learns how both
//! tiers are pooled and writes `models/blend`, `shares`, which writes the answers that shares are corrected by, `quantify`, which compares shares with QuaPy's and says how
//! good they are, or `cards`, which writes the cards of the shipped models. FOLDER holds the rows that `training/encoder/data.py` writes; without it they are made from the shared
//! data, in `target/bench-models`. Only development parts are read, so the models were tuned, but not trained, on them.

mod blend;
mod brands;
mod cards;
mod cascade;
mod goals;
mod judge;
mod quality;
mod quantify;
mod rivals;
mod rows;
mod shares;
mod speed;
mod sustained;

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
            (
                "quality" | "cascade" | "sustained" | "speed" | "brands" | "blend" | "cards" | "shares"
                | "quantify",
                _,
            ) => out.what.push(arg),
            _ => bail!("unknown argument {arg:?}"),
        }
    }
    if out.what.is_empty() {
        out.what = ["quality", "cascade", "sustained", "speed", "brands"]
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
    if wants("quantify") {
        quantify::run()?;
    }
    let judges = ["quality", "cascade", "blend", "cards", "shares"]
        .into_iter()
        .any(wants);
    // A blend that was learnt for other weights must not keep the one for these from being learnt.
    if ["brands", "speed", "sustained"].into_iter().any(wants) {
        served(&args)?;
    }
    if !judges {
        return Ok(());
    }
    let Some(folder) = rows::folder(args.rows.clone())? else {
        return nothing();
    };
    let models = groundswell::weights::without_blend()?;
    let observed = judge::observe(&models, &rows::read(&folder.join("val.jsonl"), args.posts)?);
    if wants("blend") {
        blend::write(&observed)?;
    }
    if wants("quality") || wants("cascade") {
        let judged = blend::crossed(&observed);
        if wants("quality") {
            quality::run(&judged, &blend::plain(&observed));
        }
        if wants("cascade") {
            cascade::run(&judged);
        }
    }
    if wants("shares") {
        shares::write(&blend::crossed(&observed))?;
    }
    if wants("cards") {
        cards::write(&models, &folder, &observed)?;
    }
    Ok(())
}

/// What the models say as they are served.
fn served(args: &Arguments) -> Result<()> {
    let wants = |what: &str| args.what.iter().any(|w| w == what);
    let models = groundswell::weights::embedded()?;
    if wants("brands") {
        brands::run(&models)?;
    }
    if !(wants("speed") || wants("sustained")) {
        return Ok(());
    }
    let Some(folder) = rows::folder(args.rows.clone())? else {
        return nothing();
    };
    if wants("speed") {
        speed::run(&models, &rows::read(&folder.join("val.jsonl"), 2_000)?)?;
    }
    if wants("sustained") {
        sustained::run(&models, &rows::read(&folder.join("val.jsonl"), args.posts)?)?;
    }
    Ok(())
}

fn nothing() -> Result<()> {
    println!("the shared data is not there: nothing to judge by");
    Ok(())
}
