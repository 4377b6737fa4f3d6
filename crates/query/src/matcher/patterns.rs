//! Words by their begin, their end or a pattern.
//!
//! A pattern is filed under what every word that fits it must have: its begin, its end, three bytes in its middle. Only
//! patterns of fewer letters in a row are tried on every word.

use super::begins::{Begins, LEAST, MAX};
use crate::glob;
use foldhash::HashMap;

/// Patterns with their atoms.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patterns {
    list: Vec<Pattern>,
    texts: String,
    begins: Begins,
    /// Of reversed words.
    ends: Begins,
    middles: HashMap<[u8; 3], Vec<u32>>,
    others: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Pattern {
    atom: u32,
    start: u32,
    end: u32,
    /// Whether what it is filed under is all there is to it.
    whole: bool,
}

/// Whether a text begins with the sign of a tag, handle or cashtag.
fn has_sigil(text: &str) -> bool {
    text.starts_with(['#', '@', '$'])
}

impl Patterns {
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn bytes(&self) -> usize {
        let list = self.list.len() * size_of::<Pattern>() + self.texts.len();
        list + self.begins.bytes() + self.ends.bytes() + self.middles.len() * 40 + self.others.len() * 4
    }

    /// Adds a pattern.
    pub(crate) fn insert(&mut self, pattern: &str, atom: u32) {
        let number = self.list.len() as u32;
        let head = pattern.split(['*', '?']).next().unwrap_or_default().as_bytes();
        let tail = pattern.rsplit(['*', '?']).next().unwrap_or_default().as_bytes();
        let longest = glob::literals(pattern)
            .max_by_key(|l| l.len())
            .unwrap_or_default();
        let mut whole = false;
        if head.len() >= LEAST {
            whole = head.len() <= MAX && pattern.len() == head.len() + 1 && pattern.ends_with('*');
            self.begins.insert(&head[..head.len().min(MAX)], number);
        } else if tail.len() >= LEAST {
            whole = tail.len() <= MAX && pattern.len() == tail.len() + 1 && pattern.starts_with('*');
            let reversed: Vec<u8> = tail.iter().rev().copied().take(MAX).collect();
            self.ends.insert(&reversed, number);
        } else if let Some(&three) = longest.as_bytes().first_chunk::<3>() {
            self.middles.entry(three).or_default().push(number);
        } else {
            self.others.push(number);
        }
        let start = self.texts.len() as u32;
        self.texts.push_str(pattern);
        self.list.push(Pattern {
            atom,
            start,
            end: self.texts.len() as u32,
            whole,
        });
    }

    /// Calls `each` with the atom of every pattern that fits `key`, which may begin with a sigil.
    pub(crate) fn of(&self, key: &str, mut each: impl FnMut(u32)) {
        let key_has_sigil = has_sigil(key);
        let mut take = |number: u32| {
            let pattern = &self.list[number as usize];
            let text = &self.texts[pattern.start as usize..pattern.end as usize];
            // A pattern without a sigil is compared with words without theirs.
            let comparable = !key_has_sigil || has_sigil(text);
            if comparable && (pattern.whole || glob::fits(text, key)) {
                each(pattern.atom);
            }
        };
        if !self.begins.is_empty() {
            self.begins.of(key.bytes(), &mut take);
        }
        if !self.ends.is_empty() {
            self.ends.of(key.bytes().rev(), &mut take);
        }
        if !self.middles.is_empty() {
            self.middles(key.as_bytes(), &mut take);
        }
        self.others.iter().for_each(|&n| take(n));
    }

    fn middles(&self, key: &[u8], take: &mut impl FnMut(u32)) {
        for (i, three) in key.windows(3).enumerate() {
            let three = [three[0], three[1], three[2]];
            let Some(numbers) = self.middles.get(&three) else {
                continue;
            };
            // What stands twice in a word is tried once.
            let again = key[..i + 2].windows(3).any(|w| w == three);
            if !again {
                numbers.iter().for_each(|&n| take(n));
            }
        }
    }
}
