//! Destinations: where alerts go.

use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::Body;
use crate::api::monitors::{failure, writable};
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::{Action, Channel, Destination, DestinationSecrets, DestinationSettings, Signing};
use crate::delivery::{SECRET_PREFIX, Telling, address_fault, tell};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sources::http::outgoing;
use utoipa::ToSchema;

/// Bytes of an address or a token at most.
const MAX_SECRET: usize = 4_096;
/// Bytes of a secret that webhooks are signed with (Standard Webhooks): at least, and at most.
const KEY: std::ops::RangeInclusive<usize> = 24..=64;
/// How long a secret that was replaced goes on, in milliseconds.
const OVERLAP: i64 = 24 * 3_600_000;

/// A destination to be made.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DestinationInput {
    /// Its name.
    name: String,
    /// How messages go.
    channel: Channel,
    /// Mail: the address.
    to: Option<String>,
    /// All others: the address that is posted to; of Matrix that of the home server. Kept sealed; only its host is shown.
    address: Option<String>,
    /// Matrix: the room's id, as `!id:server`.
    room: Option<String>,
    /// Matrix: the token of whom the messages come from. Kept sealed, never shown.
    token: Option<String>,
    /// Webhook: the secret it is signed with, `whsec_` and 24 to 64 bytes in Base64. Made where absent.
    secret: Option<String>,
    /// Whether it is part of the house: only then excerpts of texts go along (default: no).
    #[serde(default)]
    internal: bool,
    /// Whether its address may be of this machine or a private network (default: no).
    #[serde(default)]
    allow_private: bool,
}

/// A destination, without its secrets.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DestinationView {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// How it is reached.
    settings: DestinationSettings,
    /// When it was made.
    created_at: i64,
}

/// A destination with the secret that was made for it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DestinationMade {
    /// The destination.
    destination: DestinationView,
    /// Webhook: the secret that was made. It is shown this once.
    secret: Option<String>,
}

fn view(destination: Destination) -> DestinationView {
    DestinationView {
        id: destination.id,
        name: destination.name,
        settings: destination.settings,
        created_at: destination.created_at,
    }
}

/// A project's destinations, by name.
#[utoipa::path(get, path = "/projects/{project}/destinations", operation_id = "list_destinations", tag = "alerts",
    params(("project" = String, Path)), responses((status = 200, body = [DestinationView]), (status = 404, body = ApiError)))]
pub(in crate::api) async fn list(
    app: Shared,
    Path(project): Path<String>,
) -> Result<Json<Vec<DestinationView>>, Failure> {
    blocking(move || {
        let control = &app.engine.control;
        control.project(&project).map_err(failure)?;
        let found = control.destinations(&project).map_err(failure)?;
        Ok(Json(found.into_iter().map(view).collect()))
    })
    .await
}

/// Makes a destination.
#[utoipa::path(post, path = "/projects/{project}/destinations", operation_id = "create_destination", tag = "alerts",
    params(("project" = String, Path)), request_body = DestinationInput,
    responses((status = 201, body = DestinationMade), (status = 400, body = ApiError), (status = 409, body = ApiError)))]
pub(in crate::api) async fn create(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Body(input): Body<DestinationInput>,
) -> Result<(StatusCode, Json<DestinationMade>), Failure> {
    writable(&app)?;
    if let Some(fault) = fault(&input) {
        return Err(Failure::Bad(fault));
    }
    let by = access.event(Action::DestinationChanged);
    to_the_end(blocking(move || {
        let (settings, mut secrets) = parts(&input);
        let is_webhook = input.channel == Channel::Webhook;
        let made = match is_webhook && secrets.signing.is_empty() {
            true => Some(new_secret()?),
            false => None,
        };
        secrets
            .signing
            .extend(made.clone().map(|secret| Signing { secret, until: None }));
        let control = &app.engine.control;
        let destination = control.create_destination(&project, &input.name, &settings, &secrets, &by);
        let answer = DestinationMade {
            destination: view(destination.map_err(failure)?),
            secret: made,
        };
        Ok((StatusCode::CREATED, Json(answer)))
    }))
    .await
}

fn parts(input: &DestinationInput) -> (DestinationSettings, DestinationSecrets) {
    let url = input.address.as_deref().and_then(|a| outgoing::check(a).ok());
    let settings = DestinationSettings {
        channel: input.channel,
        to: input.to.clone(),
        host: url.map(|url| url.origin().ascii_serialization()),
        room: input.room.clone(),
        internal: input.internal,
        allow_private: input.allow_private,
    };
    let signing = input.secret.clone().map(|secret| Signing { secret, until: None });
    let secrets = DestinationSecrets {
        address: input.address.as_deref().map(|a| a.trim().to_owned()),
        token: input.token.clone(),
        signing: signing.into_iter().collect(),
    };
    (settings, secrets)
}

