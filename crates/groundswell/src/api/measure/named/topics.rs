//! What posts are about.

use super::Ground;
use super::copies;
use super::topic_words::labels;
use crate::analytics::Value;
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::types::{ApiError, FilterParams, MentionView, PolicyLabel};
use crate::api::{Failure, Shared, analytics, rules};
use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use store::{Cell, Choose, Cut, Dimension, Filter, Key, Measures, Question};
use trends::Z;
use utoipa::{IntoParams, ToSchema};

/// Topics listed at most, and where nothing is said.
const MOST: usize = 50;
const LISTED: usize = 20;
/// Posts that examples are chosen from, and examples of a topic.
const CANDIDATES: usize = 40;
const EXAMPLES: usize = 3;

/// How many topics.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct TopicParams {
    /// Topics, the largest first (default 20, at most 50).
    limit: Option<usize>,
}

/// What is written about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TopicsPage {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// The topics, most posts first.
    topics: Vec<TopicRow>,
    /// Posts of topics that are not listed.
    other: u64,
    /// Posts without a topic: without words, not to be indexed, or stored before there were topics.
    without: u64,
    /// All posts.
    total: u64,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
}

/// A topic.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TopicRow {
    /// Its number: it never comes to mean another topic.
    id: String,
    /// The words that tell it from the others, the most telling first.
    words: Vec<String>,
    /// Posts, copies included.
    posts: u64,
    /// Texts: copies count once.
    texts: u64,
    /// Authors.
    authors: u64,
    /// Its share of all posts that have a topic.
    share: Value,
    /// Posts of the period of equal length before; `null` where the store does not reach back.
    before: Option<u64>,
    /// Posts ÷ posts before − 1, with its 95 % interval; not shown below 30 posts in both together, nor without any before.
    growth: Value,
    /// (Positive − negative) ÷ labelled, by counts; not shown below 30.
    net_sentiment: Value,
    /// Three of its posts that have its words, of different texts.
    examples: Vec<MentionView>,
}

/// The largest topics of a project, or of some of its monitors.
#[utoipa::path(get, path = "/projects/{project}/topics", operation_id = "topics", tag = "analytics",
    params(("project" = String, Path), FilterParams, TopicParams),
    responses((status = 200, body = TopicsPage), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn topics(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<TopicParams>,
) -> Result<Json<TopicsPage>, Failure> {
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let g = Ground::new(&app, &access, &snapshot, &project, &filter)?;
        answered(&g, how.limit.unwrap_or(LISTED).clamp(1, MOST)).map(Json)
    })
    .await
}

fn answered(g: &Ground<'_>, limit: usize) -> Result<TopicsPage, Failure> {
    let filter = &g.asked.filter;
    let scored = rules::scores_may_be_split(g.snapshot, filter, Dimension::Topic)?;
    let measures = Measures {
        authors: true,
        texts: true,
        sentiment: scored,
        ..Measures::default()
    };
    let Found {
        mut topics,
        with,
        total,
    } = found(g, filter, 2 * limit, measures)?;
    topics.truncate(limit);
    let ids: Vec<Vec<u64>> = topics.iter().map(|t| t.ids.clone()).collect();
    let words = labels(g.snapshot, filter, &ids)?;
    let before = before(g, &ids)?;
    let listed: u64 = topics.iter().map(|t| t.cell.mentions).sum();
    let mut rows = Vec::with_capacity(topics.len());
    for (i, (topic, words)) in topics.iter().zip(words).enumerate() {
        let before = before.as_ref().map(|all| all[i]);
        let examples = examples(g, &topic.ids, &words)?;
        rows.push(row(topic, words, with, before, examples));
    }
    Ok(TopicsPage {
        from: g.asked.from,
        to: g.asked.to,
        topics: rows,
        other: with.saturating_sub(listed),
        without: total.saturating_sub(with),
        total,
        generation: g.snapshot.generation(),
        policy_labels: rules::labels(g.snapshot, filter)?,
    })
}

fn row(
    topic: &Topic,
    words: Vec<String>,
    with: u64,
    before: Option<u64>,
    examples: Vec<MentionView>,
) -> TopicRow {
    let cell = &topic.cell;
    TopicRow {
        id: topic.id.to_string(),
        words,
        posts: cell.mentions,
        texts: cell.texts,
        authors: cell.authors,
        share: Value::share(cell.mentions, with),
        before,
        growth: growth(cell.mentions, before),
        net_sentiment: net(cell),
        examples,
    }
}

/// Net sentiment of a cell.
pub(super) fn net(cell: &Cell) -> Value {
    let [negative, neutral, positive] = cell.sentiment;
    Value::interval(
        trends::net_sentiment(negative, neutral, positive),
        negative + neutral + positive,
    )
}

/// How much more there is than before: the ratio of two Poisson counts with the interval of its logarithm, less one.
fn growth(now: u64, before: Option<u64>) -> Value {
    let Some(before) = before else {
        return Value::default();
    };
    let n = now + before;
    let counted = Value {
        n: Some(n),
        ..Value::default()
    };
    if n < trends::MIN_SAMPLE || before == 0 || now == 0 {
        return counted;
    }
    let (now, before) = (now as f64, before as f64);
    let half = Z * (1.0 / now + 1.0 / before).sqrt();
    let at = |shift: f64| Some(((now / before).ln() + shift).exp() - 1.0);
    Value {
        value: at(0.0),
        low: at(-half),
        high: at(half),
        ..counted
    }
}

