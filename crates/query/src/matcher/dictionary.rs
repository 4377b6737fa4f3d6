//! Texts to atoms, in two flat arrays.
//!
//! A slot of the table is eight bytes: half of the hash, and where the entry lies in the arena. An entry is its atom, the
//! atom's flags, a tag and the text itself, so that one look at the table and one at the arena answer exactly.

use super::prefetch::prefetch;
use std::hash::{BuildHasher, Hasher};

/// What kind of text a key is: texts of different tags are different.
pub(crate) mod tag {
    /// A folded word, tag, handle, cashtag or emoji.
    pub(crate) const WORD: u8 = 0;
    /// A word in its case.
    pub(crate) const CASE: u8 = 1;
    /// The token pseudonym of an author.
    pub(crate) const AUTHOR_TOKEN: u8 = 2;
    /// The first field; the others follow.
    pub(crate) const FIELD: u8 = 3;
}

/// Bytes of an entry before its text: atom, flags, tag, length.
const HEAD: usize = 4 + 1 + 1 + 3;

/// The three bytes of an entry's length. No query is as long as they can say.
fn length(entry: &[u8]) -> usize {
    u32::from_le_bytes([entry[6], entry[7], entry[8], 0]) as usize
}

/// The hash of a key, the same for every dictionary.
pub(crate) fn hash(tag: u8, key: &str) -> u64 {
    let mut hasher = foldhash::fast::FixedState::with_seed(0x6772_6f75_6e64 + u64::from(tag)).build_hasher();
    hasher.write(key.as_bytes());
    hasher.finish()
}

/// A map from texts to atoms.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dictionary {
    /// The upper half of the hash, and the entry's place plus one; 0 is empty. The length is a power of two.
    slots: Vec<u64>,
    arena: Vec<u8>,
    len: usize,
}

impl Dictionary {
    /// Bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.slots.len() * 8 + self.arena.len()
    }

    pub(crate) fn shrink(&mut self) {
        self.slots.shrink_to_fit();
        self.arena.shrink_to_fit();
    }

    /// The atom of a key and its flags.
    pub(crate) fn get(&self, tag: u8, key: &str) -> Option<(u32, u8)> {
        self.find(hash(tag, key), tag, key)
    }

    /// The same with the hash at hand.
    pub(crate) fn find(&self, hash: u64, tag: u8, key: &str) -> Option<(u32, u8)> {
        let entry = self.entry(hash, tag, key)?;
        let bytes = self.arena.get(entry..entry + HEAD)?;
        Some((
            u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
            bytes[4],
        ))
    }

    /// Asks for the slot of a hash to be brought near.
    pub(crate) fn warm_slot(&self, hash: u64) {
        if !self.slots.is_empty() {
            prefetch(&self.slots, hash as usize & (self.slots.len() - 1));
        }
    }

    /// Asks for the entry that a hash probably leads to; whether there may be one.
    pub(crate) fn warm_entry(&self, hash: u64) -> bool {
        if self.slots.is_empty() {
            return false;
        }
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return false;
            }
            if slot >> 32 == hash >> 32 {
                prefetch(&self.arena, (slot as u32 - 1) as usize);
                return true;
            }
            at = (at + 1) & mask;
        }
    }

    fn entry(&self, hash: u64, tag: u8, key: &str) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return None;
            }
            let entry = (slot as u32).wrapping_sub(1) as usize;
            if slot >> 32 == hash >> 32 && self.is(entry, tag, key) {
                return Some(entry);
            }
            at = (at + 1) & mask;
        }
    }

    fn is(&self, entry: usize, tag: u8, key: &str) -> bool {
        let text = entry + HEAD;
        self.arena[entry + 5] == tag
            && length(&self.arena[entry..]) == key.len()
            && self.arena.get(text..text + key.len()) == Some(key.as_bytes())
    }

    /// Leads a key to an atom, in place of what it led to.
    pub(crate) fn insert(&mut self, tag: u8, key: &str, atom: u32) {
        let hash = hash(tag, key);
        if let Some(entry) = self.entry(hash, tag, key) {
            self.arena[entry..entry + 4].copy_from_slice(&atom.to_le_bytes());
            return;
        }
        if (self.len + 1) * 8 > self.slots.len() * 5 {
            self.grow();
        }
        let entry = self.arena.len();
        self.arena.extend(atom.to_le_bytes());
        self.arena.extend([0, tag]);
        self.arena.extend(&(key.len() as u32).to_le_bytes()[..3]);
        self.arena.extend(key.as_bytes());
        place(&mut self.slots, hash, entry);
        self.len += 1;
    }

    fn grow(&mut self) {
        let mut slots = vec![0; (self.slots.len() * 2).max(64)];
        self.each(|entry, tag, key| place(&mut slots, hash(tag, key), entry));
        self.slots = slots;
    }

    fn each(&self, mut each: impl FnMut(usize, u8, &str)) {
        let mut entry = 0;
        while entry < self.arena.len() {
            let length = length(&self.arena[entry..]);
            let text = &self.arena[entry + HEAD..entry + HEAD + length];
            each(
                entry,
                self.arena[entry + 5],
                std::str::from_utf8(text).unwrap_or_default(),
            );
            entry += HEAD + length;
        }
    }

    /// Writes every atom's flags beside it.
    pub(crate) fn set_flags(&mut self, flags: &[u8]) {
        let mut entry = 0;
        while entry < self.arena.len() {
            let bytes = &mut self.arena[entry..];
            let atom = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            bytes[4] = flags[atom as usize];
            entry += HEAD + length(bytes);
        }
    }
}

fn place(slots: &mut [u64], hash: u64, entry: usize) {
    let mask = slots.len() - 1;
    let mut at = hash as usize & mask;
    while slots[at] != 0 {
        at = (at + 1) & mask;
    }
    slots[at] = hash >> 32 << 32 | (entry as u64 + 1);
}
