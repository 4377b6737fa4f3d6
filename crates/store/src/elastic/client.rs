//! Requests to the cluster.
//!
//! The store is called from threads; the HTTP client wants an asynchronous runtime. It gets one of its own with one
//! thread, on which each call runs while the caller waits, so that the store may also be called, and dropped, on threads
//! of another runtime.

use super::nodes::{Got, Nodes, Question};
use super::settings::{Login, Settings};
use crate::Error;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

const CONNECT: Duration = Duration::from_secs(15);
/// A cluster that has too much to do is asked again so often, after so long and then twice as long each time.
const TRIES: u32 = 5;
const FIRST_WAIT: Duration = Duration::from_millis(200);

pub(super) struct Client {
    nodes: Arc<Nodes>,
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
    /// Whether it must not be done twice: it goes to no other node once it may have been done.
    pub(super) once: bool,
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
            once: false,
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
        let bases = settings.bases()?;
        let failed = |reason: String| Error::Cluster {
            action: "prepare a client for",
            place: settings.address().to_owned(),
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
            nodes: Arc::new(Nodes::new(http, bases)),
            timeout: settings.timeout,
            runtime: Some(runtime),
        })
    }

    /// The place a path stands for.
    pub(super) fn place(&self, path: &str) -> String {
        self.nodes.place(path)
    }

    /// Takes what a node says of itself for what all nodes must say.
    pub(super) fn learn(&self, root: &Value) {
        self.nodes.learn(root);
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
        let question = Question {
            method: call.method,
            path: call.path.to_owned(),
            body: call.body.unwrap_or_default(),
            once: call.once,
            patience: call.patience.unwrap_or(self.timeout),
        };
        let (nodes, most) = (self.nodes.clone(), call.tries);
        let (sender, receiver) = mpsc::sync_channel(1);
        let Some(runtime) = &self.runtime else {
            return Err(lost("the client is closed".to_owned()));
        };
        runtime.spawn(async move {
            let mut wait = FIRST_WAIT;
            let mut tries = 1;
            let answer = loop {
                match nodes.ask(&question).await {
                    Ok(Got {
                        status: 429 | 503, ..
                    }) if tries < most => tokio::time::sleep(wait).await,
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
        let Got {
            place: at,
            status,
            bytes,
        } = answer.map_err(&lost)?;
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
            place: at,
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
