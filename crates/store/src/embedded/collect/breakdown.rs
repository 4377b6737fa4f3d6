//! Mentions counted by one dimension.
//!
//! Two passes: the first counts every value and finds the most frequent, the second counts authors and sentiment for
//! those only.

use super::columns::{Columns, first, string_column};
use super::top::{Counts, top, top_of};
use crate::embedded::schema::column;
use crate::embedded::select::Hits;
use crate::embedded::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{Breakdown, BreakdownItem, Dimension, Error, Filter, Label};
use foldhash::{HashMap, HashSet};
use post::AuthorKey;
use std::cmp::Reverse;
use tantivy::DocAddress;
use tantivy::columnar::Column;

impl Snapshot {
    /// The `limit` most frequent values of a dimension, and how many mentions have others.
    pub fn breakdown(&self, filter: &Filter, by: Dimension, limit: usize) -> Result<Breakdown, Error> {
        let unit = if by == Dimension::Monitor {
            Unit::Mentions
        } else {
            Unit::Posts
        };
        let selected = self.select(filter, unit)?;
        match (by, string_column(by)) {
            (_, Some(name)) => by_string(&selected, name, limit),
            (Dimension::Author, None) => self.by_author(&selected, limit),
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

/// The authors with most mentions, most first.
pub(super) fn top_authors(
    snapshot: &Snapshot,
    selected: &[Hits<'_>],
    limit: usize,
) -> Result<Vec<AuthorKey>, Error> {
    let top = frequent_authors(selected, limit)?;
    let mut wanted: HashMap<u64, u64> = top.into_iter().collect();
    let mut found = Vec::with_capacity(wanted.len());
    for hits in selected {
        let authors = Columns(hits).numbers(column::AUTHOR)?;
        let mut places = Vec::new();
        hits.each(|doc| {
            let number = first(&authors, doc);
            if let Some(mentions) = number.and_then(|n| wanted.remove(&n)) {
                places.push((mentions, DocAddress::new(hits.ord, doc)));
            }
        })?;
        for (mentions, doc) in places {
            // The column holds half of the key; the whole is in the stored mention.
            let author = hits.part.mention(doc, snapshot.fields())?.post.author;
            found.extend(author.map(|a| (Reverse(mentions), a.key)));
        }
        if wanted.is_empty() {
            break;
        }
    }
    found.sort_unstable();
    Ok(found.into_iter().map(|(_, key)| key).collect())
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
    let keys = top_of(&segments, limit).map_err(Error::io("read", &place))?;
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
    let mut counts = Counts::new(strings);
    let Counts { strings, by_ord } = &mut counts;
    hits.each(|doc| {
        strings
            .ords()
            .values_for_doc(doc)
            .for_each(|ord| by_ord[ord as usize] += 1)
    })?;
    Ok(Some(counts))
}

fn by_label(selected: &[Hits<'_>], limit: usize) -> Result<Breakdown, Error> {
    let mut tally = Tally::new(Label::ALL.len());
    for hits in selected {
        let labels = Columns(hits).numbers(column::SENTIMENT)?;
        tally.segment(hits, |doc, found| {
            found.extend(first(&labels, doc).map(|n| n as usize % Label::ALL.len()));
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
        let labels: Option<Column<u64>> = columns.numbers(column::SENTIMENT)?;
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
                if let Some(label) = first(&labels, doc) {
                    item.sentiment[label as usize % 3] += 1;
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
