//! Pushed posts.

use super::types::{ApiError, PushReceipt, PushRefusal};
use super::{Failure, Shared};
use axum::Json;
use axum::body::Bytes;
use sources::SourceEvent;
use std::time::Duration;

/// How long a push waits for the disk before it is told to come again.
const PATIENCE: Duration = Duration::from_secs(20);

/// Takes one post or a batch (a JSON object, an array, or JSON Lines). Answers when they are on disk. Idempotent: a uid
/// that is already there is counted and left as it is.
#[utoipa::path(post, path = "/posts", operation_id = "push_posts", tag = "posts",
    request_body(content = serde_json::Value, description = "Posts in the interchange form; only `text` is required"),
    responses((status = 200, body = PushReceipt), (status = 400, body = ApiError), (status = 503, body = ApiError)))]
pub(super) async fn push(app: Shared, body: Bytes) -> Result<Json<PushReceipt>, Failure> {
    let items = sources::parse_push(&body).map_err(|e| Failure::Bad(e.to_string()))?;
    let mut refused = Vec::new();
    let mut places = Vec::new();
    let mut events = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        match item {
            Ok(raw) => {
                places.push(index);
                events.push(SourceEvent::Post(Box::new(raw)));
            }
            Err(r) => {
                app.engine.counters.refuse(r.code);
                refused.push(PushRefusal {
                    index,
                    reason: r.code.to_owned(),
                    message: r.message,
                });
            }
        }
    }
    let waiting = app.engine.intake.ingest("push", events);
    let receipt = tokio::time::timeout(PATIENCE, waiting)
        .await
        .map_err(|_| Failure::Blocked("the journal takes too long to write".to_owned()))??;
    let late = receipt
        .refused
        .into_iter()
        .map(|(i, reason, message)| PushRefusal {
            index: places[i],
            reason: reason.to_owned(),
            message,
        });
    refused.extend(late);
    refused.sort_by_key(|r| r.index);
    Ok(Json(PushReceipt {
        accepted: receipt.accepted,
        duplicates: receipt.duplicates,
        refused,
    }))
}
