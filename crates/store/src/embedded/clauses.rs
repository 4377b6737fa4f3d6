//! The parts of a filter as one Tantivy query.

use super::counts::{Listed, SegmentCounts};
use super::schema::Fields;
use crate::filter::IRRELEVANT;
use crate::{Accounts, Choice, Sense, Voice, words};
use std::ops::Bound;
use std::sync::Arc;
use tantivy::index::SegmentId;
use tantivy::query::{AllQuery, BooleanQuery, Occur, Query, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Term};

/// Documents with a term.
pub(super) fn term(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

/// A conjunction in the making.
#[derive(Default)]
pub(super) struct Clauses {
    list: Vec<(Occur, Box<dyn Query>)>,
    has_must: bool,
}

impl Clauses {
    /// What must not be.
    pub(super) fn must_not(&mut self, query: Box<dyn Query>) {
        self.list.push((Occur::MustNot, query));
    }

    pub(super) fn must(&mut self, query: Box<dyn Query>) {
        self.list.push((Occur::Must, query));
        self.has_must = true;
    }

    /// Values from the first on and below the second.
    pub(super) fn between(&mut self, field: Field, range: (Option<u64>, Option<u64>)) {
        self.between_or(field, range, &[], |_| Vec::new());
    }

    /// The same, where `values` gives some documents of some segments other values than the index has.
    pub(super) fn between_or(
        &mut self,
        field: Field,
        (from, to): (Option<u64>, Option<u64>),
        later: &[(SegmentId, Arc<SegmentCounts>)],
        values: impl Fn(&SegmentCounts) -> Vec<(DocId, u64)>,
    ) {
        if from.is_none() && to.is_none() {
            return;
        }
        let bound = |n: u64| Term::from_field_u64(field, n);
        let lower = from.map_or(Bound::Unbounded, |n| Bound::Included(bound(n)));
        let upper = to.map_or(Bound::Unbounded, |n| Bound::Excluded(bound(n)));
        let indexed = Box::new(RangeQuery::new(lower, upper));
        if later.is_empty() {
            return self.must(indexed);
        }
        let fits = |n: u64| from.is_none_or(|from| n >= from) && to.is_none_or(|to| n < to);
        let others: Listed = later
            .iter()
            .map(|(id, counts)| (*id, counts.docs().to_vec()))
            .collect();
        let fitting = later.iter().map(|(id, counts)| {
            let fitting = values(counts).into_iter().filter(|(_, n)| fits(*n));
            (*id, fitting.map(|(doc, _)| doc).collect())
        });
        let fitting: Listed = fitting.collect();
        let indexed: Vec<(Occur, Box<dyn Query>)> =
            vec![(Occur::Must, indexed), (Occur::MustNot, Box::new(others))];
        self.must(Box::new(BooleanQuery::union(vec![
            Box::new(BooleanQuery::new(indexed)),
            Box::new(fitting),
        ])));
    }

    /// What the monitors' own accounts published, or all but that.
    pub(super) fn voice(&mut self, voice: Voice, accounts: &[Accounts], fields: &Fields) {
        let own = accounts.iter().filter(|a| !a.accounts.is_empty()).map(|own| {
            let theirs = own
                .accounts
                .iter()
                .map(|a| term(Term::from_field_text(fields.account, a)));
            let monitor = term(Term::from_field_text(fields.monitor, &own.monitor));
            let both: Vec<(Occur, Box<dyn Query>)> = vec![
                (Occur::Must, monitor),
                (Occur::Must, Box::new(BooleanQuery::union(theirs.collect()))),
            ];
            Box::new(BooleanQuery::new(both)) as Box<dyn Query>
        });
        let own: Vec<Box<dyn Query>> = own.collect();
        match voice {
            Voice::Owned => self.must(Box::new(BooleanQuery::union(own))),
            Voice::Earned => self
                .list
                .extend(own.into_iter().map(|query| (Occur::MustNot, query))),
        }
    }

    /// Copies and their first posts. These are found by their keys, which begin with the group's number.
    pub(super) fn copies(&mut self, groups: &Choice<u64>, fields: &Fields) {
        let between = |from: Term, to: Term| {
            Box::new(RangeQuery::new(Bound::Included(from), Bound::Included(to))) as Box<dyn Query>
        };
        let of = |group: &u64| {
            let key = |rest: u64| {
                let key = u128::from(*group) << 64 | u128::from(rest);
                Term::from_field_bytes(fields.post, &key.to_be_bytes())
            };
            let number = Term::from_field_u64(fields.text_hash, *group);
            let first: Vec<(Occur, Box<dyn Query>)> = vec![
                (Occur::Must, between(key(0), key(u64::MAX))),
                (Occur::Must, between(number.clone(), number)),
            ];
            let copies = term(Term::from_field_text(fields.copies, &words::group(*group)));
            let all: Vec<Box<dyn Query>> = vec![copies, Box::new(BooleanQuery::new(first))];
            Box::new(BooleanQuery::union(all)) as Box<dyn Query>
        };
        if !groups.include.is_empty() {
            let any = groups.include.iter().map(of).collect();
            self.must(Box::new(BooleanQuery::union(any)));
        }
        groups.exclude.iter().for_each(|group| self.must_not(of(group)));
    }

    /// What models of relevance say.
    pub(super) fn sense(&mut self, sense: &Sense, fields: &Fields) {
        let irrelevant = || term(Term::from_field_text(fields.class, IRRELEVANT));
        match sense {
            Sense::All => {}
            Sense::Only => self.must(irrelevant()),
            Sense::Without => self.must_not(irrelevant()),
            Sense::WithoutOf(monitors) => {
                let theirs = monitors
                    .iter()
                    .map(|m| term(Term::from_field_text(fields.monitor, m)));
                let both: Vec<(Occur, Box<dyn Query>)> = vec![
                    (Occur::Must, irrelevant()),
                    (Occur::Must, Box::new(BooleanQuery::union(theirs.collect()))),
                ];
                self.must_not(Box::new(BooleanQuery::new(both)));
            }
        }
    }

    pub(super) fn choose<T>(&mut self, choice: &Choice<T>, to_term: impl Fn(&T) -> Term) {
        match choice.include.as_slice() {
            [] => {}
            [one] => self.must(term(to_term(one))),
            many => self.must(Box::new(BooleanQuery::union(
                many.iter().map(|v| term(to_term(v))).collect(),
            ))),
        }
        for value in &choice.exclude {
            self.list.push((Occur::MustNot, term(to_term(value))));
        }
    }

    pub(super) fn into_query(mut self) -> Box<dyn Query> {
        if !self.has_must {
            self.must(Box::new(AllQuery));
        }
        match self.list.len() {
            1 => self.list.swap_remove(0).1,
            _ => Box::new(BooleanQuery::new(self.list)),
        }
    }
}
