//! Desks: where mentions are handed over to.

use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::Body;
use crate::api::monitors::{failure, writable};
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::{Action, Desk, DeskKind, DeskSecrets, DeskSettings};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sources::http::outgoing;
use utoipa::ToSchema;

/// Bytes of a secret at most.
const MAX_SECRET: usize = 4_096;

/// A desk to be made.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeskInput {
    /// Its name.
    name: String,
    /// How it is reached.
    settings: DeskSettings,
    /// The token that tickets are posted with; kept sealed, never shown.
    token: Option<String>,
    /// What its calls are signed with; kept sealed, never shown. Without it, its calls are refused.
    signing_secret: Option<String>,
}

/// A desk, without its secrets.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DeskView {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// How it is reached.
    settings: DeskSettings,
    /// The path where it calls back, on this server: `/hooks/desks/…`.
    hook: String,
    /// When it was made.
    created_at: i64,
}

fn view(desk: Desk) -> DeskView {
    DeskView {
        hook: format!("/hooks/desks/{}", desk.id),
        id: desk.id,
        name: desk.name,
        settings: desk.settings,
        created_at: desk.created_at,
    }
}

/// A project's desks, by name.
#[utoipa::path(get, path = "/projects/{project}/desks", operation_id = "list_desks", tag = "responding",
    params(("project" = String, Path)), responses((status = 200, body = [DeskView])))]
pub(in crate::api) async fn list(
    app: Shared,
    Path(project): Path<String>,
) -> Result<Json<Vec<DeskView>>, Failure> {
    blocking(move || {
        let desks = app.engine.control.desks(&project).map_err(failure)?;
        Ok(Json(desks.into_iter().map(view).collect()))
    })
    .await
}

/// Makes a desk.
#[utoipa::path(post, path = "/projects/{project}/desks", operation_id = "create_desk", tag = "responding",
    params(("project" = String, Path)), request_body = DeskInput,
    responses((status = 201, body = DeskView), (status = 400, body = ApiError), (status = 409, body = ApiError)))]
pub(in crate::api) async fn create(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Body(input): Body<DeskInput>,
) -> Result<(StatusCode, Json<DeskView>), Failure> {
    writable(&app)?;
    if let Some(fault) = fault(&input) {
        return Err(Failure::Bad(fault));
    }
    let by = access.event(Action::DeskChanged);
    to_the_end(blocking(move || {
        let secrets = DeskSecrets {
            token: input.token,
            signing: input.signing_secret,
        };
        let control = &app.engine.control;
        let desk = control.create_desk(&project, &input.name, &input.settings, &secrets, &by);
        Ok((StatusCode::CREATED, Json(view(desk.map_err(failure)?))))
    }))
    .await
}

fn fault(input: &DeskInput) -> Option<String> {
    let settings = &input.settings;
    if let Err(fault) = outgoing::check(&settings.address) {
        return Some(format!("settings.address: {fault}"));
    }
    if settings.kind == DeskKind::Jira
        && settings
            .jira_project
            .as_deref()
            .unwrap_or_default()
            .trim()
            .is_empty()
    {
        return Some("settings.jira_project: say the key of the project that issues go to".to_owned());
    }
    let is_bad = |s: &&String| s.is_empty() || s.len() > MAX_SECRET || s.chars().any(char::is_control);
    let named = [
        ("token", &input.token),
        ("signing_secret", &input.signing_secret),
        ("settings.user", &settings.user),
    ];
    let bad = named
        .into_iter()
        .find(|(_, secret)| secret.as_ref().is_some_and(|s| is_bad(&s)));
    bad.map(|(name, _)| format!("{name}: 1 to {MAX_SECRET} bytes without control characters"))
}

/// Removes a desk, and what was handed over to it.
#[utoipa::path(delete, path = "/projects/{project}/desks/{desk}", operation_id = "delete_desk", tag = "responding",
    params(("project" = String, Path), ("desk" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError)))]
pub(in crate::api) async fn delete(
    app: Shared,
    access: Access,
    Path((project, desk)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    writable(&app)?;
    let by = access.event(Action::DeskChanged);
    to_the_end(blocking(move || {
        app.engine
            .control
            .delete_desk(&project, &desk, &by)
            .map_err(failure)?;
        Ok(StatusCode::NO_CONTENT)
    }))
    .await
}
