//! What the browser is told as it happens: one broadcast, one Server-Sent Events stream per browser.

use crate::api::types::{LiveCommit, LiveCount};
use crate::pipeline::{Committed, Snapshot};
use crate::view;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Mention;
use tokio::sync::broadcast;

/// Commits a slow client may lag behind before it is told to ask again.
const DEPTH: usize = 64;
/// Mentions sent along with a commit.
const NEWEST: usize = 20;

/// The broadcast of commits.
#[derive(Clone)]
pub struct Live(broadcast::Sender<Arc<Vec<LiveCommit>>>);

impl Default for Live {
    fn default() -> Self {
        Self(broadcast::channel(DEPTH).0)
    }
}

impl Live {
    /// A receiver of what comes from now on: for each commit, one message per project it touched.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Vec<LiveCommit>>> {
        self.0.subscribe()
    }

    /// Tells everybody of a commit.
    pub fn announce(&self, commit: &Committed, snapshot: &Snapshot) {
        if self.0.receiver_count() > 0 {
            // Nobody listening is no fault.
            let _ = self.0.send(Arc::new(messages(commit, snapshot)));
        }
    }
}

fn messages(commit: &Committed, snapshot: &Snapshot) -> Vec<LiveCommit> {
    let mut by_project: BTreeMap<&str, Vec<&Mention>> = BTreeMap::new();
    if commit.removed {
        for monitor in snapshot.monitors() {
            by_project.entry(&monitor.def.project).or_default();
        }
    }
    for mention in &commit.mentions {
        by_project.entry(&mention.project).or_default().push(mention);
    }
    by_project
        .into_iter()
        .map(|(project, mut mentions)| {
            let added = counts(&mentions);
            mentions.sort_by_key(|m| std::cmp::Reverse(m.post.created_at));
            mentions.truncate(NEWEST);
            LiveCommit {
                generation: commit.generation,
                project: project.to_owned(),
                added,
                newest: mentions
                    .into_iter()
                    .map(|m| view::mention(m, None, snapshot))
                    .collect(),
                refetch: commit.removed,
            }
        })
        .collect()
}

fn counts(mentions: &[&Mention]) -> Vec<LiveCount> {
    let mut counts: BTreeMap<(&str, i64), LiveCount> = BTreeMap::new();
    for m in mentions {
        let minute = m.post.created_at.div_euclid(60_000) * 60_000;
        let count = counts.entry((&m.monitor, minute)).or_insert_with(|| LiveCount {
            monitor: m.monitor.clone(),
            minute,
            mentions: 0,
            sentiment: [0; 3],
        });
        count.mentions += 1;
        if let Some(label) = m.sentiment.as_ref().map(store::Sentiment::label) {
            count.sentiment[label as usize] += 1;
        }
    }
    counts.into_values().collect()
}
