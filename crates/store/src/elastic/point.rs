//! Points in time: what is read in many pages is read as it was when the first was asked for.

use super::api::Cluster;
use crate::Error;
use reqwest::Method;
use serde_json::{Value, json};

/// A cluster forgets a point in time when nobody asked for so long.
const KEEP: &str = "2m";

/// A point in time of all mentions; the cluster as it is, where it has no points in time or none left.
pub(super) struct Point<'c> {
    cluster: &'c Cluster,
    id: Option<String>,
}

impl<'c> Point<'c> {
    pub(super) fn open(cluster: &'c Cluster) -> Result<Self, Error> {
        let all = cluster.settings.all_mentions();
        let path = match cluster.is_opensearch {
            true => format!("{all}/_search/point_in_time?keep_alive={KEEP}"),
            false => format!("{all}/_pit?keep_alive={KEEP}"),
        };
        let answer = cluster.send("begin to read", Method::POST, &path, None)?;
        let id = answer.json["pit_id"].as_str().or(answer.json["id"].as_str());
        if id.is_none() {
            tracing::debug!(
                status = answer.status,
                "no point in time: pages are read as they are by then"
            );
        }
        let id = id.map(str::to_owned);
        Ok(Self { cluster, id })
    }

    /// Searches there; the body is kept for the next page.
    pub(super) fn search(&mut self, body: &mut Value) -> Result<Value, Error> {
        let Some(id) = &self.id else {
            return self.cluster.search(body);
        };
        body["pit"] = json!({"id": id, "keep_alive": KEEP});
        let answer = self.cluster.search_point(body)?;
        // It may be called otherwise from now on.
        if let Some(id) = answer["pit_id"].as_str() {
            self.id = Some(id.to_owned());
        }
        Ok(answer)
    }
}

impl Drop for Point<'_> {
    fn drop(&mut self) {
        let Some(id) = self.id.take() else { return };
        let (path, body) = match self.cluster.is_opensearch {
            true => ("_search/point_in_time", json!({"pit_id": [id]})),
            false => ("_pit", json!({"id": id})),
        };
        // Where this fails the cluster forgets it by itself.
        let closed = self
            .cluster
            .send("end to read", Method::DELETE, path, Some(&body));
        if let Err(error) = closed {
            tracing::debug!(%error, "a point in time was not closed");
        }
    }
}
