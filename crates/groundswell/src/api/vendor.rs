//! Other vendors' exports: brought in, and compared with.

use super::access::Access;
use super::error::blocking;
use super::extract::Params;
use super::monitors::failure;
use super::types::{ApiError, FilterParams};
use super::{Failure, Shared, filter, rules};
use crate::control::Action;
use crate::vendor::{self, Brought, Comparison, Options, Question};
use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Disagreements shown at most.
const MAX_SAMPLE: usize = 200;

/// How an export is read.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct VendorImportParams {
    /// The vendor; by its columns where absent.
    pub vendor: Option<String>,
    /// The name of their query for rows that name none.
    pub query: Option<String>,
    /// The time zone of dates that name none (default `UTC`).
    pub zone: Option<String>,
    /// Whether only what they say of posts is kept, and no post.
    pub labels_only: Option<bool>,
}

/// What is compared: added to the filter.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct VendorParams {
    /// The vendor.
    pub vendor: String,
    /// One of their queries; all where absent.
    pub query: Option<String>,
    /// What the sample is drawn by (default 1): equal seeds draw the same posts.
    pub seed: Option<u64>,
    /// Disagreements in the sample (default 20, at most 200).
    pub sample: Option<usize>,
}

/// A vendor's query of which something is known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(super) struct VendorQuery {
    /// The vendor.
    pub vendor: String,
    /// Its query.
    pub query: String,
}

/// Brings in a vendor's mention export: CSV with whatever stands before its header, or XLSX. Its posts go through the
/// ordinary admission, so that monitors match them; their sentiment is kept as the vendor's.
#[utoipa::path(post, path = "/projects/{project}/vendor-mentions", operation_id = "import_vendor_mentions", tag = "vendors",
    params(("project" = String, Path), VendorImportParams), request_body(content = String, description = "The file", content_type = "application/octet-stream"),
    responses((status = 200, body = Brought), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn import(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(how): Params<VendorImportParams>,
    body: Bytes,
) -> Result<Json<Brought>, Failure> {
    let zone = how.zone.as_deref().unwrap_or("UTC");
    let options = Options {
        zone: jiff::tz::TimeZone::get(zone).map_err(|_| Failure::Bad(format!("`{zone}` is no time zone")))?,
        vendor: how.vendor,
        query: how.query.unwrap_or_default(),
        labels_only: how.labels_only.unwrap_or(false),
        project: project.clone(),
    };
    app.engine.control.project(&project).map_err(failure)?;
    let brought = vendor::bring(&app.engine, &body, &options)
        .await
        .map_err(|e| Failure::Bad(format!("{e:#}")))?;
    blocking(move || {
        let counts =
            serde_json::json!({"vendor": brought.vendor, "posts": brought.posts, "labels": brought.labels});
        let event = access.event(Action::VendorImport).within(&project).with(counts);
        app.engine.control.audit(&event).map_err(failure)?;
        Ok(Json(brought))
    })
    .await
}

/// The vendors' queries of which something is known in a project.
#[utoipa::path(get, path = "/projects/{project}/vendor-queries", operation_id = "list_vendor_queries", tag = "vendors", params(("project" = String, Path)),
    responses((status = 200, body = [VendorQuery])))]
pub(super) async fn queries(
    app: Shared,
    Path(project): Path<String>,
) -> Result<Json<Vec<VendorQuery>>, Failure> {
    blocking(move || {
        let rows = app.engine.control.vendors(&project).map_err(failure)?;
        Ok(Json(
            rows.into_iter()
                .map(|(vendor, query)| VendorQuery { vendor, query })
                .collect(),
        ))
    })
    .await
}

/// A vendor's volume and sentiment against ours, with some posts on which the two disagree.
#[utoipa::path(get, path = "/vendor-comparison", operation_id = "compare_vendor", tag = "vendors", params(FilterParams, VendorParams),
    responses((status = 200, body = Comparison), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(super) async fn compare(
    app: Shared,
    Params(params): Params<FilterParams>,
    Params(which): Params<VendorParams>,
) -> Result<Json<Comparison>, Failure> {
    let asked = filter::read(&params, crate::clock::now(), app.engine.admission.pseudonyms())?;
    let plain = FilterParams {
        project: params.project.clone(),
        monitor: params.monitor.clone(),
        from: params.from,
        to: params.to,
        ..FilterParams::default()
    };
    // Theirs cannot be filtered by what only ours have: like would not be compared with like.
    if serde_json::to_value(&plain).ok() != serde_json::to_value(&params).ok() {
        return Err(Failure::Bad(
            "a comparison is filtered by project, monitor, from and to alone".to_owned(),
        ));
    }
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        rules::check_person(&snapshot, &asked.filter)?;
        let question = Question {
            filter: &asked.filter,
            project: &asked.project,
            vendor: &which.vendor,
            query: which.query.as_deref(),
            seed: which.seed.unwrap_or(1),
            sample: which.sample.unwrap_or(20).min(MAX_SAMPLE),
        };
        let compared = vendor::compare(&app.engine.control, &snapshot, &question);
        Ok(Json(compared.map_err(|e| Failure::Internal(format!("{e:#}")))?))
    })
    .await
}
