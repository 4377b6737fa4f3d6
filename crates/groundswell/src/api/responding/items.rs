//! Items: what is to be answered, by when, and how quickly it was.

use super::mention_of;
use crate::analytics::Value;
use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::{Body, Params};
use crate::api::monitors::{failure, writable};
use crate::api::types::{ApiError, MentionView};
use crate::api::{App, Failure, Shared};
use crate::control::{Action, Item, ItemFilter, Response};
use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use store::mention_number;
use utoipa::{IntoParams, ToSchema};

const MINUTE: i64 = 60_000;
/// Items of a page.
const PAGE: usize = 50;
/// The period of a measure where none is given.
const MONTH: i64 = 30 * 24 * 60 * MINUTE;

/// Which items.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(in crate::api) struct ItemParams {
    /// `open`, `pending` or `closed`.
    status: Option<String>,
    /// Who answers.
    assignee: Option<String>,
    /// Only those past their time that are neither answered nor closed.
    overdue: bool,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A mention to be answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ItemView {
    /// The mention; `null` where it went a moment ago.
    mention: Option<MentionView>,
    /// When its post was published.
    created_at: i64,
    /// When it became an item.
    opened_at: i64,
    /// Where it stands.
    status: Option<String>,
    /// Who answers it.
    assignee: Option<String>,
    /// When an answer is due.
    due_at: Option<i64>,
    /// Whether that was set by hand, and not by the project's target.
    due_by_hand: bool,
    /// Whether that is past, and it is neither answered nor closed.
    overdue: bool,
    /// When it was first answered.
    responded_at: Option<i64>,
    /// By what: `reply` of an own account, or `status`.
    responded_by: Option<String>,
    /// When it was closed.
    closed_at: Option<i64>,
}

/// A mention, and where answering it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MentionDetail {
    /// The mention.
    mention: MentionView,
    /// Its item; `null` where nobody is to answer it.
    item: Option<ItemView>,
}

/// A page of items.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ItemPage {
    /// Newest post first.
    items: Vec<ItemView>,
    /// Where the next page begins; `null` at the end.
    next: Option<String>,
}

/// When an answer is due.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DueInput {
    /// The time; `null` leaves it to the project's target.
    due_at: Option<i64>,
}

/// A project's target.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResponseTarget {
    /// Minutes after the post within which it is to be answered first; `null` sets none.
    first_response_minutes: Option<i64>,
}

/// Which posts are measured.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(in crate::api) struct PeriodParams {
    /// Posts published from this time (default: 30 days before `to`).
    from: Option<i64>,
    /// Until this time, exclusive (default: now).
    to: Option<i64>,
}

/// How quickly items were answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Responses {
    /// Start of the period of the posts.
    from: i64,
    /// Its end.
    to: i64,
    /// Items of posts of the period.
    items: u64,
    /// Of these, answered.
    answered: u64,
    /// Median of the minutes from the post to the first answer, of those answered, with its 95 % interval by order
    /// statistics. None is told below 5 answers.
    first_response_minutes: Value,
    /// The project's target, in minutes.
    target_minutes: Option<i64>,
    /// The share answered within the target, of those that were answered or whose time is over. None is told below 30.
    within_target: Value,
}

fn view(app: &App, item: Item, now: i64) -> Result<ItemView, Failure> {
    let snapshot = app.engine.store.snapshot();
    let live = app.engine.live.load();
    let mention = snapshot.numbered(item.number)?;
    let mention = mention.map(|m| crate::view::mention(&m, snapshot.marks().of(m.id), &live));
    let is_open = item.responded_at.is_none() && item.closed_at.is_none();
    Ok(ItemView {
        mention,
        overdue: is_open && item.due_at.is_some_and(|at| at < now),
        created_at: item.created_at,
        opened_at: item.opened_at,
        status: item.status,
        assignee: item.assignee,
        due_at: item.due_at,
        due_by_hand: item.due_by_hand,
        responded_at: item.responded_at,
        responded_by: item.responded_by,
        closed_at: item.closed_at,
    })
}

/// What is to be answered, or was: the newest post first.
#[utoipa::path(get, path = "/projects/{project}/items", operation_id = "list_items", tag = "responding",
    params(("project" = String, Path), ItemParams),
    responses((status = 200, body = ItemPage), (status = 400, body = ApiError)))]
