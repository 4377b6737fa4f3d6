//! How many posts hold a word, as the stream shows it.
//!
//! A count-min sketch (Cormode and Muthukrishnan, 2005) with conservative update (Estan and Varghese, 2002) over words,
//! their begins and ends, and field values. Counts are halved now and then, so that the present weighs most.

use super::atoms::{Atom, field_tag};
use super::dictionary::{hash, tag};
use super::scratch::Scratch;
use super::tree::POSTS;
use crate::document::Document;
use crate::field::FieldName;
use crate::values::{Wanted, field_values, is_known};

const ROWS: usize = 4;
const WIDTH: usize = 1 << 16;
/// Posts after which counts are halved.
const HALVED_AFTER: u64 = 1 << 20;
/// Fewer posts say little of how frequent a word is.
const LEAST_POSTS: u64 = 1_000;
/// Begins and ends of words that are counted, in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=8;

const BEGIN: u8 = 200;
const END: u8 = 201;
const KNOWN: u8 = 220;

/// Fields whose values are counted.
const FIELDS: [FieldName; 5] = [
    FieldName::Lang,
    FieldName::Source,
    FieldName::Kind,
    FieldName::Country,
    FieldName::Site,
];

/// Document frequencies of a stream, never too low and seldom much too high.
#[derive(Debug, Clone)]
pub struct FrequencySketch {
    rows: Vec<u32>,
    posts: u64,
    /// What the post at hand holds.
    hashes: Vec<u64>,
}

impl Default for FrequencySketch {
    fn default() -> Self {
        Self {
            rows: vec![0; ROWS * WIDTH],
            posts: 0,
            hashes: Vec::new(),
        }
    }
}

impl FrequencySketch {
    /// Nothing counted yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Posts counted, with their weight.
    pub fn posts(&self) -> u64 {
        self.posts
    }

    /// Counts the post that `scratch` was last used for.
    pub fn observe(&mut self, document: &Document<'_>, scratch: &Scratch) {
        let mut hashes = std::mem::take(&mut self.hashes);
        hashes.clear();
        for probe in &scratch.words.probes {
            hashes.push(probe.hash);
            let key = scratch.words.key(probe);
            for length in LENGTHS {
                hashes.extend(begin(key, length).map(|b| hash(BEGIN, b)));
                hashes.extend(end(key, length).map(|e| hash(END, e)));
            }
        }
        let mut wanted = Wanted::default();
        FIELDS.iter().for_each(|f| wanted.add(*f));
        field_values(document, wanted, |name, value| {
            hashes.push(hash(field_tag(name), value))
        });
        for name in FieldName::ALL.into_iter().filter(|n| n.may_be_unknown()) {
            if is_known(document, name) {
                hashes.push(hash(KNOWN, name.name()));
            }
        }
        hashes.sort_unstable();
        hashes.dedup();
        hashes.iter().for_each(|&h| self.add(h));
        self.hashes = hashes;
        self.posts += 1;
        if self.posts >= HALVED_AFTER {
            self.posts /= 2;
            self.rows.iter_mut().for_each(|c| *c /= 2);
        }
    }

    fn places(hash: u64) -> [usize; ROWS] {
        std::array::from_fn(|row| row * WIDTH + (hash >> (16 * row)) as usize % WIDTH)
    }

    fn add(&mut self, hash: u64) {
        let places = Self::places(hash);
        let least = self.count(hash) + 1;
        for place in places {
            self.rows[place] = self.rows[place].max(least);
        }
    }

    fn count(&self, hash: u64) -> u32 {
        Self::places(hash)
            .into_iter()
            .map(|p| self.rows[p])
            .min()
            .unwrap_or_default()
    }

    /// Of a million posts, how many hold the atom; `None` where it is not counted, or too few posts are yet.
    pub fn frequency(&self, atom: Atom<'_>) -> Option<u64> {
        let hash = match atom {
            Atom::Word(word) | Atom::Case(word) => hash(tag::WORD, word),
            Atom::Prefix(head) => hash(BEGIN, longest(head, begin)?),
            Atom::Glob(pattern) => {
                let head = pattern.split(['*', '?']).next().unwrap_or_default();
                let tail = pattern.rsplit(['*', '?']).next().unwrap_or_default();
                match longest(head, begin) {
                    Some(head) => hash(BEGIN, head),
                    None => hash(END, longest(tail, end)?),
                }
            }
            Atom::Field(name, value) if FIELDS.contains(&name) => hash(field_tag(name), value),
            Atom::Known(name) => hash(KNOWN, name.name()),
            Atom::Field(..) | Atom::Followers => return None,
        };
        (self.posts >= LEAST_POSTS).then(|| u64::from(self.count(hash)) * POSTS / self.posts)
    }
}

/// The first characters of a text.
fn begin(text: &str, length: usize) -> Option<&str> {
    let (last, c) = text.char_indices().nth(length - 1)?;
    Some(&text[..last + c.len_utf8()])
}

/// The last characters of a text.
fn end(text: &str, length: usize) -> Option<&str> {
    Some(&text[text.char_indices().nth_back(length - 1)?.0..])
}

/// The longest counted part of a text.
fn longest(text: &str, part: fn(&str, usize) -> Option<&str>) -> Option<&str> {
    LENGTHS.rev().find_map(|length| part(text, length))
}
