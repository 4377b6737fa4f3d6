//! Texts that are nearly the same.

use super::normal::Normal;
use super::{Config, Post};
use crate::hash::{KeyMap, mix, pair};
use serde::{Deserialize, Serialize};

/// Bands of rows: two texts that share six words of ten meet in one of them in nine cases of ten, at seven of ten in
/// 99 of a hundred.
const BANDS: usize = 16;
const ROWS: usize = 4;
/// Places of a bucket: a line of cache.
const BUCKET: usize = 16;
/// Buckets are filled to about this share before their number doubles.
const LOAD: f64 = 0.6;
/// From so many words on a number is one word like others. In a shorter text it is what the text says: "9 of 10" is no
/// copy of "2 of 10".
const NUMBERED: usize = 12;
/// Words kept per text, on average, when all texts are kept.
const WORDS: usize = 16;

/// A text that is kept: 40 bytes and its words.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Kept {
    group: u64,
    author: u64,
    at: i64,
    /// Where its words begin, counted from the first word ever.
    start: u64,
    length: u8,
    /// Whether it began its group.
    first: bool,
    platform: u16,
}

/// MinHash with bands (Broder 1997; Indyk and Motwani 1998), in fixed memory: the oldest texts give way to the newest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Near {
    most: usize,
    kept: Vec<Kept>,
    next: usize,
    words: Vec<u32>,
    written: u64,
    /// Place + 1 of a text in the lower 24 bits, a part of the band's hash above; 0 is empty.
    buckets: Vec<[u32; BUCKET]>,
    firsts: KeyMap<u64, u32>,
}

impl Near {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            most: config.texts.clamp(16, (1 << 24) - 1),
            kept: Vec::new(),
            next: 0,
            words: Vec::new(),
            written: 0,
            buckets: vec![[0; BUCKET]; 64],
            firsts: KeyMap::default(),
        }
    }

    /// The group of the most similar text that is similar enough, and the share of words in common.
    pub(super) fn find(
        &self,
        normal: &Normal,
        bands: &Bands,
        at: i64,
        config: &Config,
    ) -> Option<(u64, f32)> {
        let mut best: Option<(u64, f32)> = None;
        // All lines of cache are asked for at once, before any is read.
        let any = bands
            .0
            .iter()
            .fold(0, |any, h| any | self.buckets[self.bucket(*h).0][0]);
        if any == 0 {
            return None;
        }
        let mut looked = [u32::MAX; 64];
        let mut count = 0;
        for &hash in &bands.0 {
            let (bucket, tag) = self.bucket(hash);
            for entry in self.buckets[bucket]
                .iter()
                .filter(|e| **e != 0 && **e >> 24 == tag)
            {
                let place = (entry & 0xFF_FFFF) - 1;
                if looked[..count].contains(&place) {
                    continue;
                }
                if count < looked.len() {
                    looked[count] = place;
                    count += 1;
                }
                let Some(kept) = self.kept.get(place as usize) else {
                    continue;
                };
                if (at - kept.at).abs() > config.near {
                    continue;
                }
                let Some(words) = self.words(kept) else { continue };
                let (share, pairs) = normal.likeness(words);
                let shorter = normal.set().len().min(words.len());
                let wanted = wanted(shorter, kept.first, config);
                let near = share >= wanted && pairs >= config.pairs && best.is_none_or(|b| share > b.1);
                if near && (shorter >= NUMBERED || !normal.other_numbers(words)) {
                    best = Some((kept.group, share));
                }
            }
        }
        best
    }

    pub(super) fn insert(&mut self, normal: &Normal, bands: &Bands, post: &Post, group: u64) {
        let wanted = (self.kept.len() + 1) as f64 * BANDS as f64 / (BUCKET as f64 * LOAD);
        if wanted > self.buckets.len() as f64 && self.kept.len() < self.most {
            self.grow();
        }
        let start = self.write(normal.words());
        let kept = Kept {
            group,
            author: post.author,
            at: post.at,
            start,
            length: normal.words().len().min(255) as u8,
            first: group == post.key,
            platform: post.platform,
        };
        let place = self.next;
        if place < self.kept.len() {
            self.firsts.remove(&self.kept[place].group);
            self.kept[place] = kept;
        } else {
            self.kept.push(kept);
        }
        if group == post.key {
            self.firsts.insert(group, place as u32);
        }
        self.next = (place + 1) % self.most;
        self.file(place, bands);
    }

    /// Author, platform and time of the post that began a group, while it is kept.
    pub(super) fn first(&self, group: u64) -> Option<(u64, u16, i64)> {
        let kept = self.kept.get(*self.firsts.get(&group)? as usize)?;
        (kept.group == group).then_some((kept.author, kept.platform, kept.at))
    }

    pub(super) fn bytes(&self) -> usize {
        self.kept.capacity() * std::mem::size_of::<Kept>()
            + self.words.capacity() * 4
            + self.buckets.capacity() * BUCKET * 4
            + self.firsts.capacity() * 13
    }

    fn bucket(&self, hash: u64) -> (usize, u32) {
        (
            (hash >> 8) as usize & (self.buckets.len() - 1),
            (hash & 0xFF) as u32,
        )
    }

    fn file(&mut self, place: usize, bands: &Bands) {
        for &hash in &bands.0 {
            let (bucket, tag) = self.bucket(hash);
            let entry = tag << 24 | (place as u32 + 1);
            let bucket = &mut self.buckets[bucket];
            let slot = bucket.iter().position(|e| *e == 0).unwrap_or(place % BUCKET);
            bucket[slot] = entry;
        }
    }

    fn grow(&mut self) {
        let size = self.buckets.len() * 2;
        self.buckets = vec![[0; BUCKET]; size];
        for place in 0..self.kept.len() {
            let mut set = match self.words(&self.kept[place]) {
                Some(words) => words.to_vec(),
                None => continue,
            };
            set.sort_unstable();
            set.dedup();
            self.file(place, &Bands::of(&set));
        }
    }

    fn room(&self) -> usize {
        self.most * WORDS
    }

    fn words(&self, kept: &Kept) -> Option<&[u32]> {
        let start = (kept.start % self.room() as u64) as usize;
        // Overwritten long ago.
        if self.written - kept.start > self.room() as u64 {
            return None;
        }
        self.words.get(start..start + usize::from(kept.length))
    }

    /// Where the words lie, which lie together: the end of a round may stay empty.
    fn write(&mut self, words: &[u32]) -> u64 {
        let room = self.room();
        let mut at = (self.written % room as u64) as usize;
        if at + words.len() > room {
            self.written += (room - at) as u64;
            at = 0;
        }
        if self.words.len() < at + words.len() {
            self.words.resize(at + words.len(), 0);
        }
        self.words[at..at + words.len()].copy_from_slice(words);
        let start = self.written;
        self.written += words.len() as u64;
        start
    }
}

