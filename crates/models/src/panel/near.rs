//! What stands around a target: features of its neighbourhood, for sentiment toward it.
//!
//! The target itself is no feature: whom a post names must not decide how it is judged.

use crate::error::ModelError;
use crate::features::{negates, of_values, to_bucket};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use text::{Token, TokenKind, Tokens};

/// Tokens further from a target than this say nothing of it alone; the whole post's features hold them.
const REACH: usize = 12;
/// Words that begin a new thought, in the languages of the training data.
const TURNS: [&str; 28] = [
    "but",
    "however",
    "although",
    "though",
    "while",
    "whereas",
    "yet",
    "except",
    "aber",
    "jedoch",
    "sondern",
    "während",
    "mais",
    "pourtant",
    "pero",
    "aunque",
    "sino",
    "ma",
    "però",
    "mas",
    "porém",
    "но",
    "а",
    "зато",
    "однако",
    "لكن",
    "maar",
    "ama",
];

/// The head toward a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Near {
    /// The neighbourhood's features fall into `2^bits` buckets.
    pub bits: u8,
    /// Per class, what a weight of 1 stands for.
    pub scale: [f32; 3],
    /// Weights of the post's own sentiment values: `[class][value]`.
    pub post: [[f32; 3]; 3],
    /// The name of the panel's head whose values are added: what the whole post says toward whatever it names.
    pub head: String,
    /// How the values become probabilities.
    pub calibration: super::HeadCalibration,
}

impl Near {
    pub(super) fn table_len(&self) -> usize {
        3usize << self.bits
    }

    pub(super) fn check(&self) -> Result<(), ModelError> {
        let numbers = self.scale.iter().chain(self.post.iter().flatten());
        if !(8..=20).contains(&self.bits) || numbers.into_iter().any(|v| !v.is_finite()) {
            return Err(ModelError::Header(
                "the head toward a target is out of range".to_owned(),
            ));
        }
        Ok(())
    }
}

/// Which tokens of a text belong to a target, by bytes of the text.
pub(super) fn own(tokens: &Tokens, spans: &[Range<usize>]) -> Vec<bool> {
    let inside = |t: &Token| {
        spans
            .iter()
            .any(|s| (t.start as usize) < s.end && (t.end as usize) > s.start)
    };
    tokens.iter().map(inside).collect()
}

/// Replaces `out` by the buckets of what stands around a target.
pub(super) fn features(tokens: &Tokens, own: &[bool], bits: u8, out: &mut Vec<u32>) {
    out.clear();
    let list = tokens.as_slice();
    let clauses = clauses(tokens);
    let targets: Vec<usize> = (0..list.len()).filter(|&i| own[i]).collect();
    let mut put = |values: &[u64]| out.push(to_bucket(of_values(values), bits));
    let key = |i: usize| hashed(tokens, &list[i]);
    let mut negated_until = 0;
    for i in 0..list.len() {
        if own[i] || list[i].kind == TokenKind::Url {
            continue;
        }
        let Some(&nearest) = targets.iter().min_by_key(|&&t| t.abs_diff(i)) else {
            return;
        };
        let (distance, after) = (nearest.abs_diff(i), u64::from(i > nearest));
        let word = key(i);
        if negates(tokens.key(&list[i])) {
            negated_until = i + 4;
        }
        let negated = u64::from(i < negated_until);
        let same = targets.iter().any(|&t| clauses[t] == clauses[i]);
        if same {
            put(&[1, word, negated]);
            put(&[2, word, after]);
        } else {
            put(&[3, word]);
        }
        if distance > REACH {
            continue;
        }
        let ring = [0, 1, 2, 3, 3, 4, 4, 4][distance.min(7)];
        put(&[4, word, ring]);
        put(&[5, word, ring.min(3), after, negated]);
        if i + 1 < list.len() && !own[i + 1] {
            put(&[6, word, key(i + 1), u64::from(same)]);
            if distance <= 4 {
                put(&[7, word, key(i + 1), after]);
            }
        }
    }
    for &t in &targets {
        let clause = (0..list.len()).filter(|&i| clauses[i] == clauses[t]).count();
        put(&[
            8,
            u64::from(list[t].sigil),
            u64::from(t == 0),
            clause.min(6) as u64,
        ]);
    }
}

fn hashed(tokens: &Tokens, t: &Token) -> u64 {
    match (t.kind, t.sigil) {
        (_, b'@') => 0x40,
        (TokenKind::Emoji, _) => word(tokens.plain(t).unwrap_or_else(|| tokens.key(t))),
        _ => word(tokens.key(t)),
    }
}

fn word(key: &str) -> u64 {
    key.bytes().fold(0x57, |h, b| of_values(&[h, u64::from(b)]))
}

/// The number of the clause each token stands in: signs and turning words begin a new one.
fn clauses(tokens: &Tokens) -> Vec<u32> {
    let norm = tokens.normalised();
    let (mut clause, mut end) = (0, 0);
    tokens
        .iter()
        .map(|t| {
            let range = t.norm_range();
            let gap = norm.get(end..range.start).unwrap_or_default();
            if gap.contains(['.', ',', ';', '!', '?', ':', '…', '\n', '،', '؟', '。', '，'])
                || TURNS.contains(&tokens.key(t))
            {
                clause += 1;
            }
            end = range.end;
            clause
        })
        .collect()
}
