//! Counting by lists.

use super::{DAY, Entry, Group, coding, file, place_of};
use crate::embedded::collect::columns::{Columns, Values};
use crate::embedded::rollup::Rollup;
use crate::embedded::schema::column;
use crate::embedded::select::{Hits, Which};
use crate::filter::Unit;
use crate::{Choice, Error, Filter};
use std::ops::Range;
use tantivy::columnar::Column;

/// What a question asks of a segment's lists.
struct Asked<'r> {
    entries: Vec<&'r Entry>,
    /// Whole days of UTC.
    days: Range<i64>,
    /// Begin and end of these days; documents of the period that lie outside are read.
    whole: Range<i64>,
    /// Whether there may be such.
    cuts: bool,
}

/// How often each value of a string column is met, by its ordinal; `None` where the lists do not know.
pub(in crate::embedded) fn values(
    hits: &Hits<'_>,
    rollup: &Rollup,
    name: &str,
    (filter, unit): (&Filter, Unit),
    values: usize,
) -> Result<Option<Vec<u32>>, Error> {
    let Some(asked) = asked(hits, rollup, name, filter, unit)? else {
        return Ok(None);
    };
    let mut counts = vec![0u32; values];
    for entry in &asked.entries {
        let known = file::read(&hits.part.path, hits.segment.segment_id(), entry).and_then(|bytes| {
            coding::read(&bytes, asked.days.clone(), |ord, n| {
                if let Some(count) = counts.get_mut(ord as usize) {
                    *count = count.saturating_add(n);
                }
            })
        });
        if known.is_none() {
            return Ok(None);
        }
    }
    let strings = if asked.cuts {
        Columns(hits).strings(name)?
    } else {
        None
    };
    if let Some(strings) = strings {
        let mut read = Values::new(strings.ords());
        outside(hits, &asked.whole, |docs| {
            read.each(docs, |ord| counts[ord as usize] += 1)
        })?;
    }
    Ok(Some(counts))
}

/// Who wrote some mentions.
pub(in crate::embedded) struct People {
    /// The numbers of the authors, ascending, with their mentions.
    pub(in crate::embedded) authors: Vec<(u64, u32)>,
    /// All mentions, also those without an author.
    pub(in crate::embedded) mentions: u64,
}

/// Who wrote what passes; `None` where the lists do not know.
pub(in crate::embedded) fn authors(
    hits: &Hits<'_>,
    rollup: &Rollup,
    filter: &Filter,
    unit: Unit,
) -> Result<Option<People>, Error> {
    let Some(asked) = asked(hits, rollup, column::AUTHOR, filter, unit)? else {
        return Ok(None);
    };
    let (mut met, mut mentions) = (Vec::new(), 0);
    for entry in &asked.entries {
        let known = file::read(&hits.part.path, hits.segment.segment_id(), entry)
            .and_then(|bytes| coding::read(&bytes, asked.days.clone(), |author, n| met.push((author, n))));
        match known {
            Some(docs) => mentions += docs,
            None => return Ok(None),
        }
    }
    if asked.cuts {
        let column: Option<Column<u64>> = Columns(hits).numbers(column::AUTHOR)?;
        outside(hits, &asked.whole, |docs| {
            mentions += docs.len() as u64;
            if let Some(column) = &column {
                met.extend(docs.iter().filter_map(|doc| column.first(*doc)).map(|n| (n, 1)));
            }
        })?;
    }
    // The days of one author stand apart; runs in order are what this sort is quick with.
    met.sort_by_key(|(author, _)| *author);
    met.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 = if same {
            kept.1.saturating_add(next.1)
        } else {
            kept.1
        };
        same
    });
    Ok(Some(People {
        authors: met,
        mentions,
    }))
}

/// Calls `each` with the documents that pass and whose time is not within.
fn outside(hits: &Hits<'_>, whole: &Range<i64>, mut each: impl FnMut(&[u32])) -> Result<(), Error> {
    let Some(created) = Columns(hits).created()? else {
        return Ok(());
    };
    let mut some = Vec::new();
    hits.blocks_of(Which::At(&hits.base), |docs| {
        some.clear();
        let is_outside = |doc: &&u32| created.first(**doc).is_some_and(|at| !whole.contains(&at));
        some.extend(docs.iter().filter(is_outside));
        each(&some);
    })
}

/// The lists for a filter; `None` where it asks for more than project, monitors and time, or for no whole day.
fn asked<'r>(
    hits: &Hits<'_>,
    rollup: &'r Rollup,
    name: &str,
    filter: &Filter,
    unit: Unit,
) -> Result<Option<Asked<'r>>, Error> {
    let more = Filter {
        project: None,
        monitors: Choice::default(),
        from: None,
        to: None,
        ..filter.clone()
    };
    let (Some(column), Some(project)) = (place_of(name), &filter.project) else {
        return Ok(None);
    };
    if !more.asks_nothing() {
        return Ok(None);
    }
    let (from, to) = hits.borders(filter)?;
    let days = from.map_or(i64::MIN, |from| {
        from.div_euclid(DAY) + i64::from(from.rem_euclid(DAY) > 0)
    })..to.map_or(i64::MAX, |to| to.div_euclid(DAY));
    if days.start >= days.end {
        return Ok(None);
    }
    let Some(groups) = groups(hits, rollup, project, filter, unit)? else {
        return Ok(None);
    };
    let mut entries = Vec::new();
    for group in groups {
        let found = rollup
            .lists
            .iter()
            .find(|e| e.column == column && e.group == group);
        match found {
            Some(entry) => entries.push(entry),
            // A group has lists of all columns, or no documents.
            None if rollup.lists.iter().any(|e| e.group == group) => return Ok(None),
            None => {}
        }
    }
    let at = |border: Option<i64>, day: i64, none: i64| border.map_or(none, |_| day.saturating_mul(DAY));
    let whole = at(from, days.start, i64::MIN)..at(to, days.end, i64::MAX);
    let cuts = from.is_some_and(|from| from != whole.start) || to.is_some_and(|to| to != whole.end);
    Ok(Some(Asked {
        entries,
        days,
        whole,
        cuts,
    }))
}

/// Whose lists a filter asks for.
fn groups(
    hits: &Hits<'_>,
    rollup: &Rollup,
    project: &str,
    filter: &Filter,
    unit: Unit,
) -> Result<Option<Vec<Group>>, Error> {
    let Some(project) = rollup.projects.iter().position(|p| p == project) else {
        return Ok(Some(Vec::new()));
    };
    let project = project as u8;
    if filter.is_of_posts(unit) {
        return Ok(Some(vec![Group {
            project,
            monitor: None,
        }]));
    }
    let Choice { include, exclude } = &filter.monitors;
    if include.is_empty() || !exclude.is_empty() {
        return Ok(None);
    }
    let Some(strings) = Columns(hits).strings(column::MONITOR)? else {
        return Ok(Some(Vec::new()));
    };
    let mut groups = Vec::new();
    for monitor in include {
        let ord = strings.dictionary().term_ord(monitor);
        if let Some(ord) = ord.map_err(Error::io("read", &hits.part.path))? {
            let Ok(ord) = u16::try_from(ord) else {
                return Ok(None);
            };
            groups.push(Group {
                project,
                monitor: Some(ord),
            });
        }
    }
    groups.sort_unstable();
    groups.dedup();
    Ok(Some(groups))
}
