//! The table of goals, each figure with its interval, and calibration.

use crate::goals::{GOALS, Goal};
use crate::judge::{Judged, Pair};
use models::calibrate::{brier, ece, ece_by_chance};
use models::metrics::Answer;
use std::collections::BTreeMap;

/// Chooses a tier's answer.
pub(crate) type Chosen = fn(&Pair) -> &Answer;

/// Prints the table. `plain` is how both tiers were served before anything was learnt of pooling them.
pub(crate) fn run(judged: &Judged, plain: &Judged) {
    println!("== quality on development parts: figure [95 % interval] (goal)");
    for goal in &GOALS {
        let sets = sets(judged, goal);
        let n: usize = sets.iter().map(|(_, pairs)| pairs.len()).sum();
        let tier = |chosen: Chosen, aim: f64| {
            let (figure, half) = mean(goal, &sets, chosen);
            let mark = if figure >= aim { "reached" } else { "short" };
            format!(
                "{figure:.1} [{:.1}, {:.1}] ({aim:.0}, {mark})",
                figure - half,
                figure + half
            )
        };
        println!(
            "{:36} {:13} n {n:5} | fast {} | full {}",
            goal.what,
            goal.metric.name(),
            tier(|p| &p.fast, goal.fast),
            tier(|p| &p.full, goal.full),
        );
        if sets.len() > 1 {
            for (name, pairs) in &sets {
                let fast = goal.metric.figure(pairs.iter().map(|p| &p.fast));
                let full = goal.metric.figure(pairs.iter().map(|p| &p.full));
                println!("    {name:20} n {:4} fast {fast:.1} full {full:.1}", pairs.len());
            }
        }
    }
    println!(
        "== calibration over all development sets of a task (goal: ECE of 0.04 at most), out of fold; in brackets what"
    );
    println!("   perfectly calibrated answers of the same confidence would show by chance");
    for (task, sets) in judged {
        for (tier, chosen) in [("fast", (|p| &p.fast) as Chosen), ("full", |p| &p.full)] {
            let (p, truth) = of_all(sets, chosen);
            let (before, truth_before) = of_all(&plain[task], chosen);
            println!(
                "{task:10} {tier} n {:5} ECE {:.3} -> {:.3} ({:.3}) Brier {:.3} -> {:.3}",
                p.len(),
                ece(&before, &truth_before),
                ece(&p, &truth),
                ece_by_chance(&p),
                brier(&before, &truth_before),
                brier(&p, &truth)
            );
        }
    }
}

/// The probabilities and truths of a tier over all sets.
pub(crate) fn of_all(sets: &BTreeMap<String, Vec<Pair>>, chosen: Chosen) -> (Vec<Vec<f32>>, Vec<u16>) {
    let answers = sets.values().flatten().map(chosen);
    answers.map(|a| (a.probabilities.clone(), a.truth)).unzip()
}

/// The sets of a goal.
pub(crate) fn sets<'j>(judged: &'j Judged, goal: &Goal) -> Vec<(&'j str, &'j [Pair])> {
    let of_task = judged.get(goal.task).into_iter().flatten();
    of_task
        .filter(|(name, _)| {
            let of_goal = goal.sets.iter().any(|s| name.starts_with(s));
            // `tweeteval` alone is sentiment; its other tasks have longer names.
            of_goal && (goal.sets != ["tweeteval"] || *name == "tweeteval")
        })
        .map(|(name, pairs)| (name.as_str(), pairs.as_slice()))
        .collect()
}

/// The mean over sets, and half the width of its interval: the sets' errors are independent.
pub(crate) fn mean(goal: &Goal, sets: &[(&str, &[Pair])], chosen: Chosen) -> (f64, f64) {
    let k = sets.len().max(1) as f64;
    let (mut sum, mut squares) = (0.0, 0.0);
    for (_, pairs) in sets {
        sum += goal.metric.figure(pairs.iter().map(chosen));
        let [low, high] = goal.metric.interval(pairs.iter().map(chosen));
        squares += ((high - low) / 2.0).powi(2);
    }
    (sum / k, squares.sqrt() / k)
}
