//! Passwords: Argon2id, with the parameters OWASP names (19 MiB, 2 passes, 1 lane).

use super::super::error::{Error, Result};
use super::super::{Action, Control, audit::Event};
use super::{User, find};
use crate::control::sql::{self, OptionalExtension, params};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::OnceLock;

/// The fewest characters of a password (NIST SP 800-63B asks for 15 where nothing else protects; length beats rules).
pub const MIN_PASSWORD: usize = 12;
/// The most: hashing more only costs time.
pub const MAX_PASSWORD: usize = 256;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

impl Control {
    /// Sets a user's password. Whoever was signed in as the user is signed out, and links are void.
    pub fn set_password(&self, id: &str, password: &str, by: &Event) -> Result<User> {
        let hash = hash(password)?;
        self.write(|db| {
            let user = find(db, id)?;
            put(db, &user.id, &hash)?;
            self.note(db, by, Action::PasswordSet, &user.id, serde_json::Value::Null)?;
            find(db, &user.id)
        })
    }

    /// The user with this address and password. Takes as long for an address that nobody has.
    pub fn check_password(&self, email: &str, password: &str) -> Result<Option<User>> {
        let email = email.trim().to_lowercase();
        let kept: Option<(String, Option<String>, bool)> = self.read(|db| {
            let mut find =
                db.prepare_cached("SELECT id, password, disabled FROM users WHERE lower(email) = lower(?1)")?;
            let row = find.query_row([&email], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
            Ok(row.optional()?)
        })?;
        // The lock on the database is free meanwhile.
        let (id, hash, disabled) = match kept {
            Some((id, hash, disabled)) => (Some(id), hash, disabled),
            None => (None, None, false),
        };
        let right = verify(password, hash.as_deref())?;
        match id.filter(|_| right && !disabled) {
            Some(id) => self.user(&id).map(Some),
            None => Ok(None),
        }
    }
}

/// Writes a password's hash and ends what the old password opened.
pub(super) fn put(db: &sql::Transaction<'_>, user: &str, hash: &str) -> Result<()> {
    db.execute(
        "UPDATE users SET password = ?2 WHERE id = ?1",
        params![user, hash],
    )?;
    db.execute("DELETE FROM sessions WHERE user = ?1", [user])?;
    db.execute("DELETE FROM links WHERE user = ?1", [user])?;
    Ok(())
}

/// The password's hash in PHC's form.
pub(super) fn hash(password: &str) -> Result<String> {
    match password.chars().count() {
        n if n < MIN_PASSWORD => return Err(Error::Invalid("a password has at least 12 characters")),
        n if n > MAX_PASSWORD => return Err(Error::Invalid("a password has at most 256 characters")),
        _ => {}
    }
    let mut salt = [0u8; 16];
    getrandom::fill(&mut salt).map_err(Error::Random)?;
    make(password, &salt)
}

fn make(password: &str, salt: &[u8]) -> Result<String> {
    let hashed = argon2()?.hash_password_with_salt(password.as_bytes(), salt);
    hashed.map(|h| h.to_string()).map_err(|_| UNHASHED)
}

const UNHASHED: Error = Error::Invalid("this password cannot be hashed");

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| UNHASHED)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether the password is the one behind the hash. Without a hash it never is, after the same work.
fn verify(password: &str, hash: Option<&str>) -> Result<bool> {
    static NOBODYS: OnceLock<String> = OnceLock::new();
    let nobodys = || match NOBODYS.get() {
        Some(hash) => Ok(hash.as_str()),
        None => {
            let made = make("nobody has this password", &[7; 16])?;
            Ok::<_, Error>(NOBODYS.get_or_init(|| made).as_str())
        }
    };
    let known = hash.is_some();
    let hash = hash.map_or_else(nobodys, Ok)?;
    let parsed = PasswordHash::new(hash).map_err(|_| UNHASHED)?;
    let password = if password.chars().count() > MAX_PASSWORD {
        ""
    } else {
        password
    };
    Ok(argon2()?.verify_password(password.as_bytes(), &parsed).is_ok() && known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_as_argon2id_with_owasps_parameters() {
        let hash = hash("correct horse battery").unwrap_or_default();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(matches!(verify("correct horse battery", Some(&hash)), Ok(true)));
        assert!(matches!(verify("correct horse staple", Some(&hash)), Ok(false)));
        assert!(matches!(verify("nobody has this password", None), Ok(false)));
        assert!(super::hash("too short").is_err());
    }
}
