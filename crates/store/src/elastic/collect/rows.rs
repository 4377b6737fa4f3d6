//! Single mentions as their columns know them, without reading them.

use super::cells::whole;
use crate::elastic::fetch::FetchedRow;
use crate::elastic::mapping::{field, field_of};
use crate::elastic::snapshot::Snapshot;
use crate::filter::Unit;
use crate::rows::MOST_VALUES;
use crate::{Dimension, Error, Filter, Label, Mention, PostRow, Row, Scored, SoftKey, SoftScores};
use foldhash::HashMap;
use post::Millis;
use serde_json::{Value, json};

/// Keys of soft scores read at once.
const PAGE: usize = 1_000;

impl Snapshot {
    /// The mentions of the `monitors` that pass the filter and whose author is known, in no order. More than `most` are
    /// refused before any is read.
    pub fn rows(&self, filter: &Filter, monitors: &[String], most: usize) -> Result<Vec<Row>, Error> {
        let mut filter = filter.clone();
        filter.monitors.include = monitors.to_vec();
        let query = self.select(&filter, Unit::Mentions)?;
        let count = self.cluster().count(&query)?;
        if count > most as u64 {
            return Err(Error::Question(format!(
                "{count} mentions would have to be looked at one by one, at most {most} are; take a shorter period or \
                 fewer monitors"
            )));
        }
        let mut rows = Vec::with_capacity(count as usize);
        let columns = [field::MONITOR, field::AUTHOR, field::TEXT_HASH];
        self.cluster().each_row(&query, &columns, &mut |found| {
            let monitor = found.text(field::MONITOR);
            let place = monitors.iter().position(|m| Some(m.as_str()) == monitor);
            let (Some(place), Some(author)) = (place, author_number(&found)) else {
                return;
            };
            rows.push(Row {
                monitor: place as u16,
                author,
                text: found.bits(field::TEXT_HASH),
                at: found.at,
                place: (found.number, 0),
            });
        })?;
        Ok(rows)
    }

    /// The mention behind a row, as it is by now.
    pub fn row_mention(&self, row: &Row) -> Result<Mention, Error> {
        let gone = || Error::Question("the mention of a row is not there any more".to_owned());
        self.numbered(row.place.0)?.ok_or_else(gone)
    }

    /// The posts that pass the filter, in no order, with which of `values` of a dimension they have. The dimension must be one
    /// whose values are strings of the mention itself, and at most 63 values are taken. More than `most` posts are refused
    /// before any is read.
    pub fn post_rows(
        &self,
        filter: &Filter,
        by: Option<(Dimension, &[String])>,
        most: usize,
    ) -> Result<Vec<PostRow>, Error> {
        let by = match by {
            None => None,
            Some((dimension, values)) => {
                let refused = || Error::Question("this dimension has no values to tell posts by".to_owned());
                let is_string = !matches!(dimension, Dimension::Author | Dimension::Sentiment);
                let column = field_of(dimension).filter(|_| is_string).ok_or_else(refused)?;
                Some((column, &values[..values.len().min(MOST_VALUES)]))
            }
        };
        let query = self.select(filter, Unit::Posts)?;
        let count = self.cluster().count(&query)?;
        if count > most as u64 {
            return Err(Error::Question(format!(
                "{count} posts would have to be looked at one by one, at most {most} are; take a shorter period or fewer \
                 monitors"
            )));
        }
        let mut columns = vec![field::AUTHOR, field::ENGAGEMENT, field::SENTIMENT];
        columns.extend(by.map(|(column, _)| column));
        let mut rows = Vec::with_capacity(count as usize);
        self.cluster().each_row(&query, &columns, &mut |found| {
            let corrected = self
                .marks()
                .by_number(found.number)
                .and_then(|mark| mark.sentiment);
            let bit = |value: &str| by.and_then(|(_, values)| values.iter().position(|v| v == value));
            let values = by.map_or(0, |(column, _)| {
                let theirs = found.texts(column).filter_map(bit);
                theirs.fold(0, |all, at| all | 1 << at)
            });
            rows.push(PostRow {
                author: author_number(&found),
                at: found.at,
                engagement: found.bits(field::ENGAGEMENT).unwrap_or(0),
                label: corrected.or_else(|| found.text(field::SENTIMENT).and_then(Label::from_name)),
                values,
            });
        })?;
        Ok(rows)
    }

    /// The numbers of all that pass the filter, with the times of their posts, in no order.
    pub fn numbers(&self, filter: &Filter) -> Result<Vec<(u64, Millis)>, Error> {
        let query = self.select(filter, Unit::Mentions)?;
        let mut out = Vec::new();
        self.cluster()
            .each_row(&query, &[], &mut |found| out.push((found.number, found.at)))?;
        Ok(out)
    }

    /// The scores of what passes a filter, by key. Mentions without a score are left out.
    pub fn soft_scores(&self, filter: &Filter) -> Result<HashMap<SoftKey, SoftScores>, Error> {
        let query = self.select(filter, Unit::Posts)?;
        let names = [field::LANG, field::SOURCE, field::TOWARD]
            .into_iter()
            .chain(field::PROBABILITIES);
        let each: Vec<Value> = names
            .map(|name| json!({name: {"terms": {"field": name}}}))
            .collect();
        let mut sources = json!({"size": PAGE, "sources": each});
        let mut all: HashMap<SoftKey, SoftScores> = HashMap::default();
        loop {
            let body = json!({"query": query, "size": 0, "aggs": {"scores": {"composite": sources}}});
            let answer = self.cluster().search(&body)?;
            let page = &answer["aggregations"]["scores"];
            for bucket in page["buckets"].as_array().into_iter().flatten() {
                let key = &bucket["key"];
                let text = |name: &str| key[name].as_str().unwrap_or_default().to_owned();
                let of = SoftKey {
                    lang: text(field::LANG),
                    source: text(field::SOURCE),
                    is_toward: whole(&key[field::TOWARD]) == 1,
                };
                let scores = field::PROBABILITIES.map(|name| whole(&key[name]));
                *all.entry(of).or_default().entry(scores).or_default() += whole(&bucket["doc_count"]);
            }
            match page.get("after_key") {
                Some(after) => sources["after"] = after.clone(),
                None => return Ok(all),
            }
        }
    }

    /// Calls `each` for every scored mention that passes a filter, in no order.
    pub fn each_scored(&self, filter: &Filter, each: &mut dyn FnMut(Scored)) -> Result<(), Error> {
        let query = self.select(filter, Unit::Posts)?;
        let scored = json!({"bool": {"filter": [query, {"exists": {"field": field::TOWARD}}]}});
        let mut columns = vec![field::LANG, field::SOURCE, field::TOWARD];
        columns.extend(field::PROBABILITIES);
        self.cluster().each_row(&scored, &columns, &mut |found| {
            let text = |name: &str| found.text(name).unwrap_or_default().to_owned();
            each(Scored {
                number: found.number,
                key: SoftKey {
                    lang: text(field::LANG),
                    source: text(field::SOURCE),
                    is_toward: found.bits(field::TOWARD) == Some(1),
                },
                probabilities: field::PROBABILITIES.map(|name| found.bits(name).unwrap_or(0)),
            });
        })
    }
}

/// What stands for the author in counts: the first half of the key.
fn author_number(found: &FetchedRow<'_>) -> Option<u64> {
    let key = found.text(field::AUTHOR)?;
    u64::from_str_radix(key.get(..16)?, 16).ok()
}
