//! Answers to a [`Question`].

use super::axis::{How, Plan, cycle};
use crate::elastic::mapping::{field, field_of};
use crate::elastic::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{Axis, Choose, Cut, Dimension, Error, Filter, Key, Label, MAX_CELLS, Measures, Question, Table};
use post::AuthorKey;
use serde_json::{Value, json};

/// Values that each shard gives in at least, to find the most frequent of all: with no more there are, none is missed.
const SHARD_SIZE: usize = 10_000;
/// Values of marks that are counted by one request.
const COUNTED_AT_ONCE: usize = 1_000;

impl Snapshot {
    /// Answers a question.
    pub fn table(&self, question: &Question) -> Result<Table, Error> {
        let by_monitor = |cut: &Cut| matches!(cut, Cut::Values(Dimension::Monitor, _));
        let unit = match question.cuts.iter().any(by_monitor) {
            true => Unit::Mentions,
            false => Unit::Posts,
        };
        if question.cuts.len() > 2 {
            return Err(Error::Question("more than two cuts".to_owned()));
        }
        let query = self.select(&question.filter, unit)?;
        let plans: Vec<Plan> = question
            .cuts
            .iter()
            .map(|cut| self.plan(cut, &question.filter, &query))
            .collect::<Result<_, _>>()?;
        let cells: usize = plans.iter().map(|p| p.keys.len()).product();
        if cells > MAX_CELLS {
            return Err(Error::TooLarge(format!(
                "{cells} cells are too many, at most {MAX_CELLS} are answered; take a longer interval or fewer values"
            )));
        }
        let grid = self.grid(&query, &plans, question.measures)?;
        let axes = question.cuts.iter().zip(plans).map(|(cut, plan)| Axis {
            cut: cut.clone(),
            keys: plan.keys,
        });
        Ok(Table {
            axes: axes.collect(),
            cells: grid.cells,
            rows: grid.rows,
            total: grid.total,
        })
    }

    /// Decides the keys of a cut.
    fn plan(&self, cut: &Cut, filter: &Filter, query: &Value) -> Result<Plan, Error> {
        match cut {
            Cut::Time(calendar) => {
                let (Some(from), Some(to)) = (filter.from, filter.to) else {
                    let message = "a cut by time needs a filter with both ends";
                    return Err(Error::Question(message.to_owned()));
                };
                let borders = calendar.borders(from, to, MAX_CELLS)?;
                Ok(Plan {
                    keys: borders.windows(2).map(|w| Key::Time(w[0], w[1])).collect(),
                    how: How::Time(borders),
                })
            }
            Cut::Clock(clock, zone) => {
                let (oldest, newest) = match (filter.from, filter.to) {
                    (Some(from), Some(to)) => (from, to),
                    _ => self.extent_of(query)?.unwrap_or((0, 0)),
                };
                Ok(Plan {
                    keys: (0..clock.len()).map(Key::Clock).collect(),
                    how: How::Queries(cycle(*clock, zone, oldest, newest.saturating_add(1)), None),
                })
            }
            Cut::Values(dimension, choose) => {
                let values = self.values(*dimension, choose, query)?;
                // Behind the most frequent ones stand the others.
                self.valued(*dimension, values, matches!(choose, Choose::Top(_)))
            }
        }
    }

    /// A cut into these values, and into the others where they are asked for.
    pub(super) fn valued(&self, by: Dimension, values: Vec<String>, others: bool) -> Result<Plan, Error> {
        let overlay = self.overlay();
        let how = match field_of(by) {
            None => {
                let one = |value: &String| overlay.valued(by, std::slice::from_ref(value));
                let queries = values.iter().map(one).collect::<Result<_, Error>>()?;
                let any = overlay.valued(by, &overlay.values(by))?;
                let listed = overlay.valued(by, &values)?;
                let other = json!({"bool": {"filter": [any], "must_not": [listed]}});
                How::Queries(queries, others.then_some(other))
            }
            Some(field::SENTIMENT) if overlay.corrects() => {
                let labels = values.iter().filter_map(|name| Label::from_name(name));
                let queries = labels
                    .map(|label| overlay.labelled(label))
                    .collect::<Result<_, Error>>()?;
                // There is no other label than those that are keys wherever others are asked for.
                How::Queries(queries, others.then(|| json!({"match_none": {}})))
            }
            Some(name) => How::Values(name, values.clone()),
        };
        let other = others.then_some(Key::Other);
        Ok(Plan {
            keys: values.into_iter().map(Key::Value).chain(other).collect(),
            how,
        })
    }

