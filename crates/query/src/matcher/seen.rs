//! What of a monitor set is seen in the post at hand, and what its programs note down.

use super::atoms::{Atoms, flag};
use super::prefetch::prefetch;

/// First and last token of an occurrence.
pub(crate) type Span = (u32, u32);

/// An atom that has no place.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// More occurrences are looked up in an order of their own.
const MANY: usize = 48;

/// The atoms of one post. Cleared by what was set, so that it costs what the post holds, not what the set holds.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    bits: Vec<u64>,
    list: Vec<u32>,
    /// Those of the list under which queries are listed.
    pub(crate) posted: Vec<u32>,
    /// Atom and token, in the order of the text.
    occurrences: Vec<(u32, u32)>,
    /// The same by atom, where there are many.
    by_atom: Vec<(u32, u32)>,
    /// Token, atom and flags of what may be half of a pair.
    pub(crate) halves: Vec<(u32, u32, u8)>,
}

impl Seen {
    /// Forgets the last post and makes room for a set.
    pub(crate) fn begin(&mut self, atoms: usize) {
        for &atom in &self.list {
            self.bits[atom as usize >> 6] = 0;
        }
        let words = atoms.div_ceil(64);
        if self.bits.len() < words {
            self.bits.resize(words, 0);
        }
        self.list.clear();
        self.posted.clear();
        self.occurrences.clear();
        self.by_atom.clear();
        self.halves.clear();
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bits.len() * 8
    }

    /// Whether the atom is present in the post.
    pub(crate) fn has(&self, atom: u32) -> bool {
        self.bits[atom as usize >> 6] & 1 << (atom & 63) != 0
    }

    /// Notes an atom at a token, or [`NOWHERE`]. `firsts` says where postings begin.
    pub(crate) fn mark(&mut self, atom: u32, flags: u8, token: u32, atoms: &Atoms, firsts: &[u32]) {
        let word = &mut self.bits[atom as usize >> 6];
        let bit = 1 << (atom & 63);
        if *word & bit == 0 {
            *word |= bit;
            self.list.push(atom);
            if flags & flag::POSTED != 0 {
                prefetch(firsts, atom as usize);
                self.posted.push(atom);
            }
        }
        if token != NOWHERE {
            if flags & flag::PLACED != 0 {
                // Twice where several keys of a token lead to it: who reads occurrences puts them in order anyway.
                self.occurrences.push((atom, token));
            }
            if flags & (flag::LEFT | flag::RIGHT) != 0 {
                self.halves.push((token, atom, flags));
            }
        }
        if flags & flag::DERIVED != 0 {
            for &other in atoms.derived.get(atom) {
                self.mark(other, atoms.flags[other as usize], token, atoms, firsts);
            }
        }
    }

    /// To be called once all is marked.
    pub(crate) fn finish(&mut self) {
        if self.occurrences.len() > MANY {
            self.by_atom.extend_from_slice(&self.occurrences);
            self.by_atom.sort_unstable();
        }
    }

    /// The tokens of a placed atom, in order.
    pub(crate) fn occurrences(&self, atom: u32) -> impl Iterator<Item = u32> {
        let list: &[(u32, u32)] = if !self.has(atom) {
            &[]
        } else if self.by_atom.is_empty() {
            &self.occurrences
        } else {
            let first = self.by_atom.partition_point(|o| o.0 < atom);
            let count = self.by_atom[first..].partition_point(|o| o.0 == atom);
            &self.by_atom[first..first + count]
        };
        list.iter().filter(move |o| o.0 == atom).map(|o| o.1)
    }

    /// Whether a placed atom is at the token.
    pub(crate) fn is_at(&self, atom: u32, token: u32) -> bool {
        if self.by_atom.is_empty() {
            self.occurrences.contains(&(atom, token))
        } else {
            self.by_atom.binary_search(&(atom, token)).is_ok()
        }
    }
}

/// What programs note down while they run over one post.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) spans: Vec<Span>,
    /// For each shared node: 0 where it was not asked yet, else 1 or 2.
    answers: Vec<u8>,
    asked: Vec<u32>,
}

impl Notes {
    pub(crate) fn begin(&mut self, shared: usize) {
        self.spans.clear();
        self.asked.iter().for_each(|&n| self.answers[n as usize] = 0);
        self.asked.clear();
        if self.answers.len() < shared {
            self.answers.resize(shared, 0);
        }
    }

    pub(crate) fn recall(&self, number: u32) -> Option<bool> {
        match self.answers[number as usize] {
            0 => None,
            answer => Some(answer == 2),
        }
    }

    pub(crate) fn remember(&mut self, number: u32, holds: bool) {
        self.answers[number as usize] = 1 + u8::from(holds);
        self.asked.push(number);
    }
}

/// A set of numbers that is cleared by what was put in.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    bits: Vec<u64>,
    list: Vec<u32>,
}

impl Marks {
    pub(crate) fn begin(&mut self, numbers: usize) {
        self.list.iter().for_each(|&n| self.bits[n as usize >> 6] = 0);
        self.list.clear();
        let words = numbers.div_ceil(64);
        if self.bits.len() < words {
            self.bits.resize(words, 0);
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bits.len() * 8
    }

    /// Whether it was not in yet.
    pub(crate) fn insert(&mut self, number: u32) -> bool {
        let word = &mut self.bits[number as usize >> 6];
        let bit = 1 << (number & 63);
        let new = *word & bit == 0;
        if new {
            *word |= bit;
            self.list.push(number);
        }
        new
    }
}
