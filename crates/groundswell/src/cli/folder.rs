//! The data folder of a command, and the server that may be using it.

use crate::config::{self, Config};
use crate::control::Control;
use crate::marking::Marking;
use crate::pipeline::{Engine, Settings};
use anyhow::{Context, bail, ensure};
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Snapshot, Store, StoreReader};

/// Which data folder.
#[derive(Debug, Args)]
pub(super) struct FolderArgs {
    /// The data folder (default: the configuration's)
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration (default: groundswell.toml where there is one)
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl FolderArgs {
    /// The configuration of an existing data folder.
    pub(super) fn config(&self) -> anyhow::Result<Config> {
        let default = PathBuf::from("groundswell.toml");
        let path = self
            .config
            .clone()
            .or_else(|| default.exists().then_some(default));
        let config = match (&path, &self.data) {
            // Of a folder alone nothing is known but that nothing of it is to be dropped.
            (None, Some(data)) => of_folder(data)?,
            _ => {
                let Some(mut config) = super::check::load(path.as_deref()) else {
                    bail!("the configuration is faulty");
                };
                config.data = self.data.clone().unwrap_or(config.data);
                config
            }
        };
        let data = &config.data;
        ensure!(
            config.place().exists(),
            "{} is no data folder of groundswell",
            data.display()
        );
        Ok(config)
    }

    /// What the folder keeps; `instead` says how to ask the server that may be using it.
    pub(super) fn open(&self, instead: &str) -> anyhow::Result<Kept> {
        let config = self.config()?;
        let (reader, store) = match &config.store {
            // A writer that runs is not disturbed.
            Some(cluster) => {
                let reader = store::elastic::StoreReader::open(cluster.clone());
                (
                    StoreReader::Elastic(reader.context("the store cannot be read")?),
                    None,
                )
            }
            None => {
                let (store, _) = Store::open(&config.data.join("store"), store::Options::default())
                    .with_context(|| {
                        format!("the store cannot be opened; while a server runs, ask it: {instead}")
                    })?;
                (store.reader(), Some(store))
            }
        };
        let control = Control::open(config.place())?;
        Marking::open(&control, reader.clone())?;
        Ok(Kept {
            config,
            control,
            snapshot: reader.snapshot(),
            _store: store,
        })
    }
}

/// A data folder that no server is using, opened to be read.
pub(super) struct Kept {
    pub(super) config: Config,
    pub(super) control: Control,
    /// Its mentions, with what was done to them.
    pub(super) snapshot: Snapshot,
    /// It holds the store's lock, where the store is in the folder.
    _store: Option<Store>,
}

/// A configuration for a folder whose own is not at hand: the journal is not trimmed.
pub(super) fn of_folder(data: &Path) -> anyhow::Result<Config> {
    let mut config = config::parse("", Path::new("")).map_err(|f| anyhow::anyhow!("{f:?}"))?;
    config.data = data.to_owned();
    config.journal.max_bytes = u64::MAX;
    config.journal.max_hours = 1_000_000;
    Ok(config)
}

/// Whether a server is using the folder: it holds the journal's lock.
pub(super) fn is_running(data: &Path) -> anyhow::Result<bool> {
    match journal::Lock::take(&data.join("journal")) {
        Ok(_) => Ok(false),
        Err(journal::Error::Locked { .. }) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// What its pipeline is made with.
pub(super) fn settings(config: &Config) -> Settings {
    Settings {
        threads: 1,
        ..crate::serve::settings(config)
    }
}

/// The pipeline of a folder that no server is using, without sources and server.
pub(super) async fn engine(config: &Config) -> anyhow::Result<Arc<Engine>> {
    let settings = settings(config);
    let models = crate::weights::embedded()?;
    tokio::task::spawn_blocking(move || Engine::start(&settings, models, |_, _| {})).await?
}

/// Stops it, with everything stored.
pub(super) async fn stop(engine: Arc<Engine>) -> anyhow::Result<()> {
    Ok(tokio::task::spawn_blocking(move || engine.stop()).await?)
}
