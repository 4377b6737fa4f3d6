//! Mentions counted by one dimension.
//!
//! Two passes: the first counts every value and finds the most frequent, the second counts authors and sentiment for
//! those only.

use super::columns::{Columns, Values, first, string_column};
use super::table::rolled_values;
use super::top::{Counts, ValueCounts, top, top_of};
use crate::embedded::kept::{Keep, Kept, KeptKey};
use crate::embedded::lists;
use crate::embedded::schema::column;
use crate::embedded::select::{Hits, Which};
use crate::embedded::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{Breakdown, BreakdownItem, Dimension, Error, Filter, Label};
use foldhash::{HashMap, HashSet};
use std::sync::Arc;
use tantivy::DocAddress;
use tantivy::columnar::StrColumn;

impl Snapshot {
    /// The `limit` most frequent values of a dimension, and how many mentions have others.
    pub fn breakdown(&self, filter: &Filter, by: Dimension, limit: usize) -> Result<Breakdown, Error> {
        self.surviving(|| self.broken_down(filter, by, limit))
    }

    fn broken_down(&self, filter: &Filter, by: Dimension, limit: usize) -> Result<Breakdown, Error> {
        let unit = if by == Dimension::Monitor {
            Unit::Mentions
        } else {
            Unit::Posts
        };
        let selected = self.select(filter, unit)?;
        match (by, string_column(by)) {
            (_, Some(name)) => by_string(&selected, name, limit),
            (Dimension::Author, None) => self.by_author(&selected, limit),
            (Dimension::Tag | Dimension::Category | Dimension::Status | Dimension::Assignee, None) => {
                by_mark(&selected, by, limit)
            }
            (_, None) => by_label(&selected, limit),
        }
    }

    fn by_author(&self, selected: &[Hits<'_>], limit: usize) -> Result<Breakdown, Error> {
        let top = frequent_authors(selected, limit)?;
        let places: HashMap<u64, usize> = top
            .iter()
            .enumerate()
            .map(|(i, (author, _))| (*author, i))
            .collect();
        let mut tally = Tally::new(top.len());
        let mut seen: Vec<Option<(usize, DocAddress)>> = vec![None; top.len()];
        for (at, hits) in selected.iter().enumerate() {
            let authors = Columns(hits).numbers(column::AUTHOR)?;
            tally.segment(hits, |doc, found| {
                let author = first(&authors, doc);
                let place = author.and_then(|a| places.get(&a));
                if let Some(&place) = place {
                    seen[place].get_or_insert((at, DocAddress::new(hits.ord, doc)));
                    found.push(place);
                }
                author.is_some()
            })?;
        }
        let mut keys = Vec::with_capacity(top.len());
        for (at, doc) in seen.into_iter().flatten() {
            // The column holds half of the key; the whole is in the stored mention.
            let author = selected[at].part.mention(doc, self.fields())?.post.author;
            keys.push(author.map(|a| a.key.to_string()).unwrap_or_default());
        }
        let mut answer = tally.answer(keys);
        answer
            .items
            .sort_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| a.key.cmp(&b.key)));
        Ok(answer)
    }
}

