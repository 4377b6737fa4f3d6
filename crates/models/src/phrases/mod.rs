//! Key phrases of one post: runs of words between stop words and punctuation (after RAKE, Rose and others 2010).
//!
//! Handles and links are left out, hashtags are taken as the words they say. A run scores by how rare its words are and how
//! often the post says it. No language model is asked, so that every post can have them.

mod runs;
mod stops;

use crate::hashtags::Hashtags;
use runs::Run;
use std::ops::Range;
use text::Tokens;

/// Phrases of a post at most.
const MOST: usize = 12;
/// A word's rarity in nats where no table says, and the bounds of what one may say.
const RARITY: f32 = 9.0;
const RARITIES: Range<f32> = 3.0..13.0;
/// What the second, third and fourth word of a phrase adds, as a share of its rarity.
const MORE: f32 = 0.4;
/// What saying it again adds, as a share of the score.
const AGAIN: f32 = 0.5;
/// A score of 1 is never reached; this many nats are a half.
const HALF: f32 = 12.0;

/// A key phrase.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrase {
    /// Its words, folded, with a space between each two.
    pub text: String,
    /// Where the post says it first, in bytes.
    pub place: Range<usize>,
    /// How often the post says it.
    pub count: usize,
    /// How much it says of the post, from 0 to 1.
    pub score: f32,
}

/// The key phrases of a text, best first; `tokens` are those of the text, `lang` is its language (ISO 639) or `und`.
pub fn of(text: &str, tokens: &Tokens, lang: &str, hashtags: Option<&Hashtags>) -> Vec<Phrase> {
    let stops = stops::of(lang);
    let mut out: Vec<Phrase> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for run in runs::of(text, tokens, &stops, hashtags) {
        let phrase = run.words.join(" ");
        match known.get(&phrase) {
            Some(&at) => {
                let same: &mut Phrase = &mut out[at];
                same.count += 1;
            }
            None => {
                known.insert(phrase.clone(), out.len());
                out.push(Phrase {
                    text: phrase,
                    score: weight(&run, hashtags),
                    place: run.place,
                    count: 1,
                });
            }
        }
    }
    for phrase in &mut out {
        let nats = phrase.score * (1.0 + AGAIN * (phrase.count as f32).ln());
        phrase.score = nats / (nats + HALF);
    }
    out.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.place.start.cmp(&b.place.start))
    });
    out.truncate(MOST);
    out
}

/// The rarity of the rarest word, and some of that of the others.
fn weight(run: &Run, hashtags: Option<&Hashtags>) -> f32 {
    let mut all: Vec<f32> = run.words.iter().map(|w| rarity(w, hashtags)).collect();
    all.sort_unstable_by(|a, b| b.total_cmp(a));
    let more: f32 = all.iter().skip(1).map(|r| MORE * r).sum();
    all.first().copied().unwrap_or_default() + more
}

/// How rare a word is: the negative logarithm of its share of all words.
fn rarity(word: &str, hashtags: Option<&Hashtags>) -> f32 {
    if word.chars().all(char::is_numeric) {
        return RARITIES.start;
    }
    let found = hashtags.map_or(RARITY, |h| h.rarity(word).unwrap_or(RARITIES.end));
    found.clamp(RARITIES.start, RARITIES.end)
}
