//! What of a text copies are compared by.

use crate::hash;
use std::sync::LazyLock;
use text::{TokenKind, Tokens};
use unicode_security::confusable_detection::skeleton;

/// Words of a text that are read at most.
const LONGEST: usize = 60;
/// The bit of a word's hash that is set where a digit stands in it.
const NUMBER: u32 = 1;

/// The words of a text, as hashes: case, punctuation, links, handles, and the difference of look-alike letters are gone.
/// Reuse one value for many texts: its buffers are kept.
#[derive(Debug, Default)]
pub struct Normal {
    tokens: Tokens,
    scratch: String,
    /// In the order of the text.
    words: Vec<u32>,
    /// Ascending, each once.
    set: Vec<u32>,
    /// Of neighbours, ascending, each once.
    pairs: Vec<u32>,
    links: u64,
}

impl Clone for Normal {
    /// Only buffers: a clone begins empty.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Normal {
    /// What was read last is no part of a state.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Normal {
    /// Reads a text in place of the one before.
    pub fn read(&mut self, text: &str) {
        self.tokens.read(text);
        self.words.clear();
        self.links = 0;
        for (i, token) in self.tokens.iter().enumerate() {
            match (token.kind, token.sigil) {
                (TokenKind::Url, _) => {
                    if self.links == 0 {
                        self.links = hash::text(&site_and_path(self.tokens.surface(token)));
                    }
                }
                (TokenKind::Emoji, _) | (_, b'@') => {}
                _ => {
                    let key = self.tokens.key(token);
                    // "RT @somebody:" says who, not what.
                    let repost = i == 0 && key == "rt";
                    if !repost && self.words.len() < LONGEST {
                        self.scratch.clear();
                        look_alike(key, &mut self.scratch);
                        let hash = hash::text(&self.scratch) as u32;
                        let number = u32::from(key.chars().any(char::is_numeric));
                        self.words.push(hash & !NUMBER | number);
                    }
                }
            }
        }
        self.set.clear();
        self.set.extend_from_slice(&self.words);
        self.set.sort_unstable();
        self.set.dedup();
        self.pairs.clear();
        self.pairs
            .extend(self.words.windows(2).map(|w| neighbours(w[0], w[1])));
        self.pairs.sort_unstable();
        self.pairs.dedup();
    }

    /// The hash of all words in their order; of a text without words, of its first link; `None` where there is neither.
    /// A text of few words is told apart by its link too: "look at this" is no copy of another link's.
    pub fn hash(&self) -> Option<u64> {
        if self.words.is_empty() && self.links == 0 {
            return None;
        }
        let start = if self.words.len() < 4 { self.links } else { 0 };
        Some(self.words.iter().fold(start, |h, w| hash::pair(h, u64::from(*w))))
    }

    /// The words in their order.
    pub(super) fn words(&self) -> &[u32] {
        &self.words
    }

    /// The words, ascending, each once.
    pub(super) fn set(&self) -> &[u32] {
        &self.set
    }

    /// Share of words, and of pairs of neighbours, that a text of these words has in common with this one.
    pub(super) fn likeness(&self, other: &[u32]) -> (f32, f32) {
        (
            jaccard(&self.set, other.iter().copied()),
            jaccard(&self.pairs, other.windows(2).map(|w| neighbours(w[0], w[1]))),
        )
    }

    /// Whether a text of these words has a number in the place of another: each has one that the other has not.
    pub(super) fn other_numbers(&self, other: &[u32]) -> bool {
        let is_number = |word: &&u32| **word & NUMBER != 0;
        let theirs = |word: &u32| self.set.binary_search(word).is_err();
        let ours = |word: &u32| !other.contains(word);
        other.iter().filter(is_number).any(theirs) && self.set.iter().filter(is_number).any(ours)
    }
}

/// |both| ÷ |either| of a sorted set and another, of at most 60 members each, that may come with repetitions.
fn jaccard(set: &[u32], other: impl Iterator<Item = u32>) -> f32 {
    let mut found = 0u64;
    let mut foreign = [0u32; LONGEST];
    let mut strangers = 0;
    for word in other {
        match set.binary_search(&word) {
            Ok(at) => found |= 1 << at,
            Err(_) if foreign[..strangers].contains(&word) => {}
            Err(_) if strangers < LONGEST => {
                foreign[strangers] = word;
                strangers += 1;
            }
            Err(_) => {}
        }
    }
    let either = set.len() + strangers;
    found.count_ones() as f32 / either.max(1) as f32
}

fn neighbours(a: u32, b: u32) -> u32 {
    hash::pair(u64::from(a), u64::from(b)) as u32
}

/// What each ASCII character looks like (UTS #39, section 4).
static ASCII: LazyLock<Vec<String>> = LazyLock::new(|| {
    (0..128u8)
        .map(|b| skeleton(char::from(b).encode_utf8(&mut [0; 4])).collect())
        .collect()
});

/// Appends the skeleton of a word.
fn look_alike(word: &str, out: &mut String) {
    if word.is_ascii() {
        word.bytes().for_each(|b| out.push_str(&ASCII[usize::from(b)]));
    } else {
        out.extend(skeleton(word));
    }
}

/// A link without what does not change where it leads: scheme, `www.`, the fragment, parameters that only track, a slash
/// at the end; its site in lower case.
pub fn site_and_path(link: &str) -> String {
    let link = link.split('#').next().unwrap_or_default();
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let (address, parameters) = rest.split_once('?').map_or((rest, ""), |(a, p)| (a, p));
    let (site, path) = address.split_once('/').map_or((address, ""), |(s, p)| (s, p));
    let site = site.to_lowercase();
    let mut out = site.strip_prefix("www.").unwrap_or(&site).to_owned();
    let path = path.trim_end_matches('/');
    if !path.is_empty() {
        out.push('/');
        out.push_str(path);
    }
    let mut sign = '?';
    for parameter in parameters.split('&').filter(|p| !p.is_empty() && !tracks(p)) {
        out.push(sign);
        out.push_str(parameter);
        sign = '&';
    }
    out
}

fn tracks(parameter: &str) -> bool {
    const NAMES: [&str; 9] = [
        "fbclid", "gclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid", "ref_src", "s",
    ];
    let name = parameter
        .split('=')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    name.starts_with("utm_") || NAMES.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_same_place() {
        let same = [
            "https://www.Example.com/a/b/?utm_source=x&id=3#top",
            "http://example.com/a/b?id=3&fbclid=7",
        ];
        assert_eq!(site_and_path(same[0]), "example.com/a/b?id=3");
        assert_eq!(site_and_path(same[0]), site_and_path(same[1]));
        assert_ne!(site_and_path("https://a.com/x"), site_and_path("https://a.com/y"));
    }

    #[test]
    fn look_alikes_case_links_and_handles_do_not_count() {
        let hash = |text: &str| {
            let mut normal = Normal::default();
            normal.read(text);
            normal.hash()
        };
        let plain = hash("Free apples at every station today");
        assert_eq!(
            plain,
            hash("RT @someone: FREE аpples at every stаtion, today!!! https://t.co/x")
        );
        assert_ne!(plain, hash("Free pears at every station today"));
        assert_eq!(hash("😀 @ann"), None);
        assert_ne!(hash("look https://a.com/1"), hash("look https://a.com/2"));
    }
}