/// The numbers of the authors with most mentions, and how many.
fn frequent_authors(selected: &[Hits<'_>], limit: usize) -> Result<Vec<(u64, u64)>, Error> {
    let mut counts: HashMap<u64, u64> = HashMap::default();
    for hits in selected {
        let authors = Columns(hits).numbers(column::AUTHOR)?;
        hits.each(|doc| {
            if let Some(author) = first(&authors, doc) {
                *counts.entry(author).or_default() += 1;
            }
        })?;
    }
    Ok(top(counts, limit))
}

fn by_string(selected: &[Hits<'_>], name: &str, limit: usize) -> Result<Breakdown, Error> {
    let mut segments = Vec::new();
    for hits in selected {
        if let Some(counts) = counted(hits, name)? {
            segments.push(counts);
        }
    }
    // Which of the partitions failed is not known here; the first stands for the store.
    let place = selected
        .first()
        .map(|hits| hits.part.path.clone())
        .unwrap_or_default();
    let most = top_of(&segments, limit).map_err(Error::io("read", &place))?;
    let keys: Vec<String> = most.into_iter().map(|(key, _)| key).collect();
    let mut tally = Tally::new(keys.len());
    for hits in selected {
        let Some(strings) = Columns(hits).strings(name)? else {
            tally.segment(hits, |_, _| false)?;
            continue;
        };
        let mut places: HashMap<u64, usize> = HashMap::default();
        for (place, key) in keys.iter().enumerate() {
            let ord = strings
                .dictionary()
                .term_ord(key)
                .map_err(Error::io("read", &hits.part.path))?;
            places.extend(ord.map(|ord| (ord, place)));
        }
        tally.segment(hits, |doc, found| {
            let mut any = false;
            for ord in strings.ords().values_for_doc(doc) {
                any = true;
                found.extend(places.get(&ord));
            }
            any
        })?;
    }
    Ok(tally.answer(keys))
}

/// How often each value of a string column is met.
pub(super) fn counted(hits: &Hits<'_>, name: &str) -> Result<Option<Counts>, Error> {
    let Some(strings) = Columns(hits).strings(name)? else {
        return Ok(None);
    };
    let met = Arc::new(count(hits, &strings, Which::Now)?);
    Ok(Some(Counts { strings, met }))
}

/// The same, kept for the next time; `asked` says what was selected.
pub(super) fn counted_once(
    hits: &Hits<'_>,
    name: &str,
    kept: &Keep,
    asked: &str,
    (filter, unit): (&Filter, Unit),
) -> Result<Option<Counts>, Error> {
    let Some(strings) = Columns(hits).strings(name)? else {
        return Ok(None);
    };
    let key = KeptKey::at(hits.segment, hits.base.stamp, &format!("counts {name} {asked}"));
    let mut met = kept.get_or(key, Kept::counts, || {
        if let Some(rollup) = &hits.rollup {
            if let Some(known) = rolled_values(hits, rollup, name, filter, unit, strings.num_terms())? {
                return Ok(Kept::Counts(Arc::new(known)));
            }
            if let Some(known) =
                lists::values(hits, &rollup.whole, name, (filter, unit), strings.num_terms())?
            {
                return Ok(Kept::Counts(Arc::new(ValueCounts::new(&known))));
            }
        }
        let counts = count(hits, &strings, Which::At(&hits.base))?;
        Ok(Kept::Counts(Arc::new(counts)))
    })?;
    if !hits.base.gone.is_empty() {
        let gone = count(hits, &strings, Which::Of(&hits.base.gone))?;
        met = Arc::new(met.without(&gone));
    }
    Ok(Some(Counts { strings, met }))
}

fn count(hits: &Hits<'_>, strings: &StrColumn, which: Which<'_>) -> Result<ValueCounts, Error> {
    let mut by_ord = vec![0u32; strings.num_terms()];
    let mut values = Values::new(strings.ords());
    hits.blocks_of(which, |docs| values.each(docs, |ord| by_ord[ord as usize] += 1))?;
    Ok(ValueCounts::new(&by_ord))
}

/// How often each value of a dimension that stands in marks is met.
pub(super) fn counted_marks(selected: &[Hits<'_>], by: Dimension) -> Result<HashMap<String, u64>, Error> {
    let mut counts: HashMap<String, u64> = HashMap::default();
    for hits in selected {
        let Some(marks) = &hits.marks else { continue };
        hits.each(|doc| {
            for value in marks.of(doc).map(|mark| mark.values(by)).unwrap_or_default() {
                match counts.get_mut(value) {
                    Some(n) => *n += 1,
                    None => {
                        counts.insert(value.to_owned(), 1);
                    }
                }
            }
        })?;
    }
    Ok(counts)
}

fn by_mark(selected: &[Hits<'_>], by: Dimension, limit: usize) -> Result<Breakdown, Error> {
    let top = top(counted_marks(selected, by)?, limit);
    let keys: Vec<String> = top.into_iter().map(|(key, _)| key).collect();
    let mut tally = Tally::new(keys.len());
    for hits in selected {
        tally.segment(hits, |doc, found| {
            let mark = hits.marks.as_ref().and_then(|marks| marks.of(doc));
            let values = mark.map(|mark| mark.values(by)).unwrap_or_default();
            found.extend(values.iter().filter_map(|v| keys.iter().position(|k| k == v)));
            !values.is_empty()
        })?;
    }
    Ok(tally.answer(keys))
}

fn by_label(selected: &[Hits<'_>], limit: usize) -> Result<Breakdown, Error> {
    let mut tally = Tally::new(Label::ALL.len());
    for hits in selected {
        let labels = Columns(hits).labels()?;
        tally.segment(hits, |doc, found| {
            found.extend(labels.of(doc).map(|label| label as usize));
            !found.is_empty()
        })?;
    }
    let mut answer = tally.answer(Label::ALL.iter().map(|l| l.name().to_owned()).collect());
    answer
        .items
        .sort_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| a.key.cmp(&b.key)));
    answer.items.retain(|item| item.mentions > 0);
    let cut: u64 = answer.items.iter().skip(limit).map(|item| item.mentions).sum();
    answer.items.truncate(limit);
    answer.other += cut;
    Ok(answer)
}

/// The second pass: counts for each of the values chosen.
struct Tally {
    items: Vec<(BreakdownItem, HashSet<u64>)>,
    other: u64,
    total: u64,
}

impl Tally {
    fn new(items: usize) -> Self {
        Self {
            items: vec![Default::default(); items],
            other: 0,
            total: 0,
        }
    }

    /// Counts a segment. `places` pushes the chosen values of a document and says whether it has any value at all.
    fn segment(
        &mut self,
        hits: &Hits<'_>,
        mut places: impl FnMut(u32, &mut Vec<usize>) -> bool,
    ) -> Result<(), Error> {
        let columns = Columns(hits);
        let labels = columns.labels()?;
        let authors = columns.numbers(column::AUTHOR)?;
        let mut found = Vec::new();
        hits.each(|doc| {
            found.clear();
            let any = places(doc, &mut found);
            self.total += 1;
            self.other += u64::from(any && found.is_empty());
            for &place in &found {
                let (item, people) = &mut self.items[place];
                item.mentions += 1;
                people.extend(first(&authors, doc));
                if let Some(label) = labels.of(doc) {
                    item.sentiment[label as usize] += 1;
                }
            }
        })
    }

    fn answer(self, keys: Vec<String>) -> Breakdown {
        let named = self.items.into_iter().zip(keys);
        let items = named.map(|((item, people), key)| BreakdownItem {
            key,
            authors: people.len() as u64,
            ..item
        });
        Breakdown {
            items: items.collect(),
            other: self.other,
            total: self.total,
        }
    }
}
