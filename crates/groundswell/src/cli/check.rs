//! `groundswell check`

use crate::config::{self, Config};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `groundswell check`.
#[derive(Args)]
pub(crate) struct CheckArgs {
    /// The configuration
    #[arg(short, long, default_value = "groundswell.toml")]
    config: PathBuf,
}

pub(crate) fn run(args: CheckArgs) -> anyhow::Result<ExitCode> {
    let Some(config) = load(Some(&args.config)) else {
        return Ok(ExitCode::from(super::USAGE));
    };
    println!(
        "{}: fine ({} sources, {} monitors, data in {})",
        args.config.display(),
        config.sources.len(),
        config.monitors.len(),
        config.data.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// Loads a configuration, or names every fault of it on standard error.
pub(crate) fn load(path: Option<&Path>) -> Option<Config> {
    config::load(path)
        .inspect_err(|faults| {
            let name = path.map_or_else(
                || "the default configuration".to_owned(),
                |p| p.display().to_string(),
            );
            let plural = if faults.len() == 1 { "" } else { "s" };
            eprintln!("error: {name} has {} fault{plural}:", faults.len());
            faults.iter().for_each(|f| eprintln!("  {f}"));
        })
        .ok()
}
