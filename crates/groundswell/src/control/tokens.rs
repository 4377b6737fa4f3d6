//! Secrets that are handed out once and kept as a hash only.

use super::audit;
use super::error::{Error, Result};
use sha2::{Digest, Sha256};

/// What a secret is for; its first letters say so, wherever one turns up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An API key.
    ApiKey,
    /// A session's cookie.
    Session,
    /// An invitation, or a reset of a password.
    Link,
    /// A share link.
    Share,
}

impl Kind {
    /// What a secret of this kind begins with.
    pub fn prefix(self) -> &'static str {
        match self {
            Kind::ApiKey => "gsk_",
            Kind::Session => "gss_",
            Kind::Link => "gsl_",
            Kind::Share => "gsv_",
        }
    }

    /// Whether this can be one.
    pub fn is(self, token: &str) -> bool {
        token.strip_prefix(self.prefix()).is_some_and(|digits| {
            digits.len() == 64 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        })
    }
}

/// A new secret of 256 random bits.
pub(super) fn new(kind: Kind) -> Result<String> {
    let mut random = [0u8; 32];
    getrandom::fill(&mut random).map_err(Error::Random)?;
    Ok(format!("{}{}", kind.prefix(), audit::hex(&random)))
}

/// 256 random bits need no slow hash.
pub(super) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
