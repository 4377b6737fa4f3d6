//! The admitted post.

use crate::id::{AuthorKey, PostKey};
use crate::place::Place;
use crate::raw::{Counts, Event, Kind, Media};
use serde::{Deserialize, Serialize};

/// The form of [`Post`] in journals and indexes. Bump on any change of meaning or layout.
pub const POST_VERSION: u16 = 2;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// The author behind a pseudonym.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Author {
    /// The pseudonym.
    pub key: AuthorKey,
    /// The token pseudonym of the folded handle (see [`crate::Pseudonyms::handle`]), if the handle is known.
    pub handle_token: Option<String>,
    /// The readable handle, only for accounts that act in public.
    pub public_handle: Option<String>,
    /// The readable name, only for accounts that act in public.
    pub public_name: Option<String>,
    /// Followers when seen.
    pub followers: Option<u64>,
    /// Verified by the platform.
    pub verified: Option<bool>,
    /// Known to be automated.
    pub bot: Option<bool>,
}

impl Author {
    /// Only the pseudonym and what is counted.
    pub(crate) fn without_handle(self) -> Self {
        Self {
            handle_token: None,
            public_handle: None,
            public_name: None,
            ..self
        }
    }
}

/// One admitted post: validated, cleaned, pseudonymised, redacted. Made by [`crate::Admission::admit`] only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// Stands for the platform's id.
    pub key: PostKey,
    /// The platform's name, lower case; `twitter` is written `x`.
    pub platform: String,
    /// `Create` or `Edit` here; the others travel as [`crate::Admitted`] events.
    pub event: Event,
    /// What was published.
    pub kind: Kind,
    /// When, never later than `seen_at`.
    pub created_at: Millis,
    /// When this installation saw it.
    pub seen_at: Millis,
    /// When last edited.
    pub edited_at: Option<Millis>,
    /// Who, as a pseudonym; `None` where the platform does not say.
    pub author: Option<Author>,
    /// Headline, redacted.
    pub title: Option<String>,
    /// Text: plain, NFC, redacted, `@handles` of strangers replaced by token pseudonyms.
    pub text: String,
    /// The author's warning.
    pub content_warning: Option<String>,
    /// Claimed languages, primary subtags.
    pub lang_claimed: Vec<String>,
    /// Decided language (ISO 639-1), where the platform or file states one; models fill it otherwise.
    pub lang: Option<String>,
    /// Subreddit, channel, site.
    pub community: Option<String>,
    /// The post answered.
    pub reply_to: Option<PostKey>,
    /// First post of the thread.
    pub thread_root: Option<PostKey>,
    /// The post repeated.
    pub repost_of: Option<PostKey>,
    /// The post quoted.
    pub quote_of: Option<PostKey>,
    /// Hashtags as written, without `#`, each once.
    pub hashtags: Vec<String>,
    /// Accounts named: readable handle for the public list, token pseudonym for everybody else.
    pub mentions: Vec<String>,
    /// Links.
    pub urls: Vec<String>,
    /// Media.
    pub media: Vec<Media>,
    /// Engagement when seen.
    pub counts: Counts,
    /// Where it comes from, by evidence alone.
    pub place: Option<Place>,
    /// Minutes by which the author's clock was ahead of UTC, where the platform states it.
    pub utc_offset: Option<i16>,
    /// The text of the quoted post, cleaned and redacted like `text`.
    pub quoted_text: Option<String>,
    /// Whether author or platform marked it as sensitive.
    pub sensitive: Option<bool>,
    /// What the author lets search and trends do with it. `Some(false)` only where it was let in because it speaks to
    /// one of the operator's own accounts: such posts stay outside trends.
    pub indexable: Option<bool>,
}

impl Post {
    /// The country it comes from, ISO 3166-1 alpha-2, where there is evidence of one.
    pub fn country(&self) -> Option<&str> {
        self.place.as_ref().map(|p| p.country.as_str())
    }
}

/// What must be sealed before it is written: the readable identity behind a post. Empty where the source's mode is
/// [`crate::Mode::None`].
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Identity {
    /// The platform's id of the post (`uid`).
    pub uid: String,
    /// Where a person can read it.
    pub permalink: Option<String>,
    /// The platform's id of the author.
    pub author_id: Option<String>,
    /// The author's handle.
    pub handle: Option<String>,
    /// The author's display name.
    pub name: Option<String>,
}

impl Identity {
    /// Whether there is nothing to seal.
    pub fn is_empty(&self) -> bool {
        self.uid.is_empty()
    }
}
