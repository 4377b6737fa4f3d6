//! How well a query tells relevant posts from others, on posts that people labelled.

use super::Probe;
use super::clauses::clauses;
use query::{Document, Query, Reason};
use trends::{Estimate, share};

/// A labelled post.
pub(crate) struct Labelled<'a> {
    /// What queries test.
    pub(crate) document: Document<'a>,
    /// Whether people say that it is about the matter.
    pub(crate) relevant: bool,
}

/// Matches and truths, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    /// Relevant posts matched.
    pub(crate) right: u64,
    /// Other posts matched.
    pub(crate) wrong: u64,
    /// Relevant posts not matched.
    pub(crate) missed: u64,
    /// Other posts not matched.
    pub(crate) left_out: u64,
}

impl Tally {
    fn note(&mut self, matched: bool, relevant: bool) {
        let count = match (matched, relevant) {
            (true, true) => &mut self.right,
            (true, false) => &mut self.wrong,
            (false, true) => &mut self.missed,
            (false, false) => &mut self.left_out,
        };
        *count += 1;
    }

    /// Share of the matches that are relevant.
    pub(crate) fn precision(&self) -> Option<Estimate> {
        share(self.right, self.right + self.wrong)
    }

    /// Share of the relevant posts that are matched.
    pub(crate) fn recall(&self) -> Option<Estimate> {
        share(self.right, self.right + self.missed)
    }

    /// The harmonic mean of both, 2J ÷ (1 + J) of Jaccard's J = right ÷ (right + wrong + missed). J is a share, so it
    /// has Wilson's interval, and the mean, which grows with it, has that interval's ends.
    pub(crate) fn f1(&self) -> Option<Estimate> {
        let j = share(self.right, self.right + self.wrong + self.missed)?;
        let of = |j: f64| 2.0 * j / (1.0 + j);
        Some(Estimate {
            value: of(j.value),
            low: of(j.low),
            high: of(j.high),
        })
    }
}

/// A clause and the labels of the posts it matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// Printed.
    pub(crate) clause: String,
    /// Whether it stands under a NOT: then it should match what is not relevant.
    pub(crate) negated: bool,
    /// Relevant posts it matches, of all.
    pub(crate) relevant: u64,
    /// Other posts it matches, of all.
    pub(crate) other: u64,
}

/// A post that a query gets wrong, and why.
pub(crate) struct Mistake {
    /// Its number among the posts.
    pub(crate) post: usize,
    /// The clauses that would have to change.
    pub(crate) reasons: Vec<Reason>,
}

/// A query judged.
pub(crate) struct Judged {
    /// The counts.
    pub(crate) tally: Tally,
    /// The clauses of the query, those that match most other posts first.
    pub(crate) terms: Vec<Term>,
    /// Matched and not relevant: those let in by the clauses that let most in come first.
    pub(crate) false_positives: Vec<Mistake>,
    /// Relevant and not matched: those that lack fewest clauses come first.
    pub(crate) false_negatives: Vec<Mistake>,
}

/// Judges a query on posts.
pub(crate) fn judge(query: &Query, posts: &[Labelled<'_>]) -> Judged {
    let clauses = clauses(query);
    let mut terms: Vec<Term> = clauses
        .iter()
        .map(|b| Term {
            clause: b.query.to_string(),
            negated: b.negated,
            relevant: 0,
            other: 0,
        })
        .collect();
    let all = [query].into_iter().chain(clauses.iter().map(|b| &b.query));
    let mut probe = Probe::new(all, None);
    let mut judged = Judged {
        tally: Tally::default(),
        terms: Vec::new(),
        false_positives: Vec::new(),
        false_negatives: Vec::new(),
    };
    for (number, post) in posts.iter().enumerate() {
        let found = probe.matches(&post.document);
        let matched = found.first() == Some(&0);
        judged.tally.note(matched, post.relevant);
        for &i in found.iter().filter(|&&i| i > 0) {
            let term = &mut terms[i as usize - 1];
            let count = if post.relevant {
                &mut term.relevant
            } else {
                &mut term.other
            };
            *count += 1;
        }
        let mistake = |reasons| Mistake {
            post: number,
            reasons,
        };
        match (matched, post.relevant) {
            (true, false) => judged
                .false_positives
                .push(mistake(query::why(query, &post.document, None))),
            (false, true) => {
                judged
                    .false_negatives
                    .push(mistake(query::why_not(query, &post.document, None)))
            }
            _ => {}
        }
    }
    sort(&mut judged, &terms);
    terms.sort_by_key(|t| std::cmp::Reverse(t.other));
    judged.terms = terms;
    judged
}

fn sort(judged: &mut Judged, terms: &[Term]) {
    let lets_in = |m: &Mistake| {
        let clause = m.reasons.first().map(|r| &r.clause);
        terms
            .iter()
            .find(|t| Some(&t.clause) == clause)
            .map_or(0, |t| t.other)
    };
    judged
        .false_positives
        .sort_by_cached_key(|m| std::cmp::Reverse(lets_in(m)));
    judged.false_negatives.sort_by_key(|m| m.reasons.len());
}