/// A topic in a period.
pub(super) struct Topic {
    /// What it is called now.
    pub(super) id: u64,
    /// This and what was merged into it.
    pub(super) ids: Vec<u64>,
    /// What was measured.
    pub(super) cell: Cell,
}

/// The topics of a period.
pub(super) struct Found {
    /// Most posts first.
    pub(super) topics: Vec<Topic>,
    /// Posts that have a topic.
    pub(super) with: u64,
    /// All posts.
    pub(super) total: u64,
}

/// The topics with most posts under a filter, those that were merged as one.
pub(super) fn found(
    g: &Ground<'_>,
    filter: &Filter,
    most: usize,
    measures: Measures,
) -> Result<Found, Failure> {
    let ask = |filter: Filter, cuts: Vec<Cut>| {
        let question = Question {
            filter,
            cuts,
            measures,
        };
        g.snapshot.table(&question)
    };
    let cut = Cut::Values(Dimension::Topic, Choose::Top(most));
    let table = ask(filter.clone(), vec![cut])?;
    let keys = table.axes.iter().flat_map(|axis| &axis.keys);
    let met: Vec<(u64, Cell)> = keys
        .zip(&table.cells)
        .filter_map(|(key, cell)| match key {
            Key::Value(id) => Some((id.parse().ok()?, *cell)),
            _ => None,
        })
        .collect();
    let placer = &g.app.engine.placer;
    let now = placer.resolve(
        &g.asked.project,
        &met.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
    );
    let mut topics: Vec<Topic> = Vec::new();
    let mut done = HashSet::new();
    for ((met, cell), id) in met.iter().zip(now) {
        if !done.insert(id) {
            continue;
        }
        let ids = placer.all_of(&g.asked.project, id);
        let cell = match ids.as_slice() {
            [only] if only == met => *cell,
            _ => {
                let mut whole = filter.clone();
                whole.topics.include.clone_from(&ids);
                ask(whole, Vec::new())?.total
            }
        };
        topics.push(Topic { id, ids, cell });
    }
    topics.sort_by_key(|t| (std::cmp::Reverse(t.cell.mentions), t.id));
    Ok(Found {
        topics,
        with: table.cells.iter().map(|c| c.mentions).sum(),
        total: table.total.mentions,
    })
}

/// Posts of each topic in the period of equal length before; `None` where the store does not reach back.
fn before(g: &Ground<'_>, topics: &[Vec<u64>]) -> Result<Option<Vec<u64>>, Failure> {
    let length = g.asked.to - g.asked.from;
    if !analytics::reaches_back(g.snapshot, &g.asked, length)? {
        return Ok(None);
    }
    let ids: Vec<String> = topics.iter().flatten().map(ToString::to_string).collect();
    let question = Question {
        filter: Filter {
            from: Some(g.asked.from - length),
            to: Some(g.asked.from),
            ..g.asked.filter.clone()
        },
        cuts: vec![Cut::Values(Dimension::Topic, Choose::These(ids))],
        measures: Measures::default(),
    };
    let table = g.snapshot.table(&question)?;
    let mut cells = table.cells.iter().map(|c| c.mentions);
    let sums = topics.iter().map(|ids| cells.by_ref().take(ids.len()).sum());
    Ok(Some(sums.collect()))
}

/// Of a topic's newest posts those that have most of its words, of different texts; the more engagement the better.
fn examples(g: &Ground<'_>, topics: &[u64], words: &[String]) -> Result<Vec<MentionView>, Failure> {
    let mut filter = g.asked.filter.clone();
    filter.topics.include = topics.to_vec();
    let page = g.snapshot.mentions(&filter, None, CANDIDATES)?;
    let mut weighed: Vec<(f64, &store::Mention)> = page
        .items
        .iter()
        .map(|m| {
            let text = text::fold(&m.post.text);
            let has = words.iter().filter(|w| text.contains(w.as_str())).count() as f64;
            let counts = &m.post.counts;
            let engaged = counts.likes.unwrap_or(0) + counts.reposts.unwrap_or(0);
            (has + (engaged as f64).ln_1p() / 4.0, m)
        })
        .collect();
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut texts = HashSet::new();
    let different = weighed
        .into_iter()
        .filter(|(_, m)| texts.insert(m.group.unwrap_or(store::mention_number(m.id))));
    let live = g.app.engine.live.load();
    let mut shown: Vec<MentionView> = different
        .take(EXAMPLES)
        .map(|(_, m)| crate::view::mention(m, g.snapshot.marks().of(m.id), &live))
        .collect();
    copies::count(g.snapshot, &g.asked.project, &mut shown)?;
    Ok(shown)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn growth_has_an_interval_and_is_not_told_of_few() {
        let more = growth(60, Some(30));
        assert!((more.value.unwrap() - 1.0).abs() < 1e-9);
        assert!(more.low.unwrap() > 0.0 && more.high.unwrap() < 2.5);
        for (now, before) in [(20, Some(9)), (50, Some(0)), (0, Some(50)), (50, None)] {
            assert_eq!(growth(now, before).value, None, "{now} {before:?}");
        }
        assert_eq!(growth(20, Some(9)).n, Some(29));
    }
}
