//! `Idempotency-Key`: a POST that is sent again under its key is answered again, and not carried out again.

use super::access::Access;
use super::error::blocking;
use super::monitors::failure;
use super::{App, Failure, MAX_BODY};
use crate::control::Seen;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The header that names a request.
const NAME: &str = "idempotency-key";
/// Says that an answer is that of before.
const REPEATED: &str = "idempotency-replayed";
/// The longest key.
const MAX_KEY: usize = 255;
/// The largest answer that is kept.
const MAX_ANSWER: usize = 1 << 20;

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    content_type: Option<String>,
    body: Vec<u8>,
}

/// Carries a request out, or answers as before where its key was seen within a day.
pub(super) async fn once(app: &Arc<App>, request: Request, next: Next) -> Response {
    let key = request.headers().get(NAME).cloned();
    let actor = request.extensions().get::<Access>().map(|a| a.actor.clone());
    let kept = request.method() == Method::POST && is_kept(request.uri().path());
    match (key.filter(|_| kept), actor) {
        (Some(key), Some(actor)) => match repeated(app, request, next, &key, actor).await {
            Ok(response) => response,
            Err(refusal) => refusal.into_response(),
        },
        _ => next.run(request).await,
    }
}

/// Who wrote a post is kept nowhere; whatever else is sent by POST may be sent again.
fn is_kept(path: &str) -> bool {
    !path.ends_with("/reveal")
}

async fn repeated(
    app: &Arc<App>,
    request: Request,
    next: Next,
    key: &HeaderValue,
    actor: String,
) -> Result<Response, Failure> {
    let key = match key.to_str() {
        Ok(key) if (1..=MAX_KEY).contains(&key.len()) => key.to_owned(),
        _ => {
            return Err(Failure::Bad(format!(
                "an Idempotency-Key has 1 to {MAX_KEY} characters"
            )));
        }
    };
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY)
        .await
        .map_err(|e| Failure::Bad(format!("the body cannot be read: {e}")))?;
    let mut digest = Sha256::new();
    digest.update(parts.uri.to_string().as_bytes());
    digest.update([0]);
    digest.update(&body);
    let digest: [u8; 32] = digest.finalize().into();
    let seen = {
        let (app, actor, key) = (app.clone(), actor.clone(), key.clone());
        blocking(move || {
            app.engine
                .control
                .begin_once(&actor, &key, &digest)
                .map_err(failure)
        })
        .await?
    };
    match seen {
        Seen::New => {}
        Seen::Done(kept) => return again(&kept),
        Seen::Other => return Err(Failure::Conflict(
            "this Idempotency-Key was used for another request: take a new one".to_owned(),
        )),
        Seen::Running => return Err(Failure::Conflict(
            "the request with this Idempotency-Key has not ended, or its end is not known: look at what there is before you send it under a new key".to_owned(),
        )),
    }
    // In a task of its own, so that the answer is kept even if the client hangs up.
    let app = app.clone();
    let work = tokio::spawn(async move {
        let response = next.run(Request::from_parts(parts, Body::from(body))).await;
        let (response, kept) = keep(response).await?;
        blocking(move || {
            app.engine
                .control
                .end_once(&actor, &key, kept.as_deref())
                .map_err(failure)
        })
        .await?;
        Ok(response)
    });
    work.await.map_err(|e| Failure::Internal(e.to_string()))?
}

/// The response, and what is kept of it: nothing where trying again may go better.
async fn keep(response: Response) -> Result<(Response, Option<Vec<u8>>), Failure> {
    let status = response.status();
    let passing = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_BODY)
        .await
        .map_err(|e| Failure::Internal(e.to_string()))?;
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    let kept = Kept {
        status: status.as_u16(),
        content_type: content_type.and_then(|t| t.to_str().ok()).map(str::to_owned),
        body: body.to_vec(),
    };
    let kept = match passing || body.len() > MAX_ANSWER {
        true => None,
        false => Some(postcard::to_stdvec(&kept).map_err(|e| Failure::Internal(e.to_string()))?),
    };
    Ok((Response::from_parts(parts, Body::from(body)), kept))
}

fn again(kept: &[u8]) -> Result<Response, Failure> {
    let kept: Kept = postcard::from_bytes(kept).map_err(|e| Failure::Internal(e.to_string()))?;
    let status = StatusCode::from_u16(kept.status).map_err(|e| Failure::Internal(e.to_string()))?;
    let mut response = (status, kept.body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    if let Some(value) = kept.content_type.and_then(|t| HeaderValue::from_str(&t).ok()) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    headers.insert(
        HeaderName::from_static(REPEATED),
        HeaderValue::from_static("true"),
    );
    Ok(response)
}
