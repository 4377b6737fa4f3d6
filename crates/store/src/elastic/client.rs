//! Requests to the cluster.
//!
//! The store is called from threads; the HTTP client wants an asynchronous runtime. It gets one of its own with one
//! thread, on which each call runs while the caller waits, so that the store may also be called, and dropped, on threads
//! of another runtime.

use super::settings::{Login, Settings};
use crate::Error;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// A longer answer is not read to its end.
const MAX_BODY: usize = 64 << 20;
const CONNECT: Duration = Duration::from_secs(15);
/// A cluster that has too much to do is asked again so often, after so long and then twice as long each time.
const TRIES: u32 = 5;
const FIRST_WAIT: Duration = Duration::from_millis(200);

pub(super) struct Client {
    http: reqwest::Client,
    /// Ends with a slash.
    base: Url,
    timeout: Duration,
    /// Taken when the client is dropped.
    runtime: Option<Runtime>,
}

/// One request.
pub(super) struct Call<'a> {
    /// What it does, for errors.
    pub(super) action: &'static str,
    pub(super) method: Method,
    /// Path and query behind the base address.
    pub(super) path: &'a str,
    /// JSON, or lines of JSON.
    pub(super) body: Option<String>,
    /// How often it is sent where the cluster has too much to do.
    pub(super) tries: u32,
    /// How long a whole answer may take, where that is not what the settings say.
    pub(super) patience: Option<Duration>,
}

impl<'a> Call<'a> {
    pub(super) fn new(action: &'static str, method: Method, path: &'a str) -> Self {
        Self {
            action,
            method,
            path,
            body: None,
            tries: TRIES,
            patience: None,
        }
    }
}

/// An answer, whatever its status.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) json: Value,
    place: String,
    action: &'static str,
}

impl Client {
    pub(super) fn new(settings: &Settings) -> Result<Self, Error> {
        settings.check()?;
        let base = base(&settings.url)?;
        let failed = |reason: String| Error::Cluster {
            action: "prepare a client for",
            place: base.to_string(),
            status: None,
            reason,
        };
        let roots = roots(settings.ca.as_deref()).map_err(&failed)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| failed(e.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .default_headers(headers(settings.login.as_ref()).map_err(&failed)?)
            .connect_timeout(CONNECT)
            .build()
            .map_err(|e| failed(e.without_url().to_string()))?;
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|e| failed(e.to_string()))?;
        Ok(Self {
            http,
            base,
            timeout: settings.timeout,
            runtime: Some(runtime),
        })
    }

    /// The place a path stands for.
    pub(super) fn place(&self, path: &str) -> String {
        let path = path.split('?').next().unwrap_or_default();
        format!("{}{path}", self.base)
    }

    /// Sends a request; an answer that is no success is an error.
    pub(super) fn ok(&self, call: Call<'_>) -> Result<Value, Error> {
        let answer = self.send(call)?;
        match answer.status {
            200..300 => Ok(answer.json),
            _ => Err(answer.refused()),
        }
    }

    /// Sends a request and gives the answer, whatever its status. A cluster that has too much to do is asked again.
    pub(super) fn send(&self, call: Call<'_>) -> Result<Answer, Error> {
        let place = self.place(call.path);
        let lost = |reason: String| Error::Cluster {
            action: call.action,
            place: place.clone(),
            status: None,
            reason,
        };
        let url = self.base.join(call.path).map_err(|e| lost(e.to_string()))?;
        let (http, method, most) = (self.http.clone(), call.method, call.tries);
        let timeout = call.patience.unwrap_or(self.timeout);
        let body = call.body.unwrap_or_default();
        let (sender, receiver) = mpsc::sync_channel(1);
        let Some(runtime) = &self.runtime else {
            return Err(lost("the client is closed".to_owned()));
        };
        runtime.spawn(async move {
            let mut wait = FIRST_WAIT;
            let mut tries = 1;
            let answer = loop {
                let once = exchange(&http, &method, &url, &body);
                let answer = tokio::time::timeout(timeout, once)
                    .await
                    .unwrap_or_else(|_| Err(format!("no whole answer in {} s", timeout.as_secs())));
                match answer {
                    Ok((429 | 503, _)) if tries < most => tokio::time::sleep(wait).await,
                    other => break other,
                }
                wait *= 2;
                tries += 1;
            };
            // Nobody waits any more only where the caller's thread is gone.
            let _ = sender.send(answer);
        });
        let answer = receiver
            .recv()
            .map_err(|_| lost("the request was cut short".to_owned()))?;
        let (status, bytes) = answer.map_err(&lost)?;
        let json = match bytes.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        };
        if json.is_null() && (200..300).contains(&status) && !bytes.is_empty() {
            return Err(lost("the answer is no JSON".to_owned()));
        }
        Ok(Answer {
            status,
            json,
            place,
            action: call.action,
        })
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waiting for its end is forbidden on threads of another runtime.
            runtime.shutdown_background();
        }
    }
}