    /// Every value of a dimension that is met among what a query finds.
    pub(super) fn met(&self, query: &Value, by: Dimension) -> Result<Vec<String>, Error> {
        match field_of(by) {
            None => Ok(self.overlay().values(by)),
            Some(field::SENTIMENT) => Ok(Label::ALL.iter().map(|l| l.name().to_owned()).collect()),
            Some(name) => {
                let all = self.counted(query, name)?;
                Ok(all.into_iter().map(|(value, _)| value).collect())
            }
        }
    }

    fn values(&self, dimension: Dimension, choose: &Choose, query: &Value) -> Result<Vec<String>, Error> {
        match (dimension, choose) {
            // There are three: the top of them is all of them.
            (Dimension::Sentiment, Choose::Top(_) | Choose::Most(_)) => {
                Ok(Label::ALL.iter().map(|l| l.name().to_owned()).collect())
            }
            (Dimension::Sentiment, Choose::These(names)) => {
                let labels = names.iter().filter_map(|n| Label::from_name(n));
                Ok(labels.map(|l| l.name().to_owned()).collect())
            }
            (Dimension::Author, Choose::These(keys)) => {
                let read = |key: &String| {
                    AuthorKey::from_hex(key)
                        .map(|key| key.to_string())
                        .ok_or_else(|| Error::Question(format!("`{key:.64}` is no author")))
                };
                keys.iter().map(read).collect()
            }
            (_, Choose::These(values)) => Ok(values.clone()),
            (_, Choose::Top(limit) | Choose::Most(limit)) => match field_of(dimension) {
                None => self.top_marked(query, dimension, *limit),
                Some(name) => self.top(query, name, *limit),
            },
        }
    }

    /// The most frequent values of a dimension that stands in marks; the smaller first among equals.
    fn top_marked(&self, query: &Value, by: Dimension, limit: usize) -> Result<Vec<String>, Error> {
        let mut counted: Vec<(u64, String)> = Vec::new();
        for some in self.overlay().values(by).chunks(COUNTED_AT_ONCE) {
            let plan = self.valued(by, some.to_vec(), false)?;
            let grid = self.grid(query, &[plan], Measures::default())?;
            let counts = grid.rows.iter().map(|cell| cell.mentions);
            counted.extend(counts.zip(some.iter().cloned()).filter(|(n, _)| *n > 0));
        }
        counted.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        Ok(counted.into_iter().take(limit).map(|(_, value)| value).collect())
    }

    /// The most frequent values of a field; the smaller first among equals.
    fn top(&self, query: &Value, name: &str, limit: usize) -> Result<Vec<String>, Error> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        // More than may be cells are refused later.
        let limit = limit.min(MAX_CELLS + 1);
        let shard_size = (2 * limit).max(SHARD_SIZE);
        let values = json!({"terms": {
            "field": name,
            "size": limit,
            "shard_size": shard_size,
            "order": [{"_count": "desc"}, {"_key": "asc"}],
        }});
        let body = json!({"query": query, "size": 0, "aggs": {"values": values}});
        let answer = self.cluster().search(&body)?;
        let buckets = answer["aggregations"]["values"]["buckets"].as_array();
        let key = |bucket: &Value| bucket["key"].as_str().map(str::to_owned);
        Ok(buckets.into_iter().flatten().filter_map(key).collect())
    }
}
