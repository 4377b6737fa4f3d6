//! The endpoints that are used, and nothing else of the cluster.

use super::client::{Answer, Call, Client};
use super::mapping::{self, FORMAT};
use super::settings::Settings;
use crate::Error;
use crate::format::Stamp;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Nothing is found where there is no index yet, and an answer of some shards only is none.
const WHOLE: &str = "allow_no_indices=true&ignore_unavailable=true&allow_partial_search_results=false";
const LENIENT: &str = "allow_no_indices=true&ignore_unavailable=true";

/// Mentions deleted by one request, so that its answer comes within the timeout.
const DELETED_AT_ONCE: u64 = 20_000;

/// A cluster, with the names of one store's indices.
pub(super) struct Cluster {
    pub(super) settings: Settings,
    client: Client,
}

impl Cluster {
    /// Connects, and refuses what does not speak this language.
    pub(super) fn connect(settings: Settings) -> Result<Self, Error> {
        let client = Client::new(&settings)?;
        let cluster = Self { settings, client };
        let root = cluster.call("ask", Method::GET, "", None)?;
        let version = &root["version"];
        let number = version["number"].as_str().unwrap_or_default();
        let major: u32 = number.split('.').next().and_then(|n| n.parse().ok()).unwrap_or(0);
        let is_opensearch = version["distribution"].as_str() == Some("opensearch");
        match (is_opensearch, major) {
            (true, 1..) | (false, 7..) => Ok(cluster),
            _ => Err(Error::Cluster {
                action: "use",
                place: cluster.client.place(""),
                status: None,
                reason: format!("version `{number:.40}` is neither OpenSearch nor Elasticsearch 7 or later"),
            }),
        }
    }

    /// Where the mentions are, for errors.
    pub(super) fn place(&self) -> String {
        self.client.place(&self.settings.all_mentions())
    }

    fn call(
        &self,
        action: &'static str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Error> {
        self.client.ok(Call {
            action,
            method,
            path,
            body: body.map(Value::to_string),
        })
    }

    fn send(
        &self,
        action: &'static str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Error> {
        self.client.send(Call {
            action,
            method,
            path,
            body: body.map(Value::to_string),
        })
    }

    /// Searches all mentions.
    pub(super) fn search(&self, body: &Value) -> Result<Value, Error> {
        let path = format!("{}/_search?{WHOLE}", self.settings.all_mentions());
        let answer = self.call("search", Method::POST, &path, Some(body))?;
        let failed = answer["_shards"]["failed"].as_u64().unwrap_or(0);
        if failed > 0 || answer["timed_out"].as_bool() == Some(true) {
            return Err(Error::Cluster {
                action: "search",
                place: self.place(),
                status: None,
                reason: format!("{failed} shards did not answer"),
            });
        }
        Ok(answer)
    }

    /// Sends lines of a bulk request.
    pub(super) fn bulk(&self, lines: String) -> Result<Value, Error> {
        self.client.ok(Call {
            action: "write to",
            method: Method::POST,
            path: "_bulk",
            body: Some(lines),
        })
    }

    /// Lets searches see what was written.
    pub(super) fn refresh(&self) -> Result<(), Error> {
        let path = format!("{}/_refresh?{LENIENT}", self.settings.all_mentions());
        self.call("refresh", Method::POST, &path, None).map(drop)
    }

    /// Deletes the mentions that a query finds, lets searches see it, and says how many there were.
    pub(super) fn delete(&self, query: &Value) -> Result<u64, Error> {
        let all = self.settings.all_mentions();
        let path = format!(
            "{all}/_delete_by_query?{LENIENT}&conflicts=proceed&refresh=true&max_docs={DELETED_AT_ONCE}"
        );
        let mut sum = 0;
        loop {
            let answer = self.call("delete from", Method::POST, &path, Some(&json!({"query": query})))?;
            let failures = answer["failures"].as_array().map_or(0, Vec::len);
            let conflicts = answer["version_conflicts"].as_u64().unwrap_or(0);
            if failures > 0 || conflicts > 0 {
                return Err(Error::Cluster {
                    action: "delete from",
                    place: self.place(),
                    status: None,
                    reason: format!(
                        "{failures} failures and {conflicts} conflicts: does another writer run?"
                    ),
                });
            }
            let deleted = answer["deleted"].as_u64().unwrap_or(0);
            sum += deleted;
            if deleted < DELETED_AT_ONCE {
                return Ok(sum);
            }
        }
    }

    /// Makes an index of mentions, if there is none of this name.
    pub(super) fn make_mentions(&self, index: &str) -> Result<(), Error> {
        self.make(index, &mapping::mentions(&self.settings))
    }

    fn make(&self, index: &str, body: &Value) -> Result<(), Error> {
        let answer = self.send("make index", Method::PUT, index, Some(body))?;
        match answer.status {
            200..300 => Ok(()),
            400 if answer.kind() == "resource_already_exists_exception" => Ok(()),
            _ => Err(answer.refused()),
        }
    }

    /// The indices of mentions there are, each of a format that this program can use.
    pub(super) fn indices(&self) -> Result<BTreeSet<String>, Error> {
        let path = format!("{}/_mapping?{LENIENT}", self.settings.all_mentions());
        let answer = self.send("read", Method::GET, &path, None)?;
        let found = match answer.status {
            200..300 => answer.json,
            404 => return Ok(BTreeSet::new()),
            _ => return Err(answer.refused()),
        };
        let mut indices = BTreeSet::new();
        for (index, mapping) in found.as_object().into_iter().flatten() {
            let place = self.client.place(index);
            let format = mapping["mappings"]["_meta"]["format"].as_u64().unwrap_or(0);
            let found = u32::try_from(format).unwrap_or(u32::MAX);
            if found > FORMAT {
                return Err(Error::Newer {
                    path: place.into(),
                    what: "format",
                    found,
                    known: FORMAT,
                });
            }
            if found < FORMAT {
                return Err(Error::Damaged {
                    path: place.into(),
                    reason: "it was made by an older program: index the mentions anew".to_owned(),
                });
            }
            indices.insert(index.clone());
        }
        Ok(indices)
    }

    /// Bytes on the cluster's disks.
    pub(super) fn bytes(&self) -> Result<u64, Error> {
        let path = format!("{}/_stats/store?{LENIENT}", self.settings.all_mentions());
        let answer = self.call("measure", Method::GET, &path, None)?;
        let bytes = &answer["_all"]["total"]["store"]["size_in_bytes"];
        Ok(bytes.as_u64().unwrap_or(0))
    }

    /// The stamp of the store; `None` where there is none yet.
    pub(super) fn stamp(&self) -> Result<Option<Stamp>, Error> {
        let path = format!("{}/_doc/store", self.settings.state());
        let answer = self.send("read", Method::GET, &path, None)?;
        match answer.status {
            200..300 => {
                let stamp = answer.json["_source"]["stamp"].to_string();
                Stamp::parse(&stamp, Path::new(&self.client.place(&path))).map(Some)
            }
            404 => Ok(None),
            _ => Err(answer.refused()),
        }
    }

    /// Replaces the stamp of the store.
    pub(super) fn save(&self, stamp: Stamp) -> Result<(), Error> {
        let index = self.settings.state();
        self.make(&index, &mapping::state())?;
        let path = format!("{index}/_doc/store");
        let body = json!({"stamp": stamp});
        self.call("write", Method::PUT, &path, Some(&body)).map(drop)
    }
}
