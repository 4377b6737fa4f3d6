//! Posts, and the step that makes them.
//!
//! A [`RawPost`] is what a source delivers; a [`Post`] is what everything behind admission works with. The only way
//! from one to the other is [`Admission::admit`], which validates, cleans, pseudonymises and redacts. Nothing is
//! written before it, so no journal, index or log ever holds a raw author id, a stranger's handle, e-mail address or
//! phone number.
//!
//! Everything here is pure: the clock and the keys are handed in.

mod admission;
mod id;
mod lenient;
mod links;
mod place;
mod post;
mod post_v1;
pub mod profile;
mod pseudonyms;
mod raw;
mod redact;
mod refusal;
mod suppression;
mod time;

pub use admission::{Admission, Admitted, MAX_TEXT_BYTES, Mode, Note, Policy, REFUSED_TEXT_BYTES};
pub use id::{AuthorKey, MentionId, PostKey};
pub use place::{Place, PlaceEvidence};
pub use post::{Author, Identity, Millis, POST_VERSION, Post};
pub use post_v1::PostV1;
pub use pseudonyms::Pseudonyms;
pub use raw::{Counts, Event, Kind, Media, RawAuthor, RawMention, RawPost};
pub use redact::{Hit, Redactor, Secret};
pub use refusal::Refusal;
pub use suppression::{HandleKey, Suppression};
pub use time::{parse_time, to_rfc3339};
