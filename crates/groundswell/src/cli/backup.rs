//! `groundswell backup`

use super::folder::FolderArgs;
use crate::backup;
use crate::config;
use crate::control::{AccessRole, Action, AuditEvent};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `groundswell backup`.
#[derive(Args)]
pub(crate) struct BackupArgs {
    /// The file to write, a .tar.zst
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// The passphrase that wraps the installation's keys
    #[arg(long, value_name = "env:NAME|file:PATH")]
    passphrase: String,
    #[command(flatten)]
    folder: FolderArgs,
}

pub(crate) fn run(args: BackupArgs) -> anyhow::Result<ExitCode> {
    let passphrase = passphrase(&args.passphrase)?;
    let data = args.folder.config()?.data;
    let by = AuditEvent::new("command line", AccessRole::Admin, Action::Backup);
    let bytes = backup::write(&data, &args.to, &passphrase, &by)?;
    println!("{}: {} MB", args.to.display(), bytes.div_ceil(1_000_000));
    println!(
        "Without the passphrase nobody opens it, you neither. Keep {} apart from it: restoring needs it to erase again \
         who was erased since.",
        data.join(crate::privacy::LEDGER).display()
    );
    Ok(ExitCode::SUCCESS)
}

/// A passphrase worth its name.
pub(super) fn passphrase(text: &str) -> anyhow::Result<String> {
    let secret = config::secret(text, Path::new("")).map_err(anyhow::Error::msg)?.0;
    anyhow::ensure!(
        secret.chars().count() >= 12,
        "the passphrase has fewer than 12 characters"
    );
    Ok(secret)
}
