//! Answers to a [`Question`]: one pass over what its filter selects, segment by segment.
//!
//! A segment never changes but for what is deleted in it, so what it adds to an answer is kept and used again for as
//! long as segment and question are the same ([`crate::embedded::kept`]); what all large segments add together is kept too.
//! Of a large segment that is what it added at its base: what was deleted since is counted and taken off
//! ([`crate::embedded::base`]). After a commit only what changed is counted, and asked twice between two commits nothing is.

mod axis;
mod changes;
mod distinct;
mod drawn;
mod people;
mod place;
mod rolled;
mod sets;
mod sums;
mod tug;

use self::axis::Plan;
use self::people::Wanted;
pub(in crate::embedded) use self::rolled::values as rolled_values;
pub(in crate::embedded) use self::sums::Partial;
use self::sums::{Answered, Everywhere, Placed, changed, merge};
use crate::aggregate::{Axis, Cell, Choose, Cut, Key, MAX_CELLS, Measures, Question, Table};
use crate::embedded::base::View;
use crate::embedded::collect::columns::string_column;
use crate::embedded::collect::top::top;
use crate::embedded::counts::SegmentCounts;
use crate::embedded::kept::{Digest, Kept, KeptKey};
use crate::embedded::parallel;
use crate::embedded::select::{Hits, Which};
use crate::embedded::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{Dimension, Error, Filter};
use foldhash::HashMap;
use std::sync::Arc;
use tantivy::DocId;

