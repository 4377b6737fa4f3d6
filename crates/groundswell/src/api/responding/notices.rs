//! What whoever asks is told in the app.

use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::{Body, Params};
use crate::api::monitors::{failure, writable};
use crate::api::{Failure, Shared};
use crate::control::Notice;
use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Notices given at once at most.
const MOST: usize = 200;

/// Which notices.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(in crate::api) struct NoticeParams {
    /// Only those that are not read.
    unread: bool,
    /// Only those below this number.
    before: Option<u64>,
}

/// The notices of whoever asks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Notices {
    /// Newest first, at most 200.
    items: Vec<Notice>,
    /// How many are not read.
    unread: u64,
}

/// Up to which notice all are read.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadInput {
    /// The number of the newest one read.
    upto: u64,
}

/// The notices of whoever asks: what was assigned to them.
#[utoipa::path(get, path = "/notices", operation_id = "list_notices", tag = "responding", params(NoticeParams),
    responses((status = 200, body = Notices)))]
pub(in crate::api) async fn list(
    app: Shared,
    access: Access,
    Params(params): Params<NoticeParams>,
) -> Result<Json<Notices>, Failure> {
    blocking(move || {
        let control = &app.engine.control;
        let items = control.notices(&access.actor, params.unread, params.before, MOST);
        Ok(Json(Notices {
            items: items.map_err(failure)?,
            unread: control.unread_notices(&access.actor).map_err(failure)?,
        }))
    })
    .await
}

/// Marks notices as read.
#[utoipa::path(post, path = "/notices", operation_id = "read_notices", tag = "responding", request_body = ReadInput,
    responses((status = 200, body = Notices)))]
pub(in crate::api) async fn read(
    app: Shared,
    access: Access,
    Body(input): Body<ReadInput>,
) -> Result<Json<Notices>, Failure> {
    writable(&app)?;
    to_the_end(blocking(move || {
        let control = &app.engine.control;
        control.read_notices(&access.actor, input.upto).map_err(failure)?;
        let items = control.notices(&access.actor, false, None, MOST);
        Ok(Json(Notices {
            items: items.map_err(failure)?,
            unread: control.unread_notices(&access.actor).map_err(failure)?,
        }))
    }))
    .await
}
