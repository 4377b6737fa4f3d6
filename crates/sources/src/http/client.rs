//! Sending requests.

use super::allowance::{Allowance, Dialect};
use super::request::Request;
use super::trouble::{Trouble, TroubleKind};
use crate::backoff::retry_after;
use crate::health::Health;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, LOCATION, RETRY_AFTER};
use rustls::{ClientConfig, RootCertStore};
use serde::de::DeserializeOwned;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A longer answer is not read to its end.
const MAX_BODY: usize = 32 << 20;
const CONNECT: Duration = Duration::from_secs(15);
const WHOLE: Duration = Duration::from_secs(60);
const AGENT: &str = concat!("groundswell/", env!("CARGO_PKG_VERSION"));

/// A client of one platform. It keeps to the platform's rate limit: while nothing is left, requests are not sent.
pub struct Http {
    client: reqwest::Client,
    dialect: Dialect,
    health: Arc<Health>,
    held: Mutex<Option<Instant>>,
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Vec<u8>,
    label: String,
}

/// A body that is read as it comes.
pub struct Body {
    response: reqwest::Response,
    label: String,
}

impl Http {
    /// A client whose allowance is noted in `health`.
    pub fn new(dialect: Dialect, health: &Arc<Health>) -> Result<Self, Trouble> {
        Self::with(dialect, health, AGENT, 0)
    }

    /// A client with a User-Agent of its own, which follows up to `redirects` redirects.
    pub fn with(
        dialect: Dialect,
        health: &Arc<Health>,
        agent: &str,
        redirects: usize,
    ) -> Result<Self, Trouble> {
        let policy = match redirects {
            0 => reqwest::redirect::Policy::none(),
            n => reqwest::redirect::Policy::limited(n),
        };
        let client = builder()?
            .redirect(policy)
            .user_agent(agent)
            .build()
            .map_err(|e| Trouble::new(TroubleKind::Network, format!("HTTP client: {}", e.without_url())))?;
        Ok(Self {
            client,
            dialect,
            health: health.clone(),
            held: Mutex::new(None),
        })
    }

    /// Sends a request and reads the answer, whatever its status.
    pub async fn send(&self, request: Request) -> Result<Reply, Trouble> {
        let label = request.label.clone();
        let work = async {
            let mut response = self.start(request).await?;
            let mut body = Vec::new();
            while let Some(chunk) = response.chunk().await.map_err(|e| lost(&label, &e))? {
                if body.len() + chunk.len() > MAX_BODY {
                    let message = format!("{label}: an answer of more than {MAX_BODY} bytes");
                    return Err(Trouble::new(TroubleKind::Malformed, message));
                }
                body.extend_from_slice(&chunk);
            }
            Ok(Reply {
                status: response.status().as_u16(),
                headers: std::mem::take(response.headers_mut()),
                body,
                label: label.clone(),
            })
        };
        match tokio::time::timeout(WHOLE, work).await {
            Ok(reply) => reply,
            Err(_) => Err(Trouble::new(
                TroubleKind::Network,
                format!("{label}: no whole answer in {} s", WHOLE.as_secs()),
            )),
        }
    }

    /// Sends a request; an answer that is no success is trouble.
    pub async fn ok(&self, request: Request) -> Result<Reply, Trouble> {
        self.send(request).await?.success()
    }

    /// Sends a request whose answer is JSON.
    pub async fn json<T: DeserializeOwned>(&self, request: Request) -> Result<T, Trouble> {
        self.ok(request).await?.json()
    }

    /// Opens an answer that has no end.
    pub async fn open(&self, request: Request) -> Result<Body, Trouble> {
        let label = request.label.clone();
        let opened = tokio::time::timeout(WHOLE, self.start(request)).await;
        let mut response = opened.unwrap_or_else(|_| {
            Err(Trouble::new(
                TroubleKind::Network,
                format!("{label}: no answer in {} s", WHOLE.as_secs()),
            ))
        })?;
        if response.status().is_success() {
            return Ok(Body { response, label });
        }
        let body = match response.chunk().await {
            Ok(Some(chunk)) => chunk.to_vec(),
            _ => Vec::new(),
        };
        let reply = Reply {
            status: response.status().as_u16(),
            headers: std::mem::take(response.headers_mut()),
            body,
            label,
        };
        match reply.success() {
            Err(trouble) => Err(trouble),
            Ok(reply) => Err(Trouble::new(
                TroubleKind::Server,
                format!("{}: no success", reply.label),
            )),
        }
    }

