//! Words that are more frequent in the peak than before.

use super::{EVIDENCE, Item};
use crate::hash::{KeyMap, KeySet, pair};
use crate::intervals::{Estimate, Z};
use crate::terms::{TermKind, Terms};

/// The weight of the prior, in words (Monroe, Colaresi and Quinn recommend some hundreds for short texts).
const PRIOR: f64 = 500.0;
/// Terms shown.
const SHOWN: usize = 10;
/// A term that fewer authors say explains nothing.
const AUTHORS: u32 = 3;
/// Of two terms whose posts are the same to this share, the stronger is shown.
const SAME: f64 = 0.8;

/// A term that is over-used in the peak.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// What it reads as.
    pub text: String,
    /// What it is.
    pub kind: TermKind,
    /// Log-odds against the other side, shrunk by the prior, with their 95 % interval.
    pub log_odds: Estimate,
    /// The same in standard deviations.
    pub z: f64,
    /// Authors in the peak, and before; copies counted once.
    pub authors: (u32, u32),
    /// Some of its posts in the peak.
    pub evidence: Vec<u64>,
    /// Its first post in the peak.
    pub first: Option<u64>,
}

#[derive(Default)]
struct Count {
    inside: u32,
    before: u32,
    posts: Vec<u64>,
    text: Option<(String, TermKind)>,
}

/// Log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, Political Analysis 16:372), counted by
/// author and group of copies, so that one busy account or one repost does not win: the terms that are over-used on the
/// first side, the most telling first. It tells brands and periods apart as well as a peak from before.
pub fn shifts(inside: &[Item], before: &[Item]) -> Vec<Shift> {
    let mut counts: KeyMap<u64, Count> = KeyMap::default();
    let mut order: Vec<&Item> = inside.iter().collect();
    order.sort_by_key(|i| (i.at, i.key));
    let inside_votes = votes(&order, true, &mut counts);
    let before_votes = votes(&before.iter().collect::<Vec<_>>(), false, &mut counts);
    let (n, m) = (inside_votes as f64, before_votes as f64);
    let mut found: Vec<(f64, f64, Count)> = counts
        .into_values()
        .filter(|c| c.inside >= AUTHORS)
        .map(|count| {
            let (a, b) = (f64::from(count.inside), f64::from(count.before));
            let prior = (a + b) * PRIOR / (n + m);
            let odds = |count: f64, all: f64| ((count + prior) / (all + PRIOR - count - prior)).ln();
            let log_odds = odds(a, n) - odds(b, m);
            let deviation = (1.0 / (a + prior) + 1.0 / (b + prior)).sqrt();
            (log_odds / deviation, log_odds, count)
        })
        .filter(|(z, _, _)| *z > 0.0)
        .collect();
    let name = |c: &Count| c.text.as_ref().map(|t| t.0.clone());
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| name(&a.2).cmp(&name(&b.2))));
    let mut out: Vec<Shift> = Vec::new();
    let mut sets: Vec<KeySet<u64>> = Vec::new();
    for (z, log_odds, count) in found {
        let posts: KeySet<u64> = count.posts.iter().copied().collect();
        let same = |other: &KeySet<u64>| {
            let both = posts.intersection(other).count() as f64;
            both >= SAME * posts.len().max(other.len()) as f64
        };
        let Some((text, kind)) = count.text.filter(|_| !sets.iter().any(same)) else {
            continue;
        };
        out.push(Shift {
            text,
            kind,
            log_odds: Estimate {
                value: log_odds,
                low: log_odds * (1.0 - Z / z),
                high: log_odds * (1.0 + Z / z),
            },
            z,
            authors: (count.inside, count.before),
            evidence: count.posts.iter().take(EVIDENCE).copied().collect(),
            first: count.posts.first().copied(),
        });
        sets.push(posts);
        if out.len() == SHOWN {
            break;
        }
    }
    out
}

fn votes(items: &[&Item], inside: bool, counts: &mut KeyMap<u64, Count>) -> u64 {
    let mut voted: KeySet<u64> = KeySet::default();
    let mut terms = Terms::new();
    let mut all = 0;
    for item in items {
        terms.read(item.text);
        for term in terms.list() {
            let author = voted.insert(pair(term.key, item.author));
            let group = voted.insert(pair(!term.key, item.group));
            let count = counts.entry(term.key).or_default();
            if inside {
                count.posts.push(item.key);
            }
            if !author || !group {
                continue;
            }
            all += 1;
            if inside {
                count.inside += 1;
                if count.text.is_none() {
                    count.text = Some((terms.text(term), term.kind));
                }
            } else {
                count.before += 1;
            }
        }
    }
    all
}
