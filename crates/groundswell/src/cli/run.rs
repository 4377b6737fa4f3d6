//! `groundswell run`

use crate::api::types::Mode;
use crate::connections::Plan as Planned;
use crate::serve::{self, Plan};
use crate::spread::Role;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `groundswell run`.
#[derive(Args)]
pub(crate) struct RunArgs {
    /// The configuration (default: groundswell.toml where there is one; else Bluesky's public stream)
    #[arg(short, long)]
    config: Option<PathBuf>,
    /// Listen here instead
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Keep data here instead
    #[arg(long)]
    data: Option<PathBuf>,
    /// The clock is right although it jumped far ahead: what is past its time by it may be deleted
    #[arg(long)]
    trust_clock: bool,
    /// What of an installation on several machines this process does; needs [kafka] in the configuration
    #[arg(long, value_enum, default_value_t)]
    role: Role,
    #[command(flatten)]
    log: super::log::LogArgs,
}

pub(crate) fn run(args: RunArgs) -> anyhow::Result<ExitCode> {
    let _traces = args.log.start()?;
    let default = PathBuf::from("groundswell.toml");
    let path = args.config.or_else(|| default.exists().then_some(default));
    let Some(mut config) = super::check::load(path.as_deref()) else {
        return Ok(ExitCode::from(super::USAGE));
    };
    if let Some(listen) = args.listen {
        anyhow::ensure!(
            listen.ip().is_loopback() || config.server.password.is_some() || config.oidc.is_some(),
            "{listen} can be reached from other machines: set server.password in the configuration first"
        );
        config.server.listen = listen;
    }
    config.data = args.data.unwrap_or(config.data);
    anyhow::ensure!(
        args.role == Role::All || config.kafka.is_some(),
        "--role needs the brokers that connect the processes: set [kafka] in the configuration"
    );
    let sources = config.sources.iter().cloned().map(Planned::Defined).collect();
    let scheme = if config.server.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let ready = move |address: SocketAddr, watching: bool| {
        println!("Groundswell is on {scheme}://{address}");
        if !watching {
            println!(
                "Nothing is collected until there is a monitor: the guide there helps to make the first."
            );
        }
    };
    let plan = Plan {
        mode: Mode::Run,
        role: args.role,
        sources,
        any_port: false,
        trust_clock: args.trust_clock,
        ready: Box::new(ready),
    };
    super::block_on(serve::run(config, plan))?;
    Ok(ExitCode::SUCCESS)
}
