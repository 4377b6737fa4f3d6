//! What models say of posts: where they come from, which tier reads what, and classifiers of one's own.

mod cascade;
pub mod onnx;
pub mod own;

pub use cascade::{Cascade, Settings};

use crate::policy::Gate;
use crate::relevance::Relevance;
use models::Models;
use own::Own;
use std::borrow::Cow;
use std::sync::Arc;

/// All that scoring needs; shared by all threads that score.
pub struct Scoring {
    /// The models.
    pub models: Arc<Models>,
    /// Which of them may run on which platform's posts.
    pub gate: Arc<Gate>,
    /// Which posts the full tier reads.
    pub cascade: Cascade,
    /// Classifiers of one's own that are in force.
    pub own: Arc<Own>,
    /// Models of relevance that are in force.
    pub relevance: Arc<Relevance>,
}

/// What is read of a post: its title and its text.
pub(crate) fn words<'t>(title: Option<&'t str>, text: &'t str) -> Cow<'t, str> {
    match title {
        Some(title) if text.is_empty() => title.into(),
        Some(title) => format!("{title}\n{text}").into(),
        None => text.into(),
    }
}
