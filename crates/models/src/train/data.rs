//! Labelled texts, and keeping the same text from standing on both sides.

use foldhash::fast::RandomState;
use std::collections::HashSet;
use std::hash::BuildHasher;
use text::{TokenKind, Tokens};

/// A labelled post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// Its text.
    pub text: String,
    /// Its label.
    pub label: String,
    /// Its language (ISO 639), where known.
    pub lang: Option<String>,
    /// The data set it comes from; classes are balanced within a set.
    pub set: String,
}

/// A number that two texts share when they differ only in case, punctuation, links, handles or lengthening: what would
/// leak from one set into another.
pub fn text_key(tokens: &Tokens) -> u64 {
    let mut key = 0u64;
    for t in tokens
        .iter()
        .filter(|t| t.kind != TokenKind::Url && t.sigil != b'@')
    {
        for c in tokens.key(t).chars() {
            key = (key.rotate_left(5) ^ u64::from(c)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
        key = key.rotate_left(9) ^ 1;
    }
    key
}

/// What [`deduplicate`] took out.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// Texts that also stand in the validation data.
    pub in_validation: usize,
    /// Texts that stand in the training data before, with the same label.
    pub repeated: usize,
}

/// Takes out of `train` every text that recurs in `validation` and every repetition with the same label; the first one stays.
pub fn deduplicate(train: Vec<Labelled>, validation: &[Labelled]) -> (Vec<Labelled>, Removed) {
    let mut tokens = Tokens::new();
    let mut key = |text: &str| {
        tokens.read(text);
        text_key(&tokens)
    };
    let held: HashSet<u64, RandomState> = validation.iter().map(|l| key(&l.text)).collect();
    let mut seen: HashSet<(u64, String), RandomState> = HashSet::default();
    let mut removed = Removed::default();
    let kept = train
        .into_iter()
        .filter(|l| {
            let key = key(&l.text);
            let leaks = held.contains(&key);
            let repeated = !leaks && !seen.insert((key, l.label.clone()));
            removed.in_validation += usize::from(leaks);
            removed.repeated += usize::from(repeated);
            !leaks && !repeated
        })
        .collect();
    (kept, removed)
}

/// Parts `examples` by a hash of their texts: about `share` of them, the same ones for the same seed, go second.
pub fn split(examples: Vec<Labelled>, share: f64, seed: u64) -> (Vec<Labelled>, Vec<Labelled>) {
    let mut tokens = Tokens::new();
    let hasher = foldhash::fast::FixedState::with_seed(seed);
    examples.into_iter().partition(|l| {
        tokens.read(&l.text);
        let draw = hasher.hash_one(text_key(&tokens)) >> 11;
        draw as f64 / (1u64 << 53) as f64 >= share
    })
}
