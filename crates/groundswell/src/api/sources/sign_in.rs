//! Signing in at a platform in the browser.

use crate::api::types::ApiError;
use crate::api::{App, Failure, Shared};
use crate::connections::SignInFault;
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The path that platforms send browsers back to.
pub(in crate::api) const CALLBACK: &str = "/oauth/callback";

/// Where to go to sign in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignInAddress {
    /// The platform's page, for the operator's browser.
    url: String,
    /// The address that must be registered at the platform as the application's redirect address.
    redirect: String,
}

/// Begins a sign-in at the source's platform. Its tokens are sealed when the browser comes back. Needs the role `admin`.
#[utoipa::path(post, path = "/sources/{name}/sign-in", operation_id = "sign_in_source", tag = "sources", params(("name" = String, Path)),
    responses((status = 200, body = SignInAddress), (status = 409, body = ApiError)))]
pub(crate) async fn begin(
    app: Shared,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Result<Json<SignInAddress>, Failure> {
    let redirect = format!("{}{CALLBACK}", base(&app, &headers));
    let begun = app.sign_in.begin(&app.supervisor, &name, &redirect);
    let url = begun.map_err(|e| Failure::Conflict(e.to_string()))?;
    Ok(Json(SignInAddress { url, redirect }))
}

#[derive(Deserialize)]
pub(in crate::api) struct Back {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// The browser comes back with a code.
pub(in crate::api) async fn end(app: Shared, Query(back): Query<Back>) -> Response {
    let (Some(state), Some(code)) = (back.state, back.code) else {
        let why = back.error.unwrap_or_else(|| "no code came back".to_owned());
        return page(&format!("The platform did not sign in: {why}"));
    };
    match app.sign_in.end(&app.supervisor, &state, &code).await {
        Ok(source) => {
            // It may have waited for this token.
            let resumed = app.supervisor.restart(&source).await;
            if let Err(error) = resumed {
                tracing::warn!(%source, %error, "the source was not started anew");
            }
            Redirect::to("/sources").into_response()
        }
        Err(error @ (SignInFault::Cannot(_) | SignInFault::Unknown | SignInFault::Refused(_))) => {
            page(&error.to_string())
        }
    }
}

fn page(message: &str) -> Response {
    let safe: String = message
        .chars()
        .map(|c| match c {
            '<' | '>' | '&' | '"' => ' ',
            other => other,
        })
        .collect();
    Html(format!(
        "<!doctype html><title>Groundswell</title><p>{safe}</p><p><a href=\"/sources\">Back</a></p>"
    ))
    .into_response()
}

/// Where browsers reach this server.
fn base(app: &App, headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|h| h.to_str().ok())
        .unwrap_or("127.0.0.1:8080");
    app.public_url.clone().unwrap_or_else(|| format!("http://{host}"))
}