/// The share of words that two texts must have in common: more where they are short, since three words of five are soon
/// the same; and a little more with a copy than with the first text, so that a group does not wander off from copy to
/// copy.
fn wanted(words: usize, first: bool, config: &Config) -> f32 {
    config.words
        + match (words, first) {
            (0..6, _) => 0.22,
            (_, false) => 0.05,
            (_, true) => 0.0,
        }
}

/// The hash of each band.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bands([u64; BANDS]);

impl Bands {
    /// Of a set of words.
    pub(super) fn of(set: &[u32]) -> Self {
        let mut least = [u32::MAX; BANDS * ROWS];
        for &word in set {
            let word = mix(u64::from(word)) as u32;
            for (i, least) in least.iter_mut().enumerate() {
                let value = (word ^ SALT[i]).wrapping_mul(FACTOR[i]);
                *least = (*least).min(value ^ (value >> 15));
            }
        }
        let mut out = [0; BANDS];
        for (band, out) in out.iter_mut().enumerate() {
            let rows = &least[band * ROWS..(band + 1) * ROWS];
            let halves = |a: u32, b: u32| u64::from(a) << 32 | u64::from(b);
            *out = pair(halves(rows[0], rows[1]), halves(rows[2], rows[3]) ^ band as u64);
        }
        Self(out)
    }
}

const SALT: [u32; BANDS * ROWS] = constants(0x1234_5678_9ABC_DEF1);
const FACTOR: [u32; BANDS * ROWS] = constants(0x0FED_CBA9_8765_4321);

/// Odd numbers from a seed (xorshift64, Marsaglia 2003).
const fn constants(seed: u64) -> [u32; BANDS * ROWS] {
    let mut out = [0; BANDS * ROWS];
    let mut state = seed;
    let mut i = 0;
    while i < out.len() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        out[i] = (state >> 16) as u32 | 1;
        i += 1;
    }
    out
}
