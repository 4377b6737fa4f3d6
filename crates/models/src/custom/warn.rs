//! What to know and mend of labelled rows.

use super::groups::Groups;
use super::report::{LabelCount, Warning};
use crate::metrics::Quality;

/// Rows below which figures are rough.
const FEW: usize = 200;
/// Rows of a label below which it can hardly be learnt or judged.
const FEW_OF_LABEL: usize = 8;
/// A label with more than this share outweighs the others.
const MOST: f64 = 0.8;
/// Two labels are confused if this share of one is taken for the other.
const CONFUSED: f64 = 0.2;
/// Examples and pairs that are told.
const TOLD: usize = 10;

/// Of the rows themselves. `rows[i]` is the place of row `i` among those given.
pub(super) fn of_rows(
    groups: &Groups,
    classes: &[u16],
    counts: &[LabelCount],
    rows: &[usize],
) -> Vec<Warning> {
    let mut out = Vec::new();
    let n = classes.len();
    if n < FEW {
        out.push(Warning::FewRows { rows: n });
    }
    let few: Vec<LabelCount> = counts.iter().filter(|c| c.rows < FEW_OF_LABEL).cloned().collect();
    if !few.is_empty() {
        out.push(Warning::FewOfLabel { labels: few });
    }
    if let Some(most) = counts
        .iter()
        .max_by_key(|c| c.rows)
        .filter(|c| c.rows as f64 > MOST * n as f64)
    {
        let share = most.rows as f64 / n as f64;
        out.push(Warning::Imbalance {
            label: most.label.clone(),
            share,
        });
    }
    let repeated = groups.rows.iter().filter(|g| g.len() > 1);
    let (texts, repeats) = repeated.fold((0, 0), |(t, r), g| (t + 1, r + g.len() - 1));
    if texts > 0 {
        out.push(Warning::Duplicates { rows: repeats, texts });
    }
    let contradicting: Vec<&Vec<u32>> = groups.contradicting(classes).collect();
    if !contradicting.is_empty() {
        let place = |g: &&Vec<u32>| g.iter().take(TOLD).map(|&r| rows[r as usize]).collect();
        out.push(Warning::Contradictions {
            texts: contradicting.len(),
            examples: contradicting.iter().take(TOLD).map(place).collect(),
        });
    }
    out
}

/// Of how well they were told apart.
pub(super) fn of_quality(quality: &Quality, most_frequent: f64) -> Vec<Warning> {
    let mut out = Vec::new();
    let accuracy = quality.intervals.accuracy[0];
    if accuracy <= most_frequent {
        out.push(Warning::NoBetter {
            accuracy,
            most_frequent,
        });
    }
    let mut pairs = Vec::new();
    for (truth, row) in quality.confusion.iter().enumerate() {
        let n: u64 = row.iter().sum();
        for (given, &count) in row.iter().enumerate() {
            let share = count as f64 / n.max(1) as f64;
            if given != truth && share >= CONFUSED && count >= 3 {
                pairs.push((
                    quality.labels[truth].clone(),
                    quality.labels[given].clone(),
                    share,
                ));
            }
        }
    }
    pairs.sort_by(|a, b| b.2.total_cmp(&a.2));
    pairs.truncate(TOLD);
    if !pairs.is_empty() {
        out.push(Warning::Confused { pairs });
    }
    out
}
