//! Being the one who serves.

use crate::control::Control;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long a lease lasts: another process takes over that long after its owner died.
pub(super) const LASTS: i64 = 12_000;
/// How often it is renewed, and asked for by those who wait.
pub(super) const EVERY: Duration = Duration::from_secs(3);

/// How often it is asked for while the disk of the control state is full: once there is room, another process may be first.
const SOON: Duration = Duration::from_millis(250);

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
        if !matches!(renew(control, owner, false).await, Renewal::Held) {
            return None;
        }
        let (tell, lost) = watch::channel(false);
        let (of, who) = (control.clone(), owner.to_owned());
        let renewing = tokio::spawn(async move {
            let mut since = std::time::Instant::now();
            let mut is_full = false;
            // Not answered for as long as it lasts: it is lost.
            while since.elapsed() < Duration::from_millis(LASTS as u64) {
                tokio::time::sleep(if is_full { SOON } else { EVERY }).await;
                let asked = std::time::Instant::now();
                match renew(&of, &who, is_full).await {
                    Renewal::Held => (since, is_full) = (asked, false),
                    Renewal::Full => (since, is_full) = (asked, true),
                    Renewal::Unanswered => {}
                    Renewal::Lost => break,
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

/// What became of a lease that was to be renewed.
enum Renewal {
    Held,
    /// It may be another's.
    Lost,
    /// It cannot be written down, and nobody else can take it.
    Full,
    Unanswered,
}

/// Where it could not be written down before, it may have run out and nobody have taken it: then it is taken anew.
async fn renew(control: &Arc<Control>, owner: &str, was_full: bool) -> Renewal {
    let (control, owner) = (control.clone(), owner.to_owned());
    let ask = move || match was_full {
        true => control.take_lease(NAME, &owner, LASTS),
        false => control.renew_lease(NAME, &owner, LASTS),
    };
    match tokio::task::spawn_blocking(ask).await {
        Ok(Ok(Some(_))) => Renewal::Held,
        Ok(Ok(None)) => Renewal::Lost,
        Ok(Err(error)) if error.is_full() => {
            if !was_full {
                tracing::warn!(%error, "the lease cannot be written down; nobody else can take it");
            }
            Renewal::Full
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "the lease was not renewed");
            Renewal::Unanswered
        }
        Err(_) => Renewal::Unanswered,
    }
}
