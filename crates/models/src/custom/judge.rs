//! Figures of the values that cross-validation gave.

use super::mix::{Mix, Values, belonging};
use super::report::Abstention;
use crate::calibrate::ece;
use crate::linear::{argmax, softmax};
use crate::metrics::{Answer, Quality, evaluate};

/// Everything that is judged of a model.
pub(super) struct Judged {
    pub(super) quality: Quality,
    pub(super) words: Option<Quality>,
    pub(super) ece_before: f64,
    pub(super) abstention: Abstention,
    /// How well a text must belong, with states and by words alone.
    pub(super) thresholds: [f32; 2],
}

/// Judges values of rows with these classes, languages and folds. The probabilities of a fold are those of a mix fitted on
/// the other folds. `keep` is the share of rows that shall not be abstained on.
pub(super) fn judge(
    values: &Values,
    truth: &[u16],
    langs: &[Option<String>],
    folds: &[u8],
    labels: &[String],
    keep: f64,
) -> Judged {
    let count = folds.iter().max().map_or(0, |&f| usize::from(f) + 1);
    let mixes: Vec<Mix> = (0..count)
        .map(|fold| {
            let others: Vec<usize> = (0..truth.len())
                .filter(|&r| usize::from(folds[r]) != fold)
                .collect();
            Mix::fit(values, truth, &others)
        })
        .collect();
    let of = |r: usize| &mixes[usize::from(folds[r])];
    let mixed: Vec<Vec<f32>> = (0..truth.len()).map(|r| values.mixed(r, of(r).weight)).collect();
    let answers = |values: &[Vec<f32>], temperature: &dyn Fn(&Mix) -> f32| -> Vec<Answer> {
        let one = |(r, v): (usize, &Vec<f32>)| {
            let mut probabilities = Vec::new();
            softmax(v, temperature(of(r)), &mut probabilities);
            Answer::of(probabilities, truth[r], langs[r].clone())
        };
        values.iter().enumerate().map(one).collect()
    };
    let quality = evaluate(labels, &answers(&mixed, &|m| m.temperature));
    let words = values
        .states
        .as_ref()
        .map(|_| evaluate(labels, &answers(&values.words, &|m| m.words_temperature)));
    let raw: Vec<Vec<f32>> = answers(&mixed, &|_| 1.0)
        .into_iter()
        .map(|a| a.probabilities)
        .collect();
    let (abstention, threshold) = abstention(&mixed, truth, keep);
    let words_threshold = match &values.states {
        Some(_) => self::abstention(&values.words, truth, keep).1,
        None => threshold,
    };
    Judged {
        quality,
        words,
        ece_before: ece(&raw, truth),
        abstention,
        thresholds: [threshold, words_threshold],
    }
}

/// The threshold that leaves a share `keep` of the rows, and what thresholds cost and gain.
fn abstention(values: &[Vec<f32>], truth: &[u16], keep: f64) -> (Abstention, f32) {
    let mut rows: Vec<(f32, bool)> = values
        .iter()
        .zip(truth)
        .map(|(v, &t)| (belonging(v), argmax(v) == usize::from(t)))
        .collect();
    rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let at = |share: f64| {
        let n = ((rows.len() as f64 * share).ceil() as usize).clamp(1, rows.len().max(1));
        let right = rows.iter().take(n).filter(|r| r.1).count();
        (n, right as f64 / n as f64)
    };
    let (answered, accuracy) = at(keep);
    let threshold = rows.get(answered - 1).map_or(f32::MIN, |r| r.0);
    let curve = (1..=10)
        .rev()
        .map(|i| f64::from(i) / 10.0)
        .map(|s| [s, at(s).1])
        .collect();
    (
        Abstention {
            answered: answered as f64 / rows.len().max(1) as f64,
            accuracy,
            curve,
        },
        threshold,
    )
}