pub(in crate::api) async fn list(
    app: Shared,
    Path(project): Path<String>,
    Params(params): Params<ItemParams>,
) -> Result<Json<ItemPage>, Failure> {
    let before = match params.cursor.as_deref() {
        Some(text) => Some(cursor(text).ok_or_else(|| Failure::Bad(format!("`{text:.64}` is no cursor")))?),
        None => None,
    };
    blocking(move || {
        let now = crate::clock::now();
        let filter = ItemFilter {
            status: params.status,
            assignee: params.assignee,
            overdue_at: params.overdue.then_some(now),
            before,
        };
        let items = app
            .engine
            .control
            .items(&project, &filter, PAGE)
            .map_err(failure)?;
        let next = items.last().filter(|_| items.len() == PAGE);
        let next = next.map(|i| format!("{}.{:016x}", i.created_at, i.number));
        let items = items.into_iter().map(|item| view(&app, item, now));
        Ok(Json(ItemPage {
            items: items.collect::<Result<_, _>>()?,
            next,
        }))
    })
    .await
}

fn cursor(text: &str) -> Option<(i64, u64)> {
    let (at, number) = text.split_once('.')?;
    Some((at.parse().ok()?, u64::from_str_radix(number, 16).ok()?))
}

/// One mention by its id, or by its number as notices and hand-overs name it, with its item.
#[utoipa::path(get, path = "/projects/{project}/mentions/{mention}", operation_id = "get_mention", tag = "responding",
    params(("project" = String, Path), ("mention" = String, Path)),
    responses((status = 200, body = MentionDetail), (status = 404, body = ApiError)))]
pub(in crate::api) async fn get(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<MentionDetail>, Failure> {
    blocking(move || {
        let mention = match numbered(&id) {
            Some(number) => app.engine.store.snapshot().numbered(number)?,
            None => Some(mention_of(&app, &project, &id)?),
        };
        let mention = mention.filter(|m| m.project == project);
        let mention = mention.ok_or(Failure::NotFound("mention"))?;
        let item = app.engine.control.item(&project, mention_number(mention.id));
        let item = item.map_err(failure)?;
        let now = crate::clock::now();
        let item = item.map(|item| view(&app, item, now)).transpose()?;
        let snapshot = app.engine.store.snapshot();
        let live = app.engine.live.load();
        Ok(Json(MentionDetail {
            mention: crate::view::mention(&mention, snapshot.marks().of(mention.id), &live),
            item,
        }))
    })
    .await
}

/// The number that sixteen hexadecimal digits tell.
fn numbered(id: &str) -> Option<u64> {
    (id.len() == 16)
        .then(|| u64::from_str_radix(id, 16).ok())
        .flatten()
}

/// Sets when an answer to a mention is due.
#[utoipa::path(put, path = "/projects/{project}/items/{mention}/due", operation_id = "set_due", tag = "responding",
    params(("project" = String, Path), ("mention" = String, Path)), request_body = DueInput,
    responses((status = 200, body = ItemView), (status = 404, body = ApiError)))]
pub(in crate::api) async fn due(
    app: Shared,
    access: Access,
    Path((project, mention)): Path<(String, String)>,
    Body(input): Body<DueInput>,
) -> Result<Json<ItemView>, Failure> {
    writable(&app)?;
    let by = access.event(Action::DueSet);
    to_the_end(blocking(move || {
        let mention = mention_of(&app, &project, &mention)?;
        let place = (mention_number(mention.id), mention.post.created_at);
        let item = app.engine.control.set_due(&project, place, input.due_at, &by);
        Ok(Json(view(&app, item.map_err(failure)?, crate::clock::now())?))
    }))
    .await
}

/// A project's target for the first answer.
#[utoipa::path(get, path = "/projects/{project}/response-target", operation_id = "get_response_target", tag = "responding",
    params(("project" = String, Path)), responses((status = 200, body = ResponseTarget)))]
pub(in crate::api) async fn target(
    app: Shared,
    Path(project): Path<String>,
) -> Result<Json<ResponseTarget>, Failure> {
    blocking(move || {
        let target = app.engine.control.response_target(&project).map_err(failure)?;
        Ok(Json(ResponseTarget {
            first_response_minutes: target.map(|t| t / MINUTE),
        }))
    })
    .await
}

/// Sets a project's target. What is not answered and whose time nobody set by hand is due by it.
#[utoipa::path(put, path = "/projects/{project}/response-target", operation_id = "set_response_target", tag = "responding",
    params(("project" = String, Path)), request_body = ResponseTarget,
    responses((status = 200, body = ResponseTarget), (status = 400, body = ApiError)))]
