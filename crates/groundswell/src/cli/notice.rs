//! `groundswell notice`

use crate::control::Control;
use crate::policy::{Gate, notice};
use anyhow::Context;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `groundswell notice`.
#[derive(Args)]
pub(crate) struct NoticeArgs {
    /// The folder to write to: notice.html, legitimate-interest.md, dpia.md
    #[arg(long)]
    out: PathBuf,
    /// The configuration (default: groundswell.toml where there is one)
    #[arg(short, long)]
    config: Option<PathBuf>,
    /// The date to print (default: today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<jiff::civil::Date>,
    /// Write over assessments that are there: what was filled in is lost
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: NoticeArgs) -> anyhow::Result<ExitCode> {
    let default = PathBuf::from("groundswell.toml");
    let path = args.config.or_else(|| default.exists().then_some(default));
    let Some(config) = super::check::load(path.as_deref()) else {
        return Ok(ExitCode::from(super::USAGE));
    };
    let gate = Gate::default();
    // Before the first start nothing can have been accepted.
    if config.place().exists() {
        gate.refresh(&Control::open_to_read(config.place())?)?;
    }
    let now = match args.date {
        Some(date) => date
            .to_zoned(jiff::tz::TimeZone::UTC)?
            .timestamp()
            .as_millisecond(),
        None => crate::clock::now(),
    };
    let facts = notice::Facts::of(&config);
    std::fs::create_dir_all(&args.out).with_context(|| format!("cannot make {}", args.out.display()))?;
    let write = |name: &str, text: String, over: bool| -> anyhow::Result<()> {
        let path = args.out.join(name);
        if path.exists() && !over {
            println!(
                "{} is there and stays as it is (--force writes over it)",
                path.display()
            );
            return Ok(());
        }
        let blanks = text.to_lowercase().matches("to be filled in: ").count();
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        println!("Wrote {}: {blanks} blanks to fill in", path.display());
        Ok(())
    };
    write("notice.html", notice::page(&facts, &gate, now), true)?;
    write(
        "legitimate-interest.md",
        notice::legitimate_interest(&facts, &gate, now),
        args.force,
    )?;
    write("dpia.md", notice::dpia(&facts, &gate, now), args.force)?;
    Ok(ExitCode::SUCCESS)
}
