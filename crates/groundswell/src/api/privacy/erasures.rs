//! Erasures and their receipts.

use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::Body;
use crate::api::monitors::failure;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::{Action, Erasure, SuppressionRow};
use crate::privacy::{Asked, EraseError};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

/// How long an answer waits for the end of the erasure.
const PATIENCE: Duration = Duration::from_secs(20);

/// Entries of the suppression list shown.
const LISTED: usize = 500;

/// Whom to erase.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ErasureInput {
    /// A handle, a link to the account or to one of its posts, or the platform's id of the author.
    author: String,
    /// The platform; needed where several have such an account, or nothing is stored of it.
    platform: Option<String>,
    /// Why. What names the author is taken out of it.
    reason: String,
}

/// An erasure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErasureView {
    /// Its id.
    id: String,
    /// When it was asked for.
    at: i64,
    /// `running` or `done`.
    state: String,
    /// Who asked for it.
    actor: String,
    /// Why.
    reason: Option<String>,
    /// The signed receipt, once it is done.
    receipt: Option<serde_json::Value>,
}

/// What a purge took off the disk.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PurgeView {
    /// Journal segments written anew.
    journal_segments: usize,
    /// Posts taken out of them.
    journal_posts: u64,
    /// Segments of the store written anew.
    store_segments: usize,
    /// Deleted mentions they held.
    store_mentions: u64,
    /// Whether the database's log was overwritten; not where another program was reading it.
    log_truncated: bool,
}

/// Erases an author: all mentions, the journal's posts, the keys of its identity, kept exports, and the bytes of all
/// of it; refuses the author from then on. Answers with the receipt, or with 202 where it takes longer. Needs the role
/// `admin`.
#[utoipa::path(post, path = "/erasures", operation_id = "create_erasure", tag = "privacy", request_body = ErasureInput,
    responses((status = 200, body = ErasureView), (status = 202, body = ErasureView), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(crate) async fn create(
    app: Shared,
    access: Access,
    Body(input): Body<ErasureInput>,
) -> Result<(StatusCode, Json<ErasureView>), Failure> {
    let reason = input.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Failure::Bad("an erasure has a reason".to_owned()));
    }
    let engine = app.engine.clone();
    let id = to_the_end(async move {
        let asked = Asked {
            author: input.author,
            platform: input.platform,
            reason: Some(reason),
        };
        let begun = engine.begin_erasure(asked, access.event(Action::Erase)).await?;
        let id = begun.erasure.id.clone();
        let work = tokio::spawn(async move { engine.finish_erasure_at_last(&begun).await });
        if let Ok(finished) = tokio::time::timeout(PATIENCE, work).await {
            finished.map_err(|e| Failure::Internal(e.to_string()))?;
        }
        Ok(id)
    })
    .await?;
    let view = view(blocking(move || app.engine.control.erasure(&id).map_err(failure)).await?);
    let status = match view.receipt {
        Some(_) => StatusCode::OK,
        None => StatusCode::ACCEPTED,
    };
    Ok((status, Json(view)))
}

/// All erasures, newest first. Needs the role `admin`.
#[utoipa::path(get, path = "/erasures", operation_id = "list_erasures", tag = "privacy",
    responses((status = 200, body = [ErasureView]), (status = 403, body = ApiError)))]
pub(crate) async fn list(app: Shared) -> Result<Json<Vec<ErasureView>>, Failure> {
    blocking(move || {
        let all = app.engine.control.erasures().map_err(failure)?;
        Ok(Json(all.into_iter().map(view).collect()))
    })
    .await
}

/// Whom the server refuses.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Suppressions {
    /// Newest first, at most 500; pseudonyms are not told.
    items: Vec<SuppressionRow>,
    /// How many there are.
    total: u64,
}

/// The suppression list: authors who were erased and whose posts are refused from then on. Needs the role `admin`.
#[utoipa::path(get, path = "/suppressions", operation_id = "list_suppressions", tag = "privacy",
    responses((status = 200, body = Suppressions), (status = 403, body = ApiError)))]
pub(crate) async fn suppressions(app: Shared) -> Result<Json<Suppressions>, Failure> {
    blocking(move || {
        let (items, total) = app.engine.control.suppression_rows(LISTED).map_err(failure)?;
        Ok(Json(Suppressions { items, total }))
    })
    .await
}

/// One erasure and its receipt. Needs the role `admin`.
#[utoipa::path(get, path = "/erasures/{id}", operation_id = "get_erasure", tag = "privacy", params(("id" = String, Path)),
    responses((status = 200, body = ErasureView), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn get(app: Shared, Path(id): Path<String>) -> Result<Json<ErasureView>, Failure> {
    blocking(move || Ok(Json(view(app.engine.control.erasure(&id).map_err(failure)?)))).await
}

/// Takes the bytes of everything that was deleted so far off the disk now, instead of when the purge's clock strikes.
/// Needs the role `admin`.
#[utoipa::path(post, path = "/purge", operation_id = "purge", tag = "privacy",
    responses((status = 200, body = PurgeView), (status = 403, body = ApiError)))]
pub(crate) async fn purge(app: Shared, access: Access) -> Result<Json<PurgeView>, Failure> {
    let engine = app.engine.clone();
    to_the_end(async move {
        let purge = engine
            .purge()
            .await
            .map_err(|e| Failure::Internal(format!("{e:#}")))?;
        let event = access.event(Action::Purge).with(purge.details());
        engine.control.audit(&event).map_err(failure)?;
        Ok(Json(PurgeView {
            journal_segments: purge.journal_segments,
            journal_posts: purge.journal_posts,
            store_segments: purge.store_segments,
            store_mentions: purge.store_mentions,
            log_truncated: purge.log_truncated,
        }))
    })
    .await
}

fn view(erasure: Erasure) -> ErasureView {
    ErasureView {
        id: erasure.id,
        at: erasure.at,
        state: if erasure.done { "done" } else { "running" }.to_owned(),
        actor: erasure.actor,
        reason: erasure.reason,
        receipt: erasure.receipt.and_then(|text| serde_json::from_str(&text).ok()),
    }
}

impl From<EraseError> for Failure {
    fn from(error: EraseError) -> Self {
        match error {
            EraseError::Unknown => {
                Failure::NotFound("author here: name the platform to have the author refused")
            }
            EraseError::Ambiguous(_) => Failure::Conflict(error.to_string()),
            EraseError::Control(error) => failure(error),
            error => Failure::Internal(error.to_string()),
        }
    }
}
