//! Headline figures.

use super::breakdown::counted;
use super::columns::{Columns, first};
use super::top::all_of;
use crate::embedded::schema::column;
use crate::embedded::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{Error, Figures, Filter};
use foldhash::{HashMap, HashSet};
use post::Millis;

impl Snapshot {
    /// How many pass the filter.
    pub fn count(&self, filter: &Filter) -> Result<u64, Error> {
        self.surviving(|| {
            self.select(filter, Unit::Posts)?
                .iter()
                .map(|hits| hits.count())
                .sum()
        })
    }

    /// Sums over what passes the filter.
    pub fn figures(&self, filter: &Filter) -> Result<Figures, Error> {
        self.surviving(|| self.sum_up(filter))
    }

    fn sum_up(&self, filter: &Filter) -> Result<Figures, Error> {
        let mut sums = Figures::default();
        let mut people: HashSet<u64> = HashSet::default();
        for hits in self.select(filter, Unit::Posts)? {
            let columns = Columns(&hits);
            let authors = columns.numbers(column::AUTHOR)?;
            let engagement = columns.engagement()?;
            let labels = columns.labels()?;
            hits.each(|doc| {
                sums.mentions += 1;
                sums.engagement = sums.engagement.saturating_add(engagement.of(doc));
                people.extend(first(&authors, doc));
                if let Some(label) = labels.of(doc) {
                    sums.sentiment[label as usize] += 1;
                }
            })?;
        }
        sums.authors = people.len() as u64;
        Ok(sums)
    }

    /// How many pass the filter that were written after a generation and stood there before in another form.
    pub fn rewritten_since(&self, filter: &Filter, generation: u64) -> Result<u64, Error> {
        let later = Filter {
            since: Some(generation),
            upto: None,
            ..filter.clone()
        };
        let mut count = 0;
        for hits in self.select(&later, Unit::Posts)? {
            let written = Columns(&hits).numbers(column::WRITTEN)?;
            let later = hits.later()?;
            hits.each(|doc| {
                let later = later.as_ref().and_then(|later| later.written(doc));
                count += later.or_else(|| first(&written, doc)).unwrap_or(0) & 1;
            })?;
        }
        Ok(count)
    }

    /// The numbers of all that pass the filter, with the times of their posts, in no order.
    pub fn numbers(&self, filter: &Filter) -> Result<Vec<(u64, Millis)>, Error> {
        let mut out = Vec::new();
        for hits in self.select(filter, Unit::Mentions)? {
            let columns = Columns(&hits);
            let (ids, created) = (columns.numbers(column::ID)?, columns.created()?);
            hits.each(|doc| {
                let at = created.as_ref().and_then(|c| c.first(doc));
                out.extend(first(&ids, doc).zip(at));
            })?;
        }
        Ok(out)
    }

    /// When the oldest post was published, one deleted lately included; `None` where nothing is stored.
    pub fn oldest(&self) -> Result<Option<Millis>, Error> {
        let mut oldest = None;
        for hits in self.select(&Filter::default(), Unit::Mentions)? {
            if let Some(created) = Columns(&hits).created()? {
                oldest = Some(oldest.map_or(created.min_value(), |at: Millis| at.min(created.min_value())));
            }
        }
        Ok(oldest)
    }

    /// The mentions that each monitor matched.
    pub fn count_by_monitor(&self) -> Result<HashMap<String, u64>, Error> {
        self.surviving(|| self.monitors_counted())
    }

    fn monitors_counted(&self) -> Result<HashMap<String, u64>, Error> {
        let mut sums: HashMap<String, u64> = HashMap::default();
        for hits in self.select(&Filter::default(), Unit::Mentions)? {
            if let Some(counts) = counted(&hits, column::MONITOR)? {
                let counts = all_of(&[counts]).map_err(Error::io("read", &hits.part.path))?;
                counts
                    .into_iter()
                    .for_each(|(monitor, n)| *sums.entry(monitor).or_default() += n);
            }
        }
        Ok(sums)
    }
}