/// What the large segments add is kept together; the part of each besides only where it is so small: sets of people and
/// texts would fill the room twice.
const LIGHT: usize = 1 << 18;

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
        if let Some(table) = self.counted_alone(question, unit, &selected)? {
            return Ok(table);
        }
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

    /// The most frequent values where only mentions are counted: counting the values is all there is to do.
    fn counted_alone(
        &self,
        question: &Question,
        unit: Unit,
        selected: &[Hits<'_>],
    ) -> Result<Option<Table>, Error> {
        let [cut @ Cut::Values(dimension, Choose::Most(limit))] = &question.cuts[..] else {
            return Ok(None);
        };
        if question.measures != Measures::default() {
            return Ok(None);
        }
        let counted = match (dimension, string_column(*dimension)) {
            (Dimension::Author, _) => {
                let most = top(self.author_counts(&question.filter, unit, selected)?, *limit);
                self.author_keys(&most, selected)?
                    .into_iter()
                    .map(|(key, mentions)| (key.to_string(), mentions))
                    .collect()
            }
            (_, Some(column)) => self.most_frequent(column, *limit, (&question.filter, unit), selected)?,
            (_, None) => return Ok(None),
        };
        check_cells(counted.len())?;
        let (_, _, total) = self.sums(&question.filter, unit, &[], question.measures, selected)?;
        let cell = |mentions: u64| Cell {
            mentions,
            ..Cell::default()
        };
        let cells: Vec<Cell> = counted.iter().map(|(_, mentions)| cell(*mentions)).collect();
        Ok(Some(Table {
            axes: vec![Axis {
                cut: cut.clone(),
                keys: counted.into_iter().map(|(value, _)| Key::Value(value)).collect(),
            }],
            rows: cells.clone(),
            cells,
            total,
        }))
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
    ) -> Result<Answered, Error> {
        let asked = asked_of(filter, unit, plans, measures);
        let room = self.kept().exact_distinct;
        let wanted = Wanted { measures, room };
        for anew in [false, true] {
            let parts = self.parts_of(filter, unit, plans, wanted, selected, (asked, anew))?;
            if let Some(answer) = changed(&parts.kept, &parts.came, &parts.gone, plans.len(), wanted) {
                return Ok(answer);
            }
            // Next time nothing is taken off.
            for hits in selected.iter().filter(|hits| self.kept().is_large(hits.segment)) {
                self.kept().rebase(hits.segment, asked);
            }
        }
        Err(Error::Question("its sums are too large".to_owned()))
    }

    /// What the large segments add at their base, and what the small ones and changes since do; with `anew`, everything
    /// as it is now.
    fn parts_of(
        &self,
        filter: &Filter,
        unit: Unit,
        plans: &[Plan],
        wanted: Wanted,
        selected: &[Hits<'_>],
        (asked, anew): (Digest, bool),
    ) -> Result<Parts, Error> {
        let len = |i: usize| plans.get(i).map_or(1, |p| p.keys.len());
        let (lens, cuts) = ([len(0), len(1)], plans.len());
        let (measures, own) = (wanted.measures, Everywhere::default());
        let (mut large, mut came, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        // The large ones have a place of their own; which they are and what is asked of each is what the key says.
        let mut key = format!("{lens:?}{cuts}{wanted:?}");
        for hits in selected {
            let counted = self.counting(hits, plans, filter, unit, wanted, (asked, anew))?;
            if !self.kept().is_large(hits.segment) {
                let part = self.partial(&counted, (filter, unit), (wanted, &own), |_| true)?;
                came.push((part, counted.offsets));
                continue;
            }
            let changes = counted.changes(wanted)?;
            gone.extend(changes.gone.map(|part| (part, counted.offsets)));
            came.extend(changes.came.map(|part| (part, counted.offsets)));
            key.push_str(&format!("{:?}{:?}", counted.key, counted.offsets));
            large.push(counted);
        }
        let key = KeptKey::Together(Digest::of(&key));
        let kept = self.kept().get_or(key, Kept::partial, || {
            let everywhere = Everywhere::new(lens, wanted.room);
            // What was drawn with a view to the other segments would be too little without them.
            let is_light = |part: &Partial| part.bytes() <= LIGHT && !part.has_drawn();
            let part = |part: &ToCount<'_, '_>| {
                let made = self.partial(part, (filter, unit), (wanted, &everywhere), is_light)?;
                Ok((made, part.offsets))
            };
            let parts: Vec<Placed> = parallel::map(&large, part)
                .into_iter()
                .collect::<Result<_, Error>>()?;
            let merged = merge(&parts, lens, cuts, wanted);
            Ok(Kept::Partial(Arc::new(merged.finished(measures))))
        })?;
        Ok(Parts {
            kept,
            came: merge(&came, lens, cuts, wanted),
            gone: merge(&gone, lens, cuts, wanted),
        })
    }

    /// What there is to count in a segment, and under which key it is kept.
    fn counting<'h, 'p>(
        &self,
        hits: &'h Hits<'h>,
        plans: &'p [Plan],
        filter: &Filter,
        unit: Unit,
        wanted: Wanted,
        (asked, anew): (Digest, bool),
    ) -> Result<ToCount<'h, 'p>, Error> {
        let measures = wanted.measures;
        let extent = hits.extent()?;
        let locals: Vec<_> = plans.iter().map(|p| p.within(extent)).collect();
        let offset = |i: usize| locals.get(i).map_or(0, |l| l.offset);
        let offsets = [offset(0), offset(1)];
        let base = match anew {
            true => View::now(hits.segment),
            false => self.kept().view(hits.segment, Some(asked)),
        };
        let later = if measures.engagement { hits.later()? } else { None };
        let engagement = match later {
            Some(now) if anew => Some(Engagement {
                then: now.clone(),
                now,
                changed: Vec::new(),
            }),
            Some(now) => {
                let (then, changed) = self.kept().counts_base(hits.segment, &now);
                Some(Engagement { then, now, changed })
            }
            None => None,
        };
        let stamp = hits.marks.as_ref().map(|marks| marks.stamp);
        let counts = engagement.as_ref().map(|e| e.then.version);
        let within = self.within(filter, unit, extent, hits.part);
        let mut key = format!("{stamp:?}{counts:?}{wanted:?}{within}");
        locals.iter().for_each(|l| l.describe(&mut key));
        Ok(ToCount {
            key: KeptKey::at(hits.segment, base.stamp, &key),
            hits,
            base,
            engagement,
            locals,
            offsets,
        })
    }

    /// What a segment adds at its base, kept where `keeps` says so.
    fn partial(
        &self,
        part: &ToCount<'_, '_>,
        (filter, unit): (&Filter, Unit),
        drawing: (Wanted, &Everywhere),
        keeps: impl Fn(&Partial) -> bool,
    ) -> Result<Arc<Partial>, Error> {
        let measures = drawing.0.measures;
        let keeps = |kept: &Kept| matches!(kept, Kept::Partial(partial) if keeps(partial));
        self.kept().get_or_if(part.key, keeps, Kept::partial, || {
            // A question may have a base of its own.
            let rollup = part
                .hits
                .rollup
                .as_ref()
                .filter(|rollup| rollup.whole.stamp == part.base.stamp);
            if let Some(rollup) = rollup
                && let Some(known) = rolled::count(part.hits, rollup, &part.locals, filter, unit, measures)?
            {
                return Ok(Kept::Partial(Arc::new(known)));
            }
            let then = part.engagement.as_ref().map(|e| e.then.clone());
            let partial = sums::count(part.hits, &part.locals, drawing, Which::At(&part.base), then)?;
            Ok(Kept::Partial(Arc::new(partial)))
        })
    }

    /// The numbers of the authors under a filter, with their mentions.
    pub(super) fn author_counts(
        &self,
        filter: &Filter,
        unit: Unit,
        selected: &[Hits<'_>],
    ) -> Result<Vec<(u64, u64)>, Error> {
        let measures = Measures {
            authors: true,
            ..Measures::default()
        };
        let asked = asked_of(filter, unit, &[], measures);
        // Whoever is looked for is looked for among all.
        let wanted = Wanted {
            measures,
            room: usize::MAX,
        };
        let parts = self.parts_of(filter, unit, &[], wanted, selected, (asked, false))?;
        // In order, and there are many of them; what changed since is few.
        let mut counts = parts.kept.authors();
        let mut new: HashMap<u64, u64> = HashMap::default();
        for (author, times) in parts.came.authors() {
            match counts.binary_search_by_key(&author, |(number, _)| *number) {
                Ok(at) => counts[at].1 += times,
                Err(_) => *new.entry(author).or_default() += times,
            }
        }
        for (author, times) in parts.gone.authors() {
            if let Ok(at) = counts.binary_search_by_key(&author, |(number, _)| *number) {
                counts[at].1 = counts[at].1.saturating_sub(times);
            } else if let Some(count) = new.get_mut(&author) {
                *count = count.saturating_sub(times);
            }
        }
        counts.extend(new);
        counts.retain(|(_, n)| *n > 0);
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

/// Under which a question's own bases are known.
fn asked_of(filter: &Filter, unit: Unit, plans: &[Plan], measures: Measures) -> Digest {
    let mut text = format!("{unit:?}{measures:?}{filter:?}");
    plans.iter().for_each(|plan| plan.whole().describe(&mut text));
    Digest::of(&text)
}

/// What segments add, merged.
struct Parts {
    /// The large ones at their bases.
    kept: Arc<Partial>,
    /// The small ones, and what came to the large ones since.
    came: Partial,
    /// What went from the large ones since.
    gone: Partial,
}

/// A segment to be counted.
struct ToCount<'h, 'p> {
    key: KeptKey,
    hits: &'h Hits<'h>,
    base: View,
    /// Where engagement is measured and some came later.
    engagement: Option<Engagement>,
    locals: Vec<axis::Local<'p>>,
    offsets: [usize; 2],
}

/// Engagement that came later: at the base, now, and of which documents it differs.
struct Engagement {
    then: Arc<SegmentCounts>,
    now: Arc<SegmentCounts>,
    changed: Vec<DocId>,
}

/// What changed in a segment since its base.
#[derive(Default)]
struct Changes {
    gone: Option<Arc<Partial>>,
    came: Option<Arc<Partial>>,
}

impl ToCount<'_, '_> {
    /// Counts what changed since the base. A document with other engagement went as it was and came as it is.
    fn changes(&self, wanted: Wanted) -> Result<Changes, Error> {
        let everywhere = Everywhere::default();
        let mut gone = self.base.gone.as_ref().clone();
        let mut came = Vec::new();
        if let Some(engagement) = &self.engagement {
            let now = View::now(self.hits.segment);
            let stood = engagement.changed.iter().filter(|doc| self.base.is_alive(**doc));
            gone.extend(stood);
            gone.sort_unstable();
            gone.dedup();
            came.extend(engagement.changed.iter().filter(|doc| now.is_alive(**doc)));
        }
        let count = |docs: &[DocId], later: Option<Arc<SegmentCounts>>| {
            if docs.is_empty() {
                return Ok(None);
            }
            let part = sums::count(
                self.hits,
                &self.locals,
                (wanted, &everywhere),
                Which::Of(docs),
                later,
            )?;
            Ok(Some(Arc::new(part)))
        };
        let engagement = self.engagement.as_ref();
        Ok(Changes {
            gone: count(&gone, engagement.map(|e| e.then.clone()))?,
            came: count(&came, engagement.map(|e| e.now.clone()))?,
        })
    }
}
