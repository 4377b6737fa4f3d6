//! Authors whose posts are refused: those who were erased, or who asked not to be followed.

use crate::id::AuthorKey;
use crate::post::Author;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// A handle on one platform, as a pseudonym. Made by [`crate::Admission::handle_key`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HandleKey {
    /// The platform's name.
    pub platform: String,
    /// See [`crate::Pseudonyms::handle`].
    pub token: String,
}

/// The authors that [`crate::Admission`] refuses. It holds pseudonyms only: nobody can read from it who they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suppression {
    authors: HashSet<AuthorKey>,
    /// Tokens of handles by platform.
    handles: HashMap<String, HashSet<String>>,
}

impl Suppression {
    /// Refuses these authors and handles.
    pub fn new(
        authors: impl IntoIterator<Item = AuthorKey>,
        handles: impl IntoIterator<Item = HandleKey>,
    ) -> Self {
        let mut by_platform: HashMap<String, HashSet<String>> = HashMap::new();
        for HandleKey { platform, token } in handles {
            by_platform.entry(platform).or_default().insert(token);
        }
        Self {
            authors: authors.into_iter().collect(),
            handles: by_platform,
        }
    }

    /// Whether an author is among them.
    pub(crate) fn holds(&self, platform: &str, author: &Author) -> bool {
        let has = |tokens: &HashSet<String>| author.handle_token.as_ref().is_some_and(|t| tokens.contains(t));
        self.authors.contains(&author.key) || self.handles.get(platform).is_some_and(has)
    }
}
