//! The buffers of one thread. Reused from post to post: an ordinary post allocates nothing.

use super::dictionary::{hash, tag};
use super::seen::{Marks, Notes, Seen};
use crate::document::Document;
use crate::reading::Reading;

/// Buffers of one thread. Make one per thread and hand it to every call.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) words: Words,
    /// For the sets of a live snapshot: its base, and what came since.
    pub(crate) sides: [Side; 2],
}

/// What one set needs beside the words of the post.
#[derive(Debug, Default)]
pub(crate) struct Side {
    pub(crate) seen: Seen,
    pub(crate) notes: Notes,
    pub(crate) tried: Marks,
    pub(crate) candidates: Vec<u32>,
    pub(crate) pairs: Vec<(u32, u32)>,
    pub(crate) reversed: Vec<u8>,
}

/// The tokens of the post with the hashes of all their keys: the same for every set.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) reading: Reading,
    pub(crate) probes: Vec<Probe>,
    /// Keys that stand nowhere in the post: a plain form behind its sigil.
    made: String,
}

/// A key to be looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Probe {
    pub(crate) hash: u64,
    pub(crate) token: u32,
    pub(crate) form: KeyForm,
}

/// Which key of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyForm {
    /// The folded key.
    Key,
    /// The key behind its sigil.
    Sigil,
    /// The key without diacritics or skin tones.
    Plain,
    /// That one behind the sigil: its place in [`Words::made`].
    SigilPlain(u32, u32),
}

impl Scratch {
    /// Empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bytes the buffers take that grow with the monitor set.
    pub fn bytes(&self) -> usize {
        self.sides.iter().map(|s| s.seen.bytes() + s.tried.bytes()).sum()
    }
}

impl Words {
    /// Reads a document.
    pub(crate) fn read(&mut self, document: &Document<'_>) {
        self.reading.read(document);
        self.probes.clear();
        self.made.clear();
        for index in 0..self.reading.len() {
            let (tokens, t) = self.reading.token(index);
            let key = tokens.key(t);
            if key.is_empty() {
                continue;
            }
            let probes = &mut self.probes;
            let mut push = |form: KeyForm, key: &str| {
                probes.push(Probe {
                    hash: hash(tag::WORD, key),
                    token: index as u32,
                    form,
                });
            };
            push(KeyForm::Key, key);
            if let Some(key) = tokens.sigil_key(t) {
                push(KeyForm::Sigil, key);
            }
            if let Some(plain) = tokens.plain(t) {
                push(KeyForm::Plain, plain);
                if t.sigil != 0 {
                    let start = self.made.len();
                    self.made.push(char::from(t.sigil));
                    self.made.push_str(plain);
                    let end = self.made.len();
                    push(
                        KeyForm::SigilPlain(start as u32, end as u32),
                        &self.made[start..end],
                    );
                }
            }
        }
    }

    pub(crate) fn key(&self, probe: &Probe) -> &str {
        let (tokens, t) = self.reading.token(probe.token as usize);
        match probe.form {
            KeyForm::Key => tokens.key(t),
            KeyForm::Sigil => tokens.sigil_key(t).unwrap_or_default(),
            KeyForm::Plain => tokens.plain(t).unwrap_or_default(),
            KeyForm::SigilPlain(start, end) => &self.made[start as usize..end as usize],
        }
    }
}
