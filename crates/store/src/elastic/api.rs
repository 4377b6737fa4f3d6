//! The endpoints that are used, and nothing else of the cluster.

use super::bulk::Flow;
use super::client::{Answer, Call, Client};
use super::mapping;
use super::settings::Settings;
use crate::Error;
use crate::format::Stamp;
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;

/// Nothing is found where there is no index yet, and an answer of some shards only is none.
const WHOLE: &str = "allow_no_indices=true&ignore_unavailable=true&allow_partial_search_results=false";
const LENIENT: &str = "allow_no_indices=true&ignore_unavailable=true";

/// A cluster, with the names of one store's indices.
pub(super) struct Cluster {
    pub(super) settings: Settings,
    pub(super) is_opensearch: bool,
    client: Client,
    /// Bulk requests that may be under way at once.
    pub(super) flow: Flow,
}

impl Cluster {
    /// Connects, and refuses what does not speak this language.
    pub(super) fn connect(settings: Settings) -> Result<Self, Error> {
        let client = Client::new(&settings)?;
        let mut cluster = Self {
            settings,
            is_opensearch: false,
            client,
            flow: Flow::default(),
        };
        let root = cluster.call("ask", Method::GET, "", None)?;
        cluster.client.learn(&root);
        let version = &root["version"];
        let number = version["number"].as_str().unwrap_or_default();
        let major: u32 = number.split('.').next().and_then(|n| n.parse().ok()).unwrap_or(0);
        cluster.is_opensearch = version["distribution"].as_str() == Some("opensearch");
        match (cluster.is_opensearch, major) {
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

    pub(super) fn call(
        &self,
        action: &'static str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Error> {
        self.client.ok(Call {
            body: body.map(Value::to_string),
            ..Call::new(action, method, path)
        })
    }

    pub(super) fn send(
        &self,
        action: &'static str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Error> {
        self.client.send(Call {
            body: body.map(Value::to_string),
            ..Call::new(action, method, path)
        })
    }

    /// Searches all mentions.
    pub(super) fn search(&self, body: &Value) -> Result<Value, Error> {
        self.search_in(&self.settings.all_mentions(), body)
    }

    /// Searches an index.
    pub(super) fn search_in(&self, index: &str, body: &Value) -> Result<Value, Error> {
        self.whole(&format!("{index}/_search?{WHOLE}"), body)
    }

    /// Searches at the point in time that the body names.
    pub(super) fn search_point(&self, body: &Value) -> Result<Value, Error> {
        self.whole("_search?allow_partial_search_results=false", body)
    }

    /// An answer of all shards.
    fn whole(&self, path: &str, body: &Value) -> Result<Value, Error> {
        let answer = self.call("search", Method::POST, path, Some(body))?;
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

    /// Sends lines of a bulk request, once: whoever sends it looks at what is refused for now.
    pub(super) fn bulk(&self, lines: String) -> Result<Answer, Error> {
        self.client.send(Call {
            body: Some(lines),
            tries: 1,
            // Written a second time as of the same version, it is taken for another writer's.
            once: true,
            ..Call::new("write to", Method::POST, "_bulk")
        })
    }

    /// Lets searches see what was written.
    pub(super) fn refresh(&self) -> Result<(), Error> {
        let path = format!("{}/_refresh?{LENIENT}", self.settings.all_mentions());
        self.whole_shards(Call::new("refresh", Method::POST, &path))
    }

    /// Makes an index that is not read yet.
    pub(super) fn make_beside(&self, index: &str) -> Result<(), Error> {
        self.make(index, &mapping::mentions(&self.settings))
    }

    /// Makes an index, if there is none of this name.
    pub(super) fn make(&self, index: &str, body: &Value) -> Result<(), Error> {
        let answer = self.send("make index", Method::PUT, index, Some(body))?;
        match answer.status {
            200..300 => Ok(()),
            400 if answer.kind() == "resource_already_exists_exception" => Ok(()),
            _ => Err(answer.refused()),
        }
    }

    /// Removes an index, if it is there.
    pub(super) fn delete_index(&self, index: &str) -> Result<(), Error> {
        let answer = self.send("remove", Method::DELETE, index, None)?;
        match answer.status {
            200..300 | 404 => Ok(()),
            _ => Err(answer.refused()),
        }
    }

    /// Lets the alias of all mentions stand for other indices, in one step: `add` or `remove`, and the index.
    pub(super) fn alias(&self, changes: &[(&str, &str)]) -> Result<(), Error> {
        let alias = self.settings.all_mentions();
        let action = |(what, index): &(&str, &str)| json!({*what: {"index": index, "alias": alias}});
        let actions: Vec<Value> = changes.iter().map(action).collect();
        self.call(
            "name",
            Method::POST,
            "_aliases",
            Some(&json!({"actions": actions})),
        )
        .map(drop)
    }

    /// What the cluster says of some indices; nothing where there are none.
    pub(super) fn about(&self, path: &str) -> Result<Value, Error> {
        let answer = self.send("read", Method::GET, &format!("{path}?{LENIENT}"), None)?;
        match answer.status {
            200..300 => Ok(answer.json),
            404 => Ok(Value::Null),
            _ => Err(answer.refused()),
        }
    }

    /// The address of an index, for errors.
    pub(super) fn place_of(&self, index: &str) -> String {
        self.client.place(index)
    }

    /// Asks for something that every shard has to do.
    pub(super) fn whole_shards(&self, call: Call<'_>) -> Result<(), Error> {
        let (action, place) = (call.action, self.client.place(call.path));
        let answer = self.client.ok(call)?;
        match answer["_shards"]["failed"].as_u64().unwrap_or(0) {
            0 => Ok(()),
            failed => Err(Error::Cluster {
                action,
                place,
                status: None,
                reason: format!("{failed} shards failed"),
            }),
        }
    }

    /// Lets searches see what was written to an index.
    pub(super) fn refresh_index(&self, index: &str) -> Result<(), Error> {
        let path = format!("{index}/_refresh");
        self.whole_shards(Call::new("refresh", Method::POST, &path))
    }

    /// Bytes on the cluster's disks.
    pub(super) fn bytes(&self) -> Result<u64, Error> {
        let path = format!("{}/_stats/store?{LENIENT}", self.settings.all_mentions());
        let answer = self.call("measure", Method::GET, &path, None)?;
        let bytes = &answer["_all"]["total"]["store"]["size_in_bytes"];
        Ok(bytes.as_u64().unwrap_or(0))
    }

    /// What is known of the store; nothing where there is none yet.
    pub(super) fn state(&self) -> Result<State, Error> {
        let path = format!("{}/_doc/store", self.settings.state());
        let answer = self.send("read", Method::GET, &path, None)?;
        match answer.status {
            200..300 => {
                let source = &answer.json["_source"];
                let place = self.client.place(&path);
                let stamp = Some(&source["stamp"]).filter(|stamp| !stamp.is_null());
                let stamp = stamp.map(|stamp| Stamp::parse(&stamp.to_string(), Path::new(&place)));
                Ok(State {
                    stamp: stamp.transpose()?,
                    writer: source["writer"].as_u64().unwrap_or(0),
                    closed: source["closed"].as_str().map(str::to_owned),
                })
            }
            404 => Ok(State::default()),
            _ => Err(answer.refused()),
        }
    }

    /// Replaces what is known of the store, as of a version that is higher than all before. That of a writer which another
    /// has followed is not.
    pub(super) fn save(&self, state: &State, version: u64) -> Result<(), Error> {
        let index = self.settings.state();
        self.make(&index, &mapping::state(&self.settings))?;
        let path = format!("{index}/_doc/store?version={version}&version_type=external");
        let body = json!({"stamp": state.stamp, "writer": state.writer, "closed": state.closed});
        let answer = self.client.send(Call {
            body: Some(body.to_string()),
            once: true,
            ..Call::new("write", Method::PUT, &path)
        })?;
        match answer.status {
            200..300 => Ok(()),
            409 => Err(self.followed()),
            _ => Err(answer.refused()),
        }
    }

    /// Refuses a store that is closed.
    pub(super) fn refuse_closed(&self, state: &State) -> Result<(), Error> {
        match &state.closed {
            None => Ok(()),
            Some(why) => Err(Error::Closed {
                place: self.place(),
                why: why.clone(),
            }),
        }
    }

    /// Ends a writer that another has followed before it writes. Versions end it where this looks a moment too early.
    pub(super) fn refuse_later_writer(&self, writer: u64) -> Result<(), Error> {
        match self.state()?.writer > writer {
            true => Err(self.followed()),
            false => Ok(()),
        }
    }

    fn followed(&self) -> Error {
        Error::Cluster {
            action: "write to",
            place: self.place(),
            status: None,
            reason: "another writer has opened this store since: only one may".to_owned(),
        }
    }
}

/// What is known of a store.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// Its last commit; `None` before the first.
    pub(super) stamp: Option<Stamp>,
    /// The number of its writer: each that opens the store has the next.
    pub(super) writer: u64,
    /// Why nobody may open it, if so.
    pub(super) closed: Option<String>,
}
