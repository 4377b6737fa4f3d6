//! The outbox: what is sent by itself, and what became of it.

use super::access::Access;
use super::error::blocking;
use super::extract::{Body, Params};
use super::monitors::failure;
use super::types::ApiError;
use super::{Failure, Shared};
use crate::control::{Action, Outgoing, OutgoingState};
use crate::delivery::{Letter, address_fault};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which letters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OutboxParams {
    /// `waiting`, `sent` or `failed`; all where not given.
    state: Option<OutgoingState>,
}

/// The letters of a project.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Outbox {
    /// Whether there is a mail server to hand them to: `[mail]` of the configuration. Without one they wait.
    mail: bool,
    /// The letters, newest first, 1,000 at most.
    letters: Vec<LetterView>,
}

/// A letter of the outbox.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LetterView {
    /// Its id.
    id: String,
    /// The mail address it goes to.
    to: String,
    /// Its subject.
    subject: String,
    /// The rendition that comes with it, where one does.
    rendition: Option<String>,
    /// When it was written, in milliseconds since 1970.
    made_at: i64,
    /// Where it is.
    state: OutgoingState,
    /// How often it was tried in vain.
    tries: u32,
    /// When it is tried next, or when it left the outbox, in milliseconds since 1970.
    at: i64,
    /// What the mail server said last, or why nothing could be sent.
    said: Option<String>,
}

impl From<Outgoing> for LetterView {
    fn from(o: Outgoing) -> Self {
        Self {
            id: o.id,
            to: o.letter.to,
            subject: o.letter.subject,
            rendition: o.letter.attachment.map(|a| a.rendition),
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
        let letters = control.outgoing(&project, params.state).map_err(failure)?;
        Ok(Json(Outbox {
            mail: app.mailer.is_some(),
            letters: letters.into_iter().map(LetterView::from).collect(),
        }))
    })
    .await
}

/// Tries a letter now that waits or was given up.
#[utoipa::path(post, path = "/projects/{project}/outbox/{id}/retry", operation_id = "retry_letter", tag = "reports", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = LetterView), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn retry(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<LetterView>, Failure> {
    blocking(move || {
        let letter = app.engine.control.retry_outgoing(&project, &id);
        Ok(Json(letter.map_err(failure)?.into()))
    })
    .await
}

/// Takes a letter out of the outbox: one that waits is not sent.
#[utoipa::path(delete, path = "/projects/{project}/outbox/{id}", operation_id = "withdraw_letter", tag = "reports", params(("project" = String, Path), ("id" = String, Path)),
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