    async fn start(&self, request: Request) -> Result<reqwest::Response, Trouble> {
        let label = request.label;
        let held = *self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wait) = held.and_then(|until| until.checked_duration_since(Instant::now())) {
            let message = format!("{label}: the platform's rate limit is used up");
            return Err(Trouble::new(TroubleKind::Limited, message).after(wait));
        }
        let mut builder = self.client.request(request.method, &request.url);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        if let Some(body) = request.body {
            builder = builder.body(body);
        }
        let response = builder.send().await.map_err(|e| lost(&label, &e))?;
        self.note(response.headers());
        Ok(response)
    }

    fn note(&self, headers: &HeaderMap) {
        let Some(allowance) = Allowance::read(self.dialect, headers, server_time(headers)) else {
            return;
        };
        self.health.allowance(allowance);
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = allowance
            .pause()
            .and_then(|pause| Instant::now().checked_add(pause));
    }
}

impl Reply {
    /// The answer, if its status says success; else what sort of trouble the status is.
    pub fn success(self) -> Result<Reply, Trouble> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            return Ok(self);
        }
        let kind = match self.status {
            401 => TroubleKind::Unauthorized,
            429 => TroubleKind::Limited,
            403 | 451 => TroubleKind::Forbidden,
            404 | 410 => TroubleKind::Missing,
            408 | 425 | 500.. => TroubleKind::Server,
            300..=399 => TroubleKind::Forbidden,
            _ => TroubleKind::Rejected,
        };
        let mut message = format!("{}: the platform answered {status}", self.label);
        if self.headers.contains_key(LOCATION) {
            message.push_str(", leading elsewhere");
        }
        let wait = self
            .headers
            .get(RETRY_AFTER)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| asked(v, server_time(&self.headers)));
        Err(Trouble::new(kind, message).after(wait))
    }

    /// The body as JSON. HTML, an empty body and everything else that is none is [`TroubleKind::Malformed`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Trouble> {
        let malformed = |what: String| {
            let message = format!("{}: {what}", self.label);
            Trouble::new(TroubleKind::Malformed, message)
        };
        let text = std::str::from_utf8(&self.body).map_err(|e| malformed(format!("not UTF-8: {e}")))?;
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Err(malformed("an empty answer".to_owned()));
        }
        crate::json::parse(text).map_err(|e| {
            let kind = self.headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
            let is_html = text.starts_with('<') || kind.is_some_and(|k| k.contains("html"));
            // The library's message may quote what was sent.
            malformed(if is_html {
                "HTML where JSON is due".to_owned()
            } else {
                format!("no such JSON at line {}, column {}", e.line(), e.column())
            })
        })
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Body {
    /// The next bytes; `None` at the end.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Trouble> {
        let chunk = self.response.chunk().await.map_err(|e| lost(&self.label, &e))?;
        Ok(chunk.map(Into::into))
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }
}

/// What every client is made of: our roots, no proxy, no redirects.
pub(super) fn builder() -> Result<reqwest::ClientBuilder, Trouble> {
    let roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Trouble::new(TroubleKind::Network, format!("TLS: {e}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(AGENT)
        .connect_timeout(CONNECT))
}

/// The library's messages may hold the address, and the address a token: only the causes are told.
fn lost(label: &str, error: &reqwest::Error) -> Trouble {
    let mut what = if error.is_connect() {
        "cannot connect".to_owned()
    } else {
        "the connection broke".to_owned()
    };
    let mut cause = std::error::Error::source(error);
    while let Some(e) = cause {
        if cause.is_some_and(|c| c.source().is_none()) {
            what.push_str(&format!(": {e}"));
        }
        cause = e.source();
    }
    Trouble::new(TroubleKind::Network, format!("{label}: {what}"))
}

/// The server's clock, or ours where it does not tell.
fn server_time(headers: &HeaderMap) -> Timestamp {
    headers
        .get(DATE)
        .and_then(|v| v.to_str().ok())
        .and_then(http_date)
        .unwrap_or_else(Timestamp::now)
}

/// RFC 9110 §5.6.7.
fn http_date(text: &str) -> Option<Timestamp> {
    Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp())
}

/// `Retry-After` in seconds or as a date.
fn asked(value: &str, now: Timestamp) -> Option<Duration> {
    retry_after(value).or_else(|| Duration::try_from(http_date(value)?.duration_since(now)).ok())
}
