//! Relevance per monitor: judged, learned, put in force, applied; and what would make the query better.

pub(super) mod refine;
pub(super) mod types;
pub(super) mod work;

use super::access::Access;
use super::error::blocking;
use super::extract::{Body, Params};
use super::monitors::{failure, writable};
use super::types::{ApiError, Monitor};
use super::{App, Failure, Shared};
use crate::control::{Action, Chosen, Judgment};
use crate::relevance::{self, Artefact, Pool, Standing, standing};
use axum::Json;
use axum::extract::Path;
use post::MentionId;
use store::{Choice, Filter};
use trends::relevance::{Model, ask};
use types::{JudgmentInput, JudgmentsInput, NextParams, RelevanceState, ThresholdInput, ToJudge};

/// Judgments of one request.
const MOST: usize = 1_000;

/// How a monitor's relevance stands: what was judged, how good its model is, and what it leaves out.
#[utoipa::path(get, path = "/monitors/{id}/relevance", operation_id = "get_relevance", tag = "relevance", params(("id" = String, Path)),
    responses((status = 200, body = RelevanceState), (status = 404, body = ApiError)))]
pub(super) async fn get(app: Shared, Path(id): Path<String>) -> Result<Json<RelevanceState>, Failure> {
    blocking(move || shown(&app, &find(&app, &id)?).map(Json)).await
}

/// The mentions that are worth judging next, of the newest 2,000: first those that stand for many others, then those the
/// model is unsure of, and always every third at random.
#[utoipa::path(get, path = "/monitors/{id}/relevance/next", operation_id = "next_to_judge", tag = "relevance", params(("id" = String, Path), NextParams),
    responses((status = 200, body = [ToJudge]), (status = 404, body = ApiError)))]
pub(super) async fn next(
    app: Shared,
    Path(id): Path<String>,
    Params(params): Params<NextParams>,
) -> Result<Json<Vec<ToJudge>>, Failure> {
    let count = params.count.unwrap_or(10).clamp(1, 50);
    blocking(move || {
        let monitor = find(&app, &id)?;
        let pool = read(&app, &monitor)?;
        let artefact = artefact(&app, &id)?;
        let unknowing = || {
            let mut model = Model::new(trends::relevance::Config::default());
            pool.vectors.iter().for_each(|v| model.see(v));
            model
        };
        let knows = artefact.is_some();
        let model = artefact.map_or_else(unknowing, |(artefact, _)| artefact.model);
        let judged: Vec<usize> = pool.judged.iter().map(|(place, _)| *place).collect();
        let asked = ask(&model, &pool.vectors, &judged, count, judged.len() as u64);
        let one = |(place, at_random): (usize, bool)| {
            let mention = &pool.mentions[place];
            ToJudge {
                mention: mention.id.to_string(),
                how: match (at_random, knows) {
                    (true, _) => Chosen::Random,
                    (false, true) => Chosen::Unsure,
                    (false, false) => Chosen::Seed,
                },
                platform: mention.post.platform.clone(),
                created_at: mention.post.created_at,
                lang: mention.lang.clone(),
                title: mention.post.title.clone(),
                text: mention.post.text.clone(),
                probability: knows.then(|| model.probability(&pool.vectors[place])),
            }
        };
        Ok(Json(asked.into_iter().map(one).collect()))
    })
    .await
}

