//! Labels: given one by one, out of a file, and which to give next.

use super::types::{ImportAnswer, ImportProblem, LabelInput, LabelsInput, Suggestion};
use super::{Classifier, chosen, find, model, note, shown};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::{Body, Params};
use crate::api::monitors::failure;
use crate::api::types::ApiError;
use crate::api::{App, Failure, Shared};
use crate::control::Labelled;
use crate::scoring::words;
use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::rejection::BytesRejection;
use models::custom::{Candidate, Limits, Rows, Scratch, suggest};
use post::{PostKey, Redactor};
use serde::Deserialize;
use std::collections::HashSet;
use store::{Filter, Mention};
use utoipa::IntoParams;

/// The largest file.
pub(in crate::api) const MAX_FILE: usize = 256 << 20;
/// Labels of one request.
const MAX_LABELS: usize = 10_000;
/// Rows written together, so that nobody else waits long.
const CHUNK: usize = 20_000;
/// Posts among which the most useful are looked for.
const POOL: usize = 2_000;

/// Gives labels to posts of the project and to texts, or takes them away.
#[utoipa::path(post, path = "/projects/{project}/classifiers/{id}/labels", operation_id = "label", tag = "classifiers", params(("project" = String, Path), ("id" = String, Path)),
    request_body = LabelsInput,
    responses((status = 200, body = Classifier), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn give(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
    Body(input): Body<LabelsInput>,
) -> Result<Json<Classifier>, Failure> {
    blocking(move || {
        let row = find(&app, &project, &id)?;
        if input.labels.len() > MAX_LABELS {
            return Err(Failure::Bad(format!(
                "at most {MAX_LABELS} labels at once; a file may have more"
            )));
        }
        let redactor = Redactor::new::<&str>([]);
        let labels: Result<Vec<_>, Failure> = input
            .labels
            .into_iter()
            .map(|label| labelled(&app, &project, label, &redactor))
            .collect();
        app.engine.control.label(&id, &labels?).map_err(failure)?;
        Ok(Json(shown(&app, row)?))
    })
    .await
}

/// Takes labelled texts from a file: CSV whose first line names the columns `text`, `label` and, if there is one, `lang`, or
/// JSON lines with these fields. Each broken row is named with its line; the others are taken. Addresses and telephone
/// numbers in the texts are redacted.
#[utoipa::path(post, path = "/projects/{project}/classifiers/{id}/import", operation_id = "import_labels", tag = "classifiers", params(("project" = String, Path), ("id" = String, Path)),
    request_body(content = String, description = "The file", content_type = "text/csv"),
    responses((status = 200, body = ImportAnswer), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn import(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
    file: Result<Bytes, BytesRejection>,
) -> Result<Json<ImportAnswer>, Failure> {
    let file = file.map_err(|e| {
        Failure::Bad(format!(
            "the file cannot be read ({e}); it may have {} MB at most",
            MAX_FILE >> 20
        ))
    })?;
    blocking(move || {
        let row = find(&app, &project, &id)?;
        let limits = Limits {
            bytes: MAX_FILE,
            ..Limits::default()
        };
        let rows = Rows::read(&file, limits).map_err(|e| Failure::Bad(e.to_string()))?;
        let redactor = Redactor::new::<&str>([]);
        let taken = rows.rows.len() as u64;
        for chunk in rows.rows.chunks(CHUNK) {
            let labels: Vec<_> = chunk
                .iter()
                .map(|r| (Labelled::Text(redacted(&redactor, &r.text)), r.label.clone()))
                .collect();
            app.engine.control.label(&id, &labels).map_err(failure)?;
        }
        note(&app, &access, &row, &format!("{taken} labels imported"))?;
        Ok(Json(ImportAnswer {
            taken,
            refused: rows.refused as u64,
            problems: rows.problems.into_iter().map(ImportProblem::of).collect(),
        }))
    })
    .await
}

/// How many suggestions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct SuggestParams {
    /// Posts to suggest, 1 to 100; 10 where absent.
    count: Option<usize>,
}

/// Posts worth labelling next, the most useful first: of the newest mentions those the classifier is least sure of, no two
/// alike. One that is not trained yet is given posts as different as can be.
#[utoipa::path(get, path = "/projects/{project}/classifiers/{id}/suggest", operation_id = "suggest_labels", tag = "classifiers", params(("project" = String, Path), ("id" = String, Path), SuggestParams),
    responses((status = 200, body = [Suggestion]), (status = 404, body = ApiError)))]
