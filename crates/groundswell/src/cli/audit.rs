//! `groundswell audit`

use super::folder::FolderArgs;
use crate::control::{AuditRow, Control};
use clap::Args;
use std::process::ExitCode;

/// Arguments of `groundswell audit`.
#[derive(Args)]
pub(crate) struct AuditArgs {
    /// Only check that the log is whole; ends with status 1 where it is not
    #[arg(long)]
    verify: bool,
    /// The newest rows, so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// Print rows as JSON Lines
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    folder: FolderArgs,
}

pub(crate) fn run(args: AuditArgs) -> anyhow::Result<ExitCode> {
    let control = Control::open_to_read(args.folder.config()?.place())?;
    if args.verify {
        let chain = control.audit_chain()?;
        return Ok(match (chain.fault, chain.head) {
            (None, head) => {
                println!(
                    "whole: {} rows, the newest marked {}",
                    chain.rows,
                    head.as_deref().unwrap_or("-")
                );
                ExitCode::SUCCESS
            }
            (Some(fault), _) => {
                println!("not whole: {fault}");
                ExitCode::FAILURE
            }
        });
    }
    let mut rows = control.audit_page(None, args.limit)?;
    rows.reverse();
    for row in rows {
        match args.json {
            true => println!("{}", serde_json::json!(row)),
            false => println!("{}", line(&row)),
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn line(row: &AuditRow) -> String {
    let named =
        |name: &str, value: &Option<String>| value.as_ref().map_or(String::new(), |v| format!(" {name}={v}"));
    let quoted = row
        .reason
        .as_ref()
        .map_or(String::new(), |r| format!(" reason={r:?}"));
    let details = if row.details == "null" {
        String::new()
    } else {
        format!(" {}", row.details)
    };
    format!(
        "{} {} {} ({}) {}{}{}{quoted}{details}",
        row.number,
        post::to_rfc3339(row.at),
        row.actor,
        row.role,
        row.action,
        named("subject", &row.subject),
        named("project", &row.project),
    )
}
