//! Pages of mentions in other orders than newest first.

use super::fetch::PAGE;
use super::mapping::{field, place_of};
use super::snapshot::Snapshot;
use crate::filter::Unit;
use crate::sort::UNRANKED;
use crate::{Error, Filter, Mention, Place, Sort, Sorted, mention_number};
use serde_json::{Value, json};

impl Snapshot {
    /// At most `limit` mentions that come after `from` in an order.
    pub fn sorted(
        &self,
        filter: &Filter,
        sort: Sort,
        from: Option<Place>,
        limit: usize,
    ) -> Result<Sorted, Error> {
        if sort == Sort::Relevance {
            return self.by_relevance(filter, from, limit);
        }
        let query = self.select(filter, Unit::Posts)?;
        let total = self.cluster().count(&query)?;
        let mut items: Vec<(i64, Mention)> = Vec::new();
        let mut place: Option<Value> = from.map(|place| after(sort, place));
        // One more than asked for tells whether there is a next page.
        while items.len() <= limit {
            let wanted = (limit.saturating_add(1) - items.len()).min(PAGE);
            let mut search =
                json!({"query": query, "size": wanted, "sort": order(sort), "track_total_hits": false});
            if let Some(place) = place.take() {
                search["search_after"] = place;
            }
            let hits = self.cluster().found(&search)?;
            let is_last = hits.len() < wanted;
            place = hits.last().map(|hit| hit.sort.clone());
            items.extend(hits.into_iter().map(|hit| (rank(sort, &hit.sort), hit.mention)));
            if is_last {
                break;
            }
        }
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|(rank, last)| Place {
            rank: *rank,
            created_at: last.post.created_at,
            id: mention_number(last.id),
        });
        Ok(Sorted {
            items: items.into_iter().map(|(_, mention)| mention).collect(),
            next,
            total,
        })
    }
}

/// The order as the cluster is asked for it.
fn order(sort: Sort) -> Value {
    let ranked = |name: &str| json!({name: {"order": "desc", "missing": UNRANKED, "unmapped_type": "long"}});
    let [negative, _, positive] = field::PROBABILITIES;
    let first = match sort {
        Sort::Oldest => return json!([{field::CREATED: "asc"}, {field::ID: "desc"}]),
        Sort::Engagement => ranked(field::ENGAGEMENT),
        Sort::Audience => ranked(field::FOLLOWERS),
        Sort::Negative => ranked(negative),
        Sort::Positive => ranked(positive),
        // Ranked here, not there.
        Sort::Relevance => return json!([{field::CREATED: "desc"}, {field::ID: "desc"}]),
    };
    json!([first, {field::CREATED: "desc"}, {field::ID: "desc"}])
}

/// What comes after a place, as `search_after`.
fn after(sort: Sort, place: Place) -> Value {
    match sort {
        Sort::Oldest => json!([place.created_at, place_of(place.id)]),
        _ => json!([place.rank, place.created_at, place_of(place.id)]),
    }
}

/// The rank by the values that the cluster sorted by.
fn rank(sort: Sort, values: &Value) -> i64 {
    let first = values[0].as_i64().unwrap_or(UNRANKED);
    match sort {
        Sort::Oldest => first.saturating_neg(),
        _ => first,
    }
}
