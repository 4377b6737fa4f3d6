//! Custom classifiers on development data: quality with 95 % intervals, and seconds of training.
//!
//! `cargo run --release -p models --example custom_bench -- SHARED/data/feedback [VOCABULARY WEIGHTS] [--few]`
//!
//! banking77: a fifth of the training part, by a hash of the text, is held out. clinc150: the official validation part and
//! its out-of-scope posts. `--few` adds what a few labels a class give.

use models::custom::{CustomModel, Embeddings, Options, Row, Scratch, Trained, train, train_on};
use models::encoder::Encoder;
use models::metrics::bootstrap;
use models::train::{Labelled, split};
use std::error::Error;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Labelled posts with their states.
struct Set {
    rows: Vec<Row>,
    states: Option<Embeddings>,
}

impl Set {
    fn of(rows: Vec<Row>, encoder: Option<&Encoder>) -> Self {
        let texts: Vec<&str> = rows.iter().map(|r| r.text.as_str()).collect();
        let states = encoder.map(|e| Embeddings::of(e, &texts, &mut |_| {}));
        Self { rows, states }
    }

    fn few(&self, each: usize) -> Self {
        let mut seen = std::collections::BTreeMap::<&str, usize>::new();
        let places: Vec<usize> = (0..self.rows.len())
            .filter(|&i| {
                let n = seen.entry(&self.rows[i].label).or_default();
                *n += 1;
                *n <= each
            })
            .collect();
        Self {
            rows: places.iter().map(|&p| self.rows[p].clone()).collect(),
            states: self.states.as_ref().map(|s| s.select(places.iter().copied())),
        }
    }
}

fn read(path: &Path) -> Result<Vec<Row>> {
    let mut text = String::new();
    let file = std::fs::File::open(path)?;
    match path.extension().is_some_and(|e| e == "gz") {
        true => flate2::read::GzDecoder::new(file).read_to_string(&mut text)?,
        false => std::io::BufReader::new(file).read_to_string(&mut text)?,
    };
    Ok(text
        .lines()
        .map(serde_json::from_str)
        .collect::<std::result::Result<_, _>>()?)
}

fn held_out(rows: Vec<Row>) -> (Vec<Row>, Vec<Row>) {
    let set = "banking77".to_owned();
    let labelled = rows.into_iter().map(|r| Labelled {
        text: r.text,
        label: r.label,
        lang: None,
        set: set.clone(),
    });
    let (train, held) = split(labelled.collect(), 0.2, 7);
    let back = |all: Vec<Labelled>| {
        all.into_iter()
            .map(|l| Row {
                text: l.text,
                label: l.label,
                lang: None,
            })
            .collect()
    };
    (back(train), back(held))
}

/// Per post: the place of its label, that of the answer, and whether the model abstained.
fn answers(model: &CustomModel, set: &Set, full: bool) -> Vec<(u16, u16, bool)> {
    let mut scratch = Scratch::new();
    let mut one = |(i, row): (usize, &Row)| {
        let states = set.states.as_ref().filter(|_| full).map(|s| s.post(i));
        let class = model.classify(&row.text, states, &mut scratch);
        let truth = model.labels().iter().position(|l| *l == row.label);
        (
            truth.map_or(u16::MAX, |t| t as u16),
            class.place as u16,
            class.abstain,
        )
    };
    set.rows.iter().enumerate().map(&mut one).collect()
}

fn tell(name: &str, trained: &Trained, seconds: f64, dev: &Set, outside: Option<&Set>, full: bool) {
    let classes = trained.model.labels().len();
    let answers_in = answers(&trained.model, dev, full);
    let pairs: Vec<(u16, u16)> = answers_in.iter().map(|a| (a.0, a.1)).collect();
    let right = pairs.iter().filter(|p| p.0 == p.1).count() as f64 / pairs.len() as f64;
    let [interval] = bootstrap(classes, &pairs, 500, 1, |c| [c.accuracy()]);
    let report = &trained.report;
    println!(
        "{name}: held-out accuracy {:.2} [{:.2}, {:.2}] of {}; cross-validated {:.2} [{:.2}, {:.2}], macro-F1 {:.2}, ECE {:.3} (before {:.3}); {} rows, {seconds:.1} s",
        100.0 * right,
        100.0 * interval[0],
        100.0 * interval[1],
        pairs.len(),
        100.0 * report.quality.accuracy,
        100.0 * report.quality.intervals.accuracy[0],
        100.0 * report.quality.intervals.accuracy[1],
        100.0 * report.quality.macro_f1,
        report.quality.ece,
        report.ece_before,
        report.rows
    );
    let Some(outside) = outside else { return };
    let share = |n: usize, of: usize| 100.0 * n as f64 / of.max(1) as f64;
    let kept = answers_in.iter().filter(|a| !a.2).count();
    let kept_right = answers_in.iter().filter(|a| !a.2 && a.0 == a.1).count();
    let found = answers(&trained.model, outside, full)
        .iter()
        .filter(|a| a.2)
        .count();
    println!(
        "    out of scope: {:.1} % found of {}; in scope {:.2} % answered, {:.2} % right of all, {:.2} % of the answered",
        share(found, outside.rows.len()),
        outside.rows.len(),
        share(kept, answers_in.len()),
        share(kept_right, answers_in.len()),
        share(kept_right, kept)
    );
}

fn run(name: &str, all: &Set, dev: &Set, outside: Option<&Set>) -> Result<()> {
    let options = Options::named(format!("{name}@1"));
    let start = Instant::now();
    let trained = train(&all.rows, &options, None, &mut |_| true)?;
    tell(
        &format!("{name} fast"),
        &trained,
        start.elapsed().as_secs_f64(),
        dev,
        outside,
        false,
    );
    if let Some(states) = &all.states {
        let start = Instant::now();
        let trained = train_on(&all.rows, &options, states, &mut |_| true)?;
        tell(
            &format!("{name} full"),
            &trained,
            start.elapsed().as_secs_f64(),
            dev,
            outside,
            true,
        );
        println!("    file of {} bytes", trained.model.save()?.len());
    }
    Ok(())
}

fn main() -> Result<()> {
    let (flags, arguments): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let Some(folder) = arguments.first().map(Path::new) else {
        return Err("usage: custom_bench FOLDER [VOCABULARY WEIGHTS] [--few]".into());
    };
    let encoder = match arguments.get(1..3) {
        Some([vocabulary, weights]) => Some(Encoder::load(
            std::fs::read(vocabulary)?,
            &std::fs::read(weights)?,
        )?),
        _ => None,
    };
    let encoder = encoder.as_ref();
    let (rows, held) = held_out(read(&folder.join("banking77/train.jsonl.gz"))?);
    let start = Instant::now();
    let (all, dev) = (Set::of(rows, encoder), Set::of(held, encoder));
    println!("banking77: encoded in {:.1} s", start.elapsed().as_secs_f64());
    run("banking77", &all, &dev, None)?;
    if flags.iter().any(|f| f == "--few") {
        for each in [1, 3, 10] {
            run(&format!("banking77, {each} a class,"), &all.few(each), &dev, None)?;
        }
    }
    let start = Instant::now();
    let clinc =
        |file: &str| Ok::<_, Box<dyn Error>>(Set::of(read(&folder.join("clinc150").join(file))?, encoder));
    let (all, dev, outside) = (
        clinc("train.jsonl.gz")?,
        clinc("val.jsonl")?,
        clinc("oos_val.jsonl")?,
    );
    println!("clinc150: encoded in {:.1} s", start.elapsed().as_secs_f64());
    run("clinc150", &all, &dev, Some(&outside))
}
