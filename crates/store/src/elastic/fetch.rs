//! Reading stored mentions, page by page.
//!
//! Pages follow one another by the order of mentions (`search_after`). What is read in several pages at once is read at a
//! point in time (`point.rs`); pages that people turn need no state in the cluster: what stays meanwhile is seen once.

use super::api::Cluster;
use super::mapping::field;
use super::point::Point;
use crate::{Error, Mention, body};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use post::Millis;
use serde_json::{Value, json};

/// Mentions read at once: of the longest texts an answer then has some 45 MB.
pub(super) const PAGE: usize = 500;
/// Mentions of which single values are read at once: clusters give 10,000 at most.
pub(super) const ROWS: usize = 5_000;

/// A stored mention.
pub(super) struct Hit {
    pub(super) index: String,
    pub(super) mention: Mention,
    pub(super) written: u64,
    /// Its place in the order of pages, as the cluster gives it.
    pub(super) sort: Value,
}

impl Cluster {
    /// At most `limit` mentions that a query finds, newest first, after a place in that order.
    pub(super) fn hits(&self, query: &Value, after: Option<&Value>, limit: usize) -> Result<Vec<Hit>, Error> {
        self.hits_in(&self.settings.all_mentions(), query, after, limit)
    }

    /// What a search of one's own making finds, in its order.
    pub(super) fn found(&self, search: &Value) -> Result<Vec<Hit>, Error> {
        let answer = self.search(search)?;
        let hits = answer["hits"]["hits"].as_array().map(Vec::as_slice);
        hits.unwrap_or_default()
            .iter()
            .map(|hit| self.read(hit))
            .collect()
    }

    /// Calls `each` with every mention that a query finds, newest first.
    pub(super) fn each(
        &self,
        query: &Value,
        each: &mut dyn FnMut(Hit) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.pages(&page(query, None, PAGE), PAGE, &mut |hits| {
            hits.iter().try_for_each(|hit| each(self.read(hit)?))
        })
    }

    /// The same of what nobody writes to meanwhile: it needs no point in time.
    pub(super) fn each_still(
        &self,
        query: &Value,
        each: &mut dyn FnMut(Hit) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut body = page(query, None, PAGE);
        loop {
            let answer = self.search(&body)?;
            let hits = listed(&answer);
            hits.iter().try_for_each(|hit| each(self.read(hit)?))?;
            match hits.last() {
                Some(last) if hits.len() >= PAGE => body["search_after"] = last["sort"].clone(),
                _ => return Ok(()),
            }
        }
    }

    /// Calls `each` with some columns of every mention that a query finds, newest first.
    pub(super) fn each_row(
        &self,
        query: &Value,
        columns: &[&str],
        each: &mut dyn FnMut(FetchedRow<'_>),
    ) -> Result<(), Error> {
        let mut body = page(query, None, ROWS);
        body["_source"] = false.into();
        if !columns.is_empty() {
            body["docvalue_fields"] = json!(columns);
        }
        self.pages(&body, ROWS, &mut |hits| {
            for hit in hits {
                let sort = &hit["sort"];
                let number = sort[1].as_str().and_then(|id| u64::from_str_radix(id, 16).ok());
                let (Some(at), Some(number)) = (sort[0].as_i64(), number) else {
                    return Err(Error::Damaged {
                        path: self.place().into(),
                        reason: "a document has no time or no number".to_owned(),
                    });
                };
                each(FetchedRow {
                    at,
                    number,
                    index: hit["_index"].as_str().unwrap_or_default(),
                    id: hit["_id"].as_str().unwrap_or_default(),
                    columns: &hit["fields"],
                });
            }
            Ok(())
        })
    }

    /// Asks again and again for what comes after the last, until a page has less than `size` hits. More than one page are
    /// all of one point in time, where the cluster can do that.
    fn pages(
        &self,
        body: &Value,
        size: usize,
        each: &mut dyn FnMut(&[Value]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let first = self.search(body)?;
        if listed(&first).len() < size {
            return each(listed(&first));
        }
        let mut point = Point::open(self)?;
        let mut body = body.clone();
        loop {
            let answer = point.search(&mut body)?;
            let hits = listed(&answer);
            each(hits)?;
            match hits.last() {
                Some(last) if hits.len() >= size => body["search_after"] = last["sort"].clone(),
                _ => return Ok(()),
            }
        }
    }

    /// The same of one index.
    pub(super) fn hits_in(
        &self,
        index: &str,
        query: &Value,
        after: Option<&Value>,
        limit: usize,
    ) -> Result<Vec<Hit>, Error> {
        let answer = self.search_in(index, &page(query, after, limit))?;
        listed(&answer).iter().map(|hit| self.read(hit)).collect()
    }

    /// How many mentions a query finds.
    pub(super) fn count(&self, query: &Value) -> Result<u64, Error> {
        self.count_in(&self.settings.all_mentions(), query)
    }

    /// How many mentions of an index a query finds.
    pub(super) fn count_in(&self, index: &str, query: &Value) -> Result<u64, Error> {
        let body = json!({"query": query, "size": 0, "track_total_hits": true});
        let answer = self.search_in(index, &body)?;
        Ok(answer["hits"]["total"]["value"].as_u64().unwrap_or(0))
    }

    fn read(&self, hit: &Value) -> Result<Hit, Error> {
        let index = hit["_index"].as_str().unwrap_or_default();
        let id = hit["_id"].as_str().unwrap_or_default();
        let damaged = |reason: String| Error::Damaged {
            path: format!("{}/{id}", self.place()).into(),
            reason,
        };
        let source = &hit["_source"];
        let bytes = source[field::BODY].as_str().map(|text| STANDARD.decode(text));
        let Some(Ok(bytes)) = bytes else {
            return Err(damaged("a document has no body".to_owned()));
        };
        let mention = body::read(&bytes).map_err(|e| damaged(format!("a mention cannot be read: {e}")))?;
        Ok(Hit {
            index: index.to_owned(),
            mention,
            written: source[field::WRITTEN].as_u64().unwrap_or(0),
            sort: hit["sort"].clone(),
        })
    }
}

/// Some columns of a mention.
pub(super) struct FetchedRow<'v> {
    pub(super) at: Millis,
    /// See [`crate::mention_number`].
    pub(super) number: u64,
    pub(super) index: &'v str,
    /// The mention's id.
    pub(super) id: &'v str,
    columns: &'v Value,
}

impl<'v> FetchedRow<'v> {
    /// The values of a column of text.
    pub(super) fn texts(&self, column: &str) -> impl Iterator<Item = &'v str> + use<'v> {
        let values = self.columns[column].as_array();
        values
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .filter_map(Value::as_str)
    }

    /// The first of them.
    pub(super) fn text(&self, column: &str) -> Option<&'v str> {
        self.texts(column).next()
    }

    /// The bits of a column of whole numbers.
    pub(super) fn bits(&self, column: &str) -> Option<u64> {
        self.columns[column][0].as_i64().map(|n| n as u64)
    }
}

/// A search for mentions, newest first, after a place in that order.
fn page(query: &Value, after: Option<&Value>, limit: usize) -> Value {
    let mut body = json!({
        "query": query,
        "size": limit,
        "sort": [{field::CREATED: "desc"}, {field::ID: "desc"}],
        "track_total_hits": false,
    });
    if let Some(after) = after {
        body["search_after"] = after.clone();
    }
    body
}

fn listed(answer: &Value) -> &[Value] {
    let hits = answer["hits"]["hits"].as_array();
    hits.map(Vec::as_slice).unwrap_or_default()
}
