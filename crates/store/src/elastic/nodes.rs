//! The nodes of the cluster. One is asked, and another in its place where that one does not answer.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use serde_json::Value;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A longer answer is not read to its end.
const MAX_BODY: usize = 64 << 20;
/// What a node that has not joined its cluster calls it.
const NONE_YET: &str = "_na_";

/// The addresses of nodes of one cluster.
pub(super) struct Nodes {
    http: reqwest::Client,
    /// Each ends with a slash.
    bases: Vec<Url>,
    /// The one that answered last: the next request goes there.
    current: AtomicUsize,
    /// What the cluster calls itself. A node of another one is not asked.
    cluster: OnceLock<String>,
}

/// One request, whichever node it goes to.
pub(super) struct Question {
    pub(super) method: Method,
    /// Path and query behind the base address.
    pub(super) path: String,
    pub(super) body: String,
    /// Whether it must not be done twice: it goes to no other node once it may have been done.
    pub(super) once: bool,
    /// How long a node may take for a whole answer.
    pub(super) patience: Duration,
}

/// What a node answered.
pub(super) struct Got {
    pub(super) place: String,
    pub(super) status: u16,
    pub(super) bytes: Vec<u8>,
}

/// Why there is no answer, without the address.
struct Lost {
    reason: String,
    /// Whether nothing of the request was sent.
    is_unsent: bool,
}

impl Nodes {
    pub(super) fn new(http: reqwest::Client, bases: Vec<Url>) -> Self {
        Self {
            http,
            bases,
            current: AtomicUsize::new(0),
            cluster: OnceLock::new(),
        }
    }

    /// The place a path stands for, on the node that is asked.
    pub(super) fn place(&self, path: &str) -> String {
        self.place_on(self.current.load(Ordering::Relaxed), path)
    }

    fn place_on(&self, node: usize, path: &str) -> String {
        let path = path.split('?').next().unwrap_or_default();
        let base = self.bases.get(node).map_or("", Url::as_str);
        format!("{base}{path}")
    }

    /// What a node says of itself tells which cluster it must be from now on.
    pub(super) fn learn(&self, root: &Value) {
        if let Some(cluster) = cluster_of(root) {
            let _ = self.cluster.set(cluster.to_owned());
        }
    }

    /// Asks the node that answered last, and then each other one until one answers. Where some have too much to do and the
    /// others do not answer, that is the answer.
    pub(super) async fn ask(&self, question: &Question) -> Result<Got, String> {
        let (first, count) = (self.current.load(Ordering::Relaxed), self.bases.len());
        let (mut busy, mut lost) = (None, Vec::new());
        for node in (first..first + count).map(|n| n % count) {
            match self.ask_one(node, question, node != first).await {
                Ok(got) if is_elsewhere(got.status, question.once) => busy = Some(got),
                Ok(got) => {
                    self.turn_to(node);
                    return Ok(got);
                }
                Err(Lost { reason, is_unsent }) if is_unsent || !question.once => {
                    lost.push((node, reason));
                }
                Err(Lost { reason, .. }) => {
                    self.turn_to((node + 1) % count);
                    return Err(reason);
                }
            }
        }
        match (busy, &lost[..]) {
            (Some(got), _) => Ok(got),
            (None, [(_, reason)]) if count == 1 => Err(reason.clone()),
            (None, lost) => {
                let each = lost
                    .iter()
                    .map(|(node, reason)| format!("{}: {reason}", self.place_on(*node, "")));
                let each: Vec<String> = each.collect();
                Err(format!("no node answers: {}", each.join("; ")))
            }
        }
    }

    fn turn_to(&self, node: usize) {
        let before = self.current.swap(node, Ordering::Relaxed);
        if before != node {
            let (from, to) = (self.place_on(before, ""), self.place_on(node, ""));
            tracing::warn!(from, to, "another node of the cluster is asked");
        }
    }

    /// Of a node that is not asked by now, it is seen first that it is of the same cluster.
    async fn ask_one(&self, node: usize, question: &Question, is_other: bool) -> Result<Got, Lost> {
        if is_other {
            self.recognise(node, question.patience)
                .await
                .map_err(|reason| Lost {
                    reason,
                    is_unsent: true,
                })?;
        }
        self.exchange(node, question).await
    }

    async fn recognise(&self, node: usize, patience: Duration) -> Result<(), String> {
        let question = Question {
            method: Method::GET,
            path: String::new(),
            body: String::new(),
            once: false,
            patience,
        };
        let got = self.exchange(node, &question).await.map_err(|lost| lost.reason)?;
        let root: Value = serde_json::from_slice(&got.bytes).unwrap_or_default();
        match (cluster_of(&root), self.cluster.get()) {
            (None, _) if root["cluster_uuid"] == NONE_YET => Err("it has not joined its cluster".to_owned()),
            (Some(its), Some(ours)) if its != ours => Err("it is of another cluster".to_owned()),
            _ => Ok(()),
        }
    }

    async fn exchange(&self, node: usize, question: &Question) -> Result<Got, Lost> {
        let answer = tokio::time::timeout(question.patience, self.transfer(node, question)).await;
        answer.unwrap_or_else(|_| {
            let seconds = question.patience.as_secs();
            Err(Lost {
                reason: format!("no whole answer in {seconds} s"),
                is_unsent: false,
            })
        })
    }

    async fn transfer(&self, node: usize, question: &Question) -> Result<Got, Lost> {
        let request = self.request(node, question).map_err(|reason| Lost {
            reason,
            is_unsent: true,
        })?;
        let mut response = self.http.execute(request).await.map_err(lost)?;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            if bytes.len() + chunk.len() > MAX_BODY {
                return Err(Lost {
                    reason: format!("an answer of more than {MAX_BODY} bytes"),
                    is_unsent: false,
                });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Got {
            place: self.place_on(node, &question.path),
            status: response.status().as_u16(),
            bytes,
        })
    }

    fn request(&self, node: usize, question: &Question) -> Result<Request, String> {
        let base = self.bases.get(node).ok_or("there is no such node")?;
        let url = base.join(&question.path).map_err(|e| e.to_string())?;
        let mut request = Request::new(question.method.clone(), url);
        if !question.body.is_empty() {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
            *request.body_mut() = Some(question.body.clone().into());
        }
        Ok(request)
    }
}

/// Whether another node may do what this one does not: a proxy has none behind it, or this one has lost its cluster. What
/// may have been done is not asked for again where it must not be done twice.
fn is_elsewhere(status: u16, once: bool) -> bool {
    match status {
        503 => true,
        502 | 504 => !once,
        _ => false,
    }
}

/// What a node says its cluster is.
pub(super) fn cluster_of(root: &Value) -> Option<&str> {
    root["cluster_uuid"]
        .as_str()
        .filter(|cluster| *cluster != NONE_YET)
}

/// Without the address: it is in the place already.
fn lost(e: reqwest::Error) -> Lost {
    let is_unsent = e.is_connect();
    let e = e.without_url();
    let causes = std::iter::successors(std::error::Error::source(&e), |cause| cause.source());
    Lost {
        reason: causes.fold(e.to_string(), |said, cause| format!("{said}: {cause}")),
        is_unsent,
    }
}
