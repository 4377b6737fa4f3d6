//! Handing mentions over to desks.

use super::mention_of;
use crate::api::access::Access;
use crate::api::door;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::{Body, Params};
use crate::api::monitors::{failure, writable};
use crate::api::types::ApiError;
use crate::api::{App, Failure, Shared};
use crate::control::{Action, Desk, Handover, HandoverState};
use crate::responding::{Facts, body};
use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use post::MentionId;
use post::profile::{self, Export};
use serde::{Deserialize, Serialize};
use store::{Mention, Sentiment, mention_number};
use utoipa::{IntoParams, ToSchema};

/// Hand-overs listed.
const LISTED: usize = 200;

/// What to hand over, and where.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandoverInput {
    /// The mention.
    mention: String,
    /// The desk.
    desk: String,
}

/// What somebody found who looked for the ticket.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettleInput {
    /// The ticket that is there; `null`: there is none, and it is to be sent again.
    ticket: Option<String>,
}

/// Which hand-overs.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(in crate::api) struct HandoverParams {
    /// Those of this mention.
    mention: Option<String>,
}

/// A mention that is or was handed over.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HandoverView {
    /// Its id, which was sent along as `Idempotency-Key`.
    id: String,
    /// The desk.
    desk: String,
    /// The mention, by its number in hexadecimal digits: the first half of its id.
    mention: String,
    /// `waiting`, `sending`, `sent`, `unsure` (nobody knows whether a ticket was made: look, and settle it) or `failed`.
    state: HandoverState,
    /// How often it was tried.
    attempts: u32,
    /// When it is tried next, where it waits.
    next_at: Option<i64>,
    /// What went wrong last.
    problem: Option<String>,
    /// The ticket.
    ticket: Option<String>,
    /// Its status there.
    ticket_status: Option<String>,
    /// Its address there.
    ticket_url: Option<String>,
    /// Who handed it over.
    by: String,
    /// When.
    created_at: i64,
    /// When anything of this changed last.
    updated_at: i64,
}

fn view(handover: Handover) -> HandoverView {
    let waits = handover.state == HandoverState::Waiting;
    HandoverView {
        id: handover.id,
        desk: handover.desk,
        mention: format!("{:016x}", handover.number),
        state: handover.state,
        attempts: handover.attempts,
        next_at: waits.then_some(handover.next_at),
        problem: handover.problem,
        ticket: handover.ticket,
        ticket_status: handover.ticket_status,
        ticket_url: handover.ticket_url,
        by: handover.by,
        created_at: handover.created_at,
        updated_at: handover.updated_at,
    }
}

/// The hand-overs of a project, newest first.
#[utoipa::path(get, path = "/projects/{project}/handovers", operation_id = "list_handovers", tag = "responding",
    params(("project" = String, Path), HandoverParams),
    responses((status = 200, body = [HandoverView]), (status = 400, body = ApiError)))]
pub(in crate::api) async fn list(
    app: Shared,
    Path(project): Path<String>,
    Params(params): Params<HandoverParams>,
) -> Result<Json<Vec<HandoverView>>, Failure> {
    let number = match params.mention.as_deref() {
        Some(id) => {
            let id = MentionId::from_hex(id);
            Some(mention_number(id.ok_or_else(|| {
                Failure::Bad("`mention` is no id of a mention".to_owned())
            })?))
        }
        None => None,
    };
    blocking(move || {
        let all = app.engine.control.handovers(&project, number, LISTED);
        Ok(Json(all.map_err(failure)?.into_iter().map(view).collect()))
    })
    .await
}

/// Hands a mention over: a ticket is posted to the desk, within seconds, once. Handing the same mention over again gives
/// what is there.
#[utoipa::path(post, path = "/projects/{project}/handovers", operation_id = "hand_over", tag = "responding",
    params(("project" = String, Path)), request_body = HandoverInput,
    responses((status = 202, body = HandoverView), (status = 404, body = ApiError)))]
pub(in crate::api) async fn create(
    app: Shared,
    access: Access,
    headers: HeaderMap,
    Path(project): Path<String>,
    Body(input): Body<HandoverInput>,
) -> Result<(StatusCode, Json<HandoverView>), Failure> {
    writable(&app)?;
    let by = access.event(Action::HandedOver);
    let base = door::base(&app, &headers);
    to_the_end(blocking(move || {
        let control = &app.engine.control;
        let mention = mention_of(&app, &project, &input.mention)?;
        let (desk, _) = control.desk(&input.desk).map_err(failure)?;
        if desk.project != project {
            return Err(Failure::NotFound("desk"));
        }
        let facts = facts(&app, &mention, &desk, &base)?;
        let made = control.hand_over(
            (&project, &desk.id),
            mention_number(mention.id),
            |key| body(&desk.settings, key, &facts).to_string(),
            &mention.post.key.to_string(),
            &by,
        );
        Ok((StatusCode::ACCEPTED, Json(view(made.map_err(failure)?))))
    }))
    .await
}

fn facts(app: &App, mention: &Mention, desk: &Desk, base: &str) -> Result<Facts, Failure> {
    let post = &mention.post;
    let monitor = app.engine.control.monitor(&mention.monitor).map_err(failure)?;
    let text = match post.title.as_deref() {
        Some(title) => format!("{title}\n{}", post.text),
        None => post.text.clone(),
    };
    let published = Timestamp::from_millisecond(post.created_at);
    Ok(Facts {
        monitor: monitor.name,
        platform: post.platform.clone(),
        published: published.map(|t| t.to_string()).unwrap_or_default(),
        sentiment: mention
            .sentiment
            .as_ref()
            .map(Sentiment::label)
            .map(|l| l.name().to_owned()),
        link: format!("{base}/inbox?item={}", mention.id),
        text: may_leave(text, &post.platform).filter(|_| desk.settings.internal),
    })
}

/// As much of a text as the platform's policy profile lets leave.
fn may_leave(text: String, platform: &str) -> Option<String> {
    match profile::of(platform).export.value {
        Export::Full | Export::Labelled => Some(text),
        Export::Excerpt { chars } => Some(text.chars().take(chars).collect()),
        Export::Ids { .. } | Export::Forbidden => None,
    }
}

/// Says what somebody found who looked for the ticket of a hand-over that failed or is unsure.
#[utoipa::path(post, path = "/projects/{project}/handovers/{handover}/settle", operation_id = "settle_handover", tag = "responding",
    params(("project" = String, Path), ("handover" = String, Path)), request_body = SettleInput,
    responses((status = 200, body = HandoverView), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn settle(
    app: Shared,
    access: Access,
    Path((project, handover)): Path<(String, String)>,
    Body(input): Body<SettleInput>,
) -> Result<Json<HandoverView>, Failure> {
    writable(&app)?;
    let by = access.event(Action::HandedOver);
    let ticket = input.ticket.map(|t| t.trim().to_owned());
    if ticket.as_deref().is_some_and(|t| t.is_empty() || t.len() > 500) {
        return Err(Failure::Bad("a ticket's id has 1 to 500 bytes".to_owned()));
    }
    to_the_end(blocking(move || {
        let control = &app.engine.control;
        let settled = control.settle_handover(&project, &handover, ticket.as_deref(), &by);
        Ok(Json(view(settled.map_err(failure)?)))
    }))
    .await
}
