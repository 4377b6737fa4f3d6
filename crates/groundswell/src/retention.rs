//! Retention: what is past its time goes, in passes.
//!
//! A pass works out the limits of every platform in every project from the policy profiles, the configuration and the
//! project's own limits, and hands them to the one writer of the store. Profiles in the vault go by the policy profiles
//! alone. The journal is every project's: its posts go by policy profiles and configuration, when bytes are purged.

use crate::analytics::counts;
use crate::control::Control;
use crate::pipeline::Engine;
use crate::policy::{Gate, Limits, Retention};
use post::{Millis, profile};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use store::{Dimension, Due, Expired, Filter, Measures};
use tokio::sync::watch;

const DAY: Millis = 24 * 3_600_000;
/// Platforms of one installation, names that files bring along included.
const MAX_PLATFORMS: usize = 10_000;
/// Passes follow one another at this distance; the first comes at the start.
const EVERY: Duration = Duration::from_secs(600);
/// A journal that reaches back past a limit is purged this often.
const JOURNAL_EVERY: Millis = DAY / 2;

/// What a pass took away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pass {
    /// From the store.
    pub mentions: Expired,
    /// Profiles emptied in the vault.
    pub profiles: usize,
    /// Authors whose key was destroyed, since none of their posts is known any more.
    pub authors: usize,
    /// Whether the journal reaches back past a limit of a platform that is read.
    pub journal: bool,
}

