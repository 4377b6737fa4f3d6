//! How the cluster is.

use super::api::Cluster;
use super::nodes::cluster_of;
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

/// What a node says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name; empty where it has none.
    pub name: String,
    /// What its cluster calls itself: all nodes of one say the same. `None` where it does not say, or has not joined one.
    pub cluster: Option<String>,
}

/// Asks each node of the settings, whatever the others say, by its address.
pub fn nodes(settings: &Settings) -> Vec<(String, Result<Node, Error>)> {
    let ask = |url: &String| {
        let alone = Settings {
            urls: vec![url.clone()],
            ..settings.clone()
        };
        let root = Cluster::connect(alone).and_then(|cluster| cluster.call("ask", Method::GET, "", None))?;
        Ok(Node {
            name: root["name"].as_str().unwrap_or_default().to_owned(),
            cluster: cluster_of(&root).map(str::to_owned),
        })
    };
    settings.urls.iter().map(|url| (url.clone(), ask(url))).collect()
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
