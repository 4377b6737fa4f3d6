//! The audit log.

use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::monitors::failure;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::{AuditRow, Chain};
use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Rows of the audit log, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditPage {
    /// The rows.
    items: Vec<AuditItem>,
    /// Give this as `before` for the rows that follow; `null` at the end.
    next: Option<u64>,
    /// Rows in all.
    total: u64,
    /// Whether the chain holds from the first row to the last.
    chain_ok: bool,
    /// What does not hold.
    chain_fault: Option<String>,
}

/// A row of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditItem {
    /// From 1, without holes.
    number: u64,
    /// When.
    at: i64,
    /// Who: `local`, `password`, `key:<id>`, `command line`, `server`.
    actor: String,
    /// With which role.
    role: String,
    /// What was done.
    action: String,
    /// To which post or author, as a pseudonym.
    subject: Option<String>,
    /// In which project.
    project: Option<String>,
    /// Purpose or reason.
    reason: Option<String>,
    /// More, such as counts.
    details: serde_json::Value,
    /// The chain's mark of this row.
    hash: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditParams {
    /// Rows with lower numbers than this.
    before: Option<u64>,
    /// At most this many rows (default 100, at most 1,000).
    limit: Option<usize>,
}

/// Who opened, revealed, erased or changed what, newest first, and whether the log is whole. Needs the role `admin`.
#[utoipa::path(get, path = "/audit", operation_id = "list_audit", tag = "privacy", params(AuditParams),
    responses((status = 200, body = AuditPage), (status = 403, body = ApiError)))]
pub(crate) async fn list(
    app: Shared,
    Params(params): Params<AuditParams>,
) -> Result<Json<AuditPage>, Failure> {
    let limit = params.limit.unwrap_or(100).clamp(1, 1_000);
    blocking(move || {
        let control = &app.engine.control;
        let rows = control.audit_page(params.before, limit).map_err(failure)?;
        let Chain {
            rows: total, fault, ..
        } = control.audit_chain().map_err(failure)?;
        let next = rows.last().map(|r| r.number).filter(|n| *n > 1);
        Ok(Json(AuditPage {
            items: rows.into_iter().map(item).collect(),
            next,
            total,
            chain_ok: fault.is_none(),
            chain_fault: fault,
        }))
    })
    .await
}

fn item(row: AuditRow) -> AuditItem {
    AuditItem {
        number: row.number,
        at: row.at,
        actor: row.actor,
        role: row.role,
        action: row.action,
        subject: row.subject,
        project: row.project,
        reason: row.reason,
        details: serde_json::from_str(&row.details).unwrap_or_default(),
        hash: row.hash,
    }
}
