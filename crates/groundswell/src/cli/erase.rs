//! `groundswell erase`

use super::folder::{self, FolderArgs};
use super::remote::Remote;
use crate::config;
use crate::control::{AccessRole, Action, AuditEvent, Control, SigningKeyInfo, key_id};
use crate::privacy::{Asked, Checked, Receipt};
use anyhow::{Context, bail, ensure};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Arguments of `groundswell erase`.
///
/// With a server running, it is done through the server's API; without one, on the data folder itself.
#[derive(Args)]
#[command(group(clap::ArgGroup::new("what").required(true).multiple(true).args(["author", "now", "verify"])))]
pub(crate) struct EraseArgs {
    /// Erase this author: a handle, a link to the account or to one of its posts, or the platform's id
    #[arg(long, value_name = "HANDLE|URL|ID", conflicts_with = "verify")]
    author: Option<String>,
    /// The author's platform, where several have such an account or nothing is stored of it yet
    #[arg(long, requires = "author")]
    platform: Option<String>,
    /// Why, for the audit log; what names the author is taken out of it
    #[arg(long, requires = "author", default_value = "asked by the author")]
    reason: String,
    /// Take the bytes of everything deleted so far off the disk now (an erased author's always are at once)
    #[arg(long, conflicts_with = "verify")]
    now: bool,
    /// Check a receipt; ends with status 1 where something does not hold
    #[arg(long, value_name = "RECEIPT")]
    verify: Option<PathBuf>,
    /// The public key that the receipt must be signed with, as 64 hexadecimal digits or a file that holds them; the
    /// data folder's keys otherwise
    #[arg(long, value_name = "KEY", requires = "verify")]
    public_key: Option<String>,
    /// Write the receipt here instead of printing it
    #[arg(long, value_name = "FILE", requires = "author")]
    receipt: Option<PathBuf>,
    /// The password or an API key of a running server, as env:NAME or file:PATH (default: the configuration's password)
    #[arg(long, value_name = "env:NAME|file:PATH")]
    key: Option<String>,
    #[command(flatten)]
    folder: FolderArgs,
}

pub(crate) fn run(args: EraseArgs) -> anyhow::Result<ExitCode> {
    super::start_log();
    if let Some(path) = &args.verify {
        return verify(&args, path);
    }
    let config = args.folder.config()?;
    if folder::is_running(&config.data)? {
        let credential = match &args.key {
            Some(text) => Some(config::secret(text, Path::new("")).map_err(anyhow::Error::msg)?.0),
            None => config.server.password.clone().map(|p| p.0),
        };
        return through_server(&args, &Remote::of(&config.data, credential)?);
    }
    super::block_on(async {
        let engine = folder::engine(&config).await?;
        let done = on_folder(&args, &engine).await;
        folder::stop(engine).await?;
        done
    })
}

async fn on_folder(
    args: &EraseArgs,
    engine: &std::sync::Arc<crate::pipeline::Engine>,
) -> anyhow::Result<ExitCode> {
    engine.resume_erasures().await?;
    let by = |action| AuditEvent::new("command line", AccessRole::Admin, action);
    if let Some(author) = &args.author {
        let asked = Asked {
            author: author.clone(),
            platform: args.platform.clone(),
            reason: Some(args.reason.clone()),
        };
        let begun = engine.begin_erasure(asked, by(Action::Erase)).await?;
        let receipt = engine.finish_erasure(&begun).await?;
        return show(args, &serde_json::to_value(&receipt)?);
    }
    let purge = engine.purge().await?;
    engine.control.audit(&by(Action::Purge).with(purge.details()))?;
    purged(&purge.details())
}

fn through_server(args: &EraseArgs, server: &Remote) -> anyhow::Result<ExitCode> {
    let Some(author) = &args.author else {
        return purged(&server.ask("POST", "/api/v1/purge", &Value::Null)?);
    };
    let asked = json!({"author": author, "platform": args.platform, "reason": args.reason});
    let mut erasure = server.ask("POST", "/api/v1/erasures", &asked)?;
    let id = erasure["id"]
        .as_str()
        .context("the server's answer has no id")?
        .to_owned();
    while erasure["state"] != "done" {
        std::thread::sleep(Duration::from_secs(1));
        erasure = server.ask("GET", &format!("/api/v1/erasures/{id}"), &Value::Null)?;
    }
    show(args, &erasure["receipt"])
}

fn purged(purge: &Value) -> anyhow::Result<ExitCode> {
    println!(
        "off the disk: {} posts of {} journal segments, {} mentions of {} store segments",
        purge["journal_posts"], purge["journal_segments"], purge["store_mentions"], purge["store_segments"]
    );
    Ok(ExitCode::SUCCESS)
}

fn show(args: &EraseArgs, receipt: &Value) -> anyhow::Result<ExitCode> {
    let erased = &receipt["receipt"]["erased"];
    eprintln!(
        "erased: {} posts ({} mentions, {} journal entries), {} reposts, {} quotations, {} keys of identities; \
         refused from now on",
        erased["posts"],
        erased["mentions"],
        erased["journal_entries"],
        erased["reposts"],
        erased["quotations"],
        erased["vault_author_keys"]
    );
    let text = serde_json::to_string_pretty(receipt)? + "\n";
    match &args.receipt {
        Some(path) => {
            std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
            eprintln!("the receipt is in {}", path.display());
        }
        None => print!("{text}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn verify(args: &EraseArgs, path: &Path) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let checked = match &args.public_key {
        Some(key) => Receipt::check(&text, &[public_key(key)?], None),
        None => {
            let place = args.folder.config()?.place();
            ensure!(
                place.exists(),
                "give the installation's --public-key, or its data folder with --data"
            );
            let control = Control::open_to_read(place)?;
            Receipt::check(&text, &control.signing_keys()?, Some(&control))
        }
    };
    match checked {
        Checked::Holds(key) => {
            println!("{}: holds, signed by key {key}", path.display());
            Ok(ExitCode::SUCCESS)
        }
        Checked::Broken(faults) => {
            println!("{}: does not hold", path.display());
            faults.iter().for_each(|fault| println!("  {fault}"));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// A public key given as digits or in a file.
fn public_key(text: &str) -> anyhow::Result<SigningKeyInfo> {
    let digits = match Path::new(text).is_file() {
        true => std::fs::read_to_string(text).with_context(|| format!("cannot read {text}"))?,
        false => text.to_owned(),
    };
    let public = digits.trim().to_ascii_lowercase();
    let bytes: Option<[u8; 32]> = crate::control::from_hex(&public)
        .ok()
        .and_then(|b| b.try_into().ok());
    let Some(bytes) = bytes else {
        bail!("a public key has 64 hexadecimal digits");
    };
    Ok(SigningKeyInfo {
        id: key_id(&bytes),
        public,
        made_at: 0,
        retired_at: None,
    })
}
