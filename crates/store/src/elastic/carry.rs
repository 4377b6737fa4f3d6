//! What a move reads of a store and writes to one, see [`crate::moving`].

use super::api::Cluster;
use super::bulk::Bulk;
use super::fetch::{Hit, PAGE};
use super::filter::{range, terms};
use super::known::made;
use super::mapping::{document_id, field, place_of};
use super::settings::Settings;
use super::snapshot::Snapshot;
use super::store::Store;
use crate::Error;
use crate::format::Stamp;
use crate::moving::{Carried, Checksum, DAY, DayMark, Listed, Place, UNKNOWN, day_of, died};
use post::{MentionId, Millis};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use text::Tokens;

/// Days counted at once.
const DAYS: i64 = 1_000;
/// Pages read, and documents made and written, beside one another.
const BESIDE: usize = 4;

/// Why a store is closed, if so.
pub(crate) fn closed(settings: &Settings) -> Result<Option<String>, Error> {
    Ok(Cluster::connect(settings.clone())?.state()?.closed)
}

/// Closes a store. Its writer, if there is one, is refused from now on.
pub(crate) fn close(settings: &Settings, why: &str) -> Result<(), Error> {
    let cluster = Cluster::connect(settings.clone())?;
    let state = cluster.state()?;
    let (mut store, _) = Store::take_over(cluster, state)?;
    store.close_as(Some(why))
}

impl Snapshot {
    /// What tells apart whatever each day holds.
    pub fn days(&self) -> Result<BTreeMap<i64, DayMark>, Error> {
        let mut days = BTreeMap::new();
        let mut from = None;
        while let Some(at) = self.first_from(from)? {
            let first = day_of(at);
            let border = |day: i64| day.saturating_mul(DAY);
            let one = |day: i64| json!({"key": day.to_string(), "from": border(day), "to": border(day + 1)});
            let ranges: Vec<Value> = (first..first + DAYS).map(one).collect();
            let body = json!({
                "query": range(field::CREATED, Some(border(first)), Some(border(first + DAYS))),
                "size": 0,
                "aggs": {"days": {
                    "range": {"field": field::CREATED, "keyed": true, "ranges": ranges},
                    "aggs": {"written": {"sum": {"field": field::WRITTEN}}},
                }},
            });
            let answer = self.cluster().search(&body)?;
            let buckets = answer["aggregations"]["days"]["buckets"].as_object();
            for (day, bucket) in buckets.into_iter().flatten() {
                let mentions = bucket["doc_count"].as_u64().unwrap_or(0);
                let written = bucket["written"]["value"].as_f64().unwrap_or(0.0) as u64;
                if let (Ok(day), true) = (day.parse(), mentions > 0) {
                    days.insert(day, DayMark { mentions, written });
                }
            }
            from = Some(border(first + DAYS));
        }
        Ok(days)
    }

    /// When the first post from a time on was published.
    fn first_from(&self, from: Option<Millis>) -> Result<Option<Millis>, Error> {
        let body = json!({
            "query": range(field::CREATED, from, None),
            "size": 1,
            "_source": false,
            "sort": [{field::CREATED: "asc"}],
            "track_total_hits": false,
        });
        let answer = self.cluster().search(&body)?;
        Ok(answer["hits"]["hits"][0]["sort"][0].as_i64())
    }

    /// The mentions of a day, in the order of their posts' times and their numbers.
    pub fn listed(&self, day: i64) -> Result<Vec<Listed>, Error> {
        let mut names: Vec<Arc<str>> = Vec::new();
        let (mut all, mut odd) = (Vec::new(), false);
        self.cluster()
            .each_row(&of_day(day, 0, 1), &[field::WRITTEN], &mut |found| {
                let known = names.iter().find(|name| ***name == *found.index).cloned();
                let index = known.unwrap_or_else(|| {
                    let index: Arc<str> = found.index.into();
                    names.push(index.clone());
                    index
                });
                let Some(id) = MentionId::from_hex(found.id) else {
                    odd = true;
                    return;
                };
                all.push(Listed {
                    number: found.number,
                    written: found.bits(field::WRITTEN).unwrap_or(0),
                    at: found.at,
                    place: Place::Elastic(index, id),
                });
            })?;
        if odd {
            return Err(Error::Damaged {
                path: self.cluster().place().into(),
                reason: "a document's id is none of a mention".to_owned(),
            });
        }
        all.sort_unstable_by_key(|l| (l.at, l.number));
        Ok(all)
    }

