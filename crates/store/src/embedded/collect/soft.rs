//! What models say of many mentions, post by post: for shares that are corrected, and for drawing samples.

use super::columns::{Columns, first};
use crate::embedded::schema::{column, is_toward, thousandths};
use crate::embedded::select::Hits;
use crate::embedded::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{Error, Filter, Scored, SoftKey, SoftScores};
use foldhash::HashMap;
use tantivy::columnar::StrColumn;

impl Snapshot {
    /// The scores of what passes a filter, by key. Mentions without a score are left out.
    pub fn soft_scores(&self, filter: &Filter) -> Result<HashMap<SoftKey, SoftScores>, Error> {
        let mut all: HashMap<SoftKey, SoftScores> = HashMap::default();
        for hits in self.select(filter, Unit::Posts)? {
            let packed = Columns(&hits).numbers(column::PROBABILITIES)?;
            let mut places = Places::new(&hits)?;
            let mut here: Vec<HashMap<u64, u64>> = Vec::new();
            hits.each(|doc| {
                let Some(packed) = first(&packed, doc) else { return };
                let place = places.of(doc, is_toward(packed));
                if here.len() <= place {
                    here.resize_with(place + 1, HashMap::default);
                }
                *here[place].entry(packed).or_default() += 1;
            })?;
            for (key, counts) in places.keys(&hits)?.into_iter().zip(here) {
                let to = all.entry(key).or_default();
                for (packed, n) in counts {
                    *to.entry(thousandths(packed)).or_default() += n;
                }
            }
        }
        Ok(all)
    }

    /// Calls `each` for every scored mention that passes a filter, in no order.
    pub fn each_scored(&self, filter: &Filter, each: &mut dyn FnMut(Scored)) -> Result<(), Error> {
        for hits in self.select(filter, Unit::Posts)? {
            let columns = Columns(&hits);
            let (ids, packed) = (
                columns.numbers(column::ID)?,
                columns.numbers(column::PROBABILITIES)?,
            );
            let mut places = Places::new(&hits)?;
            let mut found = Vec::new();
            hits.each(|doc| {
                if let (Some(number), Some(packed)) = (first(&ids, doc), first(&packed, doc)) {
                    found.push((number, packed, places.of(doc, is_toward(packed))));
                }
            })?;
            let keys = places.keys(&hits)?;
            for (number, packed, place) in found {
                each(Scored {
                    number,
                    key: keys[place].clone(),
                    probabilities: thousandths(packed),
                });
            }
        }
        Ok(())
    }
}

/// The keys of a segment, numbered as they are met.
struct Places {
    lang: Option<StrColumn>,
    source: Option<StrColumn>,
    met: HashMap<(Option<u64>, Option<u64>, bool), usize>,
}

impl Places {
    fn new(hits: &Hits<'_>) -> Result<Self, Error> {
        let columns = Columns(hits);
        Ok(Self {
            lang: columns.strings(column::LANG)?,
            source: columns.strings(column::SOURCE)?,
            met: HashMap::default(),
        })
    }

    fn of(&mut self, doc: u32, is_toward: bool) -> usize {
        let ord = |column: &Option<StrColumn>| column.as_ref().and_then(|c| c.ords().first(doc));
        let next = self.met.len();
        let key = (ord(&self.lang), ord(&self.source), is_toward);
        *self.met.entry(key).or_insert(next)
    }

    /// The keys by their numbers.
    fn keys(&self, hits: &Hits<'_>) -> Result<Vec<SoftKey>, Error> {
        let text = |column: &Option<StrColumn>, ord: Option<u64>| match (column, ord) {
            (Some(column), Some(ord)) => super::columns::text_of(column, ord, hits),
            _ => Ok(String::new()),
        };
        let mut keys: Vec<(usize, SoftKey)> = Vec::with_capacity(self.met.len());
        for ((lang, source, is_toward), place) in &self.met {
            let key = SoftKey {
                lang: text(&self.lang, *lang)?,
                source: text(&self.source, *source)?,
                is_toward: *is_toward,
            };
            keys.push((*place, key));
        }
        keys.sort_unstable_by_key(|(place, _)| *place);
        Ok(keys.into_iter().map(|(_, key)| key).collect())
    }
}