pub(in crate::api) async fn next(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
    Params(params): Params<SuggestParams>,
) -> Result<Json<Vec<Suggestion>>, Failure> {
    let count = params.count.unwrap_or(10).clamp(1, 100);
    blocking(move || {
        let row = find(&app, &project, &id)?;
        let version = chosen(&app, &row, None)?;
        let model = version.map(|v| model(&app, &id, v)).transpose()?;
        let mentions = unlabelled(&app, &project, &id)?;
        let texts: Vec<_> = mentions
            .iter()
            .map(|m| words(m.post.title.as_deref(), &m.post.text))
            .collect();
        let candidates: Vec<_> = texts
            .iter()
            .map(|text| Candidate { text, states: None })
            .collect();
        let mut scratch = Scratch::new();
        let suggestions = suggest(model.as_ref(), &candidates, count)
            .into_iter()
            .map(|place| {
                let class = model
                    .as_ref()
                    .map(|m| m.classify(&texts[place], None, &mut scratch));
                let post = &mentions[place].post;
                Suggestion {
                    post: post.key.to_string(),
                    title: post.title.clone(),
                    text: post.text.clone(),
                    label: class.map(|c| c.label.to_owned()),
                    probability: class.map(|c| c.probability),
                }
            });
        Ok(Json(suggestions.collect()))
    })
    .await
}

/// The newest mentions of the project that have text and no label yet.
fn unlabelled(app: &App, project: &str, id: &str) -> Result<Vec<Mention>, Failure> {
    let labelled = app.engine.control.labelled(id).map_err(failure)?;
    let known: HashSet<PostKey> = labelled
        .into_iter()
        .filter_map(|(what, _)| match what {
            Labelled::Post(key) => Some(key),
            Labelled::Text(_) => None,
        })
        .collect();
    let filter = Filter {
        project: Some(project.to_owned()),
        ..Filter::default()
    };
    let page = app.engine.store.snapshot().mentions(&filter, None, POOL)?;
    let is_open = |m: &Mention| !m.post.text.is_empty() && !known.contains(&m.post.key);
    Ok(page.items.into_iter().filter(is_open).collect())
}

fn labelled(
    app: &App,
    project: &str,
    input: LabelInput,
    redactor: &Redactor,
) -> Result<(Labelled, String), Failure> {
    let limits = Limits::default();
    let label = input.label.trim().to_owned();
    if label.len() > limits.label || label.chars().any(char::is_control) {
        return Err(Failure::Bad(format!(
            "a label has at most {} bytes and no control characters",
            limits.label
        )));
    }
    let what = match (input.post, input.text) {
        (Some(key), None) => {
            let key = PostKey::from_hex(&key).ok_or(Failure::NotFound("post"))?;
            let mentions = app.engine.store.snapshot().of_post(key)?;
            // What is no mention of the project is none of its business; a label can always be taken off.
            if !label.is_empty() && !mentions.iter().any(|m| m.project == project) {
                return Err(Failure::NotFound("post in this project"));
            }
            Labelled::Post(key)
        }
        (None, Some(text)) if text.trim().is_empty() || text.len() > limits.text => {
            return Err(Failure::Bad(format!("a text has 1 to {} bytes", limits.text)));
        }
        (None, Some(text)) => Labelled::Text(redacted(redactor, &text)),
        _ => return Err(Failure::Bad("a label is for a `post` or for a `text`".to_owned())),
    };
    Ok((what, label))
}

/// A text without addresses and telephone numbers, which are nobody's label.
fn redacted(redactor: &Redactor, text: &str) -> String {
    redactor
        .redact(text)
        .map_or_else(|| text.to_owned(), |(clean, _)| clean)
}
