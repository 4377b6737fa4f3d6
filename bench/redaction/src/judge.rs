//! Precision and recall, by kind and by language.

use crate::sets::Text;
use std::collections::BTreeMap;

/// Something taken for personal data, in bytes.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: &'static str,
}

#[derive(Default)]
struct Tally {
    planted: usize,
    gone: usize,
    taken: usize,
    right: usize,
}

/// Prints, for each set, what share of the planted data is gone (recall) and what share of what was taken is planted data
/// (precision), with 95 % Wilson intervals. A value is gone where at least four fifths of it are taken, whatever for;
/// what was taken is right where it overlaps planted data.
pub(crate) fn judge(whose: &str, texts: &[Text], found: &[Vec<Found>]) {
    let mut tallies: BTreeMap<(&str, String), Tally> = BTreeMap::new();
    for (text, found) in texts.iter().zip(found) {
        let overlap = |f: &Found, start: usize, end: usize| f.end.min(end).saturating_sub(f.start.max(start));
        for (start, end, kind) in &text.planted {
            let taken: usize = found.iter().map(|f| overlap(f, *start, *end)).sum();
            let gone = usize::from(5 * taken >= 4 * (end - start));
            for group in groups(kind, text.language) {
                let t = tallies.entry((text.set, group)).or_default();
                t.planted += 1;
                t.gone += gone;
            }
        }
        for f in found {
            let right = usize::from(
                text.planted
                    .iter()
                    .any(|(start, end, _)| overlap(f, *start, *end) > 0),
            );
            for group in groups(f.kind, text.language) {
                let t = tallies.entry((text.set, group)).or_default();
                t.taken += 1;
                t.right += right;
            }
        }
    }
    println!("\n== {whose}");
    for ((set, group), t) in &tallies {
        println!(
            "{set:22} {group:12} recall {}   precision {}",
            share(t.gone, t.planted),
            share(t.right, t.taken)
        );
    }
}

fn groups(kind: &str, language: &str) -> [String; 3] {
    [
        "all".to_owned(),
        format!("kind {kind}"),
        format!("lang {language}"),
    ]
}

/// A share with its 95 % interval (Wilson 1927, without continuity correction).
fn share(part: usize, of: usize) -> String {
    if of == 0 {
        return "      –                         ".to_owned();
    }
    let (n, z) = (of as f64, 1.959_964_f64);
    let p = part as f64 / n;
    let middle = p + z * z / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    format!(
        "{p:.4} [{:.3}, {:.3}] {part:5}/{of:<5}",
        ((middle - half) / scale).max(0.0),
        ((middle + half) / scale).min(1.0)
    )
}
