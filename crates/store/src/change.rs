//! What can happen to the stored mentions.

use crate::Mention;
use post::{AuthorKey, Counts, PostKey};

/// One change, applied in the order given.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A new or edited post: its mentions, whatever they were, are now these (none, where nothing matches any more).
    /// Counts that are `None` keep what is known of the post. Mentions of another post key in the list are ignored.
    Put {
        /// The post.
        post: PostKey,
        /// Its mentions, of all projects.
        mentions: Vec<Mention>,
    },
    /// One monitor's mention of a post, found in the past. The post's other mentions stay; the project's primary
    /// mention stays the one it was. Counts known of the post are newer than this mention's.
    PutBackfill(Box<Mention>),
    /// The post is gone.
    Delete(PostKey),
    /// Everything by this author goes.
    DeleteAuthor(AuthorKey),
    /// A monitor was deleted: its mentions go, and another mention of the same post becomes primary where one is left.
    DropMonitor {
        /// The monitor's id.
        monitor: String,
    },
    /// New engagement counts of a post that is stored; of others nothing is remembered. The embedded store keeps them
    /// beside the documents.
    Engagement {
        /// The post.
        post: PostKey,
        /// The counts; what is `None` here keeps its stored value.
        counts: Counts,
    },
}
