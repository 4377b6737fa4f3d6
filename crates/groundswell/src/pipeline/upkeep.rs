//! Work on journal and store beside the stream: deleting on request, and taking what is gone off the disk.

use super::engine::Engine;
use super::ingest::Incoming;
use super::intake::IngestError;
use super::writer::Written;
use journal::{Appender, Gone, Log, Position, Rewritten};
use post::{AuthorKey, PostKey};
use std::collections::HashSet;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;
use store::{Purged, Store};
use thiserror::Error;
use tokio::sync::oneshot;

/// Why upkeep did not come to its end.
#[derive(Debug, Error)]
pub enum UpkeepError {
    /// The process ends.
    #[error("the server is stopping")]
    Stopping,
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A thread of ours died.
    #[error("work beside the stream failed: {0}")]
    Died(#[from] tokio::task::JoinError),
}

impl From<IngestError> for UpkeepError {
    fn from(_: IngestError) -> Self {
        UpkeepError::Stopping
    }
}

impl Engine {
    /// Journals that authors and posts are gone, and waits until the store has them no more.
    pub(crate) async fn delete(
        &self,
        authors: Vec<AuthorKey>,
        posts: Vec<PostKey>,
    ) -> Result<(), UpkeepError> {
        let (reply, answer) = oneshot::channel();
        let gone = Incoming::Gone {
            authors,
            posts,
            reply,
        };
        self.intake.deliver(gone).await?;
        let end = answer.await.map_err(|_| UpkeepError::Stopping)?;
        self.stored_up_to(end).await
    }

    /// Waits until all that was taken so far is in the store.
    pub(crate) async fn settle(&self) -> Result<(), UpkeepError> {
        let end = self.with_journal(|journal| journal.next_position()).await?;
        self.stored_up_to(end).await
    }

    async fn stored_up_to(&self, end: Position) -> Result<(), UpkeepError> {
        let is_shared = self.journal.is_shared();
        let reached = if is_shared { &self.heard } else { &self.stored };
        while reached.load(Ordering::Relaxed) < end.0 {
            if self.blocked.ending() {
                return Err(UpkeepError::Stopping);
            }
            // The position alone is committed seldom: ask for it.
            self.with_store(|_| ()).await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        if is_shared {
            // What the stage heard of stands before this in the writer's queue.
            self.with_store(|_| ()).await?;
        }
        Ok(())
    }

    /// Takes what is gone out of the journal, and says which posts that are.
    pub(crate) async fn purge_journal(&self) -> Result<(HashSet<PostKey>, Rewritten), UpkeepError> {
        self.with_journal(Appender::close_segment).await??;
        let (journal, rewriter) = (self.journal.clone(), self.rewriter.clone());
        let limits =
            crate::retention::journal_limits(&self.gate, &self.retention, self.age.upto(crate::clock::now()));
        let work = move || match (&journal, rewriter) {
            (Log::Folder(journal), Some(rewriter)) => {
                let mut gone = Gone::read(journal)?;
                limits.apply(&mut gone);
                let rewritten = rewriter.purge(&gone)?;
                Ok((gone.posts().collect(), rewritten))
            }
            #[cfg(feature = "kafka")]
            (Log::Kafka(topic), _) => {
                let purged = topic.purge(&limits.expiry(), crate::clock::now());
                let (purged, gone) = purged.map_err(journal::Error::from)?;
                // Segments are the brokers'.
                let posts = (purged.posts + purged.quotations) as u64;
                Ok((gone, Rewritten { segments: 0, posts }))
            }
            _ => Ok(Default::default()),
        };
        tokio::task::spawn_blocking(work).await?
    }

    /// Takes what is gone out of the store's files, one segment after the other, so that writing goes on in between.
    pub(crate) async fn purge_store(&self) -> Result<Purged, UpkeepError> {
        let mut purged = Purged::default();
        for stale in self.with_store(Store::stale).await?? {
            let mentions = self.with_store(move |store| store.purge_one(&stale)).await??;
            purged.segments += usize::from(mentions > 0);
            purged.mentions += mentions;
        }
        Ok(purged)
    }

    async fn with_journal<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Appender) -> T + Send + 'static,
    ) -> Result<T, UpkeepError> {
        let (reply, answer) = oneshot::channel();
        let work = move |journal: &mut Appender| drop(reply.send(work(journal)));
        self.intake.deliver(Incoming::Upkeep(Box::new(work))).await?;
        answer.await.map_err(|_| UpkeepError::Stopping)
    }

    /// Runs work on the writer's thread, after what came before is committed.
    pub(crate) async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> T + Send + Sync + 'static,
    ) -> Result<T, UpkeepError> {
        let (reply, answer) = oneshot::channel();
        let work = move |store: &mut Store| drop(reply.send(work(store)));
        let sender = self.upkeep.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let sender = sender.ok_or(UpkeepError::Stopping)?;
        // The channel is bounded: whoever asks waits like everybody else, but not on an async thread.
        let send = move || sender.send(Written::Upkeep(Box::new(work))).is_ok();
        if !tokio::task::spawn_blocking(send).await? {
            return Err(UpkeepError::Stopping);
        }
        answer.await.map_err(|_| UpkeepError::Stopping)
    }
}
