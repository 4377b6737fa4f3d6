//! What is journaled.

use crate::monitors::{MonitorChange, MonitorSet};
use post::{AuthorKey, Counts, Identity, Millis, Post, PostKey};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The index of an entry: from 0, one more for each entry, never used twice in one installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Position(pub u64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One thing that happened, in the order in which it was made durable.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A post, new or edited (see `Post::event`), and who is behind it.
    Post {
        /// The admitted post.
        post: Box<Post>,
        /// Sealed on disk.
        identity: Identity,
    },
    /// The platform says a post is gone or withheld.
    Delete {
        /// The post.
        key: PostKey,
        /// When the platform said so.
        at: Millis,
    },
    /// The platform says an account is gone: all its posts go.
    AuthorGone {
        /// The account.
        author: AuthorKey,
        /// When the platform said so.
        at: Millis,
    },
    /// New engagement counts of a post.
    Engagement {
        /// The post.
        key: PostKey,
        /// The snapshot.
        counts: Counts,
        /// When it was taken.
        at: Millis,
    },
    /// From the next position on, posts are matched against this set.
    MonitorSet(MonitorSet),
    /// From the next position on, posts are matched against the set before it with this change.
    MonitorChange(MonitorChange),
}

/// Where a source resumes. It is stored readable, so it must name no person: a sequence number or a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The source's name in the configuration.
    pub source: String,
    /// The source's own position.
    pub value: String,
}

/// What is made durable together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// Where the sources of this batch resume after it.
    pub cursors: Vec<Cursor>,
    /// The entries, in order.
    pub entries: Vec<Entry>,
    /// When the batch was seen.
    pub seen_at: Millis,
}
