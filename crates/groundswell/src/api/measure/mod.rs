//! The one composable question: metrics × up to two cuts × filter × compared with another period.

pub(super) mod annotations;
mod answer;
mod ask;
mod both_methods;
pub(super) mod compare;
pub(super) mod named;
pub(super) mod permalinks;
mod types;

pub(super) use ask::interval;
pub(super) use types::{MeasureParams, Measured};

use super::access::Access;
use super::error::blocking;
use super::extract::Params;
use super::filter::Asked;
use super::types::{ApiError, FilterParams};
use super::{Failure, Shared, filter, rules};
use ask::Asking;
use axum::Json;

/// Refuses a question that cannot be asked, or not by `access`.
pub(super) fn check(access: Option<&Access>, cut: &MeasureParams, asked: &Asked) -> Result<(), Failure> {
    let asking = Asking::read(cut, asked)?;
    access.map_or(Ok(()), |access| asking.check(access))
}

/// Metrics under a filter, cut by up to two dimensions, beside those of an earlier period.
///
/// `metric=mentions,net_sentiment&by=monitor&then=day` is a line of each metric per monitor. A metric that begins with
/// `=` is a formula of one's own: `metric==(positive-negative)/mentions`.
#[utoipa::path(get, path = "/measure", operation_id = "measure", tag = "analytics", params(FilterParams, MeasureParams),
    responses((status = 200, body = Measured), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(super) async fn measure(
    app: Shared,
    access: Access,
    Params(params): Params<FilterParams>,
    Params(cut): Params<MeasureParams>,
) -> Result<Json<Measured>, Failure> {
    let asked = filter::ask(&app.engine, &params, crate::clock::now())?;
    let asking = Asking::read(&cut, &asked)?;
    rules::check(&access, &asked.filter)?;
    asking.check(&access)?;
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        answer::measured(&app, &access, &snapshot, &asked, &asking).map(Json)
    })
    .await
}
