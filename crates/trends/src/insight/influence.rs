//! Who is answered, repeated and quoted by others.

use std::collections::BTreeMap;

/// The share of attention that follows links, rather than anybody (Brin and Page 1998).
pub const DAMPING: f64 = 0.85;
/// Rounds at most, and the change below which the ranks stand.
const ROUNDS: usize = 200;
const STILL: f64 = 1e-10;

/// Somebody answered, repeated or quoted a post of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Who did.
    pub from: u64,
    /// Whose post it was.
    pub to: u64,
    /// The post.
    pub object: u64,
}

/// What an author received.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Received {
    /// The author.
    pub author: u64,
    /// Other authors who answered, repeated or quoted them.
    pub people: u32,
    /// How often: each other author once for each post.
    pub times: u32,
    /// Their posts that were.
    pub posts: u32,
    /// PageRank: the share of attention that comes to rest here. Over all authors of the links it adds up to 1.
    pub rank: f64,
}

/// What each author of these links received from others, those who received nothing included, in the order of their keys.
/// Somebody's links to themselves are left out; one to the same post counts once, however often it is made. The weight of
/// a link between two authors is the number of posts. Attention of those who link to nobody goes to all alike.
pub fn received(links: &[Link]) -> Vec<Received> {
    let mut links: Vec<Link> = links.iter().filter(|l| l.from != l.to).copied().collect();
    links.sort_unstable();
    links.dedup();
    let mut weights: BTreeMap<(u64, u64), u32> = BTreeMap::new();
    for link in &links {
        *weights.entry((link.from, link.to)).or_default() += 1;
    }
    let mut authors: Vec<u64> = links.iter().flat_map(|l| [l.from, l.to]).collect();
    authors.sort_unstable();
    authors.dedup();
    let place = |author: u64| authors.partition_point(|a| *a < author);
    let mut out: Vec<Received> = authors
        .iter()
        .map(|&author| Received {
            author,
            people: 0,
            times: 0,
            posts: 0,
            rank: 0.0,
        })
        .collect();
    let edges: Vec<(usize, usize, f64)> = weights
        .iter()
        .map(|(&(from, to), &weight)| {
            let to = place(to);
            out[to].people += 1;
            out[to].times += weight;
            (place(from), to, f64::from(weight))
        })
        .collect();
    let mut posts: Vec<(u64, u64)> = links.iter().map(|l| (l.to, l.object)).collect();
    posts.sort_unstable();
    posts.dedup();
    posts.iter().for_each(|(to, _)| out[place(*to)].posts += 1);
    for (one, rank) in out.iter_mut().zip(ranks(&edges, authors.len())) {
        one.rank = rank;
    }
    out
}

fn ranks(edges: &[(usize, usize, f64)], count: usize) -> Vec<f64> {
    let mut leaving = vec![0.0; count];
    edges
        .iter()
        .for_each(|(from, _, weight)| leaving[*from] += weight);
    let even = 1.0 / count.max(1) as f64;
    let mut ranks = vec![even; count];
    for _ in 0..ROUNDS {
        let idle: f64 = ranks
            .iter()
            .zip(&leaving)
            .filter(|(_, out)| **out == 0.0)
            .map(|(rank, _)| rank)
            .sum();
        let mut next = vec![(1.0 - DAMPING + DAMPING * idle) * even; count];
        for (from, to, weight) in edges {
            next[*to] += DAMPING * ranks[*from] * weight / leaving[*from];
        }
        let moved: f64 = ranks.iter().zip(&next).map(|(a, b)| (a - b).abs()).sum();
        ranks = next;
        if moved < STILL {
            break;
        }
    }
    ranks
}
