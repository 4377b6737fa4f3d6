//! Topics that were not there before, and that several people write about.

use crate::detect::{Detail, Finding, FindingKind};
use post::{MentionId, Millis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Mention;
use trends::hash;
use trends::sketches::Lowest;
use trends::topics::Topics;

/// A topic is new for so long after its first post.
const NEW: Millis = 24 * 3_600_000;
/// Nothing is new in the first day of a project.
const SETTLED: Millis = 24 * 3_600_000;
/// Authors and texts that a new topic needs to be told of.
const AUTHORS: u64 = 8;
const TEXTS: u32 = 8;
/// −log10 of the probability that a topic of this project has so many authors.
const STRENGTH: f64 = 2.0;
/// Found so long after it happened, it is of the past.
const PAST: Millis = 3_600_000;
/// New topics that are followed at once.
const MOST: usize = 4_096;
/// Mentions and words that are shown.
const SHOWN: usize = 5;

/// What a project's newest topics have come to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct News {
    /// The first and the newest post, by the time they were written.
    first: Option<Millis>,
    newest: Millis,
    young: BTreeMap<u64, Young>,
    /// Topics that grew out of their first day, and the authors they had by then.
    grown: (u64, u64),
    /// The newest topic that was ever followed: an older one is no news.
    last: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Young {
    born: Millis,
    latest: Millis,
    posts: u64,
    texts: u32,
    authors: Lowest,
    mentions: Vec<[u8; 16]>,
    is_told: bool,
}

impl News {
    /// The same topics with none of their posts.
    pub(super) fn emptied(&self) -> Self {
        let mut emptied = self.clone();
        for young in emptied.young.values_mut() {
            *young = Young {
                posts: 0,
                texts: 0,
                authors: Lowest::default(),
                mentions: Vec::new(),
                ..*young
            };
        }
        emptied
    }

    /// Counts a mention of a topic; `is_text` says that it is no copy of another.
    pub(super) fn see(&mut self, topic: u64, mention: &Mention, is_text: bool) {
        let at = mention.post.created_at;
        let first = *self.first.get_or_insert(at);
        self.newest = self.newest.max(at);
        if topic > self.last {
            self.last = topic;
            self.forget();
            let settled = at.saturating_sub(first) >= SETTLED;
            let young = Young {
                born: at,
                latest: at,
                posts: 0,
                texts: 0,
                authors: Lowest::default(),
                mentions: Vec::new(),
                is_told: !settled,
            };
            self.young.insert(topic, young);
        }
        let Some(young) = self.young.get_mut(&topic) else {
            return;
        };
        young.latest = young.latest.max(at);
        young.posts += 1;
        young.texts += u32::from(is_text);
        if let Some(author) = &mention.post.author {
            young.authors.insert(hash::bytes(&author.key.0));
        }
        if is_text && young.mentions.len() < SHOWN {
            young.mentions.push(mention.id.0);
        }
    }

    /// Lets go of those that are no longer new.
    fn forget(&mut self) {
        let limit = self.newest.saturating_sub(NEW);
        let crowded = self.young.len() >= MOST;
        let (grown, mut room) = (&mut self.grown, self.young.len());
        self.young.retain(|_, young| {
            // Ids ascend: the oldest are met first.
            let stays = young.born >= limit && !(crowded && room > MOST / 2);
            if !stays {
                room -= 1;
                *grown = (grown.0 + 1, grown.1 + young.authors.distinct());
            }
            stays
        });
    }

    /// The findings of topics that have become news. What is told once is not told again.
    pub(super) fn take(&mut self, project: &str, topics: &Topics, now: Millis, found: &mut Vec<Finding>) {
        let mean = (self.grown.1 as f64 + 1.0) / (self.grown.0 as f64 + 1.0);
        for (id, young) in &mut self.young {
            let authors = young.authors.distinct();
            let strength = strength(authors, mean);
            if young.is_told || authors < AUTHORS || young.texts < TEXTS || strength < STRENGTH {
                continue;
            }
            young.is_told = true;
            let id = topics.resolve(*id);
            let words = topics.summary(id).map(|s| s.terms).unwrap_or_default();
            found.push(Finding {
                id: format!("new_topic:{project}:{id}"),
                project: project.to_owned(),
                monitor: None,
                kind: FindingKind::NewTopic,
                from: young.born,
                until: young.latest,
                found_at: now,
                strength,
                is_past: now.saturating_sub(young.latest) > PAST,
                detail: Detail::Topic {
                    topic: id.to_string(),
                    words: words.into_iter().take(SHOWN).map(|(word, _)| word).collect(),
                    posts: young.posts,
                    mentions: young.mentions.iter().map(|m| MentionId(*m).to_string()).collect(),
                },
            });
        }
    }
}

/// −log10 of the probability of so many authors or more, where topics have `mean` of them in their first day and nothing
/// else is known: the geometric distribution has the most entropy of all with this mean.
fn strength(authors: u64, mean: f64) -> f64 {
    -(authors.saturating_sub(1) as f64) * (1.0 - 1.0 / mean.max(1.01)).log10()
}
