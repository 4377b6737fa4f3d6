//! What a segment adds to an answer, by its rollup instead of its documents.

use super::axis::{By, Local};
use super::place::{NOWHERE, Offsets, bucket, in_cycle, string_places};
use super::sums::{Partial, Summing};
use crate::aggregate::{Cell, Measures};
use crate::embedded::collect::columns::Columns;
use crate::embedded::collect::top::ValueCounts;
use crate::embedded::lists;
use crate::embedded::rollup::{Parts, Rolled, Rollup, Row, UNSCORED};
use crate::embedded::schema::column;
use crate::embedded::select::Hits;
use crate::filter::Unit;
use crate::{Choice, Error, Filter, Label};
use post::Millis;

const HOUR: i64 = 3_600_000;

/// What the rollup says; `None` where it does not know.
pub(super) fn count(
    hits: &Hits<'_>,
    rollup: &Rolled,
    locals: &[Local<'_>],
    filter: &Filter,
    unit: Unit,
    measures: Measures,
) -> Result<Option<Partial>, Error> {
    let only_people = Measures {
        authors: measures.authors,
        voices: measures.voices,
        ..Measures::default()
    };
    if locals.is_empty() && measures == only_people && measures != Measures::default() {
        let known = lists::authors(hits, &rollup.whole, filter, unit)?;
        return Ok(known.map(|people| Partial::of_authors(&people.authors, people.mentions, measures)));
    }
    let only_sentiment = Measures {
        sentiment: measures.sentiment,
        ..Measures::default()
    };
    let by_label = measures.sentiment || locals.iter().any(|l| matches!(l.by, By::Labels(_)));
    let (true, Some(keeps)) = (
        measures == only_sentiment,
        Keeps::new(hits, &rollup.whole, filter, unit, by_label)?,
    ) else {
        return Ok(None);
    };
    let mut placers = Vec::new();
    for local in locals {
        match Places::new(local, hits)? {
            Some(places) => placers.push(places),
            None => return Ok(None),
        }
    }
    let len = |i: usize| locals.get(i).map_or(1, |l| l.len);
    let mut sums = Summing::new([len(0), len(1)], locals.len());
    let extent = hits.extent()?;
    let cut_by = |name: &str| {
        locals
            .iter()
            .any(|l| matches!(l.by, By::Strings(by, _) if by == name))
    };
    let is_time = |by: &By<'_>| matches!(by, By::Time(_) | By::Clock(..));
    let parts = Parts {
        hour: !keeps.all_hours() || locals.iter().any(|local| is_time(&local.by)),
        ..asked(filter, by_label, cut_by)
    };
    for row in rollup.rows(parts).iter().filter(|row| keeps.row(row)) {
        let mut places = [0; 2];
        for (place, placer) in places.iter_mut().zip(&mut placers) {
            match placer.place(row, extent) {
                Some(found) => *place = found,
                None => return Ok(None),
            }
        }
        sums.add(&cell(row, measures), &places[..placers.len()]);
    }
    Ok(Some(sums.into_partial()))
}

/// How often each value of a column is met; `None` where the rollup does not know.
pub(in crate::embedded) fn values(
    hits: &Hits<'_>,
    rollup: &Rolled,
    name: &str,
    filter: &Filter,
    unit: Unit,
    values: usize,
) -> Result<Option<ValueCounts>, Error> {
    let (Some(ord), Some(keeps)) = (
        ord_of(name),
        Keeps::new(hits, &rollup.whole, filter, unit, false)?,
    ) else {
        return Ok(None);
    };
    let mut counts = vec![0u32; values];
    let parts = Parts {
        hour: !keeps.all_hours(),
        ..asked(filter, false, |column| column == name)
    };
    for row in rollup.rows(parts).iter().filter(|row| keeps.row(row)) {
        counts[usize::from(ord(row))] += row.mentions;
    }
    Ok(Some(ValueCounts::new(&counts)))
}

/// What a question tells rows apart by, hours aside.
fn asked(filter: &Filter, by_label: bool, cut_by: impl Fn(&str) -> bool) -> Parts {
    Parts {
        hour: false,
        monitor: !filter.monitors.is_all() || cut_by(column::MONITOR),
        source: !filter.sources.is_all() || cut_by(column::SOURCE),
        lang: !filter.langs.is_all() || cut_by(column::LANG),
        label: by_label || !filter.sentiments.is_all(),
    }
}

fn ord_of(name: &str) -> Option<fn(&Row) -> u16> {
    match name {
        column::MONITOR => Some(|row| row.monitor),
        column::SOURCE => Some(|row| row.source),
        column::LANG => Some(|row| row.lang),
        _ => None,
    }
}

fn cell(row: &Row, measures: Measures) -> Cell {
    let mut cell = Cell {
        mentions: u64::from(row.mentions),
        ..Cell::default()
    };
    if measures.sentiment && row.label != UNSCORED {
        cell.sentiment[usize::from(row.label)] = cell.mentions;
        cell.scored = cell.mentions;
        let (negative, positive) = (u64::from(row.negative), u64::from(row.positive));
        let neutral = (cell.mentions * 1000).saturating_sub(negative + positive);
        cell.probabilities = [negative, neutral, positive];
    }
    cell
}

/// A filter on rows.
struct Keeps {
    /// Hours, the second exclusive.
    hours: (i64, i64),
    project: Option<Option<u8>>,
    primary: bool,
    monitors: Vec<bool>,
    sources: Vec<bool>,
    langs: Vec<bool>,
    labels: [bool; 4],
}

impl Keeps {
    /// `None` where the filter asks for what is not in a rollup, or for parts of hours.
    fn new(
        hits: &Hits<'_>,
        rollup: &Rollup,
        filter: &Filter,
        unit: Unit,
        by_label: bool,
    ) -> Result<Option<Self>, Error> {
        let corrected = hits.marks.as_ref().is_some_and(|marks| marks.stamp.corrected > 0);
        let more = Filter {
            project: None,
            monitors: Choice::default(),
            sources: Choice::default(),
            langs: Choice::default(),
            sentiments: Choice::default(),
            from: None,
            to: None,
            ..filter.clone()
        };
        if (corrected && (by_label || !filter.sentiments.is_all())) || !more.asks_nothing() {
            return Ok(None);
        }
        let (begin, to) = hits.borders(filter)?;
        if begin.into_iter().chain(to).any(|border| border % HOUR != 0) {
            return Ok(None);
        }
        let project = |name: &String| rollup.projects.iter().position(|p| p == name).map(|at| at as u8);
        let label = |label: Label| {
            let choice = &filter.sentiments;
            (choice.include.is_empty() || choice.include.contains(&label)) && !choice.exclude.contains(&label)
        };
        let [negative, neutral, positive] = Label::ALL.map(label);
        Ok(Some(Self {
            hours: (
                begin.map_or(i64::MIN, |from| from.div_euclid(HOUR)),
                to.map_or(i64::MAX, |to| to.div_euclid(HOUR)),
            ),
            project: filter.project.as_ref().map(project),
            primary: filter.is_of_posts(unit),
            monitors: chosen(hits, column::MONITOR, &filter.monitors)?,
            sources: chosen(hits, column::SOURCE, &filter.sources)?,
            langs: chosen(hits, column::LANG, &filter.langs)?,
            labels: [negative, neutral, positive, filter.sentiments.include.is_empty()],
        }))
    }

    /// Whether rows of every hour pass.
    fn all_hours(&self) -> bool {
        self.hours == (i64::MIN, i64::MAX)
    }

    fn row(&self, row: &Row) -> bool {
        let hour = i64::from(row.hour);
        let has =
            |list: &[bool], ord: u16| list.is_empty() || list.get(usize::from(ord)).is_some_and(|has| *has);
        (self.hours.0..self.hours.1).contains(&hour)
            && self.project.is_none_or(|project| project == Some(row.project))
            && (row.primary || !self.primary)
            && has(&self.monitors, row.monitor)
            && has(&self.sources, row.source)
            && has(&self.langs, row.lang)
            && self.labels[usize::from(row.label)]
    }
}

/// Which values of a column pass; all, where empty.
fn chosen(hits: &Hits<'_>, name: &str, choice: &Choice<String>) -> Result<Vec<bool>, Error> {
    let strings = match choice.is_all() {
        true => None,
        false => Columns(hits).strings(name)?,
    };
    let Some(strings) = strings else {
        return Ok(Vec::new());
    };
    let mut passes = vec![choice.include.is_empty(); strings.num_terms()];
    for (values, pass) in [(&choice.include, true), (&choice.exclude, false)] {
        for value in values {
            let ord = strings.dictionary().term_ord(value);
            if let Some(ord) = ord.map_err(Error::io("read", &hits.part.path))? {
                passes[ord as usize] = pass;
            }
        }
    }
    Ok(passes)
}

/// Finds the place of a row in a cut.
enum Places<'p> {
    Time(&'p [Millis], usize),
    Clock(crate::aggregate::Clock, Offsets<'p>),
    Ords(fn(&Row) -> u16, Vec<u32>),
    Labels([u32; 4]),
}

impl<'p> Places<'p> {
    /// `None` where a rollup does not know the values.
    fn new(local: &Local<'p>, hits: &Hits<'_>) -> Result<Option<Self>, Error> {
        let (first, last) = hits.extent()?;
        Ok(match &local.by {
            By::Time(borders) => {
                let whole = |b: &Millis| b % HOUR == 0 || *b <= first || *b > last;
                borders.iter().all(whole).then_some(Places::Time(borders, 0))
            }
            By::Clock(clock, zone) => Some(Places::Clock(*clock, Offsets::new(zone))),
            By::Strings(name, values) => match ord_of(name) {
                Some(ord) => {
                    string_places(local, name, values, hits)?.map(|places| Places::Ords(ord, places))
                }
                None => None,
            },
            By::Labels(labels) => {
                let other = if local.len > labels.len() {
                    labels.len() as u32
                } else {
                    NOWHERE
                };
                let place = |label| {
                    labels
                        .iter()
                        .position(|l| *l == label)
                        .map_or(other, |at| at as u32)
                };
                let [negative, neutral, positive] = Label::ALL.map(place);
                Some(Places::Labels([negative, neutral, positive, NOWHERE]))
            }
            By::Authors(_) | By::Marks(..) => None,
        })
    }

    /// The place; `None` where the hour has several.
    fn place(&mut self, row: &Row, (first, last): (Millis, Millis)) -> Option<u32> {
        let begin = i64::from(row.hour) * HOUR;
        Some(match self {
            Places::Time(borders, known) => bucket(begin.clamp(first, last), borders, known),
            Places::Clock(clock, offsets) => {
                let offset = offsets.at(begin);
                if offset % HOUR != 0 || offsets.at(begin + HOUR - 1) != offset {
                    return None;
                }
                in_cycle(*clock, begin + offset)
            }
            Places::Ords(ord, places) => places.get(usize::from(ord(row))).copied().unwrap_or(NOWHERE),
            Places::Labels(places) => places[usize::from(row.label)],
        })
    }
}
