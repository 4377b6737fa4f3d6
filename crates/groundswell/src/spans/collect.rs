//! From spans of `tracing` to spans of OpenTelemetry, as the JSON of OTLP 1 writes them.

use serde_json::{Value, json};
use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// What goes to the thread that sends.
pub(super) enum Message {
    /// A span that has ended.
    Span(Value),
    /// Send what there is; nothing more comes.
    End,
}

/// Hears spans, and hands over those that have ended. Never waits: what the queue does not take is dropped and counted.
pub(crate) struct Sender {
    pub(super) queue: SyncSender<Message>,
    pub(super) dropped: Arc<AtomicU64>,
}

/// A span under way.
struct Open {
    trace: String,
    id: String,
    parent: Option<String>,
    begin: u128,
    fields: Fields,
}

#[derive(Default)]
struct Fields {
    name: Option<String>,
    kind: Option<String>,
    attributes: Vec<Value>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        self.attributes.push(json!({"key": field.name(), "value": value}));
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "otel.name" => self.name = Some(value.to_owned()),
            "otel.kind" => self.kind = Some(value.to_owned()),
            _ => self.put(field, json!({"stringValue": value})),
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, json!({"boolValue": value}));
    }

    // Whole numbers of 64 bits are texts in the JSON of protocol buffers.
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, json!({"intValue": value.to_string()}));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, json!({"intValue": value.to_string()}));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, json!({"doubleValue": value}));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Sender {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let above = span.parent().and_then(|parent| {
            let extensions = parent.extensions();
            let open = extensions.get::<Open>()?;
            Some((open.trace.clone(), open.id.clone()))
        });
        let (trace, parent) = match above {
            Some((trace, parent)) => (trace, Some(parent)),
            None => (random::<16>(), None),
        };
        span.extensions_mut().insert(Open {
            trace,
            id: random::<8>(),
            parent,
            begin: now(),
            fields,
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<Open>() {
            values.record(&mut open.fields);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(open) = span.extensions_mut().remove::<Open>() else {
            return;
        };
        if self
            .queue
            .try_send(Message::Span(ended(open, span.name())))
            .is_err()
        {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn ended(open: Open, name: &str) -> Value {
    let kind = match open.fields.kind.as_deref() {
        Some("server") => 2,
        Some("client") => 3,
        _ => 1,
    };
    json!({
        "traceId": open.trace,
        "spanId": open.id,
        "parentSpanId": open.parent.unwrap_or_default(),
        "name": open.fields.name.as_deref().unwrap_or(name),
        "kind": kind,
        "startTimeUnixNano": open.begin.to_string(),
        "endTimeUnixNano": now().to_string(),
        "attributes": open.fields.attributes,
    })
}

/// As many random bytes in hexadecimal. An id of zeros, which is none, is made where the system gives no randomness.
fn random<const N: usize>() -> String {
    let mut bytes = [0; N];
    let _ = getrandom::fill(&mut bytes);
    crate::control::hex(&bytes)
}

/// Nanoseconds since 1970. They move on evenly: the clock may be set meanwhile.
fn now() -> u128 {
    static START: std::sync::LazyLock<(u128, u64)> = std::sync::LazyLock::new(|| {
        let since = u128::try_from(crate::clock::now()).unwrap_or(0) * 1_000_000;
        (since, crate::clock::nanoseconds())
    });
    let (start, at) = *START;
    start + u128::from(crate::clock::nanoseconds().saturating_sub(at))
}
