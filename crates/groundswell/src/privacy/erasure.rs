//! Erasing an author.
//!
//! First the erasure is noted with its suppressions, in the database and in the ledger: from then on nothing new of the
//! author comes in, and a crash anywhere leaves an erasure that the next start finishes. Then what there is is counted,
//! deleted through the journal like any other deletion, and purged; the receipt says what was done.

use super::receipt::Done;
use super::{Receipt, collect, exports, find, ledger, plain_reason, suppress};
use crate::control::{self, Action, AuditEvent, Erasure, Target};
use crate::pipeline::{Engine, UpkeepError};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

/// An erasure that failed is tried again after so long.
const AGAIN: Duration = Duration::from_secs(15);

/// Who is to be erased.
#[derive(Debug, Clone)]
pub struct Asked {
    /// A handle, a link to the account or to one of its posts, or the platform's id.
    pub author: String,
    /// The platform.
    pub platform: Option<String>,
    /// Why; what names the author is taken out of it.
    pub reason: Option<String>,
}

/// Why nobody was erased.
#[derive(Debug, Error)]
pub enum EraseError {
    /// Nothing of the author is here.
    #[error("nothing of this author is stored; name the platform to have the author refused from now on")]
    Unknown,
    /// Several platforms have such an account.
    #[error("there is such an account on {}: name the platform", .0.join(", "))]
    Ambiguous(Vec<String>),
    /// The control state failed.
    #[error(transparent)]
    Control(#[from] control::Error),
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Work beside the stream failed.
    #[error(transparent)]
    Upkeep(#[from] UpkeepError),
    /// A file could not be read or removed.
    #[error("a file of the data folder: {0}")]
    Io(#[from] std::io::Error),
    /// Taking the bytes off the disk failed.
    #[error("what was erased is unreadable, but still on the disk: {0:#}")]
    Purge(anyhow::Error),
}

impl Engine {
    /// Finds an author and notes the erasure: whatever happens now, [`Engine::finish_erasure`] or the next start brings
    /// it to its end.
    pub async fn begin_erasure(self: &Arc<Self>, asked: Asked, by: AuditEvent) -> Result<Begun, EraseError> {
        let engine = self.clone();
        let begin = move || {
            let who = find::find(&engine, &asked)?;
            let secrets: Vec<String> = who.secrets().into_iter().map(str::to_owned).collect();
            let hidden: Vec<&str> = secrets
                .iter()
                .map(String::as_str)
                .chain([asked.author.trim()])
                .collect();
            let target = Target {
                authors: who.authors.iter().copied().collect(),
                posts: who.posts.iter().copied().collect(),
                suppressed: who.suppressed(engine.admission.pseudonyms()),
                found: None,
            };
            let event = AuditEvent {
                action: Action::Erase,
                reason: asked.reason.as_deref().map(|r| plain_reason(r, &hidden)),
                ..by
            };
            let erasure = engine.note_erasure(&target, None, &event)?;
            Ok(Begun { erasure, secrets })
        };
        tokio::task::spawn_blocking(begin)
            .await
            .map_err(UpkeepError::from)?
    }

    fn note_erasure(
        &self,
        target: &Target,
        again: Option<&str>,
        by: &AuditEvent,
    ) -> Result<Erasure, EraseError> {
        let erasure = self.control.begin_erasure(target, again, by)?;
        ledger::add(&self.data, &self.control, &erasure.id, erasure.at, target)?;
        suppress(&self.admission, &self.control)?;
        Ok(erasure)
    }

    /// Brings an erasure to its end, however often that fails while this process lives: a cluster may be away meanwhile.
    pub async fn finish_erasure_at_last(self: &Arc<Self>, begun: &Begun) -> Receipt {
        loop {
            match self.finish_erasure(begun).await {
                Ok(receipt) => return receipt,
                Err(error) => tracing::error!(%error, "an erasure is not finished; it is tried again"),
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Brings an erasure to its end and gives the receipt.
    pub async fn finish_erasure(self: &Arc<Self>, begun: &Begun) -> Result<Receipt, EraseError> {
        let _one = self.purging.lock().await;
        let Begun { erasure, secrets } = begun;
        // What was on its way in when the author was put on the list is in the store after this.
        self.settle().await?;
        // What an earlier try found, which is deleted by now, stands there.
        let mut target = self.control.erasure(&erasure.id)?.target;
        if target.found.is_none() {
            let (engine, id, counting, hidden) =
                (self.clone(), erasure.id.clone(), target.clone(), secrets.clone());
            let count = move || {
                let hidden: Vec<&str> = hidden.iter().map(String::as_str).collect();
                let found = collect::collect(&engine, &counting, &hidden)?;
                let target = Target {
                    found: Some(found),
                    ..counting
                };
                engine.control.note_found(&id, &target)?;
                Ok::<_, EraseError>(target)
            };
            target = tokio::task::spawn_blocking(count)
                .await
                .map_err(UpkeepError::from)??;
        }
        let found = target.found.clone().unwrap_or_default();
        let posts: Vec<_> = found.posts.iter().chain(&found.reposts).copied().collect();
        self.delete(target.authors.clone(), posts.clone()).await?;
        let authors: BTreeSet<_> = target.authors.iter().copied().collect();
        let hidden: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let kept = exports::holding(&self.data, &authors, &posts, &hidden)?;
        kept.iter().try_for_each(std::fs::remove_file)?;
        let purge = self.purge_alone().await.map_err(EraseError::Purge)?;

        let event = AuditEvent::new(&erasure.actor, control::AccessRole::Admin, Action::Erased);
        let details =
            serde_json::json!({"erasure": erasure.id, "posts": posts.len(), "mentions": found.mentions});
        self.control.audit(&event.with(details))?;
        let chain = self.control.audit_chain()?;
        let receipt = Receipt::sign(
            &Done {
                erasure: &erasure.id,
                asked_at: erasure.at,
                done_at: crate::clock::now(),
                exports: found.exports,
                found: &found,
                purge: &purge,
                suppressed: target.suppressed.len() as u64,
                audit: (chain.rows, chain.head),
            },
            &self.control.keys().sign,
        );
        let text = receipt.to_json();
        self.control.finish_erasure(&erasure.id, &text)?;
        self.control.truncate_log()?;
        Ok(receipt)
    }

    /// Does the erasures of a ledger again that are not known here, as after a backup was put back; says how many.
    pub async fn erase_again(self: &Arc<Self>, ledger: &Path, by: &AuditEvent) -> anyhow::Result<usize> {
        let known: BTreeSet<String> = self.control.erasures()?.into_iter().map(|e| e.id).collect();
        let lines = ledger::read(ledger, &self.control)?;
        let mut done = 0;
        for line in lines.iter().filter(|l| !known.contains(&l.erasure)) {
            let erasure = self.note_erasure(&line.target(), Some(&line.erasure), by)?;
            let secrets = Vec::new();
            self.finish_erasure(&Begun { erasure, secrets }).await?;
            done += 1;
        }
        Ok(done)
    }

    /// Finishes erasures that an earlier run began.
    pub async fn resume_erasures(self: &Arc<Self>) -> Result<usize, EraseError> {
        let open = self.open_erasures()?;
        for begun in &open {
            self.finish_erasure(begun).await?;
        }
        Ok(open.len())
    }

    /// Erasures that are noted and not finished.
    pub fn open_erasures(&self) -> Result<Vec<Begun>, EraseError> {
        let all = self.control.erasures()?.into_iter();
        let begun = |erasure| Begun {
            erasure,
            secrets: Vec::new(),
        };
        Ok(all.filter(|e| !e.done).map(begun).collect())
    }
}

/// An erasure that is noted, and what names its author, for this process only.
pub struct Begun {
    /// The erasure.
    pub erasure: Erasure,
    secrets: Vec<String>,
}
