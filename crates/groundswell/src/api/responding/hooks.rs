//! Where desks call: `/hooks/desks/{desk}`. Their signature is what lets a call in.

use crate::api::error::{blocking, to_the_end};
use crate::api::monitors::failure;
use crate::api::{App, Failure, Shared};
use crate::control::{AccessRole, Action, AuditEvent, DeskKind};
use crate::responding::{Told, ticket_done, told};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sources::webhook::signed;
use std::sync::Arc;

/// The largest call.
const MAX_CALL: usize = 256 << 10;
/// A signed time further from now than this is not believed.
const CLOSE: i64 = 10 * 60_000;

pub(in crate::api) fn routes() -> Router<Arc<App>> {
    let route = Router::new().route("/hooks/desks/{desk}", post(called));
    route.layer(DefaultBodyLimit::max(MAX_CALL))
}

async fn called(app: Shared, Path(desk): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let work = blocking(move || take(&app, &desk, &headers, &body));
    match to_the_end(work).await {
        Ok(status) => status.into_response(),
        // Who calls learns nothing of what there is here.
        Err(Failure::NotFound(_)) => StatusCode::NOT_FOUND.into_response(),
        Err(other) => other.into_response(),
    }
}

fn take(app: &App, id: &str, headers: &HeaderMap, body: &[u8]) -> Result<StatusCode, Failure> {
    let control = &app.engine.control;
    let (desk, secrets) = control.desk(id).map_err(failure)?;
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let kind = desk.settings.kind;
    let is_signed = secrets
        .signing
        .as_deref()
        .is_some_and(|secret| is_signed(kind, secret, &header, body, crate::clock::now()));
    if !is_signed {
        return Ok(StatusCode::UNAUTHORIZED);
    }
    // What is signed and tells of no ticket of ours is none of our business.
    let Some(Told {
        ticket,
        key,
        status,
        done,
        ..
    }) = told(kind, body)
    else {
        return Ok(StatusCode::NO_CONTENT);
    };
    let by = AuditEvent::new(
        &format!("desk:{id}"),
        AccessRole::Responder,
        Action::TicketChanged,
    );
    let names = (ticket.as_deref(), key.as_deref());
    let changed = control
        .ticket_changed(id, names, status.as_deref(), &by)
        .map_err(failure)?;
    if let Some(handover) = changed.filter(|_| done) {
        ticket_done(&app.engine, handover.number, &by).map_err(|e| Failure::Internal(e.to_string()))?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Zendesk signs its time and the body and sends both; Jira signs the body.
fn is_signed<'h>(
    kind: DeskKind,
    secret: &str,
    header: &dyn Fn(&str) -> Option<&'h str>,
    body: &[u8],
    now: i64,
) -> bool {
    match kind {
        DeskKind::Jira => header("x-hub-signature").is_some_and(|s| signed(secret.as_bytes(), body, s)),
        DeskKind::Zendesk => {
            let (Some(signature), Some(at)) = (
                header("x-zendesk-webhook-signature"),
                header("x-zendesk-webhook-signature-timestamp"),
            ) else {
                return false;
            };
            let is_now = at
                .parse::<Timestamp>()
                .is_ok_and(|t| (t.as_millisecond() - now).abs() <= CLOSE);
            let hex = STANDARD
                .decode(signature.trim())
                .map(|bytes| crate::control::hex(&bytes));
            let all = [at.as_bytes(), body].concat();
            is_now && hex.is_ok_and(|hex| signed(secret.as_bytes(), &all, &hex))
        }
    }
}
