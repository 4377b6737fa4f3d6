//! Who names what together: single mentions, each text once and each author once.
//!
//! A text counts for the author who published it first: a thousand accounts that post the same words are one voice.
//! Of that author's texts, those that name the same set of things are one vote. Mentions without an author have no vote.

use std::collections::BTreeMap;
use store::Row;
use trends::Estimate;

/// Monitors looked at together at most: the bits of [`Said::names`].
pub const MOST: usize = 64;

/// A distinct text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// Who published it first.
    pub author: u64,
    /// When.
    pub at: i64,
    /// The monitors that it is a mention of: bit *i* for the one at place *i*, where that is below 64.
    pub names: u64,
}

/// The distinct texts of some mentions, in the order of their first publication.
pub fn texts(rows: &[Row]) -> Vec<Said> {
    // A mention without a word stands for itself; an author's words and times never meet.
    let key = |row: &Row| match row.text {
        Some(text) => (0, text),
        None => (row.author, row.at.unsigned_abs()),
    };
    let mut by_text: BTreeMap<(u64, u64), Said> = BTreeMap::new();
    for row in rows {
        let said = by_text.entry(key(row)).or_insert(Said {
            author: row.author,
            at: row.at,
            names: 0,
        });
        said.names |= 1u64.checked_shl(u32::from(row.monitor)).unwrap_or(0);
        if (row.at, row.author) < (said.at, said.author) {
            (said.at, said.author) = (row.at, row.author);
        }
    }
    let mut texts: Vec<Said> = by_text.into_values().collect();
    texts.sort_by_key(|s| (s.at, s.author));
    texts
}

/// Two things named together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The place of one.
    pub a: usize,
    /// The place of the other.
    pub b: usize,
    /// Authors who name both in one text.
    pub authors: u64,
    /// Votes for both.
    pub votes: u64,
    /// How many times more than chance would have it.
    pub lift: Option<Estimate>,
}

/// What is named together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Together {
    /// All votes: distinct pairs of an author and a set of the things that one of their texts names, none included.
    pub votes: u64,
    /// By thing: the authors who name it.
    pub authors: Vec<u64>,
    /// Every pair.
    pub pairs: Vec<Pair>,
}

/// Counts what of the first `things` monitors is named together.
pub fn together(texts: &[Said], things: usize) -> Together {
    let mask = if things >= MOST {
        u64::MAX
    } else {
        (1 << things) - 1
    };
    let mut votes: Vec<(u64, u64)> = texts.iter().map(|s| (s.author, s.names & mask)).collect();
    votes.sort_unstable();
    votes.dedup();
    let place = |a: usize, b: usize| a * things + b;
    // A thing with itself is the thing alone.
    let mut counts = vec![Count::default(); things * things];
    for (author, names) in &votes {
        let named: Vec<usize> = (0..things).filter(|i| names >> i & 1 == 1).collect();
        for (i, a) in named.iter().enumerate() {
            named[i..].iter().for_each(|b| counts[place(*a, *b)].add(*author));
        }
    }
    let single = |i: usize| &counts[place(i, i)];
    let mut pairs = Vec::new();
    for a in 0..things {
        for b in a + 1..things {
            let both = &counts[place(a, b)];
            pairs.push(Pair {
                a,
                b,
                authors: both.authors,
                votes: both.votes,
                lift: trends::lift(both.votes, single(a).votes, single(b).votes, votes.len() as u64),
            });
        }
    }
    Together {
        votes: votes.len() as u64,
        authors: (0..things).map(|i| single(i).authors).collect(),
        pairs,
    }
}

/// Votes that come in the order of their authors.
#[derive(Debug, Clone, Default)]
struct Count {
    votes: u64,
    authors: u64,
    last: Option<u64>,
}

impl Count {
    fn add(&mut self, author: u64) {
        self.votes += 1;
        self.authors += u64::from(self.last != Some(author));
        self.last = Some(author);
    }
}

