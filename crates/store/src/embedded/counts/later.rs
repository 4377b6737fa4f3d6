//! Counts by post that never change once made: layers of sorted lists, the newest on top.
//!
//! A commit adds a layer of what it changed. A layer that is not more than twice as long as the one above it is merged with
//! that, so that there are few and each entry is copied a few times in all, while every snapshot keeps the layers it knows.

use crate::document::engagement;
use post::{Counts, PostKey};
use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Commits whose changed posts are remembered.
const RECENT: usize = 64;
/// Changed posts remembered at most.
const RECENT_POSTS: usize = 200_000;

/// A post's counts and the generation that shows them first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::embedded) struct Late {
    /// All counts of the post, those that did not change included.
    pub(in crate::embedded) counts: Counts,
    /// The generation of the change.
    pub(in crate::embedded) generation: u64,
}

impl Late {
    /// See [`engagement`].
    pub(in crate::embedded) fn engagement(&self) -> u64 {
        engagement(&self.counts)
    }
}

type Layer = Vec<(PostKey, Option<Late>)>;

/// The counts of a partition at one commit. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(in crate::embedded) struct Later {
    /// Differs whenever the content does; of two of a partition the newer has the larger.
    version: u64,
    layers: Vec<Arc<Layer>>,
    /// What the last changes were about, by the version they made.
    recent: VecDeque<(u64, Arc<Vec<PostKey>>)>,
}

impl Later {
    pub(in crate::embedded) fn version(&self) -> u64 {
        self.version
    }

    pub(in crate::embedded) fn is_empty(&self) -> bool {
        self.layers.is_empty()
    }

    /// Entries at most.
    pub(in crate::embedded) fn len(&self) -> usize {
        self.layers.iter().map(|layer| layer.len()).sum()
    }

    /// The counts of a post, where it has any here.
    pub(in crate::embedded) fn of(&self, post: PostKey) -> Option<&Late> {
        for layer in self.layers.iter().rev() {
            if let Ok(at) = layer.binary_search_by_key(&post, |(key, _)| *key) {
                return layer[at].1.as_ref();
            }
        }
        None
    }

    /// The same with these changes.
    pub(super) fn with(&self, changes: BTreeMap<PostKey, Option<Late>>) -> Self {
        static VERSIONS: AtomicU64 = AtomicU64::new(1);
        let mut next = self.clone();
        if changes.is_empty() {
            return next;
        }
        next.version = VERSIONS.fetch_add(1, Ordering::Relaxed);
        next.recent
            .push_back((next.version, Arc::new(changes.keys().copied().collect())));
        while next.recent.len() > RECENT
            || next.recent.iter().map(|r| r.1.len()).sum::<usize>() > RECENT_POSTS
        {
            next.recent.pop_front();
        }
        next.layers.push(Arc::new(changes.into_iter().collect()));
        while let [.., below, above] = next.layers.as_slice()
            && below.len() <= 2 * above.len()
        {
            let merged = Arc::new(merged(below, above));
            next.layers.truncate(next.layers.len() - 2);
            next.layers.push(merged);
        }
        if let [only] = next.layers.as_slice()
            && only.iter().any(|(_, late)| late.is_none())
        {
            let living: Layer = only.iter().filter(|(_, late)| late.is_some()).copied().collect();
            next.layers = Some(living)
                .filter(|l| !l.is_empty())
                .map(Arc::new)
                .into_iter()
                .collect();
        }
        next
    }

    /// The posts that changed after a version; `None` where that is not remembered.
    pub(super) fn changed_since(&self, version: u64) -> Option<Vec<PostKey>> {
        if self.version == version {
            return Some(Vec::new());
        }
        let known = self.recent.iter().position(|(v, _)| *v == version)?;
        let later = self.recent.iter().skip(known + 1);
        let mut posts: Vec<PostKey> = later.flat_map(|(_, posts)| posts.iter().copied()).collect();
        posts.sort_unstable();
        posts.dedup();
        Some(posts)
    }

    /// All posts with counts here, in the order of their keys.
    pub(in crate::embedded) fn living(&self) -> impl Iterator<Item = (PostKey, Late)> {
        let mut layers = self.layers.iter();
        let mut all: Layer = layers.next().map(|l| l.to_vec()).unwrap_or_default();
        for layer in layers {
            all = merged(&all, layer);
        }
        all.into_iter().filter_map(|(post, late)| Some((post, late?)))
    }
}

/// Two layers in one; what stands in the upper one counts.
fn merged(below: &Layer, above: &Layer) -> Layer {
    let mut out = Vec::with_capacity(below.len() + above.len());
    let mut lower = below.iter().peekable();
    for entry in above {
        while let Some(low) = lower.next_if(|low| low.0 < entry.0) {
            out.push(*low);
        }
        lower.next_if(|low| low.0 == entry.0);
        out.push(*entry);
    }
    out.extend(lower);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn late(likes: u64) -> Late {
        Late {
            counts: Counts {
                likes: Some(likes),
                ..Counts::default()
            },
            generation: likes,
        }
    }

    proptest! {
        #[test]
        fn layers_hold_what_a_plain_map_holds(
            commits in proptest::collection::vec(
                proptest::collection::btree_map(0u8..40, proptest::option::weighted(0.8, 0u64..9), 0..12), 0..30),
        ) {
            let key = |n: u8| PostKey([n; 16]);
            let (mut later, mut plain) = (Later::default(), BTreeMap::new());
            let mut earlier = Vec::new();
            for commit in commits {
                earlier.push((later.clone(), plain.clone()));
                later = later.with(commit.iter().map(|(n, likes)| (key(*n), likes.map(late))).collect());
                for (n, likes) in commit {
                    match likes {
                        Some(likes) => plain.insert(key(n), late(likes)),
                        None => plain.remove(&key(n)),
                    };
                }
            }
            for (before, then) in earlier.into_iter().chain([(later.clone(), plain.clone())]) {
                prop_assert_eq!(before.living().collect::<BTreeMap<_, _>>(), then.clone());
                for n in 0..40 {
                    prop_assert_eq!(before.of(key(n)), then.get(&key(n)));
                    let differs = then.get(&key(n)) != plain.get(&key(n));
                    if let (true, Some(changed)) = (differs && before.version() > 0, later.changed_since(before.version())) {
                        prop_assert!(changed.contains(&key(n)));
                    }
                }
            }
        }
    }
}
