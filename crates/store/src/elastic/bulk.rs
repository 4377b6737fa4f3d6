//! Writing many documents at once.

use super::api::Cluster;
use super::client::kind;
use crate::Error;
use serde_json::{Value, json};
use std::time::Duration;

/// A request is sent when it has so many bytes or documents.
const MAX_BYTES: usize = 8 << 20;
const MAX_OPS: usize = 4_000;
/// Documents that the cluster has no room for now are sent again so often.
const TRIES: u32 = 6;
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// A bulk request in the making.
pub(super) struct Bulk<'c> {
    cluster: &'c Cluster,
    /// One or two lines each.
    ops: Vec<String>,
    bytes: usize,
}

impl<'c> Bulk<'c> {
    pub(super) fn new(cluster: &'c Cluster) -> Self {
        Self {
            cluster,
            ops: Vec::new(),
            bytes: 0,
        }
    }

    /// Writes a document, over an older one where there is one.
    pub(super) fn index(&mut self, index: &str, id: &str, document: &Value) -> Result<(), Error> {
        let head = json!({"index": {"_index": index, "_id": id}});
        self.push(format!("{head}\n{document}\n"))
    }

    /// Deletes a document, if it is there.
    pub(super) fn delete(&mut self, index: &str, id: &str) -> Result<(), Error> {
        let head = json!({"delete": {"_index": index, "_id": id}});
        self.push(format!("{head}\n"))
    }

    fn push(&mut self, op: String) -> Result<(), Error> {
        self.bytes += op.len();
        self.ops.push(op);
        match self.bytes >= MAX_BYTES || self.ops.len() >= MAX_OPS {
            true => self.finish(),
            false => Ok(()),
        }
    }

    /// Sends what is left.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        let mut ops = std::mem::take(&mut self.ops);
        self.bytes = 0;
        let mut wait = FIRST_WAIT;
        for tried in 1.. {
            if ops.is_empty() {
                break;
            }
            let answer = self.cluster.bulk(ops.concat())?;
            ops = self.left(ops, &answer, tried == TRIES)?;
            if !ops.is_empty() {
                std::thread::sleep(wait);
                wait *= 2;
            }
        }
        Ok(())
    }

    /// The operations that have to be sent again. What is refused for good is an error.
    fn left(&self, ops: Vec<String>, answer: &Value, last: bool) -> Result<Vec<String>, Error> {
        let items = answer["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        let refused = |status: Option<u16>, reason: String| Error::Cluster {
            action: "write to",
            place: self.cluster.place(),
            status,
            reason,
        };
        if items.len() != ops.len() {
            let (got, sent) = (items.len(), ops.len());
            return Err(refused(None, format!("{got} answers to {sent} documents")));
        }
        let mut left = Vec::new();
        for (op, item) in ops.into_iter().zip(items) {
            let is_delete = item.get("delete").is_some();
            let done = if is_delete {
                &item["delete"]
            } else {
                &item["index"]
            };
            let status = done["status"].as_u64().and_then(|s| u16::try_from(s).ok());
            match status {
                Some(200..300) => {}
                Some(404) if is_delete => {}
                Some(429 | 503) if !last => left.push(op),
                _ => {
                    let id = done["_id"].as_str().unwrap_or_default();
                    let kind = kind(&done["error"]);
                    return Err(refused(status, format!("mention {id} is refused: {kind}")));
                }
            }
        }
        Ok(left)
    }
}
