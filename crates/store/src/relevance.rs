//! How well mentions answer a search: Okapi BM25.
//!
//! Robertson and others (1994), in the form of Robertson and Zaragoza 2009 (*The Probabilistic Relevance Framework: BM25 and
//! Beyond*, 3.13), with the weight of a word that never falls below 0: over the positive words of the search,
//! *ln(1 + (N − n + ½) ÷ (n + ½)) · f · (k₁ + 1) ÷ (f + k₁ · (1 − b + b · length ÷ average))*, where *f* is how often the
//! mention has the word, *n* of the *N* mentions under the filter without its search have it, and the length is counted in
//! significant words, of which at most 24 are kept of a mention. The average is a fixed one: so the order of two mentions
//! does not move with those that come in between two pages, but for the weights of words.
//!
//! Both back ends count the same and score here, so that their orders are equal.

use crate::superset::{Candidates, Column};
use crate::{Error, Mention, words};
use foldhash::HashMap;
use text::Tokens;

/// Words that weigh, at most: lists of words have thousands.
pub(crate) const MOST: usize = 64;

/// How soon more of a word says no more.
const K1: f64 = 1.2;
/// How much long texts are held back.
const B: f64 = 0.75;
/// Significant words of a common post.
const AVERAGE: f64 = 10.0;
/// Ranks are whole numbers: thousandths.
const PARTS: f64 = 1_000.0;

/// A word of a search.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// What is looked up: a term of the text, or what terms begin with, of which it counts only that there is one.
    pub(crate) lookup: Candidates,
    /// What having it says.
    pub(crate) weight: f64,
}

impl Word {
    /// Of so many mentions so many have it.
    pub(crate) fn new(lookup: Candidates, all: u64, have: u64) -> Self {
        let (all, have) = (all.max(have) as f64, have as f64);
        Self {
            lookup,
            weight: (1.0 + (all - have + 0.5) / (have + 0.5)).ln(),
        }
    }
}

/// The refusal of an order by relevance where nothing is searched for.
pub(crate) fn no_search() -> Error {
    Error::Question("the order `relevance` needs a search: it is how well mentions answer it".to_owned())
}

/// The rank of a mention with so many significant words, by the weights of the words of a search and how often it has each.
pub(crate) fn rank(words: impl Iterator<Item = (f64, u32)>, length: usize) -> i64 {
    let held_back = K1 * (1.0 - B + B * length as f64 / AVERAGE);
    let score: f64 = words
        .map(|(weight, times)| weight * f64::from(times) * (K1 + 1.0) / (f64::from(times) + held_back))
        .sum();
    (score * PARTS).round() as i64
}

/// The rank of a mention that is there whole; `tokens` is a buffer.
pub(crate) fn rank_of(mention: &Mention, search: &[Word], tokens: &mut Tokens) -> i64 {
    let mut forms: HashMap<String, u32> = HashMap::default();
    for part in mention.post.title.iter().chain([&mention.post.text]) {
        tokens.read(part);
        for t in tokens.iter() {
            let (key, plain) = (tokens.key(t), tokens.plain(t));
            let with_sigil = plain
                .filter(|_| t.sigil != 0)
                .map(|plain| format!("{}{plain}", char::from(t.sigil)));
            let all = [Some(key), tokens.sigil_key(t), plain, with_sigil.as_deref()];
            for form in all.into_iter().flatten() {
                match forms.get_mut(form) {
                    Some(times) => *times += 1,
                    None => {
                        forms.insert(form.to_owned(), 1);
                    }
                }
            }
        }
    }
    let times = |word: &Word| match &word.lookup {
        Candidates::Term(Column::Text, term) => forms.get(term).copied().unwrap_or(0),
        Candidates::Prefix(Column::Text, begin) => {
            u32::from(forms.keys().any(|form| form.starts_with(begin)))
        }
        _ => 0,
    };
    let length = words::words(&mention.post, &mention.lang, tokens).iter().count();
    rank(search.iter().map(|word| (word.weight, times(word))), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(have: u64) -> Word {
        Word::new(Candidates::Term(Column::Text, "word".to_owned()), 1_000, have)
    }

    #[test]
    fn rare_words_weigh_more_and_no_word_weighs_against() {
        let weights: Vec<f64> = [1, 10, 500, 999, 1_000].map(|have| word(have).weight).to_vec();
        assert!(weights.is_sorted_by(|a, b| a > b), "{weights:?}");
        assert!(weights.iter().all(|w| *w > 0.0));
        // ln(1 + 990.5 ÷ 10.5)
        assert!((weights[1] - 4.557_4).abs() < 1e-3, "{}", weights[1]);
    }

    #[test]
    fn more_of_a_word_ranks_higher_and_less_and_less_so_and_long_texts_lower() {
        let of = |times: u32, length| rank([(2.0, times)].into_iter(), length);
        // 2 · 1 · 2.2 ÷ (1 + 1.2 · 1)
        assert_eq!(of(1, 10), 2_000);
        assert!(of(2, 10) > of(1, 10) && of(3, 10) - of(2, 10) < of(2, 10) - of(1, 10));
        assert!(of(1, 24) < of(1, 10) && of(1, 10) < of(1, 2));
        assert_eq!(of(0, 10), 0);
    }
}
