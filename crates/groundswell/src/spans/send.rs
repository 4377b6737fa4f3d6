//! Sending spans to a collector: OTLP 1 over HTTP, as JSON (opentelemetry.io/docs/specs/otlp).

use super::collect::{Message, Sender};
use anyhow::{Context, anyhow};
use serde_json::{Value, json};
use sources::http::outgoing::{self, Method, Outgoing, Sent};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Spans that may wait; beyond, they are dropped.
const QUEUE: usize = 8_192;
/// Spans of one request.
const AT_ONCE: usize = 1_024;
/// How long a span waits for others.
const WAIT: Duration = Duration::from_secs(2);
/// Headers that let us in, as OpenTelemetry names them: `key=value,key=value`.
const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";

/// The thread that sends; what is left is sent when this goes.
#[derive(Default)]
pub(crate) struct Traces(Option<(SyncSender<Message>, JoinHandle<()>)>);

impl Traces {
    /// Begins to send to the collector at this address; gives what hears spans, too.
    pub(crate) fn start(address: &str) -> anyhow::Result<(Sender, Self)> {
        let address = format!("{}/v1/traces", address.trim_end_matches('/'));
        outgoing::check(&address).map_err(|fault| anyhow!("--traces: {fault}"))?;
        let headers = headers(&std::env::var(HEADERS).unwrap_or_default());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("traces cannot be sent")?;
        let (queue, incoming) = sync_channel(QUEUE);
        let dropped = Arc::<AtomicU64>::default();
        let mut out = Out {
            address,
            headers,
            runtime,
            dropped: dropped.clone(),
            failing: false,
        };
        let thread = std::thread::Builder::new()
            .name("traces".to_owned())
            .spawn(move || out.run(&incoming))
            .context("traces cannot be sent")?;
        let sender = Sender {
            queue: queue.clone(),
            dropped,
        };
        Ok((sender, Self(Some((queue, thread)))))
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Some((queue, thread)) = self.0.take() {
            // A thread that is gone has nothing left.
            let _ = queue.send(Message::End);
            let _ = thread.join();
        }
    }
}

fn headers(text: &str) -> Vec<(String, String)> {
    text.split(',')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

struct Out {
    address: String,
    headers: Vec<(String, String)>,
    runtime: tokio::runtime::Runtime,
    dropped: Arc<AtomicU64>,
    failing: bool,
}

impl Out {
    fn run(&mut self, incoming: &Receiver<Message>) {
        let mut spans = Vec::new();
        let mut due = Instant::now() + WAIT;
        loop {
            let end = match incoming.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(Message::Span(span)) => {
                    spans.push(span);
                    false
                }
                Err(RecvTimeoutError::Timeout) => false,
                Ok(Message::End) | Err(RecvTimeoutError::Disconnected) => true,
            };
            if end || spans.len() >= AT_ONCE || Instant::now() >= due {
                if !spans.is_empty() {
                    self.send(std::mem::take(&mut spans));
                }
                due = Instant::now() + WAIT;
            }
            if end {
                return;
            }
        }
    }

    /// Sends once: a collector that is away must not make anything wait. The log says when it began and when it ended.
    fn send(&mut self, spans: Vec<Value>) {
        let count = spans.len() as u64;
        let request = Outgoing {
            method: Method::Post,
            address: self.address.clone(),
            headers: self.headers.clone(),
            body: document(spans).to_string(),
            allow_private: true,
        };
        let trouble = match self.runtime.block_on(outgoing::send(request)) {
            Sent::Answered {
                status: 200..=299, ..
            } => None,
            Sent::Answered { status, .. } => Some(format!("it answered {status}")),
            Sent::Refused(words) | Sent::NotSent(words) | Sent::Unknown(words) => Some(words),
        };
        match trouble {
            Some(trouble) => {
                self.dropped.fetch_add(count, Ordering::Relaxed);
                if !self.failing {
                    tracing::warn!(%trouble, "the collector does not take traces; they are dropped until it does");
                }
                self.failing = true;
            }
            None => {
                if std::mem::take(&mut self.failing) {
                    let dropped = self.dropped.swap(0, Ordering::Relaxed);
                    tracing::info!(dropped, "the collector takes traces again");
                }
            }
        }
    }
}

fn document(spans: Vec<Value>) -> Value {
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let about = [
        text("service.name", "groundswell"),
        text("service.version", env!("CARGO_PKG_VERSION")),
    ];
    json!({"resourceSpans": [{
        "resource": {"attributes": about},
        "scopeSpans": [{"scope": {"name": "groundswell"}, "spans": spans}],
    }]})
}