/// What is wrong with a destination, with its place.
fn fault(input: &DestinationInput) -> Option<String> {
    let is_mail = input.channel == Channel::Email;
    let is_matrix = input.channel == Channel::Matrix;
    let fields = [
        ("to", &input.to, is_mail),
        ("address", &input.address, !is_mail),
        ("room", &input.room, is_matrix),
        ("token", &input.token, is_matrix),
    ];
    let channel = input.channel.name();
    for (name, value, needed) in fields {
        match value {
            None if needed => return Some(format!("{name}: a destination by {channel} needs it")),
            Some(_) if !needed => return Some(format!("{name}: a destination by {channel} has none")),
            Some(v) if v.trim().is_empty() || v.len() > MAX_SECRET || v.chars().any(char::is_control) => {
                return Some(format!(
                    "{name}: 1 to {MAX_SECRET} bytes without control characters"
                ));
            }
            _ => {}
        }
    }
    if let Some(fault) = input.to.as_deref().and_then(address_fault) {
        return Some(format!("to: {fault}"));
    }
    if let Some(Err(fault)) = input.address.as_deref().map(outgoing::check) {
        return Some(format!("address: {fault}"));
    }
    if input.room.as_deref().is_some_and(|r| !r.starts_with('!')) {
        return Some("room: an id such as !abc:example.org, not an alias".to_owned());
    }
    match &input.secret {
        Some(_) if input.channel != Channel::Webhook => {
            Some(format!("secret: a destination by {channel} has none"))
        }
        Some(secret) if !is_key(secret) => Some(format!(
            "secret: `{SECRET_PREFIX}` and {} to {} bytes in Base64",
            KEY.start(),
            KEY.end()
        )),
        _ => None,
    }
}

fn is_key(secret: &str) -> bool {
    let bytes = secret
        .strip_prefix(SECRET_PREFIX)
        .and_then(|s| STANDARD.decode(s).ok());
    bytes.is_some_and(|b| KEY.contains(&b.len()))
}

fn new_secret() -> Result<String, Failure> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| Failure::Internal(e.to_string()))?;
    Ok(format!("{SECRET_PREFIX}{}", STANDARD.encode(bytes)))
}

/// Removes a destination with what waits for it. Alerts that name it tell it no more.
#[utoipa::path(delete, path = "/projects/{project}/destinations/{destination}", operation_id = "delete_destination", tag = "alerts",
    params(("project" = String, Path), ("destination" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError)))]
pub(in crate::api) async fn delete(
    app: Shared,
    access: Access,
    Path((project, destination)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    writable(&app)?;
    let by = access.event(Action::DestinationChanged);
    to_the_end(blocking(move || {
        app.engine
            .control
            .delete_destination(&project, &destination, &by)
            .map_err(failure)?;
        Ok(StatusCode::NO_CONTENT)
    }))
    .await
}

/// What the other side said to a trial.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DestinationTested {
    /// Whether it took the message.
    taken: bool,
    /// Its answer, or why there was none.
    said: String,
}

/// Sends a trial message now, and says what was answered.
#[utoipa::path(post, path = "/projects/{project}/destinations/{destination}/test", operation_id = "test_destination", tag = "alerts",
    params(("project" = String, Path), ("destination" = String, Path)),
    responses((status = 200, body = DestinationTested), (status = 404, body = ApiError)))]
pub(in crate::api) async fn test(
    app: Shared,
    access: Access,
    Path((project, destination)): Path<(String, String)>,
) -> Result<Json<DestinationTested>, Failure> {
    let store = app.0.clone();
    let (within, of) = (project.clone(), destination.clone());
    let (found, name) = blocking(move || {
        let control = &store.engine.control;
        let found = control.destination_of(&within, &of).map_err(failure)?;
        Ok((found, control.project(&within).map_err(failure)?.name))
    })
    .await?;
    let now = crate::clock::now();
    let link = app
        .public_url
        .as_deref()
        .map(|base| format!("{}/alerts", base.trim_end_matches('/')));
    let telling = Telling::trial(&project, &name, link, now);
    let answer = tell(
        &app.engine,
        app.mailer.as_ref(),
        &format!("trial-{now}"),
        found,
        telling,
    )
    .await;
    let event = access.event(Action::DestinationChanged).within(&project);
    let details = serde_json::json!({"destination": destination, "was": "tried", "taken": answer.is_ok()});
    blocking(move || app.engine.control.audit(&event.with(details)).map_err(failure)).await?;
    Ok(Json(DestinationTested {
        taken: answer.is_ok(),
        said: answer.unwrap_or_else(|trouble| trouble.to_string()),
    }))
}

/// Makes a new secret that a webhook is signed with. The one before goes on for a day: messages carry both signatures.
#[utoipa::path(post, path = "/projects/{project}/destinations/{destination}/rotate", operation_id = "rotate_destination_secret", tag = "alerts",
    params(("project" = String, Path), ("destination" = String, Path)),
    responses((status = 200, body = DestinationMade), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn rotate(
    app: Shared,
    access: Access,
    Path((project, destination)): Path<(String, String)>,
) -> Result<Json<DestinationMade>, Failure> {
    writable(&app)?;
    let by = access.event(Action::DestinationChanged);
    to_the_end(blocking(move || {
        let control = &app.engine.control;
        let (found, mut secrets) = control.destination_of(&project, &destination).map_err(failure)?;
        if found.settings.channel != Channel::Webhook {
            return Err(Failure::Bad("only webhooks are signed".to_owned()));
        }
        let (now, secret) = (crate::clock::now(), new_secret()?);
        secrets
            .signing
            .retain(|s| s.until.is_none_or(|until| until > now));
        for old in &mut secrets.signing {
            old.until = Some(old.until.unwrap_or(now + OVERLAP));
        }
        let new = Signing {
            secret: secret.clone(),
            until: None,
        };
        secrets.signing.insert(0, new);
        secrets.signing.truncate(3);
        control
            .set_destination_secrets(&project, &destination, &secrets, &by)
            .map_err(failure)?;
        Ok(Json(DestinationMade {
            destination: view(found),
            secret: Some(secret),
        }))
    }))
    .await
}
