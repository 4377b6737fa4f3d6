//! Topics under a few headings, for the wheel.

use super::Topics;

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Its id, which it keeps as long as most of its posts stay.
    pub id: u64,
    /// The topics below it, the largest first.
    pub topics: Vec<u64>,
    /// Their posts.
    pub posts: u64,
}

/// Topics that are brought under headings, the largest.
const MOST: usize = 200;

impl Topics {
    /// The largest topics under at most `headings` branches: joined by the average cosine of their centroids until no
    /// more are left, or nothing is alike any more (below `least`). A branch keeps its id from call to call when it shares
    /// most of its posts with the old one.
    pub fn tree(&mut self, headings: usize, least: f32) -> Vec<Branch> {
        let mut ids: Vec<(u64, u64)> = self.places.keys().map(|id| (self.posts(*id), *id)).collect();
        ids.sort_unstable_by_key(|(posts, id)| (std::cmp::Reverse(*posts), *id));
        ids.truncate(MOST);
        let mut groups: Vec<Vec<u64>> = ids.iter().map(|(_, id)| vec![*id]).collect();
        let place = |id: u64| self.places.get(&id).copied().unwrap_or(u32::MAX);
        let mut likeness: Vec<Vec<f32>> = groups
            .iter()
            .map(|a| {
                let alike = |b: &Vec<u64>| self.index.cosine(place(a[0]), place(b[0]));
                groups.iter().map(alike).collect()
            })
            .collect();
        while groups.len() > headings.max(1) {
            let mut best = (f32::NEG_INFINITY, 0, 0);
            for (a, row) in likeness.iter().enumerate() {
                for (b, cosine) in row.iter().enumerate().take(a) {
                    if *cosine > best.0 {
                        best = (*cosine, b, a);
                    }
                }
            }
            let (cosine, into, from) = best;
            if cosine < least {
                break;
            }
            let (own, other) = (groups[into].len() as f32, groups[from].len() as f32);
            let pairs = likeness[into].iter().zip(&likeness[from]);
            let means: Vec<f32> = pairs
                .map(|(a, b)| (a * own + b * other) / (own + other))
                .collect();
            for (row, mean) in likeness.iter_mut().zip(&means) {
                row[into] = *mean;
            }
            likeness[into] = means;
            let moved = groups.swap_remove(from);
            groups[into].extend(moved);
            likeness.swap_remove(from);
            likeness.iter_mut().for_each(|row| {
                row.swap_remove(from);
            });
        }
        self.name(groups)
    }

    fn name(&mut self, groups: Vec<Vec<u64>>) -> Vec<Branch> {
        let mut branches: Vec<Branch> = groups
            .into_iter()
            .map(|topics| Branch {
                id: 0,
                posts: topics.iter().map(|t| self.posts(*t)).sum(),
                topics,
            })
            .collect();
        branches.sort_by_key(|b| (std::cmp::Reverse(b.posts), b.topics[0]));
        let mut old = std::mem::take(&mut self.branches);
        for branch in &mut branches {
            let shared = |members: &[u64]| {
                let common = branch
                    .topics
                    .iter()
                    .filter(|t| members.iter().any(|m| self.resolve(*m) == **t));
                common.map(|t| self.posts(*t)).sum::<u64>()
            };
            let best = (0..old.len()).max_by_key(|i| shared(&old[*i].1));
            branch.id = match best.filter(|i| shared(&old[*i].1) * 2 > branch.posts) {
                Some(i) => old.swap_remove(i).0,
                None => {
                    self.next += 1;
                    self.next - 1
                }
            };
        }
        self.branches = branches.iter().map(|b| (b.id, b.topics.clone())).collect();
        branches
    }
}
