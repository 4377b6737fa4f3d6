//! Leases: what only one of several servers may do at a time.
//!
//! A lease has one owner until it runs out by the database's own clock, so that the clocks of the servers do not count.
//! An owner that lives renews it well before; one that died loses it, and the next who asks has it.

use super::Control;
use super::error::Result;
use crate::control::sql::{OptionalExtension, params};

/// A lease as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What it is for, such as `source:bluesky`.
    pub name: String,
    /// Who holds it.
    pub owner: String,
    /// Until when, in milliseconds since 1970 by the database's clock.
    pub until: i64,
}

impl Control {
    /// Takes the lease `name` for `owner`, or makes it last `for_ms` from now where it is the owner's already. `None`
    /// where somebody else holds it.
    pub fn take_lease(&self, name: &str, owner: &str, for_ms: i64) -> Result<Option<Lease>> {
        self.write(|db| {
            let now = db.clock()?;
            let until = now.saturating_add(for_ms);
            let taken = db.execute(
                "INSERT INTO leases (name, owner, until) VALUES (?1, ?2, ?3)
                 ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
                 WHERE leases.owner = excluded.owner OR leases.until <= ?4",
                params![name, owner, until, now],
            )?;
            Ok((taken > 0).then(|| Lease {
                name: name.to_owned(),
                owner: owner.to_owned(),
                until,
            }))
        })
    }

    /// Makes a lease last `for_ms` from now. `None` where `owner` no longer holds it, even if nobody else has it: what was
    /// done under it since it ran out may have been done by somebody else, too.
    pub fn renew_lease(&self, name: &str, owner: &str, for_ms: i64) -> Result<Option<Lease>> {
        self.write(|db| {
            let now = db.clock()?;
            let until = now.saturating_add(for_ms);
            let renewed = db.execute(
                "UPDATE leases SET until = ?3 WHERE name = ?1 AND owner = ?2 AND until > ?4",
                params![name, owner, until, now],
            )?;
            Ok((renewed > 0).then(|| Lease {
                name: name.to_owned(),
                owner: owner.to_owned(),
                until,
            }))
        })
    }

    /// Gives a lease back before it runs out. `false` where `owner` no longer held it.
    pub fn release_lease(&self, name: &str, owner: &str) -> Result<bool> {
        self.write(|db| {
            let now = db.clock()?;
            let gone = db.execute(
                "DELETE FROM leases WHERE name = ?1 AND owner = ?2 AND until > ?3",
                params![name, owner, now],
            )?;
            Ok(gone > 0)
        })
    }

    /// Who holds a lease now.
    pub fn lease(&self, name: &str) -> Result<Option<Lease>> {
        self.read(|db| {
            let now = db.clock()?;
            let found = db.query_row(
                "SELECT name, owner, until FROM leases WHERE name = ?1 AND until > ?2",
                params![name, now],
                |row| {
                    Ok(Lease {
                        name: row.get(0)?,
                        owner: row.get(1)?,
                        until: row.get(2)?,
                    })
                },
            );
            Ok(found.optional()?)
        })
    }
}
