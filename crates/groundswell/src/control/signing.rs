//! The keys that sign receipts. Old public keys stay, so that old receipts can be checked.

use super::error::Result;
use super::{Control, hex};
use crate::control::sql::{self, Connection, params};
use ed25519_dalek::SigningKey;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A public key of this installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SigningKeyInfo {
    /// The first 16 hexadecimal digits of the public key's SHA-256.
    pub id: String,
    /// The public key (RFC 8032) in hexadecimal digits.
    pub public: String,
    /// When it was made.
    pub made_at: i64,
    /// When another one took its place; `None` for the one in force.
    pub retired_at: Option<i64>,
}

/// The id of a public key.
pub(crate) fn key_id(public: &[u8; 32]) -> String {
    hex(&Sha256::digest(public)[..8])
}

impl Control {
    /// The public keys of this installation, newest first.
    pub fn signing_keys(&self) -> Result<Vec<SigningKeyInfo>> {
        self.read(|db| {
            let mut all = db.prepare(
                "SELECT id, public, made_at, retired_at FROM signing_keys ORDER BY retired_at IS NULL DESC, made_at DESC",
            )?;
            let rows = all.query_map([], |row| {
                Ok(SigningKeyInfo {
                    id: row.get(0)?,
                    public: hex(&row.get::<_, Vec<u8>>(1)?),
                    made_at: row.get(2)?,
                    retired_at: row.get(3)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }
}

/// Takes note of the key in force; one that was in force before is retired.
pub(super) fn note_signing_key(db: &Connection, seed: &[u8; 32]) -> Result<()> {
    let public = SigningKey::from_bytes(seed).verifying_key().to_bytes();
    let (id, now) = (key_id(&public), crate::clock::now());
    db.execute(
        "UPDATE signing_keys SET retired_at = ?2 WHERE id <> ?1 AND retired_at IS NULL",
        params![id, now],
    )?;
    db.execute(
        "INSERT INTO signing_keys (id, public, made_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![id, public, now],
    )?;
    Ok(())
}
