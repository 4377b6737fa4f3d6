//! A running installation moves its control state to PostgreSQL and back: `groundswell migrate` as somebody uses it.
//!
//! `GROUNDSWELL_TEST_POSTGRES` names the server (`scripts/cluster/test-postgres.sh` starts one); without it this is left out.

use crate::moving::{killed, said, settle};
use crate::postgres::{section_of, server_or_notice};
use crate::server::{BINARY, Server};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn command(args: &[&str], config: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.args(args).arg("--config").arg(config);
    command
}

fn run(args: &[&str], config: &Path) -> Output {
    command(args, config).output().unwrap()
}

fn succeeds(args: &[&str], config: &Path) -> String {
    let output = run(args, config);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    said(&output)
}

fn fails(args: &[&str], config: &Path) -> String {
    let output = run(args, config);
    assert!(!output.status.success(), "{args:?}: {}", said(&output));
    said(&output)
}

/// Ends a move, unless it had ended before it was killed.
fn ends(args: &[&str], config: &Path) {
    let output = run(args, config);
    assert!(
        output.status.success() || said(&output).contains("nothing to move"),
        "{}",
        said(&output)
    );
}

/// The configuration with the file, and the one with the server.
fn configurations(folder: &Path, section: &str) -> (PathBuf, PathBuf) {
    let (old, new) = (folder.join("groundswell.toml"), folder.join("postgres.toml"));
    let text = "[server]\nlisten = \"127.0.0.1:0\"\n[data]\npath = \"data\"\n";
    fs::write(&old, text).unwrap();
    fs::write(&new, format!("{text}{section}")).unwrap();
    (old, new)
}

fn push(server: &Server, numbers: std::ops::Range<usize>) {
    let post = |n: usize| {
        json!({
            "uid": format!("t:{n}"), "platform": "test", "text": format!("acme {n}"), "lang": "en",
            "author": {"id": format!("a{}", n % 97), "handle": format!("ana{}", n % 97)},
            "created_at": format!("2026-01-{:02}T00:00:00Z", 1 + n % 28),
        })
    };
    let posts = Value::Array(numbers.map(post).collect());
    assert_eq!(server.post("/api/v1/posts", &posts).0, 200);
    settle(server);
}

fn answers(server: &Server) -> Vec<Value> {
    let asked = [
        "/api/v1/projects",
        "/api/v1/projects/default/monitors",
        "/api/v1/projects/default/marks/changes",
        "/api/v1/projects/default/annotations?from=0&to=1796083200000",
    ];
    let mut all: Vec<Value> = asked.into_iter().map(|path| server.get(path)).collect();
    for monitor in all[1].as_array_mut().unwrap() {
        // What the process measured, and how far a search of the past was at that moment.
        for name in ["cost", "backfill"] {
            monitor.as_object_mut().map(|fields| fields.remove(name));
        }
    }
    all
}

#[test]
fn a_running_installation_moves_its_control_state_to_postgresql_and_back() {
    let Some(postgres) = server_or_notice("a move of the control state") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = configurations(folder.path(), &section_of(&postgres, folder.path()));
    let (there, back) = (["migrate", "--to", "postgres"], ["migrate", "--to", "sqlite"]);
    let finish = |way: &[&'static str; 3]| [way[0], way[1], way[2], "--finish"];
    let server = Server::run(&old);
    server.monitor("acme", "acme");
    push(&server, 0..2_000);
    // Killed at any time while the server runs, and begun again.
    for after in [30, 150, 400] {
        killed(&mut command(&there, &new), after);
    }
    let told = succeeds(&there, &new);
    assert!(
        told.contains("Nearly everything is there") && told.contains("post_links "),
        "{told}"
    );
    // Half-filled it is nobody's.
    assert!(fails(&["audit"], &new).contains("migrate --to postgres"));
    push(&server, 2_000..2_300);
    server.monitor("tea", "tea");
    assert!(fails(&finish(&there), &new).contains("stop it first"));
    let before = answers(&server);
    assert!(server.stop().success());
    for after in [50, 200] {
        killed(&mut command(&finish(&there), &new), after);
    }
    ends(&finish(&there), &new);

    // The old configuration says where to look.
    assert!(fails(&["audit"], &old).contains("is on PostgreSQL"));
    assert!(fails(&there, &new).contains("nothing to move"));
    let told = said(&run(&["doctor"], &new));
    assert!(
        told.contains("the PostgreSQL database") && told.contains("control.db.moved"),
        "{told}"
    );
    let server = Server::run(&new);
    assert_eq!(answers(&server), before);
    server.monitor("there", "there");
    push(&server, 2_300..2_600);
    killed(&mut command(&back, &new), 100);
    assert!(succeeds(&back, &new).contains("Nearly everything is there"));
    assert!(fails(&finish(&back), &new).contains("stop it first"));
    let before = answers(&server);
    assert!(server.stop().success());
    killed(&mut command(&finish(&back), &new), 120);
    ends(&finish(&back), &new);

    assert!(fails(&["audit"], &new).contains("migrate --to postgres"));
    let server = Server::run(&old);
    assert_eq!(answers(&server), before);
    assert!(server.stop().success());
    let log = succeeds(&["audit"], &old);
    assert_eq!(log.matches(") moved {").count(), 2, "{log}");
    assert!(succeeds(&["audit", "--verify"], &old).contains("whole"));
    assert_eq!(crate::faults::check(&old)["problems"], json!([]));
}
