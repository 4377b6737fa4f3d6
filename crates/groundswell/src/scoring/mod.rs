//! What models say of posts: where they come from, which tier reads what, and classifiers of one's own.

mod cascade;
pub mod onnx;

pub use cascade::{Cascade, Settings};

use crate::policy::Gate;
use models::Models;
use std::sync::Arc;

/// All that scoring needs; shared by all threads that score.
pub struct Scoring {
    /// The models.
    pub models: Arc<Models>,
    /// Which of them may run on which platform's posts.
    pub gate: Arc<Gate>,
    /// Which posts the full tier reads.
    pub cascade: Cascade,
}
