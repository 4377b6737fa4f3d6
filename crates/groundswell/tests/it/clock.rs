//! A clock that jumps ten years ahead deletes nothing by age, says so, and is believed once somebody says it is right.

use crate::server::{BINARY, Server, config};
use groundswell::control::Control;
use serde_json::Value;
use std::process::Command;

#[test]
fn a_jump_of_the_clock_is_said_until_it_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    assert_eq!(server.get("/api/v1/status")["clock"], Value::Null);
    let now = server.get("/api/v1/status")["now"].as_i64().unwrap();
    assert!(server.stop().success());
    // As if the clock had said that when it was last believed.
    let then = now - 3_650 * 86_400_000;
    let control = Control::open(&folder.path().join("data")).unwrap();
    control.set_setting("clock_seen", &then.to_string()).unwrap();
    drop(control);

    let server = Server::run(&path);
    let clock = server.get("/api/v1/status")["clock"].as_str().unwrap().to_owned();
    assert!(clock.contains("nothing is deleted by its age"), "{clock}");
    let (status, health) = server.request("GET", "/health", "", &[]);
    // The times in the message go on.
    let (_, warning) = clock.split_once(" before: ").unwrap();
    assert!(status == 200 && health.contains(warning), "it goes on: {health}");
    assert!(server.stop().success());

    let mut command = Command::new(BINARY);
    command.args(["run", "--trust-clock", "--config"]).arg(&path);
    let server = Server::start(&mut command, "Groundswell is on http://");
    assert_eq!(server.get("/api/v1/status")["clock"], Value::Null);
    assert!(server.stop().success());
    // The first retention pass, or the start itself, has kept it.
    let server = Server::run(&path);
    assert_eq!(server.get("/api/v1/status")["clock"], Value::Null);
}
