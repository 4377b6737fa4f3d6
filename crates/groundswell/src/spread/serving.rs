//! The part of the server in an installation that is spread: being the one who serves, and what else it does.

use super::Role;
use crate::config::Config;
use crate::connections::Supervisor;
use crate::pipeline::Engine;
use std::sync::Arc;
use tokio::sync::watch;

/// The server among the processes of an installation; alone, where it is not spread.
#[derive(Default)]
pub(crate) struct Serving {
    held: Option<super::Held>,
    #[cfg(feature = "kafka")]
    sharing: Option<tokio::task::JoinHandle<()>>,
    #[cfg(feature = "kafka")]
    working: Option<super::Working>,
}

impl Serving {
    /// Waits until nobody else serves with this control state. `None` where it was asked to stop.
    async fn wait(config: &Config, stop: impl Future<Output = ()>) -> anyhow::Result<Option<Serving>> {
        let place = config.place();
        let control = tokio::task::spawn_blocking(move || super::open_control(place)).await??;
        tokio::select! {
            held = super::Held::wait(control) => {
                Ok(Some(Serving { held: Some(held?), ..Serving::default() }))
            }
            () = stop => Ok(None),
        }
    }

    /// Resolves when another process may serve.
    pub(crate) async fn lost(&self) {
        match &self.held {
            Some(held) => held.lost().await,
            None => std::future::pending().await,
        }
    }

    /// Ends what [`Serving::start`] started. To be called once the process ends.
    pub(crate) async fn end(self) {
        #[cfg(feature = "kafka")]
        if let Some(sharing) = self.sharing
            && sharing.await.is_err()
        {
            tracing::error!("the sharing of sources failed");
        }
        #[cfg(feature = "kafka")]
        if let Some(working) = self.working {
            let _ = tokio::task::spawn_blocking(move || working.stop()).await;
        }
        if let Some(held) = self.held {
            held.give_back().await;
        }
    }
}

#[cfg(not(feature = "kafka"))]
impl Serving {
    /// Waits until nobody else serves, where the control state can be another's, too. `None` where it was asked to stop.
    /// No other role can be built without the feature: the configuration is refused before.
    pub(crate) async fn begin(
        config: &Config,
        _: Role,
        stop: impl Future<Output = ()>,
    ) -> anyhow::Result<Option<Serving>> {
        match &config.postgres {
            Some(_) => Self::wait(config, stop).await,
            None => Ok(Some(Serving::default())),
        }
    }

    pub(crate) async fn start(
        &mut self,
        _: &Config,
        _: Role,
        _: &Arc<Engine>,
        _: &Arc<Supervisor>,
        _: watch::Receiver<bool>,
    ) -> anyhow::Result<()> {
        Ok(())
    }
}

#[cfg(feature = "kafka")]
impl Serving {
    /// Collects or processes until asked to stop, where that is the role; else waits until nobody else serves, where the
    /// control state can be another's, too. `None` where it was asked to stop.
    pub(crate) async fn begin(
        config: &Config,
        role: Role,
        stop: impl Future<Output = ()>,
    ) -> anyhow::Result<Option<Serving>> {
        match (role, &config.kafka) {
            (Role::Collect, Some(kafka)) => super::collect(config.clone(), kafka.clone(), stop).await?,
            (Role::Process, Some(kafka)) => super::process(config.clone(), kafka.clone(), stop).await?,
            (_, None) if config.postgres.is_none() => return Ok(Some(Serving::default())),
            _ => return Self::wait(config, stop).await,
        }
        Ok(None)
    }

    /// Starts what it does beside serving: it repeats how sources do, runs its share of them, works.
    pub(crate) async fn start(
        &mut self,
        config: &Config,
        role: Role,
        engine: &Arc<Engine>,
        supervisor: &Arc<Supervisor>,
        ending: watch::Receiver<bool>,
    ) -> anyhow::Result<()> {
        let Some(kafka) = config.kafka.clone() else {
            return Ok(());
        };
        let sharing = super::Sharing::new(engine.control.clone(), supervisor.clone(), role.collects())?;
        self.sharing = Some(tokio::spawn(sharing.run(ending)));
        if role == Role::All {
            let (config, control, models) = (config.clone(), engine.control.clone(), engine.models.clone());
            let start = move || super::start_worker(&config, &kafka, control, models);
            self.working = Some(tokio::task::spawn_blocking(start).await??);
        }
        Ok(())
    }
}
