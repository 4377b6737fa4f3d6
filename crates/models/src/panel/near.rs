//! What stands around a target: features of its neighbourhood, for sentiment toward it.
//!
//! The target's name alone is no feature: whom a post names must not decide how it is judged. What is said beside it is
//! one together with the name as well: *cold* praises a beer and blames a soup.

use crate::features::{negates, of_values, to_bucket};
use std::ops::Range;
use text::{Token, TokenKind, Tokens};

/// Tokens further from a target than this say nothing of it alone; the whole post's features hold them.
const REACH: usize = 12;
/// Tokens within this distance are its closest.
const CLOSE: usize = 3;
/// How many words a negation reaches.
const NEGATION: usize = 4;
/// Letters of a word that stand for its stem.
const STEM: usize = 5;
/// Words that begin a new thought, in the languages of the training data.
const TURNS: [&str; 31] = [
    "but",
    "however",
    "although",
    "though",
    "while",
    "whereas",
    "yet",
    "except",
    "unless",
    "than",
    "vs",
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

/// Parts of a post around a target. [`Part::CLOSE`] overlaps the others.
pub(super) struct Part;

impl Part {
    /// In the target's clause, before it.
    pub(super) const LEFT: u8 = 1;
    /// In the target's clause, after it.
    pub(super) const RIGHT: u8 = 2;
    /// In other clauses.
    pub(super) const REST: u8 = 4;
    /// A few tokens away at most.
    pub(super) const CLOSE: u8 = 8;
    /// All of them.
    pub(super) const ALL: [u8; 4] = [Self::LEFT, Self::RIGHT, Self::REST, Self::CLOSE];
}

/// Where the tokens of a text stand, seen from a target.
#[derive(Debug, Default, Clone)]
pub(super) struct Around {
    own: Vec<bool>,
    clauses: Vec<u32>,
    /// For each token the nearest token of the target.
    nearest: Vec<usize>,
    /// The parts each token is in, 0 for the target itself.
    parts: Vec<u8>,
}

impl Around {
    /// Looks at `spans`, bytes of the text. Without any, the whole post is the rest.
    pub(super) fn of(tokens: &Tokens, spans: &[Range<usize>]) -> Self {
        let inside = |t: &Token| {
            spans
                .iter()
                .any(|s| (t.start as usize) < s.end && (t.end as usize) > s.start)
        };
        let own: Vec<bool> = tokens.iter().map(inside).collect();
        let targets: Vec<usize> = (0..own.len()).filter(|&i| own[i]).collect();
        let clauses = clauses(tokens);
        let nearest = |i: usize| targets.iter().copied().min_by_key(|t| t.abs_diff(i));
        let part = |i: usize| match nearest(i) {
            _ if own[i] => 0,
            None => Part::REST,
            Some(t) => {
                let same = targets.iter().any(|&t| clauses[t] == clauses[i]);
                let side = if i < t { Part::LEFT } else { Part::RIGHT };
                let close = if t.abs_diff(i) <= CLOSE { Part::CLOSE } else { 0 };
                close | if same { side } else { Part::REST }
            }
        };
        Self {
            parts: (0..own.len()).map(part).collect(),
            nearest: (0..own.len()).map(|i| nearest(i).unwrap_or(i)).collect(),
            clauses,
            own,
        }
    }

    /// Whether token `i` belongs to the target.
    pub(super) fn is_own(&self, i: usize) -> bool {
        self.own.get(i).copied().unwrap_or(false)
    }

    /// Whether token `i` stands in a part.
    pub(super) fn is_in(&self, i: usize, part: u8) -> bool {
        self.parts.get(i).is_some_and(|p| p & part != 0)
    }

    /// Replaces `out` by the buckets of what stands around the target.
    pub(super) fn features(&self, tokens: &Tokens, bits: u8, out: &mut Vec<u32>) {
        out.clear();
        if !self.own.contains(&true) {
            return;
        }
        let list = tokens.as_slice();
        let mut put = |values: &[u64]| out.push(to_bucket(of_values(values), bits));
        let name = self.name(tokens);
        let mut negated_until = 0;
        for (i, t) in list.iter().enumerate() {
            if self.own[i] || t.kind == TokenKind::Url {
                continue;
            }
            if negates(tokens.key(t)) {
                negated_until = i + NEGATION;
            }
            let (distance, after) = (self.nearest[i].abs_diff(i), u64::from(i > self.nearest[i]));
            let (word, stem) = hashed(tokens, t);
            let negated = u64::from(i < negated_until);
            let same = self.parts[i] & Part::REST == 0;
            put(&[11, name, word, negated]);
            if same {
                put(&[1, word, negated]);
                put(&[2, word, after]);
                put(&[8, stem, negated]);
            } else {
                put(&[3, word]);
            }
            if distance > REACH {
                continue;
            }
            let ring = [0, 1, 2, 3, 3, 4, 4, 4][distance.min(7)];
            put(&[4, word, ring]);
            put(&[5, word, ring.min(3), after, negated]);
            put(&[9, stem, ring]);
            if i + 1 < list.len() && !self.own[i + 1] {
                let next = hashed(tokens, &list[i + 1]).0;
                put(&[6, word, next, u64::from(same)]);
                if distance <= 4 {
                    put(&[7, word, next, after]);
                }
            }
        }
        self.place(list, &mut put);
    }

    /// The words of the target's first place as one number.
    fn name(&self, tokens: &Tokens) -> u64 {
        let own = tokens.iter().enumerate().skip_while(|(i, _)| !self.is_own(*i));
        let first = own.take_while(|(i, _)| self.is_own(*i));
        first.fold(0x4E, |h, (_, t)| {
            let key = tokens.plain(t).unwrap_or_else(|| tokens.key(t));
            key.bytes().fold(h, |h, b| of_values(&[h, u64::from(b)]))
        })
    }

    /// How the target itself stands: its sigil, whether it comes first, how long its clause is.
    fn place(&self, list: &[Token], put: &mut impl FnMut(&[u64])) {
        for (t, token) in list.iter().enumerate().filter(|(t, _)| self.own[*t]) {
            let clause = self.clauses.iter().filter(|c| **c == self.clauses[t]).count();
            put(&[
                10,
                u64::from(token.sigil),
                u64::from(t == 0),
                clause.min(6) as u64,
            ]);
        }
    }
}

/// A token as a number, and the beginning of its word.
fn hashed(tokens: &Tokens, t: &Token) -> (u64, u64) {
    if t.sigil == b'@' {
        return (0x40, 0x40);
    }
    let key = tokens.plain(t).unwrap_or_else(|| tokens.key(t));
    let of = |key: &str| key.bytes().fold(0x57, |h, b| of_values(&[h, u64::from(b)]));
    let stem = key.char_indices().nth(STEM).map_or(key, |(end, _)| &key[..end]);
    (of(key), of(stem))
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
