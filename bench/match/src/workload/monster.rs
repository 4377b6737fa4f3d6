//! Queries of the size agencies write: hundreds to thousands of terms, up to 20,000 characters.
//!
//! An agency keeps lists of products, of contexts and of spam, and most of its queries are built of them: the same
//! words stand in many queries. Everything is drawn from the words of the tweets by the law of Zipf, products from
//! rare words and contexts from frequent ones, so that posts match at a plausible rate.

use super::{Workload, shared, tweets};
use crate::random::Random;
use anyhow::anyhow;
use std::ops::Range;

/// How many queries there are.
const QUERIES: u32 = 1_000;
/// The limit of the language.
const MAX_CHARS: usize = 20_000;
/// Ranks of the words of names, of contexts and of spam, 0 being the most frequent.
const NAMES: Range<usize> = 4_000..60_000;
const CONTEXTS: Range<usize> = 60..6_000;
const SPAM: Range<usize> = 200..30_000;

/// The workload; `None` where the data are not there.
pub(crate) fn load() -> anyhow::Result<Option<Workload>> {
    let (Some(posts), Some(words)) = (tweets::posts(), words()) else {
        return Ok(None);
    };
    let mut maker = Maker::new(words);
    let mut queries = Vec::new();
    while queries.len() < QUERIES as usize {
        let text = maker.query();
        if text.len() <= MAX_CHARS {
            let query = query::parse(&text).map_err(|p| anyhow!("{text}: {p:?}"))?;
            queries.push((queries.len() as u32, query));
        }
    }
    Ok(Some(Workload {
        name: format!("monster, {QUERIES} queries"),
        posts,
        queries,
        answers: Vec::new(),
        plain_posts: 60,
        lucene_posts: 200,
        // Split at their disjunctions, each would be hundreds of queries, all with the whole of their NOT.
        configs: &["begins+whole", "begins+whole+multipass"],
    }))
}

/// Words of the tweets, the most frequent first.
fn words() -> Option<Vec<String>> {
    let mut counts: Vec<(String, u32)> = shared::lines("workload/df.tsv.gz")?
        .filter_map(|l| {
            let (word, n) = l.split_once('\t')?;
            let plain = word.len() > 2 && word.bytes().all(|b| b.is_ascii_lowercase());
            plain.then_some((word.to_owned(), n.parse().ok()?))
        })
        .collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Some(counts.into_iter().map(|c| c.0).collect())
}

/// Draws queries from lists that many of them share.
struct Maker {
    random: Random,
    words: Vec<String>,
    products: Vec<Vec<String>>,
    contexts: Vec<Vec<String>>,
    spam: Vec<Vec<String>>,
}

impl Maker {
    fn new(words: Vec<String>) -> Self {
        let mut maker = Self {
            random: Random::new(20_261_125),
            words,
            products: Vec::new(),
            contexts: Vec::new(),
            spam: Vec::new(),
        };
        maker.products = (0..150).map(|_| maker.list(20..300, NAMES)).collect();
        maker.contexts = (0..60).map(|_| maker.list(40..400, CONTEXTS)).collect();
        maker.spam = (0..30).map(|_| maker.list(150..900, SPAM)).collect();
        maker
    }

    fn word(&mut self, ranks: &Range<usize>) -> String {
        let rank = self.random.zipf(ranks.start..ranks.end.min(self.words.len()));
        self.words[rank].clone()
    }

    fn list(&mut self, sizes: Range<usize>, ranks: Range<usize>) -> Vec<String> {
        (0..self.random.size(sizes)).map(|_| self.term(&ranks)).collect()
    }

    /// A word, tag, phrase, begin of a word, pattern or word in its case.
    fn term(&mut self, ranks: &Range<usize>) -> String {
        let word = self.word(ranks);
        match self.random.within(0..100) {
            0..62 => word,
            62..70 => format!("#{word}"),
            70..74 => format!("@{word}"),
            74..90 => format!("\"{word} {}\"", self.word(ranks)),
            90..93 => format!("\"{word} {} {}\"", self.word(&CONTEXTS), self.word(ranks)),
            93..97 if word.len() > 5 => format!("{}*", &word[..word.len() - 2]),
            97 if word.len() > 5 => format!("{{{}}}", word.to_uppercase()),
            99 if word.len() > 5 => pattern(&word),
            98 => format!("\"{word} {}\"~4", self.word(&CONTEXTS)),
            _ => word,
        }
    }

    /// A group of words, some of which are only begun, for NEAR.
    fn places(&mut self, ranks: Range<usize>) -> String {
        let terms: Vec<String> = (0..self.random.size(2..30))
            .map(|_| {
                let word = self.word(&ranks);
                match self.random.within(0..10) {
                    0 if word.len() > 5 => format!("{}*", &word[..word.len() - 1]),
                    1 => format!("\"{word} {}\"", self.word(&CONTEXTS)),
                    2 if word.len() > 5 => pattern(&word),
                    _ => word,
                }
            })
            .collect();
        group(&terms)
    }

    fn near(&mut self) -> String {
        let (left, right) = (self.places(NAMES), self.places(CONTEXTS));
        let reach = self.random.within(2..16);
        let ordered = if self.random.chance(0.2) { "f" } else { "" };
        format!("({left} NEAR/{reach}{ordered} {right})")
    }

    fn shared(&mut self, lists: fn(&Self) -> &Vec<Vec<String>>) -> String {
        let n = lists(self).len();
        let index = self.random.zipf(1..n + 1) - 1;
        group(&lists(self)[index])
    }

    /// What is looked for: products by themselves where they are rare, in contexts, near something.
    fn branch(&mut self, depth: usize) -> String {
        let products = if self.random.chance(0.7) {
            self.shared(|m| &m.products)
        } else {
            group(&self.list(10..200, NAMES))
        };
        let inner = match self.random.within(0..4) {
            0 => self.near(),
            _ if depth > 0 => self.branch(depth - 1),
            _ => products.clone(),
        };
        let context = self.shared(|m| &m.contexts);
        match self.random.within(0..3) {
            0 => format!("(({products} OR {inner}) AND {context})"),
            1 => format!(
                "({inner} OR ({products} AND {context} NOT {}))",
                group(&self.list(3..20, SPAM))
            ),
            _ => format!("(({products} AND {context}) OR {inner})"),
        }
    }

    fn query(&mut self) -> String {
        let depth = self.random.within(1..6);
        let spam = self.shared(|m| &m.spam);
        format!("({} OR {}) NOT {spam}", self.branch(depth), self.near())
    }
}

/// A word of more than five letters with a wildcard in front or inside.
fn pattern(word: &str) -> String {
    if word.len().is_multiple_of(2) {
        format!("*{}", &word[1..])
    } else {
        format!("{}?{}", &word[..2], &word[3..])
    }
}

fn group(terms: &[String]) -> String {
    if terms.len() == 1 {
        terms[0].clone()
    } else {
        format!("({})", terms.join(" OR "))
    }
}
