//! Notes on mentions.

use super::mention_of;
use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::Body;
use crate::api::monitors::{failure, writable};
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::{Action, Note};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use store::mention_number;
use utoipa::ToSchema;

/// A note to be written.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteInput {
    /// The text, 1 to 10,000 bytes.
    text: String,
}

/// The notes on a mention, oldest first.
#[utoipa::path(get, path = "/projects/{project}/mentions/{mention}/notes", operation_id = "list_notes", tag = "responding",
    params(("project" = String, Path), ("mention" = String, Path)),
    responses((status = 200, body = [Note]), (status = 404, body = ApiError)))]
pub(in crate::api) async fn list(
    app: Shared,
    Path((project, mention)): Path<(String, String)>,
) -> Result<Json<Vec<Note>>, Failure> {
    blocking(move || {
        let mention = mention_of(&app, &project, &mention)?;
        let notes = app.engine.control.notes(&project, mention_number(mention.id));
        Ok(Json(notes.map_err(failure)?))
    })
    .await
}

/// Writes a note on a mention.
#[utoipa::path(post, path = "/projects/{project}/mentions/{mention}/notes", operation_id = "write_note", tag = "responding",
    params(("project" = String, Path), ("mention" = String, Path)), request_body = NoteInput,
    responses((status = 201, body = Note), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn write(
    app: Shared,
    access: Access,
    Path((project, mention)): Path<(String, String)>,
    Body(input): Body<NoteInput>,
) -> Result<(StatusCode, Json<Note>), Failure> {
    writable(&app)?;
    let by = access.event(Action::NoteChanged);
    to_the_end(blocking(move || {
        let mention = mention_of(&app, &project, &mention)?;
        let number = mention_number(mention.id);
        let note = app.engine.control.write_note(&project, number, &input.text, &by);
        Ok((StatusCode::CREATED, Json(note.map_err(failure)?)))
    }))
    .await
}

/// Changes a note. Its author may, and an administrator.
#[utoipa::path(put, path = "/projects/{project}/notes/{note}", operation_id = "edit_note", tag = "responding",
    params(("project" = String, Path), ("note" = String, Path)), request_body = NoteInput,
    responses((status = 200, body = Note), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn edit(
    app: Shared,
    access: Access,
    Path((project, note)): Path<(String, String)>,
    Body(input): Body<NoteInput>,
) -> Result<Json<Note>, Failure> {
    writable(&app)?;
    let by = access.event(Action::NoteChanged);
    to_the_end(blocking(move || {
        let note = app.engine.control.edit_note(&project, &note, &input.text, &by);
        Ok(Json(note.map_err(failure)?))
    }))
    .await
}

/// Removes a note. Its author may, and an administrator.
#[utoipa::path(delete, path = "/projects/{project}/notes/{note}", operation_id = "delete_note", tag = "responding",
    params(("project" = String, Path), ("note" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError)))]
pub(in crate::api) async fn delete(
    app: Shared,
    access: Access,
    Path((project, note)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    writable(&app)?;
    let by = access.event(Action::NoteChanged);
    to_the_end(blocking(move || {
        app.engine
            .control
            .delete_note(&project, &note, &by)
            .map_err(failure)?;
        Ok(StatusCode::NO_CONTENT)
    }))
    .await
}
