//! Everything a monitor can test of a post, as numbers.

use crate::ast::FieldName;
use foldhash::HashMap;
use smallvec::SmallVec;

/// One thing a query tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Atom<'a> {
    /// A folded word, tag (`#…`), handle (`@…`), cashtag (`$…`) or emoji.
    Word(&'a str),
    /// A word in its case.
    Case(&'a str),
    /// The begin of a word, three characters or more.
    Prefix(&'a str),
    /// A field with a value.
    Field(FieldName, &'a str),
}

/// Occurrences of the atom are kept with their places.
pub(crate) const PLACED: u8 = 1;
/// The atom is the left of a pair.
pub(crate) const LEFT: u8 = 2;
/// The atom is the right of a pair.
pub(crate) const RIGHT: u8 = 4;

/// What a word of a post leads to.
#[derive(Debug, Default)]
pub(crate) struct WordEntry {
    /// Its own atom, and those it stands for as a pseudonym.
    pub(crate) atoms: SmallVec<[u32; 2]>,
    /// Whether some query asks for a case of it.
    pub(crate) cased: bool,
}

/// The atoms of a monitor set, by what is seen in a post.
#[derive(Debug, Default)]
pub(crate) struct Atoms {
    pub(crate) words: HashMap<Box<str>, WordEntry>,
    pub(crate) cases: HashMap<Box<str>, u32>,
    pub(crate) prefixes: Prefixes,
    /// Two words in a row.
    pub(crate) pairs: HashMap<(u32, u32), u32>,
    pub(crate) fields: [HashMap<Box<str>, u32>; FieldName::ALL.len()],
    /// Token pseudonyms of authors.
    pub(crate) author_tokens: HashMap<Box<str>, SmallVec<[u32; 2]>>,
    pub(crate) flags: Vec<u8>,
}

impl Atoms {
    pub(crate) fn len(&self) -> usize {
        self.flags.len()
    }

    pub(crate) fn is(&self, atom: u32, flag: u8) -> bool {
        self.flags[atom as usize] & flag != 0
    }

    pub(crate) fn set(&mut self, atom: u32, flag: u8) {
        self.flags[atom as usize] |= flag;
    }

    pub(crate) fn fresh(&mut self) -> u32 {
        self.flags.push(0);
        self.flags.len() as u32 - 1
    }

    pub(crate) fn field(&self, name: FieldName, value: &str) -> Option<u32> {
        self.fields[name as usize].get(value).copied()
    }
}

/// Prefix atoms, found by the first three bytes of a word.
#[derive(Debug)]
pub(crate) struct Prefixes {
    buckets: HashMap<[u8; 3], Vec<(Box<str>, u32)>>,
    /// A bit for each hash of three bytes that begins some prefix: most words are turned away here.
    filter: [u64; 128],
}

impl Default for Prefixes {
    fn default() -> Self {
        Self {
            buckets: HashMap::default(),
            filter: [0; 128],
        }
    }
}

fn bit(head: [u8; 3]) -> (usize, u64) {
    let word = u32::from_le_bytes([head[0], head[1], head[2], 0]);
    let hash = word.wrapping_mul(0x9E37_79B1) >> 19;
    ((hash >> 6) as usize, 1 << (hash & 63))
}

impl Prefixes {
    pub(crate) fn insert(&mut self, prefix: &str, atom: u32) {
        let Some(&head) = prefix.as_bytes().first_chunk::<3>() else {
            return;
        };
        let (place, mask) = bit(head);
        self.filter[place] |= mask;
        self.buckets.entry(head).or_default().push((prefix.into(), atom));
    }

    /// Calls `each` with the atom of every prefix of `key`.
    pub(crate) fn of(&self, key: &str, mut each: impl FnMut(u32)) {
        let Some(&head) = key.as_bytes().first_chunk::<3>() else {
            return;
        };
        let (place, mask) = bit(head);
        if self.filter[place] & mask == 0 {
            return;
        }
        for (prefix, atom) in self.buckets.get(&head).into_iter().flatten() {
            if key.starts_with(&**prefix) {
                each(*atom);
            }
        }
    }
}
