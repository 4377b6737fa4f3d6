//! `groundswell store`

mod check;
mod repair;
mod report;

use clap::{Args, Subcommand};
use std::process::ExitCode;

/// Arguments of `groundswell store`.
#[derive(Args)]
pub(crate) struct StoreArgs {
    #[command(subcommand)]
    command: StoreCommand,
}

#[derive(Subcommand)]
enum StoreCommand {
    /// Check every file of a data folder against what was written; no server may be running
    Check(check::CheckArgs),
}

pub(crate) fn run(args: StoreArgs) -> anyhow::Result<ExitCode> {
    match args.command {
        StoreCommand::Check(args) => check::run(&args),
    }
}
