//! The connection's own side: statements, transactions, and what to do when the server goes away.

use super::values::{Bound, Cell};
use super::{Answer, Done, Postgres, Work};
use crate::control::sql::{Error, Result};
use rusqlite::types::Value;
use std::collections::HashMap;
use tokio_postgres::types::ToSql;

/// One writer at a time: each writing transaction holds this lock of its database (`GSC1`).
const WRITER: i64 = 0x4753_4331;

/// Prepared statements kept.
const PREPARED: usize = 512;

/// What a connection is told first.
const SETUP: &str =
    "SET standard_conforming_strings = on; SET lock_timeout = '30s'; SET statement_timeout = '120s';
    SET idle_in_transaction_session_timeout = '300s'; SET default_transaction_isolation = 'read committed'";

/// Where the transaction stands.
enum State {
    /// There is none.
    Idle,
    /// It goes well.
    Open,
    /// A statement of it was refused, so that it cannot be kept any more.
    Refused(String),
    /// Its connection broke: the server has undone it.
    Lost(String),
}

/// A connection with its prepared statements.
struct Server {
    client: tokio_postgres::Client,
    prepared: HashMap<String, tokio_postgres::Statement>,
}

pub(super) struct Session {
    settings: Postgres,
    server: Option<Server>,
    state: State,
}

impl Session {
    pub(super) fn new(settings: Postgres) -> Self {
        Self {
            settings,
            server: None,
            state: State::Idle,
        }
    }

    pub(super) async fn run(&mut self, work: Work) -> Result<Done> {
        match work {
            Work::Begin { writes } => self.begin(writes).await,
            Work::Commit => self.commit().await,
            Work::Rollback => self.rollback().await,
            work => match &self.state {
                State::Idle => self.alone(work).await,
                State::Open => self.within(work).await,
                State::Refused(why) => Err(refused(None, format!("after a statement that failed: {why}"))),
                State::Lost(why) => Err(Error::Lost(why.clone())),
            },
        }
    }

    /// Begins, on a new connection where the old one turns out to be broken.
    async fn begin(&mut self, writes: bool) -> Result<Done> {
        self.state = State::Idle;
        let begin = match writes {
            true => format!("BEGIN; SELECT pg_advisory_xact_lock({WRITER})"),
            false => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".to_owned(),
        };
        for again in [true, false] {
            let server = self.server().await?;
            match server.client.batch_execute(&begin).await {
                Ok(()) => break,
                Err(error) if again && self.is_lost(&error) => self.server = None,
                Err(error) => {
                    // The next one starts on a connection that holds nothing.
                    self.server = None;
                    return Err(told(&error));
                }
            }
        }
        self.state = State::Open;
        Ok(Done::Nothing)
    }

