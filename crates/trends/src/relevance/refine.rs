//! What a word more in the query would do.

use super::precision::weighted_share;
use crate::hash::{KeyMap, KeySet};
use crate::intervals::Estimate;
use crate::terms::{TermKind, Terms};

/// A term that the query might exclude, with what that is predicted to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What it reads as.
    pub text: String,
    /// What it is.
    pub kind: TermKind,
    /// Judged mentions with it.
    pub judged: usize,
    /// Their authors.
    pub authors: usize,
    /// Precision now.
    pub before: Estimate,
    /// Precision without the mentions that have the term.
    pub after: Estimate,
    /// The share of what is meant that would be lost, with its interval.
    pub lost: Estimate,
}

/// A term that fewer authors use is no rule.
const AUTHORS: usize = 5;
/// Candidates given.
const SHOWN: usize = 10;

/// Terms whose exclusion would raise precision, of judged mentions (text, author, relevant, probability of having been
/// chosen for judging): P' = (TP − TP_t) ÷ (N − N_t), R' = 1 − TP_t ÷ TP, each mention weighing for those not judged. The
/// best first, by precision gained less twice what is lost; of equals the longer word.
pub fn candidates(judged: &[(&str, u64, bool, f64)]) -> Vec<Candidate> {
    let weighted = |keep: &dyn Fn(usize) -> bool| -> Vec<(f64, f64)> {
        let kept = judged.iter().enumerate().filter(|(i, j)| keep(*i) && j.3 > 0.0);
        kept.map(|(_, j)| (1.0 / j.3, f64::from(u8::from(j.2)))).collect()
    };
    let Some(before) = weighted_share(&weighted(&|_| true)) else {
        return Vec::new();
    };
    let mut found: KeyMap<u64, (String, TermKind, Vec<usize>)> = KeyMap::default();
    let mut terms = Terms::new();
    for (i, (text, ..)) in judged.iter().enumerate() {
        terms.read(text);
        for term in terms.list() {
            let entry = found
                .entry(term.key)
                .or_insert_with(|| (terms.text(term), term.kind, Vec::new()));
            entry.2.push(i);
        }
    }
    let mut out: Vec<Candidate> = found
        .into_values()
        .filter_map(|(text, kind, with)| {
            let authors = with.iter().map(|i| judged[*i].1).collect::<KeySet<u64>>().len();
            if authors < AUTHORS {
                return None;
            }
            let inside: KeySet<u64> = with.iter().map(|i| *i as u64).collect();
            let after = weighted_share(&weighted(&|i| !inside.contains(&(i as u64))))?;
            let meant: Vec<(f64, f64)> = judged
                .iter()
                .enumerate()
                .filter(|(_, j)| j.2 && j.3 > 0.0)
                .map(|(i, j)| (1.0 / j.3, f64::from(u8::from(inside.contains(&(i as u64))))))
                .collect();
            Some(Candidate {
                text,
                kind,
                judged: with.len(),
                authors,
                before,
                after,
                lost: weighted_share(&meant)?,
            })
        })
        .filter(|c| c.after.value > c.before.value)
        .collect();
    let gain = |c: &Candidate| c.after.value - c.before.value - 2.0 * c.lost.value;
    let rank = |c: &Candidate| (c.kind, std::cmp::Reverse(c.text.len()), c.text.clone());
    out.sort_by(|a, b| gain(b).total_cmp(&gain(a)).then_with(|| rank(a).cmp(&rank(b))));
    out.truncate(SHOWN);
    out
}
