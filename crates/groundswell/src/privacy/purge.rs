//! The purge: bytes of what was deleted leave the disk within a day, or at once.

use crate::control::{AccessRole, Action, AuditEvent};
use crate::pipeline::{Engine, UpkeepError};
use anyhow::Context as _;
use post::{Kind, PostKey};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use store::Change;

/// What a purge did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purge {
    /// Journal segments written anew.
    pub journal_segments: usize,
    /// Posts taken out of them, or cut by what they quoted.
    pub journal_posts: u64,
    /// Segments of the store written anew.
    pub store_segments: usize,
    /// Deleted mentions they held.
    pub store_mentions: u64,
    /// Whether the database's log was overwritten; not where another program was reading it.
    pub log_truncated: bool,
}

impl Engine {
    /// Takes every byte of what was deleted so far off the disk.
    pub async fn purge(&self) -> anyhow::Result<Purge> {
        let _one = self.purging.lock().await;
        self.purge_alone().await
    }

    /// The same for a caller that holds `purging`.
    pub(super) async fn purge_alone(&self) -> anyhow::Result<Purge> {
        let since = self.control.begin_purge()?;
        let purged = self.purge_all().await;
        if let (Err(_), Some(since)) = (&purged, since) {
            self.control.note_deletion(since)?;
        }
        purged
    }

    async fn purge_all(&self) -> anyhow::Result<Purge> {
        super::staging::sweep(&self.data).context("what a backup left behind cannot be removed")?;
        self.settle().await?;
        let (gone, journal) = self.purge_journal().await?;
        self.cut_quotations(gone).await?;
        let store = self.purge_store().await?;
        // Copies and topics know what is gone only where something went.
        if journal.segments > 0 || store.segments > 0 {
            let (placer, reader) = (self.placer.clone(), self.store.clone());
            tokio::task::spawn_blocking(move || placer.rebuild(&reader.snapshot())).await??;
        }
        let (control, marking) = (self.control.clone(), self.marking.clone());
        let log_truncated = tokio::task::spawn_blocking(move || {
            marking.forget_gone(&control)?;
            control.truncate_log()
        })
        .await??;
        Ok(Purge {
            journal_segments: journal.segments,
            journal_posts: journal.posts,
            store_segments: store.segments,
            store_mentions: store.mentions,
            log_truncated,
        })
    }

    /// Takes the text of posts that are gone out of those that quote them.
    async fn cut_quotations(&self, gone: HashSet<PostKey>) -> Result<(), UpkeepError> {
        let reader = self.store.clone();
        let cut = move |store: &mut store::Store| {
            let snapshot = reader.snapshot();
            let mut quoting = HashSet::new();
            snapshot.of_kind(Kind::Quote, &mut |m| {
                let of = m.post.quote_of.filter(|_| m.post.quoted_text.is_some());
                if of.is_some_and(|of| gone.contains(&of)) {
                    quoting.insert(m.post.key);
                }
            })?;
            for post in quoting {
                let mut mentions = snapshot.of_post(post)?;
                mentions.iter_mut().for_each(|m| m.post.quoted_text = None);
                store.apply([Change::Put { post, mentions }], 0)?;
            }
            Ok::<(), store::Error>(())
        };
        Ok(self.with_store(cut).await??)
    }
}

/// When bytes of what was deleted leave the disk by themselves.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// At the latest so many milliseconds after the deletion.
    pub after_ms: i64,
}

/// A quiet server purges what has been deleted for so long.
const IDLE_AFTER_MS: i64 = 3_600_000;
/// How often the clock is looked at.
const TICK: Duration = Duration::from_secs(60);
/// So many looks without a new post are quiet.
const QUIET: u32 = 10;

impl Clock {
    /// Whether it is time, with deletions on the disk since `since`.
    pub fn is_due(&self, since: Option<i64>, now: i64, is_quiet: bool) -> bool {
        let after = if is_quiet {
            self.after_ms.min(IDLE_AFTER_MS)
        } else {
            self.after_ms
        };
        since.is_some_and(|since| now.saturating_sub(since) >= after)
    }

    /// Purges if it is time, and puts that down.
    pub async fn tick(&self, engine: &Engine, now: i64, is_quiet: bool) -> anyhow::Result<Option<Purge>> {
        if !self.is_due(engine.control.purge_since()?, now, is_quiet) {
            return Ok(None);
        }
        let purge = engine.purge().await?;
        let event = AuditEvent::new("server", AccessRole::Admin, Action::Purge);
        engine.control.audit(&event.with(purge.details()))?;
        Ok(Some(purge))
    }

    /// Looks at the clock until the process ends.
    pub async fn run(self, engine: Arc<Engine>) {
        let (mut posts, mut quiet) = (0, 0);
        loop {
            tokio::time::sleep(TICK).await;
            let now = engine.counters.posts.get();
            quiet = if now == posts { quiet + 1 } else { 0 };
            posts = now;
            if engine.blocked.reason().is_some() {
                continue;
            }
            match self.tick(&engine, crate::clock::now(), quiet >= QUIET).await {
                Ok(Some(purge)) => tracing::info!(
                    journal_segments = purge.journal_segments,
                    store_segments = purge.store_segments,
                    "bytes of deleted posts were taken off the disk"
                ),
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "bytes of deleted posts are still on the disk"),
            }
        }
    }
}

impl Purge {
    /// For the audit log.
    pub(crate) fn details(&self) -> serde_json::Value {
        serde_json::json!({
            "journal_segments": self.journal_segments,
            "journal_posts": self.journal_posts,
            "store_segments": self.store_segments,
            "store_mentions": self.store_mentions,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_strikes_after_its_hours_or_when_it_is_quiet() {
        let clock = Clock {
            after_ms: 12 * 3_600_000,
        };
        let hour = |n: i64| n * 3_600_000;
        assert!(!clock.is_due(None, hour(100), true));
        assert!(!clock.is_due(Some(0), hour(12) - 1, false));
        assert!(clock.is_due(Some(0), hour(12), false));
        assert!(!clock.is_due(Some(0), hour(1) - 1, true));
        assert!(clock.is_due(Some(0), hour(1), true));
    }
}
