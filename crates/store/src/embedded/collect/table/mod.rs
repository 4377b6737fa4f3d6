//! Answers to a [`Question`]: one pass over what its filter selects, segment by segment.
//!
//! A segment never changes but for what is deleted in it, so what it adds to an answer is kept and used again for as
//! long as segment, deletions and question are the same ([`super::super::kept`]): after a commit only what is new is
//! counted.

mod axis;
mod distinct;
mod place;
mod sums;

use self::axis::Plan;
pub(in crate::embedded) use self::sums::Partial;
use self::sums::Total;
use crate::aggregate::{Axis, Cut, MAX_CELLS, Question, Table};
use crate::embedded::kept::{Kept, SegmentKey};
use crate::embedded::select::Hits;
use crate::embedded::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{Dimension, Error, Filter};
use std::fmt::Write;
use std::sync::Arc;

impl Snapshot {
    /// Answers a question.
    pub fn table(&self, question: &Question) -> Result<Table, Error> {
        let by_monitor = |cut: &Cut| matches!(cut, Cut::Values(Dimension::Monitor, _));
        let unit = match question.cuts.iter().any(by_monitor) {
            true => Unit::Mentions,
            false => Unit::Posts,
        };
        if question.cuts.len() > 2 {
            return Err(Error::Question("more than two cuts".to_owned()));
        }
        let selected = self.select(&question.filter, unit)?;
        let plans: Vec<Plan> = question
            .cuts
            .iter()
            .map(|cut| self.plan(cut, &question.filter, &selected))
            .collect::<Result<_, _>>()?;
        let cells: usize = plans.iter().map(|p| p.keys.len()).product();
        if cells > MAX_CELLS {
            return Err(Error::Question(format!(
                "{cells} cells are too many, at most {MAX_CELLS} are answered; take a longer interval or fewer values"
            )));
        }
        let lens = plans.iter().map(|p| p.keys.len()).collect::<Vec<_>>();
        let mut total = Total::new(&lens, question.measures);
        let asked = asked(question, unit);
        for hits in &selected {
            let (partial, offsets) = self.partial(hits, &plans, question, &asked)?;
            total.add(&partial, &offsets);
        }
        let (cells, rows, total) = total.finish();
        let axes = question.cuts.iter().zip(plans).map(|(cut, plan)| Axis {
            cut: cut.clone(),
            keys: plan.keys,
        });
        Ok(Table {
            axes: axes.collect(),
            cells,
            rows,
            total,
        })
    }

    /// What a segment adds, and where in each axis its part begins.
    fn partial(
        &self,
        hits: &Hits<'_>,
        plans: &[Plan],
        question: &Question,
        asked: &str,
    ) -> Result<(Arc<Partial>, Vec<usize>), Error> {
        let extent = hits.extent()?;
        let locals: Vec<_> = plans.iter().map(|p| p.within(extent)).collect();
        let offsets = locals.iter().map(|l| l.offset).collect();
        let mut key = asked.to_owned();
        let inside = |bound: Option<i64>, reached: fn(i64, (i64, i64)) -> bool| {
            bound.filter(|at| !reached(*at, extent))
        };
        let from = inside(question.filter.from, |from, extent| from <= extent.0);
        let to = inside(question.filter.to, |to, extent| to > extent.1);
        let _ = write!(key, "{from:?}{to:?}");
        locals.iter().for_each(|l| l.describe(&mut key));
        let key = SegmentKey::new(hits.segment, key);
        let partial = self.kept().get_or(key, Kept::partial, || {
            let partial = sums::count(hits, &locals, question.measures)?;
            Ok(Kept::Partial(Arc::new(partial)))
        })?;
        Ok((partial, offsets))
    }
}

/// What of a question makes a difference to every segment alike.
fn asked(question: &Question, unit: Unit) -> String {
    let filter = Filter {
        from: None,
        to: None,
        ..question.filter.clone()
    };
    format!("{unit:?}{:?}{filter:?}", question.measures)
}