impl Answer {
    /// The kind of error that the cluster names.
    pub(super) fn kind(&self) -> &str {
        kind(&self.json["error"])
    }

    pub(super) fn refused(&self) -> Error {
        Error::Cluster {
            action: self.action,
            place: self.place.clone(),
            status: Some(self.status),
            // Its reason may quote what was sent, and that may be a person's words.
            reason: format!("HTTP {} {}", self.status, self.kind()),
        }
    }
}

/// The kind of an error as the cluster writes it: `index_not_found_exception`.
pub(super) fn kind(error: &Value) -> &str {
    let cause = error["root_cause"][0]["type"].as_str();
    cause.or(error["type"].as_str()).unwrap_or_default()
}

/// Errors are without the address: it is in the place already.
async fn exchange(
    http: &reqwest::Client,
    method: &Method,
    url: &Url,
    body: &str,
) -> Result<(u16, Vec<u8>), String> {
    let mut request = http.request(method.clone(), url.clone());
    if !body.is_empty() {
        request = request
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_owned());
    }
    let lost = |e: reqwest::Error| {
        let e = e.without_url();
        let causes = std::iter::successors(std::error::Error::source(&e), |cause| cause.source());
        causes.fold(e.to_string(), |said, cause| format!("{said}: {cause}"))
    };
    let mut response = request.send().await.map_err(lost)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(lost)? {
        if bytes.len() + chunk.len() > MAX_BODY {
            return Err(format!("an answer of more than {MAX_BODY} bytes"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok((response.status().as_u16(), bytes))
}

fn base(url: &str) -> Result<Url, Error> {
    // What is written is not repeated: a password may stand in it.
    let refused = |why: &str| Error::Question(format!("the cluster's address {why}"));
    let mut base = Url::parse(url).map_err(|e| refused(&format!("is none: {e}")))?;
    if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
        return Err(refused("must begin with http:// or https://"));
    }
    if !base.username().is_empty() || base.password().is_some() {
        return Err(refused("must not hold user and password: give them as a login"));
    }
    base.set_query(None);
    base.set_fragment(None);
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    Ok(base)
}

/// Whose certificates are trusted: those in the file, or else the public ones.
fn roots(file: Option<&Path>) -> Result<RootCertStore, String> {
    let Some(file) = file else {
        return Ok(RootCertStore::from_iter(
            webpki_roots::TLS_SERVER_ROOTS.iter().cloned(),
        ));
    };
    let wrong = |what: String| format!("the certificates in {} {what}", file.display());
    let mut roots = RootCertStore::empty();
    let certificates =
        CertificateDer::pem_file_iter(file).map_err(|e| wrong(format!("cannot be read: {e}")))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|e| wrong(format!("cannot be read: {e}")))?;
        let added = roots.add(certificate);
        added.map_err(|e| wrong(format!("cannot be used: {e}")))?;
    }
    match roots.is_empty() {
        true => Err(wrong("are none".to_owned())),
        false => Ok(roots),
    }
}

fn headers(login: Option<&Login>) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    let text = match login {
        None => return Ok(headers),
        Some(Login::Basic { user, password }) => {
            format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
        }
        Some(Login::ApiKey(key)) => format!("ApiKey {key}"),
    };
    let mut value =
        HeaderValue::from_str(&text).map_err(|_| "the API key has characters that none has".to_owned())?;
    value.set_sensitive(true);
    headers.insert(AUTHORIZATION, value);
    Ok(headers)
}
