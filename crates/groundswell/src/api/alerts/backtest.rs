//! What an alert would have told, before it is saved.

use super::{check, ground};
use crate::alerting::{self, Backtest, Definition};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Body;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use axum::Json;
use axum::extract::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// What is to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BacktestInput {
    /// The definition.
    definition: Definition,
    /// Days before now, 1 to 90 (default 30).
    #[serde(default = "a_month")]
    days: u32,
}

fn a_month() -> u32 {
    30
}

/// How often an alert would have told something of what is stored, with the evidence: the same evaluation as of what
/// comes in.
#[utoipa::path(post, path = "/projects/{project}/alerts/backtest", operation_id = "backtest_alert", tag = "alerts", params(("project" = String, Path)),
    request_body = BacktestInput,
    responses((status = 200, body = Backtest), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn backtest(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Body(input): Body<BacktestInput>,
) -> Result<Json<Backtest>, Failure> {
    if !(1..=90).contains(&input.days) {
        return Err(Failure::Bad("days: 1 to 90".to_owned()));
    }
    blocking(move || {
        check(&app, &access, &project, &input.definition)?;
        let now = crate::clock::now();
        alerting::backtest(&ground(&app), &project, &input.definition, input.days, now)
            .map(Json)
            .map_err(|e| Failure::Internal(format!("{e:#}")))
    })
    .await
}
