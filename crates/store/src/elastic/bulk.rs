//! Writing many documents at once.
//!
//! Several requests are under way at once, as many as the cluster takes: one more after each round that it took, half as
//! many after one that it had no room for (HTTP 429).

use super::api::Cluster;
use super::client::{Answer, kind};
use crate::Error;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A request has so many bytes or documents at most.
const MAX_BYTES: usize = 4 << 20;
const MAX_OPS: usize = 2_000;
/// Requests that wait to be sent at most.
const WAITING: usize = 16;
/// Requests under way at once, to begin with and at most.
const FIRST: usize = 2;
const MOST: usize = 8;
/// Documents that the cluster has no room for now are sent again so often, after so long and then twice as long.
const TRIES: u32 = 6;
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// How many bulk requests may be under way at once.
pub(super) struct Flow(AtomicUsize);

impl Default for Flow {
    fn default() -> Self {
        Self(AtomicUsize::new(FIRST))
    }
}

impl Flow {
    pub(super) fn most(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn learn(&self, was_refused: bool) {
        let now = self.most();
        let next = if was_refused { now / 2 } else { now + 1 };
        self.0.store(next.clamp(1, MOST), Ordering::Relaxed);
    }
}

/// A bulk request in the making.
pub(super) struct Bulk<'c> {
    cluster: &'c Cluster,
    /// What each document is written as: of two versions of one the higher stands.
    version: u64,
    /// Whether a document that the cluster has in a higher version is left as it is, rather than an error.
    yields: bool,
    /// One or two lines each.
    ops: Vec<String>,
    bytes: usize,
    waiting: Vec<Vec<String>>,
}

/// What became of a request.
struct Sent {
    /// What has to be sent again.
    left: Vec<String>,
    /// Whether the cluster had no room for some.
    was_refused: bool,
}

impl<'c> Bulk<'c> {
    /// Writes documents as of a version, which must be higher than that of any before them.
    pub(super) fn new(cluster: &'c Cluster, version: u64) -> Self {
        Self {
            cluster,
            version,
            yields: false,
            ops: Vec::new(),
            bytes: 0,
            waiting: Vec::new(),
        }
    }

    /// Writes documents where the cluster has them not, or in a lower version.
    pub(super) fn yielding(cluster: &'c Cluster, version: u64) -> Self {
        Self {
            yields: true,
            ..Self::new(cluster, version)
        }
    }

    /// Writes a document, over an older one where there is one.
    pub(super) fn index(&mut self, index: &str, id: &str, document: &Value) -> Result<(), Error> {
        let head = json!({"index": self.head(index, id)});
        self.push(format!("{head}\n{document}\n"))
    }

    /// Deletes a document, if it is there.
    pub(super) fn delete(&mut self, index: &str, id: &str) -> Result<(), Error> {
        let head = json!({"delete": self.head(index, id)});
        self.push(format!("{head}\n"))
    }

    fn head(&self, index: &str, id: &str) -> Value {
        json!({"_index": index, "_id": id, "version": self.version, "version_type": "external"})
    }

    fn push(&mut self, op: String) -> Result<(), Error> {
        if self.bytes + op.len() > MAX_BYTES || self.ops.len() >= MAX_OPS {
            self.close();
            if self.waiting.len() >= WAITING {
                self.drain()?;
            }
        }
        self.bytes += op.len();
        self.ops.push(op);
        Ok(())
    }

    fn close(&mut self) {
        self.bytes = 0;
        let ops = std::mem::take(&mut self.ops);
        self.waiting.extend(Some(ops).filter(|ops| !ops.is_empty()));
    }

    /// Sends what is left.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        self.close();
        self.drain()
    }

    fn drain(&mut self) -> Result<(), Error> {
        let mut waiting = std::mem::take(&mut self.waiting);
        let (mut refusals, mut wait) = (0, FIRST_WAIT);
        while !waiting.is_empty() {
            let now = waiting.split_off(waiting.len().saturating_sub(self.cluster.flow.most()));
            let last = refusals + 1 >= TRIES;
            let sent = self.send_all(now, last)?;
            let was_refused = sent.iter().any(|sent| sent.was_refused);
            waiting.extend(
                sent.into_iter()
                    .map(|sent| sent.left)
                    .filter(|left| !left.is_empty()),
            );
            self.cluster.flow.learn(was_refused);
            if was_refused {
                refusals += 1;
                std::thread::sleep(wait);
                wait *= 2;
            } else {
                (refusals, wait) = (0, FIRST_WAIT);
            }
        }
        Ok(())
    }

    /// Sends requests at once, and waits for all.
    fn send_all(&self, requests: Vec<Vec<String>>, last: bool) -> Result<Vec<Sent>, Error> {
        std::thread::scope(|scope| {
            let send = |ops: Vec<String>| scope.spawn(move || self.send(ops, last));
            let threads: Vec<_> = requests.into_iter().map(send).collect();
            let died = |_| Err(self.refused(None, "sending panicked".to_owned()));
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(died))
                .collect()
        })
    }

    fn send(&self, mut ops: Vec<String>, last: bool) -> Result<Sent, Error> {
        let answer = self.cluster.bulk(ops.concat())?;
        match answer.status {
            200..300 => self.look(ops, &answer, last),
            429 | 503 if !last => Ok(Sent {
                left: ops,
                was_refused: true,
            }),
            // Too long for one request.
            413 if ops.len() > 1 => {
                let mut rest = ops.split_off(ops.len() / 2);
                let (mut one, other) = (self.send(ops, last)?, self.send(std::mem::take(&mut rest), last)?);
                one.left.extend(other.left);
                one.was_refused |= other.was_refused;
                Ok(one)
            }
            _ => Err(answer.refused()),
        }
    }

    fn refused(&self, status: Option<u16>, reason: String) -> Error {
        Error::Cluster {
            action: "write to",
            place: self.cluster.place(),
            status,
            reason,
        }
    }

    /// What has to be sent again. What is refused for good is an error.
    fn look(&self, ops: Vec<String>, answer: &Answer, last: bool) -> Result<Sent, Error> {
        let items = answer.json["items"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        if items.len() != ops.len() {
            let (got, sent) = (items.len(), ops.len());
            return Err(self.refused(None, format!("{got} answers to {sent} documents")));
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
                Some(409) if self.yields => {}
                Some(429 | 503) if !last => left.push(op),
                Some(409) => {
                    let reason = "another writer has written to this store since: only one may".to_owned();
                    return Err(self.refused(status, reason));
                }
                _ => {
                    let id = done["_id"].as_str().unwrap_or_default();
                    let kind = kind(&done["error"]);
                    return Err(self.refused(status, format!("mention {id} is refused: {kind}")));
                }
            }
        }
        Ok(Sent {
            was_refused: !left.is_empty(),
            left,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flow_grows_slowly_and_shrinks_fast() {
        let flow = Flow::default();
        (0..20).for_each(|_| flow.learn(false));
        assert_eq!(flow.most(), MOST);
        flow.learn(true);
        assert_eq!(flow.most(), MOST / 2);
        (0..20).for_each(|_| flow.learn(true));
        assert_eq!(flow.most(), 1);
    }
}