/// Passes until the process ends. `connectors` are those of the sources that are followed.
pub async fn run(
    engine: Arc<Engine>,
    connectors: Vec<String>,
    now: impl Fn() -> Millis,
    mut ending: watch::Receiver<bool>,
) {
    let mut journal: Option<Millis> = None;
    loop {
        let at = grown_old(&engine, now());
        match pass(&engine, &connectors, at).await {
            Ok(pass) => {
                let journal_due = pass.journal && journal.is_none_or(|last| at - last >= JOURNAL_EVERY);
                if journal_due {
                    journal = Some(at);
                }
                if took_anything(&pass) || journal_due {
                    drop_bytes(&engine.control, at);
                }
                if took_anything(&pass) {
                    let gone = &pass.mentions;
                    tracing::info!(
                        texts = gone.texts,
                        features = gone.features,
                        mentions = gone.mentions,
                        folders = gone.folders,
                        profiles = pass.profiles,
                        "what was past its time is gone"
                    );
                }
            }
            Err(error) => tracing::error!(%error, "a retention pass failed; the next one tries again"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = ending.wait_for(|end| *end) => return,
        }
    }
}

/// Up to when things are old enough, and so much kept for the next run.
fn grown_old(engine: &Engine, now: Millis) -> Millis {
    if let Some(jump) = engine.age.jump(now) {
        tracing::error!("{jump}");
    }
    let upto = engine.age.upto(now);
    if let Err(error) = engine.age.keep(&engine.control) {
        tracing::error!(%error, "the time cannot be kept");
    }
    upto
}

fn took_anything(pass: &Pass) -> bool {
    *pass
        != Pass {
            journal: pass.journal,
            ..Pass::default()
        }
}

/// One pass at this time.
pub async fn pass(engine: &Arc<Engine>, connectors: &[String], now: Millis) -> anyhow::Result<Pass> {
    let (of, connectors) = (engine.clone(), connectors.to_vec());
    let (due, journal) = tokio::task::spawn_blocking(move || {
        // Acceptance may have been recorded by the command line.
        of.gate.refresh(&of.control)?;
        let mut platforms = stored_platforms(&of)?;
        let due = due(&of, &platforms, now)?;
        platforms.extend(connectors);
        let limits = journal_limits(&of.gate, &of.retention, now);
        let reaches = |from: Millis| {
            platforms
                .iter()
                .any(|p| limits.of(p).is_some_and(|before| from < before))
        };
        anyhow::Ok((due, of.journal.span()?.from.is_some_and(reaches)))
    })
    .await??;
    let mentions = expire(engine, due).await?;
    let of = engine.clone();
    tokio::task::spawn_blocking(move || {
        let control = &of.control;
        control.vault_forget(&mentions.posts, &[])?;
        of.marking.forget_gone(control)?;
        let lone = !mentions.posts.is_empty();
        Ok(Pass {
            profiles: forget_profiles(control, now)?,
            authors: if lone { control.forget_lone_authors()? } else { 0 },
            mentions,
            journal,
        })
    })
    .await?
}

/// Takes away what is past these limits, and waits until that is committed.
async fn expire(engine: &Engine, due: Vec<Due>) -> anyhow::Result<Expired> {
    if due.is_empty() {
        return Ok(Expired::default());
    }
    let gone = engine.with_store(move |store| store.expire(&due)).await??;
    // What comes next finds it committed.
    engine.with_store(|_| ()).await?;
    Ok(gone)
}

fn stored_platforms(engine: &Engine) -> anyhow::Result<BTreeSet<String>> {
    let snapshot = engine.store.snapshot();
    let stored = counts::breakdown(
        &snapshot,
        &Filter::default(),
        Dimension::Source,
        MAX_PLATFORMS,
        Measures::default(),
    )?;
    Ok(stored.items.into_iter().map(|i| i.key).collect())
}

/// The limits of these platforms in every project, as times.
fn due(engine: &Engine, platforms: &BTreeSet<String>, now: Millis) -> anyhow::Result<Vec<Due>> {
    let mut out = Vec::new();
    for project in engine.control.projects()? {
        let own = engine.control.project_retention(&project.id)?;
        for platform in platforms {
            let limits = limits_of(&engine.gate, &engine.retention, &own, platform);
            let before = |days: Option<u32>| days.map(|days| now - i64::from(days) * DAY);
            if limits != Limits::default() {
                out.push(Due {
                    platform: platform.clone(),
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

/// Up to when posts in the journal are past their time.
#[derive(Debug, Clone)]
pub struct JournalLimits {
    platforms: Vec<(&'static str, Option<Millis>)>,
    others: Option<Millis>,
}

/// What policy profiles and configuration say of text, at this time.
pub fn journal_limits(gate: &Gate, settings: &Retention, now: Millis) -> JournalLimits {
    let none = Retention::default();
    let before = |platform: &str| {
        let days = limits_of(gate, settings, &none, platform).text_days;
        days.map(|days| now - i64::from(days) * DAY)
    };
    let names = profile::ALL
        .iter()
        .flat_map(|p| p.also.iter().chain([&p.platform]).copied());
    JournalLimits {
        platforms: names.map(|name| (name, before(name))).collect(),
        others: before(profile::OTHER.platform),
    }
}

impl JournalLimits {
    fn of(&self, platform: &str) -> Option<Millis> {
        let known = self.platforms.iter().find(|(name, _)| *name == platform);
        known.map_or(self.others, |(_, before)| *before)
    }

    /// The same as a journal in Kafka takes it.
    #[cfg(feature = "kafka")]
    pub fn expiry(&self) -> journal::kafka::Expiry {
        let platforms = self.platforms.iter();
        journal::kafka::Expiry {
            platforms: platforms
                .map(|(name, before)| ((*name).to_owned(), before.unwrap_or(Millis::MIN)))
                .collect(),
            others: self.others,
        }
    }

    /// Adds to what is gone what is past its time.
    pub fn apply(&self, gone: &mut journal::Gone) {
        for (name, before) in &self.platforms {
            gone.expire(name, before.unwrap_or(Millis::MIN));
        }
        if let Some(before) = self.others {
            gone.expire_others(before);
        }
    }
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

/// Has the bytes of what went taken off the disk: the purge comes within its hours.
fn drop_bytes(control: &Control, now: Millis) {
    if let Err(error) = control.note_deletion(now) {
        tracing::error!(%error, "that bytes are to be purged cannot be noted; the next deletion has them taken along");
    }
}
