//! What the program tells of itself: a log on standard error and, where it is asked for, traces for a collector.
//!
//! Neither holds a text or names anybody: spans say what was done, to how many, and how long it took.

use crate::spans::{SPANS, Sender, Traces};
use clap::{Args, ValueEnum};
use tracing_subscriber::filter::{FilterExt, LevelFilter, filter_fn};
use tracing_subscriber::prelude::*;
use tracing_subscriber::{EnvFilter, fmt};

/// How the program tells of itself.
#[derive(Debug, Clone, Args)]
pub(crate) struct LogArgs {
    /// The form of the log: lines for people, or one JSON object a line; GROUNDSWELL_LOG sets the levels
    #[arg(
        long = "log",
        value_name = "FORM",
        env = "GROUNDSWELL_LOG_FORMAT",
        value_enum,
        default_value = "text"
    )]
    form: Form,
    /// Send traces to an OpenTelemetry collector (OTLP over HTTP, JSON), such as http://127.0.0.1:4318; without this, nowhere
    #[arg(long, value_name = "URL", env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    traces: Option<String>,
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Lines for people.
    Text,
    /// JSON Lines.
    Json,
}

impl LogArgs {
    /// Starts log and traces; these end with what is given back.
    pub(crate) fn start(&self) -> anyhow::Result<Traces> {
        let address = self.traces.as_deref().filter(|address| !address.is_empty());
        let (sender, traces) = address.map(Traces::start).transpose()?.unzip();
        start(self.form, sender);
        Ok(traces.unwrap_or_default())
    }
}

/// The log of commands that are no server.
pub(crate) fn start_log() {
    let form = match std::env::var("GROUNDSWELL_LOG_FORMAT").as_deref() {
        Ok("json") => Form::Json,
        _ => Form::Text,
    };
    start(form, None);
}

/// The crates whose log lines are ours: they hold no text and name nobody, at any level.
const OURS: [&str; 8] = [
    "groundswell",
    "journal",
    "store",
    "sources",
    "post",
    "query",
    "text",
    "models",
];

/// Logs to standard error: `GROUNDSWELL_LOG` sets the levels (default `info`).
///
/// Below `info` only our own crates are heard: at `trace`, libraries write out what they read from the network.
fn start(form: Form, sender: Option<Sender>) {
    let filter =
        EnvFilter::try_from_env("GROUNDSWELL_LOG").unwrap_or_else(|_| EnvFilter::new("info,tantivy=warn"));
    // Said outright: a filter that may let anything through has every line of every library made for it first.
    let most = filter.max_level_hint().unwrap_or(LevelFilter::TRACE);
    let quiet = filter_fn(|m| {
        let name = m.target().split("::").next().unwrap_or_default();
        m.is_event() && (*m.level() <= tracing::Level::INFO || OURS.contains(&name))
    })
    .with_max_level_hint(most);
    let log = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    let log = match form {
        Form::Json => log.json().boxed(),
        Form::Text => log.with_target(false).compact().boxed(),
    };
    let log = log.with_filter(filter.and(quiet));
    // Without a collector nobody listens to spans, and they cost nothing.
    let spans = sender.map(|sender| sender.with_filter(filter_fn(|m| m.is_span() && m.target() == SPANS)));
    // A second start, as in tests, keeps the first log.
    let _ = tracing_subscriber::registry().with(log).with(spans).try_init();
}
