//! In how many posts of a sample of the stream each term occurs: what both sides choose their filters by.

use crate::lucene::terms::{Asked, each_term};
use crate::workload::Post;
use query::Atom;
use query::ast::FieldName;
use std::collections::{HashMap, HashSet};
use text::Tokens;

/// Posts of the sample.
const SAMPLE: usize = 30_000;

/// Counts are given of so many posts.
const OF: u64 = 1_000_000;

/// Document frequencies of terms, begins of words and field values.
#[derive(Debug, Default)]
pub(crate) struct Frequencies {
    posts: u64,
    terms: HashMap<String, u32>,
    fields: HashMap<(FieldName, String), u32>,
    /// Every word with how many posts hold it or one before it, by the alphabet.
    ranges: Vec<(String, u64)>,
}

impl Frequencies {
    /// Counts in the last posts of the stream.
    pub(crate) fn count(posts: &[Post], asked: &Asked) -> Self {
        let sample = &posts[posts.len().saturating_sub(SAMPLE)..];
        let mut out = Self {
            posts: sample.len() as u64,
            ..Self::default()
        };
        let (mut tokens, mut seen) = (Tokens::new(), HashSet::new());
        for post in sample {
            tokens.read(&post.text);
            seen.clear();
            each_term(&tokens, asked, |_, term| {
                seen.insert(term.to_owned());
            });
            for term in seen.drain() {
                *out.terms.entry(term).or_default() += 1;
            }
            for field in post.fields() {
                *out.fields.entry(field).or_default() += 1;
            }
        }
        out.ranges = out
            .terms
            .iter()
            .map(|(t, n)| (t.clone(), u64::from(*n)))
            .collect();
        out.ranges.sort();
        let mut sum = 0;
        for (_, n) in &mut out.ranges {
            sum += *n;
            *n = sum;
        }
        out
    }

    /// Posts of the sample with the term.
    pub(crate) fn term(&self, term: &str) -> u64 {
        self.terms.get(term).copied().unwrap_or_default().into()
    }

    /// Posts of the sample with a word that begins so; those with two such words count twice.
    pub(crate) fn begins(&self, begin: &str) -> u64 {
        let below = |end: usize| end.checked_sub(1).map_or(0, |i| self.ranges[i].1);
        let from = self.ranges.partition_point(|(t, _)| t.as_str() < begin);
        let to = from + self.ranges[from..].partition_point(|(t, _)| t.starts_with(begin));
        below(to) - below(from)
    }

    /// Posts of the sample with the field value.
    pub(crate) fn field(&self, name: FieldName, value: &str) -> u64 {
        let key = (name, value.to_owned());
        self.fields.get(&key).copied().unwrap_or_default().into()
    }

    /// Every field value of the sample.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (FieldName, &str, u32)> {
        self.fields
            .iter()
            .map(|((name, value), n)| (*name, value.as_str(), *n))
    }

    /// Of a million posts, how many hold the atom.
    pub(crate) fn of(&self, atom: Atom<'_>) -> Option<u64> {
        let count = match atom {
            Atom::Word(key) => self.term(key),
            Atom::Case(key) => self.term(key),
            Atom::Prefix(begin) => self.begins(begin),
            Atom::Glob(pattern) => match pattern.split(['*', '?']).next() {
                Some(begin) if begin.len() > 2 => self.begins(begin),
                _ => return None,
            },
            Atom::Field(name, value) => self.field(name, value),
            Atom::Known(_) | Atom::Followers => return None,
        };
        Some(count * OF / self.posts.max(1))
    }
}
