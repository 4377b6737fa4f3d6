//! A control state of either kind, so that one suite holds both equal.

use crate::control::sql::postgres::{Client, Postgres};
use crate::control::sql::{Connection, Error};
use crate::control::{Control, FILE, Place};
use std::path::Path;

/// Names the server to be tested on, as somebody who may make databases, such as
/// `host=/tmp/sockets user=tester dbname=postgres`; without it, tests run on SQLite.
const SERVER: &str = "GROUNDSWELL_TEST_POSTGRES";

/// The address of the server to be tested on.
pub(super) fn server() -> Option<String> {
    std::env::var(SERVER).ok()
}

/// The same, or a notice that a test was left out.
pub(super) fn server_or_notice(test: &str) -> Option<String> {
    let found = server();
    if found.is_none() {
        eprintln!(
            "left out {test}: {SERVER} names no PostgreSQL server (scripts/cluster/test-postgres.sh starts one)"
        );
    }
    found
}

/// The settings of a database of this server.
pub(super) fn database(server: &str, name: &str) -> Postgres {
    let others: Vec<&str> = server
        .split_whitespace()
        .filter(|part| !part.starts_with("dbname="))
        .collect();
    Postgres::new(&format!("{} dbname={name}", others.join(" ")), None, None).unwrap()
}

/// The database that belongs to a folder, made where it is missing.
pub(super) fn database_of(server: &str, dir: &Path) -> Postgres {
    let folder = dir.file_name().unwrap().to_str().unwrap();
    let name = format!("t_{}", crate::control::hex(folder.as_bytes()));
    let admin = Client::open(&Postgres::new(server, None, None).unwrap()).unwrap();
    match Connection::Postgres(admin).execute_batch(&format!("CREATE DATABASE {name}")) {
        Ok(()) => {}
        Err(Error::Postgres { code: Some(code), .. }) if code == "42P04" => {}
        Err(error) => panic!("{error}"),
    }
    database(server, &name)
}

/// Where the control state of a folder is in this run.
pub(super) fn place(dir: &Path) -> Place {
    Place {
        data: dir.to_path_buf(),
        postgres: server().map(|server| database_of(&server, dir)),
    }
}

/// Runs statements past the program.
pub(super) fn sql(dir: &Path, statement: &str) {
    try_sql(dir, statement).unwrap();
}

/// The same, where they may be refused.
pub(super) fn try_sql(dir: &Path, statement: &str) -> Result<(), Error> {
    let connection = match place(dir).postgres {
        Some(server) => Connection::Postgres(Client::open(&server)?),
        None => Connection::Sqlite(rusqlite::Connection::open(dir.join(FILE))?),
    };
    connection.execute_batch(statement)
}

/// A control state of its own.
pub(super) fn open() -> (tempfile::TempDir, Control) {
    let dir = tempfile::tempdir().unwrap();
    let control = Control::open(place(dir.path())).unwrap();
    (dir, control)
}

/// Whether this run is on a server: what looks at the database's file has nothing to look at there.
pub(super) fn is_on_server() -> bool {
    server().is_some()
}

/// The bytes of a file of the database; none on a server.
pub(super) fn file_bytes(dir: &Path, file: &str) -> Vec<u8> {
    match is_on_server() {
        true => Vec::new(),
        false => std::fs::read(dir.join(file)).unwrap(),
    }
}
