//! Whether what answers or quotes a monitor's mentions is kept.

use super::{failure, publish, writable};
use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::Body;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::Action;
use crate::pipeline::Reach;
use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Answers to answers, and posts under one mention, where it is not said.
const DEPTH: u8 = 3;
const MOST: u32 = 200;

/// Whether a monitor keeps context: posts that do not match, but answer or quote its mentions.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContextView {
    /// Whether it does.
    context: bool,
    /// Answers to answers, so many deep, 1 to 10 (default 3).
    depth: Option<u8>,
    /// Posts kept under one mention, 1 to 5,000 (default 200).
    most: Option<u32>,
}

fn view(reach: Option<Reach>) -> ContextView {
    ContextView {
        context: reach.is_some(),
        depth: reach.map(|r| r.depth),
        most: reach.map(|r| r.most),
    }
}

/// Whether a monitor keeps context, and how far it reaches.
#[utoipa::path(get, path = "/monitors/{id}/context", operation_id = "get_monitor_context", tag = "monitors", params(("id" = String, Path)),
    responses((status = 200, body = ContextView), (status = 404, body = ApiError)))]
pub(in crate::api) async fn get(app: Shared, Path(id): Path<String>) -> Result<Json<ContextView>, Failure> {
    blocking(move || Ok(Json(view(app.engine.control.context(&id).map_err(failure)?)))).await
}

/// Sets whether a monitor keeps context. From then on it does, and the journal's past is searched for it; what is kept
/// already stays when it no longer does.
#[utoipa::path(put, path = "/monitors/{id}/context", operation_id = "put_monitor_context", tag = "monitors", params(("id" = String, Path)),
    request_body = ContextView,
    responses((status = 200, body = ContextView), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn put(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
    Body(input): Body<ContextView>,
) -> Result<Json<ContextView>, Failure> {
    writable(&app)?;
    let by = access.event(Action::ContextChanged);
    let reach = input.context.then(|| Reach {
        depth: input.depth.unwrap_or(DEPTH),
        most: input.most.unwrap_or(MOST),
    });
    to_the_end(async move {
        let (store, of) = (app.0.clone(), id.clone());
        blocking(move || {
            let engine = &store.engine;
            engine.control.set_context(&of, reach, &by).map_err(failure)?;
            let new = engine.kept.refresh(&engine.control).map_err(failure)?;
            Ok(engine.kept.load(&new, &engine.store.snapshot())?)
        })
        .await?;
        if reach.is_some() {
            publish(&app, std::slice::from_ref(&id)).await?;
        }
        Ok(Json(view(reach)))
    })
    .await
}
