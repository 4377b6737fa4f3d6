//! Trains the panel and says how good it is:
//!
//! `cargo run --release -p models --example train_panel -- TRAIN.jsonl VAL.jsonl OUT [SOFT.jsonl …] [key=value …]`
//!
//! Rows as training/encoder/data.py writes them; soft labels as training/encoder/soften.py does. VAL may be several
//! files with commas between; a row of them may name its label (`"intent": "praise"`). With `judge=1` nothing is
//! trained: OUT is read and judged. `only=HEAD,…` trains those heads alone and
//! `leave=HEAD,…` all but those; `soft=HEAD,…` are those that learn from soft labels. With `languages=0` the language model is not asked (it lies in models/language).

mod judge;
mod rows;

use models::Language;
use models::features::FeatureSpec;
use models::panel::Panel;
use models::panel::train::{HeadPlan, Plan, TargetPlan, train};
use std::error::Error;

/// Languages whose development posts have the classes as they come.
const BIASED: [&str; 10] = ["th", "am", "ha", "ig", "pcm", "rw", "sw", "ts", "tw", "yo"];

/// `key=value` among the arguments.
pub(crate) struct Options(Vec<String>);

impl Options {
    fn text(&self, name: &str) -> Option<&str> {
        let own = |o: &'_ String| o.strip_prefix(name).is_some_and(|o| o.starts_with('='));
        self.0.iter().find(|o| own(o)).map(|o| &o[name.len() + 1..])
    }

    fn get(&self, name: &str, default: f32) -> f32 {
        self.text(name).and_then(|v| v.parse().ok()).unwrap_or(default)
    }
}

fn head(options: &Options, (name, labels): (&str, &[&str])) -> HeadPlan {
    let own = |key: &str, default: f32| options.get(&format!("{key}:{name}"), options.get(key, default));
    // A few thousand rows are held closer than a hundred thousand, but for the words that are rare.
    let (cost, rare) = match name {
        "emotion" => (4.0, 1.0),
        "irony" => (1.0, 1.0),
        "complaint" => (0.5, 1.0),
        _ => (4.0, 0.5),
    };
    HeadPlan {
        name: name.to_owned(),
        labels: labels.iter().map(|l| (*l).to_owned()).collect(),
        cost: own("cost", cost),
        balance: own("balance", 1.0),
        rare: own("rare", rare),
        passes: own("passes", 6.0) as usize,
        biased: match name {
            "sentiment" => BIASED.map(str::to_owned).to_vec(),
            _ => Vec::new(),
        },
    }
}

fn plan(options: &Options) -> Plan {
    let target = TargetPlan {
        bits: options.get("near", 18.0) as u8,
        cost: options.get("tcost", 1.5),
        balance: options.get("tbalance", 0.8),
        length: options.get("length", 1.5),
        dense_variance: options.get("dense", 0.3),
        from_sentiment: options.get("from", 0.0),
        post_variance: options.get("post", 1.0),
        rare: options.get("trare", 0.5),
        passes: options.get("tpasses", 8.0) as usize,
    };
    Plan {
        id: format!("panel@{}", options.get("version", 1.0)),
        heads: rows::heads().map(|h| head(options, h)).collect(),
        target: (options.get("toward", 1.0) > 0.0).then_some(target),
        features: FeatureSpec {
            char_min: options.get("cmin", 3.0) as u8,
            char_max: options.get("cmax", 5.0) as u8,
            ..FeatureSpec::posts(options.get("bits", 19.0) as u8)
        },
        word_weight: options.get("words", 2.0),
        seed: 1,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (given, files): (Vec<String>, Vec<String>) = args.into_iter().partition(|a| a.contains('='));
    let options = Options(given);
    let [train_file, val_file, out, soft @ ..] = files.as_slice() else {
        return Err("TRAIN VAL OUT [SOFT …]".into());
    };
    let mut val = Vec::new();
    for file in val_file.split(',') {
        val.extend(rows::read(file, &options, false)?);
    }
    if options.get("judge", 0.0) == 0.0 {
        let mut learn = rows::read(train_file, &options, false)?;
        for file in soft {
            learn.extend(rows::read(file, &options, true)?);
        }
        eprintln!("{} rows, {} to judge", learn.len(), val.len());
        let told = |p: models::panel::train::PanelProgress<'_>| eprint!("{} {} ", p.head, p.pass);
        let panel = train(&plan(&options), &learn, &val, &mut { told })?;
        eprintln!();
        std::fs::write(out, panel.to_bytes()?)?;
    }
    let bytes = std::fs::read(out)?;
    let panel = Panel::load(&bytes)?;
    let language = match options.get("languages", 1.0) > 0.0 {
        true => Some(Language::load(&std::fs::read("models/language/weights.gsm")?)?),
        false => None,
    };
    println!("{} {} bytes", options.0.join(" "), bytes.len());
    judge::judge(&panel, language.as_ref(), &val);
    Ok(())
}