/// Keeps judgments. After the first ten, and after every five more, a version is trained beside the stream and put in
/// force.
#[utoipa::path(put, path = "/monitors/{id}/relevance/judgments", operation_id = "judge", tag = "relevance", params(("id" = String, Path)),
    request_body = JudgmentsInput,
    responses((status = 200, body = RelevanceState), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn judge(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
    Body(input): Body<JudgmentsInput>,
) -> Result<Json<RelevanceState>, Failure> {
    writable(&app)?;
    let by = access.event(Action::RelevanceChanged);
    blocking(move || {
        let monitor = find(&app, &id)?;
        if input.judgments.len() > MOST {
            return Err(Failure::Bad(format!("at most {MOST} judgments at once")));
        }
        let judged = |one: JudgmentInput| judged(&app, &id, one, &by.actor);
        let rows: Result<Vec<_>, Failure> = input.judgments.into_iter().map(judged).collect();
        let rows = rows?;
        app.engine.control.judge(&id, &rows).map_err(failure)?;
        let event = by.on(&id).within(&monitor.project);
        let event = event.with(serde_json::json!({"judged": rows.len()}));
        app.engine.control.audit(&event).map_err(failure)?;
        let mut state = shown(&app, &monitor)?;
        let learned = relevance::learned(&app.engine.control, &id).map_err(failure)?;
        if relevance::due(state.judged, learned) {
            let trained = relevance::train(&app.engine, &monitor.project, &id);
            trained.map_err(|e| Failure::Internal(e.to_string()))?;
            state.job = app.engine.jobs.get(&id);
        }
        Ok(Json(state))
    })
    .await
}

fn judged(
    app: &App,
    monitor: &str,
    input: JudgmentInput,
    by: &str,
) -> Result<(Judgment, Option<bool>), Failure> {
    let id = MentionId::from_hex(&input.mention);
    let id = id.ok_or_else(|| Failure::Bad(format!("`{:.64}` is no id of a mention", input.mention)))?;
    let found = relevance::numbered(&app.engine.store.snapshot(), monitor, id)?;
    let (number, mention) = found.ok_or(Failure::NotFound("mention of this monitor"))?;
    let judgment = Judgment {
        number,
        post: mention.post.key,
        relevant: input.relevant.unwrap_or_default(),
        how: input.how.unwrap_or(Chosen::Found),
        by: by.to_owned(),
        at: crate::clock::now(),
    };
    Ok((judgment, input.relevant))
}

/// Sets the precision that is wanted, from which the threshold follows, and whether what is not relevant is left out where
/// nobody asks for it. What comes is judged by the new threshold; what is stored keeps its labels until it is applied.
#[utoipa::path(put, path = "/monitors/{id}/relevance/threshold", operation_id = "set_relevance_threshold", tag = "relevance", params(("id" = String, Path)),
    request_body = ThresholdInput,
    responses((status = 200, body = RelevanceState), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn threshold(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
    Body(input): Body<ThresholdInput>,
) -> Result<Json<RelevanceState>, Failure> {
    writable(&app)?;
    let by = access.event(Action::RelevanceChanged);
    blocking(move || {
        let monitor = find(&app, &id)?;
        let control = &app.engine.control;
        let hide = match input.hide {
            Some(hide) => hide,
            None => control.relevance(&id).map_err(failure)?.hide,
        };
        control
            .set_relevance(&id, input.wanted_precision, hide)
            .map_err(failure)?;
        app.engine.relevance.refresh(control).map_err(failure)?;
        let event = by.on(&id).within(&monitor.project);
        let details = serde_json::json!({"wanted_precision": input.wanted_precision, "hide": hide});
        control.audit(&event.with(details)).map_err(failure)?;
        shown(&app, &monitor).map(Json)
    })
    .await
}

pub(super) fn find(app: &App, id: &str) -> Result<Monitor, Failure> {
    app.engine.control.monitor(id).map_err(failure)
}

pub(super) fn read(app: &App, monitor: &Monitor) -> Result<Pool, Failure> {
    let pool = Pool::read(&app.engine, &monitor.project, &monitor.id);
    pool.map_err(|e| Failure::Internal(e.to_string()))
}

/// The model in force with its threshold.
pub(super) fn artefact(app: &App, id: &str) -> Result<Option<(Artefact, f64)>, Failure> {
    let Some(active) = app.engine.relevance.of(id) else {
        return Ok(None);
    };
    let control = &app.engine.control;
    let file = control.relevance_artefact(id, active.version).map_err(failure)?;
    let artefact = Artefact::load(&file).map_err(|e| Failure::Conflict(e.to_string()))?;
    Ok(Some((artefact, active.threshold)))
}

pub(super) fn shown(app: &App, monitor: &Monitor) -> Result<RelevanceState, Failure> {
    let engine = &app.engine;
    let id = &monitor.id;
    // First: whoever reads that a job has ended reads what it made.
    let job = engine.jobs.get(id);
    let row = engine.control.relevance(id).map_err(failure)?;
    let artefact = artefact(app, id)?;
    let pool = read(app, monitor)?;
    let known: Standing = standing(&pool, artefact.as_ref().map(|(a, t)| (a, *t)));
    let active = engine.relevance.of(id);
    let drift = active.as_ref().map(|a| relevance::index(engine, a)).transpose()?;
    let snapshot = engine.store.snapshot();
    let count = |label: Option<&str>| {
        let classes = label.map(|l| format!("{}:{l}", relevance::TASK));
        snapshot.count(&Filter {
            monitors: Choice::only([id.clone()]),
            classes: Choice::only(classes),
            ..Filter::default()
        })
    };
    let estimate = |e: Option<trends::Estimate>| e.map(Into::into);
    Ok(RelevanceState {
        monitor: id.clone(),
        version: row.active,
        judged: known.judged,
        relevant: known.relevant,
        at_random: known.at_random,
        before: estimate(known.before),
        precision: estimate(known.precision),
        recall: estimate(known.recall),
        calibration_error: known.calibration_error,
        wanted_precision: row.wanted,
        threshold: artefact.as_ref().map(|(_, t)| *t),
        reachable: artefact
            .as_ref()
            .is_some_and(|(a, _)| a.threshold(row.wanted).is_some()),
        hide: row.hide,
        removed_share: artefact.as_ref().map(|(a, t)| a.below(*t)),
        stored_relevant: count(Some(relevance::RELEVANT))?,
        stored_irrelevant: count(Some(relevance::IRRELEVANT))?,
        stored: count(None)?,
        drift: drift.flatten(),
        job,
    })
}
