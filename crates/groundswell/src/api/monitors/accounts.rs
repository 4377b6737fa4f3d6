//! The own accounts of what a monitor is about.

use super::{failure, writable};
use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::Body;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::{Account, Action};
use axum::Json;
use axum::extract::Path;

/// A monitor's own accounts: what they publish is *owned*, everything else *earned*.
#[utoipa::path(get, path = "/monitors/{id}/accounts", operation_id = "get_monitor_accounts", tag = "monitors", params(("id" = String, Path)),
    responses((status = 200, body = [Account])))]
pub(in crate::api) async fn get(app: Shared, Path(id): Path<String>) -> Result<Json<Vec<Account>>, Failure> {
    blocking(move || Ok(Json(app.engine.control.accounts(&id).map_err(failure)?))).await
}

/// Sets a monitor's own accounts, in place of those it had.
#[utoipa::path(put, path = "/monitors/{id}/accounts", operation_id = "put_monitor_accounts", tag = "monitors", params(("id" = String, Path)),
    request_body = Vec<Account>,
    responses((status = 200, body = [Account]), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn put(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
    Body(accounts): Body<Vec<Account>>,
) -> Result<Json<Vec<Account>>, Failure> {
    writable(&app)?;
    let by = access.event(Action::AccountsChanged);
    to_the_end(blocking(move || {
        let engine = &app.engine;
        engine
            .control
            .set_accounts(&id, &accounts, &by)
            .map_err(failure)?;
        engine
            .accounts
            .refresh(&engine.control, engine.admission.pseudonyms())
            .map_err(failure)?;
        Ok(Json(engine.control.accounts(&id).map_err(failure)?))
    }))
    .await
}