    async fn commit(&mut self) -> Result<Done> {
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Open => {}
            State::Lost(why) => return Err(Error::Lost(why)),
            State::Refused(why) => {
                self.plain("ROLLBACK").await?;
                return Err(refused(
                    None,
                    format!("nothing was kept, because a statement failed: {why}"),
                ));
            }
            State::Idle => return Err(refused(None, "there is no transaction".into())),
        }
        self.plain("COMMIT").await.map_err(|error| match error {
            Error::Lost(why) => Error::Lost(format!("{why}; whether it was kept is not known")),
            other => other,
        })
    }

    async fn rollback(&mut self) -> Result<Done> {
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Open | State::Refused(_) => self.plain("ROLLBACK").await,
            State::Idle | State::Lost(_) => Ok(Done::Nothing),
        }
    }

    /// On the connection as it is: after a failure it is given up, and with it whatever it had open.
    async fn plain(&mut self, sql: &str) -> Result<Done> {
        let Some(server) = &self.server else {
            return Err(Error::Lost("there is no connection".into()));
        };
        let Err(error) = server.client.batch_execute(sql).await else {
            return Ok(Done::Nothing);
        };
        let lost = self.is_lost(&error);
        self.server = None;
        Err(match lost {
            true => Error::Lost(words(&error)),
            false => told(&error),
        })
    }

    /// A statement of its own. What only reads is asked again where the connection turns out to be broken.
    async fn alone(&mut self, work: Work) -> Result<Done> {
        let mut again = matches!(work, Work::Query(..));
        loop {
            let server = self.server().await?;
            match server.perform(&work).await {
                Ok(done) => return Ok(done),
                Err(error) => {
                    let lost = self.is_lost(&error);
                    if lost {
                        self.server = None;
                    }
                    let stale = is_stale(&error);
                    if stale && let Some(server) = &mut self.server {
                        server.prepared.clear();
                    }
                    if !(again && (lost || stale)) {
                        return Err(told(&error));
                    }
                    again = false;
                }
            }
        }
    }

    async fn within(&mut self, work: Work) -> Result<Done> {
        let Some(server) = &mut self.server else {
            return Err(Error::Lost("there is no connection".into()));
        };
        let error = match server.perform(&work).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        if self.is_lost(&error) {
            self.server = None;
            self.state = State::Lost(words(&error));
            return Err(Error::Lost(words(&error)));
        }
        if is_stale(&error)
            && let Some(server) = &mut self.server
        {
            server.prepared.clear();
        }
        self.state = State::Refused(words(&error));
        Err(told(&error))
    }

    /// The connection, made where there is none.
    async fn server(&mut self) -> Result<&mut Server> {
        if self.server.as_ref().is_none_or(|s| s.client.is_closed()) {
            self.server = None;
            let client = self.settings.connect().await.map_err(|reason| Error::Away {
                place: self.settings.to_string(),
                reason,
            })?;
            client.batch_execute(SETUP).await.map_err(|e| told(&e))?;
            self.server = Some(Server {
                client,
                prepared: HashMap::new(),
            });
        }
        self.server.as_mut().ok_or(Error::NoRow)
    }

    fn is_lost(&self, error: &tokio_postgres::Error) -> bool {
        let told = error
            .code()
            .is_some_and(|c| c.code().starts_with("57P") || c.code().starts_with("08"));
        told || error.is_closed() || self.server.as_ref().is_none_or(|s| s.client.is_closed())
    }
}

impl Server {
    async fn perform(&mut self, work: &Work) -> std::result::Result<Done, tokio_postgres::Error> {
        match work {
            Work::Batch(sql) => self.client.batch_execute(sql).await.map(|()| Done::Nothing),
            Work::Execute(sql, values) => {
                let statement = self.prepared(sql).await?;
                let bound: Vec<Bound<'_>> = values.iter().map(Bound).collect();
                Ok(Done::Changed(
                    self.client.execute(&statement, &references(&bound)).await?,
                ))
            }
            Work::Query(sql, values) => {
                let statement = self.prepared(sql).await?;
                let bound: Vec<Bound<'_>> = values.iter().map(Bound).collect();
                let rows = self.client.query(&statement, &references(&bound)).await?;
                let names = statement.columns().iter().map(|c| c.name().to_owned()).collect();
                let read = |row: &tokio_postgres::Row| {
                    (0..row.len())
                        .map(|at| row.try_get::<_, Cell>(at).map(|cell| cell.0))
                        .collect::<std::result::Result<Vec<Value>, _>>()
                };
                let rows = rows.iter().map(read).collect::<std::result::Result<_, _>>()?;
                Ok(Done::Rows(Answer { names, rows }))
            }
            Work::Begin { .. } | Work::Commit | Work::Rollback => Ok(Done::Nothing),
        }
    }

    async fn prepared(
        &mut self,
        sql: &str,
    ) -> std::result::Result<tokio_postgres::Statement, tokio_postgres::Error> {
        if let Some(known) = self.prepared.get(sql) {
            return Ok(known.clone());
        }
        let new = self.client.prepare(sql).await?;
        if self.prepared.len() >= PREPARED {
            self.prepared.clear();
        }
        self.prepared.insert(sql.to_owned(), new.clone());
        Ok(new)
    }
}

fn references<'v>(bound: &'v [Bound<'v>]) -> Vec<&'v (dyn ToSql + Sync)> {
    bound.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// A newer program changed a table under a prepared statement.
fn is_stale(error: &tokio_postgres::Error) -> bool {
    error
        .code()
        .is_some_and(|code| matches!(code.code(), "0A000" | "26000"))
}

fn told(error: &tokio_postgres::Error) -> Error {
    refused(error.code().map(|code| code.code().to_owned()), words(error))
}

fn refused(code: Option<String>, message: String) -> Error {
    Error::Postgres { code, message }
}

/// What went wrong, without the server's details, which quote values of the row.
pub(super) fn words(error: &tokio_postgres::Error) -> String {
    if let Some(db) = error.as_db_error() {
        return db.message().to_owned();
    }
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
