//! `--role collect`: sources, admission, and the brokers behind it.

use super::{Sharing, health};
use crate::config::{Config, Kafka};
use crate::connections::{Meter, Plan, Supervisor};
use crate::pipeline::Collecting;
use tokio::sync::watch;

/// Collects until asked to stop.
pub(crate) async fn collect(
    config: Config,
    kafka: Kafka,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let listener = health::bind(config.server.listen).await?;
    let listen = listener.local_addr()?;
    let settings = crate::serve::settings(&config);
    let start = move || {
        let control = super::open_control(settings.place())?;
        Collecting::start(&settings, &kafka, control)
    };
    let collecting = tokio::task::spawn_blocking(start).await??;
    let intake = collecting.intake.clone();
    let mut plans: Vec<Plan> = config.sources.iter().cloned().map(Plan::Defined).collect();
    plans.extend(crate::serve::kept_sources(&intake.control, &plans)?);
    let supervisor = Supervisor::start(&intake, plans, true);
    let (end, ending) = watch::channel(false);
    let sharing = Sharing::new(intake.control.clone(), supervisor.clone(), true)?;
    let sharing = tokio::spawn(sharing.run(ending.clone()));
    let metering = tokio::spawn(Meter::new(&intake.control, &supervisor).run(ending.clone()));
    let facts = health::Facts {
        counters: intake.counters.clone(),
        blocked: intake.blocked.clone(),
        lag: None,
    };
    let answering = tokio::spawn(health::answer(listener, facts));
    println!("Groundswell collects; health and metrics are on http://{listen}");
    stop.await;
    tracing::info!("stopping: what was taken is being handed to the brokers");
    end.send_replace(true);
    // Before the sources are waited for: they would wait for brokers that do not answer.
    intake.blocked.end();
    for task in [sharing, metering] {
        if task.await.is_err() {
            tracing::error!("a task of the collector failed");
        }
    }
    supervisor.stop().await;
    tokio::task::spawn_blocking(move || collecting.stop()).await?;
    answering.abort();
    Ok(())
}
