//! Words by their begin, their end or a pattern.
//!
//! A pattern is filed under what every word that fits it must have: its begin, its end, three letters in its middle. Only
//! patterns of fewer letters in a row are tried on every word.

use crate::glob;
use foldhash::HashMap;
use std::sync::Arc;

/// Patterns with their atoms. The index is made by [`Patterns::build`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Patterns {
    list: Vec<(Box<str>, u32)>,
    index: Arc<Index>,
}

#[derive(Debug, Default)]
struct Index {
    begins: Sorted,
    /// Of reversed words.
    ends: Sorted,
    middles: HashMap<[u8; 3], Vec<u32>>,
    middle_filter: Filter,
    others: Vec<u32>,
    indexed: usize,
}

/// Fewest bytes by which a pattern is filed.
const LEAST: usize = 3;

/// The characters in front of tags, handles and cashtags.
fn sigil(text: &str) -> Option<u8> {
    text.bytes().next().filter(|b| matches!(b, b'#' | b'@' | b'$'))
}

impl Patterns {
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn bytes(&self) -> usize {
        let texts: usize = self
            .list
            .iter()
            .map(|p| p.0.len() + size_of::<(Box<str>, u32)>())
            .sum();
        texts + self.index.begins.bytes() + self.index.ends.bytes() + self.index.middles.len() * 40
    }

    /// Adds a pattern; [`Patterns::build`] puts it in force.
    pub(crate) fn insert(&mut self, pattern: &str, atom: u32) {
        self.list.push((pattern.into(), atom));
    }

    pub(crate) fn build(&mut self) {
        if self.index.indexed == self.list.len() {
            return;
        }
        let mut index = Index {
            indexed: self.list.len(),
            ..Index::default()
        };
        let (mut begins, mut ends) = (Vec::new(), Vec::new());
        for (number, (pattern, _)) in self.list.iter().enumerate() {
            let number = number as u32;
            let head = pattern.split(['*', '?']).next().unwrap_or_default();
            let tail = pattern.rsplit(['*', '?']).next().unwrap_or_default();
            let longest = glob::literals(pattern)
                .max_by_key(|l| l.len())
                .unwrap_or_default();
            if head.len() >= LEAST {
                let whole = head.len() + 1 == pattern.len() && pattern.ends_with('*');
                begins.push((head.as_bytes().to_vec(), number, whole));
            } else if tail.len() >= LEAST {
                let whole = tail.len() + 1 == pattern.len() && pattern.starts_with('*');
                ends.push((tail.bytes().rev().collect(), number, whole));
            } else if let Some(&three) = longest.as_bytes().first_chunk::<3>() {
                index.middles.entry(three).or_default().push(number);
                index.middle_filter.add(three);
            } else {
                index.others.push(number);
            }
        }
        index.begins = Sorted::new(begins);
        index.ends = Sorted::new(ends);
        self.index = Arc::new(index);
    }

    /// Calls `each` with the atom of every pattern that fits `key`, which may begin with a sigil. `buffer` is scratch.
    pub(crate) fn of(&self, key: &str, buffer: &mut Vec<u8>, mut each: impl FnMut(u32)) {
        let bytes = key.as_bytes();
        let mut take = |number: u32, whole: bool| {
            let (pattern, atom) = &self.list[number as usize];
            // A pattern without a sigil is compared with words without theirs.
            let comparable = sigil(key).is_none() || sigil(pattern).is_some();
            if comparable && (whole || glob::fits(pattern, key)) {
                each(*atom);
            }
        };
        self.index.begins.heads_of(bytes, &mut take);
        if self
            .index
            .ends
            .may_have(bytes.last_chunk::<3>().map(|c| [c[2], c[1], c[0]]))
        {
            buffer.clear();
            buffer.extend(bytes.iter().rev());
            self.index.ends.heads_of(buffer, &mut take);
        }
        if !self.index.middles.is_empty() {
            self.middles(bytes, &mut take);
        }
        self.index.others.iter().for_each(|&n| take(n, false));
    }

