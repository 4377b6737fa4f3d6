//! The keys of a cut, decided before anything is counted.

use crate::aggregate::{Choose, Clock, Cut, Key, MAX_CELLS};
use crate::embedded::collect::breakdown::{counted_marks, counted_once};
use crate::embedded::collect::columns::string_column;
use crate::embedded::collect::top::{top, top_of};
use crate::embedded::parallel;
use crate::embedded::schema::author_hash;
use crate::embedded::select::Hits;
use crate::embedded::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{Dimension, Error, Filter, Label};
use jiff::tz::TimeZone;
use post::{AuthorKey, Millis};
use std::cmp::Reverse;
use std::fmt::Write;

/// A cut with its keys.
pub(super) struct Plan {
    pub(super) keys: Vec<Key>,
    how: How,
}

enum How {
    /// Begins of the buckets and the end of the last.
    Time(Vec<Millis>),
    Clock(Clock, TimeZone),
    /// A string column and the values that are keys.
    Strings(&'static str, Vec<String>),
    /// The labels that are keys.
    Labels(Vec<Label>),
    /// The numbers of the authors that are keys.
    Authors(Vec<u64>),
    /// A dimension that stands in marks, and the values that are keys.
    Marks(Dimension, Vec<String>),
}

/// A plan as one segment needs it.
pub(super) struct Local<'p> {
    pub(super) by: By<'p>,
    /// The key its first place stands for.
    pub(super) offset: usize,
    /// Its places.
    pub(super) len: usize,
}

