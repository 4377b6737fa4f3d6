//! Coordination in one project: accounts that share the same links, texts or reposts within moments, again and again.

use super::finding::{Detail, Finding, FindingKind};
use super::read::{head, text};
use super::{DAY, NEWS};
use post::AuthorKey;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{Mention, mention_number};
use trends::coordination::{Config, Coordination, Share};
use trends::copies::{Normal, site_and_path};
use trends::hash;

/// Shares kept.
const MOST: usize = 1 << 16;
/// Looked for so often: live, and in the past, where every look sees a whole day.
const OFTEN: i64 = 1_800;
const SELDOM: i64 = DAY / 2;
/// Objects told of, and mentions of each.
const OBJECTS: usize = 8;
const EACH: usize = 3;

/// The state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Rings {
    coordination: Coordination,
    /// Pseudonyms of accounts in the shares.
    accounts: BTreeMap<u64, (AuthorKey, i64)>,
    looked: i64,
    known: Vec<Known>,
}

/// A ring that was told of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Known {
    id: String,
    accounts: BTreeSet<u64>,
    from: i64,
    until: i64,
    found_at: i64,
}

impl Default for Rings {
    fn default() -> Self {
        Self {
            coordination: Coordination::new(Config {
                most: MOST,
                ..Config::default()
            }),
            accounts: BTreeMap::new(),
            looked: 0,
            known: Vec::new(),
        }
    }
}

impl Rings {
    /// Takes in a mention that stands for its post, in a bin that ends at `now`.
    pub(super) fn observe(&mut self, mention: &Mention, now: i64, normal: &mut Normal) {
        let post = &mention.post;
        let Some(author) = post.author.as_ref().filter(|_| post.indexable != Some(false)) else {
            return;
        };
        let account = head(author.key.0);
        let at = post.created_at.div_euclid(1000);
        let mut took = false;
        for object in objects(mention, normal) {
            let share = Share {
                account,
                object,
                post: mention_number(mention.id),
                at,
            };
            took |= self.coordination.observe(share, now);
        }
        if took {
            self.accounts.insert(account, (author.key, at));
        }
    }

    /// Looks where it is time: rings that are new or have grown.
    pub(super) fn tick(&mut self, project: &str, at: i64, now: i64) -> Vec<Finding> {
        let every = if at < now - DAY { SELDOM } else { OFTEN };
        if at < self.looked + every {
            return Vec::new();
        }
        self.looked = at;
        let (_, rings) = self.coordination.look(at);
        self.accounts.retain(|_, (_, last)| *last > at - 2 * DAY);
        self.known.retain(|k| k.until > at - 7 * DAY);
        let tell = |ring: &trends::coordination::Ring| self.tell(project, ring, now);
        let found: Vec<_> = rings.iter().map(tell).collect();
        found
            .into_iter()
            .flatten()
            .map(|(known, finding)| {
                self.known.retain(|k| k.id != known.id);
                self.known.push(known);
                finding
            })
            .collect()
    }

    /// Forgets accounts that have no mention any more.
    pub(super) fn forget(&mut self, gone: &dyn Fn(AuthorKey) -> bool) {
        self.accounts.retain(|_, (key, _)| !gone(*key));
    }

    /// A ring is known under another id already.
    pub(super) fn rename(&mut self, from: &str, to: &str) {
        let same = self.known.iter_mut().filter(|k| k.id == from);
        same.for_each(|k| k.id = to.to_owned());
    }

    fn tell(&self, project: &str, ring: &trends::coordination::Ring, now: i64) -> Option<(Known, Finding)> {
        let in_ring = |s: &&Share| ring.accounts.binary_search(&s.account).is_ok();
        let shares: Vec<Share> = self.coordination.shares().filter(in_ring).copied().collect();
        let of_ring = |s: &&Share| ring.objects.binary_search(&s.object).is_ok();
        let (mut from, mut until) = (i64::MAX, i64::MIN);
        for share in shares.iter().filter(of_ring) {
            (from, until) = (from.min(share.at), until.max(share.at + 1));
        }
        if from > until {
            return None;
        }
        let mut mentions = Vec::new();
        for object in ring.objects.iter().take(OBJECTS) {
            let posts = shares.iter().filter(|s| s.object == *object).take(EACH);
            mentions.extend(posts.map(|s| format!("{:016x}", s.post)));
        }
        mentions.sort_unstable();
        mentions.dedup();
        let accounts: BTreeSet<u64> = ring.accounts.iter().copied().collect();
        // A ring that shares half its accounts with a known one is that one.
        let same = |k: &&Known| {
            k.accounts.intersection(&accounts).count() * 2 >= accounts.len().min(k.accounts.len())
        };
        let named = format!("{project}\ncoordination\n{:?}\n{}", ring.accounts, from / DAY);
        let mut known = match self.known.iter().find(same) {
            Some(known) => known.clone(),
            None => Known {
                id: format!("f_{:016x}", hash::text(&named)),
                accounts: BTreeSet::new(),
                from,
                until,
                found_at: now,
            },
        };
        known.accounts.extend(&accounts);
        (known.from, known.until) = (known.from.min(from), known.until.max(until));
        let name = |a: &u64| self.accounts.get(a).map(|(key, _)| key.to_string());
        let finding = Finding {
            id: known.id.clone(),
            project: project.to_owned(),
            monitor: None,
            kind: FindingKind::Coordination,
            from: known.from * 1000,
            until: known.until * 1000,
            found_at: known.found_at * 1000,
            // The rate of false ones among what is found is 1 %.
            strength: 2.0,
            is_past: known.until < now - NEWS,
            detail: Detail::Shares {
                accounts: accounts.iter().filter_map(name).collect(),
                objects: ring.objects.len() as u32,
                window: Config::default().window as u32,
                mentions,
            },
        };
        Some((known, finding))
    }
}

/// What a mention shares: its links, its text where it has some words, the post it repeats.
pub(crate) fn objects(mention: &Mention, normal: &mut Normal) -> Vec<u64> {
    let post = &mention.post;
    if let Some(of) = post.repost_of {
        return vec![hash::pair(head(of.0), 3)];
    }
    let mut objects: Vec<u64> = post
        .urls
        .iter()
        .map(|url| hash::pair(hash::text(&site_and_path(url)), 1))
        .collect();
    let text = text(mention);
    // Short texts are alike without anybody meaning it.
    if text.split_whitespace().nth(5).is_some() {
        normal.read(&text);
        objects.extend(normal.hash().map(|h| hash::pair(h, 2)));
    }
    objects.sort_unstable();
    objects.dedup();
    objects
}
