//! `groundswell key`

use super::folder::{self, FolderArgs};
use crate::control::{AccessRole, Action, AuditEvent, Control};
use crate::privacy;
use anyhow::ensure;
use clap::{Args, Subcommand, ValueEnum};
use std::process::ExitCode;

/// Arguments of `groundswell key`.
#[derive(Args)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The public keys that receipts are or were signed with
    List(ListArgs),
    /// Put a new key in the place of one; no server may be running
    ///
    /// `wrap` wraps every data key anew, of identities and of the journal. `sign` signs receipts from now on, and the
    /// old public key stays known. The key of the pseudonyms is never replaced.
    Rotate(RotateArgs),
}

#[derive(Args)]
struct ListArgs {
    #[command(flatten)]
    folder: FolderArgs,
}

#[derive(Args)]
struct RotateArgs {
    /// Which key
    #[arg(value_enum)]
    key: Which,
    #[command(flatten)]
    folder: FolderArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    Wrap,
    Sign,
}

pub(crate) fn run(args: KeyArgs) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::List(args) => list(&args),
        Command::Rotate(args) => rotate(&args),
    }
}

fn list(args: &ListArgs) -> anyhow::Result<ExitCode> {
    let control = Control::open_to_read(args.folder.config()?.place())?;
    for key in control.signing_keys()? {
        let until = key.retired_at.map_or("in force".to_owned(), |t| {
            format!("until {}", post::to_rfc3339(t))
        });
        println!(
            "{} Ed25519 {} from {} {until}",
            key.id,
            key.public,
            post::to_rfc3339(key.made_at)
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn rotate(args: &RotateArgs) -> anyhow::Result<ExitCode> {
    let place = args.folder.config()?.place();
    let data = &place.data;
    ensure!(
        !folder::is_running(data)?,
        "a server is using {}: stop it first",
        data.display()
    );
    // Whatever an earlier one left comes first.
    privacy::finish_rotation(&Control::open(place.clone())?, data)?;
    let control = Control::open(place.clone())?;
    let by = AuditEvent::new("command line", AccessRole::Admin, Action::KeyRotated);
    match args.key {
        Which::Wrap => {
            let keys = control.rotate_wrap(data, &by)?;
            privacy::finish_rotation(&Control::open(place.clone())?, data)?;
            println!("{keys} data keys and the journal's are wrapped by a new key; keep a new backup");
        }
        Which::Sign => {
            control.rotate_sign(data, &by)?;
            println!("receipts are signed with a new key from now on; `groundswell key list` shows it");
        }
    }
    Ok(ExitCode::SUCCESS)
}
