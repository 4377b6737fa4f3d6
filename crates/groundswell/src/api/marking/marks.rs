//! Tagging, assigning, correcting mentions, one or many at once, and undoing it.

use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::Body;
use crate::api::monitors::{failure, writable};
use crate::api::types::{ApiError, FilterParams};
use crate::api::{Failure, Shared, filter};
use crate::control::{Action, MarksChanged};
use crate::marking::{self, MarkChange};
use axum::Json;
use axum::extract::Path;
use post::MentionId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Mentions named one by one in one request at most.
const MOST_NAMED: usize = 1_000;
/// Changes listed.
const LISTED: usize = 100;

/// What to change in which mentions.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarksInput {
    /// Ids of mentions, at most 1,000.
    #[serde(default)]
    mentions: Vec<String>,
    /// Or every mention under this filter. Without `from` it is of all times.
    filter: Option<FilterParams>,
    /// What to change.
    change: MarkChange,
}

/// What was changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MarksAnswer {
    /// The change, by which it can be undone; `null` where nothing had to be changed.
    change: Option<MarksChanged>,
    /// Ids that are no mention of the project.
    missing: Vec<String>,
}

/// How many marks were put back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Undone {
    /// Mentions whose mark is again what it was; those changed again since stay as they are.
    mentions: u64,
}

/// Changes the marks of mentions: tags, category, status, who answers, star, mute, corrections.
#[utoipa::path(post, path = "/projects/{project}/marks", operation_id = "change_marks", tag = "marks", params(("project" = String, Path)),
    request_body = MarksInput,
    responses((status = 200, body = MarksAnswer), (status = 400, body = ApiError)))]
pub(in crate::api) async fn change(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Body(input): Body<MarksInput>,
) -> Result<Json<MarksAnswer>, Failure> {
    writable(&app)?;
    if let Some(fault) = input.change.fault() {
        return Err(Failure::Bad(fault));
    }
    let by = access.event(Action::MarksChanged);
    to_the_end(blocking(move || {
        let engine = &app.engine;
        let snapshot = engine.store.snapshot();
        let (mentions, missing) = match &input.filter {
            Some(params) if input.mentions.is_empty() => {
                let params = FilterParams {
                    project: Some(project.clone()),
                    from: Some(params.from.unwrap_or(0)),
                    ..params.clone()
                };
                let asked = filter::ask(&app.engine, &params, crate::clock::now())?;
                let found = marking::numbers_under(&snapshot, &asked.filter)?;
                let found = found.ok_or_else(|| {
                    Failure::Bad(format!(
                        "more than {} mentions at once; take a shorter period",
                        marking::MOST
                    ))
                })?;
                (found, Vec::new())
            }
            None if !input.mentions.is_empty() => {
                let ids = ids(&input.mentions)?;
                marking::numbers_of(&snapshot, &project, &ids)?
            }
            _ => return Err(Failure::Bad("say either `mentions` or `filter`".to_owned())),
        };
        let made = engine
            .marking
            .apply(&engine.control, &project, &mentions, &input.change, &by);
        Ok(Json(MarksAnswer {
            change: made.map_err(failure)?,
            missing: missing.iter().map(ToString::to_string).collect(),
        }))
    }))
    .await
}

fn ids(texts: &[String]) -> Result<Vec<MentionId>, Failure> {
    if texts.len() > MOST_NAMED {
        return Err(Failure::Bad(format!(
            "more than {MOST_NAMED} ids; say them by a filter"
        )));
    }
    let read = |text: &String| {
        MentionId::from_hex(text).ok_or_else(|| Failure::Bad(format!("`{text:.64}` is no id of a mention")))
    };
    texts.iter().map(read).collect()
}

/// The changes made to marks, newest first.
#[utoipa::path(get, path = "/projects/{project}/marks/changes", operation_id = "list_mark_changes", tag = "marks", params(("project" = String, Path)),
    responses((status = 200, body = [MarksChanged])))]
pub(in crate::api) async fn changes(
    app: Shared,
    Path(project): Path<String>,
) -> Result<Json<Vec<MarksChanged>>, Failure> {
    blocking(move || {
        let changes = app
            .engine
            .control
            .mark_changes(&project, LISTED)
            .map_err(failure)?;
        Ok(Json(changes))
    })
    .await
}

/// Undoes a change, where nothing was changed since.
#[utoipa::path(post, path = "/projects/{project}/marks/changes/{change}/undo", operation_id = "undo_mark_change", tag = "marks",
    params(("project" = String, Path), ("change" = String, Path)),
    responses((status = 200, body = Undone), (status = 404, body = ApiError)))]
pub(in crate::api) async fn undo(
    app: Shared,
    access: Access,
    Path((project, change)): Path<(String, String)>,
) -> Result<Json<Undone>, Failure> {
    writable(&app)?;
    let by = access.event(Action::MarksChanged);
    to_the_end(blocking(move || {
        let engine = &app.engine;
        let mentions = engine
            .marking
            .undo(&engine.control, &project, &change, &by)
            .map_err(failure)?;
        Ok(Json(Undone { mentions }))
    }))
    .await
}
