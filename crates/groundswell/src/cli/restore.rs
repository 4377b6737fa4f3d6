//! `groundswell restore`

use super::{backup::passphrase, folder};
use crate::backup;
use crate::control::{AccessRole, Action, AuditEvent};
use anyhow::Context;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `groundswell restore`.
#[derive(Args)]
pub(crate) struct RestoreArgs {
    /// The backup
    file: PathBuf,
    /// The folder to put it into, empty or not there
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The passphrase it was written with
    #[arg(long, value_name = "env:NAME|file:PATH")]
    passphrase: String,
    /// The ledger of erasures, suppressions.jsonl, as it is now: who was erased after the backup was made is erased
    /// again
    #[arg(long, value_name = "FILE")]
    suppressions: Option<PathBuf>,
}

pub(crate) fn run(args: RestoreArgs) -> anyhow::Result<ExitCode> {
    super::start_log();
    let passphrase = passphrase(&args.passphrase)?;
    let by = AuditEvent::new("command line", AccessRole::Admin, Action::Restore);
    let manifest = backup::read(&args.file, &args.data, &passphrase, &by)?;
    println!(
        "{}: the backup of {}",
        args.data.display(),
        post::to_rfc3339(manifest.made_at)
    );
    let Some(ledger) = args.suppressions else {
        println!(
            "Who was erased since is back: give suppressions.jsonl with --suppressions to erase them again."
        );
        return Ok(ExitCode::SUCCESS);
    };
    let config = folder::of_folder(&args.data)?;
    let erased = super::block_on(async {
        let engine = folder::engine(&config).await?;
        engine.resume_erasures().await?;
        let by = AuditEvent::new("command line", AccessRole::Admin, Action::Erase).because("erased before");
        let erased = engine.erase_again(&ledger, &by).await;
        folder::stop(engine).await?;
        erased.context(
            "the backup is back, but not every erasure was done again: remove the folder, and try again",
        )
    })?;
    println!("erasures done again: {erased}");
    Ok(ExitCode::SUCCESS)
}
