//! Retention: what is past its time goes, in passes.
//!
//! A pass works out the limits of every platform in every project from the policy profiles, the configuration and the
//! project's own limits, and hands them to the one writer of the store. Profiles in the vault go by the profiles alone.

use crate::control::Control;
use crate::pipeline::Engine;
use crate::policy::{Gate, Limits, Retention};
use post::{Millis, profile};
use std::sync::Arc;
use std::time::Duration;
use store::{Dimension, Due, Expired, Filter};
use tokio::sync::watch;

const DAY: Millis = 24 * 3_600_000;
/// Platforms of one installation, names that files bring along included.
const MAX_PLATFORMS: usize = 10_000;

/// Passes follow one another at this distance; the first comes at the start.
pub const EVERY: Duration = Duration::from_secs(600);

/// What a pass took away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pass {
    /// From the store.
    pub mentions: Expired,
    /// Profiles emptied in the vault.
    pub profiles: usize,
    /// Authors whose key was destroyed, since none of their posts is known any more.
    pub authors: usize,
}

/// Passes until the process ends.
pub async fn run(
    engine: Arc<Engine>,
    settings: Retention,
    now: impl Fn() -> Millis,
    mut ending: watch::Receiver<bool>,
) {
    loop {
        match pass(&engine, &settings, now()).await {
            Ok(pass) if pass != Pass::default() => tracing::info!(
                texts = pass.mentions.texts,
                features = pass.mentions.features,
                mentions = pass.mentions.mentions,
                folders = pass.mentions.folders,
                profiles = pass.profiles,
                "what was past its time is gone"
            ),
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "a retention pass failed; the next one tries again"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = ending.wait_for(|end| *end) => return,
        }
    }
}

/// One pass at this time.
pub async fn pass(engine: &Arc<Engine>, settings: &Retention, now: Millis) -> anyhow::Result<Pass> {
    let (of, settings) = (engine.clone(), settings.clone());
    let due = tokio::task::spawn_blocking(move || {
        // Acceptance may have been recorded by the command line.
        of.gate.refresh(&of.control)?;
        due(&of, &settings, now)
    })
    .await??;
    let mentions = if due.is_empty() {
        Expired::default()
    } else {
        engine.expire(due).await?
    };
    let of = engine.clone();
    tokio::task::spawn_blocking(move || {
        let pass = Pass {
            profiles: forget_profiles(&of.control, now)?,
            authors: if mentions.posts.is_empty() {
                0
            } else {
                of.control.forget_lone_authors()?
            },
            mentions,
        };
        if pass != Pass::default() {
            // The purge takes the bytes off the disk.
            of.control.note_deletion(now)?;
        }
        Ok(pass)
    })
    .await?
}

/// The limits of every platform that is stored, in every project, as times.
fn due(engine: &Engine, settings: &Retention, now: Millis) -> anyhow::Result<Vec<Due>> {
    let snapshot = engine.store.snapshot();
    let platforms = snapshot.breakdown(&Filter::default(), Dimension::Source, MAX_PLATFORMS)?;
    let mut out = Vec::new();
    for project in engine.control.projects()? {
        let own = engine.control.project_retention(&project.id)?;
        for platform in &platforms.items {
            let limits = limits_of(&engine.gate, settings, &own, &platform.key);
            let before = |days: Option<u32>| days.map(|days| now - i64::from(days) * DAY);
            if limits != Limits::default() {
                out.push(Due {
                    platform: platform.key.clone(),
                    project: project.id.clone(),
                    text: before(limits.text_days),
                    features: before(limits.features_days),
                    aggregates: before(limits.aggregates_days),
                });
            }
        }
    }
    Ok(out)
}

/// The limits of a platform's posts in a project with limits of its `own`.
pub fn limits_of(gate: &Gate, settings: &Retention, own: &Retention, platform: &str) -> Limits {
    let profile = profile::of(platform);
    settings.limits(profile, gate.accepted(profile), own)
}

fn forget_profiles(control: &Control, now: Millis) -> anyhow::Result<usize> {
    let mut gone = 0;
    for profile in profile::ALL {
        if let Some(days) = profile.profile.value.default_days() {
            gone += control.forget_profiles(profile.platform, now - i64::from(days) * DAY)?;
        }
    }
    Ok(gone)
}