    fn middles(&self, key: &[u8], take: &mut impl FnMut(u32, bool)) {
        for (i, three) in key.windows(3).enumerate() {
            let three = [three[0], three[1], three[2]];
            if !self.index.middle_filter.may_have(three) {
                continue;
            }
            // What stands twice in a word is tried once.
            let again = key[..i + 2].windows(3).any(|w| w == three);
            if let (false, Some(numbers)) = (again, self.index.middles.get(&three)) {
                numbers.iter().for_each(|&n| take(n, false));
            }
        }
    }
}

/// A bit for each hash of three bytes: most words are turned away here.
#[derive(Debug, Clone)]
struct Filter([u64; 256]);

impl Default for Filter {
    fn default() -> Self {
        Self([0; 256])
    }
}

impl Filter {
    fn bit(three: [u8; 3]) -> (usize, u64) {
        let number = u32::from_le_bytes([three[0], three[1], three[2], 0]);
        let hash = number.wrapping_mul(0x9E37_79B1) >> 18;
        ((hash >> 6) as usize, 1 << (hash & 63))
    }

    fn add(&mut self, three: [u8; 3]) {
        let (word, bit) = Self::bit(three);
        self.0[word] |= bit;
    }

    fn may_have(&self, three: [u8; 3]) -> bool {
        let (word, bit) = Self::bit(three);
        self.0[word] & bit != 0
    }
}

/// Texts in their order, each with the longest other that it begins with.
#[derive(Debug, Default)]
struct Sorted {
    texts: Vec<u8>,
    entries: Vec<Begin>,
    /// Where those with the same first three bytes lie.
    blocks: HashMap<[u8; 3], (u32, u32)>,
    filter: Filter,
}

#[derive(Debug)]
struct Begin {
    start: u32,
    length: u32,
    /// Whether it is all there is to the pattern.
    whole: bool,
    /// One more than the number of the longest other entry that this one begins with.
    parent: u32,
    number: u32,
}

impl Sorted {
    fn new(mut list: Vec<(Vec<u8>, u32, bool)>) -> Self {
        list.sort();
        let mut sorted = Self::default();
        let mut open: Vec<u32> = Vec::new();
        for (i, (text, number, whole)) in list.iter().enumerate() {
            while open
                .last()
                .is_some_and(|&p| !text.starts_with(sorted.text(p as usize)))
            {
                open.pop();
            }
            let three = [text[0], text[1], text[2]];
            sorted.filter.add(three);
            sorted.blocks.entry(three).or_insert((i as u32, 0)).1 = i as u32 + 1;
            sorted.entries.push(Begin {
                start: sorted.texts.len() as u32,
                length: text.len() as u32,
                whole: *whole,
                parent: open.last().map_or(0, |p| p + 1),
                number: *number,
            });
            sorted.texts.extend(text);
            open.push(i as u32);
        }
        sorted
    }

    fn bytes(&self) -> usize {
        self.texts.len() + self.entries.len() * size_of::<Begin>() + self.blocks.len() * 12
    }

    fn text(&self, entry: usize) -> &[u8] {
        let e = &self.entries[entry];
        &self.texts[e.start as usize..(e.start + e.length) as usize]
    }

    fn may_have(&self, three: Option<[u8; 3]>) -> bool {
        three.is_some_and(|t| self.filter.may_have(t))
    }

    /// Calls `each` with every entry that `key` begins with. All of them are among the entry last in order up to `key`
    /// and those it begins with.
    fn heads_of(&self, key: &[u8], each: &mut impl FnMut(u32, bool)) {
        let three = key.first_chunk::<3>().copied();
        if !self.may_have(three) {
            return;
        }
        let Some(&(from, to)) = three.as_ref().and_then(|t| self.blocks.get(t)) else {
            return;
        };
        let (mut low, mut high) = (from as usize, to as usize);
        while low < high {
            let middle = (low + high) / 2;
            if self.text(middle) <= key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let mut at = if low > from as usize { low } else { 0 };
        while at > 0 {
            let entry = &self.entries[at - 1];
            if key.starts_with(self.text(at - 1)) {
                each(entry.number, entry.whole);
            }
            at = entry.parent as usize;
        }
    }
}
