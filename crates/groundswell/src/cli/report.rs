//! `groundswell report`

use super::folder::FolderArgs;
use crate::control::{AccessRole, Action, AuditEvent};
use crate::report::{self, Definition, Form, Period, SectionKind};
use anyhow::Context;
use base64::Engine as _;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `groundswell report`.
#[derive(Args)]
pub(crate) struct ReportArgs {
    /// The project
    #[arg(long, default_value = "default")]
    project: String,
    /// The form of the file
    #[arg(long, value_enum, default_value_t = Form::Pdf)]
    format: Form,
    /// The file to write
    #[arg(long)]
    out: PathBuf,
    /// The id of a report that is kept: its definition is taken, and the options below are not
    #[arg(long)]
    report: Option<String>,
    /// What it is called
    #[arg(long, default_value = "Report")]
    title: String,
    /// last-7-days, last-30-days, last-week, last-month, or 2026-06-01..2026-06-30
    #[arg(long, default_value = "last-7-days", value_parser = period)]
    period: Period,
    /// The time zone of days and hours
    #[arg(long, default_value = "UTC")]
    zone: String,
    /// Sections, separated by commas (default: all that may be shown)
    #[arg(long, value_enum, value_delimiter = ',')]
    sections: Vec<SectionKind>,
    /// Monitor ids, separated by commas
    #[arg(long)]
    monitor: Option<String>,
    /// Platforms
    #[arg(long)]
    source: Option<String>,
    /// A file with your own text; an empty line begins a paragraph
    #[arg(long)]
    text: Option<PathBuf>,
    /// A PNG file
    #[arg(long)]
    logo: Option<PathBuf>,
    /// It stays in the house: posts, and values behind which few people stand, are shown
    #[arg(long)]
    internal: bool,
    #[command(flatten)]
    folder: FolderArgs,
}

pub(crate) fn run(args: &ReportArgs) -> anyhow::Result<ExitCode> {
    let kept = args
        .folder
        .open("POST /api/v1/projects/{project}/reports/{id}/render")?;
    let control = &kept.control;
    control.project(&args.project)?;
    let definition = match &args.report {
        Some(id) => control.report(&args.project, id)?.definition,
        None => definition(args)?,
    };
    let (small_cell, now) = (kept.config.policy.small_cell, crate::clock::now());
    let made = report::make(
        control,
        &kept.snapshot,
        &definition,
        &args.project,
        small_cell,
        now,
    )
    .map_err(|failure| anyhow::anyhow!(failure.message()))?;
    // Whoever holds the data folder approves by writing the file.
    let finished = ::report::Report {
        draft: false,
        ..made.report
    };
    let bytes = args
        .format
        .render(&finished, &report::fonts(&kept.config.data)?)?;
    let event = AuditEvent::new("command line", AccessRole::Admin, Action::ReportMade);
    let details = serde_json::json!({"form": args.format.name(), "internal": definition.internal});
    control.audit(&event.within(&args.project).with(details))?;
    report::private(&args.out, &bytes).with_context(|| format!("cannot write {}", args.out.display()))?;
    eprintln!(
        "{}: {} sections, {}",
        args.out.display(),
        finished.sections.len(),
        finished.period
    );
    Ok(ExitCode::SUCCESS)
}

fn definition(args: &ReportArgs) -> anyhow::Result<Definition> {
    let read =
        |path: &PathBuf| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let text = args.text.as_ref().map(read).transpose()?;
    let logo = args.logo.as_ref().map(read).transpose()?;
    let mut definition = Definition {
        sections: args.sections.clone(),
        text: String::from_utf8(text.unwrap_or_default()).context("the text is not UTF-8")?,
        logo: logo.map(|png| base64::engine::general_purpose::STANDARD.encode(png)),
        period: args.period,
        zone: args.zone.clone(),
        internal: args.internal,
        ..Definition::named(&args.title)
    };
    definition.filter.monitor = args.monitor.clone();
    definition.filter.source = args.source.clone();
    Ok(definition)
}

fn period(text: &str) -> Result<Period, String> {
    let bad =
        || format!("`{text}` is no period: last-7-days, last-week, last-month, or 2026-06-01..2026-06-30");
    let period = match text {
        "last-week" => Period::LastWeek,
        "last-month" => Period::LastMonth,
        _ => match (
            text.strip_prefix("last-").and_then(|t| t.strip_suffix("-days")),
            text.split_once(".."),
        ) {
            (Some(days), _) => Period::LastDays(days.parse().map_err(|_| bad())?),
            (None, Some((first, last))) => {
                let day = |text: &str| text.parse().map_err(|_| bad());
                Period::Days {
                    first: day(first)?,
                    last: day(last)?,
                }
            }
            (None, None) => return Err(bad()),
        },
    };
    period.check()?;
    Ok(period)
}
