//! What can go wrong with a request, in words that may be logged.

use std::fmt;
use std::time::Duration;

/// What sort of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TroubleKind {
    /// No connection, or one that broke or fell silent.
    Network,
    /// The platform asks to slow down (429, a usage percentage, an empty bucket).
    Limited,
    /// The platform fails (5xx, an in-band error that is its own).
    Server,
    /// It does not know who asks: a token that is wrong or has expired (401).
    Unauthorized,
    /// It knows, and refuses (403, 302 to a login page, 451).
    Forbidden,
    /// There is no such thing (404, 410).
    Missing,
    /// It says that the request is wrong (other 4xx): trying again changes nothing.
    Rejected,
    /// The answer is not what it should be: HTML or nothing where JSON is due, or far too long.
    Malformed,
    /// The operator's budget or the platform's quota is used up until `retry_after` has passed.
    Exhausted,
}

impl TroubleKind {
    /// A stable code for counters and the API.
    pub fn code(self) -> &'static str {
        match self {
            TroubleKind::Network => "network",
            TroubleKind::Limited => "limited",
            TroubleKind::Server => "server",
            TroubleKind::Unauthorized => "unauthorized",
            TroubleKind::Forbidden => "forbidden",
            TroubleKind::Missing => "missing",
            TroubleKind::Rejected => "rejected",
            TroubleKind::Malformed => "malformed",
            TroubleKind::Exhausted => "exhausted",
        }
    }
}

/// Something went wrong that may heal by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What sort.
    pub kind: TroubleKind,
    /// In words, without addresses that hold tokens, without text of posts.
    pub message: String,
    /// How long the platform asks to stay away.
    pub retry_after: Option<Duration>,
}

impl Trouble {
    /// Trouble of this kind.
    pub fn new(kind: TroubleKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            retry_after: None,
        }
    }

    /// The same, with how long to stay away.
    #[must_use]
    pub fn after(mut self, wait: impl Into<Option<Duration>>) -> Self {
        self.retry_after = wait.into();
        self
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Trouble {}
