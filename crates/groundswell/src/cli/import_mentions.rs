//! `groundswell import-mentions`

use crate::control::{AccessRole, Action, AuditEvent};
use crate::live::Live;
use crate::vendor::{self, Brought, Options};
use anyhow::Context;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Arguments of `groundswell import-mentions`.
#[derive(Args)]
pub(crate) struct ImportMentionsArgs {
    /// Mention exports of Brandwatch, Talkwalker, Meltwater and others: CSV or XLSX
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The project
    #[arg(long, default_value = "default")]
    project: String,
    /// The vendor (default: by its columns)
    #[arg(long)]
    vendor: Option<String>,
    /// The name of their query for rows that name none
    #[arg(long, default_value = "")]
    query: String,
    /// The time zone of dates that name none
    #[arg(long, default_value = "UTC")]
    zone: String,
    /// Keep only what they say of posts, and no post
    #[arg(long)]
    labels_only: bool,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
    /// The configuration (default: groundswell.toml where there is one)
    #[arg(short, long)]
    config: Option<PathBuf>,
    /// The data folder instead
    #[arg(long)]
    data: Option<PathBuf>,
}

pub(crate) fn run(args: &ImportMentionsArgs) -> anyhow::Result<ExitCode> {
    super::start_log();
    let default = PathBuf::from("groundswell.toml");
    let path = args
        .config
        .clone()
        .or_else(|| default.exists().then_some(default));
    let Some(mut config) = super::check::load(path.as_deref()) else {
        return Ok(ExitCode::from(super::USAGE));
    };
    config.data = args.data.clone().unwrap_or(config.data);
    let options = Options {
        project: args.project.clone(),
        vendor: args.vendor.clone(),
        query: args.query.clone(),
        zone: jiff::tz::TimeZone::get(&args.zone)
            .with_context(|| format!("--zone: `{}` is no time zone", args.zone))?,
        labels_only: args.labels_only,
    };
    // Every file is read before anything is written, so that a wrong name changes nothing.
    let read =
        |path: &PathBuf| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let files: Vec<Vec<u8>> = args.files.iter().map(read).collect::<anyhow::Result<_>>()?;
    let all = super::block_on(async {
        let (engine, _) = crate::serve::start_engine(&config, &Live::default(), &Arc::default())
            .await
            .context(
                "while a server runs, send it the file: POST /api/v1/projects/{project}/vendor-mentions",
            )?;
        let mut all = Vec::new();
        for (path, bytes) in args.files.iter().zip(&files) {
            let brought = vendor::bring(&engine, bytes, &options).await;
            all.push(brought.with_context(|| path.display().to_string())?);
        }
        engine.settle().await?;
        let event = AuditEvent::new("command line", AccessRole::Admin, Action::VendorImport);
        let labels: u64 = all.iter().map(|b: &Brought| b.labels).sum();
        let event = event
            .within(&args.project)
            .with(serde_json::json!({"labels": labels}));
        engine.control.audit(&event)?;
        tokio::task::spawn_blocking(move || engine.stop()).await?;
        anyhow::Ok(all)
    })?;
    for (path, brought) in args.files.iter().zip(&all) {
        match args.json {
            true => println!("{}", serde_json::to_string_pretty(brought)?),
            false => print(path, brought),
        }
    }
    Ok(if all.iter().any(|b| b.left_out > 0) {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

fn print(path: &std::path::Path, brought: &Brought) {
    for problem in &brought.problems {
        let what = if problem.left_out { "left out" } else { "note" };
        eprintln!("{}:{}: {what}: {}", path.display(), problem.line, problem.message);
    }
    println!(
        "{} ({}): {} rows, {} new posts, {} known, {} labels of which {} with a sentiment, {} left out",
        path.display(),
        brought.vendor,
        brought.rows,
        brought.posts,
        brought.known,
        brought.labels,
        brought.rated,
        brought.left_out
    );
}
