//! The place between two mentions in the order of pages.

use post::Millis;
use std::fmt;
use std::str::FromStr;

/// A place in the order newest first: after the mention with this time and id. It stays valid while mentions come and
/// go, because it names a place and not a rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor {
    pub(crate) created_at: Millis,
    pub(crate) id: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:016x}", self.created_at, self.id)
    }
}

impl FromStr for Cursor {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('.');
        let read = |(time, id): (&str, &str)| {
            Some(Cursor {
                created_at: time.parse().ok()?,
                id: u64::from_str_radix(id, 16).ok()?,
            })
        };
        parts
            .and_then(read)
            .ok_or_else(|| crate::Error::Question(format!("not a cursor: {text:.64}")))
    }
}
