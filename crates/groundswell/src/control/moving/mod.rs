//! Moving the control state from its file to PostgreSQL, and back, while the installation goes on.
//!
//! Passes make the target what the source is at one moment, table by table. While a server runs, each finds less to do;
//! the last one is made by [`Move::finish`], with nobody else writing. Then the source is closed, which lasts, then the
//! target opened, then what is left is put in order: killed anywhere, the next run sees how far it was. At no time can both
//! be opened, and nobody loses both.

mod numbers;
mod pass;
mod rows;
mod tables;
mod write;

pub use pass::{Compared, Pass, Progress};
pub use rows::Sum;

#[cfg(test)]
pub(in crate::control) use {pass::pass, tables::tables};

use super::audit::{self, Event};
use super::error::{Error, Result};
use super::keys::Keys;
use super::place::sync_folder;
use super::schema_server::{self, Closed};
use super::sql::postgres::Postgres;
use super::sql::{Connection, OptionalExtension, Transaction, params};
use super::{FILE, Place, schema};
use std::fs;
use std::path::{Path, PathBuf};

/// Why nobody may open a target on a server.
const FILLED: &str = "a control state is being moved into it: `groundswell migrate` goes on with that, and ends it with --finish";
/// Who holds the lease of the server of a database that was left, for good: whoever stands by does not take over.
const OWNER: &str = "moved";
const LEASE: &str = "server";

/// Where the control state goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// From the folder's file to the server.
    Postgres,
    /// From the server to the folder's file.
    Sqlite,
}

/// How far a move is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The source is in use.
    Filling,
    /// Nobody opens the source any more, and nobody the target yet.
    Closed,
    /// The target is as it should be, and has to get its place.
    Filled,
}

/// A move of the control state of a data folder.
#[derive(Debug, Clone)]
pub struct Move {
    folder: Place,
    server: Postgres,
    to: To,
}

/// What became of [`Move::finish`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// The control state is in its new place. The last pass, unless an earlier run had made it.
    Moved(Option<Pass>),
    /// The two sides differ: nothing was switched.
    Differs(Pass),
}

impl Move {
    /// A move between the file of a data folder and a server.
    pub fn new(data: &Path, server: &Postgres, to: To) -> Self {
        Self {
            folder: Place::from(data),
            server: server.clone(),
            to,
        }
    }

    /// The target, in words.
    pub fn target(&self) -> String {
        match self.to {
            To::Postgres => self.on_server().database(),
            To::Sqlite => self.folder.database(),
        }
        .display()
        .to_string()
    }

    /// Sees that there is something to move, and takes the target: from now on nobody else may open it. One that holds
    /// something is refused, unless it is of this installation and may be `replaced`: then it begins empty.
    pub fn begin(&self, replaced: bool) -> Result<()> {
        match (self.stage()?, self.to) {
            (Stage::Filling, To::Postgres) if self.folder.left().is_some() => Err(Error::Move(format!(
                "{} is there from an earlier move: remove it first",
                self.folder.left_path().display()
            ))),
            (Stage::Filling, To::Postgres) => self.take_server(replaced).map(drop),
            (Stage::Filling, To::Sqlite) => {
                if replaced {
                    remove_database(&self.folder.unfinished_path())?;
                }
                self.take_file().map(drop)
            }
            (Stage::Closed | Stage::Filled, _) => Ok(()),
        }
    }

