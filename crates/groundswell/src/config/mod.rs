//! The configuration: `groundswell.toml`, read once, every fault reported at once.

mod access;
mod check;
mod control;
mod kafka;
mod load;
mod mail;
mod reader;
mod rephrase;
mod store;
#[cfg(test)]
mod tests;

pub use check::Fault;
pub use kafka::{Kafka, WITHOUT_KAFKA};
pub(crate) use load::secret;
pub use load::{TEMPLATE, load, parse};
pub(crate) use reader::nearest;

use crate::api::types::Role;
use crate::connections::Definition;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// A valid configuration. What is not in the file has its default.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the web app and the API listen.
    pub server: Server,
    /// The identity provider that signs people in, where there is one.
    pub oidc: Option<crate::oidc::Settings>,
    /// The mail server that takes letters, where there is one.
    pub mail: Option<crate::delivery::Settings>,
    /// The language model that may say explanations in other words, where there is one.
    pub rephrase: Option<crate::rephrase::Settings>,
    /// The data folder.
    pub data: PathBuf,
    /// The server that keeps the control state, where it is not in the data folder.
    pub postgres: Option<crate::control::Postgres>,
    /// The cluster that keeps the mentions; the data folder, where `None`.
    pub store: Option<::store::elastic::Settings>,
    /// How much of the past the journal keeps in the data folder.
    pub journal: Journal,
    /// The brokers that keep the journal; the data folder, where `None`.
    pub kafka: Option<Kafka>,
    /// How the tiers of models share the work.
    pub scoring: crate::scoring::Settings,
    /// Folders of ONNX classifiers that read every mention.
    pub onnx: Vec<PathBuf>,
    /// What stays readable behind admission.
    pub privacy: post::Policy,
    /// When bytes of what was deleted leave the disk.
    pub purge: crate::privacy::Clock,
    /// How long what is kept, what leaves the project, and who answers for it.
    pub policy: crate::policy::Settings,
    /// Connections to platforms.
    pub sources: Vec<Definition>,
    /// Keyword lists imported into the default project at start.
    pub lists: Vec<ListEntry>,
    /// Monitors imported into the default project at start.
    pub monitors: Vec<MonitorEntry>,
}

impl Config {
    /// Where the control state is kept.
    pub fn place(&self) -> crate::control::Place {
        crate::control::Place {
            data: self.data.clone(),
            postgres: self.postgres.clone(),
        }
    }
}

/// `[server]`
#[derive(Debug, Clone)]
pub struct Server {
    /// Address and port; a taken port is an error under `run`, and `demo` takes the next free one.
    pub listen: SocketAddr,
    /// Where browsers and platforms reach this server, such as `https://listen.example`, where a proxy stands before it.
    pub public_url: Option<String>,
    /// The installation's own password; it, or an identity provider, is needed for any address but loopback.
    pub password: Option<Secret>,
    /// Certificate and key, where TLS is spoken here.
    pub tls: Option<Tls>,
    /// How often somebody may ask.
    pub limits: Limits,
    /// Proxies whose word about the client's address is taken.
    pub trusted_proxies: Vec<IpAddr>,
}

/// `[server.tls]`
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate and those between it and a root, in PEM.
    pub cert: PathBuf,
    /// Its key, in PEM.
    pub key: PathBuf,
}

/// `[server.limits]`, for each key, user or address. The one user of a machine is not counted.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Requests a minute.
    pub per_minute: u32,
    /// Requests at once.
    pub burst: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_minute: 1_200,
            burst: 400,
        }
    }
}

/// A secret: never printed.
#[derive(Clone)]
pub struct Secret(pub(crate) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<secret>")
    }
}

/// `[journal]`
#[derive(Debug, Clone)]
pub struct Journal {
    /// Oldest segments go when all of them together are larger, in bytes.
    pub max_bytes: u64,
    /// Segments go when their newest post arrived longer ago, in hours.
    pub max_hours: u64,
}

/// One `[[list]]`.
#[derive(Debug, Clone)]
pub struct ListEntry {
    /// Its name, unique.
    pub name: String,
    /// Its terms, from the configuration or the file it names.
    pub terms: Vec<String>,
}

/// One `[[monitor]]`.
#[derive(Debug, Clone)]
pub struct MonitorEntry {
    /// Its name, unique.
    pub name: String,
    /// What it stands for.
    pub role: Role,
    /// The query, which parses.
    pub query: String,
}