    /// Calls `each` with the mentions that this snapshot listed, in no order; those that are not there any more are left out.
    pub fn carried(&self, listed: &[Listed], each: &mut dyn FnMut(Carried)) -> Result<(), Error> {
        let pages: Vec<&[Listed]> = listed.chunks(PAGE).collect();
        for some in pages.chunks(BESIDE) {
            let read = |page: &[Listed]| {
                let numbers = page.iter().map(|l| place_of(l.number)).collect();
                // One that stands in two indices is met twice.
                self.cluster()
                    .hits(&terms(field::ID, numbers), None, 2 * page.len())
            };
            for hits in beside(some, |page| read(page))? {
                hits.into_iter().map(carried).for_each(&mut *each);
            }
        }
        Ok(())
    }

    /// The checksum of a day, every mention read anew.
    pub fn checksum(&self, day: i64) -> Result<Checksum, Error> {
        let parts: Vec<i64> = (0..BESIDE as i64).collect();
        let sum = |part: &i64| {
            let mut sum = Checksum::default();
            self.cluster()
                .each_still(&of_day(day, *part, BESIDE as i64), &mut |hit| {
                    sum.add(&carried(hit)).map_err(|e| Error::Damaged {
                        path: self.cluster().place().into(),
                        reason: e.to_string(),
                    })
                })?;
            Ok(sum)
        };
        let sums = beside(&parts, sum)?;
        Ok(sums.into_iter().fold(Checksum::default(), Checksum::and))
    }
}

fn carried(hit: Hit) -> Carried {
    Carried {
        mention: hit.mention,
        written: hit.written,
    }
}

/// What was published in one of some equal parts of a day.
fn of_day(day: i64, part: i64, parts: i64) -> Value {
    let border = |part: i64| day.saturating_mul(DAY).saturating_add(DAY * part / parts);
    range(field::CREATED, Some(border(part)), Some(border(part + 1)))
}

/// Does work for each, all at once.
fn beside<I: Sync, T: Send>(
    items: &[I],
    work: impl Fn(&I) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = items.iter().map(|item| scope.spawn(move || work(item))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(died())))
            .collect()
    })
}

/// What one thread writes at once, by the names of the indices.
type Share = BTreeMap<String, Vec<Carried>>;

/// Writes share after share, and after an error takes the rest for nothing: who hands them out is never kept waiting.
fn write_all(cluster: &Cluster, version: u64, shares: &Mutex<Receiver<Share>>) -> Result<(), Error> {
    let mut tokens = Tokens::new();
    let mut done = Ok(());
    loop {
        let share = shares.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(share) = share else { return done };
        if done.is_ok() {
            done = write(cluster, version, &share, &mut tokens);
        }
    }
}

fn write(cluster: &Cluster, version: u64, share: &Share, tokens: &mut Tokens) -> Result<(), Error> {
    let mut bulk = Bulk::new(cluster, version);
    for (index, mentions) in share {
        for c in mentions {
            let document = made(&c.mention, c.written, tokens)?;
            bulk.index(index, &document_id(c.mention.id), &document)?;
        }
    }
    bulk.finish()
}

impl Store {
    pub(crate) fn close_as(&mut self, why: Option<&str>) -> Result<(), Error> {
        self.closed = why.map(str::to_owned);
        self.save(self.stamp)
    }

