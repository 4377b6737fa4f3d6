//! What is looked at in a mention.

use crate::hash::{self, pair};
use crate::terms::{TermKind, Terms};
use text::{TokenKind, Tokens};

/// A mention as relevance sees it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Input<'t> {
    /// Its text.
    pub text: &'t str,
    /// Who wrote it; 0 where unknown. What an author wrote before tells something.
    pub author: u64,
    /// Its language, as any number; 0 where unknown.
    pub language: u64,
    /// Whether it is in another language than most of the monitor's mentions.
    pub is_foreign: bool,
    /// Further figures about −1 to 1, always the same ones in the same order: for instance its likeness to what is meant
    /// in an embedding.
    pub dense: &'t [f32],
}

/// Hashed features with their weights, ascending, of unit length; behind their 2 ^ bits places what is taken as it is: whether
/// the language is another one, and the further figures.
pub type Vector = Vec<(u32, f32)>;

/// Reads mentions into vectors. Reuse one value: its buffers are kept.
#[derive(Debug, Default)]
pub struct Features {
    terms: Terms,
    tokens: Tokens,
}

/// Figures taken as they are, at most: one for the language, the others further ones.
pub(super) const PLAIN: usize = 64;

/// Letters of a fragment of a word.
const FRAGMENT: usize = 3;

impl Features {
    /// An empty value.
    pub fn new() -> Self {
        Self::default()
    }

    /// The vector of a mention in 2 ^ `bits` places: words, tags, pairs and sites, fragments of words, handles, author and
    /// language.
    pub fn read(&mut self, input: &Input, bits: u32) -> Vector {
        let mask = (1u64 << bits) - 1;
        let mut out: Vector = Vec::with_capacity(64);
        let mut push = |key: u64, weight: f32| out.push(((hash::mix(key) & mask) as u32, weight));
        for term in self.terms.read(input.text) {
            let weight = match term.kind {
                TermKind::Word | TermKind::Tag => 1.0,
                TermKind::Site => 1.5,
                TermKind::Pair => 0.5,
            };
            push(term.key, weight);
        }
        self.tokens.read(input.text);
        for token in self.tokens.iter() {
            let key = self.tokens.key(token);
            match (token.kind, token.sigil) {
                (TokenKind::Word, b'@') => push(pair(hash::text(key), 2), 1.0),
                (TokenKind::Word, _) if key.len() < 64 => {
                    let bytes = key.as_bytes();
                    for fragment in bytes.windows(FRAGMENT.min(bytes.len()).max(1)) {
                        push(pair(hash::bytes(fragment), 3), 0.3);
                    }
                    // How words end tells the language.
                    push(pair(hash::bytes(&bytes[bytes.len().saturating_sub(2)..]), 4), 0.3);
                }
                _ => {}
            }
        }
        if input.author != 0 {
            push(pair(input.author, 5), 0.7);
        }
        if input.language != 0 {
            push(pair(input.language, 6), 2.0);
        }
        unit(&mut out);
        let plain = [f32::from(u8::from(input.is_foreign))];
        let plain = plain.iter().chain(input.dense).take(PLAIN).enumerate();
        let said = plain.filter(|(_, value)| value.is_finite() && **value != 0.0);
        out.extend(said.map(|(i, value)| ((1u32 << bits) + i as u32, *value)));
        out
    }
}

/// Sorted, what fell together added up, of unit length.
fn unit(vector: &mut Vector) {
    vector.sort_unstable_by_key(|(place, _)| *place);
    vector.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    // A word said five times is not five times the evidence.
    vector.iter_mut().for_each(|(_, w)| *w = w.sqrt());
    let norm = vector.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(1e-6);
    vector.iter_mut().for_each(|(_, w)| *w /= norm);
}
