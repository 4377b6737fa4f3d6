//! Coordination: accounts that share the same things within moments of each other, again and again.
//!
//! Words say what was seen ("shared the same 12 links within 10 s of each other"), never why. A pair counts when it did so
//! with at least three distinct objects, and more often than accounts that share as much would by chance: the accounts of
//! shares are permuted among objects that are about as popular, which keeps how active each account is, how popular each
//! object, and when it was shared.

mod edges;
mod null;
mod window;

use serde::{Deserialize, Serialize};

pub use edges::{Edge, edges, participants};
pub use null::{Found, Ring, significant};
pub use window::{Config, Coordination};

/// One account shares one object: a link, a hashtag, a text, a reposted post.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Who.
    pub account: u64,
    /// What.
    pub object: u64,
    /// In which post.
    pub post: u64,
    /// When, Unix seconds.
    pub at: i64,
}
