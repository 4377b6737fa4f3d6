//! What one thread knows of the post at hand. Reused from post to post: an ordinary post allocates nothing.

use super::atoms::{Atoms, LEFT, PLACED, RIGHT};
use crate::ast::FieldName;
use crate::document::Document;
use crate::reading::Reading;
use crate::values::{Wanted, field_values};

/// First and last token of an occurrence.
pub(crate) type Span = (u32, u32);

const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Occurrence {
    atom: u32,
    token: u32,
    /// The next one of the same atom.
    next: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// The post in which it was last present.
    epoch: u32,
    head: u32,
    tail: u32,
}

/// Buffers of one thread. Make one per thread and hand it to every call.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) epoch: u32,
    seen: Vec<Seen>,
    pub(crate) present: Vec<u32>,
    occurrences: Vec<Occurrence>,
    /// For each token, where its occurrences begin.
    starts: Vec<u32>,
    pub(crate) tried: Vec<u32>,
    pub(crate) spans: Vec<Span>,
    pub(crate) reading: Reading,
    buffer: String,
}

impl Scratch {
    /// Empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for a set and begins a new post.
    pub(crate) fn begin(&mut self, atoms: usize, queries: usize) {
        if self.seen.len() < atoms {
            self.seen.resize(atoms, Seen::default());
        }
        if self.tried.len() < queries {
            self.tried.resize(queries, 0);
        }
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 {
            self.seen.fill(Seen::default());
            self.tried.fill(0);
            self.epoch = 1;
        }
        self.present.clear();
        self.occurrences.clear();
        self.starts.clear();
    }

    /// Whether the atom is present in the post.
    pub(crate) fn has(&self, atom: u32) -> bool {
        self.seen[atom as usize].epoch == self.epoch
    }

    /// The tokens of a placed atom, in order.
    pub(crate) fn occurrences(&self, atom: u32) -> impl Iterator<Item = u32> {
        let seen = self.seen[atom as usize];
        let mut at = if seen.epoch == self.epoch { seen.head } else { NONE };
        std::iter::from_fn(move || {
            let o = self.occurrences.get(at as usize)?;
            at = o.next;
            Some(o.token)
        })
    }

    fn at_token(&self, token: u32) -> &[Occurrence] {
        let start = self.starts[token as usize] as usize;
        let end = self
            .starts
            .get(token as usize + 1)
            .map_or(self.occurrences.len(), |&e| e as usize);
        &self.occurrences[start..end]
    }

    /// Whether a placed atom is at the token.
    pub(crate) fn is_at(&self, atom: u32, token: u32) -> bool {
        self.at_token(token).iter().any(|o| o.atom == atom)
    }

    fn mark(&mut self, atom: u32) {
        let seen = &mut self.seen[atom as usize];
        if seen.epoch != self.epoch {
            *seen = Seen {
                epoch: self.epoch,
                head: NONE,
                tail: NONE,
            };
            self.present.push(atom);
        }
    }

    fn mark_at(&mut self, atom: u32, token: u32, atoms: &Atoms) {
        self.mark(atom);
        if !atoms.is(atom, PLACED) {
            return;
        }
        let seen = &mut self.seen[atom as usize];
        let number = self.occurrences.len() as u32;
        match self.occurrences.get_mut(seen.tail as usize) {
            // A word and its form without marks can both lead to the atom.
            Some(last) if last.token == token => return,
            Some(last) => last.next = number,
            None => seen.head = number,
        }
        seen.tail = number;
        self.occurrences.push(Occurrence {
            atom,
            token,
            next: NONE,
        });
    }

    /// Finds every atom of the document.
    pub(crate) fn analyse(&mut self, document: &Document<'_>, atoms: &Atoms) {
        self.fields(document, atoms);
        let mut reading = std::mem::take(&mut self.reading);
        reading.read(document);
        for token in 0..reading.len() {
            self.starts.push(self.occurrences.len() as u32);
            self.token(&reading, token, atoms);
        }
        if !atoms.pairs.is_empty() {
            self.pairs(&reading, atoms);
        }
        self.reading = reading;
    }

    fn fields(&mut self, document: &Document<'_>, atoms: &Atoms) {
        if atoms.fields.iter().all(|f| f.is_empty()) {
            return;
        }
        field_values(document, Wanted::ALL, |name: FieldName, value| {
            if let Some(atom) = atoms.field(name, value) {
                self.mark(atom);
            }
        });
        let token = document.author_token.and_then(|t| atoms.author_tokens.get(t));
        token.into_iter().flatten().for_each(|&atom| self.mark(atom));
    }

    fn token(&mut self, reading: &Reading, token: usize, atoms: &Atoms) {
        let (tokens, t) = reading.token(token);
        let key = tokens.key(t);
        if key.is_empty() {
            return;
        }
        let at = token as u32;
        if self.key(key, at, atoms) {
            self.case(tokens.surface(t), t.sigil, at, atoms);
        }
        if let Some(key) = tokens.sigil_key(t) {
            self.key(key, at, atoms);
        }
        if let Some(plain) = tokens.plain(t) {
            self.key(plain, at, atoms);
            if t.sigil != 0 {
                self.with_sigil(t.sigil, plain, |s, key| {
                    s.key(key, at, atoms);
                });
            }
        }
    }

    /// Marks what a key leads to; whether a case of it is asked for.
    fn key(&mut self, key: &str, at: u32, atoms: &Atoms) -> bool {
        atoms.prefixes.of(key, |atom| self.mark_at(atom, at, atoms));
        let Some(entry) = atoms.words.get(key) else {
            return false;
        };
        for &atom in &entry.atoms {
            self.mark_at(atom, at, atoms);
        }
        entry.cased
    }

    fn case(&mut self, surface: &str, sigil: u8, at: u32, atoms: &Atoms) {
        if let Some(&atom) = atoms.cases.get(surface) {
            self.mark_at(atom, at, atoms);
        }
        if sigil != 0 {
            self.with_sigil(sigil, surface, |s, surface| {
                if let Some(&atom) = atoms.cases.get(surface) {
                    s.mark_at(atom, at, atoms);
                }
            });
        }
    }

    fn with_sigil(&mut self, sigil: u8, text: &str, go: impl FnOnce(&mut Self, &str)) {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        buffer.push(char::from(sigil));
        buffer.push_str(text);
        go(self, &buffer);
        self.buffer = buffer;
    }

    fn pairs(&mut self, reading: &Reading, atoms: &Atoms) {
        for token in 0..reading.len() {
            let has_left = self.at_token(token as u32).iter().any(|o| atoms.is(o.atom, LEFT));
            if !has_left || !reading.is_word(token) {
                continue;
            }
            let Some(next) = reading.next_word(token) else {
                continue;
            };
            let (left, right) = (self.range(token), self.range(next));
            for l in left {
                let left = self.occurrences[l].atom;
                if !atoms.is(left, LEFT) {
                    continue;
                }
                for r in right.clone() {
                    let right = self.occurrences[r].atom;
                    if atoms.is(right, RIGHT)
                        && let Some(&pair) = atoms.pairs.get(&(left, right))
                    {
                        self.mark(pair);
                    }
                }
            }
        }
    }

    fn range(&self, token: usize) -> std::ops::Range<usize> {
        let start = self.starts[token] as usize;
        start..start + self.at_token(token as u32).len()
    }
}
