//! The server of the folder, or the port it would take.

use super::report::Report;
use crate::cli::{folder, remote::Remote};
use crate::config::Config;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;

/// Whether a server holds the folder.
pub(super) fn is_running(data: &Path) -> bool {
    // Taking the lock would make a folder that is not there.
    data.join("journal").exists() && folder::is_running(data).unwrap_or(false)
}

pub(super) fn look(data: &Path, settings: Option<&Config>, running: bool, report: &mut Report) {
    match (running, settings) {
        (true, _) => health(data, report),
        (false, Some(settings)) => port(settings, report),
        (false, None) => report.skipped("port", "", "a faulty configuration says no address"),
    }
}

/// For health checks: a server that does not run is a fault.
pub(super) fn must_run(data: &Path, report: &mut Report) {
    match is_running(data) {
        true => health(data, report),
        false => report.fault(
            "server",
            data.display(),
            "no server is using it",
            "start `groundswell run`",
        ),
    }
}

fn health(data: &Path, report: &mut Report) {
    let said = Remote::of(data, None).and_then(|server| server.look("/health/ready"));
    let (status, text) = match said {
        Ok(said) => said,
        Err(error) => {
            let advice = "look at its log; if it answers nobody, restart it: what it acknowledged is kept";
            report.fault(
                "server",
                data.display(),
                format!("it does not answer: {error:#}"),
                advice,
            );
            return;
        }
    };
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    match status {
        200 => report.ok("server", data.display(), "it runs and is ready"),
        _ => report.fault(
            "server",
            data.display(),
            first,
            "make room or mend the file it names: it goes on by itself (docs/guides/runbooks/disk-full.md)",
        ),
    }
    for line in lines {
        let advice = match line.starts_with("left out") {
            true => {
                "at the next stop: `groundswell store check --repair` (docs/guides/runbooks/store-damaged.md)"
            }
            false => "set the clock; or start once with --trust-clock",
        };
        report.fault("server", data.display(), line, advice);
    }
}

fn port(settings: &Config, report: &mut Report) {
    let listen = settings.server.listen;
    let advice = match TcpListener::bind(listen) {
        Ok(_) => {
            report.ok("port", listen, "it is free");
            return;
        }
        Err(error) => match error.kind() {
            ErrorKind::AddrInUse => (
                "another program has it".to_owned(),
                "stop that program, or set server.listen to another port",
            ),
            ErrorKind::PermissionDenied => (
                "this user may not listen there".to_owned(),
                "set server.listen to a port above 1023 with a proxy before it, or give the unit AmbientCapabilities=CAP_NET_BIND_SERVICE",
            ),
            ErrorKind::AddrNotAvailable => (
                "this machine has no such address".to_owned(),
                "set server.listen to an address of this machine, or to 0.0.0.0",
            ),
            _ => (error.to_string(), "set server.listen to another address"),
        },
    };
    report.fault("port", listen, advice.0, advice.1);
}
