//! `groundswell export`

use super::folder::FolderArgs;
use crate::api::{self, types::FilterParams};
use crate::control::{AccessRole, Action, AuditEvent, Control};
use crate::export::{self, Format, Request};
use crate::policy::Gate;
use anyhow::Context;
use clap::Args;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `groundswell export`.
#[derive(Args)]
pub(crate) struct ExportArgs {
    /// The project
    #[arg(long, default_value = "default")]
    project: String,
    /// The form of the file
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The file to write; - is standard output
    #[arg(long)]
    out: PathBuf,
    /// Posts of platforms that let only ids leave in full, as far as the day's allowance goes
    #[arg(long)]
    full: bool,
    /// Published from, such as 2026-07-01T00:00:00Z (default: everything)
    #[arg(long)]
    from: Option<jiff::Timestamp>,
    /// Published before
    #[arg(long)]
    to: Option<jiff::Timestamp>,
    /// Monitor ids, separated by commas; - before one leaves it out
    #[arg(long)]
    monitor: Option<String>,
    /// Platforms
    #[arg(long)]
    source: Option<String>,
    /// Languages
    #[arg(long)]
    lang: Option<String>,
    /// negative, neutral, positive
    #[arg(long)]
    sentiment: Option<String>,
    /// Kinds of post
    #[arg(long)]
    kind: Option<String>,
    /// Hashtags without #
    #[arg(long)]
    hashtag: Option<String>,
    /// earned (default), owned: the brand's own accounts, or all
    #[arg(long)]
    voice: Option<String>,
    /// Sites linked to, or communities posted in
    #[arg(long)]
    site: Option<String>,
    /// A query searched within the mentions
    #[arg(long)]
    q: Option<String>,
    #[command(flatten)]
    folder: FolderArgs,
}

pub(crate) fn run(args: ExportArgs) -> anyhow::Result<ExitCode> {
    let kept = args.folder.open("GET /api/v1/export")?;
    let control = kept.control;
    let gate = Gate::default();
    gate.refresh(&control)?;
    let request = request(&args, &control)?;
    let prepared = export::prepare(&control, kept.snapshot, request)?;
    let event = AuditEvent::new("command line", AccessRole::Admin, Action::Export);
    control.audit(&export::event(event, &prepared.manifest))?;
    let manifest = prepared.manifest.clone();
    let mut out = BufWriter::new(open(&args.out)?);
    prepared.write(&control, &gate, &mut out)?;
    out.flush()?;
    for p in &manifest.platforms {
        eprintln!(
            "{}: {} posts, {} in full; rule: {} ({})",
            p.platform, p.posts, p.full, p.form, p.why
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn request(args: &ExportArgs, control: &Control) -> anyhow::Result<Request> {
    let now = crate::clock::now();
    control.project(&args.project)?;
    let params = FilterParams {
        project: Some(args.project.clone()),
        monitor: args.monitor.clone(),
        from: Some(args.from.map_or(0, |t| t.as_millisecond())),
        to: args.to.map(|t| t.as_millisecond()),
        source: args.source.clone(),
        lang: args.lang.clone(),
        sentiment: args.sentiment.clone(),
        kind: args.kind.clone(),
        hashtag: args.hashtag.clone(),
        site: args.site.clone(),
        voice: args.voice.clone(),
        q: args.q.clone(),
        ..FilterParams::default()
    };
    let asked = api::ask_offline(control, &params, now).map_err(|f| anyhow::anyhow!(f.message()))?;
    Ok(Request {
        filter: asked.filter,
        project: asked.project,
        format: args.format,
        full: args.full,
        person: "command line".to_owned(),
        now,
    })
}

/// What is exported is for its owner alone.
fn open(path: &Path) -> anyhow::Result<Box<dyn Write + Send>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdout()));
    }
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Box::new(file))
}
