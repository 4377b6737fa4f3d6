//! How the cluster is.

use super::api::Cluster;
use super::settings::Settings;
use crate::Error;
use reqwest::Method;

/// How the cluster of a store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// Nodes that hold data.
    pub nodes: u64,
    /// Shards of the store, and copies of them, that stand nowhere.
    pub missing: u64,
}

/// Asks the cluster how the store's indices are; `None` where it does not say.
pub fn health(settings: &Settings) -> Result<Option<Health>, Error> {
    let cluster = Cluster::connect(settings.clone())?;
    let path = format!("_cluster/health/{}-*", settings.prefix);
    let answer = cluster.send("ask", Method::GET, &path, None)?;
    let number = |name: &str| answer.json[name].as_u64();
    Ok(
        match (number("number_of_data_nodes"), number("unassigned_shards")) {
            (Some(nodes), Some(missing)) => Some(Health { nodes, missing }),
            _ => None,
        },
    )
}
