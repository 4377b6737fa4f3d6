//! How good a panel is, set by set.

use crate::rows::{HEADS, heads};
use models::linear::argmax;
use models::metrics::{Answer, Quality, evaluate};
use models::panel::train::{Label, Row};
use models::panel::{Panel, Readout};
use models::{Language, SENTIMENT_LABELS, Scratch};
use std::collections::BTreeMap;
use text::Tokens;

/// The place of the head toward a target, after the others.
pub(crate) const TARGET: usize = HEADS;

/// Prints the quality on each set, the language of posts being told by `language` where it is given.
pub(crate) fn judge(panel: &Panel, language: Option<&Language>, val: &[Row]) {
    let sets = answers(panel, language, val);
    let (mut umsab, mut afrisenti) = (Vec::new(), Vec::new());
    for ((set, head), answers) in &sets {
        let (name, labels) = describe(*head);
        let q = evaluate(&labels, answers);
        if set.starts_with("umsab") {
            umsab.push(q.macro_f1);
        }
        if set.starts_with("afrisenti") {
            afrisenti.push(weighted_f1(&q));
            continue;
        }
        println!(
            "{set:22} {name:9} n {:5} acc {:.1} macro-F1 {:.1} recall {:.1} pn {:.1} ECE {:.3}",
            q.n,
            100.0 * q.accuracy,
            100.0 * q.macro_f1,
            100.0 * q.macro_recall,
            100.0 * poles(&q),
            q.ece
        );
    }
    let mean = |v: &[f64]| 100.0 * v.iter().sum::<f64>() / v.len().max(1) as f64;
    println!(
        "UMSAB mean macro-F1 {:.2} | AfriSenti mean weighted F1 {:.2}",
        mean(&umsab),
        mean(&afrisenti)
    );
}

/// The name of a head and its labels.
pub(crate) fn describe(head: usize) -> (String, Vec<String>) {
    let (name, labels) = heads().nth(head).unwrap_or(("target", &SENTIMENT_LABELS));
    (name.to_owned(), labels.iter().map(|l| (*l).to_owned()).collect())
}

/// Answers by set and head.
pub(crate) fn answers(
    panel: &Panel,
    language: Option<&Language>,
    val: &[Row],
) -> BTreeMap<(String, usize), Vec<Answer>> {
    let mut sets: BTreeMap<(String, usize), Vec<Answer>> = BTreeMap::new();
    let (mut tokens, mut scratch, mut readout) = (Tokens::new(), Scratch::new(), Readout::default());
    for row in val {
        tokens.read(&row.text);
        panel.read(&tokens, &mut scratch, &mut readout);
        let lang = match language {
            Some(model) => model.identify(&tokens, &mut scratch).lang,
            None => row.lang.as_deref().unwrap_or("en"),
        };
        for (head, label) in &row.labels {
            let Some(from) = panel.head(&describe(*head).0) else {
                continue;
            };
            let p = panel
                .probabilities(from, &readout, Some(lang), &mut scratch)
                .to_vec();
            let truth = match label {
                Label::Class(k) => *k,
                Label::Soft(p) => argmax(p),
            };
            let to = sets.entry((row.set.clone(), *head)).or_default();
            to.push(Answer::of(p, truth as u16, None));
        }
        for spot in &row.spots {
            if let Some(s) = panel.target(&tokens, &readout, &spot.spans, lang, &mut scratch) {
                let to = sets.entry((row.set.clone(), TARGET)).or_default();
                to.push(Answer::of(s.probabilities.to_vec(), spot.class as u16, None));
            }
        }
    }
    sets
}

/// The mean F1 of negative and positive.
fn poles(q: &Quality) -> f64 {
    let poles = ["negative", "positive"]
        .iter()
        .filter_map(|l| q.per_class.get(*l));
    poles.map(|c| c.f1).sum::<f64>() / 2.0
}

/// The mean F1 of the classes, by how frequent they are.
fn weighted_f1(q: &Quality) -> f64 {
    let n: u64 = q.per_class.values().map(|c| c.n).sum();
    let sum: f64 = q.per_class.values().map(|c| c.f1 * c.n as f64).sum();
    sum / n.max(1) as f64
}
