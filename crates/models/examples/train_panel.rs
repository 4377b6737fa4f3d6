//! Trains the panel and says how good it is:
//!
//! `cargo run --release -p models --example train_panel -- TRAIN.jsonl VAL.jsonl OUT [SOFT.jsonl] [key=value …]`
//!
//! Rows as training/encoder/data.py writes them; soft labels as soften.py does.

use models::metrics::{Answer, evaluate};
use models::panel::train::{HeadPlan, Plan, Row, train};
use models::panel::{Panel, Readout};
use models::{Language, Scratch};
use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use text::Tokens;

const SENTIMENT: [&str; 3] = ["negative", "neutral", "positive"];
const HEADS: [(&str, &[&str]); 8] = [
    ("sentiment", &SENTIMENT),
    ("emotion", &["anger", "joy", "optimism", "sadness"]),
    ("offensive", &["not-offensive", "offensive"]),
    ("irony", &["literal", "irony"]),
    ("complaint", &["none", "complaint"]),
    ("hate", &["neither", "offensive", "hate"]),
    ("question", &["none", "question"]),
    ("target", &SENTIMENT),
];

fn rows(path: &str, weight: f32, soft: bool) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut out = Vec::new();
    for line in BufReader::new(File::open(path)?).lines() {
        let v: Value = serde_json::from_str(&line?)?;
        let text = v["text"].as_str().unwrap_or_default().to_owned();
        let set = v["set"].as_str().unwrap_or("soft").to_owned();
        let mut labels = Vec::new();
        for (head, (name, classes)) in HEADS.iter().enumerate() {
            if let Some(p) = v["probabilities"][name].as_array() {
                labels.push((head, p.iter().map(|x| x.as_f64().unwrap_or(0.0) as f32).collect()));
            } else if let Some(class) = v["labels"][name].as_u64() {
                let mut one = vec![0.0; classes.len()];
                one[class as usize] = 1.0;
                labels.push((head, one));
            }
        }
        let bytes: Vec<usize> = text.char_indices().map(|c| c.0).chain([text.len()]).collect();
        let byte = |i: &Value| {
            bytes
                .get(i.as_u64().unwrap_or(0) as usize)
                .copied()
                .unwrap_or(text.len())
        };
        let mut spots: Vec<(Vec<std::ops::Range<usize>>, usize)> = Vec::new();
        for target in v["targets"].as_array().into_iter().flatten() {
            let spans = target[0].as_array().into_iter().flatten();
            spots.push((
                spans.map(|s| byte(&s[0])..byte(&s[1])).collect(),
                target[1].as_u64().unwrap_or(0) as usize,
            ));
        }
        for class in v["whole"].as_array().into_iter().flatten() {
            spots.push((Vec::new(), class.as_u64().unwrap_or(0) as usize));
        }
        if !labels.is_empty() || !spots.is_empty() {
            let lang = v["lang"].as_str().map(str::to_owned);
            out.push(Row {
                text,
                lang,
                set: if soft { "soft".to_owned() } else { set },
                labels,
                spots,
                weight,
            });
        }
    }
    Ok(out)
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (files, options): (Vec<&String>, Vec<&String>) = args.iter().partition(|a| !a.contains('='));
    let option = |name: &str, default: f32| {
        let found = options.iter().find_map(|o| o.strip_prefix(&format!("{name}=")));
        found.and_then(|v| v.parse().ok()).unwrap_or(default)
    };
    let mut learn = rows(files[0], 1.0, false)?;
    let val = rows(files[1], 1.0, false)?;
    if let Some(path) = files.get(3) {
        learn.extend(rows(path, option("soft", 1.0), true)?);
    }
    // Small sets of few languages would be drowned by the large ones.
    for row in &mut learn {
        if row.set.starts_with("umsab") {
            row.weight *= option("umsab", 2.0)
        }
        if row.set.starts_with("mams") || row.set.starts_with("dong") {
            row.weight *= option("aimed", 1.5)
        }
    }
    // On romanised Hindi the sentiment model is no better than chance.
    let spoken: std::collections::BTreeSet<String> = learn
        .iter()
        .filter_map(|r| r.lang.clone())
        .filter(|l| l != "hi")
        .collect();
    let spoken: Vec<String> = spoken.into_iter().collect();
    let plan = Plan {
        id: "panel@1".to_owned(),
        heads: HEADS
            .iter()
            .map(|(name, labels)| HeadPlan {
                name: (*name).to_owned(),
                labels: labels.iter().map(|l| (*l).to_owned()).collect(),
                languages: if ["sentiment", "target"].contains(name) {
                    spoken.clone()
                } else {
                    Vec::new()
                },
                biased: if *name == "sentiment" {
                    vec!["th".to_owned()]
                } else {
                    Vec::new()
                },
            })
            .collect(),
        features: models::features::FeatureSpec::posts(option("bits", 20.0) as u8),
        word_weight: option("words", 2.0),
        near_bits: option("near", 18.0) as u8,
        passes: option("passes", 8.0) as usize,
        rate: option("rate", 0.2),
        balance: option("balance", 0.8),
        decay: option("decay", 0.0),
        seed: 1,
    };
    eprintln!("{} rows, {} to judge", learn.len(), val.len());
    let panel = train(&plan, &learn, &val, &mut |pass, loss| {
        eprintln!("pass {pass}: {loss:.4}")
    })?;
    std::fs::write(files[2], panel.to_bytes()?)?;
    let panel = Panel::load(&std::fs::read(files[2])?)?;
    let language = Language::load(&std::fs::read("models/language/weights.gsm")?)?;
    judge(&panel, &language, &val);
    Ok(())
}

