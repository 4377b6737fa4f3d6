//! Being the one who serves.

use crate::control::Control;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long a lease lasts: another process takes over that long after its owner died.
pub(super) const LASTS: i64 = 12_000;
/// How often it is renewed, and asked for by those who wait.
pub(super) const EVERY: Duration = Duration::from_secs(3);

/// The lease of the one server, renewed until it is lost or given back.
pub(crate) struct Held {
    control: Arc<Control>,
    owner: String,
    lost: watch::Receiver<bool>,
    renewing: tokio::task::JoinHandle<()>,
}

const NAME: &str = "server";

impl Held {
    /// Waits until nobody else serves.
    pub(crate) async fn wait(control: Arc<Control>) -> anyhow::Result<Held> {
        let owner = super::owner()?;
        let mut told = String::new();
        loop {
            let (of, who) = (control.clone(), owner.clone());
            let asked = move || match of.take_lease(NAME, &who, LASTS)? {
                Some(_) => Ok(None),
                None => of.lease(NAME),
            };
            match tokio::task::spawn_blocking(asked).await? {
                Ok(None) => {
                    if let Some(taken) = Held::renewed(&control, &owner).await {
                        return Ok(taken);
                    }
                }
                Ok(Some(other)) if other.owner != told => {
                    tracing::info!(server = %other.owner, "another process serves: standing by");
                    told = other.owner;
                }
                Ok(Some(_)) => {}
                Err(error) => tracing::warn!(%error, "whether another process serves cannot be asked"),
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// The lease that was taken; `None` where it was lost at once.
    async fn renewed(control: &Arc<Control>, owner: &str) -> Option<Held> {
        if !renew(control, owner).await {
            return None;
        }
        let (tell, lost) = watch::channel(false);
        let (of, who) = (control.clone(), owner.to_owned());
        let renewing = tokio::spawn(async move {
            let mut since = std::time::Instant::now();
            // Answered that it is another's, or not answered for as long as it lasts: it is lost.
            while since.elapsed() < Duration::from_millis(LASTS as u64) {
                tokio::time::sleep(EVERY).await;
                let asked = std::time::Instant::now();
                if renew(&of, &who).await {
                    since = asked;
                }
            }
            tell.send_replace(true);
        });
        Some(Held {
            control: control.clone(),
            owner: owner.to_owned(),
            lost,
            renewing,
        })
    }

    /// Resolves when another process may serve.
    pub(crate) async fn lost(&self) {
        if self.lost.clone().wait_for(|lost| *lost).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Lets the next process serve at once.
    pub(crate) async fn give_back(self) {
        self.renewing.abort();
        let given = tokio::task::spawn_blocking(move || self.control.release_lease(NAME, &self.owner)).await;
        if let Ok(Err(error)) = given {
            tracing::warn!(%error, "the lease was not given back; it runs out by itself");
        }
    }
}

async fn renew(control: &Arc<Control>, owner: &str) -> bool {
    let (control, owner) = (control.clone(), owner.to_owned());
    let renewed = tokio::task::spawn_blocking(move || control.renew_lease(NAME, &owner, LASTS)).await;
    match renewed {
        Ok(Ok(lease)) => lease.is_some(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the lease was not renewed");
            false
        }
        Err(_) => false,
    }
}
