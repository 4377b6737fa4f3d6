//! Why there is a peak: its excess in parts that add up, the words that are new in it, its first post, what is owed to
//! reposts, the mood inside against outside, and three posts that stand for the rest.
//!
//! Everything names the posts it rests on. No language model is needed.

mod medoids;
mod parts;
mod shifts;

use crate::hash::{KeyMap, KeySet};
use crate::intervals::{Estimate, net_sentiment};

pub use medoids::Medoid;
pub use parts::{Dimension, Part, Parts};
pub use shifts::{Shift, shifts};

/// A mention as an explanation sees it. What the keys of a dimension mean is the caller's.
#[derive(Debug, Clone, Copy)]
pub struct Item<'t> {
    /// The post.
    pub key: u64,
    /// Who wrote it.
    pub author: u64,
    /// When, Unix seconds.
    pub at: i64,
    /// Where.
    pub platform: u64,
    /// How far the author reaches, in tiers.
    pub tier: u64,
    /// Its copies; its own key where it is alone.
    pub group: u64,
    /// What it is about.
    pub topic: u64,
    /// Its language.
    pub language: u64,
    /// Where it comes from.
    pub place: u64,
    /// The post it reposts.
    pub repost_of: Option<u64>,
    /// Negative, neutral or positive: 0, 1, 2.
    pub sentiment: Option<u8>,
    /// Its text.
    pub text: &'t str,
}

/// Posts owed to reposts of one post.
#[derive(Debug, Clone, PartialEq)]
pub struct Reposts {
    /// The post.
    pub of: u64,
    /// Its reposts in the peak.
    pub posts: u64,
    /// Their share of the peak.
    pub share: f64,
}

/// A peak explained.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Posts in the peak.
    pub posts: u64,
    /// Texts in it, copies counted once.
    pub texts: u64,
    /// Authors in it.
    pub authors: u64,
    /// Posts that were to be expected.
    pub expected: f64,
    /// Posts beyond that.
    pub excess: f64,
    /// The excess by each dimension.
    pub parts: Vec<Parts>,
    /// The terms that are most over-used in the peak, the most telling first.
    pub terms: Vec<Shift>,
    /// The first post of the peak with one of its three most telling terms, and its time.
    pub first: Option<(u64, i64)>,
    /// What is owed to the most reposted post.
    pub reposts: Option<Reposts>,
    /// Net sentiment in the peak, and outside; from 30 scored posts on.
    pub sentiment: (Option<Estimate>, Option<Estimate>),
    /// Up to three posts that stand for the rest.
    pub medoids: Vec<Medoid>,
}

/// Posts named as evidence.
const EVIDENCE: usize = 5;

/// Explains the posts of a peak by those of `windows` windows of the same length before it, best at the same hours of
/// earlier weeks.
pub fn explain(inside: &[Item], before: &[Item], windows: f64) -> Explanation {
    let windows = windows.max(1e-9);
    let expected = before.len() as f64 / windows;
    let distinct = |of: &dyn Fn(&Item) -> u64| inside.iter().map(of).collect::<KeySet<u64>>().len() as u64;
    let terms = shifts(inside, before);
    Explanation {
        posts: inside.len() as u64,
        texts: distinct(&|i| i.group),
        authors: distinct(&|i| i.author),
        expected,
        excess: inside.len() as f64 - expected,
        parts: Dimension::ALL
            .iter()
            .map(|d| parts::parts(*d, inside, before, windows))
            .collect(),
        first: first(inside, &terms),
        terms,
        reposts: reposts(inside),
        sentiment: (mood(inside), mood(before)),
        medoids: medoids::medoids(inside),
    }
}

/// The earliest post with one of the leading terms; of all, where there are no terms.
fn first(inside: &[Item], terms: &[Shift]) -> Option<(u64, i64)> {
    let told: KeySet<u64> = terms.iter().take(3).flat_map(|t| t.first).collect();
    let of = |i: &&Item| told.is_empty() || told.contains(&i.key);
    inside
        .iter()
        .filter(of)
        .min_by_key(|i| (i.at, i.key))
        .map(|i| (i.key, i.at))
}

fn reposts(inside: &[Item]) -> Option<Reposts> {
    let mut counts: KeyMap<u64, u64> = KeyMap::default();
    for of in inside.iter().filter_map(|i| i.repost_of) {
        *counts.entry(of).or_default() += 1;
    }
    let (of, posts) = counts.into_iter().max_by_key(|(of, n)| (*n, *of))?;
    Some(Reposts {
        of,
        posts,
        share: posts as f64 / inside.len() as f64,
    })
}

fn mood(items: &[Item]) -> Option<Estimate> {
    let mut counts = [0u64; 3];
    for mood in items.iter().filter_map(|i| i.sentiment).filter(|s| *s < 3) {
        counts[usize::from(mood)] += 1;
    }
    net_sentiment(counts[0], counts[1], counts[2])
}
