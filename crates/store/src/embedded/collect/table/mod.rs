//! Answers to a [`Question`]: one pass over what its filter selects, segment by segment.
//!
//! A segment never changes but for what is deleted in it, so what it adds to an answer is kept and used again for as
//! long as segment, deletions and question are the same ([`crate::embedded::kept`]); what all large segments add together
//! is kept too. After a commit only what is new is counted, and asked twice between two commits nothing is.

mod axis;
mod distinct;
mod place;
mod sums;

use self::axis::Plan;
pub(in crate::embedded) use self::sums::Partial;
use self::sums::{Placed, merge, together};
use crate::aggregate::{Axis, Cut, MAX_CELLS, Measures, Question, Table};
use crate::embedded::kept::{Digest, Kept, KeptKey};
use crate::embedded::select::{Hits, within};
use crate::embedded::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{Dimension, Error, Filter};
use std::sync::Arc;

/// Segments with more documents are merged rarely: what they add together is kept.
const LARGE: u32 = 20_000;

impl Snapshot {
    /// Answers a question.
    pub fn table(&self, question: &Question) -> Result<Arc<Table>, Error> {
        let asked = Digest::of(&format!("{}{question:?}", self.marks().version()));
        self.kept().answer(self.generation(), asked, || {
            self.surviving(|| self.count_table(question))
        })
    }

    fn count_table(&self, question: &Question) -> Result<Table, Error> {
        let by_monitor = |cut: &Cut| matches!(cut, Cut::Values(Dimension::Monitor, _));
        let unit = match question.cuts.iter().any(by_monitor) {
            true => Unit::Mentions,
            false => Unit::Posts,
        };
        if question.cuts.len() > 2 {
            return Err(Error::Question("more than two cuts".to_owned()));
        }
        self.check_size(question)?;
        let selected = self.select(&question.filter, unit)?;
        let plans: Vec<Plan> = question
            .cuts
            .iter()
            .map(|cut| self.plan(cut, &question.filter, unit, &selected))
            .collect::<Result<_, _>>()?;
        let cells: usize = plans.iter().map(|p| p.keys.len()).product();
        check_cells(cells)?;
        let (cells, rows, total) = self.sums(&question.filter, unit, &plans, question.measures, &selected)?;
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

    /// Refuses what is too large by its cuts of time alone, before anything is looked for.
    fn check_size(&self, question: &Question) -> Result<(), Error> {
        let mut cells = 1usize;
        for cut in &question.cuts {
            cells = cells.saturating_mul(match (cut, question.filter.from, question.filter.to) {
                (Cut::Time(calendar), Some(from), Some(to)) => {
                    calendar.borders(from, to, MAX_CELLS)?.len().saturating_sub(1)
                }
                (Cut::Clock(clock, _), ..) => clock.len(),
                _ => 1,
            });
        }
        check_cells(cells)
    }

    fn sums(
        &self,
        filter: &Filter,
        unit: Unit,
        plans: &[Plan],
        measures: Measures,
        selected: &[Hits<'_>],
    ) -> Result<(Vec<crate::Cell>, Vec<crate::Cell>, crate::Cell), Error> {
        let (large, small) = self.parts_of(filter, unit, plans, measures, selected)?;
        Ok(together(&large, &small, plans.len(), measures))
    }

    /// What the large segments add, and what the small ones do.
    fn parts_of(
        &self,
        filter: &Filter,
        unit: Unit,
        plans: &[Plan],
        measures: Measures,
        selected: &[Hits<'_>],
    ) -> Result<(Arc<Partial>, Arc<Partial>), Error> {
        let len = |i: usize| plans.get(i).map_or(1, |p| p.keys.len());
        let (lens, cuts) = ([len(0), len(1)], plans.len());
        let (mut large, mut small) = (Vec::new(), Vec::new());
        // The large ones have a place of their own; which they are and what is asked of each is what the key says.
        let mut key = format!("{lens:?}{cuts}{measures:?}");
        for hits in selected {
            let counted = self.counting(hits, plans, filter, unit, measures)?;
            match hits.segment.max_doc() > LARGE {
                true => {
                    key.push_str(&format!("{:?}{:?}", counted.key, counted.offsets));
                    large.push(counted);
                }
                false => small.push(counted),
            }
        }
        let merged = |parts: Vec<ToCount<'_, '_>>| -> Result<Arc<Partial>, Error> {
            let parts: Vec<Placed> = parts
                .into_iter()
                .map(|part| Ok((self.partial(&part, measures)?, part.offsets)))
                .collect::<Result<_, Error>>()?;
            Ok(Arc::new(merge(&parts, lens, cuts, measures)))
        };
        let key = KeptKey::Together(Digest::of(&key));
        let large = self
            .kept()
            .get_or(key, Kept::partial, || Ok(Kept::Partial(merged(large)?)))?;
        Ok((large, merged(small)?))
    }

    /// What there is to count in a segment, and under which key it is kept.
    fn counting<'h, 'p>(
        &self,
        hits: &'h Hits<'h>,
        plans: &'p [Plan],
        filter: &Filter,
        unit: Unit,
        measures: Measures,
    ) -> Result<ToCount<'h, 'p>, Error> {
        let extent = hits.extent()?;
        let locals: Vec<_> = plans.iter().map(|p| p.within(extent)).collect();
        let offset = |i: usize| locals.get(i).map_or(0, |l| l.offset);
        let offsets = [offset(0), offset(1)];
        let stamp = hits.marks.as_ref().map(|marks| marks.stamp);
        let mut key = format!("{stamp:?}{measures:?}{}", within(filter, unit, extent));
        locals.iter().for_each(|l| l.describe(&mut key));
        Ok(ToCount {
            key: KeptKey::segment(hits.segment, &key),
            hits,
            locals,
            offsets,
        })
    }

    fn partial(&self, part: &ToCount<'_, '_>, measures: Measures) -> Result<Arc<Partial>, Error> {
        self.kept().get_or(part.key, Kept::partial, || {
            let partial = sums::count(part.hits, &part.locals, measures)?;
            Ok(Kept::Partial(Arc::new(partial)))
        })
    }

    /// The numbers of the authors under a filter, with their mentions.
    pub(super) fn author_counts(
        &self,
        filter: &Filter,
        unit: Unit,
        selected: &[Hits<'_>],
    ) -> Result<foldhash::HashMap<u64, u64>, Error> {
        let measures = Measures {
            authors: true,
            ..Measures::default()
        };
        let (large, small) = self.parts_of(filter, unit, &[], measures, selected)?;
        let mut counts: foldhash::HashMap<u64, u64> = foldhash::HashMap::default();
        for (author, times) in large.authors().into_iter().chain(small.authors()) {
            *counts.entry(author).or_default() += times;
        }
        Ok(counts)
    }
}

fn check_cells(cells: usize) -> Result<(), Error> {
    if cells <= MAX_CELLS {
        return Ok(());
    }
    Err(Error::TooLarge(format!(
        "{cells} cells are too many, at most {MAX_CELLS} are answered; take a longer interval or fewer values"
    )))
}

/// A segment to be counted.
struct ToCount<'h, 'p> {
    key: KeptKey,
    hits: &'h Hits<'h>,
    locals: Vec<axis::Local<'p>>,
    offsets: [usize; 2],
}
