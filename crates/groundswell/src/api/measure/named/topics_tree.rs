//! Topics under a few headings.

use super::Ground;
use super::topic_words::labels;
use super::topics::{Topic, found, net};
use crate::analytics::Value;
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::types::{ApiError, FilterParams, PolicyLabel};
use crate::api::{Failure, Shared, rules};
use axum::Json;
use axum::extract::Path;
use serde::Serialize;
use std::collections::HashMap;
use store::{Dimension, Measures};
use utoipa::ToSchema;

/// Topics on the wheel.
const MOST: usize = 60;
/// Headings.
const HEADINGS: usize = 10;

/// The wheel of topics.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TopicsTree {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// The headings, most posts first.
    headings: Vec<TopicHeading>,
    /// Posts of topics that are not here.
    other: u64,
    /// Posts without a topic.
    without: u64,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
}

/// Topics that have words in common.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TopicHeading {
    /// Its number, which it keeps while most of its posts stay; `null` for topics that nobody writes about any more.
    id: Option<String>,
    /// The words that tell it from the others.
    words: Vec<String>,
    /// Posts of its topics.
    posts: u64,
    /// Its topics, most posts first.
    topics: Vec<TopicLeaf>,
}

/// A topic on the wheel.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TopicLeaf {
    /// Its number.
    id: String,
    /// The words that tell it from the others.
    words: Vec<String>,
    /// Posts.
    posts: u64,
    /// (Positive − negative) ÷ labelled, by counts; not shown below 30.
    net_sentiment: Value,
}

/// The topics of a project in two levels.
#[utoipa::path(get, path = "/projects/{project}/topics/tree", operation_id = "topics_tree", tag = "analytics",
    params(("project" = String, Path), FilterParams),
    responses((status = 200, body = TopicsTree), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn tree(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
) -> Result<Json<TopicsTree>, Failure> {
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let g = Ground::new(&app, &access, &snapshot, &project, &filter)?;
        answered(&g).map(Json)
    })
    .await
}

fn answered(g: &Ground<'_>) -> Result<TopicsTree, Failure> {
    let filter = &g.asked.filter;
    let measures = Measures {
        sentiment: rules::scores_may_be_split(g.snapshot, filter, Dimension::Topic)?,
        ..Measures::default()
    };
    let mut all = found(g, filter, MOST, measures)?;
    all.topics.truncate(MOST);
    let listed: u64 = all.topics.iter().map(|t| t.cell.mentions).sum();
    let under = headings(g, &all.topics);
    let ids: Vec<Vec<u64>> = all.topics.iter().map(|t| t.ids.clone()).collect();
    let words = labels(g.snapshot, filter, &ids)?;
    let of_heading = |members: &[usize]| members.iter().flat_map(|i| ids[*i].clone()).collect();
    let together: Vec<Vec<u64>> = under.iter().map(|(_, members)| of_heading(members)).collect();
    let names = labels(g.snapshot, filter, &together)?;
    let leaf = |i: &usize| TopicLeaf {
        id: all.topics[*i].id.to_string(),
        words: words[*i].clone(),
        posts: all.topics[*i].cell.mentions,
        net_sentiment: net(&all.topics[*i].cell),
    };
    let headings = under
        .iter()
        .zip(names)
        .map(|((id, members), words)| TopicHeading {
            id: id.map(|id| id.to_string()),
            words,
            posts: members.iter().map(|i| all.topics[*i].cell.mentions).sum(),
            topics: members.iter().map(leaf).collect(),
        });
    let mut headings: Vec<TopicHeading> = headings.collect();
    headings.sort_by_key(|h| (h.id.is_none(), std::cmp::Reverse(h.posts)));
    Ok(TopicsTree {
        from: g.asked.from,
        to: g.asked.to,
        headings,
        other: all.with.saturating_sub(listed),
        without: all.total.saturating_sub(all.with),
        generation: g.snapshot.generation(),
        policy_labels: rules::labels(g.snapshot, filter)?,
    })
}

/// Which topics, by their places, stand under which heading.
fn headings(g: &Ground<'_>, topics: &[Topic]) -> Vec<(Option<u64>, Vec<usize>)> {
    let branches = g.app.engine.placer.tree(&g.asked.project, HEADINGS);
    let of: HashMap<u64, u64> = branches
        .iter()
        .flat_map(|branch| branch.topics.iter().map(|topic| (*topic, branch.id)))
        .collect();
    let mut under: Vec<(Option<u64>, Vec<usize>)> = Vec::new();
    for (i, topic) in topics.iter().enumerate() {
        let heading = of.get(&topic.id).copied();
        match under.iter_mut().find(|(id, _)| *id == heading) {
            Some((_, members)) => members.push(i),
            None => under.push((heading, vec![i])),
        }
    }
    under
}
