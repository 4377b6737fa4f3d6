//! The running slot.

use super::{Config, Post};
use crate::hash::{KeyMap, pair};
use crate::sketches::{Bloom, Counts, Lowest};
use crate::terms::TermKind;
use serde::{Deserialize, Serialize};

/// So many votes bring a term from the sketch among the exact ones.
const PROMOTED: f32 = 2.0;
/// Posts kept as evidence.
const EVIDENCE: usize = 5;

/// A term that several people said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) text: String,
    pub(super) kind: TermKind,
    pub(super) scope: u64,
    pub(super) votes: u32,
    pub(super) posts: Lowest,
    pub(super) evidence: Vec<u64>,
}

/// Votes of the slot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Slot {
    pub(super) posts: u32,
    pub(super) counts: Counts,
    pub(super) exact: KeyMap<u64, Entry>,
    voted: Bloom,
}

impl Slot {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            posts: 0,
            counts: Counts::new(config.width),
            exact: KeyMap::default(),
            voted: Bloom::new(config.width),
        }
    }

    /// A vote, unless the author or a copy of the post has given it.
    pub(super) fn vote(
        &mut self,
        key: u64,
        post: &Post,
        word: impl FnOnce() -> (String, TermKind),
        config: &Config,
    ) {
        let by_author = self.voted.insert(pair(key, post.author));
        let by_group = self.voted.insert(pair(!key, post.group));
        if !by_author || !by_group {
            // The post is no further voice, but says which terms stand together.
            if let Some(entry) = self.exact.get_mut(&key) {
                entry.posts.insert(post.key);
            }
            return;
        }
        let votes = self.counts.add(key, 1.0);
        if votes < PROMOTED {
            return;
        }
        if !self.exact.contains_key(&key) {
            if self.exact.len() >= config.exact {
                return;
            }
            let (text, kind) = word();
            let entry = Entry {
                text,
                kind,
                scope: post.scope,
                votes: 0,
                posts: Lowest::default(),
                evidence: Vec::new(),
            };
            self.exact.insert(key, entry);
        }
        if let Some(entry) = self.exact.get_mut(&key) {
            entry.votes = (entry.votes + 1).max(votes as u32);
            entry.posts.insert(post.key);
            if entry.evidence.len() < EVIDENCE {
                entry.evidence.push(post.key);
            }
        }
    }

    pub(super) fn clear(&mut self) {
        self.posts = 0;
        self.counts.clear();
        self.exact.clear();
        self.voted.clear();
    }

    pub(super) fn bytes(&self) -> usize {
        self.counts.bytes() + self.voted.bytes() + self.exact.len() * 600
    }
}
