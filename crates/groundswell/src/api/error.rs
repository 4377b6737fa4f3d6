//! Errors on the wire: `{code, message, hint}`, from one table.

use super::types::ApiError;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Everything a handler can fail with.
#[derive(Debug)]
pub enum Failure {
    /// The thing asked for is not there.
    NotFound(&'static str),
    /// A parameter or body cannot be used.
    Bad(String),
    /// More is asked than is answered: how much, and how much is.
    TooLarge(String),
    /// A query does not parse; its problems in words.
    BadQuery(String),
    /// A name is taken, or the thing may not be changed.
    Conflict(String),
    /// Whoever asks may not do this.
    Forbidden {
        /// A stable code.
        code: &'static str,
        /// Why.
        message: String,
        /// What to do.
        hint: &'static str,
    },
    /// Nobody is known who asks.
    Unknown {
        /// A stable code.
        code: &'static str,
        /// Why.
        message: &'static str,
    },
    /// Too much was asked, or tried, in a short time.
    TooMany {
        /// What.
        message: &'static str,
        /// Seconds until it may be tried again.
        seconds: u64,
    },
    /// The path is there, but not for this method; those it has.
    Method(String),
    /// Nothing can be written now.
    Blocked(String),
    /// The process ends.
    Stopping,
    /// Our fault.
    Internal(String),
}

impl Failure {
    /// What happened, in words.
    pub(crate) fn message(&self) -> String {
        self.row().2
    }

    fn row(&self) -> (StatusCode, &'static str, String, Option<&'static str>) {
        match self {
            Failure::NotFound(what) => (
                StatusCode::NOT_FOUND,
                "not_found",
                format!("there is no such {what}"),
                None,
            ),
            Failure::Bad(message) => (StatusCode::BAD_REQUEST, "bad_request", message.clone(), None),
            Failure::TooLarge(message) => (
                StatusCode::BAD_REQUEST,
                "too_large",
                message.clone(),
                Some("nothing was counted: ask for less at once"),
            ),
            Failure::BadQuery(message) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "bad_query",
                message.clone(),
                Some("POST /api/v1/queries/check names each fault and its place"),
            ),
            Failure::Conflict(message) => (StatusCode::CONFLICT, "conflict", message.clone(), None),
            Failure::Forbidden { code, message, hint } => {
                (StatusCode::FORBIDDEN, *code, message.clone(), Some(*hint))
            }
            Failure::Unknown { code, message } => (
                StatusCode::UNAUTHORIZED,
                *code,
                (*message).to_owned(),
                Some("POST /api/v1/sign-in signs in; an API key goes into Authorization: Bearer"),
            ),
            Failure::TooMany { message, .. } => (
                StatusCode::TOO_MANY_REQUESTS,
                "too_many",
                (*message).to_owned(),
                Some("Retry-After says in how many seconds it may be tried again"),
            ),
            Failure::Method(allowed) => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method",
                format!("this path takes {allowed}"),
                None,
            ),
            Failure::Blocked(message) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "blocked",
                message.clone(),
                Some("nothing was lost; send it again later"),
            ),
            Failure::Stopping => (
                StatusCode::SERVICE_UNAVAILABLE,
                "stopping",
                "the server is stopping".to_owned(),
                Some("send it again when it is back"),
            ),
            Failure::Internal(message) => {
                tracing::error!(%message, "a request failed");
                let hint = Some("the server's log says more");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "something went wrong here".to_owned(),
                    hint,
                )
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, code, message, hint) = self.row();
        let body = ApiError {
            code: code.to_owned(),
            message,
            hint: hint.map(str::to_owned),
        };
        let mut response = (status, Json(body)).into_response();
        let header = match &self {
            Failure::TooMany { seconds, .. } => Some((header::RETRY_AFTER, seconds.to_string())),
            Failure::Blocked(_) | Failure::Stopping => Some((header::RETRY_AFTER, "5".to_owned())),
            Failure::Method(allowed) => Some((header::ALLOW, allowed.clone())),
            Failure::Unknown { .. } => Some((
                header::WWW_AUTHENTICATE,
                "Bearer realm=\"Groundswell\"".to_owned(),
            )),
            _ => None,
        };
        if let Some((name, value)) = header
            && let Ok(value) = header::HeaderValue::from_str(&value)
        {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<crate::pipeline::IngestError> for Failure {
    fn from(error: crate::pipeline::IngestError) -> Self {
        match error {
            crate::pipeline::IngestError::Blocked(reason) => Failure::Blocked(reason),
            crate::pipeline::IngestError::Stopping => Failure::Stopping,
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::TooLarge(message) => Failure::TooLarge(message),
            store::Error::Question(message) => Failure::Bad(message),
            other => Failure::Internal(other.to_string()),
        }
    }
}

/// For paths under `/api` that do not exist.
pub(super) async fn no_route() -> Failure {
    Failure::NotFound("path")
}

/// Runs work to its end even if the client hangs up meanwhile, so that a change is never made by half.
pub(super) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    tokio::spawn(work)
        .await
        .map_err(|e| Failure::Internal(e.to_string()))?
}

/// Runs blocking work off the async threads.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| Failure::Internal(e.to_string()))?
}
