//! Reading stored mentions, page by page.
//!
//! Pages follow one another by the order of mentions (`search_after`), which needs no state in the cluster: what stays
//! while they are read is read exactly once.

use super::api::Cluster;
use super::mapping::field;
use crate::{Error, Mention, body};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Mentions read at once: of the longest texts an answer then has some 45 MB.
pub(super) const PAGE: usize = 500;

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
        let mut body = json!({
            "query": query,
            "size": limit,
            "sort": [{field::CREATED: "desc"}, {field::ID: "desc"}],
            "track_total_hits": false,
        });
        if let Some(after) = after {
            body["search_after"] = after.clone();
        }
        let answer = self.search(&body)?;
        let hits = answer["hits"]["hits"].as_array();
        hits.map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .map(|hit| self.read(hit))
            .collect()
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
        let mut after: Option<Value> = None;
        loop {
            let page = self.hits(query, after.as_ref(), PAGE)?;
            let is_last = page.len() < PAGE;
            after = page.last().map(|hit| hit.sort.clone());
            page.into_iter().try_for_each(&mut *each)?;
            if is_last {
                return Ok(());
            }
        }
    }

    /// How many mentions a query finds.
    pub(super) fn count(&self, query: &Value) -> Result<u64, Error> {
        let answer = self.search(&json!({"query": query, "size": 0, "track_total_hits": true}))?;
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