/// Of the authors who speak of a category, those who name each brand in the same text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aware {
    /// Authors who speak of the category.
    pub authors: u64,
    /// Distinct texts about it.
    pub texts: u64,
    /// By brand: authors who name it there.
    pub by_brand: Vec<u64>,
    /// Authors who name none of the brands in any text about the category.
    pub no_brand: u64,
}

/// Who is named where the category is spoken of. The category's monitor stands at place 0, the brands' behind it.
pub fn aware<'t>(texts: impl IntoIterator<Item = &'t Said>, brands: usize) -> Aware {
    let mut named: BTreeMap<u64, u64> = BTreeMap::new();
    let mut aware = Aware {
        by_brand: vec![0; brands],
        ..Aware::default()
    };
    for said in texts.into_iter().filter(|s| s.names & 1 == 1) {
        *named.entry(said.author).or_default() |= said.names >> 1;
        aware.texts += 1;
    }
    aware.authors = named.len() as u64;
    for names in named.values() {
        for (brand, count) in aware.by_brand.iter_mut().enumerate() {
            *count += names >> brand & 1;
        }
        aware.no_brand += u64::from(names.trailing_zeros() as usize >= brands);
    }
    aware
}

/// Authors seen first in a period, and those seen before, out of three counts of distinct authors: of all history up to
/// the end of the period, of the history before it, of the period. The history must hold the same kind of mentions.
pub fn new_and_returning(up_to_end: u64, before: u64, period: u64) -> (u64, u64) {
    let new = up_to_end.saturating_sub(before).min(period);
    (new, period - new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(author: u64, names: u64) -> Said {
        Said { author, at: 0, names }
    }

    #[test]
    fn each_author_votes_once_for_each_set_of_brands() {
        // Author 1 names both ten times; author 2 each alone; author 3 none of them.
        let mut texts: Vec<Said> = (0..10).map(|_| said(1, 0b11)).collect();
        texts.extend([said(2, 0b01), said(2, 0b10), said(3, 0b100)]);
        let t = together(&texts, 2);
        assert_eq!((t.votes, &t.authors), (4, &vec![2, 2]));
        let pair = t.pairs[0];
        assert_eq!((pair.votes, pair.authors), (1, 1));
        // 1 × 4 ÷ (2 × 2).
        assert_eq!(pair.lift.map(|l| l.value), Some(1.0));
    }

    #[test]
    fn awareness_is_counted_by_authors_of_the_category_alone() {
        // Place 0 is the category; author 4 names a brand outside of it.
        let texts = [
            said(1, 0b011),
            said(1, 0b001),
            said(2, 0b001),
            said(3, 0b111),
            said(4, 0b010),
        ];
        let aware = aware(&texts, 2);
        assert_eq!((aware.authors, aware.texts, aware.no_brand), (3, 4, 1));
        assert_eq!(aware.by_brand, [2, 1]);
    }

    proptest! {
        #[test]
        fn pairs_are_never_more_than_their_parts(
            list in proptest::collection::vec((0u64..12, 0u64..16), 0..80),
        ) {
            let texts: Vec<Said> = list.iter().map(|(author, names)| said(*author, *names)).collect();
            let t = together(&texts, 4);
            for pair in &t.pairs {
                prop_assert!(pair.authors <= t.authors[pair.a].min(t.authors[pair.b]));
                prop_assert!(pair.authors <= pair.votes && pair.votes <= t.votes);
            }
            // Said once more, nothing changes.
            let twice: Vec<Said> = texts.iter().chain(&texts).copied().collect();
            prop_assert_eq!(together(&twice, 4), t);
            let aware = aware(&texts, 3);
            prop_assert!(aware.by_brand.iter().all(|n| n + aware.no_brand <= aware.authors));
        }

        #[test]
        fn new_and_returning_are_everybody(before in proptest::collection::btree_set(0u8..40, 0..30),
                                           period in proptest::collection::btree_set(0u8..40, 0..30)) {
            let all = before.union(&period).count() as u64;
            let (new, returning) = new_and_returning(all, before.len() as u64, period.len() as u64);
            prop_assert_eq!(new, period.difference(&before).count() as u64);
            prop_assert_eq!(returning, period.intersection(&before).count() as u64);
        }
    }
}
