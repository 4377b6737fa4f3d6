//! The suppression list as the pipeline uses it: one look-up for each post.

use crate::control::{self, Control, Suppressed};
use arc_swap::ArcSwap;
use foldhash::{HashMap, HashSet};
use post::{AuthorKey, Post};
use std::sync::Arc;

/// Who was erased, shared with the threads of the pipeline; an erasure swaps it.
pub type RefusedAuthors = Arc<ArcSwap<Refused>>;

/// The authors that are not taken any more, as pseudonyms.
#[derive(Debug, Default)]
pub struct Refused {
    authors: HashSet<AuthorKey>,
    /// Platforms by the token of a handle.
    handles: HashMap<String, Vec<String>>,
}

impl Refused {
    fn new(entries: &[Suppressed]) -> Self {
        let mut refused = Refused::default();
        for entry in entries {
            match entry {
                Suppressed::Author(hex) => refused.authors.extend(AuthorKey::from_hex(hex)),
                Suppressed::Handle(platform, token) => {
                    refused
                        .handles
                        .entry(token.clone())
                        .or_default()
                        .push(platform.clone());
                }
            }
        }
        refused
    }

    /// Whether nobody is refused.
    pub fn is_empty(&self) -> bool {
        self.authors.is_empty() && self.handles.is_empty()
    }

    /// Whether this author is refused.
    pub fn holds_author(&self, author: AuthorKey) -> bool {
        self.authors.contains(&author)
    }

    /// Whether the author of this post is refused.
    pub fn holds(&self, post: &Post) -> bool {
        let Some(author) = post.author.as_ref().filter(|_| !self.is_empty()) else {
            return false;
        };
        let platforms = author.handle_token.as_ref().and_then(|t| self.handles.get(t));
        self.holds_author(author.key) || platforms.is_some_and(|p| p.contains(&post.platform))
    }
}

/// The list of the control state.
pub fn refused(control: &Control) -> Result<RefusedAuthors, control::Error> {
    let entries = control.suppression_entries()?;
    Ok(Arc::new(ArcSwap::from_pointee(Refused::new(&entries))))
}

/// Takes over what the control state says now.
pub(super) fn refresh(shared: &RefusedAuthors, control: &Control) -> Result<(), control::Error> {
    shared.store(Arc::new(Refused::new(&control.suppression_entries()?)));
    Ok(())
}
