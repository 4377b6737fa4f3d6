//! The cascade's curve: how good the answers are when the full tier reads the share of posts the fast one is least sure
//! of.

use crate::goals::{GOALS, Goal};
use crate::judge::{Judged, Pair};
use crate::quality::sets;
use models::linear::argmax;
use models::metrics::Answer;

/// Shares of posts sent to the full tier, in percent.
const SHARES: [usize; 12] = [0, 10, 20, 25, 30, 35, 40, 50, 60, 70, 85, 100];

/// Prints the curve of each goal.
pub(crate) fn run(judged: &Judged) {
    println!(
        "== cascade: the figure by the share of posts (percent) that the full tier reads, least sure first"
    );
    let head: Vec<String> = SHARES.iter().map(|s| format!("{s:>5}")).collect();
    println!("{:36} {}", "", head.join(" "));
    for goal in &GOALS {
        let sets = sets(judged, goal);
        let curve: Vec<f64> = SHARES.iter().map(|share| figure(goal, &sets, *share)).collect();
        let shown: Vec<String> = curve.iter().map(|v| format!("{v:5.1}")).collect();
        let full = curve.last().copied().unwrap_or_default();
        let least = SHARES.iter().zip(&curve).find(|(_, v)| **v >= full - 0.5);
        let least = least.map_or(100, |(share, _)| *share);
        println!(
            "{:36} {} | within 0.5 of full from {least} % on",
            goal.what,
            shown.join(" ")
        );
    }
}

fn figure(goal: &Goal, sets: &[(&str, &[Pair])], share: usize) -> f64 {
    let mut all: Vec<&Pair> = sets.iter().flat_map(|(_, pairs)| *pairs).collect();
    all.sort_by(|a, b| sure(a).total_cmp(&sure(b)));
    let sent = all.len() * share / 100;
    // The first that is not sent tells who is: ties are few, and even out.
    let limit = all.get(sent).map_or(f32::INFINITY, |p| sure(p));
    let chosen = |p: &Pair| -> Answer {
        if sure(p) < limit {
            p.full.clone()
        } else {
            p.fast.clone()
        }
    };
    let figures = sets.iter().map(|(_, pairs)| {
        let answers: Vec<Answer> = pairs.iter().map(chosen).collect();
        goal.metric.figure(answers.iter())
    });
    figures.sum::<f64>() / sets.len().max(1) as f64
}

fn sure(pair: &Pair) -> f32 {
    let p = &pair.fast.probabilities;
    p.get(argmax(p)).copied().unwrap_or_default()
}
