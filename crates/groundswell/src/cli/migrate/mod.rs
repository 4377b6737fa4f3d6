//! `groundswell migrate`: all mentions into the cluster of the configuration, or back into the data folder, while the installation
//! goes on; or the control state to PostgreSQL, or back. `store::moving` and `control::moving` do it; docs/guides/moving.md says how
//! it is used.

mod control;
mod report;
mod source;

use super::folder::FolderArgs;
use crate::config::Config;
use crate::control::moving::To;
use crate::control::{AccessRole, Action, AuditEvent, Control};
use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};
use report::Report;
use source::Opened;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::Location;
use store::moving::{self, Move, State};

/// What was done, in the data folder.
const FILE: &str = "migrate.json";
/// When a pass has so few changes, another one would find about as many.
const FEW: u64 = 1_000;
/// Passes at most: an installation may change faster than it can be moved.
const MOST_PASSES: usize = 10;

/// What goes where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Place {
    /// The mentions, to the cluster of `[store]`
    Cluster,
    /// The mentions, back to the data folder
    Folder,
    /// Projects, monitors, people, the vault, the audit log and the outbox, to the database of `[control]`
    Postgres,
    /// The same, back to `control.db` in the data folder
    Sqlite,
}

/// Arguments of `groundswell migrate`.
#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// What goes where; the configuration names the cluster, or the database, in both directions
    #[arg(long, value_enum)]
    to: Place,
    /// End the move: the server is stopped, and what came since the last time is moved
    #[arg(long)]
    finish: bool,
    /// The target may hold something that no move brought there: what the source has not is removed from it
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    folder: FolderArgs,
}

/// What is moved where.
struct Plan {
    config: Config,
    from: Location,
    to: Location,
    /// The target in words.
    name: String,
    file: PathBuf,
}

pub(crate) fn run(args: &MigrateArgs) -> anyhow::Result<ExitCode> {
    super::start_log();
    let plan = match args.to {
        Place::Postgres => return control::run(args, To::Postgres),
        Place::Sqlite => return control::run(args, To::Sqlite),
        Place::Cluster => Plan::new(args, true)?,
        Place::Folder => Plan::new(args, false)?,
    };
    if let Some(why) = moving::closed(&plan.from).context("the source cannot be read")? {
        bail!("there is nothing to move: the source is closed: {why}");
    }
    if args.finish {
        return plan.finish(args.replace);
    }
    plan.follow(args.replace)
}

/// Keeps servers away from a data folder.
fn lock(data: &Path) -> anyhow::Result<journal::Lock> {
    match journal::Lock::take(&data.join("journal")) {
        Ok(lock) => Ok(lock),
        Err(journal::Error::Locked { .. }) => bail!(
            "a server is using {}: stop it first; without --finish this goes on while it runs",
            data.display()
        ),
        Err(error) => Err(error.into()),
    }
}

impl Plan {
    fn new(args: &MigrateArgs, into_cluster: bool) -> anyhow::Result<Self> {
        let config = args.folder.config()?;
        let settings = config.store.clone().context(
            "the configuration names no cluster: give one with [store] by --config, such as a copy of the present one with [store] added",
        )?;
        let folder = config.data.join("store");
        let in_cluster = format!("the cluster at {} ({})", settings.address(), settings.prefix);
        let cluster = Location::Cluster(settings);
        let here = Location::Folder(folder.clone(), store::Options::default());
        let (from, to, name) = match into_cluster {
            true => (here, cluster, in_cluster),
            false => (cluster, here, folder.display().to_string()),
        };
        Ok(Self {
            file: config.data.join(FILE),
            config,
            from,
            to,
            name,
        })
    }

    fn begin(&self, source: &Opened, replace: bool) -> anyhow::Result<Move> {
        let position = source.source.position;
        Move::open(&self.to, &self.name, self.file.clone(), replace, position)
            .with_context(|| format!("nothing can be moved to {}", self.name))
    }

    /// Passes over an installation that goes on, until they find little to do.
    fn follow(&self, replace: bool) -> anyhow::Result<ExitCode> {
        let mut source = Opened::new(&self.config.data, &self.from)?;
        let mut to = self.begin(&source, replace)?;
        let mut last;
        let mut passes = 0;
        loop {
            let report = Report::begin();
            let pass = to.pass(&source.source.snapshot, &mut report.teller())?;
            report.pass(&pass);
            last = report.seconds();
            passes += 1;
            if (pass.put + pass.removed <= FEW && pass.differences.is_empty()) || passes == MOST_PASSES {
                break;
            }
            // What it holds is let go before the newest is taken.
            drop(source);
            source = Opened::new(&self.config.data, &self.from)?;
        }
        drop(source);
        report::months(&to.pause()?);
        println!(
            "Nearly everything is there. To switch: stop the server, run this once more with --finish (about {} s, as the last \
             pass), and start the server with the other configuration.",
            last.ceil()
        );
        Ok(ExitCode::SUCCESS)
    }

    /// The rest, with the server stopped; success only where both hold the same.
    fn finish(&self, replace: bool) -> anyhow::Result<ExitCode> {
        let lock = lock(&self.config.data)?;
        let source = Opened::new(&self.config.data, &self.from)?;
        let mut to = self.begin(&source, replace)?;
        let mut removed = 0;
        for passes in 1.. {
            ensure!(
                passes <= MOST_PASSES,
                "the two sides do not become the same: is somebody writing to one of them?"
            );
            let report = Report::begin();
            let pass = to.pass(&source.source.snapshot, &mut report.teller())?;
            report.pass(&pass);
            removed += pass.removed;
            if !pass.differences.is_empty() {
                report::months(&to.pause()?);
                eprintln!(
                    "REFUSED: the days above are not the same on both sides, and the move is not ended. Run it again: it writes them \
                     anew. If they differ again, somebody else writes to {}.",
                    self.name
                );
                return Ok(ExitCode::FAILURE);
            }
            if pass.compared == 0 {
                break;
            }
        }
        let (position, generation) = (source.source.position, source.source.generation);
        let state = to.seal(position, generation, removed > 0)?;
        drop(source);
        self.close(&state)?;
        drop(lock);
        Ok(ExitCode::SUCCESS)
    }

    /// Nobody opens the source any more.
    fn close(&self, state: &State) -> anyhow::Result<()> {
        report::months(state);
        let mentions: u64 = state.days.values().map(|day| day.mark.mentions).sum();
        let event = AuditEvent::new("command line", AccessRole::Admin, Action::Moved);
        let details = serde_json::json!({"mentions": mentions, "to": self.name});
        Control::open(self.config.place())?.audit(&event.with(details))?;
        let (what, hint) = match &self.from {
            Location::Folder(dir, _) => (
                format!(
                    "set [store] in the configuration; or remove {}, to go back to what it held then",
                    dir.join("closed").display()
                ),
                format!(
                    "Remove {} when you are content: no erasure reaches it.",
                    dir.display()
                ),
            ),
            Location::Cluster(settings) => (
                "take [store] out of the configuration".to_owned(),
                format!(
                    "Remove the indices {}-* when you are content: no erasure reaches them.",
                    settings.prefix
                ),
            ),
        };
        moving::close(
            &self.from,
            &format!("its mentions were moved to {}: {what}", self.name),
        )
        .context("the source cannot be closed; everything is moved, run this again")?;
        let gone = fs::remove_file(&self.file);
        ensure!(gone.is_ok(), "{} cannot be removed", self.file.display());
        println!(
            "{mentions} mentions are in {}, the same on both sides. {hint}",
            self.name
        );
        Ok(())
    }
}