    /// Makes the target what the source is now, which a server may be using.
    pub fn pass(&self, told: &mut dyn FnMut(Progress<'_>)) -> Result<Pass> {
        if self.stage()? != Stage::Filling {
            return Err(Error::Move(
                "the move is being ended: run it again with --finish".into(),
            ));
        }
        let source = match self.to {
            To::Postgres => Connection::Sqlite(schema::open_to_read(&self.file())?),
            To::Sqlite => schema_server::open_to_read(&self.server)?,
        };
        self.must_be_ours(&source)?;
        let target = self.take()?;
        let source = source.snapshot()?;
        pass::pass(&source, &target, &tables::tables()?, told)
    }

    /// Makes the last pass and switches, with the server stopped; `by` goes into the audit log. Where both sides are not the
    /// same afterwards nothing is switched.
    pub fn finish(&self, by: &Event, told: &mut dyn FnMut(Progress<'_>)) -> Result<Finished> {
        let mut last = None;
        if self.stage()? != Stage::Filled {
            let source = self.source()?;
            self.must_be_ours(&source)?;
            let target = self.take()?;
            // Nobody else writes until the source is closed.
            let held = source.transaction()?;
            must_be_idle(&held)?;
            let pass = pass::pass(&held, &target, &tables::tables()?, told)?;
            if !pass.is_same() {
                return Ok(Finished::Differs(pass));
            }
            self.close(held)?;
            let details = serde_json::json!({"control_rows": pass.rows(), "to": self.target()});
            self.open(&target, &by.clone().with(details))?;
            last = Some(pass);
        }
        self.settle()?;
        Ok(Finished::Moved(last))
    }

    fn file(&self) -> PathBuf {
        self.folder.data.join(FILE)
    }

    fn keys(&self) -> PathBuf {
        self.folder.data.join("keys")
    }

    fn on_server(&self) -> Place {
        Place {
            postgres: Some(self.server.clone()),
            ..self.folder.clone()
        }
    }

    fn must_be_ours(&self, source: &Connection) -> Result<()> {
        let place = match self.to {
            To::Postgres => self.folder.database(),
            To::Sqlite => self.on_server().database(),
        };
        Keys::must_fit(&self.keys(), source, &place)
    }

    fn stage(&self) -> Result<Stage> {
        let (is_marked, is_file) = (self.folder.is_on_server(), self.file().exists());
        match (self.to, is_marked, is_file) {
            (_, false, false) => Err(Error::Move(format!(
                "{} has no control state",
                self.folder.data.display()
            ))),
            (To::Postgres, true, false) => Err(Error::Move(
                "there is nothing to move: the control state of this folder is on PostgreSQL already".into(),
            )),
            (To::Sqlite, false, true) => Err(Error::Move(format!(
                "there is nothing to move: the control state of this folder is in {} already",
                self.file().display()
            ))),
            (To::Postgres, false, true) => Ok(Stage::Filling),
            (To::Postgres, true, true) => self.stage_by_server(),
            (To::Sqlite, true, _) => self.stage_by_source(is_file),
        }
    }

    /// With the folder's file closed: whether the server's database is open.
    fn stage_by_server(&self) -> Result<Stage> {
        let server = schema_server::open_as_it_is(&self.server)?;
        match schema_server::closed(&server)? {
            Some(closed) if closed.is_filling => Ok(Stage::Closed),
            Some(closed) => Err(self.closed(closed)),
            None => {
                self.must_be_ours_on_server(&server)?;
                Ok(Stage::Filled)
            }
        }
    }

    /// On the way back: whether the server's database is closed, and where the file is.
    fn stage_by_source(&self, is_file: bool) -> Result<Stage> {
        let server = schema_server::open_as_it_is(&self.server)?;
        let unfinished = self.folder.unfinished_path();
        match schema_server::closed(&server)? {
            None if is_file => Err(Error::Move(
                "the move to PostgreSQL is being ended: run `groundswell migrate --to postgres --finish` once more first".into(),
            )),
            None => Ok(Stage::Filling),
            Some(closed) if closed.is_filling || closed.installation != self.installation()? => {
                Err(self.closed(closed))
            }
            Some(_) if unfinished.exists() && schema::is_filling(&unfinished)? => Ok(Stage::Closed),
            Some(_) if unfinished.exists() || is_file => Ok(Stage::Filled),
            Some(closed) => Err(self.closed(closed)),
        }
    }

    fn closed(&self, closed: Closed) -> Error {
        Error::Closed {
            path: self.on_server().database(),
            why: closed.why,
        }
    }

    fn installation(&self) -> Result<String> {
        Keys::installation(&self.keys())
    }

    /// The source, for the only one who uses it.
    fn source(&self) -> Result<Connection> {
        match self.to {
            To::Postgres => Ok(Connection::Sqlite(schema::open(&self.file())?)),
            To::Sqlite => schema_server::open_even_closed(&self.server),
        }
    }

    fn take(&self) -> Result<Connection> {
        match self.to {
            To::Postgres => self.take_server(false),
            To::Sqlite => self.take_file(),
        }
    }

    fn take_file(&self) -> Result<Connection> {
        Ok(Connection::Sqlite(schema::open_filling(
            &self.folder.unfinished_path(),
        )?))
    }

    fn take_server(&self, replaced: bool) -> Result<Connection> {
        let server = schema_server::open_even_closed(&self.server)?;
        let installation = self.installation()?;
        let held = server.transaction()?;
        let closed = schema_server::closed(&held)?;
        if closed
            .as_ref()
            .is_some_and(|c| c.is_filling && c.installation == installation)
        {
            drop(held);
            return Ok(server);
        }
        if closed.is_some() || !is_empty(&held)? {
            self.must_be_ours_on_server(&held)?;
            if !replaced {
                return Err(Error::Move(format!(
                    "{} holds a control state of this installation already, and no move is filling it: --replace begins it anew",
                    self.target()
                )));
            }
            must_be_idle(&held)?;
            schema_server::begin_anew(&held, &tables::names()?)?;
        }
        let filled = Closed {
            why: FILLED.into(),
            installation,
            is_filling: true,
        };
        schema_server::close(&held, &filled)?;
        held.commit()?;
        Ok(server)
    }

    fn must_be_ours_on_server(&self, server: &Connection) -> Result<()> {
        let of = Keys::installation_of(server)?;
        match of == Some(self.installation()?) {
            true => Ok(()),
            false => Err(Error::Move(format!(
                "{} belongs to another installation: name an empty database",
                self.on_server().database().display()
            ))),
        }
    }

    /// From now on nobody opens the source. It has nobody else until then.
    fn close(&self, source: Transaction<'_>) -> Result<()> {
        match self.to {
            To::Postgres => self.on_server().mark(),
            To::Sqlite => {
                let left = Closed {
                    why: format!(
                        "what it held was moved to {}: take [control] out of the configuration",
                        self.target()
                    ),
                    installation: self.installation()?,
                    is_filling: false,
                };
                schema_server::close(&source, &left)?;
                source.execute(
                    "INSERT INTO leases (name, owner, until) VALUES (?1, ?2, ?3)
                     ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until",
                    params![LEASE, OWNER, i64::MAX],
                )?;
                Ok(source.commit()?)
            }
        }
    }

    /// The target is a control state like any other from now on, and says where it came from.
    fn open(&self, target: &Connection, by: &Event) -> Result<()> {
        let keys = Keys::read(&self.keys(), target)?;
        let change = target.transaction()?;
        audit::append(&change, &keys.id, by)?;
        match change.sqlite() {
            Some(file) => schema::end_filling(file)?,
            None => schema_server::reopen(&change)?,
        }
        Ok(change.commit()?)
    }

    /// What is left gets another name, and what is new its own.
    fn settle(&self) -> Result<()> {
        match self.to {
            To::Postgres => {
                let file = self.file();
                rename_database(&file, &self.folder.left_path())?;
                sync_folder(&self.folder.data)
            }
            To::Sqlite => {
                let (unfinished, file) = (self.folder.unfinished_path(), self.file());
                if unfinished.exists() {
                    rename_database(&unfinished, &file)?;
                    sync_folder(&self.folder.data)?;
                }
                self.folder.unmark()
            }
        }
    }
}

/// Nothing was ever written to it.
fn is_empty(db: &Connection) -> Result<bool> {
    let is_there = |sql: &str| db.query_row(sql, [], |row| row.get::<_, bool>(0));
    Ok(!is_there("SELECT EXISTS (SELECT 1 FROM settings)")?
        && !is_there("SELECT EXISTS (SELECT 1 FROM projects)")?)
}

/// Refuses a database that a server is using.
fn must_be_idle(db: &Connection) -> Result<()> {
    let now = db.clock()?;
    let held = db
        .query_row(
            "SELECT name, owner, until FROM leases WHERE until > ?1 AND owner <> ?2 ORDER BY until DESC LIMIT 1",
            params![now, OWNER],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    match held {
        None => Ok(()),
        Some(held) => {
            let (name, owner, until): (String, String, i64) = held;
            Err(Error::Move(format!(
                "process {owner} is using the control state (lease {name}): stop every server of this installation first; one that was \
                 killed lets go in {} s",
                (until - now).max(0) / 1_000 + 1
            )))
        }
    }
}

/// Gives a database that nobody uses another name, with all that stands in its log.
fn rename_database(from: &Path, to: &Path) -> Result<()> {
    let file = rusqlite::Connection::open(from)?;
    let busy: i64 = file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    drop(file);
    if busy != 0 {
        return Err(Error::Move(format!(
            "another process is using {}: end it, and run this once more",
            from.display()
        )));
    }
    // An old log beside a new database would be taken for its own.
    remove_sides(to)?;
    fs::rename(from, to).map_err(Error::io("rename", from))?;
    remove_sides(from)
}

fn remove_database(path: &Path) -> Result<()> {
    remove_sides(path)?;
    match path.exists() {
        true => fs::remove_file(path).map_err(Error::io("remove", path)),
        false => Ok(()),
    }
}

fn remove_sides(path: &Path) -> Result<()> {
    for side in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(side);
        let side = PathBuf::from(name);
        if side.exists() {
            fs::remove_file(&side).map_err(Error::io("remove", &side))?;
        }
    }
    Ok(())
}
