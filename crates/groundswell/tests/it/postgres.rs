//! Control state on a PostgreSQL server: several servers share it, and it goes away.
//!
//! `GROUNDSWELL_TEST_POSTGRES` names the server, as somebody who may make databases
//! (`scripts/cluster/test-postgres.sh` starts one); then every test of this suite that does not say otherwise runs on it.

use crate::server::{BINARY, Server, config};
use serde_json::json;
use std::path::Path;
use std::process::Command;
use tokio_postgres::NoTls;

fn server() -> Option<String> {
    std::env::var("GROUNDSWELL_TEST_POSTGRES").ok()
}

/// The same, or a notice that a test was left out.
pub(crate) fn server_or_notice(test: &str) -> Option<String> {
    let found = server();
    if found.is_none() {
        eprintln!("left out {test}: GROUNDSWELL_TEST_POSTGRES names no PostgreSQL server");
    }
    found
}

/// Runs statements as the one who may make databases.
fn ask(server: &str, sql: &str) -> Result<(), tokio_postgres::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(server, NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute(sql).await
    })
}

/// The database that belongs to a folder.
fn name(folder: &Path) -> String {
    let folder = folder.file_name().unwrap().as_encoded_bytes();
    let hex: String = folder.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("it_{hex}")
}

/// The address of a database of the server.
fn address(server: &str, database: &str) -> String {
    let others: Vec<&str> = server
        .split_whitespace()
        .filter(|part| !part.starts_with("dbname="))
        .collect();
    format!("{} dbname={database}", others.join(" "))
}

/// The `[control]` of a folder, whose database is made where it is missing; nothing where the suite runs on SQLite.
pub(crate) fn section(folder: &Path) -> String {
    server().map_or_else(String::new, |server| section_of(&server, folder))
}

/// The same of a server.
pub(crate) fn section_of(server: &str, folder: &Path) -> String {
    let name = name(folder);
    if let Err(error) = ask(server, &format!("CREATE DATABASE {name}")) {
        assert_eq!(error.code().map(|c| c.code()), Some("42P04"), "{error:?}");
    }
    format!("[control]\npostgres = \"{}\"\n", address(server, &name))
}

/// What a command that fails says.
fn refusal(args: &[&str], config: &Path) -> String {
    let out = Command::new(BINARY)
        .args(args)
        .arg("--config")
        .arg(config)
        .env("PGWORD", "hush-hush")
        .output()
        .unwrap();
    assert!(!out.status.success(), "{args:?} went well");
    format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    )
}

fn copy_keys(from: &Path, to: &Path) {
    let (from, to) = (from.join("data/keys"), to.join("data/keys"));
    std::fs::create_dir_all(&to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn a_second_server_stands_by_and_goes_on_with_the_same_control_state() {
    if server_or_notice("two servers").is_none() {
        return;
    }
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = config(first.path(), "");
    let text = std::fs::read_to_string(&path).unwrap();
    let other = second.path().join("groundswell.toml");
    std::fs::write(&other, text).unwrap();
    let one = Server::run(&path);
    // Without the keys of the database a server does not start.
    let refused = refusal(&["run"], &other);
    assert!(
        refused.contains("keys") && refused.contains("missing"),
        "{refused}"
    );
    copy_keys(first.path(), second.path());
    let two = std::thread::spawn(move || (Server::run(&other), second));
    let (status, made) = one.post(
        "/api/v1/projects/default/monitors",
        &json!({"name": "Acme", "role": "brand", "query": "acme"}),
    );
    assert_eq!(status, 201, "{made}");
    assert!(!two.is_finished(), "both serve");
    assert!(one.stop().success());
    let (two, _folder) = two.join().unwrap();
    let seen = two.get("/api/v1/projects/default/monitors");
    assert_eq!(seen[0]["id"], made["id"], "{seen}");
    assert!(two.stop().success());
}

#[test]
fn a_wrong_password_and_an_absent_server_are_told_apart_and_no_secret_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("groundswell.toml");
    let write = |address: &str| {
        let text = format!(
            "[data]\npath = \"data\"\n[control]\npostgres = \"{address}\"\npassword = \"env:PGWORD\"\n"
        );
        std::fs::write(&path, text).unwrap();
    };
    write("postgres://g@127.0.0.1:1/g");
    let absent = refusal(&["run"], &path);
    assert!(
        absent.contains("cannot reach PostgreSQL at 127.0.0.1:1/g") && !absent.contains("hush"),
        "{absent}"
    );
    write("postgres://g:hush-hush@127.0.0.1:1/g");
    let faulty = refusal(&["check"], &path);
    assert!(
        faulty.contains("control.postgres: holds a password") && !faulty.contains("hush"),
        "{faulty}"
    );
    let Some(server) = server_or_notice("a wrong password") else {
        return;
    };
    // The script's server trusts everybody but this one, who is let in by a password alone.
    let guest: Vec<_> = server
        .split_whitespace()
        .filter(|p| !p.starts_with("user="))
        .collect();
    write(&format!("{} user=guest", guest.join(" ")));
    let wrong = refusal(&["run"], &path);
    assert!(
        wrong.contains("password authentication failed") && !wrong.contains("hush"),
        "{wrong}"
    );
}

#[test]
fn doctor_knows_the_server() {
    if server_or_notice("doctor").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    assert!(Server::run(&path).stop().success());
    let out = Command::new(BINARY)
        .args(["doctor", "--config"])
        .arg(&path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(said.contains("the PostgreSQL database"), "{said}");
    // Of the folder alone it says where the rest is.
    let data = folder.path().join("data");
    let out = Command::new(BINARY)
        .args(["audit", "--data"])
        .arg(&data)
        .current_dir(&data)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        !out.status.success() && said.contains("is on PostgreSQL"),
        "{said}"
    );
}

#[test]
fn a_database_that_goes_away_is_said_and_comes_back() {
    let Some(server) = server_or_notice("a database that goes away") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let running = Server::run(&config(folder.path(), ""));
    let monitor = |name: &str| {
        running.post(
            "/api/v1/projects/default/monitors",
            &json!({"name": name, "role": "brand", "query": "acme"}),
        )
    };
    let name = name(folder.path());
    assert_eq!(monitor("Before").0, 201);
    let away = format!(
        "ALTER DATABASE {name} ALLOW_CONNECTIONS false;
         SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    ask(&server, &away).unwrap();
    let (status, said) = monitor("Meanwhile");
    assert_eq!((status, &said["code"]), (503, &json!("blocked")), "{said}");
    let (status, _) = running.request("GET", "/api/v1/projects/default/monitors", "", &[]);
    assert_eq!(status, 503);
    ask(&server, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).unwrap();
    assert_eq!(monitor("After").0, 201);
    let names: Vec<_> = running
        .get("/api/v1/projects/default/monitors")
        .as_array()
        .unwrap()
        .clone();
    let names: Vec<_> = names.iter().map(|m| m["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Before", "After"]);
    assert!(running.stop().success());
}