    /// Of each partition the number of the last writing to each of its shards, as the cluster counts them.
    pub(crate) fn change_marks(&self) -> Result<BTreeMap<String, String>, Error> {
        let mut marks = BTreeMap::new();
        for (partition, place) in &self.places.by_partition {
            let path = format!("{}/_stats/docs?level=shards", place.live);
            let answer = self.cluster.call("measure", Method::GET, &path, None)?;
            let shards = answer["indices"][&place.live]["shards"].as_object();
            let of_shard = |copies: &Value| {
                let mut copies = copies.as_array()?.iter();
                let first = copies.find(|copy| copy["routing"]["primary"] == true)?;
                first["seq_no"]["max_seq_no"].as_i64().map(|n| n.to_string())
            };
            let numbers: Option<Vec<String>> = shards.and_then(|all| all.values().map(of_shard).collect());
            let mark = numbers
                .filter(|n| !n.is_empty())
                .map_or_else(|| UNKNOWN.to_owned(), |n| n.join(","));
            marks.insert(partition.clone(), mark);
        }
        Ok(marks)
    }

    pub(crate) fn take_away(&mut self, listed: &[Listed]) -> Result<(), Error> {
        if listed.is_empty() {
            return Ok(());
        }
        self.cluster.refuse_later_writer(self.writer)?;
        let version = self.next_version();
        let mut bulk = Bulk::new(&self.cluster, version);
        for one in listed {
            match &one.place {
                Place::Elastic(index, id) => bulk.delete(index, &document_id(*id))?,
                Place::Embedded(..) => {
                    return Err(Error::Question(
                        "a mention that another snapshot listed".to_owned(),
                    ));
                }
            }
        }
        bulk.finish()
    }

    /// Several threads make documents of what `next` gives, and write them.
    pub(crate) fn carry(
        &mut self,
        next: &mut dyn FnMut() -> Result<Option<Vec<Carried>>, Error>,
    ) -> Result<(), Error> {
        self.cluster.refuse_later_writer(self.writer)?;
        let (cluster, version) = (self.cluster.clone(), self.next_version());
        // No more than is worked on is kept.
        let (sender, receiver) = mpsc::sync_channel(0);
        let receiver = Arc::new(Mutex::new(receiver));
        std::thread::scope(|scope| {
            let writer = || {
                let (receiver, cluster) = (receiver.clone(), &*cluster);
                scope.spawn(move || write_all(cluster, version, &receiver))
            };
            let writers: Vec<_> = (0..BESIDE).map(|_| writer()).collect();
            // Where all of them died, nobody waits for what is sent.
            drop(receiver);
            let fed = self.feed(next, sender);
            let done = writers
                .into_iter()
                .try_for_each(|writer| writer.join().unwrap_or_else(|_| Err(died())));
            done.and(fed)
        })
    }

    fn feed(
        &mut self,
        next: &mut dyn FnMut() -> Result<Option<Vec<Carried>>, Error>,
        writers: SyncSender<Share>,
    ) -> Result<(), Error> {
        while let Some(mentions) = next()? {
            let mut share = Share::new();
            for carried in mentions {
                let partition = self.cluster.settings.partition_of(&carried.mention);
                let index = self.live_index(&partition)?;
                share.entry(index).or_default().push(carried);
            }
            if writers.send(share).is_err() {
                return Err(died());
            }
        }
        Ok(())
    }

    /// The index of a partition, made where there is none.
    fn live_index(&mut self, partition: &str) -> Result<String, Error> {
        if self.places.of(partition).is_none() {
            self.make_filling(partition)?;
        }
        let place = self.places.of(partition);
        Ok(place.map(|place| place.live.clone()).unwrap_or_default())
    }

    pub(crate) fn settle(&mut self) -> Result<(), Error> {
        self.cluster.refresh()
    }

    pub(crate) fn seal(&mut self, position: u64, generation: u64) -> Result<(), Error> {
        self.filled()?;
        self.cluster.refresh()?;
        self.stamp = Stamp::at(position, generation);
        self.applied = position;
        self.shared.publish(generation);
        self.save(self.stamp)
    }
}
