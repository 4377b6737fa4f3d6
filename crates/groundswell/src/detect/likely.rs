//! Accounts that are likely automated, at hand for every question.

use arc_swap::ArcSwap;
use post::AuthorKey;
use std::collections::BTreeMap;

/// Accounts left out of one question at most: those with the highest scores.
const MOST: usize = 1_000;

/// The accounts by project. Cheap to ask from any thread.
#[derive(Debug, Default)]
pub struct Likely(ArcSwap<BTreeMap<String, Vec<AuthorKey>>>);

impl Likely {
    /// Those of a project.
    pub fn of(&self, project: &str) -> Vec<AuthorKey> {
        self.0.load().get(project).cloned().unwrap_or_default()
    }

    /// Sets those of a project, the highest scores first.
    pub(super) fn set(&self, project: &str, mut accounts: Vec<AuthorKey>) {
        accounts.truncate(MOST);
        // There is one watcher: nobody else changes it meanwhile.
        let mut all = BTreeMap::clone(&self.0.load());
        all.insert(project.to_owned(), accounts);
        self.0.store(all.into());
    }
}
