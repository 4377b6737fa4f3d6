//! Which keys of a cut a document has.

use super::axis::{By, Local};
use crate::aggregate::Clock;
use crate::embedded::collect::columns::{Columns, Labels};
use crate::embedded::schema::column;
use crate::embedded::select::{BLOCK, Hits};
use crate::{Error, Label};
use foldhash::HashMap;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use post::Millis;
use tantivy::columnar::Column;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

pub(super) const NOWHERE: u32 = u32::MAX;
/// Keys that have room in a mask.
const MASK: usize = 64;
const HOUR: i64 = 3_600_000;
/// Hours from 1970-01-01, a Thursday, back to the Monday before.
const THURSDAY: i64 = 72;

/// The places of the documents of a block, one list after the other.
#[derive(Default)]
pub(super) struct Places {
    ends: Vec<usize>,
    places: Vec<u32>,
}

impl Places {
    pub(super) fn of(&self, i: usize) -> &[u32] {
        let begin = i.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.places[begin..self.ends[i]]
    }

    fn clear(&mut self) {
        self.ends.clear();
        self.places.clear();
    }

    fn one(&mut self, place: u32) {
        if place != NOWHERE {
            self.places.push(place);
        }
        self.ends.push(self.places.len());
    }
}

/// Finds the places of a segment's documents.
pub(super) enum Placer<'p> {
    Time(Column<i64>, &'p [Millis], usize),
    Clock(Column<i64>, Clock, Offsets<'p>),
    /// One value a document: the place of each.
    One(Column<u64>, Vec<u32>),
    /// Several values a document; the place of those without a key.
    Many(Column<u64>, Vec<u32>, u32),
    /// The same, where the index told which documents have each key: a bit for each of a document's places.
    Masks(Column<u64>, Vec<u64>, u32),
    Map(Column<u64>, HashMap<u64, u32>, u32),
    Labels(Labels, [u32; 3]),
    /// The places of the documents with a mark.
    Marks(HashMap<DocId, Vec<u32>>),
    /// No document has a value.
    Nothing,
}

impl<'p> Placer<'p> {
    /// For few documents of a segment, or for all that pass.
    pub(super) fn new(local: &Local<'p>, hits: &Hits<'_>, few: bool) -> Result<Self, Error> {
        let columns = Columns(hits);
        let found = match &local.by {
            By::Time(borders) => columns.created()?.map(|c| Placer::Time(c, borders, 0)),
            By::Clock(clock, zone) => columns
                .created()?
                .map(|c| Placer::Clock(c, *clock, Offsets::new(zone))),
            By::Strings(name, values) => Self::strings(local, name, values, hits, few)?,
            By::Labels(labels) => {
                let places = Label::ALL.map(|label| {
                    let at = labels.iter().position(|l| *l == label);
                    at.map_or(other(local, labels.len()), |at| at as u32)
                });
                Some(Placer::Labels(columns.labels()?, places))
            }
            By::Marks(by, values) => hits.marks.as_ref().map(|marks| {
                let rest = other(local, values.len());
                let places = marks.each().filter_map(|(doc, mark)| {
                    let own = mark.values(*by);
                    let place = |v: &&str| values.iter().position(|value| value == v).map(|at| at as u32);
                    let mut places: Vec<u32> = own.iter().filter_map(place).collect();
                    if places.is_empty() && !own.is_empty() && rest != NOWHERE {
                        places.push(rest);
                    }
                    (!places.is_empty()).then_some((doc, places))
                });
                Placer::Marks(places.collect())
            }),
            By::Authors(numbers) => {
                let places = numbers.iter().enumerate().map(|(i, n)| (*n, i as u32));
                let rest = other(local, numbers.len());
                let column = columns.numbers(column::AUTHOR)?;
                column.map(|c| Placer::Map(c, places.collect(), rest))
            }
        };
        Ok(found.unwrap_or(Placer::Nothing))
    }

    fn strings(
        local: &Local<'_>,
        name: &str,
        values: &[String],
        hits: &Hits<'_>,
        few: bool,
    ) -> Result<Option<Self>, Error> {
        let (Some(strings), Some(places)) = (
            Columns(hits).strings(name)?,
            string_places(local, name, values, hits)?,
        ) else {
            return Ok(None);
        };
        let rest = other(local, values.len());
        let ords = strings.ords().clone();
        if !ords.get_cardinality().is_multivalue() {
            return Ok(Some(Placer::One(ords, places)));
        }
        let masks = if few {
            None
        } else {
            masks(name, values, hits, &ords)?
        };
        Ok(Some(match masks {
            Some(masks) => Placer::Masks(ords, masks, rest),
            None => Placer::Many(ords, places, rest),
        }))
    }

    /// The places of a block.
    pub(super) fn place(&mut self, docs: &[DocId], out: &mut Places) {
        out.clear();
        let mut numbers = [None; BLOCK];
        let mut times = [None; BLOCK];
        match self {
            Placer::Nothing => docs.iter().for_each(|_| out.one(NOWHERE)),
            Placer::Time(created, borders, last) => {
                created.first_vals(docs, &mut times[..docs.len()]);
                for at in &times[..docs.len()] {
                    out.one(at.map_or(NOWHERE, |at| bucket(at, borders, last)));
                }
            }
            Placer::Clock(created, clock, offsets) => {
                created.first_vals(docs, &mut times[..docs.len()]);
                for at in &times[..docs.len()] {
                    out.one(at.map_or(NOWHERE, |at| in_cycle(*clock, at + offsets.at(at))));
                }
            }
            Placer::One(column, places) => {
                column.first_vals(docs, &mut numbers[..docs.len()]);
                for n in &numbers[..docs.len()] {
                    let place = n.and_then(|n| places.get(n as usize));
                    out.one(place.copied().unwrap_or(NOWHERE));
                }
            }
            Placer::Map(column, places, rest) => {
                column.first_vals(docs, &mut numbers[..docs.len()]);
                for n in &numbers[..docs.len()] {
                    out.one(n.map_or(NOWHERE, |n| places.get(&n).copied().unwrap_or(*rest)));
                }
            }
            Placer::Labels(labels, places) => {
                for doc in docs {
                    out.one(labels.of(*doc).map_or(NOWHERE, |label| places[label as usize]));
                }
            }
            Placer::Marks(places) => {
                for doc in docs {
                    out.places.extend(places.get(doc).into_iter().flatten());
                    out.ends.push(out.places.len());
                }
            }
            Placer::Masks(column, masks, rest) => {
                for doc in docs {
                    let mut left = masks[*doc as usize];
                    if left == 0 && *rest != NOWHERE && column.index.has_value(*doc) {
                        out.places.push(*rest);
                    }
                    while left != 0 {
                        out.places.push(left.trailing_zeros());
                        left &= left - 1;
                    }
                    out.ends.push(out.places.len());
                }
            }
            Placer::Many(column, places, rest) => {
                for doc in docs {
                    let (begin, mut any) = (out.places.len(), false);
                    for ord in column.values_for_doc(*doc) {
                        any = true;
                        let place = places[ord as usize];
                        if place != *rest {
                            out.places.push(place);
                        }
                    }
                    if any && begin == out.places.len() && *rest != NOWHERE {
                        out.places.push(*rest);
                    }
                    out.ends.push(out.places.len());
                }
            }
        }
    }
}

/// The places of each document of a segment, a bit each, by the index; `None` where reading what the documents have is
/// less work.
fn masks(
    name: &str,
    values: &[String],
    hits: &Hits<'_>,
    column: &Column<u64>,
) -> Result<Option<Vec<u64>>, Error> {
    let max_doc = hits.segment.max_doc();
    let failed = Error::index(&hits.part.path);
    let (Some(about), true) = (hits.about()?, values.len() <= MASK) else {
        return Ok(None);
    };
    let field = hits.segment.schema().get_field(name).map_err(&failed)?;
    let index = hits.segment.inverted_index(field).map_err(&failed)?;
    let mut found = Vec::new();
    for (place, value) in values.iter().enumerate() {
        let is_last = !values[place + 1..].contains(value);
        let info = index
            .terms()
            .get(value)
            .map_err(Error::io("read", &hits.part.path))?;
        found.extend(info.filter(|_| is_last).map(|info| (place, info)));
    }
    let listed: usize = found.iter().map(|(_, info)| info.doc_freq as usize).sum();
    let each = column.values.num_vals() as usize / (max_doc as usize).max(1) + 1;
    if listed > about * each {
        return Ok(None);
    }
    let mut masks = vec![0u64; max_doc as usize];
    for (place, info) in found {
        let postings = index.read_postings_from_terminfo(&info, IndexRecordOption::Basic);
        let mut postings = postings.map_err(Error::io("read", &hits.part.path))?;
        while postings.doc() != TERMINATED {
            masks[postings.doc() as usize] |= 1 << place;
            postings.advance();
        }
    }
    Ok(Some(masks))
}

/// The place of each value of a column; `None` where the segment has none.
pub(super) fn string_places(
    local: &Local<'_>,
    name: &str,
    values: &[String],
    hits: &Hits<'_>,
) -> Result<Option<Vec<u32>>, Error> {
    let Some(strings) = Columns(hits).strings(name)? else {
        return Ok(None);
    };
    let mut places = vec![other(local, values.len()); strings.num_terms()];
    for (place, value) in values.iter().enumerate() {
        let ord = strings.dictionary().term_ord(value);
        if let Some(ord) = ord.map_err(Error::io("read", &hits.part.path))? {
            places[ord as usize] = place as u32;
        }
    }
    Ok(Some(places))
}

/// The place of what has no key of its own: behind the keys, where there is one.
fn other(local: &Local<'_>, keys: usize) -> u32 {
    if local.len > keys { keys as u32 } else { NOWHERE }
}

/// The bucket of a time; posts near one another mostly share one.
pub(super) fn bucket(at: Millis, borders: &[Millis], last: &mut usize) -> u32 {
    let is_in = |i: usize| borders[i] <= at && borders.get(i + 1).is_some_and(|end| at < *end);
    if borders.len() > *last && is_in(*last) {
        return *last as u32;
    }
    match borders.partition_point(|b| *b <= at).checked_sub(1) {
        Some(i) if i + 1 < borders.len() => {
            *last = i;
            i as u32
        }
        _ => NOWHERE,
    }
}

pub(super) fn in_cycle(clock: Clock, local: Millis) -> u32 {
    let hours = local.div_euclid(HOUR);
    let place = match clock {
        Clock::Hour => hours.rem_euclid(24),
        Clock::Weekday => (hours + THURSDAY).div_euclid(24).rem_euclid(7),
        Clock::WeekHour => (hours + THURSDAY).rem_euclid(168),
    };
    place as u32
}

/// How far the local clock is ahead of UTC, in milliseconds.
pub(super) struct Offsets<'p> {
    zone: &'p TimeZone,
    /// The time for which the offset is known, and the offset.
    known: (Millis, Millis, i64),
}

impl<'p> Offsets<'p> {
    pub(super) fn new(zone: &'p TimeZone) -> Self {
        Self {
            zone,
            known: (0, 0, 0),
        }
    }

    pub(super) fn at(&mut self, at: Millis) -> i64 {
        if !(self.known.0..self.known.1).contains(&at) {
            self.known = self.look_up(at).unwrap_or((at, at + 1, 0));
        }
        self.known.2
    }

    /// Zones change their clocks at whole quarters of an hour.
    fn look_up(&self, at: Millis) -> Option<(Millis, Millis, i64)> {
        let begin = at.div_euclid(HOUR / 4) * (HOUR / 4);
        let instant = Timestamp::from_millisecond(begin).ok()?;
        let offset = i64::from(self.zone.to_offset(instant).seconds()) * 1000;
        let next = self.zone.following(instant).next();
        let end = next.map_or(Millis::MAX, |t| t.timestamp().as_millisecond());
        Some((begin, end, offset))
    }
}
