//! Headline figures and breakdowns, which are small questions.

use super::cells::whole;
use crate::elastic::api::Cluster;
use crate::elastic::filter::term;
use crate::elastic::mapping::field;
use crate::elastic::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{
    Breakdown, BreakdownItem, Choose, Cut, Dimension, Error, Figures, Filter, Key, Measures, Question,
};
use foldhash::HashMap;
use post::Millis;
use serde_json::{Value, json};

/// Values read at once.
const PAGE: usize = 1_000;

impl Snapshot {
    /// How many pass the filter.
    pub fn count(&self, filter: &Filter) -> Result<u64, Error> {
        self.cluster().count(&self.select(filter, Unit::Posts)?)
    }

    /// Sums over what passes the filter.
    pub fn figures(&self, filter: &Filter) -> Result<Figures, Error> {
        let measures = Measures {
            authors: true,
            engagement: true,
            sentiment: true,
            ..Measures::default()
        };
        let query = self.select(filter, Unit::Posts)?;
        let total = self.grid(&query, &[], measures)?.total;
        Ok(Figures {
            mentions: total.mentions,
            authors: total.authors,
            // The cluster does not say how far its estimate may be off.
            authors_error: 0,
            engagement: total.engagement,
            sentiment: total.sentiment,
        })
    }

    /// The `limit` most frequent values of a dimension, and how many mentions have others.
    pub fn breakdown(&self, filter: &Filter, by: Dimension, limit: usize) -> Result<Breakdown, Error> {
        let table = self.table(&Question {
            filter: filter.clone(),
            cuts: vec![Cut::Values(by, Choose::Top(limit))],
            measures: Measures {
                authors: true,
                sentiment: true,
                ..Measures::default()
            },
        })?;
        let mut answer = Breakdown {
            total: table.total.mentions,
            ..Breakdown::default()
        };
        let keys = table.axes.into_iter().flat_map(|axis| axis.keys);
        for (key, cell) in keys.zip(&table.rows) {
            match key {
                Key::Value(key) => answer.items.push(BreakdownItem {
                    key,
                    mentions: cell.mentions,
                    authors: cell.authors,
                    sentiment: cell.sentiment,
                }),
                _ => answer.other += cell.mentions,
            }
        }
        // Labels are not chosen by their number.
        answer.items.retain(|item| item.mentions > 0);
        answer
            .items
            .sort_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| a.key.cmp(&b.key)));
        answer.other += answer
            .items
            .iter()
            .skip(limit)
            .map(|item| item.mentions)
            .sum::<u64>();
        answer.items.truncate(limit);
        Ok(answer)
    }

    /// When the oldest post was published; `None` where nothing is stored.
    pub fn oldest(&self) -> Result<Option<Millis>, Error> {
        Ok(self
            .extent_of(&json!({"match_all": {}}))?
            .map(|(oldest, _)| oldest))
    }

    /// When the oldest and the newest that pass the filter were published; `None` where nothing does.
    pub fn extent(&self, filter: &Filter) -> Result<Option<(Millis, Millis)>, Error> {
        self.extent_of(&self.select(filter, Unit::Posts)?)
    }

    /// How many pass the filter that were written after a generation and stood there before in another form.
    pub fn rewritten_since(&self, filter: &Filter, generation: u64) -> Result<u64, Error> {
        let later = Filter {
            since: Some(generation),
            upto: None,
            ..filter.clone()
        };
        let query = self.select(&later, Unit::Posts)?;
        let again = json!({"bool": {"filter": [query, term(field::AGAIN, true)]}});
        self.cluster().count(&again)
    }

    /// The mentions that each monitor matched.
    pub fn count_by_monitor(&self) -> Result<HashMap<String, u64>, Error> {
        let matched = self.select(&Filter::default(), Unit::Mentions)?;
        let all = self.counted(&matched, field::MONITOR)?;
        Ok(all.into_iter().collect())
    }

    /// The oldest and the newest time of what a query finds.
    pub(in crate::elastic) fn extent_of(&self, query: &Value) -> Result<Option<(Millis, Millis)>, Error> {
        let aggs = json!({
            "oldest": {"min": {"field": field::CREATED}},
            "newest": {"max": {"field": field::CREATED}},
        });
        let answer = self
            .cluster()
            .search(&json!({"query": query, "size": 0, "aggs": aggs}))?;
        let time = |name: &str| {
            answer["aggregations"][name]["value"]
                .as_f64()
                .map(|at| at as Millis)
        };
        Ok(time("oldest").zip(time("newest")))
    }

    /// Every value of a field among what a query finds, with its mentions.
    pub(in crate::elastic) fn counted(&self, query: &Value, name: &str) -> Result<Vec<(String, u64)>, Error> {
        let cluster = self.cluster();
        cluster.values(&cluster.settings.all_mentions(), query, name)
    }
}

impl Cluster {
    /// Every value of a field among what a query finds in an index, with its mentions.
    pub(in crate::elastic) fn values(
        &self,
        index: &str,
        query: &Value,
        name: &str,
    ) -> Result<Vec<(String, u64)>, Error> {
        let mut found = Vec::new();
        let mut sources = json!({"size": PAGE, "sources": [{"value": {"terms": {"field": name}}}]});
        loop {
            let body = json!({"query": query, "size": 0, "aggs": {"values": {"composite": sources}}});
            let answer = self.search_in(index, &body)?;
            let page = &answer["aggregations"]["values"];
            for bucket in page["buckets"].as_array().into_iter().flatten() {
                let value = bucket["key"]["value"].as_str().unwrap_or_default();
                found.push((value.to_owned(), whole(&bucket["doc_count"])));
            }
            match page.get("after_key") {
                Some(after) => sources["after"] = after.clone(),
                None => return Ok(found),
            }
        }
    }
}
