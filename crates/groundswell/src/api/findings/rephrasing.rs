//! An explanation in other words: `POST /projects/{project}/findings/{id}/rephrasing`.

use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::monitors::{failure, writable};
use crate::api::types::ApiError;
use crate::api::{App, Failure, Shared};
use crate::control::Action;
use crate::detect::explained;
use crate::rephrase::{Part, Rephrased, Rephraser, Statements};
use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Who says explanations in other words here.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RephraseOffer {
    /// The language model.
    model: String,
    /// The machine it is asked on.
    host: String,
}

impl RephraseOffer {
    pub(super) fn of(app: &App) -> Option<Self> {
        app.rephraser.as_ref().map(|r| Self {
            model: r.model().to_owned(),
            host: r.host().to_owned(),
        })
    }
}

/// An explanation as a language model says it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RephrasedView {
    /// The language model that said it.
    model: String,
    /// What it says; nothing where its answer may not be shown.
    parts: Vec<RephrasedPart>,
    /// When it was made, in milliseconds since 1970.
    made_at: Option<i64>,
    /// Why there is nothing to show, in words: our own explanation stands.
    why_not: Option<String>,
}

/// A piece of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RephrasedPart {
    /// In the model's words.
    text: String,
    /// Places of the explanation's sentences that it rests on, from 0.
    sentences: Vec<usize>,
    /// The mentions behind them.
    mentions: Vec<String>,
}

/// Has the explanation of a finding said in other words by the language model of `[rephrase]`. What is sent are our
/// sentences, without quotations of platforms that do not let excerpts be passed on; the answer is shown only where every
/// number in it stands in the sentence it rests on, nothing is quoted that is not ours, and no sentence is left out. An
/// answer is kept for a day as long as the explanation is the same.
#[utoipa::path(post, path = "/projects/{project}/findings/{id}/rephrasing", operation_id = "rephrase_finding", tag = "findings",
    params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = RephrasedView), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(in crate::api) async fn post(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<RephrasedView>, Failure> {
    writable(&app)?;
    let State(app) = app;
    to_the_end(async move {
        let Some(rephraser) = app.rephraser.as_ref() else {
            return Err(Failure::Conflict(
                "no language model is set up: [rephrase] of the configuration names one".to_owned(),
            ));
        };
        let (told, statements) = told(&app, &project, &id).await?;
        let (key, now) = (format!("{project}/{id}"), crate::clock::now());
        let said = match rephraser.kept(&key, &statements, now) {
            Some(kept) => Ok(kept),
            None => {
                put_down(
                    &app,
                    rephraser,
                    &access,
                    (project.as_str(), id.as_str()),
                    &statements,
                )
                .await?;
                rephraser.ask(&key, &statements, now).await
            }
        };
        if let Err(why) = &said {
            tracing::warn!(finding = id, why, "an explanation is shown as it is");
        }
        Ok(Json(view(rephraser.model(), said, &told)))
    })
    .await
}

/// The mentions of each sentence, and the sentences as they may leave.
async fn told(app: &Arc<App>, project: &str, id: &str) -> Result<(Vec<Vec<String>>, Statements), Failure> {
    let (app, project, id) = (app.clone(), project.to_owned(), id.to_owned());
    blocking(move || {
        let finding = app.engine.control.finding(&project, &id).map_err(failure)?;
        let snapshot = app.engine.store.snapshot();
        let explained = explained::explain(&app.engine, &snapshot, &finding.finding)?;
        let statements = Statements::of(&snapshot, &project, &explained)?;
        let mentions = explained.sentences.into_iter().map(|s| s.mentions);
        Ok((mentions.collect(), statements))
    })
    .await
}

/// Puts down that something leaves, before it does.
async fn put_down(
    app: &Arc<App>,
    rephraser: &Rephraser,
    access: &Access,
    (project, id): (&str, &str),
    statements: &Statements,
) -> Result<(), Failure> {
    let quoted: Vec<String> = statements.quoted().iter().map(ToString::to_string).collect();
    let event = access
        .event(Action::Rephrased)
        .within(project)
        .with(serde_json::json!({
            "finding": id, "model": rephraser.model(), "host": rephraser.host(),
            "sentences": statements.texts().len(), "quoted": quoted,
        }));
    let app = app.clone();
    blocking(move || app.engine.control.audit(&event).map_err(failure)).await
}

fn view(model: &str, said: Result<Rephrased, String>, told: &[Vec<String>]) -> RephrasedView {
    let part = |part: Part| RephrasedPart {
        mentions: part
            .sentences
            .iter()
            .flat_map(|place| told.get(*place).into_iter().flatten().cloned())
            .collect(),
        text: part.text,
        sentences: part.sentences,
    };
    let (parts, made_at, why_not) = match said {
        Ok(said) => (
            said.parts.into_iter().map(part).collect(),
            Some(said.made_at),
            None,
        ),
        Err(why) => (Vec::new(), None, Some(why)),
    };
    RephrasedView {
        model: model.to_owned(),
        parts,
        made_at,
        why_not,
    }
}