fn judge(panel: &Panel, language: &Language, val: &[Row]) {
    let mut sets: BTreeMap<(String, usize), Vec<Answer>> = BTreeMap::new();
    let (mut tokens, mut scratch, mut readout) = (Tokens::new(), Scratch::new(), Readout::default());
    for row in val {
        tokens.read(&row.text);
        panel.read(&tokens, &mut scratch, &mut readout);
        let lang = language.identify(&tokens, &mut scratch).lang;
        for (head, truth) in &row.labels {
            let p = panel
                .probabilities(&panel.header().heads[*head], &readout, Some(lang), &mut scratch)
                .to_vec();
            let given = models::linear::argmax(&p) as u16;
            let answer = Answer {
                given,
                probabilities: p,
                truth: models::linear::argmax(truth) as u16,
                lang: None,
            };
            sets.entry((row.set.clone(), *head)).or_default().push(answer);
        }
        for (spans, class) in &row.spots {
            if let Some(s) = panel.target(&tokens, &readout, spans, lang, &mut scratch) {
                let answer = Answer {
                    given: s.label as u16,
                    probabilities: s.probabilities.to_vec(),
                    truth: *class as u16,
                    lang: None,
                };
                sets.entry((row.set.clone(), 7)).or_default().push(answer);
            }
        }
    }
    let (mut umsab, mut afri) = (Vec::new(), Vec::new());
    for ((set, head), answers) in &sets {
        let labels: Vec<String> = HEADS[*head].1.iter().map(|l| (*l).to_owned()).collect();
        let q = evaluate(&labels, answers);
        let pn = ["negative", "positive"]
            .iter()
            .filter_map(|l| q.per_class.get(*l))
            .map(|c| c.f1)
            .sum::<f64>()
            / 2.0;
        if set.starts_with("umsab") {
            umsab.push(q.macro_f1)
        }
        if set.starts_with("afrisenti") {
            let n: usize = q.per_class.values().map(|c| c.n as usize).sum();
            afri.push(q.per_class.values().map(|c| c.f1 * c.n as f64).sum::<f64>() / n as f64);
            continue;
        }
        println!(
            "{set:24} {:10} n {:5} acc {:.1} macro-F1 {:.1} recall {:.1} pn {:.1} ECE {:.3}",
            HEADS[*head].0,
            q.n,
            100.0 * q.accuracy,
            100.0 * q.macro_f1,
            100.0 * q.macro_recall,
            100.0 * pn,
            q.ece
        );
    }
    let mean = |v: &[f64]| 100.0 * v.iter().sum::<f64>() / v.len().max(1) as f64;
    println!(
        "UMSAB mean macro-F1 {:.1} | AfriSenti mean weighted F1 {:.1}",
        mean(&umsab),
        mean(&afri)
    );
}
