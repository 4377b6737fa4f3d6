//! How often the gazetteer answers, and how often it is right: `place_accuracy target/gazetteer/sample.tsv`.
//!
//! The sample, made by `scripts/gazetteer.sh`, holds every place of GeoNames from 500 people on, in three forms that its
//! people may write. Each counts as often as it has people: the figures are those of a person drawn among all of them.
#![allow(clippy::unwrap_used)]

use post::Place;
use std::collections::BTreeMap;
use std::time::Instant;

#[derive(Default)]
struct Tally {
    people: f64,
    answered: f64,
    right: f64,
    confidence: f64,
}

fn main() {
    let path = std::env::args().nth(1).expect("sample.tsv");
    let sample = std::fs::read_to_string(path).unwrap();
    let mut forms: BTreeMap<&str, Tally> = BTreeMap::new();
    // Confidence in steps of a tenth.
    let mut steps: BTreeMap<u8, Tally> = BTreeMap::new();
    let mut rows = Vec::new();
    for line in sample.lines() {
        let mut fields = line.splitn(4, '\t');
        let mut next = || fields.next().unwrap();
        let (form, country, people, text) = (next(), next(), next().parse::<f64>().unwrap(), next());
        rows.push(text);
        let found = Place::stated(text);
        let step = found
            .as_ref()
            .map(|p| steps.entry((p.confidence * 10.0) as u8).or_default());
        for tally in [Some(forms.entry(form).or_default()), step].into_iter().flatten() {
            tally.people += people;
            if let Some(place) = &found {
                tally.answered += people;
                tally.confidence += people * f64::from(place.confidence);
                tally.right += if place.country == country { people } else { 0.0 };
            }
        }
    }
    for (form, t) in &forms {
        let (answered, right) = (100.0 * t.answered / t.people, 100.0 * t.right / t.answered);
        println!(
            "{form:14} answered {answered:5.1} %, of these right {right:5.2} %, mean confidence {:.2}",
            t.confidence / t.answered
        );
    }
    for (step, t) in &steps {
        let from = f64::from(*step) / 10.0;
        println!(
            "confidence from {from:.1}: right {:5.2} %",
            100.0 * t.right / t.answered
        );
    }
    let start = Instant::now();
    for text in &rows {
        std::hint::black_box(Place::stated(text));
    }
    println!(
        "{:.2} µs each",
        start.elapsed().as_secs_f64() * 1e6 / rows.len() as f64
    );
}
