//! Pairs of accounts that shared an object within a window.

use super::Share;
use crate::hash::{KeyMap, KeySet};

/// What two accounts shared within the window of each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// The account with the lower key.
    pub first: u64,
    /// The other.
    pub second: u64,
    /// Pairs of shares of the same object within the window.
    pub weight: u32,
    /// Distinct objects among them, ascending.
    pub objects: Vec<u64>,
    /// Mean of the seconds between the two shares.
    pub apart: f64,
}

/// A pair of shares.
struct Pair {
    accounts: (u64, u64),
    posts: (u64, u64),
    object: u64,
    apart: i64,
}

/// The edges as CooRTweet's `detect_groups` and `generate_coordinated_network` give them (Righetti and Balluff; Giglietto
/// et al. 2020): accounts with fewer than `least` shares are left out; shares of one object at most `window` seconds apart
/// make a pair, unless they are of one account or one post or the object is one of the posts; of these, pairs are kept
/// where either post is of an account with at least `least` shares that are in a pair. Ascending by accounts.
pub fn edges(shares: &[Share], window: i64, least: usize) -> Vec<Edge> {
    let active = participants(shares, least);
    let pairs = pairs(&active, window);
    let paired: KeySet<u64> = pairs.iter().flat_map(|p| [p.posts.0, p.posts.1]).collect();
    let again: Vec<Share> = active
        .iter()
        .filter(|s| paired.contains(&s.post))
        .copied()
        .collect();
    let kept: KeySet<u64> = participants(&again, least).iter().map(|s| s.post).collect();
    let mut edges: KeyMap<(u64, u64), Edge> = KeyMap::default();
    for pair in pairs
        .iter()
        .filter(|p| kept.contains(&p.posts.0) || kept.contains(&p.posts.1))
    {
        let (first, second) = pair.accounts;
        let edge = edges.entry(pair.accounts).or_insert_with(|| Edge {
            first,
            second,
            weight: 0,
            objects: Vec::new(),
            apart: 0.0,
        });
        edge.weight += 1;
        edge.apart += (pair.apart as f64 - edge.apart) / f64::from(edge.weight);
        if let Err(at) = edge.objects.binary_search(&pair.object) {
            edge.objects.insert(at, pair.object);
        }
    }
    let mut out: Vec<Edge> = edges.into_values().collect();
    out.sort_by_key(|e| (e.first, e.second));
    out
}

/// The shares of accounts with at least so many.
pub fn participants(shares: &[Share], least: usize) -> Vec<Share> {
    let mut counts: KeyMap<u64, usize> = KeyMap::default();
    for share in shares {
        *counts.entry(share.account).or_default() += 1;
    }
    let enough = |s: &&Share| counts.get(&s.account).is_some_and(|n| *n >= least);
    shares.iter().filter(enough).copied().collect()
}

fn pairs(shares: &[Share], window: i64) -> Vec<Pair> {
    let mut sorted = shares.to_vec();
    sorted.sort_unstable_by_key(|s| (s.object, s.at, s.account, s.post));
    let mut out = Vec::new();
    let mut first = 0;
    for (i, late) in sorted.iter().enumerate() {
        while sorted[first].object != late.object || late.at - sorted[first].at > window {
            first += 1;
        }
        for early in &sorted[first..i] {
            let loops = early.account == late.account
                || early.post == late.post
                || late.object == early.post
                || late.object == late.post;
            if !loops {
                out.push(Pair {
                    accounts: (early.account.min(late.account), early.account.max(late.account)),
                    posts: (early.post, late.post),
                    object: late.object,
                    apart: late.at - early.at,
                });
            }
        }
    }
    out
}
