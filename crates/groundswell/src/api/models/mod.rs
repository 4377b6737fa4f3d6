//! The models: what they are, how good they are, how sure they may be.

pub(super) mod types;

use super::Failure;
use super::Shared;
use super::error::blocking;
use super::types::ApiError;
use axum::Json;
use types::ModelCard;

/// The cards of every model that comes with the program: what it was trained on, how good it is, its reliability diagram,
/// and what it is known to get wrong.
#[utoipa::path(get, path = "/models", operation_id = "list_models", tag = "models",
    responses((status = 200, body = [ModelCard]), (status = 401, body = ApiError)))]
pub(super) async fn list(app: Shared) -> Result<Json<Vec<ModelCard>>, Failure> {
    let _ = app;
    blocking(|| {
        let cards = crate::weights::cards().map_err(|e| Failure::Internal(e.to_string()))?;
        Ok(Json(cards.iter().map(ModelCard::of).collect()))
    })
    .await
}
