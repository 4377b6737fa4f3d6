//! `groundswell demo`

use crate::api::types::{Mode, Role};
use crate::config::{self, MonitorEntry};
use crate::connections::Plan as Planned;
use crate::demo::DemoSource;
use crate::serve::{self, Plan};
use anyhow::Context;
use clap::Args;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// Arguments of `groundswell demo`.
#[derive(Args)]
pub(crate) struct DemoArgs {
    /// The first port to try
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// What the simulation follows from: the same seed gives the same stream
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The demo's own data folder; emptied at each start
    #[arg(long, default_value = "demo-data")]
    data: PathBuf,
    /// Write the planted truth here, for judging detectors; it names everybody, so it stands in no data folder
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
    #[command(flatten)]
    log: super::log::LogArgs,
}

/// The file that marks a folder as a demo's: only such a folder is emptied.
const MARK: &str = "this-is-a-groundswell-demo";

pub(crate) fn run(args: DemoArgs) -> anyhow::Result<ExitCode> {
    let _traces = args.log.start()?;
    empty(&args.data)?;
    let mut config = config::parse("", Path::new("")).map_err(|f| anyhow::anyhow!("{f:?}"))?;
    config.data = args.data.clone();
    config.server.listen.set_port(args.port);
    config.privacy.public_handles = sources::demo::public_handles();
    config.monitors = monitors()?;
    let source = DemoSource::new(crate::clock::now(), args.seed, args.truth.as_deref())?;
    let no_open = args.no_open;
    let ready = move |address: SocketAddr, _watching: bool| {
        println!("DEMO: a simulated stream is on http://{address}");
        println!("Three days of its past load in a few seconds. Ctrl-C ends it.");
        if !no_open {
            open(&format!("http://{address}/"));
        }
    };
    let sources = vec![Planned::Given {
        name: "demo".to_owned(),
        connector: "demo",
        source: Box::new(source),
    }];
    let plan = Plan {
        mode: Mode::Demo,
        role: Default::default(),
        sources,
        any_port: true,
        trust_clock: true,
        ready: Box::new(ready),
    };
    super::block_on(serve::run(config, plan))?;
    Ok(ExitCode::SUCCESS)
}

fn monitors() -> anyhow::Result<Vec<MonitorEntry>> {
    let entry = |m: sources::demo::DemoMonitor| {
        let role = serde_json::from_value::<Role>(m.role.into())?;
        Ok(MonitorEntry {
            name: m.name.into(),
            role,
            query: m.query.into(),
        })
    };
    sources::demo::monitors().into_iter().map(entry).collect()
}

/// Makes an empty folder for a demo; one that holds anything but a demo is left alone.
fn empty(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        let holds_something = std::fs::read_dir(folder)?.next().is_some();
        anyhow::ensure!(
            !holds_something || folder.join(MARK).exists(),
            "{} is not a demo's folder; it is left alone (choose another with --data)",
            folder.display()
        );
        // The journal's lock is held for as long as a demo runs.
        if let Ok(lock) = std::fs::File::open(folder.join("journal").join("LOCK")) {
            anyhow::ensure!(
                lock.try_lock().is_ok(),
                "another demo runs in {} (choose another folder with --data)",
                folder.display()
            );
        }
        std::fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    std::fs::write(folder.join(MARK), "").with_context(|| format!("cannot write to {}", folder.display()))?;
    Ok(())
}

/// Opens the address in the user's browser, where there is a screen. Whoever has none reads the address printed.
fn open(address: &str) {
    let has_screen = cfg!(any(target_os = "macos", windows))
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|v| std::env::var_os(v).is_some());
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    if has_screen {
        // A missing opener is no fault: the address is on the terminal.
        let _ = Command::new(program)
            .arg(address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
    }
}
