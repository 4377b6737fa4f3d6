//! What was posted lately, for answers, reposts and quotes to refer to.

use super::lang::Lang;
use super::platforms::Platform;
use super::truth::Truth;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::collections::VecDeque;
use std::sync::Arc;

/// A post that can still be answered.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) uid: String,
    pub(super) root: String,
    pub(super) handle: String,
    pub(super) platform: Platform,
    pub(super) community: Option<String>,
    pub(super) title: Option<String>,
    pub(super) text: String,
    pub(super) hashtags: Vec<String>,
    pub(super) urls: Vec<String>,
    /// Whether it stands on its own and is worth repeating.
    pub(super) opening: bool,
    /// About the number of likes it will have.
    pub(super) appeal: f64,
    pub(super) truth: Truth,
}

/// The latest posts of every language.
#[derive(Debug, Default)]
pub(super) struct Recent {
    by_lang: [VecDeque<Arc<Seen>>; 10],
}

/// How many posts of a language stay answerable.
const KEPT: usize = 600;
/// How many are looked at to find one on the right platform.
const LOOKS: usize = 24;

impl Recent {
    pub(super) fn remember(&mut self, seen: Arc<Seen>) {
        let ring = &mut self.by_lang[seen.truth.lang as usize];
        if ring.len() == KEPT {
            ring.pop_front();
        }
        ring.push_back(seen);
    }

    /// A recent post on the platform: the newer and the more appealing, the likelier.
    pub(super) fn find(&self, lang: Lang, platform: Platform, rng: &mut ChaCha8Rng) -> Option<Arc<Seen>> {
        let ring = &self.by_lang[lang as usize];
        if ring.is_empty() {
            return None;
        }
        let mut best: Option<&Arc<Seen>> = None;
        for _ in 0..LOOKS {
            let back: f64 = rng.random_range(0.0..1.0);
            let at = ring.len() - 1 - (back * back * ring.len() as f64) as usize;
            let seen = &ring[at];
            if seen.platform == platform && best.is_none_or(|b| b.appeal < seen.appeal) {
                best = Some(seen);
            }
        }
        best.cloned()
    }
}
