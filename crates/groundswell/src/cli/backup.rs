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
    #[arg(long, value_name = "FILE", required_unless_present = "verify")]
    to: Option<PathBuf>,
    /// Read a backup and compare every file in it with its checksum, instead of writing one
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "data", "config"])]
    verify: Option<PathBuf>,
    /// The passphrase that wraps the installation's keys; with --verify it is tried where it is given
    #[arg(long, value_name = "env:NAME|file:PATH", required_unless_present = "verify")]
    passphrase: Option<String>,
    #[command(flatten)]
    folder: FolderArgs,
}

pub(crate) fn run(args: BackupArgs) -> anyhow::Result<ExitCode> {
    let passphrase = args.passphrase.as_deref().map(passphrase).transpose()?;
    if let Some(file) = &args.verify {
        return verified(file, passphrase.as_deref());
    }
    let (Some(to), Some(passphrase)) = (args.to, passphrase) else {
        anyhow::bail!("--to and --passphrase are needed");
    };
    let data = args.folder.config()?.data;
    let by = AuditEvent::new("command line", AccessRole::Admin, Action::Backup);
    let bytes = backup::write(&data, &to, &passphrase, &by)?;
    println!("{}: {} MB", to.display(), bytes.div_ceil(1_000_000));
    println!(
        "Without the passphrase nobody opens it, you neither. Keep {} apart from it: restoring needs it to erase again \
         who was erased since.",
        data.join(crate::privacy::LEDGER).display()
    );
    Ok(ExitCode::SUCCESS)
}

/// Ends with status 1 where the archive is not what was written.
fn verified(file: &Path, passphrase: Option<&str>) -> anyhow::Result<ExitCode> {
    let found = match backup::verify(file, passphrase) {
        Ok(found) => found,
        Err(error) => {
            eprintln!("{}: {error:#}", file.display());
            return Ok(ExitCode::FAILURE);
        }
    };
    let made_at = post::to_rfc3339(found.manifest.made_at);
    match found.manifest.format {
        1 => println!(
            "{}: the backup of {made_at}; {} files, {} bytes could be read; it is of form 1, which has no checksums",
            file.display(),
            found.files,
            found.bytes
        ),
        _ => println!(
            "{}: the backup of {made_at} is whole: {} files, {} bytes, each with its SHA-256",
            file.display(),
            found.files,
            found.bytes
        ),
    }
    if passphrase.is_none() {
        println!("Whether the passphrase opens its keys was not tried: give --passphrase.");
    }
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
