//! Pages of mentions, newest first.

use super::fetch::PAGE;
use super::filter::after;
use super::snapshot::Snapshot;
use crate::filter::Unit;
use crate::mention_number;
use crate::{Cursor, Error, Filter, Mention, Page};
use serde_json::Value;

impl Snapshot {
    /// At most `limit` mentions that come after `from`, newest first.
    pub fn mentions(&self, filter: &Filter, from: Option<Cursor>, limit: usize) -> Result<Page, Error> {
        let query = self.select(filter, Unit::Posts)?;
        let total = self.cluster().count(&query)?;
        let mut items: Vec<Mention> = Vec::new();
        let mut place: Option<Value> = from.map(after);
        // One more than asked for tells whether there is a next page.
        while items.len() <= limit {
            let wanted = (limit.saturating_add(1) - items.len()).min(PAGE);
            let hits = self.cluster().hits(&query, place.as_ref(), wanted)?;
            let is_last = hits.len() < wanted;
            place = hits.last().map(|hit| hit.sort.clone());
            items.extend(hits.into_iter().map(|hit| hit.mention));
            if is_last {
                break;
            }
        }
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| Cursor {
            created_at: last.post.created_at,
            id: mention_number(last.id),
        });
        Ok(Page { items, next, total })
    }
}
