//! Says what became of everything: for people, and as JSON.

use super::From;
use super::plan::{Outcome, Plan};
use query::import::LossKind;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What happened to an item, in one word.
fn word(outcome: &Outcome) -> &'static str {
    match outcome.severity {
        Some(LossKind::Dropped) if outcome.becomes.is_some() => "partly dropped",
        Some(kind) => kind.name(),
        None => "carried",
    }
}

pub(super) fn as_text(plan: &Plan) -> String {
    let mut out = String::new();
    for o in &plan.outcomes {
        let becomes = o.becomes.as_ref().map(|b| format!(" → {b}")).unwrap_or_default();
        let _ = writeln!(out, "{}: {} {}{becomes}: {}", o.file, o.kind, o.name, word(o));
        for reason in &o.reasons {
            let _ = writeln!(out, "    {reason}");
        }
        for loss in &o.losses {
            let _ = writeln!(
                out,
                "    {}, bytes {}–{}: {} ({})",
                loss.severity.name(),
                loss.at.start,
                loss.at.end,
                loss.message,
                loss.code
            );
        }
    }
    for (file, why) in &plan.skipped {
        let _ = writeln!(out, "{file}: skipped: {why}");
    }
    for ((kind, word), n) in counts(plan) {
        if word == "dropped" {
            let _ = writeln!(out, "not carried: {n} of kind {kind}");
        }
    }
    let _ = writeln!(
        out,
        "{} monitors, {} lists, {} conditions in comments; {} items not carried, {} files skipped",
        plan.monitors.len(),
        plan.lists.len(),
        plan.conditions.len(),
        plan.outcomes.iter().filter(|o| word(o) == "dropped").count(),
        plan.skipped.len()
    );
    out
}

fn counts(plan: &Plan) -> BTreeMap<(&'static str, &'static str), u64> {
    let mut counts = BTreeMap::new();
    for o in &plan.outcomes {
        *counts.entry((o.kind, word(o))).or_default() += 1;
    }
    counts
}

pub(super) fn as_json(from: From, plan: &Plan) -> Value {
    let item = |o: &Outcome| {
        json!({
            "file": o.file, "kind": o.kind, "name": o.name, "outcome": word(o), "becomes": o.becomes,
            "reasons": o.reasons, "losses": o.losses,
        })
    };
    let count = |((kind, word), n): ((&str, &str), u64)| json!({"kind": kind, "outcome": word, "n": n});
    json!({
        "from": from.dialect().name(),
        "monitors": plan.monitors.len(),
        "lists": plan.lists.len(),
        "counts": counts(plan).into_iter().map(count).collect::<Value>(),
        "items": plan.outcomes.iter().map(item).collect::<Value>(),
        "skipped": plan.skipped.iter().map(|(f, w)| json!({"file": f, "why": w})).collect::<Value>(),
    })
}
