//! Answers that are given again when a request is sent again under its `Idempotency-Key`.
//!
//! An answer may hold a secret that is shown once, so it is sealed under a key derived from `K_id`, and gone after a day.

use super::error::Result;
use super::seal::Sealer;
use super::{Control, audit};
use crate::control::sql::{OptionalExtension, params};

/// How long an answer is kept.
const KEPT: i64 = 24 * 3_600_000;
const KIND: &str = "repeated answer";

/// What is known of a request under its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Nothing: it is noted now, and to be carried out.
    New,
    /// It is being carried out, or was when the process ended.
    Running,
    /// It was carried out, with this answer.
    Done(Vec<u8>),
    /// Another request had this key.
    Other,
}

impl Control {
    /// Notes a request under a key of whoever asks, unless it was seen within a day. `request` is a digest of it.
    pub fn begin_once(&self, actor: &str, key: &str, request: &[u8; 32]) -> Result<Seen> {
        let now = crate::clock::now();
        let sealer = self.repeats();
        self.write(|db| {
            db.execute("DELETE FROM repeats WHERE at <= ?1", [now - KEPT])?;
            let row = db
                .query_row(
                    "SELECT request, sealed FROM repeats WHERE actor = ?1 AND key = ?2",
                    [actor, key],
                    |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Option<Vec<u8>>>(1)?)),
                )
                .optional()?;
            match row {
                None => {
                    db.execute(
                        "INSERT INTO repeats (actor, key, request, at) VALUES (?1, ?2, ?3, ?4)",
                        params![actor, key, request, now],
                    )?;
                    Ok(Seen::New)
                }
                Some((other, _)) if other != request => Ok(Seen::Other),
                Some((_, None)) => Ok(Seen::Running),
                Some((_, Some(sealed))) => Ok(Seen::Done(sealer.open(&sealed, KIND, key.as_bytes())?)),
            }
        })
    }

    /// Keeps the answer to a request; without one the key is free again.
    pub fn end_once(&self, actor: &str, key: &str, answer: Option<&[u8]>) -> Result<()> {
        let sealed = answer
            .map(|a| self.repeats().seal(a, KIND, key.as_bytes()))
            .transpose()?;
        self.write(|db| {
            match sealed {
                Some(sealed) => db.execute(
                    "UPDATE repeats SET sealed = ?3 WHERE actor = ?1 AND key = ?2",
                    params![actor, key, sealed],
                )?,
                None => db.execute("DELETE FROM repeats WHERE actor = ?1 AND key = ?2", [actor, key])?,
            };
            Ok(())
        })
    }

    fn repeats(&self) -> Sealer {
        Sealer::new(&audit::mac(&self.keys().id, &[b"repeats"]))
    }
}
