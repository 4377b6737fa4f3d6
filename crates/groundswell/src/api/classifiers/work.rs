//! Training, applying to what is stored, asking.

use super::types::{ClassAnswer, JobInput, JobTier, LabelProbability, TextInput};
use super::{chosen, find, model};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Body;
use crate::api::monitors::failure;
use crate::api::types::ApiError;
use crate::api::{App, Failure, Shared};
use crate::control::Action;
use crate::scoring::own::{self, Job};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use models::custom::{Embeddings, Scratch};

/// The longest text that is classified.
const MAX_TEXT: usize = 40_000;

/// Trains a version from the labels given so far. It is not used before it is put in force: look at its report first.
#[utoipa::path(post, path = "/projects/{project}/classifiers/{id}/train", operation_id = "train_classifier", tag = "classifiers", params(("project" = String, Path), ("id" = String, Path)),
    request_body = JobInput,
    responses((status = 202, body = Job), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(in crate::api) async fn train(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
    Body(input): Body<JobInput>,
) -> Result<(StatusCode, Json<Job>), Failure> {
    blocking(move || {
        let row = find(&app, &project, &id)?;
        let full = input.tier != Some(JobTier::Fast);
        let job = own::train(&app.engine, &id, full).map_err(|e| Failure::Internal(e.to_string()))?;
        let job = job.ok_or_else(busy)?;
        let event = access.event(Action::ClassifierTrained).on(&id).within(&project);
        let event = event.with(serde_json::json!({"name": row.name}));
        app.engine.control.audit(&event).map_err(failure)?;
        Ok((StatusCode::ACCEPTED, Json(job)))
    })
    .await
}

/// Applies the version in force to the mentions that are stored. Those that carry this version's label already are passed
/// over, so that it can be stopped and gone on with.
#[utoipa::path(post, path = "/projects/{project}/classifiers/{id}/apply", operation_id = "apply_classifier", tag = "classifiers", params(("project" = String, Path), ("id" = String, Path)),
    request_body = JobInput,
    responses((status = 202, body = Job), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(in crate::api) async fn apply(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
    Body(input): Body<JobInput>,
) -> Result<(StatusCode, Json<Job>), Failure> {
    let (state, key) = (app.0.clone(), id.clone());
    let row = blocking(move || find(&state, &project, &key)).await?;
    let none = || Failure::Conflict("no version is in force: put one in force first".to_owned());
    let (version, active) = row.active.zip(app.engine.own.of(&id)).ok_or_else(none)?;
    let full = input.tier == Some(JobTier::Full);
    let job = own::apply(&app.engine, active, version, full).ok_or_else(busy)?;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// Stops training, of which nothing is kept, or applying, of which what was labelled stays.
#[utoipa::path(delete, path = "/projects/{project}/classifiers/{id}/job", operation_id = "stop_classifier_job", tag = "classifiers", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError)))]
pub(in crate::api) async fn stop(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    blocking(move || {
        find(&app, &project, &id)?;
        match app.engine.jobs.stop(&id) {
            true => Ok(StatusCode::NO_CONTENT),
            false => Err(Failure::NotFound("job that could be stopped")),
        }
    })
    .await
}

/// What a classifier says of a text.
#[utoipa::path(post, path = "/projects/{project}/classifiers/{id}/classify", operation_id = "classify_text", tag = "classifiers", params(("project" = String, Path), ("id" = String, Path)),
    request_body = TextInput,
    responses((status = 200, body = ClassAnswer), (status = 400, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(in crate::api) async fn classify(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
    Body(input): Body<TextInput>,
) -> Result<Json<ClassAnswer>, Failure> {
    blocking(move || {
        if input.text.len() > MAX_TEXT {
            return Err(Failure::Bad(format!("a text has at most {MAX_TEXT} bytes")));
        }
        let row = find(&app, &project, &id)?;
        let version = chosen(&app, &row, input.version)?;
        let version = version.ok_or_else(|| Failure::Conflict("it has not been trained yet".to_owned()))?;
        answer(&app, &id, version, &input.text).map(Json)
    })
    .await
}

fn answer(app: &App, id: &str, version: u32, text: &str) -> Result<ClassAnswer, Failure> {
    let model = model(app, id, version)?;
    let encoder = app
        .engine
        .models
        .encoder
        .as_ref()
        .filter(|e| model.encoder() == Some(e.id()));
    let states = encoder.map(|e| Embeddings::of(e, &[text], &mut |_| {}));
    let mut scratch = Scratch::new();
    let class = model.classify(text, states.as_ref().map(|s| s.post(0)), &mut scratch);
    let each = model.labels().iter().zip(scratch.probabilities());
    let mut probabilities: Vec<_> = each
        .map(|(label, &probability)| LabelProbability {
            label: label.clone(),
            probability,
        })
        .collect();
    probabilities.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    Ok(ClassAnswer {
        label: class.label.to_owned(),
        probability: class.probability,
        abstained: class.abstain,
        probabilities,
        model: model.id().to_owned(),
    })
}

fn busy() -> Failure {
    Failure::Conflict("this classifier is being trained or applied already".to_owned())
}
