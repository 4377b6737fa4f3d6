//! `groundswell doctor`: looks at everything an installation needs, and says what is wrong and how to mend it.

mod brokers;
mod clock;
mod cluster;
mod files;
mod folder;
mod models;
mod reach;
mod report;
mod server;
mod settings;
mod tls;

use crate::config::Config;
use crate::control::Place;
use clap::Args;
use report::Report;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `groundswell doctor`.
#[derive(Args)]
pub(crate) struct DoctorArgs {
    /// The configuration (default: groundswell.toml where there is one)
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data folder (default: the configuration's)
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Also speak to what is outside: mail server, destinations of alerts, sign-on provider, sources; no message is sent, nothing spent
    #[arg(long)]
    reach: bool,
    /// Look at nothing but whether the folder's server runs and is ready, as health checks want it
    #[arg(long)]
    running: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &DoctorArgs) -> anyhow::Result<ExitCode> {
    // What is found is printed; damaged bytes also make libraries panic, which is caught and told as what it is.
    std::panic::set_hook(Box::new(|_| {}));
    let mut report = Report::default();
    let default = PathBuf::from("groundswell.toml");
    let path = args
        .config
        .clone()
        .or_else(|| default.exists().then_some(default));
    let settings = settings::look(path.as_deref(), args.data.as_deref(), &mut report);
    let data = args
        .data
        .clone()
        .or_else(|| settings.as_ref().map(|c| c.data.clone()))
        .or_else(|| path.as_deref().and_then(settings::data_of));
    match data {
        _ if args.running => {
            report = Report::default();
            let data = data.unwrap_or_else(|| PathBuf::from("data"));
            server::must_run(&data, &mut report);
        }
        None => report.skipped("folder", "", "the configuration does not say where the data is"),
        Some(data) => look(&data, settings.as_ref(), args.reach, &mut report)?,
    }
    match args.json {
        true => println!("{}", serde_json::json!(report)),
        false => report.print(),
    }
    Ok(match report.is_sound() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn look(data: &Path, settings: Option<&Config>, reach: bool, report: &mut Report) -> anyhow::Result<()> {
    let running = server::is_running(data);
    folder::look(data, settings, report);
    let place = Place {
        data: data.to_owned(),
        postgres: settings.and_then(|s| s.postgres.clone()),
    };
    let control = files::look(&place, settings, running, report);
    clock::look(control.as_ref(), report);
    server::look(data, settings, running, report);
    models::look(settings, control.as_ref(), report);
    if let Some(files) = settings.and_then(|s| s.server.tls.as_ref()) {
        tls::look(files, report);
    }
    if reach {
        super::block_on(async {
            reach::look(settings, control.as_ref(), report).await;
            Ok(())
        })?;
    } else {
        report.skipped(
            "reach",
            "",
            "mail server, destinations, sign-on provider and sources are spoken to with --reach",
        );
    }
    Ok(())
}
