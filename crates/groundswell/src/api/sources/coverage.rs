//! How well the sources cover their platforms.

use crate::api::error::blocking;
use crate::api::monitors::failure;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::{CoverageGap, CoverageSlot, MINUTE, stepped};
use axum::Json;
use axum::extract::Query;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const DAY: i64 = 86_400_000;

/// Which time is asked about.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Span {
    /// From, milliseconds since 1970; a day ago where absent.
    from: Option<i64>,
    /// To; now where absent.
    to: Option<i64>,
    /// Slots are summed to steps of so many milliseconds, a minute at least; not summed where absent.
    step: Option<i64>,
}

/// Coverage of a time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Coverage {
    /// From.
    from: i64,
    /// To.
    to: i64,
    /// Each source's series: by the minute for two days, by the hour before, or by longer steps where asked.
    sources: Vec<SourceCoverage>,
    /// Times from which posts are missing, or were searched for in a platform's past.
    gaps: Vec<CoverageGap>,
}

/// The series of one source.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceCoverage {
    /// The source.
    source: String,
    /// Its slots, in order; where there is none, the source did not run.
    slots: Vec<CoverageSlot>,
}

/// What each source saw, how late, what was refused, and which times are missing: charts grey those out.
#[utoipa::path(get, path = "/coverage", tag = "sources", params(Span), responses((status = 200, body = Coverage), (status = 400, body = ApiError)))]
pub(crate) async fn coverage(app: Shared, Query(span): Query<Span>) -> Result<Json<Coverage>, Failure> {
    let to = span.to.unwrap_or_else(crate::clock::now);
    let from = span.from.unwrap_or(to - DAY);
    if from > to {
        return Err(Failure::Bad("from is later than to".to_owned()));
    }
    if span.step.is_some_and(|step| step < MINUTE) {
        return Err(Failure::Bad(format!("step is less than a minute, {MINUTE} ms")));
    }
    blocking(move || {
        let control = &app.engine.control;
        let series = |name: String| {
            let slots = control.coverage(&name, from, to).map_err(failure)?;
            let slots = match span.step {
                Some(step) => stepped(slots, step),
                None => slots,
            };
            Ok(SourceCoverage { source: name, slots })
        };
        let names = app.supervisor.sources().into_iter().map(|r| r.name);
        let sources = names.map(series).collect::<Result<_, Failure>>()?;
        let gaps = control.gaps(from, to).map_err(failure)?;
        Ok(Json(Coverage {
            from,
            to,
            sources,
            gaps,
        }))
    })
    .await
}
