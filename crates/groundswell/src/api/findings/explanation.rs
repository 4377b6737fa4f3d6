//! Why there is a peak: `GET /projects/{project}/findings/{id}/explanation`.

use super::rephrasing::RephraseOffer;
use crate::api::error::blocking;
use crate::api::monitors::failure;
use crate::api::types::{ApiError, MentionView};
use crate::api::{Failure, Shared};
use crate::detect::explained::{self, Explained};
use crate::pipeline::Engine;
use axum::Json;
use axum::extract::Path;
use serde::Serialize;
use std::collections::BTreeSet;
use store::Snapshot;
use utoipa::ToSchema;

/// An explanation with the mentions it names.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ExplainedView {
    /// The explanation.
    #[serde(flatten)]
    explained: Explained,
    /// The mentions it names, as far as they are there still.
    mentions: Vec<MentionView>,
    /// The language model that may say it in other words, where one is set up.
    rephrase: Option<RephraseOffer>,
}

/// Explains a finding: its excess by platform, reach, copies, topic, language and place, in parts that add up; the terms
/// that are new in it, its first mention, what is owed to reposts, the mood in it and before, and three mentions that
/// stand for the rest. Computed from the store when asked; sentences name the mentions they rest on.
#[utoipa::path(get, path = "/projects/{project}/findings/{id}/explanation", operation_id = "explain_finding", tag = "findings",
    params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = ExplainedView), (status = 404, body = ApiError)))]
pub(in crate::api) async fn get(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<ExplainedView>, Failure> {
    blocking(move || {
        let finding = app
            .engine
            .control
            .finding(&project, &id)
            .map_err(failure)?
            .finding;
        let snapshot = app.engine.store.snapshot();
        let explained = explained::explain(&app.engine, &snapshot, &finding)?;
        let mentions = views(&app.engine, &snapshot, &project, &explained::named(&explained))?;
        Ok(Json(ExplainedView {
            explained,
            mentions,
            rephrase: RephraseOffer::of(&app),
        }))
    })
    .await
}

/// The mentions of these numbers that are a project's.
pub(super) fn views(
    engine: &Engine,
    snapshot: &Snapshot,
    project: &str,
    numbers: &BTreeSet<u64>,
) -> Result<Vec<MentionView>, Failure> {
    let live = engine.live.load();
    let mut views = Vec::new();
    for number in numbers {
        let mention = snapshot.numbered(*number)?.filter(|m| m.project == project);
        views.extend(mention.map(|m| crate::view::mention(&m, snapshot.marks().of(m.id), &live)));
    }
    Ok(views)
}
