//! Signing in and out in a browser, and choosing a password by a link.

use super::{agent, begin, clear, is_open_to_the_machine};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Body;
use crate::api::guard::Client;
use crate::api::monitors::failure;
use crate::api::people::me::SessionView;
use crate::api::types::ApiError;
use crate::api::{App, Failure, Shared};
use crate::control::Action;
use axum::Json;
use axum::extract::Extension;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

/// The ways to come in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ways {
    /// Whether anybody has to sign in at all.
    needed: bool,
    /// Whether the installation has a password, which needs no address.
    password: bool,
    /// What the identity provider is called, where there is one: `/api/v1/sign-in/oidc` leads there.
    single_sign_on: Option<String>,
}

/// Who wants in.
#[derive(Deserialize, ToSchema)]
pub(crate) struct SignInInput {
    /// The user's e-mail address; none for the installation's password.
    #[serde(default)]
    email: String,
    /// The password.
    password: String,
}

/// A password chosen by an invitation or a reset.
#[derive(Deserialize, ToSchema)]
pub(crate) struct LinkInput {
    /// The secret of the link.
    token: String,
    /// The password, 12 characters at least.
    password: String,
    /// The name that others see; as it is where absent.
    name: Option<String>,
}

/// The ways to come in.
#[utoipa::path(get, path = "/sign-in", operation_id = "get_ways", tag = "access", responses((status = 200, body = Ways)))]
pub(crate) async fn ways(app: Shared) -> Result<Json<Ways>, Failure> {
    blocking(move || {
        Ok(Json(Ways {
            needed: !is_open_to_the_machine(&app)?,
            password: app.password.is_some(),
            single_sign_on: app.single_sign_on.as_ref().map(|s| s.name().to_owned()),
        }))
    })
    .await
}

/// Signs in with address and password, or with the installation's password alone. The answer sets the session's cookie; each
/// change carries its `csrf` as `X-CSRF-Token` from then on.
#[utoipa::path(post, path = "/sign-in", operation_id = "sign_in", tag = "access", request_body = SignInInput,
    responses((status = 200, body = SessionView), (status = 400, body = ApiError), (status = 401, body = ApiError), (status = 429, body = ApiError)))]
pub(crate) async fn sign_in(
    app: Shared,
    Extension(Client(address)): Extension<Client>,
    headers: HeaderMap,
    Body(input): Body<SignInInput>,
) -> Result<Response, Failure> {
    app.door.throttle.attempt(address, &input.email)?;
    let permit = app.door.hashing.acquire().await;
    let permit = permit.map_err(|e| Failure::Internal(e.to_string()))?;
    let agent = agent(&headers).map(str::to_owned);
    let inner = app.0.clone();
    let response = blocking(move || {
        let user = match input.email.trim() {
            "" => knows_password(&inner, &input.password).then_some(None),
            email => inner
                .engine
                .control
                .check_password(email, &input.password)
                .map_err(failure)?
                .map(Some),
        };
        let Some(user) = user else {
            return Err(Failure::Unknown {
                code: "sign_in",
                message: "the address or the password is wrong",
            });
        };
        inner.door.throttle.succeeded(address, &input.email);
        let (access, cookie) = begin(&inner, user, agent.as_deref(), "password")?;
        Ok((
            [(header::SET_COOKIE, cookie)],
            Json(SessionView::of(&inner, access)),
        )
            .into_response())
    })
    .await;
    drop(permit);
    response
}

fn knows_password(app: &App, given: &str) -> bool {
    let password = app.password.as_ref();
    password.is_some_and(|p| bool::from(given.as_bytes().ct_eq(p.0.as_bytes())))
}

/// Chooses a password by an invitation or a reset, which then is used up, and signs in.
#[utoipa::path(post, path = "/sign-in/link", operation_id = "use_link", tag = "access", request_body = LinkInput,
    responses((status = 200, body = SessionView), (status = 400, body = ApiError), (status = 404, body = ApiError), (status = 429, body = ApiError)))]
pub(crate) async fn link(
    app: Shared,
    Extension(Client(address)): Extension<Client>,
    headers: HeaderMap,
    Body(input): Body<LinkInput>,
) -> Result<Response, Failure> {
    app.door.throttle.attempt(address, "a link")?;
    let permit = app.door.hashing.acquire().await;
    let permit = permit.map_err(|e| Failure::Internal(e.to_string()))?;
    let agent = agent(&headers).map(str::to_owned);
    let inner = app.0.clone();
    let response = blocking(move || {
        let control = &inner.engine.control;
        let user = control
            .redeem_link(&input.token, &input.password, input.name.as_deref())
            .map_err(failure)?;
        inner.door.throttle.succeeded(address, "a link");
        let (access, cookie) = begin(&inner, Some(user), agent.as_deref(), "link")?;
        Ok((
            [(header::SET_COOKIE, cookie)],
            Json(SessionView::of(&inner, access)),
        )
            .into_response())
    })
    .await;
    drop(permit);
    response
}

/// Ends this session.
#[utoipa::path(post, path = "/sign-out", operation_id = "sign_out", tag = "access",
    responses((status = 204), (status = 401, body = ApiError)))]
pub(crate) async fn sign_out(app: Shared, access: Access) -> Result<Response, Failure> {
    let secure = app.door.secure;
    blocking(move || {
        let control = &app.engine.control;
        if let (Some(_), Some(session)) = (&access.csrf, &access.session) {
            control.end_session(session).map_err(failure)?;
            let event = access
                .event(Action::SignedOut)
                .with(serde_json::json!({"session": session}));
            control.audit(&event).map_err(failure)?;
        }
        Ok(())
    })
    .await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, clear(secure))]).into_response())
}