pub(in crate::api) async fn set_target(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Body(input): Body<ResponseTarget>,
) -> Result<Json<ResponseTarget>, Failure> {
    writable(&app)?;
    let by = access.event(Action::DueSet);
    to_the_end(blocking(move || {
        let target = input.first_response_minutes.map(|m| m.saturating_mul(MINUTE));
        app.engine
            .control
            .set_response_target(&project, target, &by)
            .map_err(failure)?;
        Ok(Json(input))
    }))
    .await
}

/// How quickly items were answered: the median, and the share within the target.
#[utoipa::path(get, path = "/projects/{project}/responses", operation_id = "measure_responses", tag = "responding",
    params(("project" = String, Path), PeriodParams),
    responses((status = 200, body = Responses), (status = 400, body = ApiError)))]
pub(in crate::api) async fn responses(
    app: Shared,
    Path(project): Path<String>,
    Params(params): Params<PeriodParams>,
) -> Result<Json<Responses>, Failure> {
    let now = crate::clock::now();
    let to = params.to.unwrap_or(now + 1);
    let from = params.from.unwrap_or(to.saturating_sub(MONTH));
    if from >= to {
        return Err(Failure::Bad(format!("from ({from}) is not before to ({to})")));
    }
    blocking(move || {
        let control = &app.engine.control;
        let all = control.responses(&project, (from, to)).map_err(failure)?;
        let target = control.response_target(&project).map_err(failure)?;
        Ok(Json(measured(&all, target, (from, to), now)))
    })
    .await
}

fn measured(all: &[Response], target: Option<i64>, (from, to): (i64, i64), now: i64) -> Responses {
    let took = |r: &Response| r.responded_at.map(|at| (at - r.created_at).max(0));
    let times: Vec<f64> = all
        .iter()
        .filter_map(took)
        .map(|ms| ms as f64 / MINUTE as f64)
        .collect();
    let answered = times.len() as u64;
    let within = target.map(|target| {
        let is_over = |r: &&Response| took(r).is_some() || r.created_at + target < now;
        let met = |r: &&Response| took(r).is_some_and(|ms| ms <= target);
        let judged = all.iter().filter(is_over);
        Value::share(judged.clone().filter(met).count() as u64, judged.count() as u64)
    });
    Responses {
        from,
        to,
        items: all.len() as u64,
        answered,
        first_response_minutes: median(times),
        target_minutes: target.map(|t| t / MINUTE),
        within_target: within.unwrap_or_default(),
    }
}

/// The median with the interval between the order statistics that hold it with 95 % (Conover 1999, Practical
/// Nonparametric Statistics, 3.2, by the normal approximation).
fn median(mut values: Vec<f64>) -> Value {
    let n = values.len();
    if n < 5 {
        return Value {
            n: Some(n as u64),
            ..Value::default()
        };
    }
    values.sort_by(f64::total_cmp);
    let middle = (values[(n - 1) / 2] + values[n / 2]) / 2.0;
    let half = trends::Z * (n as f64).sqrt() / 2.0;
    let low = (n as f64 / 2.0 - half).floor().max(0.0) as usize;
    let high = ((n as f64 / 2.0 + half).ceil() as usize).min(n - 1);
    Value {
        value: Some(middle),
        low: Some(values[low]),
        high: Some(values[high]),
        n: Some(n as u64),
        ..Value::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_stands_in_its_interval_and_few_answers_have_none() {
        let value = median((1..=99).map(f64::from).collect());
        assert_eq!(
            (value.value, value.low, value.high),
            (Some(50.0), Some(40.0), Some(99.0f64.min(60.0 + 1.0)))
        );
        assert_eq!(median(vec![1.0; 4]).value, None);
    }

    #[test]
    fn what_is_late_counts_as_not_within_the_target() {
        let answered = |after: i64| Response {
            created_at: 0,
            responded_at: Some(after * MINUTE),
        };
        let open = |created_at| Response {
            created_at,
            responded_at: None,
        };
        let now = 100 * MINUTE;
        let mut all: Vec<Response> = (0..20).map(|_| answered(5)).collect();
        all.extend((0..10).map(|_| answered(50)));
        all.extend((0..10).map(|_| open(0)));
        // Whose time is not over says nothing yet.
        all.extend((0..7).map(|_| open(now - MINUTE)));
        let said = measured(&all, Some(10 * MINUTE), (0, now), now);
        assert_eq!((said.items, said.answered), (47, 30));
        assert_eq!(
            (said.within_target.value, said.within_target.n),
            (Some(0.5), Some(40))
        );
        assert_eq!(said.first_response_minutes.value, Some(5.0));
        assert_eq!(measured(&all, None, (0, now), now).within_target.value, None);
    }
}