pub(super) enum By<'p> {
    Time(&'p [Millis]),
    Clock(Clock, &'p TimeZone),
    Strings(&'static str, &'p [String]),
    Labels(&'p [Label]),
    Authors(&'p [u64]),
    Marks(Dimension, &'p [String]),
}

impl Plan {
    /// All of the plan.
    pub(super) fn whole(&self) -> Local<'_> {
        let by = match &self.how {
            How::Time(borders) => By::Time(borders),
            How::Clock(clock, zone) => By::Clock(*clock, zone),
            How::Strings(column, values) => By::Strings(column, values),
            How::Labels(labels) => By::Labels(labels),
            How::Authors(authors) => By::Authors(authors),
            How::Marks(by, values) => By::Marks(*by, values),
        };
        Local {
            by,
            offset: 0,
            len: self.keys.len(),
        }
    }

    /// The part of the plan that a segment with posts of this time can touch.
    pub(super) fn within(&self, (first, last): (Millis, Millis)) -> Local<'_> {
        match &self.how {
            How::Time(borders) if borders.len() > 1 => {
                let most = borders.len() - 2;
                let bucket = |at| borders.partition_point(|b| *b <= at).saturating_sub(1).min(most);
                let (a, b) = (bucket(first), bucket(last));
                Local {
                    by: By::Time(&borders[a..=b + 1]),
                    offset: a,
                    len: b + 1 - a,
                }
            }
            _ => self.whole(),
        }
    }
}

impl Local<'_> {
    /// Adds to `key` what makes a difference to the counts.
    pub(super) fn describe(&self, key: &mut String) {
        let _ = match &self.by {
            By::Time(borders) => write!(key, "|t{borders:?}"),
            By::Clock(clock, zone) => write!(key, "|c{clock:?}{zone:?}"),
            By::Strings(column, values) => write!(key, "|s{column}{values:?}{}", self.len),
            By::Labels(labels) => write!(key, "|l{labels:?}{}", self.len),
            By::Authors(authors) => write!(key, "|a{authors:?}{}", self.len),
            By::Marks(by, values) => write!(key, "|m{by:?}{values:?}{}", self.len),
        };
    }
}

impl Snapshot {
    /// Decides the keys of a cut.
    pub(super) fn plan(
        &self,
        cut: &Cut,
        filter: &Filter,
        unit: Unit,
        selected: &[Hits<'_>],
    ) -> Result<Plan, Error> {
        match cut {
            Cut::Time(calendar) => {
                let (Some(from), Some(to)) = (filter.from, filter.to) else {
                    let message = "a cut by time needs a filter with both ends";
                    return Err(Error::Question(message.to_owned()));
                };
                let borders = calendar.borders(from, to, MAX_CELLS)?;
                let keys = borders.windows(2).map(|w| Key::Time(w[0], w[1])).collect();
                Ok(Plan {
                    keys,
                    how: How::Time(borders),
                })
            }
            Cut::Clock(clock, zone) => Ok(Plan {
                keys: (0..clock.len()).map(Key::Clock).collect(),
                how: How::Clock(*clock, zone.clone()),
            }),
            Cut::Values(dimension, choose) => match (dimension, string_column(*dimension)) {
                (Dimension::Author, _) => self.authors(choose, filter, unit, selected),
                (_, Some(column)) => self.strings(column, choose, filter, unit, selected),
                (Dimension::Sentiment, None) => Ok(labels(choose)),
                (_, None) => marks(*dimension, choose, selected),
            },
        }
    }

    fn authors(
        &self,
        choose: &Choose,
        filter: &Filter,
        unit: Unit,
        selected: &[Hits<'_>],
    ) -> Result<Plan, Error> {
        let keys: Vec<AuthorKey> = match choose {
            Choose::These(keys) => {
                let read = |key: &String| {
                    AuthorKey::from_hex(key)
                        .ok_or_else(|| Error::Question(format!("`{key:.64}` is no author")))
                };
                keys.iter().map(read).collect::<Result<_, _>>()?
            }
            Choose::Top(limit) | Choose::Most(limit) => {
                let most = top(self.author_counts(filter, unit, selected)?, *limit);
                let known = self.author_keys(&most, selected)?;
                known.into_iter().map(|(key, _)| key).collect()
            }
        };
        let numbers = keys.iter().map(|key| author_hash(*key)).collect();
        let texts = keys.iter().map(ToString::to_string).collect();
        Ok(Plan {
            keys: named(texts, choose),
            how: How::Authors(numbers),
        })
    }

    /// The whole keys of authors with their mentions. Of a key the column holds half: the whole stands in the index. Most
    /// mentions first, then in the order of the keys.
    pub(super) fn author_keys(
        &self,
        authors: &[(u64, u64)],
        selected: &[Hits<'_>],
    ) -> Result<Vec<(AuthorKey, u64)>, Error> {
        let mut found = Vec::with_capacity(authors.len());
        for &(number, mentions) in authors {
            for hits in selected {
                let key = hits.author_key(self.fields().author, number)?;
                if let Some(key) = key {
                    found.push((Reverse(mentions), key));
                    break;
                }
            }
        }
        found.sort_unstable();
        Ok(found
            .into_iter()
            .map(|(Reverse(mentions), key)| (key, mentions))
            .collect())
    }

    fn strings(
        &self,
        column: &'static str,
        choose: &Choose,
        filter: &Filter,
        unit: Unit,
        selected: &[Hits<'_>],
    ) -> Result<Plan, Error> {
        let values = match choose {
            Choose::These(values) => values.clone(),
            Choose::Top(limit) | Choose::Most(limit) => {
                let most = self.most_frequent(column, *limit, (filter, unit), selected)?;
                most.into_iter().map(|(value, _)| value).collect()
            }
        };
        Ok(Plan {
            keys: named(values.clone(), choose),
            how: How::Strings(column, values),
        })
    }

    /// The most frequent values of a string column with their mentions.
    pub(super) fn most_frequent(
        &self,
        column: &'static str,
        limit: usize,
        (filter, unit): (&Filter, Unit),
        selected: &[Hits<'_>],
    ) -> Result<Vec<(String, u64)>, Error> {
        let count = |hits: &Hits<'_>| {
            let stamp = hits.marks.as_ref().map(|marks| marks.stamp);
            let within = self.within(filter, unit, hits.extent()?, hits.part);
            let asked = format!("{stamp:?}{within}");
            counted_once(hits, column, self.kept(), &asked, (filter, unit))
        };
        let counted = parallel::map(selected, count).into_iter();
        let segments: Vec<_> = counted.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        let place = selected.first().map(|h| h.part.path.clone()).unwrap_or_default();
        top_of(&segments, limit).map_err(Error::io("read", &place))
    }
}

fn marks(by: Dimension, choose: &Choose, selected: &[Hits<'_>]) -> Result<Plan, Error> {
    let values = match choose {
        Choose::These(values) => values.clone(),
        Choose::Top(limit) | Choose::Most(limit) => {
            let top = top(counted_marks(selected, by)?, *limit);
            top.into_iter().map(|(value, _)| value).collect()
        }
    };
    Ok(Plan {
        keys: named(values.clone(), choose),
        how: How::Marks(by, values),
    })
}

/// There are three: the top of them is all of them.
fn labels(choose: &Choose) -> Plan {
    let labels: Vec<Label> = match choose {
        Choose::These(names) => names.iter().filter_map(|n| Label::from_name(n)).collect(),
        Choose::Top(_) | Choose::Most(_) => Label::ALL.to_vec(),
    };
    Plan {
        keys: named(labels.iter().map(|l| l.name().to_owned()).collect(), choose),
        how: How::Labels(labels),
    }
}

/// The values as keys; behind the most frequent ones stand the others.
fn named(values: Vec<String>, choose: &Choose) -> Vec<Key> {
    let other = matches!(choose, Choose::Top(_)).then_some(Key::Other);
    values.into_iter().map(Key::Value).chain(other).collect()
}
