//! What is past its time. Documents carry their stage and when their post was received, so that a pass finds what is due
//! without reading anything else; an index of which everything goes is deleted as a whole.

use super::filter::{range, term};
use super::mapping::field;
use super::store::Store;
use super::write::AT_ONCE;
use crate::expiry::{HOUR, expired};
use crate::{Due, Error, Expired, Stage};
use foldhash::HashSet;
use post::{Millis, PostKey};
use serde_json::{Value, json};

impl Store {
    /// Takes away what is past its time; the next commit makes it durable and visible. An index of which everything goes
    /// is removed at once.
    pub fn expire(&mut self, due: &[Due]) -> Result<Expired, Error> {
        self.finish_reindexing()?;
        self.flush()?;
        let mut out = Expired::default();
        let partitions: Vec<String> = self.places.by_partition.keys().cloned().collect();
        for partition in partitions {
            if !self.drop_whole(&partition, due, &mut out)? {
                self.expire_in(&partition, due, &mut out)?;
            }
        }
        Ok(out)
    }

    fn drop_whole(&mut self, partition: &str, due: &[Due], out: &mut Expired) -> Result<bool, Error> {
        let Some(index) = self.places.of(partition).map(|place| place.live.clone()) else {
            return Ok(true);
        };
        let everything = json!({"match_all": {}});
        let mut going = 0;
        for due in due {
            // As the embedded store: of the hour of the limit itself some may have come after it.
            if let Some(limit) = due.aggregates {
                let before = limit.div_euclid(HOUR) * HOUR;
                let query = with(due, &[range(field::SEEN, None, Some(before))]);
                going += self.cluster.count_in(&index, &query)?;
            }
        }
        if going == 0 || going < self.cluster.count_in(&index, &everything)? {
            return Ok(false);
        }
        out.posts.extend(self.posts_in(&index, &everything)?);
        out.mentions += going;
        out.folders += 1;
        self.places.by_partition.remove(partition);
        self.cluster.delete_index(&index)?;
        (self.changed, self.replaced) = (true, true);
        Ok(true)
    }

    fn expire_in(&mut self, partition: &str, due: &[Due], out: &mut Expired) -> Result<(), Error> {
        let mut done: HashSet<PostKey> = HashSet::default();
        for one in due {
            let Some(index) = self.places.of(partition).map(|place| place.live.clone()) else {
                return Ok(());
            };
            let at = |stage: Stage, limit: Millis| {
                let of_stage = term(field::STAGE, stage.letter().to_string());
                json!({"bool": {"filter": [of_stage, range(field::SEEN, None, Some(limit))]}})
            };
            let ways = Stage::ALL
                .into_iter()
                .filter_map(|stage| Some(at(stage, one.of(stage)?)));
            let ways: Vec<Value> = ways.collect();
            if ways.is_empty() {
                continue;
            }
            let posts = self.posts_in(&index, &with(one, &ways))?;
            let posts: Vec<PostKey> = posts.into_iter().filter(|post| done.insert(*post)).collect();
            for some in posts.chunks(AT_ONCE) {
                self.load(some.iter().copied())?;
                for post in some {
                    let left = expired(*post, self.mentions_of(*post)?, due, out);
                    // As they are left: counts that went do not come back.
                    self.replace(*post, left)?;
                }
            }
        }
        // What another index is asked for is to be seen there.
        self.flush()
    }
}

/// What of these the limits are about.
fn with(due: &Due, ways: &[Value]) -> Value {
    json!({"bool": {
        "filter": [
            term(field::SOURCE, due.platform.as_str()),
            term(field::PROJECT, due.project.as_str()),
            {"bool": {"should": ways, "minimum_should_match": 1}},
        ],
    }})
}
