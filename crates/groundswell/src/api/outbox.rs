//! The outbox: what is sent by itself, and what became of it.

use super::access::Access;
use super::error::blocking;
use super::extract::{Body, Params};
use super::monitors::failure;
use super::types::ApiError;
use super::{Failure, Shared};
use crate::control::{Action, Channel, Content, Outgoing, OutgoingState, OutgoingTry};
use crate::delivery::{Letter, address_fault};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OutboxParams {
    /// `waiting`, `sent` or `failed`; all where not given.
    state: Option<OutgoingState>,
}

/// The messages of a project.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Outbox {
    /// Whether there is a mail server to hand letters to: `[mail]` of the configuration. Without one they wait.
    mail: bool,
    /// The messages, newest first, 1,000 at most.
    messages: Vec<MessageView>,
}

/// A message of the outbox.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MessageView {
    /// Its id, the same however often it is sent.
    id: String,
    /// How it goes.
    channel: Channel,
    /// The mail address, or the name of the destination, that it goes to.
    to: String,
    /// The destination's id, where it goes to one.
    destination: Option<String>,
    /// What it says, in a line.
    subject: String,
    /// The rendition that comes with it, where one does.
    rendition: Option<String>,
    /// The definition of alerts that it tells of, where it does.
    alert: Option<String>,
    /// When it was written, in milliseconds since 1970.
    made_at: i64,
    /// Where it is.
    state: OutgoingState,
    /// How often it was tried in vain.
    tries: u32,
    /// When it is tried next, or when it left the outbox, in milliseconds since 1970.
    at: i64,
    /// What the other side said last, or why nothing could be sent.
    said: Option<String>,
}

impl From<Outgoing> for MessageView {
    fn from(o: Outgoing) -> Self {
        let (to, subject, rendition, alert) = match o.content {
            Content::Letter(l) => (l.to, l.subject, l.attachment.map(|a| a.rendition), None),
            Content::Telling(t) => {
                let to = o.destination_name.unwrap_or_default();
                (to, t.subject(), None, t.alert)
            }
        };
        Self {
            id: o.id,
            channel: o.channel,
            to,
            destination: o.destination,
            subject,
            rendition,
            alert,
            made_at: o.made_at,
            state: o.state,
            tries: o.tries,
            at: o.at,
            said: o.said,
        }
    }
}

/// What a project sends by itself: what waits, what was sent, what could not be.
#[utoipa::path(get, path = "/projects/{project}/outbox", operation_id = "list_outbox", tag = "reports", params(("project" = String, Path), OutboxParams),
    responses((status = 200, body = Outbox), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn list(
    app: Shared,
    Path(project): Path<String>,
    Params(params): Params<OutboxParams>,
) -> Result<Json<Outbox>, Failure> {
    blocking(move || {
        let control = &app.engine.control;
        control.project(&project).map_err(failure)?;
        let messages = control.outgoing(&project, params.state).map_err(failure)?;
        Ok(Json(Outbox {
            mail: app.mailer.is_some(),
            messages: messages.into_iter().map(MessageView::from).collect(),
        }))
    })
    .await
}

/// Tries a message now that waits or was given up.
#[utoipa::path(post, path = "/projects/{project}/outbox/{id}/retry", operation_id = "retry_message", tag = "reports", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = MessageView), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn retry(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<MessageView>, Failure> {
    blocking(move || {
        let message = app.engine.control.retry_outgoing(&project, &id);
        Ok(Json(message.map_err(failure)?.into()))
    })
    .await
}

/// Takes a message out of the outbox: one that waits is not sent.
#[utoipa::path(delete, path = "/projects/{project}/outbox/{id}", operation_id = "withdraw_message", tag = "reports", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 204, description = "Gone"), (status = 404, body = ApiError)))]
pub(super) async fn withdraw(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    blocking(move || {
        let control = &app.engine.control;
        control.withdraw_outgoing(&project, &id).map_err(failure)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Every try to send a message, the first one first.
#[utoipa::path(get, path = "/projects/{project}/outbox/{id}/tries", operation_id = "message_tries", tag = "reports", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = [OutgoingTry]), (status = 404, body = ApiError)))]
pub(super) async fn tries(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<Vec<OutgoingTry>>, Failure> {
    blocking(move || {
        let tries = app.engine.control.outgoing_tries(&project, &id);
        Ok(Json(tries.map_err(failure)?))
    })
    .await
}

/// Whom a trial letter goes to.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct MailTest {
    /// A mail address.
    to: String,
}

/// What the mail server said.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MailTested {
    /// Whether it took the letter.
    taken: bool,
    /// Its answer, or why there was none.
    said: String,
}

/// Sends a trial letter now, and says what the mail server answered. Needs the role `admin`.
#[utoipa::path(post, path = "/mail/test", operation_id = "test_mail", tag = "reports", request_body = MailTest,
    responses((status = 200, body = MailTested), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(super) async fn test(
    app: Shared,
    access: Access,
    Body(input): Body<MailTest>,
) -> Result<Json<MailTested>, Failure> {
    blocking(move || {
        if let Some(fault) = address_fault(&input.to) {
            return Err(Failure::Bad(fault));
        }
        let Some(mailer) = &app.mailer else {
            return Err(Failure::Bad(
                "there is no mail server: [mail] of the configuration names one".to_owned(),
            ));
        };
        let letter = Letter {
            to: input.to,
            subject: "Groundswell can send mail".to_owned(),
            text: "This is a trial letter. Somebody pressed the button to see whether it arrives.\n"
                .to_owned(),
            html: None,
            attachment: None,
        };
        let id = format!("test-{}", crate::clock::now());
        let answer = mailer.send(&id, &letter, None);
        let event = access.event(Action::MailTested);
        let details = serde_json::json!({"taken": answer.is_ok()});
        app.engine.control.audit(&event.with(details)).map_err(failure)?;
        Ok(Json(MailTested {
            taken: answer.is_ok(),
            said: answer.unwrap_or_else(|trouble| trouble.to_string()),
        }))
    })
    .await
}
