//! Texts by what a word begins with.
//!
//! The hash of every begin of a word comes with the next byte, and a filter turns most of them away, so that a word costs
//! a few instructions a byte, however many texts there are.

/// Longer texts are filed by their first bytes.
pub(crate) const MAX: usize = 24;
/// Fewest bytes of a text.
pub(crate) const LEAST: usize = 3;
/// Bits of the filter for each slot of the table.
const FILTER_BITS: usize = 8;

/// Texts with a number each; several numbers may have the same text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Begins {
    filter: Vec<u64>,
    /// The same for the first [`LEAST`] bytes: most words end here where texts are few.
    heads: Vec<u64>,
    /// An entry's place plus one; 0 is empty. The length is a power of two.
    slots: Vec<u32>,
    entries: Vec<Entry>,
    texts: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    hash: u64,
    start: u32,
    length: u32,
    number: u32,
    /// The entry before it with the same text, plus one.
    same: u32,
}

/// FNV-1a.
fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
}

const START: u64 = 0xCBF2_9CE4_8422_2325;

/// The low bits of FNV say little of the last bytes.
fn spread(hash: u64) -> u64 {
    hash ^ hash >> 29
}

impl Begins {
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn bytes(&self) -> usize {
        16 * self.filter.len()
            + 4 * self.slots.len()
            + size_of::<Entry>() * self.entries.len()
            + self.texts.len()
    }

    /// Adds a text of [`LEAST`] to [`MAX`] bytes.
    pub(crate) fn insert(&mut self, text: &[u8], number: u32) {
        let hash = text.iter().fold(START, |h, &b| step(h, b));
        self.entries.push(Entry {
            hash,
            start: self.texts.len() as u32,
            length: text.len() as u32,
            number,
            same: 0,
        });
        self.texts.extend_from_slice(text);
        if self.entries.len() * 8 > self.slots.len() * 5 {
            let size = (self.slots.len() * 2).max(64);
            self.slots = vec![0; size];
            self.filter = vec![0; size * FILTER_BITS / 64];
            self.heads = vec![0; size * FILTER_BITS / 64];
            self.entries.iter_mut().for_each(|e| e.same = 0);
            (0..self.entries.len()).for_each(|entry| self.place(entry));
        } else {
            self.place(self.entries.len() - 1);
        }
    }

    fn text(&self, entry: &Entry) -> &[u8] {
        &self.texts[entry.start as usize..(entry.start + entry.length) as usize]
    }

    fn place(&mut self, entry: usize) {
        let hash = self.entries[entry].hash;
        let bit = self.bit(hash);
        self.filter[bit >> 6] |= 1 << (bit & 63);
        let text = self.text(&self.entries[entry]);
        let bit = self.bit(text.iter().take(LEAST).fold(START, |h, &b| step(h, b)));
        self.heads[bit >> 6] |= 1 << (bit & 63);
        let mask = self.slots.len() - 1;
        let mut at = spread(hash) as usize & mask;
        while let Some(other) = self.slots[at].checked_sub(1) {
            let other = &self.entries[other as usize];
            if other.hash == hash && self.text(other) == self.text(&self.entries[entry]) {
                self.entries[entry].same = self.slots[at];
                break;
            }
            at = (at + 1) & mask;
        }
        self.slots[at] = entry as u32 + 1;
    }

    fn bit(&self, hash: u64) -> usize {
        (spread(hash) >> 20) as usize & (self.filter.len() * 64 - 1)
    }

    /// Calls `each` with the number of every text that the word begins with.
    pub(crate) fn of(&self, word: impl Iterator<Item = u8> + Clone, mut each: impl FnMut(u32)) {
        let mut hash = START;
        for (i, byte) in word.clone().take(MAX).enumerate() {
            hash = step(hash, byte);
            if i + 1 < LEAST {
                continue;
            }
            let bit = self.bit(hash);
            if i + 1 == LEAST && self.heads[bit >> 6] & 1 << (bit & 63) == 0 {
                return;
            }
            if self.filter[bit >> 6] & 1 << (bit & 63) != 0 {
                self.find(hash, word.clone().take(i + 1), &mut each);
            }
        }
    }

    fn find(&self, hash: u64, begin: impl Iterator<Item = u8> + Clone, each: &mut impl FnMut(u32)) {
        let mask = self.slots.len() - 1;
        let mut at = spread(hash) as usize & mask;
        while let Some(found) = self.slots[at].checked_sub(1) {
            let mut entry = &self.entries[found as usize];
            if entry.hash == hash && self.text(entry).iter().copied().eq(begin.clone()) {
                each(entry.number);
                while let Some(same) = entry.same.checked_sub(1) {
                    entry = &self.entries[same as usize];
                    each(entry.number);
                }
                return;
            }
            at = (at + 1) & mask;
        }
    }
}
