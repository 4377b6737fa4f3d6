//! PostgreSQL: a connection that lives on a thread of its own.
//!
//! The control state's functions block and are called from threads that run async tasks, too; there a client that waits
//! on its own runtime would panic. So requests go to the thread by a channel, one at a time, and the caller waits.

mod session;
mod settings;
mod values;

pub use settings::Postgres;

use super::{Error, Result};
use rusqlite::types::Value;
use session::Session;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use tokio::sync::mpsc;

/// What a server answered.
pub(super) struct Answer {
    /// The columns' names.
    pub(super) names: Arc<[String]>,
    /// The rows' values.
    pub(super) rows: Vec<Vec<Value>>,
}

/// What the thread is asked to do.
enum Work {
    /// Of one who may write, or of one who reads everything as it was at one moment.
    Begin {
        writes: bool,
    },
    Commit,
    Rollback,
    Batch(String),
    Execute(String, Vec<Value>),
    Query(String, Vec<Value>),
}

/// What came of it.
enum Done {
    Nothing,
    Changed(u64),
    Rows(Answer),
}

struct Request {
    work: Work,
    answer: SyncSender<Result<Done>>,
}

/// A connection, made anew where it broke.
pub(in crate::control) struct Client {
    requests: mpsc::UnboundedSender<Request>,
    place: String,
}

impl Client {
    /// Connects.
    pub(in crate::control) fn open(settings: &Postgres) -> Result<Self> {
        let place = settings.to_string();
        let away = |reason: String| Error::Away {
            place: place.clone(),
            reason,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| away(e.to_string()))?;
        let (requests, mut waiting) = mpsc::unbounded_channel::<Request>();
        let mut session = Session::new(settings.clone());
        std::thread::Builder::new()
            .name("postgres".into())
            .spawn(move || {
                runtime.block_on(async {
                    while let Some(Request { work, answer }) = waiting.recv().await {
                        let _ = answer.send(session.run(work).await);
                    }
                });
            })
            .map_err(|e| away(e.to_string()))?;
        let client = Self {
            requests,
            place: place.clone(),
        };
        client.query("SELECT 1".into(), Vec::new())?;
        Ok(client)
    }

    fn ask(&self, work: Work) -> Result<Done> {
        let (answer, wait) = sync_channel(1);
        let gone = || Error::Away {
            place: self.place.clone(),
            reason: "its thread has ended".into(),
        };
        self.requests.send(Request { work, answer }).map_err(|_| gone())?;
        wait.recv().map_err(|_| gone())?
    }

    pub(super) fn begin(&self, writes: bool) -> Result<()> {
        self.ask(Work::Begin { writes }).map(drop)
    }

    pub(super) fn commit(&self) -> Result<()> {
        self.ask(Work::Commit).map(drop)
    }

    pub(super) fn rollback(&self) -> Result<()> {
        self.ask(Work::Rollback).map(drop)
    }

    pub(super) fn batch(&self, sql: &str) -> Result<()> {
        self.ask(Work::Batch(sql.to_owned())).map(drop)
    }

    /// Runs a statement in PostgreSQL's own words, with `$1`, `$2`, …; gives the number of rows it changed.
    pub(in crate::control) fn execute(&self, sql: String, values: Vec<Value>) -> Result<usize> {
        match self.ask(Work::Execute(sql, values))? {
            Done::Changed(rows) => Ok(usize::try_from(rows).unwrap_or(usize::MAX)),
            _ => Ok(0),
        }
    }

    pub(super) fn query(&self, sql: String, values: Vec<Value>) -> Result<Answer> {
        match self.ask(Work::Query(sql, values))? {
            Done::Rows(answer) => Ok(answer),
            _ => Err(Error::NoRow),
        }
    }

    /// Which server and database, without a password.
    pub(in crate::control) fn place(&self) -> &str {
        &self.place
    }
}
