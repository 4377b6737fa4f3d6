//! Trains the language model and says how good it is:
//!
//! `cargo run --release -p models --example train_language -- TRAIN.jsonl OUT VAL.jsonl … [key=value …]`
//!
//! Rows as training/prepare.py writes them. OUT is a folder for weights.gsm, card.json and golden.jsonl, whose texts are
//! kept. With `judge=1` nothing is trained: the weights in OUT are read and judged.

mod card;
mod judge;
mod rows;

use models::artefact::Artefact;
use models::train::{Config, train_language};
use models::{Language, Script};
use std::error::Error;

/// `key=value` among the arguments.
struct Options(Vec<String>);

impl Options {
    fn get(&self, name: &str, default: f32) -> f32 {
        let own = |o: &String| o.strip_prefix(name)?.strip_prefix('=')?.parse().ok();
        self.0.iter().find_map(own).unwrap_or(default)
    }
}

fn config(options: &Options, script: Script) -> Config {
    let bits = match script {
        Script::Latin => options.get("bits", 18.0),
        _ => options.get("other", 16.0),
    };
    let mut config = Config {
        cost: options.get("cost", 4.0),
        word_weight: options.get("words", 2.0),
        passes: options.get("passes", 5.0) as usize,
        patience: 0,
        prune: options.get("prune", 2.0) as u8,
        weights: [
            ("lingua-words", 0.3),
            ("lingua-single-words", 1.0),
            ("lingua", 1.0),
            ("carter", 4.0),
        ]
        .map(|(set, weight)| (set.to_owned(), options.get(&format!("w:{set}"), weight)))
        .to_vec(),
        ..Config::language(bits as u8)
    };
    config.features.char_max = options.get("cmax", 5.0) as u8;
    config
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (given, files): (Vec<String>, Vec<String>) = args.into_iter().partition(|a| a.contains('='));
    let options = Options(given);
    let [train, out, validation @ ..] = files.as_slice() else {
        return Err("TRAIN OUT VAL …".into());
    };
    let mut sets = Vec::new();
    for file in validation {
        sets.push((rows::stem(file), rows::read(file)?));
    }
    let weights = format!("{out}/weights.gsm");
    if options.get("judge", 0.0) == 0.0 {
        let judged: Vec<_> = sets.iter().flat_map(|s| s.1.iter().cloned()).collect();
        let mut learn = rows::without(rows::read(train)?, &judged);
        if options.get("w:lingua-words", 0.3) > 0.0 {
            learn.extend(rows::words(&learn));
        }
        eprintln!("{} texts, {} to judge", learn.len(), judged.len());
        let id = format!("language@{}", options.get("version", 1.0));
        let mut told = |p: models::train::Progress| eprint!("{} {} ", p.head, p.pass);
        let artefact = train_language(&id, &learn, &judged, |s| config(&options, s), &mut told)?;
        std::fs::write(&weights, artefact.to_bytes()?)?;
        card::write(out, &artefact, &learn, &sets)?;
    }
    let bytes = std::fs::read(&weights)?;
    println!("{} {} bytes", options.0.join(" "), bytes.len());
    let mut artefact = Artefact::from_bytes(&bytes)?;
    judge::print(&Language::load(&bytes)?, &sets);
    for least in 3..=options.get("try", 0.0) as u8 {
        for head in &mut artefact.heads {
            head.linear = head.linear.clone().pruned(least);
        }
        let bytes = artefact.to_bytes()?;
        println!("pruned below {least}: {} bytes", bytes.len());
        judge::print(&Language::load(&bytes)?, &sets);
    }
    Ok(())
}
