//! Why a post is not let in.

use thiserror::Error;

/// A refusal: counted by its [`code`](Refusal::code), never logged with text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Neither text, title, media nor a repeated post.
    #[error("the post has no text, title, media or repeated post")]
    Empty,
    /// The text is longer than [`crate::REFUSED_TEXT_BYTES`].
    #[error("the text has {bytes} bytes, more than {limit}")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A delete, edit or engagement event that does not say of what.
    #[error("a {event} event needs a uid")]
    NoUid {
        /// The event's name.
        event: &'static str,
    },
    /// Not meant for the public.
    #[error("visibility is {visibility:?}, not public")]
    NotPublic {
        /// What the platform says.
        visibility: String,
    },
    /// Its author does not let it be searched and indexed.
    #[error("its author does not let it be indexed")]
    NotIndexable,
    /// Its author was erased or objected; it is never said who that is.
    #[error("its author is not followed")]
    Suppressed,
}

impl Refusal {
    /// A stable code for counters and the API.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Empty => "empty",
            Refusal::TooLong { .. } => "too_long",
            Refusal::NoUid { .. } => "no_uid",
            Refusal::NotPublic { .. } => "not_public",
            Refusal::NotIndexable => "not_indexable",
            Refusal::Suppressed => "suppressed",
        }
    }
}
