//! Sources on the wire.

use crate::api::types::SourceStatus;
use crate::connections::Running;
use serde::{Deserialize, Serialize};
use sources::Registration;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A connector: what it reads and what its configuration may hold.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Connector {
    /// Its name.
    name: &'static str,
    /// The platform's own name.
    title: &'static str,
    /// What it reads.
    reads: &'static str,
    /// What it needs.
    needs: &'static str,
    /// Where its keys come from.
    keys_from: &'static str,
    /// What it costs.
    costs: &'static str,
    /// What it cannot see.
    unseen: &'static str,
    /// The platform's limits.
    limits: &'static str,
    /// What the platform's terms demand.
    terms: &'static str,
    /// `follow`, `past`, `recheck`, `test`.
    abilities: Vec<String>,
    /// Whether the platform can call this server.
    webhook: bool,
    /// Whether an operator can sign in at the platform.
    sign_in: bool,
    /// US dollars a post.
    price: f64,
    /// Its keys, besides those of every source (`mode`, `budget`).
    keys: Vec<ConnectorKey>,
}

/// A key of a connector's configuration.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectorKey {
    /// Its name.
    name: &'static str,
    /// `text`, `secret`, `number`, `texts`, `flag` or `table`.
    kind: String,
    /// Whether it must be there.
    needed: bool,
    /// What it means.
    doc: &'static str,
}

impl Connector {
    pub(super) fn of(r: &'static Registration) -> Self {
        Self {
            name: r.name,
            title: r.title,
            reads: r.doc.reads,
            needs: r.doc.needs,
            keys_from: r.doc.keys_from,
            costs: r.doc.costs,
            unseen: r.doc.unseen,
            limits: r.doc.limits,
            terms: r.doc.terms,
            abilities: r.abilities.iter().map(word).collect(),
            webhook: r.hook.is_some(),
            sign_in: r.flow.is_some(),
            price: r.price as f64 / 1e6,
            keys: r
                .keys
                .iter()
                .map(|k| ConnectorKey {
                    name: k.name,
                    kind: word(&k.kind),
                    needed: k.needed,
                    doc: k.doc,
                })
                .collect(),
        }
    }
}

/// A source and how it does.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Source {
    /// How it does.
    #[serde(flatten)]
    status: SourceStatus,
    /// `file` (read-only here), `api`, or `own` where the program brings it.
    origin: &'static str,
    /// What its posts keep of who wrote them: `sealed`, `clear` or `none`.
    mode: String,
    /// Its connector's options, without secrets.
    options: serde_json::Value,
    /// The secrets that are set, by key.
    secrets: Vec<String>,
    /// Connections made since the start; more than one means that it reconnected.
    connects: u64,
    /// Items of kinds that are not delivered, since the start.
    ignored: u64,
    /// Items refused since the start.
    refused: u64,
    /// Requests (or percent) that the platform still allows, where it says.
    allowed: Option<u64>,
    /// What is left of its budget and its platform's quotas.
    budget: Vec<BudgetLeft>,
    /// Where its platform can call this server, where it does.
    hook: Option<String>,
}

/// What is left of a limit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BudgetLeft {
    /// `posts`, `money` (millionths of a US dollar) or a bucket of the platform.
    unit: &'static str,
    /// `day`, `Pacific day` or `month`.
    period: &'static str,
    /// The limit.
    most: u64,
    /// What is left.
    left: u64,
    /// When it is full again.
    resets_at: i64,
}

impl Source {
    pub(super) fn of(running: &Running, hook: Option<String>) -> Self {
        let health = running.health.snapshot();
        let split = running.definition.as_ref().map(|d| d.split());
        let (options, secrets) = split.unwrap_or_default();
        Self {
            status: SourceStatus::of(running),
            origin: super::origin(running),
            mode: running
                .definition
                .as_ref()
                .map(|d| word(&d.mode))
                .unwrap_or_default(),
            options: serde_json::to_value(options).unwrap_or_default(),
            secrets: secrets.into_keys().collect(),
            connects: health.connects,
            ignored: health.ignored,
            refused: health.refused,
            allowed: health.allowed,
            budget: running.budget.left().into_iter().map(left).collect(),
            hook,
        }
    }
}

fn left(l: sources::budget::Left) -> BudgetLeft {
    BudgetLeft {
        unit: l.unit,
        period: l.period,
        most: l.most,
        left: l.left,
        resets_at: l.resets_at,
    }
}

/// A source to make or change.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct SourceInput {
    /// Its connector.
    pub(super) connector: String,
    /// The connector's options, and `mode` and `budget`. Secrets may stand here as well.
    #[serde(default)]
    pub(super) options: serde_json::Map<String, serde_json::Value>,
    /// Secrets by key. They are sealed and never shown again; one that is left out when a source is changed stays as it
    /// was.
    #[serde(default)]
    pub(super) secrets: BTreeMap<String, String>,
}

/// What trying a source out found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceTrial {
    /// Whether the platform answered as it should.
    pub(super) works: bool,
    /// What was seen, in sentences.
    pub(super) lines: Vec<String>,
}

impl SourceStatus {
    /// How a source does.
    pub(crate) fn of(running: &Running) -> Self {
        let h = running.health.snapshot();
        SourceStatus {
            name: running.name.clone(),
            connector: running.connector.to_owned(),
            state: if running.paused { "paused" } else { h.state.name() }.to_owned(),
            posts: h.posts,
            lag_ms: h.lag_ms,
            last_post_at: h.last_at,
            error: h.error,
            retry_at: h.retry_at,
        }
    }
}

/// The name of a value on the wire.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => String::new(),
    }
}
